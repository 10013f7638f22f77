"""Pairs of accounts that answer the same posts within seconds of each other, as published coordination tools count."""

from __future__ import annotations

from typing import Any

import ibis

# Two numbers below it fit into one.
_APART = 2**31


def pairs_within(rows: Any, *, seconds: int, least: int) -> Any:
    """The co-reply network of a table of comments.

    An account has an edge to another for every comment of its own that has one of the other's under the same post, at
    most `seconds` before or after it; edges of fewer than `least` such comments fall away. No null model stands behind
    it: the busier a post, the more pairs meet by chance.

    Args:
        rows: an Ibis table with `account`, `thread` and `comment` (numbers from 0 to two thousand
            million) and `at_s` (seconds since 1970).
        seconds: the window, from one second on.
        least: the smallest weight of an edge.

    Returns:
        An Ibis table with `left`, `right` (accounts; a pair stands there once for each of the two) and `weight`.
    """
    # Equal slices of time make the range a plain join: the later comment stands in the same slice or in the next. One
    # whole number for post and slice, and one for a pair, spares the engine half of its work.
    sliced = rows.mutate(slot=rows.thread.cast("int64") * _APART + rows.at_s // seconds)
    first = sliced.select("slot", one="account", here="comment", here_s="at_s")
    later = sliced.select("slot", other="account", there="comment", there_s="at_s")
    met = first.inner_join(later.union(later.mutate(slot=later.slot - 1)), "slot")
    apart = met.there_s - met.here_s
    in_order = (apart > 0) | ((apart == 0) & (met.here < met.there))
    met = met.filter((met.one != met.other) & in_order & (apart <= seconds))
    low, high = ibis.least(met.one, met.other), ibis.greatest(met.one, met.other)
    met = met.select("one", "other", "here", "there", pair=low.cast("int64") * _APART + high)
    # Few pairs meet often: only their comments are counted apart.
    often = met.group_by("pair").aggregate(meetings=met.count())
    kept = met.semi_join(often.filter(often.meetings >= least), "pair")
    forth = kept.select("here", left="one", right="other").rename(comment="here")
    back = kept.select("there", left="other", right="one").rename(comment="there")
    once = forth.union(back).distinct()
    edges = once.group_by("left", "right").aggregate(weight=once.count())
    return edges.filter(edges.weight >= least)
