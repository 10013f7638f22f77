"""Rows that describe accounts: profiles, and lists of followers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from seguito.facts.schema import fill
from seguito.facts.tables import TABLES
from seguito.sources.contract import Rows
from seguito.sources.files.cells import Cells, as_handle, described_natives, with_prefix
from seguito.sources.files.times import TimeColumn, plausible


def account_rows(told: Cells, platform: str, seen: pa.Array, batch_id: str, *, pseudonymous: bool) -> Iterator[Rows]:
    """Accounts and profiles, one of each per row."""
    import pyarrow.compute as pc

    ids = described_natives(told)
    uris = with_prefix(f"{platform}:account:", ids)
    joined, precision, _ = TimeColumn(zone="UTC").read(told.text("joined_at"))
    joined = plausible(joined)
    stamp = {"observed_at": seen, "batch_id": batch_id}
    accounts: dict[str, Any] = {
        "uri": uris,
        "platform": platform,
        "native_id": ids,
        "handle": as_handle(told.word("author_handle")),
        "display_name": told.word("name"),
        "url": told.word("url"),
        "kind": "unknown",
        "created_at": joined,
        "created_precision": precision,
        "state": "unknown",
        "is_pseudonymous": pseudonymous,
        "do_not_profile": False,
    }
    yield Rows("accounts", fill(accounts | stamp, TABLES["accounts"].schema, rows=len(told)))
    counts = {}
    for name in ("followers", "following", "posts"):
        counts[name], counts[f"{name}_state"] = told.count(name)
    avatar = told.flag("has_avatar")
    if told.has("has_no_avatar"):
        none = told.flag("has_no_avatar")
        avatar = pc.if_else(pc.equal(none, "yes"), "no", pc.if_else(pc.equal(none, "no"), "yes", avatar))
    profiles = {
        "account_uri": uris,
        **counts,
        "bio": told.text("bio"),
        "has_avatar": avatar,
        "is_verified": told.flag("is_verified"),
        "is_private": told.flag("is_private"),
    }
    yield Rows("profiles", fill(profiles | stamp, TABLES["profiles"].schema, rows=len(told)))


def follow_rows(told: Cells, platform: str, creator: str, seen: pa.Array, batch_id: str) -> Rows:
    """One edge per row: the account follows the creator."""
    at, precision, _ = TimeColumn(zone="UTC").read(told.text("created_at"))
    columns: dict[str, Any] = {
        "follower_uri": with_prefix(f"{platform}:account:", described_natives(told)),
        "followed_uri": creator,
        "at": at,
        "at_precision": precision,
        "observed_at": seen,
        "batch_id": batch_id,
    }
    return Rows("follows", fill(columns, TABLES["follows"].schema, rows=len(told)))
