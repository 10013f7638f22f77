"""Creators who comment on each other: what the spaces of commenters, where the lake holds them, show of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt

from seguito.measures.prepare import VISIBLE, seconds
from seguito.measures.space import Space

# So many of a creator's last posts are looked at.
LAST = 25


def returned(space: Space, accounts: Sequence[str], regular: Any) -> tuple[npt.NDArray[np.int64], int]:
    """Pairs of regular accounts of this space that comment on each other's posts.

    Args:
        space: whose community; the creator may be a partner too.
        accounts: the regular accounts, sorted.
        regular: the same, as an Ibis table (account_uri).

    Returns:
        Three columns: two rows of `accounts` (or their number, for the creator) and of how many of the other's last 25
        posts each has commented on at least; and how many of the accounts have spaces in this lake.
    """
    nothing = np.empty((0, 3), dtype=np.int64)
    roots = _roots(space, regular)
    owners = space.fetch(roots.select("owner").distinct().order_by("owner"))["owner"].to_pylist()
    spaces = len(set(owners) - {space.creator_uri})
    if not spaces:
        return nothing, 0
    place = {uri: number for number, uri in enumerate(accounts)} | {space.creator_uri: len(accounts)}
    seen = {(place[row["owner"]], place[row["by"]]): row["n"] for row in space.fetch(_visits(space, roots)).to_pylist()}
    pairs = [(one, other, min(n, seen.get((other, one), 0))) for (one, other), n in sorted(seen.items()) if one < other]
    found = np.array([pair for pair in pairs if pair[2]], dtype=np.int64).reshape(-1, 3)
    return found, spaces


def _roots(space: Space, regular: Any) -> Any:
    """The last posts of every regular account that has a space here, and of the creator: uri and owner."""
    posts = _visible(space)
    own = posts.filter(posts.root_uri.isnull() & (posts.kind != "repost") & posts.account_uri.notnull())
    own = own.filter(own.space_uri.isnull() | (own.space_uri == own.account_uri))
    theirs = own.semi_join(regular, "account_uri")
    own = theirs.union(own.filter(own.account_uri == space.creator_uri))
    newest = ibis.window(group_by="account_uri", order_by=[ibis.desc("created_s"), "uri"])
    ranked = own.filter(own.created_s.notnull()).mutate(place=ibis.row_number().over(newest))
    return space.snapshot.engine.keep(ranked.filter(ranked.place < LAST).select("uri", owner="account_uri"))


def _visits(space: Space, roots: Any) -> Any:
    """On how many of an owner's last posts each other owner has commented."""
    posts = _visible(space)
    comments = posts.filter(posts.root_uri.notnull()).select("root_uri", by="account_uri")
    owners = roots.select(known="owner").distinct()
    comments = comments.semi_join(owners, comments.by == owners.known)
    joined = comments.inner_join(roots, comments.root_uri == roots.uri)
    each = joined.filter(joined.by != joined.owner).select("owner", "by", "root_uri").distinct()
    return each.group_by("owner", "by").aggregate(n=each.count())


def _visible(space: Space) -> Any:
    posts = space.snapshot.current("posts")
    posts = posts.filter(posts.state.isin(VISIBLE)).mutate(created_s=seconds(posts.created_at))
    return posts.select("uri", "account_uri", "space_uri", "root_uri", "kind", "created_s")
