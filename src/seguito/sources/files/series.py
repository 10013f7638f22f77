"""Rows with a date and numbers: counters over time, and sales."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from seguito.facts.schema import fill
from seguito.facts.tables import TABLES
from seguito.sources.contract import Rows
from seguito.sources.files.cells import Cells, with_prefix
from seguito.sources.files.numbers import read_amounts

_OF_ACCOUNT = ("followers", "following", "posts")
_OF_POST = ("likes", "comments", "reposts", "shares", "quotes", "saves", "bookmarks", "views")


def metric_rows(told: Cells, platform: str, creator: str, at: pa.Array, batch_id: str) -> Iterator[Rows]:
    """Counters as they stood at each date: of the account where no post is named, of posts otherwise."""
    import pyarrow.compute as pc

    if any(told.has(name) for name in _OF_ACCOUNT):
        columns: dict[str, Any] = {"account_uri": creator, "has_avatar": "unknown", "is_verified": "unknown"}
        for name in _OF_ACCOUNT:
            columns[name], columns[f"{name}_state"] = told.count(name)
        columns |= {"is_private": "unknown", "observed_at": at, "batch_id": batch_id}
        yield Rows("profiles", fill(columns, TABLES["profiles"].schema, rows=len(told)))
    posts = with_prefix(f"{platform}:post:", told.native("post_id"))
    subject = pc.coalesce(posts, pa.scalar(creator))
    for name in _OF_POST:
        if not told.has(name):
            continue
        value, state = told.count(name)
        rows = fill(
            {"subject_uri": subject, "metric": name, "value": value, "state": state, "observed_at": at,
             "batch_id": batch_id},
            TABLES["metrics"].schema,
            rows=len(told),
        )  # fmt: skip
        yield Rows("metrics", rows.filter(pc.is_valid(value)))


def sale_rows(told: Cells, at: pa.Array, seen: pa.Array, batch_id: str) -> Rows:
    """Units sold, or a rank, per product and date."""
    rank, _ = told.count("rank")
    columns = {
        "product": told.word("product"),
        "at": at,
        "units": read_amounts(told.text("units")),
        "rank": rank,
        "observed_at": seen,
        "batch_id": batch_id,
    }
    return Rows("sales", fill(columns, TABLES["sales"].schema, rows=len(told)))
