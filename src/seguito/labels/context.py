"""What is known of a post beside its text, from the other posts of the same moment of the lake.

A post is read once, with what was known then: a thread that is filled later does not change what was said of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ibis

from seguito.labels.contract import CONTEXT

DAY = 86_400


def with_context(posts: Any, wanted: Collection[str]) -> Any:
    """The current posts with the wanted columns of `CONTEXT` beside their own; null where something is not known.

    `space_creator`, `space_brand` and `space_company` are unknown: no source says what kind of account a space belongs
    to. A silence is counted from the last post of the creator in the same space before this one.

    Args:
        posts: the current rows of the posts table, all of them: silences and tenures need the others.
        wanted: names of columns.
    """
    names = [name for name in CONTEXT.names if name in wanted]
    if not names:
        return posts
    own = posts.columns
    seen = posts.mutate(
        _at=posts.created_at.truncate("s").epoch_seconds().cast("int64"),
        _space=ibis.coalesce(posts.space_uri, ibis.ifelse(posts.root_uri.isnull(), posts.account_uri, None)),
        _target=ibis.coalesce(posts.inferred_parent_uri, posts.parent_uri),
    )
    seen = seen.mutate(_by_creator=seen.account_uri == seen._space)
    if {"to_creator", "to_member"} & set(names):
        seen = _with_target(seen, posts)
    columns = {name: _COLUMNS[name](seen).cast("float64") for name in names}
    return seen.mutate(**columns).select(*own, *names)


def around(posts: Any, uris: Any, wanted: Collection[str]) -> Any:
    """The keys of all posts that the context of some rests on: a table of one column, uri.

    Args:
        posts: all observations of posts.
        uris: an Ibis table with a column uri.
        wanted: as in `with_context`.
    """
    told = posts.semi_join(uris, "uri")
    target = ibis.coalesce(told.inferred_parent_uri, told.parent_uri)
    found = uris.select("uri").union(told.select(uri=target), posts.filter(posts.root_uri.isnull()).select("uri"))
    if "tenure_days" in wanted:
        found = found.union(posts.semi_join(told.select("account_uri"), "account_uri").select("uri"))
    return found.filter(found.uri.notnull()).distinct()


def _with_target(seen: Any, posts: Any) -> Any:
    targets = posts.select(_target_uri="uri", _target_account="account_uri")
    return seen.left_join(targets, seen["_target"] == targets["_target_uri"]).drop("_target_uri")


def _one(condition: Any) -> Any:
    """1 or 0, and null where the condition is."""
    return ibis.ifelse(condition, 1.0, ibis.ifelse(~condition, 0.0, ibis.null("float64")))


def _unknown(seen: Any) -> Any:
    return ibis.null("float64")


def _to_post(seen: Any) -> Any:
    return _one(seen["_target"] == seen.root_uri)


def _to_somebody(seen: Any, *, creator: bool) -> Any:
    is_creator = seen["_target_account"] == seen["_space"]
    somebody = _one(is_creator if creator else ~is_creator)
    return ibis.ifelse((seen["_target"] == seen.root_uri).fill_null(False), 0.0, somebody)


def _silence(seen: Any) -> Any:
    opened = seen["_by_creator"].fill_null(False) & seen.root_uri.isnull() & (seen.kind != "repost")
    at = ibis.ifelse(opened, seen["_at"], ibis.null("int64"))
    window = ibis.cumulative_window(group_by=seen["_space"], order_by=[seen["_at"], seen.uri])
    last = at.max().over(window)
    known = seen["_space"].notnull() & seen["_at"].notnull()
    return ibis.ifelse(known, (seen["_at"] - last) / float(DAY), ibis.null("float64"))


def _silence_known(seen: Any) -> Any:
    return ibis.ifelse(_silence(seen).notnull(), 1.0, 0.0)


def _tenure(seen: Any) -> Any:
    window = ibis.window(group_by=[seen["_space"], seen.account_uri])
    known = seen["_space"].notnull() & seen.account_uri.notnull()
    return ibis.ifelse(known, (seen["_at"] - seen["_at"].min().over(window)) / float(DAY), ibis.null("float64"))


def _depth(seen: Any) -> Any:
    """0 for a post, 1 for a comment on it, 2 for whatever answers a comment; null where that is not told."""
    answers = ibis.ifelse(seen["_target"] == seen.root_uri, 1.0, 2.0)
    return ibis.ifelse(
        seen.root_uri.isnull(), 0.0, ibis.ifelse(seen["_target"].isnull(), ibis.null("float64"), answers)
    )


_COLUMNS = {
    "space_creator": _unknown,
    "space_brand": _unknown,
    "space_company": _unknown,
    "to_post": _to_post,
    "to_creator": lambda seen: _to_somebody(seen, creator=True),
    "to_member": lambda seen: _to_somebody(seen, creator=False),
    "silence_days": _silence,
    "silence_known": _silence_known,
    "tenure_days": _tenure,
    "by_creator": lambda seen: _one(seen["_by_creator"]),
    "depth": _depth,
}
