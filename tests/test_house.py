"""The house rules that a tool can check: sizes, words, the way in."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "seguito"
FILES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 500, 80
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "processor",
    "legacy",
    "v2",
    "misc",
    "base",
}


def functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text())
    return [
        (f"{path.name}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


def test_no_file_and_no_function_is_too_long() -> None:
    lengths = {str(path.relative_to(SOURCE)): len(path.read_text().splitlines()) for path in FILES}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}
    long = [(name, n) for path in FILES for name, n in functions(path) if n > LONGEST_FUNCTION]
    assert long == []


def test_half_the_code_is_in_short_files_and_nine_functions_in_ten_are_short() -> None:
    lines = sorted(len(path.read_text().splitlines()) for path in FILES)
    half, seen = sum(lines) / 2, 0
    for n in lines:
        seen += n
        if seen >= half:
            assert n <= 230, "half the code should be in files under about 200 lines"
            break
    sizes = sorted(n for path in FILES for _, n in functions(path))
    assert statistics.quantiles(sizes, n=10)[-1] <= 35


def test_no_drawer() -> None:
    names = {part for path in FILES for part in (path.stem, *path.relative_to(SOURCE).parts[:-1])}
    assert names & FORBIDDEN_NAMES == set()


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name == "__init__.py"], ids=lambda path: path.parent.name
)
def test_every_package_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_every_stage_has_a_short_contract() -> None:
    for stage in ("sources", "labels", "measures", "dossier"):
        contract = (SOURCE / stage / "contract.py").read_text().splitlines()
        assert len(contract) <= 200, stage
