"""What sources say of themselves reaches an Italian page in Italian, whoever adds a note."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import seguito.sources
from seguito.reports.words import words_in

SOURCES = Path(seguito.sources.__file__).parent


def sentence(node: ast.expr) -> str | None:
    """A text as it may stand in a batch: what is filled in is a word."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "word" for part in node.values)
    return None


def notes() -> Iterator[str]:
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_append = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "append"
                and "notes" in ast.unparse(node.func.value)
            )
            if not is_append:
                continue
            for part in node.args:
                choices = [part.body, part.orelse] if isinstance(part, ast.IfExp) else [part]
                yield from (text for one in choices if (text := sentence(one)))


FOUND = sorted(set(notes()))


def test_there_are_notes() -> None:
    assert len(FOUND) >= 8


@pytest.mark.parametrize("note", [*FOUND, "The file of pages is cut short: what follows was not read."])
def test_every_note_has_italian_words(note: str) -> None:
    assert words_in("en").source_note(note) == note
    assert words_in("it").source_note(note) != note


def test_what_is_filled_in_stays_and_an_unknown_note_too() -> None:
    words = words_in("it")
    assert words.source_note("Its columns have the meaning accepted earlier, in a{b}.toml.").endswith("in a{b}.toml.")
    assert words.source_note("Somebody else's note {x}.") == "Somebody else's note {x}."
