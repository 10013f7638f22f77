"""Intervals: which one for what, and why, is told in docs/concepts/intervals.md.

Every function is deterministic: resampling uses a generator seeded by the caller's `seed`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
Z = 1.959963984540054
DRAWS = 2000

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of values that the data do not rule out, at `level`, found by `method`."""

    lo: float
    hi: float
    method: str
    level: float = LEVEL


def wilson(hits: int, n: int) -> Interval | None:
    """Wilson's interval for a share of independent units (Wilson 1927); `None` when there are none."""
    if n <= 0:
        return None
    share = hits / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Interval(max(0.0, middle - half), min(1.0, middle + half), "wilson")


def resampled_ratio(
    top: Sequence[float] | Numbers,
    bottom: Sequence[float] | Numbers,
    times: Sequence[int] | npt.NDArray[np.int64],
    *,
    seed: int,
    draws: int = DRAWS,
) -> Numbers:
    """Ratios sum(top)/sum(bottom) of `draws` cluster bootstrap samples.

    Clusters that look alike are given once with how many `times` they occur: drawing them together from one
    multinomial is the same bootstrap, at a fraction of the cost.

    Args:
        top: numerator of each kind of cluster.
        bottom: denominator of each kind of cluster.
        times: how many clusters of each kind there are.
        seed: makes the draws repeatable.
        draws: how many samples.

    Returns:
        The ratios, without those whose denominator came out 0.
    """
    counts = np.asarray(times, dtype=np.int64)
    total = int(counts.sum())
    if total == 0:
        return np.empty(0)
    rng = np.random.default_rng(seed)
    tops, bottoms = np.empty(draws), np.empty(draws)
    step = max(1, 4_000_000 // max(1, len(counts)))
    values = np.column_stack([np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)])
    for start in range(0, draws, step):
        size = min(step, draws - start)
        sums = rng.multinomial(total, counts / total, size=size) @ values
        tops[start : start + size], bottoms[start : start + size] = sums[:, 0], sums[:, 1]
    kept = bottoms > 0
    ratios: Numbers = tops[kept] / bottoms[kept]
    return ratios


def percentile(draws: Numbers, method: str) -> Interval | None:
    """The middle 95 % of bootstrap draws; `None` when there are fewer than 20."""
    if len(draws) < 20:
        return None
    lo, hi = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(lo), float(hi), method)


def cluster_ratio(
    top: Sequence[float] | Numbers,
    bottom: Sequence[float] | Numbers,
    times: Sequence[int] | npt.NDArray[np.int64],
    *,
    seed: int,
) -> Interval | None:
    """Percentile interval of a ratio, resampling clusters; `None` with fewer than two clusters."""
    if int(np.sum(times)) < 2:
        return None
    return percentile(resampled_ratio(top, bottom, times, seed=seed), "cluster bootstrap")


def bootstrap_t(values: Sequence[float] | Numbers, *, seed: int, draws: int = DRAWS) -> Interval | None:
    """Studentized bootstrap interval of a mean of independent units; `None` with fewer than three.

    Keeps its coverage with few, skewed units where the percentile bootstrap does not (Efron & Tibshirani 1993, 12.5).
    """
    sample = np.asarray(values, dtype=np.float64)
    n = len(sample)
    if n < 3:
        return None
    mean, error = sample.mean(), sample.std(ddof=1) / math.sqrt(n)
    if error == 0:
        return Interval(float(mean), float(mean), "bootstrap-t")
    rng = np.random.default_rng(seed)
    ts: list[Numbers] = []
    step = max(1, 4_000_000 // n)
    for start in range(0, draws, step):
        picked = sample[rng.integers(0, n, size=(min(step, draws - start), n))]
        errors = picked.std(axis=1, ddof=1) / math.sqrt(n)
        usable = errors > 0
        ts.append((picked.mean(axis=1)[usable] - mean) / errors[usable])
    lo, hi = np.quantile(np.concatenate(ts), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(mean - hi * error), float(mean - lo * error), "bootstrap-t")


@dataclass(frozen=True, slots=True)
class Errors:
    """How a labeller did on rows that people labelled: right and wrong among the positive and the negative."""

    true_positive: int
    false_negative: int
    false_positive: int
    true_negative: int

    @property
    def sensitivity(self) -> float:
        """Share of positives found, with one added to each cell so that few rows never look perfect."""
        return (self.true_positive + 1) / (self.true_positive + self.false_negative + 2)

    @property
    def specificity(self) -> float:
        """Share of negatives left alone, with one added to each cell."""
        return (self.true_negative + 1) / (self.true_negative + self.false_positive + 2)

    @property
    def informative(self) -> bool:
        """Whether the labeller tells positives from negatives better than a coin."""
        return self.sensitivity + self.specificity - 1 > 0.05


def corrected(share: float, errors: Errors) -> float:
    """The true share behind an apparent one (Rogan & Gladen 1978), kept inside 0 and 1."""
    gap = errors.sensitivity + errors.specificity - 1
    return min(1.0, max(0.0, (share + errors.specificity - 1) / gap))


def corrected_draws(shares: Numbers, errors: Errors, *, seed: int) -> Numbers:
    """True shares behind bootstrap draws of an apparent share, with the uncertainty of the labeller's error added.

    Sensitivity and specificity are drawn from their Beta posteriors (uniform prior), as in the Bayesian form of
    Lang & Reiczigel 2014.
    """
    rng = np.random.default_rng(seed + 1)
    size = len(shares)
    se = rng.beta(errors.true_positive + 1, errors.false_negative + 1, size)
    sp = rng.beta(errors.true_negative + 1, errors.false_positive + 1, size)
    usable = se + sp - 1 > 0.05
    drawn: Numbers = np.clip((shares[usable] + sp[usable] - 1) / (se[usable] + sp[usable] - 1), 0.0, 1.0)
    return drawn


def seed_of(name: str) -> int:
    """A seed that belongs to a name: the same on every machine and in every run."""
    import hashlib

    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
