"""A community with groups planted in it, of which some act together and some only look like it.

Threads differ in popularity (lognormal, sd .6). Casual members write under few of them, by a heavy tail; superfans
under most, in their own time and words. Beside them stand those that a careless detector takes for a pod: people with
notifications on, who are always early; a cohort of another time zone, who meet under the same half of the posts; a
family, always there with a heart; moderators, with the same words everywhere; people of one topic; and fans of one
season. Delays are lognormal. Nothing here is written: whether a comment is generic is drawn, no text is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, triu

from seguito.measures.coordination.agreement import MINUTES, Crowd, Shares
from seguito.measures.coordination.counts import LOOSEST, REGULAR, strata_of
from seguito.measures.coordination.tails import Meetings, unlikely

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of member.

    Attributes:
        size: how many.
        writes: lowest and highest probability to write under a thread of usual popularity.
        minutes: lowest and highest median delay.
        generic: lowest and highest share of comments that fit anything.
        where: the threads it knows of: all, a topic's third, posts of half the day, the second half of the year.
        elsewhere: the probability to write under the others.
        even: whether popularity does not matter to it.
    """

    size: int
    writes: tuple[float, float]
    minutes: tuple[float, float] = (45.0, 120.0)
    generic: tuple[float, float] = (0.1, 0.4)
    where: str = "all"
    elsewhere: float = 0.0
    even: bool = False


HONEST: Mapping[str, Kind] = {
    "superfans": Kind(size=60, writes=(0.3, 0.8), minutes=(20, 90), generic=(0.05, 0.35)),
    "notification bells": Kind(size=20, writes=(0.3, 0.8), minutes=(2, 10), generic=(0.05, 0.35), even=True),
    "another time zone": Kind(size=30, writes=(0.3, 0.7), where="hours", elsewhere=0.05),
    "family": Kind(size=5, writes=(0.6, 0.95), minutes=(5, 60), generic=(0.4, 0.9), even=True),
    "moderators": Kind(size=4, writes=(0.7, 0.95), minutes=(60, 240), generic=(0.4, 0.8), even=True),
    "people of one topic": Kind(size=25, writes=(0.4, 0.8), where="topic", elsewhere=0.05),
    "fans of one season": Kind(size=30, writes=(0.3, 0.7), where="season"),
}
POD = Kind(size=15, writes=(0.5, 0.95), minutes=(5, 30), generic=(0.5, 0.9), even=True)
SUBSET = replace(POD, where="bought", elsewhere=0.03)


@dataclass(frozen=True)
class Planted:
    """A community and who is what.

    Attributes:
        crowd: what would be counted of it.
        kind: the kind of every account of the crowd.
        left: how many accounts of each kind there are, whether counted or not.
    """

    crowd: Crowd
    kind: npt.NDArray[Any]
    left: Mapping[str, int]


@dataclass(frozen=True)
class Written:
    """First comments under threads: by whom, where, after how many minutes, and whether they fit anything."""

    account: Whole
    thread: Whole
    minutes: Numbers
    generic: npt.NDArray[np.bool_]


def community(
    seed: int,
    *,
    threads: int = 60,
    bought: int = 0,
    pod: Kind | None = None,
    casual: int = 3_000,
    reciprocal: bool = False,
) -> Planted:
    """Plant a community.

    Args:
        seed: one seed, one world.
        threads: how many posts the creator opened.
        bought: under how many of them a pod that knows only these acts.
        pod: the pod, or nobody.
        casual: how many casual members there are.
        reciprocal: whether spaces of commenters are read: the pod's members write on each other's posts.
    """
    rng = np.random.default_rng(seed)
    popularity = rng.lognormal(-0.18, 0.6, threads)
    known = {
        "all": np.ones(threads, dtype=bool),
        "topic": rng.random(threads) < 1 / 3,
        "hours": rng.random(threads) < 0.5,
        "season": np.arange(threads) >= threads // 2,
        "bought": np.isin(np.arange(threads), rng.choice(threads, bought, replace=False)),
    }
    kinds = {**HONEST, **({"pod": pod} if pod else {})}
    names = np.repeat(["casual", *kinds], [casual, *(one.size for one in kinds.values())])
    parts = [_casual(rng, casual, popularity)]
    parts += [_writes(rng, one, popularity, known[one.where]) for one in kinds.values()]
    happens = np.concatenate([rng.random(part.shape) < part for part in parts])
    minutes = np.concatenate(
        [_between(rng, casual, (45, 120)), *(_between(rng, k.size, k.minutes) for k in kinds.values())]
    )
    fits = np.concatenate(
        [_between(rng, casual, (0.1, 0.5)), *(_between(rng, k.size, k.generic) for k in kinds.values())]
    )
    account, thread = np.nonzero(happens)
    written = Written(
        account,
        thread,
        minutes[account] * rng.lognormal(0, 1.2, len(account)),
        rng.random(len(account)) < fits[account],
    )
    back = _back(rng, names) if reciprocal else np.empty((0, 3), dtype=np.int64)
    return planted(written, names, back, reciprocal=reciprocal)


