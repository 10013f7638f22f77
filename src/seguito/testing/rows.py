"""Seven rows that hold what engines disagree about: nulls, old times, big numbers, odd letters, odd folders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from seguito.facts.schema import TIME

PART = "part"
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("word", pa.string()),
        ("yes", pa.bool_()),
        ("at", TIME),
        ("tags", pa.list_(pa.string())),
        (PART, pa.string()),
    ]
)
BIG = 2**60 + 1
OLD = datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)
VERY_OLD = datetime(1901, 12, 13, 20, 45, 51, 999_999, tzinfo=UTC)
NEW = datetime(2026, 3, 29, 1, 30, 0, 123_456, tzinfo=UTC)  # an hour that Rome does not have that night
NAN = float("nan")

# What stands in no column is unknown.
ROWS: list[dict[str, Any]] = [
    {"id": 1, "n": -7, "x": 1.5, "word": "b", "yes": True, "at": OLD, "tags": ["q", "p"], PART: "plain"},
    {"id": 2, "n": 7, "x": NAN, "word": "B", "yes": False, "at": VERY_OLD, "tags": [], PART: "plain"},
    {"id": 3, "n": BIG, "x": -0.5, "word": "é", "yes": True, "at": NEW, "tags": ["p"], PART: "007"},
    {"id": 4, PART: "odd /%25='&?#+\""},
    {"id": 5, "n": 7, "x": 2.0, "word": "a", "yes": False, "at": NEW, "tags": ["z", "q", "p"], PART: "true"},
    {"id": 6, "n": 0, "x": 0.0, "word": "", "at": OLD, "tags": ["p"], PART: "2026-03"},
    {"id": 7, "n": -1, "word": "👍🏽 sì", "yes": True, PART: "2026-03"},
]
