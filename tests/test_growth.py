"""Adding one stays cheap: a source or a measure lives in its own files and one line of its registry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seguito.measures.registry import MEASURES
from seguito.sources.registry import CONNECTORS, IMPORTERS

SOURCE = Path(__file__).parents[1] / "src" / "seguito"
# The package docstring shows an example by name.
CODE = [path for path in SOURCE.rglob("*.py") if "testing" not in path.parts and path != SOURCE / "__init__.py"]


def lines_naming(path: Path, pattern: str) -> int:
    word = re.compile(pattern)
    return sum(bool(word.search(line)) for line in path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", IMPORTERS)
def test_an_importer_is_one_module_and_one_line(name: str) -> None:
    module = IMPORTERS[name].split(":")[0]
    assert lines_naming(SOURCE / "sources" / "registry.py", rf'^    "{name}": "') == 1
    users = [path for path in CODE if lines_naming(path, rf"(from|import) {re.escape(module)}\b")]
    # The generic table is what remains when nothing else fits: recognition and the mapping dialogue know it by name.
    strangers = [path.name for path in users if path.parent.name not in ("files", "bluesky")]
    assert strangers == [] or name == "table"


@pytest.mark.parametrize("name", CONNECTORS)
def test_a_connector_is_a_folder_that_only_the_registry_knows(name: str) -> None:
    registry = SOURCE / "sources" / "registry.py"
    assert lines_naming(registry, rf'^    "{name}":') == 1
    outside = [path for path in CODE if path.parent != SOURCE / "sources" / name and path != registry]
    users = [path for path in outside if lines_naming(path, rf"(from|import) seguito\.sources\.{name}\b")]
    assert users == []


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_one_declaration_and_one_line(name: str) -> None:
    declaring = MEASURES[name].compute.__module__
    naming = {path for path in CODE if lines_naming(path, rf'"{re.escape(name)}"')}
    # Questions may rest on it, and the simulator may compare it with what was planted; nothing else needs to know it.
    strangers = [path for path in naming if path.parent.name not in ("dossier", "simulate", "measures")]
    # A measure that needs several modules has a folder of its own.
    own = SOURCE.parent / Path(*declaring.split(".")).with_suffix(".py")
    assert [path.name for path in strangers if path != own] == []
    registry = SOURCE / "measures" / "registry.py"
    constants = [
        line for line in registry.read_text().splitlines() if line.startswith("        ") and line.strip().isupper()
    ]
    assert len(constants) == len(MEASURES)
    assert lines_naming(registry, rf"from {re.escape(declaring)} import") == 1
