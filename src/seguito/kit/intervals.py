"""Intervals: which one for what, and why, is told in docs/concepts/intervals.md.

Every function is deterministic: resampling uses a generator seeded by the caller's `seed`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
Z = 1.959963984540054
DRAWS = 2000
# How alike rows of one thread are taken to be where the rows themselves cannot tell: the high end of what surveys of
# clusters find (.01 to .2).
ALIKE = 0.2

Numbers = npt.NDArray[np.float64]
Values = Sequence[float] | npt.NDArray[np.float64] | npt.NDArray[np.int64]


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
    return _wilson(hits / n, n, "wilson")


def counted_rate(events: int, exposure: float) -> Interval | None:
    """Exact interval of a rate of independent events, each counted once (Garwood 1936); `None` without exposure.

    Args:
        events: how many were counted.
        exposure: over how much time; the rate is per unit of it.
    """
    if exposure <= 0:
        return None
    from scipy.special import gammaincinv

    tail = (1 - LEVEL) / 2
    lo = float(gammaincinv(events, tail)) if events else 0.0
    return Interval(lo / exposure, float(gammaincinv(events + 1, 1 - tail)) / exposure, "Garwood")


def _wilson(share: float, n: float, method: str) -> Interval:
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    # Exact ends where nothing or everything was seen: rounding leaves 1e-18 otherwise.
    lo, hi = (0.0 if share == 0 else middle - half), (1.0 if share == 1 else middle + half)
    return Interval(max(0.0, lo), min(1.0, hi), method)


def resampled_ratio(
    top: Values,
    bottom: Values,
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
    values = np.column_stack([np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)])
    return ratios(resampled_sums(values, times, seed=seed, draws=draws))


def ratios(sums: Numbers) -> Numbers:
    """The first column over the second, without the rows where there is nothing to divide by."""
    kept = sums[:, 1] > 0
    found: Numbers = sums[kept, 0] / sums[kept, 1]
    return found


def resampled_sums(
    values: Numbers, times: Sequence[int] | npt.NDArray[np.int64], *, seed: int, draws: int = DRAWS
) -> Numbers:
    """Column sums of `draws` cluster bootstrap samples, one row a sample; no row when there is no cluster.

    Args:
        values: one row for each kind of cluster.
        times: how many clusters of each kind there are.
        seed: makes the draws repeatable.
        draws: how many samples.
    """
    counts = np.asarray(times, dtype=np.int64)
    total = int(counts.sum())
    if total == 0:
        return np.empty((0, values.shape[1]))
    rng = np.random.default_rng(seed)
    sums = np.empty((draws, values.shape[1]))
    step = max(1, 4_000_000 // max(1, len(counts)))
    for start in range(0, draws, step):
        size = min(step, draws - start)
        sums[start : start + size] = rng.multinomial(total, counts / total, size=size) @ values
    return sums


def effective_clusters(bottom: Values, times: Sequence[int] | npt.NDArray[np.int64]) -> float:
    """How many clusters of equal size would tell as much (Kish 1965): (sum of sizes)² / sum of squared sizes."""
    sizes, counts = np.asarray(bottom, dtype=np.float64), np.asarray(times, dtype=np.float64)
    squares = float((counts * sizes * sizes).sum())
    return float((counts * sizes).sum()) ** 2 / squares if squares else 0.0


def percentile(draws: Numbers, method: str, *, clusters: float = math.inf) -> Interval | None:
    """The middle 95 % of bootstrap draws; `None` when there are fewer than 20.

    With few clusters the plain percentile interval is too narrow: it leaves out the truth in 12 % of cases instead of
    5 % at twenty unequal clusters. Its tails are then cut where a t interval would cut them, with the clusters'
    effective number as degrees of freedom (the expanded percentile of Hesterberg 2015).

    Args:
        draws: the bootstrap draws.
        method: the name of the method, for the record.
        clusters: effective number of clusters that were resampled.
    """
    if len(draws) < 20:
        return None
    tail = (1 - LEVEL) / 2
    if math.isfinite(clusters):
        from scipy.special import ndtr, stdtrit

        k = max(clusters, 2.0)
        tail = float(ndtr(-math.sqrt(k / (k - 1)) * stdtrit(k - 1, 1 - tail)))
    lo, hi = np.quantile(draws, [tail, 1 - tail])
    return Interval(float(lo), float(hi), method)


def cluster_ratio(
    top: Values,
    bottom: Values,
    times: Sequence[int] | npt.NDArray[np.int64],
    *,
    seed: int,
    sums: Callable[[], Numbers] | None = None,
) -> Interval | None:
    """Interval of a share or ratio, resampling clusters; `None` with fewer than two clusters that hold anything.

    A share of exactly 0 or 1 does not vary from draw to draw, which must not pass for certainty: it gets Wilson's
    interval on as many independent units as rows that are alike within clusters (correlation `ALIKE`) are worth.

    Args:
        top: numerator of each kind of cluster.
        bottom: denominator of each kind of cluster.
        times: how many clusters of each kind there are.
        seed: makes the draws repeatable.
        sums: gives what `resampled_sums` gives for `top` and `bottom` with this seed, where it was drawn before.
    """
    tops, bottoms = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    counts = np.asarray(times, dtype=np.int64)
    if int(counts[bottoms > 0].sum()) < 2:
        return None
    hits, n = float((counts * tops).sum()), float((counts * bottoms).sum())
    if not tops[counts > 0].any() or bool((tops == bottoms)[counts > 0].all()):
        size = float((counts * bottoms * bottoms).sum()) / n
        worth = n / (1 + max(0.0, size - 1) * ALIKE)
        return _wilson(hits / n, worth, "wilson, clusters")
    draws = ratios(sums()) if sums else resampled_ratio(tops, bottoms, counts, seed=seed)
    return percentile(draws, "cluster bootstrap", clusters=effective_clusters(bottoms, counts))


def total_draws(
    values: Values,
    times: Sequence[int] | npt.NDArray[np.int64],
    *,
    seed: int,
    draws: int = DRAWS,
) -> Numbers:
    """Totals of `draws` Poisson bootstrap samples: how many units there are is as uncertain as what each brings.

    For counts over a given stretch of time (Hanley & MacGibbon 2006). A unit that occurs `times` times has a Poisson
    weight of that mean, so the variance of the total is the sum of squares, as for a compound Poisson count.

    Args:
        values: what each kind of unit brings; one column per total.
        times: how many units of each kind there are.
        seed: makes the draws repeatable.
        draws: how many samples.

    Returns:
        One row a draw, one column a total.
    """
    table = np.asarray(values, dtype=np.float64)
    table = table[:, None] if table.ndim == 1 else table
    means = np.asarray(times, dtype=np.float64)
    rng = np.random.default_rng(seed)
    out = np.empty((draws, table.shape[1]))
    step = max(1, 4_000_000 // max(1, len(means)))
    for start in range(0, draws, step):
        size = min(step, draws - start)
        out[start : start + size] = rng.poisson(means, size=(size, len(means))) @ table
    return out


def block_mean(series: Values, *, block: int, seed: int, draws: int = DRAWS) -> Interval | None:
    """Interval of the mean of a daily series, resampling blocks of `block` days in a row (Künsch 1989).

    Blocks run over the end into the beginning, so that every day is as likely as any other. `None` with fewer than
    four blocks.
    """
    days = np.asarray(series, dtype=np.float64)
    n = len(days)
    if n < 4 * block:
        return None
    if days.min() == days.max():
        return None
    sums = np.convolve(np.concatenate([days, days[: block - 1]]), np.ones(block), "valid")
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, n, size=(draws, round(n / block)))
    means = sums[picked].mean(axis=1) / block
    return percentile(means, "moving blocks", clusters=n / block)


def bootstrap_t(values: Values, *, seed: int, draws: int = DRAWS) -> Interval | None:
    """Studentized bootstrap interval of a mean of independent units.

    Keeps its coverage with few, skewed units where the percentile bootstrap does not (Efron & Tibshirani 1993, 12.5).
    `None` with fewer than three, or when all are alike: then nothing tells how far the mean may be off.
    """
    sample = np.asarray(values, dtype=np.float64)
    n = len(sample)
    if n < 3:
        return None
    mean, error = sample.mean(), sample.std(ddof=1) / math.sqrt(n)
    if sample.min() == sample.max():
        return None
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


def typical(counts: Values) -> tuple[float, Interval | None]:
    """What a typical unit brings: exp(mean of log(1 + count)) - 1, with a t interval on the logs.

    The mean of skewed counts is carried by a few units; this is close to the median. No interval with fewer than three
    units or when all are alike.
    """
    logs = np.log1p(np.asarray(counts, dtype=np.float64))
    n = len(logs)
    middle = float(logs.mean())
    if n < 3 or logs.min() == logs.max():
        return math.expm1(middle), None
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * float(logs.std(ddof=1)) / math.sqrt(n)
    return math.expm1(middle), Interval(max(0.0, math.expm1(middle - half)), math.expm1(middle + half), "t on logs")


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


def prevalence(
    hits: int, n: int, errors: Errors, *, in_se: float = 0.0, in_sp: float = 0.0
) -> tuple[float, Interval] | None:
    """The share behind `hits` of `n` independent units, for a test that errs (Rogan & Gladen 1978).

    The interval is that of Lang & Reiczigel 2014: it carries what is not known of sensitivity and specificity along.

    Args:
        hits: units that the test found.
        n: units tested.
        errors: how often the test was right and wrong where it was measured.
        in_se: how much higher its sensitivity may be here.
        in_sp: how much higher its specificity may be here.

    Returns:
        The share and its interval; `None` where nothing was tested, or the test says next to nothing.
    """
    se, sp = min(1.0, errors.sensitivity + in_se), min(1.0, errors.specificity + in_sp)
    gap = se + sp - 1
    if n <= 0 or gap <= 0.05:
        return None
    value = min(1.0, max(0.0, (hits / n + sp - 1) / gap))
    seen = (hits + Z * Z / 2) / (n + Z * Z)
    middle = (seen + sp - 1) / gap
    of_se = se * (1 - se) / (errors.true_positive + errors.false_negative + 2)
    of_sp = sp * (1 - sp) / (errors.true_negative + errors.false_positive + 2)
    shift = 2 * Z * Z * (middle * of_se - (1 - middle) * of_sp)
    spread = seen * (1 - seen) / (n + Z * Z) + middle**2 * of_se + (1 - middle) ** 2 * of_sp
    half = Z / gap * math.sqrt(spread)
    lo, hi = min(1.0, max(0.0, middle + shift - half)), min(1.0, max(0.0, middle + shift + half))
    return value, Interval(min(lo, value), max(hi, value), "Lang-Reiczigel")


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
