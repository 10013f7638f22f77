"""From tuples to record batches: rows are gathered per table and times are read by the column, not one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.facts.schema import TIME, fill
from seguito.facts.tables import TABLES
from seguito.kit.clock import EARLIEST, TOLERATED_FUTURE, parse_iso
from seguito.sources.contract import Rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLATFORM = "bluesky"

# The columns of each table that the mapping fills by the row; observed_at is microseconds since 1970.
GATHERED: dict[str, tuple[str, ...]] = {
    "accounts": (
        "native_id", "handle", "display_name", "url", "kind", "created_raw", "state", "do_not_profile", "observed_at",
    ),
    "profiles": (
        "account_uri", "followers", "following", "posts", "bio", "has_avatar", "is_verified", "labels", "observed_at",
    ),
    "posts": (
        "uri", "kind", "account_uri", "space_uri", "root_uri", "parent_uri", "quoted_uri", "created_raw",
        "indexed_raw", "text", "lang_source", "url", "hashtags", "mentions", "links", "media_type", "is_pinned",
        "state", "observed_at",
    ),
    "reactions": ("account_uri", "subject_uri", "kind", "created_raw", "indexed_raw", "observed_at"),
    "follows": ("follower_uri", "followed_uri", "observed_at"),
    "metrics": ("subject_uri", "metric", "value", "observed_at"),
    "coverage": (
        "scope_uri", "space_uri", "what", "declared", "collected", "sampling", "limited_by", "observed_at",
    ),
}  # fmt: skip


def micros(text: str) -> int | None:
    """A time as microseconds since 1970."""
    at = parse_iso(text)
    return None if at is None else (at - EPOCH) // timedelta(microseconds=1)


def rows_of(table: str, gathered: Sequence[tuple[Any, ...]], batch_id: str) -> Rows:
    """One record batch of a table from gathered tuples."""
    names = GATHERED[table]
    columns: dict[str, Any] = {
        name: list(values) for name, values in zip(names, zip(*gathered, strict=True), strict=True)
    }
    columns["observed_at"] = pa.array(columns["observed_at"], pa.int64()).cast(TIME)
    columns["batch_id"] = batch_id
    _FINISH.get(table, _nothing)(columns)
    return Rows(table, fill(columns, TABLES[table].schema, rows=len(gathered)))


def _accounts(columns: dict[str, Any]) -> None:
    raw = columns.pop("created_raw")
    columns["created_at"] = times(raw)
    columns["created_precision"] = [_precision(text) for text in raw]
    columns["platform"] = PLATFORM
    columns["uri"] = [f"bluesky:account:{did}" for did in columns["native_id"]]


def _profiles(columns: dict[str, Any]) -> None:
    for name in ("followers", "following", "posts"):
        columns[f"{name}_state"] = ["unknown" if value is None else "known" for value in columns[name]]
    columns["is_private"] = "no"


def _posts(columns: dict[str, Any]) -> None:
    raw = columns["created_raw"]
    at, declared = settled(raw, columns.pop("indexed_raw"), columns["observed_at"])
    columns["platform"] = PLATFORM
    columns["created_at"] = at
    known = pc.is_valid(at)
    basis = pc.if_else(declared, pa.scalar("client_declared"), pa.scalar("server"))
    columns["created_basis"] = pc.if_else(known, basis, pa.scalar(None, pa.string()))
    precision = pa.array([_precision(text) for text in raw], pa.string())
    precision = pc.if_else(declared, precision, pa.scalar("ms"))
    columns["created_precision"] = pc.if_else(known, precision, pa.scalar(None, pa.string()))


def _reactions(columns: dict[str, Any]) -> None:
    raw = columns.pop("created_raw")
    at, _ = settled(raw, columns.pop("indexed_raw"), columns["observed_at"])
    columns["at"] = at
    columns["at_precision"] = pc.if_else(pc.is_valid(at), pa.scalar("ms"), pa.scalar(None, pa.string()))


def _metrics(columns: dict[str, Any]) -> None:
    columns["state"] = ["unavailable" if value is None else "known" for value in columns["value"]]


def _coverage(columns: dict[str, Any]) -> None:
    columns["declared_state"] = ["unknown" if value is None else "known" for value in columns["declared"]]


def _nothing(_: dict[str, Any]) -> None:
    """Most tables are complete as gathered."""


_FINISH = {
    "accounts": _accounts,
    "profiles": _profiles,
    "posts": _posts,
    "reactions": _reactions,
    "metrics": _metrics,
    "coverage": _coverage,
}


def settled(created: list[str | None], indexed: list[str | None], seen: pa.Array) -> tuple[pa.Array, pa.Array]:
    """When things happened: the network sorts by the earlier of what the author and what the server says.

    An author's clock that says a time before 1995 or after tomorrow is broken, and the server's word counts.

    Returns:
        the times (null where neither is plausible), and for each whether it is the author's word.
    """
    author, server = (_plausible(times(raw), seen) for raw in (created, indexed))
    nothing = pc.fill_null(pc.less_equal(author, server), pc.is_valid(author))
    return pc.if_else(nothing, author, server), nothing


def _plausible(at: pa.Array, seen: pa.Array) -> pa.Array:
    latest = pc.add(seen, pa.scalar(TOLERATED_FUTURE, pa.duration("us")))
    good = pc.and_(pc.greater_equal(at, pa.scalar(EARLIEST, TIME)), pc.less_equal(at, latest))
    return pc.if_else(pc.fill_null(good, False), at, pa.scalar(None, TIME))


def times(raw: list[str | None]) -> pa.Array:
    """A column of ISO times; what is none becomes null."""
    try:
        return pa.array(raw, pa.string()).cast(TIME)
    except pa.ArrowInvalid:
        return pa.array([None if text is None else parse_iso(text) for text in raw], TIME)


def _precision(text: str | None) -> str | None:
    """How exact a written time is, by its digits: most are `2026-03-02T09:00:00.000Z`."""
    if text is None:
        return None
    if len(text) == 24 and text[19] == ".":
        return "ms"
    digits = text[20:].rstrip("Zz").split("+")[0].split("-")[0] if len(text) > 20 and text[19] == "." else ""
    return "s" if not digits else "ms" if len(digits) <= 3 else "us"
