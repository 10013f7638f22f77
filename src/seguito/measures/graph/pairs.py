"""Who talks with whom: the pairs of members of a space, and what chance would have made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
# After so many passes over all pairs, hardly any is left where it was.
PASSES = 10
# Pairs looked at in all samples of a bootstrap together.
PAIRS_DRAWN = 60_000_000


@dataclass(frozen=True)
class Pairs:
    """Members who wrote to each other, each pair once, whoever wrote and however often.

    Attributes:
        start: number of one member of each pair, the smaller one.
        end: number of the other.
        size: how many members there are, numbered from 0.
        names: their uris, sorted; empty for a graph of chance.
    """

    start: Whole
    end: Whole
    size: int
    names: pa.Array

    def __len__(self) -> int:
        return len(self.start)

    @property
    def degrees(self) -> Whole:
        """With how many others each member talks."""
        both = np.bincount(self.start, minlength=self.size) + np.bincount(self.end, minlength=self.size)
        return both.astype(np.int64)

    @property
    def matrix(self) -> Any:
        """The symmetric sparse matrix of pairs (scipy CSR, ones, sorted indices)."""
        from scipy.sparse import coo_array

        rows, columns = np.concatenate([self.start, self.end]), np.concatenate([self.end, self.start])
        made = coo_array((np.ones(len(rows)), (rows, columns)), shape=(self.size, self.size)).tocsr()
        made.sort_indices()
        return made

    def only(self, kept: Bools) -> Pairs:
        """The same members with only some of their pairs."""
        return Pairs(self.start[kept], self.end[kept], self.size, self.names)


def pairs_of(table: pa.Table) -> Pairs:
    """Pairs of a table of who wrote to whom.

    Args:
        table: columns `start` and `end`, uris of accounts, in any order and however often.
    """
    start, end = table["start"].combine_chunks(), table["end"].combine_chunks()
    names = pc.unique(pa.chunked_array([start, end]))
    names = names.take(pc.sort_indices(names))
    one, other = (pc.index_in(column, value_set=names).to_numpy().astype(np.int64) for column in (start, end))
    size = len(names)
    apart = one != other
    keys = np.unique(np.minimum(one, other)[apart] * size + np.maximum(one, other)[apart])
    return Pairs(keys // max(size, 1), keys % max(size, 1), size, names)


def rewired(pairs: Pairs, rng: np.random.Generator, passes: int = PASSES) -> Pairs:
    """A graph of chance in which everybody has as many partners as before.

    Two pairs swap their ends, many at a time; a swap that would join a member to themself or repeat a pair is not made.

    Args:
        pairs: the graph to start from.
        rng: the draws.
        passes: in each, every pair is offered one swap.
    """
    start, end, size = pairs.start.copy(), pairs.end.copy(), pairs.size
    half = len(start) // 2
    for _ in range(passes if half else 0):
        order = rng.permutation(len(start))
        one, other = order[:half], order[half : 2 * half]
        crossed = rng.random(half) < 0.5
        begun, ended = start[one], end[one]
        here, there = np.where(crossed, end[other], start[other]), np.where(crossed, start[other], end[other])
        first, second = _keys(begun, there, size), _keys(here, ended, size)
        made = (begun != there) & (here != ended) & _new(first, second, np.sort(_keys(start, end, size)))
        end[one[made]] = there[made]
        start[other[made]], end[other[made]] = here[made], ended[made]
    keys = np.sort(_keys(start, end, size))
    return Pairs(keys // max(size, 1), keys % max(size, 1), size, pa.array([], pa.string()))


def drawn_means(pairs: Pairs, values: Numbers, *, seed: int, draws: int = 500) -> Numbers:
    """Means of a figure of each pair over samples of the members (vertex bootstrap, Snijders & Borgatti 1999).

    Members are drawn with replacement; a pair counts as often as both of its members were drawn together.

    Args:
        pairs: the graph.
        values: one figure a pair.
        seed: makes the draws repeatable.
        draws: how many samples; fewer of a large graph, whose means vary less.

    Returns:
        The means, without samples in which no pair was drawn.
    """
    rng = np.random.default_rng(seed)
    means = []
    for _ in range(int(np.clip(PAIRS_DRAWN // max(len(pairs), 1), 100, draws))):
        weight = np.bincount(rng.integers(0, pairs.size, pairs.size), minlength=pairs.size).astype(np.float64)
        times = weight[pairs.start] * weight[pairs.end]
        if times.any():
            means.append(float((times * values).sum() / times.sum()))
    return np.asarray(means)


def _keys(one: Whole, other: Whole, size: int) -> Whole:
    """A number for each pair, whichever way round."""
    found: Whole = np.minimum(one, other) * size + np.maximum(one, other)
    return found


def _new(first: Whole, second: Whole, there: Whole) -> Bools:
    """Swaps neither of whose pairs is there already, nor offered by another swap."""
    offered, which, times = np.unique(np.concatenate([first, second]), return_inverse=True, return_counts=True)
    at = np.minimum(np.searchsorted(there, offered), len(there) - 1)
    good = ((there[at] != offered) & (times == 1))[which]
    found: Bools = good[: len(first)] & good[len(first) :]
    return found


def largest_component(pairs: Pairs) -> tuple[Pairs, float]:
    """The largest set of members joined by pairs, numbered anew, and its share of all members of the graph.

    Of two as large as each other, the one with the first member.
    """
    from scipy.sparse.csgraph import connected_components

    if not len(pairs):
        return Pairs(pairs.start, pairs.end, 0, pairs.names.slice(0, 0)), 0.0
    _, of = connected_components(pairs.matrix, directed=False)
    kept = of == int(np.argmax(np.bincount(of)))
    number = np.cumsum(kept) - 1
    inside = kept[pairs.start]
    names = pairs.names.filter(pa.array(kept))
    found = Pairs(number[pairs.start[inside]], number[pairs.end[inside]], int(kept.sum()), names)
    return found, found.size / pairs.size
