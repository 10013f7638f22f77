"""Pairs of accounts that answer the same posts within seconds of each other, as published coordination tools count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
# Pairs are looked up in so many cells first, most of which are empty; then exactly.
_CELLS = 24
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Edges:
    """A network: `weight` comments of `left` have one of `right` near them. Ordered by both."""

    left: Whole
    right: Whole
    weight: Whole


def pairs_within(account: Whole, thread: Whole, at_s: Whole, *, seconds: int, least: int) -> Edges:
    """The co-reply network of some comments.

    An account has an edge to another for every comment of its own that has one of the other's under the same post, at
    most `seconds` before or after it; edges of fewer than `least` such comments fall away. No null model stands behind
    it: the busier a post, the more pairs meet by chance.

    Args:
        account: who wrote each comment, as a number below two thousand million.
        thread: under which post.
        at_s: when, in seconds.
        seconds: the window.
        least: the smallest weight of an edge.
    """
    order = np.lexsort((at_s, thread))
    who, where, when = account[order].astype(np.int64), thread[order], at_s[order]
    # A pair with an edge met so often at least: few do, and only their comments are counted apart.
    every = np.sort(np.concatenate([_pair(who, *one) for one in _met(who, where, when, seconds)] or [_NONE]))
    first = np.flatnonzero(np.insert(every[1:] != every[:-1], 0, True)) if len(every) else _NONE
    often = every[first][np.diff(np.append(first, len(every))) >= least]
    if not len(often):
        return Edges(_NONE, _NONE, _NONE)
    cells = np.zeros(1 << _CELLS, dtype=np.bool_)
    cells[_cell(often)] = True
    found = np.concatenate([_counted(who, often, cells, *one) for one in _met(who, where, when, seconds)])
    # One row for every direction and comment; its upper half is the direction.
    direction, weight = np.unique(np.unique(found) >> 32, return_counts=True)
    enough = weight >= least
    pair, side = often[direction[enough] >> 1], direction[enough] & 1
    low, high = pair >> 32, pair & 0xFFFFFFFF
    left, right = np.where(side == 0, low, high), np.where(side == 0, high, low)
    ordered = np.lexsort((right, left))
    return Edges(left[ordered], right[ordered], weight[enough][ordered])


_NONE = np.empty(0, dtype=np.int64)


def _met(who: Whole, where: Whole, when: Whole, seconds: int) -> Iterator[tuple[Whole, Whole]]:
    """Places of comments that meet, the next neighbours first, then those one further apart, until none is near."""
    here, step = np.arange(len(who)), 1
    while len(here):
        here = here[here + step < len(who)]
        there = here + step
        near = (where[here] == where[there]) & (when[there] - when[here] <= seconds)
        # In order of time, what is too far from this neighbour is too far from all later ones.
        here, there = here[near], there[near]
        others = who[here] != who[there]
        yield here[others], there[others]
        step += 1


def _pair(who: Whole, here: Whole, there: Whole) -> Whole:
    """One number for two accounts, whoever came first."""
    one, other = who[here], who[there]
    found: Whole = (np.minimum(one, other) << 32) | np.maximum(one, other)
    return found


def _counted(who: Whole, often: Whole, cells: npt.NDArray[np.bool_], here: Whole, there: Whole) -> Whole:
    """For pairs that met often: the direction (twice the pair's place, 1 for the higher account), and the comment."""
    pair = _pair(who, here, there)
    maybe = np.flatnonzero(cells[_cell(pair)])
    place = np.minimum(np.searchsorted(often, pair[maybe]), len(often) - 1)
    is_often = often[place] == pair[maybe]
    maybe, place = maybe[is_often], place[is_often]
    here, there = here[maybe], there[maybe]
    low_first = (who[here] < who[there]).astype(np.int64)
    return np.concatenate([((2 * place + 1 - low_first) << 32) | here, ((2 * place + low_first) << 32) | there])


def _cell(pair: Whole) -> Whole:
    spread = pair.astype(np.uint64) * _SPREAD
    found: Whole = (spread >> np.uint64(64 - _CELLS)).astype(np.int64)
    return found
