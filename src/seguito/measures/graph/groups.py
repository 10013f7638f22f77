"""Groups of members who talk among themselves: found by Leiden, and believed only where chance makes none like them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import seed_of
from seguito.measures.graph.pairs import Pairs, Whole, rewired

Numbers = npt.NDArray[np.float64]
# Higher resolutions find more and smaller groups; the one whose groups come back most surely is taken.
RESOLUTIONS = (1.0, 1.5, 2.0, 3.0, 4.0)
# How often, and with what share of the pairs, groups are looked for again.
RESAMPLES, KEPT_PAIRS = 50, 0.8
# So many samples are enough to see which resolution is the most stable one.
SCREENED = 3
GRAPHS_OF_CHANCE = 100
# Beyond so many pairs, fewer resamples and graphs of chance tell the same: what they tell varies less.
PAIR_LOOKS = 1_500_000
FEWEST = 6
# What must be true of groups before anyone speaks of them (standard deviations; mean adjusted Rand index).
LEAST_Z, LEAST_STABLE = 3.0, 0.6
# Groups of fewer members are not shown.
SHOWN_MEMBERS = 10


@dataclass(frozen=True)
class Groups:
    """A division of members into groups.

    Attributes:
        of: the group of each member, numbered from 0, the largest first.
        resolution: at which it was found.
        inside: share of pairs within a group.
        chance: the same share in graphs of chance with the same degrees, divided in the same way.
        stable: mean adjusted Rand index with the groups found again in samples of the pairs.
        modularity: of the division at its resolution.
        chance_modularity: the same in graphs of chance.
    """

    of: Whole
    resolution: float
    inside: float
    chance: Numbers
    stable: float
    modularity: float
    chance_modularity: Numbers

    @property
    def z(self) -> float:
        """Modularity beyond graphs of chance, in their standard deviations."""
        spread = float(self.chance_modularity.std(ddof=1))
        beyond = self.modularity - float(self.chance_modularity.mean())
        return beyond / spread if spread > 0 else (0.0 if beyond == 0 else float(np.copysign(np.inf, beyond)))

    @property
    def stands(self) -> bool:
        """Whether chance makes no such groups, and other samples of the same pairs do."""
        return self.z > LEAST_Z and self.stable > LEAST_STABLE

    @property
    def sizes(self) -> Whole:
        """Members of each group."""
        return np.bincount(self.of).astype(np.int64)


def find(pairs: Pairs, name: str) -> Groups:
    """Look for groups, and for what chance would have made.

    Args:
        pairs: the graph; every member should have a partner.
        name: whose answer it is; seeds the draws.
    """
    looks = int(np.clip(PAIR_LOOKS // max(len(pairs), 1), FEWEST, RESAMPLES))
    rng = np.random.default_rng(seed_of(name))
    samples = [pairs.only(rng.random(len(pairs)) < KEPT_PAIRS) for _ in range(looks)]
    # Starting anew helps small graphs; large ones are divided alike from any start.
    tried = {at: divide(pairs, at, trials=3 if looks > FEWEST else 1) for at in RESOLUTIONS}
    few = {at: _again(of, at, samples[:SCREENED]) for at, of in tried.items()}
    # Of two resolutions as stable as each other, the lower one: fewer groups say the same more simply.
    resolution = max(RESOLUTIONS, key=lambda at: (float(np.mean(few[at])), -at))
    of = tried[resolution]
    stable = float(np.mean([*few[resolution], *_again(of, resolution, samples[SCREENED:], seed=SCREENED)]))
    chance = _by_chance(
        pairs, resolution, rng, int(np.clip(PAIR_LOOKS // max(len(pairs), 1), FEWEST, GRAPHS_OF_CHANCE))
    )
    return Groups(
        of=of,
        resolution=resolution,
        inside=inside(pairs, of),
        chance=chance[:, 0],
        stable=stable,
        modularity=modularity(pairs, of, resolution),
        chance_modularity=chance[:, 1],
    )


def divide(pairs: Pairs, resolution: float = 1.0, *, seed: int = 1, trials: int = 1) -> Whole:
    """Groups by the Leiden algorithm (Traag, Waltman & van Eck 2019), the largest first.

    Args:
        pairs: the graph.
        resolution: of modularity; higher finds more groups.
        seed: the same seed gives the same groups.
        trials: how often it starts anew; the best division is kept.

    Returns:
        The group of every member; a member without partners is a group of their own.
    """
    if not len(pairs):
        return np.arange(pairs.size, dtype=np.int64)
    from graspologic_native import leiden_csr

    matrix = pairs.matrix
    _, found = leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data,
        pairs.size,
        resolution=resolution,
        seed=seed,
        iterations=2,
        trials=trials,
    )
    of = np.full(pairs.size, -1, dtype=np.int64)
    of[np.fromiter(found.keys(), np.int64, len(found))] = np.fromiter(found.values(), np.int64, len(found))
    alone = of < 0
    of[alone] = of.max() + 1 + np.arange(int(alone.sum()))
    return _largest_first(of)


def _largest_first(of: Whole) -> Whole:
    sizes = np.bincount(of)
    first = np.full(len(sizes), len(of))
    np.minimum.at(first, of, np.arange(len(of)))
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    ranked: Whole = rank[of]
    return ranked


def inside(pairs: Pairs, of: Whole) -> float:
    """Share of the pairs whose two members are in one group."""
    return float((of[pairs.start] == of[pairs.end]).mean()) if len(pairs) else 0.0


def modularity(pairs: Pairs, of: Whole, resolution: float = 1.0) -> float:
    """Share of pairs inside groups less what degrees alone would give (Newman & Girvan 2004).

    With a resolution, of Reichardt & Bornholdt 2006.
    """
    if not len(pairs):
        return 0.0
    degrees = np.bincount(of, weights=pairs.degrees)
    return inside(pairs, of) - resolution * float(((degrees / (2 * len(pairs))) ** 2).sum())


def alike(one: Whole, other: Whole) -> float:
    """How alike two divisions of the same members are: the adjusted Rand index (Hubert & Arabie 1985)."""
    _, table = np.unique(one * (int(other.max()) + 1) + other, return_counts=True)
    both, first, second = (float((c * (c - 1.0)).sum()) for c in (table, np.bincount(one), np.bincount(other)))
    every = len(one) * (len(one) - 1.0)
    expected, most = first * second / every, (first + second) / 2
    return (both - expected) / (most - expected) if most != expected else 1.0


def _again(of: Whole, resolution: float, samples: list[Pairs], seed: int = 0) -> list[float]:
    """How alike the groups are to those found in each sample."""
    return [alike(of, divide(sample, resolution, seed=seed + at)) for at, sample in enumerate(samples)]


def _by_chance(pairs: Pairs, resolution: float, rng: np.random.Generator, times: int) -> Numbers:
    """One row a graph of chance: share of pairs inside its groups, and modularity."""
    rows, graph = [], pairs
    for at in range(times):
        # Each goes on from the one before: the first takes most passes to forget the real graph.
        graph = rewired(graph, rng, passes=10 if at == 0 else 3)
        of = divide(graph, resolution, seed=at)
        rows.append((inside(graph, of), modularity(graph, of, resolution)))
    return np.asarray(rows)
