"""A stretch parsed at once says the same as the same stretch read row by row."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seguito.sources.files.delimited import Delimited, Dialect, sniff
from seguito.sources.files.grid import Chunk

ALPHABET = [
    '"',
    '""',
    ",",
    "\n",
    "\r\n",
    "a",
    "é",
    " ",
    "",
    "🔥",
    "'",
    "\\",
    "a\nb",
    '"x,y"',
    '"l1\nl2"',
    '5" tall',
    "\ufeff",
]


def rows(chunks: list[Chunk]) -> list[tuple[int, tuple[str | None, ...]]]:
    return [
        (place, cells)
        for chunk in chunks
        for place, cells in zip(
            chunk.places.tolist(),
            zip(*(column.to_pylist() for column in chunk.columns.values()), strict=True),
            strict=True,
        )
    ]


def test_both_ways_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw, path, at_once = random.Random(7), tmp_path / "x.csv", 0
    fast = Delimited.at_once
    for _ in range(2_000):
        body = "".join(draw.choice(ALPHABET) for _ in range(draw.randint(1, 14)))
        path.write_bytes(b"a,b\n" + b"1,2\n" * draw.randint(0, 2) + body.encode() + b"\n3,4\n")
        grid = Delimited(path, Dialect(","))
        at_once += fast(grid, path.read_bytes()[4:], 1) is not None
        quick = list(grid.chunks())
        monkeypatch.setattr(Delimited, "at_once", lambda *_: None)
        slow = list(grid.chunks())
        monkeypatch.setattr(Delimited, "at_once", fast)
        assert rows(quick) == rows(slow), path.read_bytes()
        assert [r for c in quick for r in c.rejects] == [r for c in slow for r in c.rejects], path.read_bytes()
    assert at_once > 100


def test_the_delimiter_is_the_one_that_splits_rows_alike() -> None:
    assert sniff("a;b;c\n1,5;2;x\n2,5;3;y\n") == Dialect(";")
    assert sniff('a,b\n"x;y;z",1\n"x;y",2\n') == Dialect(",")
    assert sniff("a|b|c\n1|2|3\n") == Dialect("|")
    assert sniff("one column\nonly\n") is None


def test_names_of_columns_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\n\na,a,,b \n1,2,3,4\n")
    assert Delimited(path, Dialect(",")).header == ("a", "a'", "column 3", "b")
