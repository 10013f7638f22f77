"""Authenticity: how many likes stand beside each comment?"""

from __future__ import annotations

import math

import numpy as np

from seguito.kit.intervals import cluster_ratio, seed_of
from seguito.measures import engagement_posts as each
from seguito.measures.contract import Measure
from seguito.measures.engagement_posts import Choice, Counted, Rates
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity, Series
from seguito.measures.space import Space

BALANCE_NAME = "authenticity.like_comment_balance"
# Likes against comments: reposts are neither.
BALANCE = Choice(required=("likes", "comments"), summed=("likes", "comments"), optional=())


def like_comment_balance(space: Space) -> Draft:
    """Likes for each comment, on a typical post.

    Question: How many likes does a typical post bring for each comment?
    Definition: exp of the mean over the creator's posts of log((likes + 1/2) / (comments + 1/2)); the halves give a
        post without comments, or without likes, a logarithm. Pinned posts, posts younger than three days at the
        window's end, posts that lack one of the two counters and posts with neither a like nor a comment are left
        out. Parts: all likes over all comments; and by which factor the likes of two posts usually differ (exp of the
        standard deviation of the logs), which is near 1 where likes come in parcels of one size. Sensitivities: 1
        instead of 1/2 added, without posts that lack either, posts from one and from seven days on, with pinned
        posts, and without the post of the highest ratio.
    Interval: t interval over posts on the logs; a bootstrap over posts for all together.
    Reference: Anscombe 1948 for the half that is added; Efron & Tibshirani 1993 for the bootstrap.
    Needs: comment_counts, creator, like_counts, times.
    Minimum: 12 posts.
    Not: no number of likes for a comment is right. Pictures ask for fewer words than questions do, and platforms
        differ widely: the figure says something only beside creators like this one, so it raises no doubt by itself.
    """
    rows = each.rows_of(space)
    found = _spoken(each.counted(rows, space.end_s, BALANCE))
    n = len(found)
    if not n:
        lacking = Reason("no_counters", {"posts": found.everything})
        return Draft(value=None, n=0, barred=lacking if found.everything else None)
    likes, comments = found.counters["likes"], found.counters["comments"]
    logs = _logs(found)
    value, interval = each.typical_ratio(logs)
    evidence = each.strongest(space, found, logs)
    return Draft(
        value=value,
        n=n,
        interval=interval,
        parts=(*_together(found), *_spread(found)),
        series=Series(
            kind="dots",
            columns=("comments", "likes"),
            rows=tuple((int(c), int(one)) for c, one in zip(comments, likes, strict=True))[-each.POSTS_SHOWN :],
        ),
        evidence_for=evidence[0],
        evidence_against=evidence[1],
        sensitivity=(
            Sensitivity(change="one_added", value=math.exp(float(_logs(found, 1.0).mean()))),
            _without_zeros(found),
            *each.steps(space, rows, BALANCE, lambda posts: _logs(_spoken(posts)), _back),
        ),
        notes=found.notes,
    )


def _spoken(found: Counted) -> Counted:
    some = found.reactions > 0
    silent = int((~some).sum())
    return found.where(some, *((Reason("left_out_silent", {"posts": silent}),) if silent else ()))


def _logs(found: Counted, added: float = each.HALF) -> Rates:
    logs: Rates = np.log((found.counters["likes"] + added) / (found.counters["comments"] + added))
    return logs


def _back(logs: Rates) -> float:
    return math.exp(float(logs.mean()))


def _without_zeros(found: Counted) -> Sensitivity:
    both = found.where((found.counters["likes"] > 0) & (found.counters["comments"] > 0))
    return Sensitivity(change="without_zero_counts", value=_back(_logs(both)) if len(both) else None)


def _together(found: Counted) -> tuple[Part, ...]:
    likes, comments = found.counters["likes"], found.counters["comments"]
    if not comments.sum():
        return ()
    interval = cluster_ratio(likes, comments, np.ones(len(found), dtype=np.int64), seed=seed_of(BALANCE_NAME))
    value = float(likes.sum()) / float(comments.sum())
    return (Part(key="all_together", value=value, interval=interval, n=len(found), unit="ratio"),)


def _spread(found: Counted) -> tuple[Part, ...]:
    if len(found) < 2:
        return ()
    logs = np.log(found.counters["likes"] + each.HALF)
    return (Part(key="spread_of_likes", value=math.exp(float(logs.std(ddof=1))), n=len(found), unit="ratio"),)


LIKE_COMMENT_BALANCE = Measure(
    name=BALANCE_NAME,
    unit="ratio",
    n_unit="posts",
    min_n=12,
    needs=frozenset({"comment_counts", "creator", "like_counts", "times"}),
    covers=("posts",),
    compute=like_comment_balance,
)
