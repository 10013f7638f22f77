"""Adding a labeller stays cheap: nothing else in the product names one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seguito.labels.registry import LABELLERS, labellers

SOURCE = Path(__file__).parents[2] / "src" / "seguito"
# These speak of every label there is, and are written by commands or beside them.
NAME_ALL = ("registry.py", "errors.toml", "shown.toml", "catalogue.py")


def files_of(name: str) -> list[str]:
    """The files of the labels stage that speak of one labeller by name, the registry apart."""
    word = re.compile(rf"""["']{name}["']|\b{name}\.toml|^{name}$""")
    paths = [path for path in (SOURCE / "labels").rglob("*") if path.suffix in (".py", ".toml")]
    # The compact reader is a family of modules; what makes labels of it is one of them.
    stems = {name} if name != "reader" else set()
    named = [path for path in paths if path.stem in stems or word.search(path.read_text(encoding="utf-8"))]
    return sorted(path.name for path in named if path.name not in NAME_ALL)


@pytest.mark.parametrize("name", LABELLERS)
def test_a_labeller_is_one_file_and_one_line(name: str) -> None:
    assert len(files_of(name)) == 1, files_of(name)
    lines = (SOURCE / "labels" / "registry.py").read_text(encoding="utf-8").splitlines()
    assert sum(f'"{name}"' in line for line in lines) == 1


def test_the_page_adds_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code and the test of the how-to page, as two files, and its line in the registry."""
    page = (SOURCE.parents[1] / "docs" / "how-to" / "add-a-labeller.md").read_text(encoding="utf-8")
    code, test = re.findall(r"^```py\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "shouting.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(LABELLERS, "shouting", "shouting:SHOUTING")
    (shouting,) = labellers(["shouting"])
    exec(compile(test, "add-a-labeller.md", "exec"), {"SHOUTING": shouting})
    assert shouting.name == "shouting"
    assert len(labellers()) == len(LABELLERS)
