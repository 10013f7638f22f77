"""Facts of who wrote when (concentration, gaps, the day, replies) and of posts (how likes and comments vary)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
DAY = 86_400
FACTS = (
    "gini",
    "wrote_once",
    "by_repeaters",
    "by_busiest_hundredth",
    "tail",
    "quiet_six_hours",
    "burst_on_post",
    "gap_sd",
    "gap_median_h",
    "replies",
    "first_day",
    "comments_sd",
    "likes_sd",
    "comments_per_like",
    "burst_of_posts",
)
# Fewer than this say nothing of a tail, a post's rhythm or a creator's.
LEAST = 20


@dataclass(frozen=True, slots=True)
class Log:
    """Comments of others than the creator, as columns; null where a set does not tell.

    Attributes:
        author, post: numbers.
        at: seconds since 1970.
        is_reply: whether it answers a comment.
        published: when its post was published.
    """

    author: Ints | None = None
    post: Ints | None = None
    at: Ints | None = None
    is_reply: npt.NDArray[np.bool_] | None = None
    published: Ints | None = None


def facts(log: Log) -> dict[str, float]:
    """Every fact that a log can tell."""
    found: dict[str, float] = {}
    if log.author is not None:
        found |= activity(np.unique(log.author, return_counts=True)[1])
    if log.at is not None:
        found["quiet_six_hours"] = quiet_six_hours(log.at)
        if log.post is not None:
            found |= _named("burst_on_post", _median([burstiness(one) for one in _gaps(log.post, log.at)]))
        if log.author is not None:
            gaps = np.concatenate([np.zeros(0), *_gaps(log.author, log.at, least=1)])
            if len(gaps) >= LEAST:
                found["gap_sd"] = float(np.log(np.maximum(gaps, 1)).std())
                found["gap_median_h"] = float(np.median(gaps) / 3600)
    if log.is_reply is not None:
        found["replies"] = float(log.is_reply.mean())
    if log.at is not None and log.published is not None:
        found["first_day"] = float((log.at - log.published <= DAY).mean())
    return found


def activity(each: npt.NDArray[np.int64]) -> dict[str, float]:
    """Concentration of comments over accounts, from how many each wrote."""
    ordered = np.sort(each)[::-1].astype(float)
    n, total = len(ordered), ordered.sum()
    found = {
        "gini": gini(ordered),
        "wrote_once": float((ordered == 1).mean()),
        "by_repeaters": float(ordered[ordered > 1].sum() / total),
        "by_busiest_hundredth": float(ordered[: max(1, round(n / 100))].sum() / total),
    }
    return found | _named("tail", tail(ordered))


def gini(each: Floats) -> float:
    """The Gini coefficient: 0 where all wrote alike, towards 1 where one wrote everything."""
    ordered = np.sort(each)
    n = len(ordered)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def tail(descending: Floats) -> float | None:
    """The exponent of the upper tail (Hill), over the busiest twentieth; null where they are few or all alike."""
    k = len(descending) // 20
    if k < LEAST // 2 or descending[0] == descending[k]:
        return None
    return float(1 / np.mean(np.log(descending[:k] / descending[k])))


def quiet_six_hours(at: Ints) -> float:
    """The share that falls into the quietest six hours of the day, wherever they lie; .25 is no day cycle at all."""
    hours = np.bincount(at // 3600 % 24, minlength=24) / len(at)
    return float(np.convolve(np.concatenate([hours, hours[:5]]), np.ones(6), "valid").min())


def burstiness(gaps: Floats) -> float:
    """(sd - mean) / (sd + mean) of gaps: -1 regular, 0 by chance, towards 1 in bursts (Goh and Barabási 2008)."""
    return float((gaps.std() - gaps.mean()) / (gaps.std() + gaps.mean()))


def post_facts(creators: Iterable[tuple[Floats, Floats, Floats | None]]) -> dict[str, float]:
    """How the posts of a creator differ: the median over creators of those with enough posts.

    Args:
        creators: likes and comments of each post, and when it was published, where that is known.
    """
    told: dict[str, list[float]] = {name: [] for name in FACTS[-4:]}
    for likes, comments, at in creators:
        if len(comments) >= LEAST:
            told["comments_sd"].append(float(np.log1p(comments).std()))
        if len(likes) >= LEAST:
            told["likes_sd"].append(float(np.log1p(likes).std()))
        if len(likes) >= LEAST and likes.sum() > 0:
            told["comments_per_like"].append(float(comments.sum() / likes.sum()))
        if at is not None and len(at) >= LEAST:
            told["burst_of_posts"].append(burstiness(np.diff(np.sort(at))))
    return {name: float(np.median(values)) for name, values in told.items() if values}


def _gaps(of: Ints, at: Ints, *, least: int = LEAST) -> list[Floats]:
    """Seconds between successive comments of each post or account that has more than `least` of them."""
    order = np.lexsort((at, of))
    named, begin = np.unique(of[order], return_index=True)
    parts = np.split(at[order], begin[1:]) if len(named) else []
    return [np.diff(part).astype(float) for part in parts if len(part) > least]


def _median(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None


def _named(name: str, value: float | None) -> dict[str, float]:
    return {} if value is None else {name: value}
