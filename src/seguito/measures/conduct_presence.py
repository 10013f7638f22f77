"""Conduct: is the creator there, day by day?"""

from __future__ import annotations

import ibis
import numpy as np

from seguito.measures.community_hours import HOUR, THURSDAY
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space
from seguito.measures.tally import Tally

NAME = "conduct.presence"
NEWEST = [ibis.desc("created_s"), "uri"]
WEEK = 7
# Of fewer posts and comments nobody can say whether somebody is there.
FEWEST_POSTS = 10


def presence(space: Space) -> Draft:
    """Share of days on which the creator wrote anything in their own space.

    Question: Is the creator there, or only their posts?
    Definition: days (on the clocks of the space) with at least one visible post or comment by the creator, over all
        days from the first of them to the end of the window. Parts give the same for comments alone, and the longest
        stretch of days without a word. The series gives, by weekday and hour, how often the creator wrote.
    Interval: cluster bootstrap over weeks, because days of one week are alike.
    Reference: the days are counted, nothing is modelled.
    Needs: creator, times.
    Minimum: 90 days, and ten posts or comments by the creator.
    Not: stories, live streams, likes and private messages are presence too, and are not seen.
    """
    rows = space.posts.filter(space.posts.by_creator & space.posts.exact_s.notnull())
    dated = rows.mutate(local=space.local(rows.exact_s), is_comment=rows.root_uri.notnull())
    each = dated.group_by(day=dated.local // DAY, hour=(dated.local % DAY) // HOUR).aggregate(
        n=dated.count(), comments=dated.is_comment.sum()
    )
    table = space.fetch(each.order_by(["day", "hour"]))
    days, hours, wrote, comments = (table[name].to_numpy().astype(np.int64) for name in table.column_names)
    if not len(days):
        return Draft(value=None, n=0)
    if wrote.sum() < FEWEST_POSTS:
        return Draft(
            value=None, n=0, barred=Reason("rhythm_unknown", {"posts": int(wrote.sum()), "needed": FEWEST_POSTS})
        )
    first, last = int(days[0]), max(int(days[-1]), (space.end_s - 1) // DAY)
    length = last - first + 1
    there = np.bincount(days - first, minlength=length) > 0
    talks = np.bincount(days - first, weights=comments, minlength=length) > 0
    week = np.arange(length) // WEEK
    counts = Tally(
        {
            "days": np.bincount(week).astype(np.int64),
            "there": np.bincount(week, weights=there).astype(np.int64),
            "talks": np.bincount(week, weights=talks).astype(np.int64),
        },
        np.ones(int(week[-1]) + 1, dtype=np.int64),
    )
    slots = ((days + THURSDAY) % WEEK) * 24 + hours
    by_slot = np.bincount(slots, weights=wrote, minlength=168).astype(np.int64)
    return Draft(
        value=counts.ratio("there", "days"),
        n=length,
        interval=counts.interval("there", "days", NAME),
        parts=(
            counts.part("comments", "talks", "days", NAME),
            Part(key="longest_absence", value=float(_longest(there)), n=length, unit="days"),
        ),
        series=Series(
            kind="heatmap",
            columns=("weekday", "hour", "posts"),
            rows=tuple((at // 24, at % 24, int(by_slot[at])) for at in range(168)),
        ),
        evidence_for=space.uris(rows.order_by(NEWEST)),
    )


def _longest(there: np.ndarray) -> int:
    """The longest run of days without a word."""
    found = np.flatnonzero(np.concatenate([[True], there, [True]]))
    return int(np.diff(found).max()) - 1


PRESENCE = Measure(
    name=NAME,
    unit="share",
    n_unit="days",
    min_n=90,
    needs=frozenset({"creator", "times"}),
    covers=(),
    compute=presence,
)
