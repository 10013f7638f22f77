"""Pairs of accounts that answer the same posts within seconds of each other, as published coordination tools count."""

from __future__ import annotations

from typing import Any


def pairs_within(rows: Any, *, seconds: int, least: int) -> Any:
    """The co-reply network of a table of comments.

    An account has an edge to another for every comment of its own that has one of the other's under the same post, at
    most `seconds` before or after it; edges of fewer than `least` such comments fall away. No null model stands behind
    it: the busier a post, the more pairs meet by chance.

    Args:
        rows: an Ibis table with `account`, `thread` and `comment` (whole numbers) and `at_s` (seconds since 1970).
        seconds: the window, from one second on.
        least: the smallest weight of an edge.

    Returns:
        An Ibis table with `left`, `right` (accounts, ordered: every pair stands there twice) and `weight`.
    """
    # Equal slices of time make the range a plain join: what is within a window lies in this slice or the next.
    sliced = rows.mutate(slice=rows.at_s // seconds)
    ours = sliced.select("comment", "thread", "slice", left="account", here_s="at_s")
    theirs = sliced.select("thread", "slice", right="account", there_s="at_s")
    moved = theirs.union(theirs.mutate(slice=theirs.slice - 1)).union(theirs.mutate(slice=theirs.slice + 1))
    met = ours.inner_join(moved, ["thread", "slice"])
    apart = met.there_s - met.here_s
    met = met.filter((met.left != met.right) & (apart <= seconds) & (apart >= -seconds))
    once = met.select("left", "right", "comment").distinct()
    edges = once.group_by("left", "right").aggregate(weight=once.count())
    return edges.filter(edges.weight >= least)
