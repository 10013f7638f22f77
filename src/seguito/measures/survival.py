"""How long until something happens, when the window's end cuts some of the waiting short (Kaplan & Meier 1958)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import (
    Interval,
    cluster_ratio,
    effective_clusters,
    percentile,
    resampled_sums,
    seed_of,
)
from seguito.measures.estimate import Series
from seguito.measures.space import Space

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Waiting:
    """Who waited for something, in whole units of time.

    Attributes:
        happened: for each kind of cluster, to how many it happened in unit 0, 1, 2, … (0 stays empty).
        left: for each kind of cluster, how many were watched for just so many whole units without it.
        times: how many clusters of each kind there are.
        seed: whose answer it is; seeds the draws.
        method: what the interval is called.
        only_figures: whether intervals are left out.
    """

    happened: Numbers
    left: Numbers
    times: npt.NDArray[np.int64]
    seed: str
    method: str
    only_figures: bool = False

    @property
    def n(self) -> int:
        """How many waited."""
        return int(((self.happened + self.left).sum(axis=1) * self.times).sum())

    @cached_property
    def curve(self) -> Numbers:
        """The share it happened to within 0, 1, 2, … units; not a number where nobody was watched so long."""
        sums: Numbers = self.times.astype(np.float64)[None, :] @ np.hstack([self.happened, self.left])
        curve: Numbers = _reached(sums)[0]
        return curve

    def reached(self, unit: int) -> float | None:
        """The share it happened to within `unit` units; unknown where nobody was watched so long."""
        at = float(self.curve[unit]) if self.n else float("nan")
        return None if np.isnan(at) else at

    def interval(self, unit: int) -> Interval | None:
        """The bootstrap interval of `reached`; where it never (or always) happened, that of `cluster_ratio`."""
        at, sizes = self.reached(unit), (self.happened + self.left).sum(axis=1)
        if self.only_figures or at is None or int(self.times.sum()) < 2:
            return None
        if at in (0.0, 1.0):
            return cluster_ratio(sizes if at else np.zeros(len(sizes)), sizes, self.times, seed=0)
        drawn = self._draws[:, unit]
        return percentile(drawn[~np.isnan(drawn)], self.method, clusters=effective_clusters(sizes, self.times))

    @cached_property
    def _draws(self) -> Numbers:
        sums = resampled_sums(np.hstack([self.happened, self.left]), self.times, seed=seed_of(self.seed))
        return _reached(sums)

    def series(self, unit: str) -> Series | None:
        """The curve, for a chart."""
        if not self.n:
            return None
        rows = tuple((at, float(share)) for at, share in enumerate(self.curve) if not np.isnan(share))
        return Series(kind="steps", columns=(unit, "share"), rows=rows)


def _reached(sums: Numbers) -> Numbers:
    """One curve a row, from how often it happened and how many were left, unit by unit."""
    units = sums.shape[1] // 2
    happened, left = sums[:, :units], sums[:, units:]
    gone = np.cumsum(happened + left, axis=1)
    watched = (happened + left).sum(axis=1, keepdims=True) - np.hstack([np.zeros((len(sums), 1)), gone[:, :-1]])
    with np.errstate(invalid="ignore", divide="ignore"):
        stay = 1 - happened / watched
    stay[:, 0] = 1.0
    curve: Numbers = 1 - np.cumprod(stay, axis=1)
    # Where it happened to all, nobody is left to watch, and nothing more can change.
    curve[np.logical_or.accumulate(stay == 0, axis=1)] = 1.0
    return curve


def watched(
    space: Space, rows: Any, took: Any, seen: Any, *, longest: int, seed: str, cluster: str | None = None
) -> Waiting:
    """Gather who waited.

    Args:
        space: the space to run in.
        rows: an Ibis table, one row for each that waits.
        took: in which unit (1, 2, …) it happened; null where it did not.
        seen: for how many whole units each was watched.
        longest: nothing is asked beyond this unit.
        seed: seeds the draws.
        cluster: the column whose equal values share a fate; by default each row stands alone.
    """
    timed = rows.mutate(seen=ibis.least(ibis.greatest(seen, 0), longest), took=took)
    # What happened in a unit that was not watched to its end is not yet known, like what happens after it.
    timed = timed.mutate(took=ibis.ifelse((timed.took <= timed.seen).fill_null(False), timed.took, 0))
    by = ([cluster] if cluster else []) + ["took", "seen"]
    table = space.fetch(timed.group_by(by).aggregate(rows_n=timed.count()).order_by(by))
    took_at, seen_at, counts = (table[name].to_numpy().astype(np.int64) for name in ("took", "seen", "rows_n"))
    if cluster:
        codes = table[cluster].combine_chunks().dictionary_encode().indices.to_numpy()
        times = np.ones(int(codes.max()) + 1 if len(codes) else 0, dtype=np.int64)
        weights = counts
    else:
        codes, times, weights = np.arange(len(counts)), counts, np.ones(len(counts), dtype=np.int64)
    happened, left = np.zeros((len(times), longest + 1)), np.zeros((len(times), longest + 1))
    is_over = took_at > 0
    np.add.at(happened, (codes[is_over], took_at[is_over]), weights[is_over])
    np.add.at(left, (codes[~is_over], seen_at[~is_over]), weights[~is_over])
    unit = "cluster bootstrap" if cluster else "bootstrap"
    return Waiting(happened, left, times, seed, f"{unit} of Kaplan-Meier", space.only_figures)
