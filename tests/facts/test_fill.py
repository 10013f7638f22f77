"""Record batches from some of a table's columns."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from seguito.facts.schema import fill
from seguito.facts.tables import TABLES

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def row(table: str, **columns: object) -> dict[str, object]:
    batch = fill({**columns, "observed_at": AT, "batch_id": "b"}, TABLES[table].schema, rows=1)
    batch.validate(full=True)
    return dict(batch.to_pylist()[0])


def test_what_is_missing_is_null_or_the_fact_s_own_word_for_unknown() -> None:
    profile = row("profiles", account_uri="p:account:1")
    assert profile["followers"] is None
    assert profile["followers_state"] == "unknown"
    assert profile["has_avatar"] == "unknown"
    assert profile["labels"] == []
    assert row("accounts", uri="p:account:1", platform="p", native_id="1")["is_pseudonymous"] is False
    assert row("posts", uri="p:post:1", platform="p", kind="post")["state"] == "live"


def test_no_column_that_must_be_filled_is_left_null() -> None:
    given = {
        "accounts": {"uri": "u", "platform": "p", "native_id": "1"},
        "metrics": {"subject_uri": "u", "metric": "likes"},
        "coverage": {"scope_uri": "u", "what": "posts", "collected": 1},
    }
    for table, columns in given.items():
        batch = fill({**columns, "observed_at": AT, "batch_id": "b"}, TABLES[table].schema, rows=1)
        for column in TABLES[table].schema:
            assert column.nullable or batch.column(column.name).null_count == 0, (table, column.name)


def test_a_column_that_no_table_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no such columns: \\['colour'\\]"):
        fill({"colour": pa.array(["red"])}, TABLES["posts"].schema, rows=1)