def _casual(rng: np.random.Generator, size: int, popularity: Numbers) -> Numbers:
    often = np.minimum(0.6, 0.012 * (1 + rng.pareto(1.6, size)))
    return np.minimum(0.95, np.outer(often, popularity))


def _writes(rng: np.random.Generator, one: Kind, popularity: Numbers, known: npt.NDArray[np.bool_]) -> Numbers:
    often = _between(rng, one.size, one.writes)
    weight = np.ones_like(popularity) if one.even else popularity
    return np.where(known, np.minimum(0.97, np.outer(often, weight)), one.elsewhere)


def _between(rng: np.random.Generator, size: int, ends: tuple[float, float]) -> Numbers:
    return rng.uniform(*ends, size)


def _back(rng: np.random.Generator, names: npt.NDArray[Any]) -> Whole:
    """Of each other's last 25 posts: members of a pod by their habit, a few superfans by friendship."""
    rows = []
    pod = np.flatnonzero(names == "pod")
    habit = rng.uniform(0.5, 0.95, len(pod))
    for at, one in enumerate(pod.tolist()):
        for to in range(at + 1, len(pod)):
            if rng.random() < 0.6:
                both = min(rng.binomial(25, habit[at]), rng.binomial(25, habit[to]))
                rows.append((one, int(pod[to]), both))
    friends = np.flatnonzero(names == "superfans")[:10].reshape(-1, 2)
    rows.extend((int(one), int(other), int(rng.binomial(25, 0.4))) for one, other in friends)
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def planted(written: Written, names: npt.NDArray[Any], back: Whole, *, reciprocal: bool) -> Planted:
    """Count what the engine would count of it."""
    of = np.bincount(written.account, minlength=len(names))
    regular = np.flatnonzero(of >= REGULAR)
    place = np.full(len(names), -1)
    place[regular] = np.arange(len(regular))

    def shares(flag: npt.NDArray[np.bool_]) -> Shares:
        hits = np.bincount(written.account, weights=flag, minlength=len(names)).astype(np.int64)
        return Shares(hits[regular], of[regular], int(hits.sum()), int(of.sum()))

    mine = place[written.account] >= 0
    number, thread = place[written.account[mine]], written.thread[mine]
    # Threads nobody regular wrote under hold no meeting, and are in no stratum.
    met, thread = np.unique(thread, return_inverse=True)
    strata = strata_of(np.bincount(written.thread[~mine], minlength=int(written.thread.max()) + 1)[met])
    margins = np.zeros((len(regular), int(strata.max()) + 1), dtype=np.int64)
    np.add.at(margins, (number, strata[thread]), 1)
    there = coo_array((np.ones(len(number), dtype=np.int64), (number, thread))).tocsr()
    pairs = triu(there @ there.T, k=1).tocoo()
    often = pairs.data >= REGULAR
    threads = np.bincount(strata, minlength=margins.shape[1])
    left, right = pairs.row[often].astype(np.int64), pairs.col[often].astype(np.int64)
    meetings = Meetings(left, right, pairs.data[often], margins, threads)
    candidates, tails = unlikely(meetings, LOOSEST)
    known = np.column_stack([place[back[:, 0]], place[back[:, 1]], back[:, 2]]) if len(back) else back
    generic = shares(written.generic)
    crowd = Crowd(
        accounts=tuple(map(str, regular)),
        comments=of[regular],
        threads=of[regular],
        early={m: shares(written.minutes <= m) for m in MINUTES},
        short=generic,
        generic=generic,
        meetings=meetings,
        candidates=candidates,
        tails=tails,
        returned=known[(known[:, :2] >= 0).all(axis=1)] if len(known) else known,
        readable=frozenset({"validated", "early", "generic", *(("reciprocal",) if reciprocal else ())}),
    )
    kinds, sizes = np.unique(names, return_counts=True)
    return Planted(crowd, names[regular], dict(zip(kinds.tolist(), sizes.tolist(), strict=True)))
