"""Community: when one member writes to another, does the other write back?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.intervals import Interval, percentile, seed_of, wilson
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part
from seguito.measures.space import Space

Whole = npt.NDArray[np.int64]
NEWEST = [ibis.desc("created_s"), "uri"]
# Draws are fewer where arcs are many: what they tell then varies less.
ARC_DRAWS = 60_000_000
ARC_SHUFFLES = 5_000_000
EXACT_ARCS = 2_000_000


@dataclass(frozen=True)
class Arcs:
    """Who wrote to whom, each ordered pair once, sorted; members are numbered in the order of their uris."""

    start: Whole
    end: Whole
    size: int

    @property
    def mutual(self) -> npt.NDArray[np.bool_]:
        """For every arc, whether the arc back is there too."""
        forth, back = self.start * self.size + self.end, self.end * self.size + self.start
        found = np.minimum(np.searchsorted(forth, back), len(forth) - 1)
        is_mutual: npt.NDArray[np.bool_] = forth[found] == back
        return is_mutual

    @property
    def density(self) -> float:
        """Share of all ordered pairs of members that are arcs."""
        return len(self.start) / (self.size * (self.size - 1))

    @property
    def active(self) -> int:
        """How many members have two arcs or more."""
        degrees = np.bincount(self.start, minlength=self.size) + np.bincount(self.end, minlength=self.size)
        return int((degrees >= 2).sum())


def mutual_pairs(space: Space) -> Draft:
    """How much more often than by chance a member who is written to writes back (the creator taken out).

    Question: Are there relations between members, or only calls without an answer?
    Definition: reciprocity less density over one less density, on the graph of who wrote to whom among known members
        (0: as often as chance has it, 1: always). Parts give the share of arcs that are returned, the density, the
        number of mutual pairs, and the share that would be returned if everybody wrote and was written to as often
        as now but to members drawn at random.
    Interval: vertex bootstrap (Snijders & Borgatti 1999); the random graphs keep degrees but for loops and doubles.
    Reference: Garlaschelli & Loffredo 2004.
    Needs: authors, creator, threads.
    Minimum: 100 members with two arcs or more.
    Not: people who answer under different posts of the same evening may never have noticed each other; pairs who talk
        in private are not seen.
    """
    exchanges = space.exchanges
    pairs = exchanges.select(start="account_uri", end="target_account_uri").distinct()
    arcs = _arcs(space.fetch(pairs))
    count = len(arcs.start)
    if not count or arcs.density == 1.0:
        return Draft(value=None, n=arcs.active if count else 0)
    mutual = arcs.mutual
    returned = float(mutual.mean())
    back = pairs.select(there="end", back="start")
    met = exchanges.left_join(
        back, (exchanges.account_uri == back.there) & (exchanges.target_account_uri == back.back)
    ).order_by(NEWEST)
    return Draft(
        value=excess(returned, arcs.density),
        n=arcs.active,
        interval=_interval(arcs, mutual),
        parts=(
            Part(key="returned", value=returned, n=count, unit="share"),
            Part(key="density", value=arcs.density, n=count, unit="share"),
            Part(key="mutual_pairs", value=int(mutual.sum()) / 2, n=count, unit="count"),
            _by_chance(arcs),
        ),
        evidence_for=space.uris(met.filter(met.there.notnull())),
        evidence_against=space.uris(met.filter(met.there.isnull())),
    )


def excess(returned: Any, density: Any) -> Any:
    """Reciprocity beyond density (Garlaschelli & Loffredo 2004)."""
    return (returned - density) / (1 - density)


def _arcs(pairs: pa.Table) -> Arcs:
    start, end = pairs["start"].combine_chunks(), pairs["end"].combine_chunks()
    names = pc.unique(pa.chunked_array([start, end]))
    names = names.take(pc.sort_indices(names))
    numbers = [pc.index_in(column, value_set=names).to_numpy().astype(np.int64) for column in (start, end)]
    order = np.lexsort((numbers[1], numbers[0]))
    return Arcs(numbers[0][order], numbers[1][order], len(names))


def _interval(arcs: Arcs, mutual: npt.NDArray[np.bool_]) -> Interval | None:
    """Draw members with replacement; an arc counts as often as both its ends were drawn together."""
    size, count = arcs.size, len(arcs.start)
    if mutual.all() or not mutual.any():
        # Drawing from nothing but noes would be certain of them.
        bounds = wilson(count // 2 if mutual.all() else 0, count // 2 if mutual.all() else count)
        return bounds and Interval(excess(bounds.lo, arcs.density), excess(bounds.hi, arcs.density), "wilson, pairs")
    rng = np.random.default_rng(seed_of("community.mutual_pairs"))
    draws = int(np.clip(ARC_DRAWS // count, 200, 2000))
    values = np.empty(draws)
    # The same member drawn twice makes a pair that was never observed: it takes the place of an average one.
    returned, density = float(mutual.mean()), arcs.density
    # Sums of products of draws are whole numbers: single precision holds them exactly up to 16 million.
    exact: Any = np.float32 if count < EXACT_ARCS else np.float64
    start, end = arcs.start.astype(np.int32), arcs.end.astype(np.int32)
    start_back, end_back = start[mutual], end[mutual]
    for draw in range(draws):
        weight = np.bincount(rng.integers(0, size, size, dtype=np.int32), minlength=size).astype(exact)
        twins = float((weight * (weight - 1)).sum(dtype=np.float64)) * density
        found = float(np.dot(weight[start], weight[end])) + twins
        back = float(np.dot(weight[start_back], weight[end_back])) + twins * returned
        values[draw] = excess(back / found, found / (size * (size - 1))) if found else np.nan
    return percentile(values[~np.isnan(values)], "vertex bootstrap")


def _by_chance(arcs: Arcs) -> Part:
    """The share of arcs returned when ends are dealt out anew; the interval is where chance alone stays."""
    rng = np.random.default_rng(seed_of("community.mutual_pairs.chance"))
    count = len(arcs.start)
    shuffles = int(np.clip(ARC_SHUFFLES // count, 20, 200))
    drawn = np.asarray([_returned(arcs.start, rng.permutation(arcs.end), arcs.size) for _ in range(shuffles)])
    return Part(
        key="returned_by_chance",
        value=float(drawn.mean()),
        interval=percentile(drawn, "random graphs with the same degrees"),
        n=count,
        unit="share",
    )


def _returned(start: Whole, end: Whole, size: int) -> float:
    """The share of arcs that are returned, loops and doubles left out."""
    apart = start != end
    start, end = start[apart], end[apart]
    # An arc and the arc back differ in the last bit only, and so stand side by side.
    keys = (np.minimum(start, end) * size + np.maximum(start, end)) * 2 + (start > end)
    keys.sort()
    keys = keys[np.insert(keys[1:] != keys[:-1], 0, True)] if len(keys) else keys
    pairs = int((keys[1:] >> 1 == keys[:-1] >> 1).sum())
    return 2 * pairs / len(keys) if len(keys) else 0.0


MUTUAL_PAIRS = Measure(
    name="community.mutual_pairs",
    unit="ratio",
    n_unit="members",
    min_n=100,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=mutual_pairs,
)
