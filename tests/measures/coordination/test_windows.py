"""The co-reply network of published tools, by hand."""

from __future__ import annotations

import ibis
import pytest

from seguito.measures.coordination.windows import pairs_within
from seguito.store.duckdb import DuckDB

# account, thread, comment, at_s
ROWS = [
    (1, 7, 10, 100),
    (2, 7, 11, 160),  # sixty seconds after the first
    (3, 7, 12, 161),  # sixty-one
    (1, 8, 13, 1_000),
    (2, 8, 14, 995),
    (2, 8, 15, 1_004),  # the same comment of account 1 counts once
    (1, 9, 16, 5_000),
    (2, 6, 17, 5_000),  # another post
]


@pytest.mark.parametrize(
    ("seconds", "least", "edges"),
    [
        # Account 1 has two comments near 2's; 2 has three near 1's; 2 and 3 have one each.
        (60, 1, {(1, 2): 2, (2, 1): 3, (2, 3): 1, (3, 2): 1}),
        (60, 2, {(1, 2): 2, (2, 1): 3}),
        (61, 1, {(1, 2): 2, (2, 1): 3, (2, 3): 1, (3, 2): 1, (1, 3): 1, (3, 1): 1}),
        (1, 1, {(2, 3): 1, (3, 2): 1}),
    ],
)
def test_by_hand(seconds: int, least: int, edges: dict[tuple[int, int], int]) -> None:
    names = ("account", "thread", "comment", "at_s")
    rows = ibis.memtable({name: list(column) for name, column in zip(names, zip(*ROWS, strict=True), strict=True)})
    engine = DuckDB()
    found = engine.fetch(pairs_within(rows, seconds=seconds, least=least)).to_pylist()
    engine.close()
    assert {(row["left"], row["right"]): row["weight"] for row in found} == edges
