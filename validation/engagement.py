"""Engagement: does the interval of a mean over few, skewed posts hold the truth, and that of a figure drawn to peers?

    python -m validation.run --only engagement

Posts are planted with counters of a known mean: reactions of a post are Poisson around a lognormal attention (sd .4 or
.8 of its logarithm), views likewise; in the hardest case one post in twenty is carried far outside. They go through the
product's own counting, with a pinned, a young and an uncounted post among them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seguito.kit.intervals import Interval, Z, wilson
from seguito.kit.shrinkage import drawn, middle_of
from seguito.measures import engagement_posts as each
from seguito.measures.authenticity_reach import BY_VIEWS, VIEWS_NAME
from validation.table import Reached, counted, span

POSTS = (12, 20, 60)
GOAL = 0.92
# Worlds a seed, in each condition: a coverage is then known to within a point and a half.
WORLDS = 10
RATE, VIEWS = 0.025, 20_000
DAY = 86_400
BEST = "bootstrap-t .91–.95, percentile bootstrap .78–.92, Wilson .06–.18 (our own first look)"
WILD = 0.05, 10.0


@dataclass(frozen=True, slots=True)
class Condition:
    """How posts differ: `sd` of the logarithm of attention, and whether one in twenty is carried far."""

    name: str
    sd: float
    wild: bool = False


CONDITIONS = (
    Condition("posts much alike (log sd .4)", 0.4),
    Condition("posts that differ (log sd .8)", 0.8),
    Condition("posts that differ, one in twenty carried ten times as far", 0.8, wild=True),
)


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """Coverage of every interval of engagement, at 12, 20 and 60 posts, and with 10 and 40 peers."""
    del release
    for condition in CONDITIONS:
        for posts in POSTS:
            yield from _of_posts(condition, posts, seeds)
    for peers in (10, 40):
        yield from _of_peers(peers, seeds)


def _of_posts(condition: Condition, posts: int, seeds: Sequence[int]) -> Iterator[Reached]:
    held = {"mean": 0, "typical": 0, "wilson": 0}
    n = 0
    for seed in seeds:
        rng = np.random.default_rng([seed, posts, CONDITIONS.index(condition)])
        for _ in range(WORLDS):
            n += 1
            for name, hit in _tried(condition, posts, rng).items():
                held[name] += hit
    row = Reached(
        detector="engagement interval",
        data=f"simulated: {posts} posts, {condition.name}",
        metric="coverage of the 95 % interval of the mean",
        value=None,
        goal=GOAL,
        n_unit="worlds",
        seeds=span(seeds),
        best=BEST,
        command="python -m validation.run --only engagement",
        note=_why(condition, held["mean"] / max(1, n), posts),
    )
    yield counted(held["mean"], n, row)
    typical = replace(row, metric="coverage of the 95 % interval of the typical post", best="", note="")
    yield counted(held["typical"], n, typical)
    naive = replace(row, metric="coverage of Wilson's interval, for comparison", goal=None, best="", note="not used")
    yield counted(held["wilson"], n, naive)


def _why(condition: Condition, reached: float, posts: int) -> str:
    if reached >= GOAL:
        return ""
    if condition.wild:
        gone = (1 - WILD[0]) ** posts
        return f"in {gone:.0%} of such worlds no post was carried far, and none tells that there are such posts"
    return "few and very different posts: the strong ones that carry the mean are often not among them"


def _tried(condition: Condition, posts: int, rng: np.random.Generator) -> dict[str, bool]:
    """Whether each interval holds what it is of, in one world."""
    found = each.counted(_rows(condition, posts, rng), 200 * DAY, BY_VIEWS)
    views = found.counters["views"]
    rates = found.reactions / views
    mean = each.mean_of(rates, VIEWS_NAME)[1]
    typical = each.typical_ratio(np.log((found.reactions + each.HALF) / views))[1]
    flat = wilson(int(found.reactions.sum()), int(views.sum()))
    grows = 1 + WILD[0] * (WILD[1] - 1) if condition.wild else 1.0
    middle = math.log(RATE) - condition.sd**2 / 2 + (WILD[0] * math.log(WILD[1]) if condition.wild else 0.0)
    return {
        "mean": _holds(mean, RATE * grows),
        "typical": _holds(typical, math.exp(middle)),
        "wilson": _holds(flat, RATE * grows),
    }


def _holds(interval: Interval | None, truth: float) -> bool:
    return interval is not None and interval.lo <= truth <= interval.hi


def _rows(condition: Condition, posts: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Posts with counters: those that count, and a pinned, a young and an uncounted one that would lead astray."""
    attention = RATE * np.exp(rng.normal(-(condition.sd**2) / 2, condition.sd, posts))
    if condition.wild:
        attention *= np.where(rng.random(posts) < WILD[0], WILD[1], 1.0)
    views = rng.poisson(VIEWS * np.exp(rng.normal(-0.08, 0.4, posts)))
    likes = rng.poisson(0.8 * attention * views)
    comments = rng.poisson(0.2 * attention * views)
    plain = [_row(f"p{at}", at, int(likes[at]), int(comments[at]), int(views[at]), pinned="no") for at in range(posts)]
    return [
        *plain,
        _row("pinned", 5, VIEWS, 900, VIEWS, pinned="yes"),
        _row("young", 199, 0, 0, VIEWS, pinned="no"),
        _row("hidden", 7, None, 10, VIEWS, pinned="no"),
    ]


def _row(uri: str, day: int, likes: int | None, comments: int, views: int, *, pinned: str) -> dict[str, Any]:
    counters = {"likes": likes, "comments": comments, "reposts": None, "views": views}
    return {"uri": uri, "created_s": day * DAY, "is_pinned": pinned, **counters}


def _of_peers(peers: int, seeds: Sequence[int]) -> Iterator[Reached]:
    """A creator's log rate drawn towards peers whose true rates differ by a factor of 1.16 (log sd .15)."""
    held = plain = n = 0
    for seed in seeds:
        rng = np.random.default_rng([seed, peers])
        for _ in range(WORLDS):
            variances = np.exp(rng.normal(math.log(0.04), 0.7, peers + 1))
            truths = math.log(RATE) + 0.15 * rng.normal(size=peers + 1)
            seen = truths + np.sqrt(variances) * rng.normal(size=peers + 1)
            middle = middle_of(seen[1:], variances[1:])
            if middle is None:
                continue
            n += 1
            found = drawn(float(seen[0]), float(variances[0]), middle)
            lo, hi = found.interval()
            held += int(lo <= truths[0] <= hi)
            half = Z * math.sqrt(variances[0] * (1 - found.pull))
            plain += int(abs(found.value - truths[0]) <= half)
    row = Reached(
        detector="figure drawn towards peers",
        data=f"simulated: {peers} peers, true log rates differ by .15, errors by .1 to .4",
        metric="coverage of the 95 % interval",
        value=None,
        goal=0.93,
        n_unit="worlds",
        seeds=span(seeds),
        best="plug-in interval .89 with 15 peers (our own first look)",
        command="python -m validation.run --only engagement",
    )
    yield counted(held, n, row)
    known = "coverage where the spread is taken for known, for comparison"
    yield counted(plain, n, replace(row, metric=known, goal=None, best="", note="not used"))
