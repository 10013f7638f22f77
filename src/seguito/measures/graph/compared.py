"""Pairs who talk beside pairs who only meet: whom else each could have talked with under the same post."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seguito.measures.graph.pairs import Bools, Pairs, Whole

# How often another one is drawn where the first is a partner already.
TRIES = 8


def others(pairs: Pairs, thread: Whole, who: Whole, where: Whole, rng: np.random.Generator) -> Whole:
    """For each pair, somebody else who wrote in the thread where it met and does not talk with its first member.

    Args:
        pairs: members who talk.
        thread: the number of the thread in which each pair met.
        who: number of a member who wrote, once for each thread.
        where: the number of that thread.
        rng: the draws.

    Returns:
        The number of the other member for each pair; -1 where there is none.
    """
    order = np.lexsort((who, where))
    who, where = who[order], where[order]
    first, last = np.searchsorted(where, thread, "left"), np.searchsorted(where, thread, "right")
    talk = np.sort(pairs.start * pairs.size + pairs.end)
    found = np.full(len(pairs), -1, dtype=np.int64)
    for _ in range(TRIES):
        open_ = (found < 0) & (last > first)
        if not open_.any():
            break
        drawn = who[np.minimum(first + (rng.random(len(pairs)) * (last - first)).astype(np.int64), len(who) - 1)]
        good = open_ & (drawn != pairs.start) & (drawn != pairs.end) & ~_talks(pairs, talk, drawn)
        found[good] = drawn[good]
    return found


def _talks(pairs: Pairs, talk: Whole, drawn: Whole) -> Bools:
    keys = np.minimum(pairs.start, drawn) * pairs.size + np.maximum(pairs.start, drawn)
    found: Bools = talk[np.minimum(np.searchsorted(talk, keys), len(talk) - 1)] == keys
    return found


def enough(member: Whole, size: int, fewest: int) -> npt.NDArray[np.bool_]:
    """Which members used so many different words or more; `member` names one for each word used."""
    counted: npt.NDArray[np.bool_] = np.bincount(member, minlength=size) >= fewest
    return counted
