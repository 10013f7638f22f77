"""Counts per cluster (thread, account), with clusters that look alike kept once: shares and their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import Interval, cluster_ratio, effective_clusters, percentile, resampled_sums, seed_of
from seguito.measures.estimate import Part
from seguito.measures.space import Space

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Tally:
    """Counts of each kind of cluster, and how many clusters of each kind there are.

    Attributes:
        counts: each count, by its name.
        clusters: how many clusters there are of each kind.
        only_figures: whether intervals are left out.
    """

    counts: Mapping[str, Counts]
    clusters: Counts
    only_figures: bool = False
    _drawn: dict[int, Numbers] = field(default_factory=dict, repr=False, compare=False)

    def total(self, name: str) -> int:
        """The sum of one count over all clusters."""
        return int((self.counts[name] * self.clusters).sum())

    def ratio(self, top: str, bottom: str) -> float | None:
        """One sum over another; unknown where there is nothing below."""
        below = self.total(bottom)
        return self.total(top) / below if below else None

    def interval(self, top: str, bottom: str, name: str) -> Interval | None:
        """Cluster bootstrap of a share.

        Args:
            top: the count above, part of `bottom`.
            bottom: the count below.
            name: whose answer it is; seeds the draws.
        """
        if self.only_figures:
            return None
        tops, bottoms, seed = self._as_numbers(top), self._as_numbers(bottom), seed_of(name)
        return cluster_ratio(tops, bottoms, self.clusters, seed=seed, sums=lambda: self.drawn((top, bottom), seed))

    def drawn(self, names: Sequence[str], seed: int) -> Numbers:
        """Sums of some counts in every bootstrap sample of the clusters; with one seed, all counts are drawn once."""
        if seed not in self._drawn:
            values = np.column_stack([self._as_numbers(each) for each in self.counts])
            self._drawn[seed] = resampled_sums(values, self.clusters, seed=seed)
        every = list(self.counts)
        return self._drawn[seed][:, [every.index(name) for name in names]]

    def difference(self, one: Pair, other: Pair, name: str) -> Interval | None:
        """Cluster bootstrap of the difference of two shares, both from the same draw."""
        if self.only_figures or int(self.clusters.sum()) < 2:
            return None
        sums = self.drawn((*one, *other), seed_of(name))
        kept = (sums[:, 1] > 0) & (sums[:, 3] > 0)
        drawn = sums[kept, 0] / sums[kept, 1] - sums[kept, 2] / sums[kept, 3]
        sizes = self._as_numbers(one[1]) + self._as_numbers(other[1])
        return percentile(drawn, "cluster bootstrap", clusters=effective_clusters(sizes, self.clusters))

    def part(self, key: str, top: str, bottom: str, name: str) -> Part:
        """A share as a named piece of an answer."""
        value, interval = self.ratio(top, bottom), self.interval(top, bottom, name)
        return Part(key=key, value=value, interval=interval, n=self.total(bottom), unit="share")

    def _as_numbers(self, name: str) -> Numbers:
        return self.counts[name].astype(np.float64)


def tally(space: Space, rows: Any, cluster: str, **counts: Any) -> Tally:
    """Count per cluster and keep alike clusters once, in an order that the counts alone decide.

    Args:
        space: the space to run in.
        rows: an Ibis table.
        cluster: the column that names the cluster.
        counts: named aggregates of `rows`, whole numbers.
    """
    names = list(counts)
    each = rows.group_by(cluster).aggregate(**counts)
    alike = each.group_by(names).aggregate(clusters=each.count())
    table = space.fetch(alike.order_by(names))
    columns = {name: table[name].fill_null(0).to_numpy().astype(np.int64) for name in table.column_names}
    return Tally({name: columns[name] for name in names}, columns["clusters"], space.only_figures)
