"""Intervals against published figures, independent computations and their own promise: 95 in 100 hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from seguito.kit import intervals
from seguito.kit.intervals import (
    Errors,
    Interval,
    block_mean,
    bootstrap_t,
    cluster_ratio,
    corrected,
    corrected_draws,
    effective_clusters,
    percentile,
    resampled_ratio,
    seed_of,
    total_draws,
    typical,
    wilson,
)


def known(interval: Interval | None) -> Interval:
    assert interval is not None
    return interval


# Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "lo", "hi"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_bounds(hits: int, n: int, lo: float, hi: float) -> None:
    found = known(wilson(hits, n))
    assert (round(found.lo, 4), round(found.hi, 4)) == (lo, hi)


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None


def test_alike_clusters_given_once_are_the_plain_bootstrap() -> None:
    tops, bottoms, times = [0, 1, 3, 2], [1, 2, 4, 9], [5, 3, 2, 4]
    found = resampled_ratio(tops, bottoms, times, seed=1, draws=40_000)
    rng = np.random.default_rng(2)
    top, bottom = np.repeat(tops, times), np.repeat(bottoms, times)
    picked = rng.integers(0, len(top), size=(40_000, len(top)))
    plain = top[picked].sum(axis=1) / bottom[picked].sum(axis=1)
    assert stats.ks_2samp(found, plain).statistic < 0.012
    assert found.std() == pytest.approx(plain.std(), rel=0.02)


def test_effective_clusters() -> None:
    assert effective_clusters([4], [10]) == pytest.approx(10)
    # One of 90 and ten of 1: (90 + 10)² / (8100 + 10).
    assert effective_clusters([90, 1], [1, 10]) == pytest.approx(10_000 / 8110)
    assert effective_clusters([], []) == 0


def test_few_clusters_widen_the_tails_as_a_t_interval_does() -> None:
    draws = np.random.default_rng(3).normal(0, 1, 200_000)
    # With five clusters: t(.975, 4) = 2.776, times √(5/4) = 3.104.
    assert known(percentile(draws, "m", clusters=5)).hi == pytest.approx(3.104, abs=0.05)
    assert known(percentile(draws, "m")).hi == pytest.approx(1.96, abs=0.02)
    assert percentile(draws[:19], "m") is None


def test_a_ratio_needs_two_clusters_that_hold_something() -> None:
    assert cluster_ratio([1], [2], [1], seed=1) is None
    assert cluster_ratio([1, 0], [2, 0], [1, 7], seed=1) is None
    assert cluster_ratio([], [], [], seed=1) is None


def test_nothing_seen_is_not_certainty() -> None:
    # 20 threads of 5: worth 100 / (1 + 4 · .2) = 55.6 rows; Wilson at 0: z² / (n + z²) = 3.8415 / 59.397.
    found = known(cluster_ratio([0], [5], [20], seed=1))
    assert found.lo == 0
    assert found.hi == pytest.approx(0.06468, abs=1e-5)
    everything = known(cluster_ratio([5], [5], [20], seed=1))
    assert (everything.hi, everything.lo) == (pytest.approx(1), pytest.approx(1 - 0.06468, abs=1e-5))


@pytest.mark.parametrize(("clusters", "share", "least"), [(10, 0.4, 0.93), (20, 0.1, 0.90), (40, 0.4, 0.92)])
def test_a_cluster_interval_holds_the_truth(clusters: int, share: float, least: float) -> None:
    rng = np.random.default_rng(11)
    held = tried = 0
    for run in range(300):
        sizes = np.maximum(1, rng.lognormal(2, 1, clusters).astype(int))
        hits = rng.binomial(sizes, rng.beta(4 * share, 4 * (1 - share), clusters))
        found = cluster_ratio(hits, sizes, [1] * clusters, seed=run)
        tried += 1
        held += found is not None and found.lo <= share <= found.hi
    assert held / tried >= least


def test_bootstrap_t_of_a_skewed_mean_holds_the_truth_where_the_percentile_does_not() -> None:
    rng = np.random.default_rng(5)
    truth = math.exp(0.5)
    held = {"t": 0, "percentile": 0}
    for run in range(300):
        sample = rng.lognormal(0, 1, 20)
        one = known(bootstrap_t(sample, seed=run, draws=1000))
        other = known(percentile(resampled_ratio(sample, np.ones(20), [1] * 20, seed=run, draws=1000), "p"))
        held["t"] += one.lo <= truth <= one.hi
        held["percentile"] += other.lo <= truth <= other.hi
    assert held["t"] / 300 >= 0.90
    assert held["percentile"] < held["t"]


def test_bootstrap_t_of_normal_values_is_the_t_interval() -> None:
    sample = np.random.default_rng(8).normal(10, 2, 40)
    found = known(bootstrap_t(sample, seed=1, draws=20_000))
    half = stats.t.ppf(0.975, 39) * sample.std(ddof=1) / math.sqrt(40)
    assert found.lo == pytest.approx(sample.mean() - half, abs=0.12)
    assert found.hi == pytest.approx(sample.mean() + half, abs=0.12)


def test_values_that_do_not_vary_give_no_interval() -> None:
    assert bootstrap_t([3, 3, 3, 3], seed=1) is None
    assert bootstrap_t([3, 4], seed=1) is None
    assert typical([3, 3, 3]) == (pytest.approx(3), None)
    assert block_mean([1] * 60, block=7, seed=1) is None
    assert block_mean([0, 1] * 13, block=7, seed=1) is None  # 26 days hold fewer than four blocks


def test_typical_is_the_t_interval_of_logs() -> None:
    counts = [math.e - 1, math.e**2 - 1, math.e**3 - 1]  # logs 1, 2, 3: mean 2, sd 1
    value, interval = typical(counts)
    assert value == pytest.approx(math.e**2 - 1)
    # t(.975, 2) = 4.3027; half = 4.3027 / √3 = 2.4842.
    assert known(interval).hi == pytest.approx(math.exp(2 + 2.4842) - 1, rel=1e-3)
    assert known(interval).lo == 0  # exp(2 - 2.4842) - 1 is negative, and counts are not


def test_totals_vary_as_compound_counts_do() -> None:
    # 30 units that bring 1 and 5 that bring 4: total 50, variance 30 · 1 + 5 · 16 = 110.
    draws = total_draws([1, 4], [30, 5], seed=1, draws=40_000)[:, 0]
    assert draws.mean() == pytest.approx(50, abs=0.25)
    assert draws.var() == pytest.approx(110, rel=0.04)
    two = total_draws([[1, 0], [0, 1]], [30, 5], seed=1)
    assert two.shape == (intervals.DRAWS, 2)
    assert not total_draws(np.empty((0, 2)), [], seed=1, draws=5).any()


def test_blocks_keep_what_hangs_together() -> None:
    # Weeks of 7 posts and weeks of none, 40 of them: independent days would say sd √(1/4 / 280), weeks √7 times that.
    rng = np.random.default_rng(4)
    series = np.repeat(rng.integers(0, 2, 40), 7)
    found = known(block_mean(series, block=7, seed=1))
    share = series.mean()
    alone = 1.96 * math.sqrt(share * (1 - share) / 280)
    # Blocks that do not start on a Monday straddle two weeks, which takes a third off the variance: √(7 · 2/3) = 2.2.
    assert 1.9 * alone < (found.hi - found.lo) / 2 < 2.7 * alone


def test_rogan_gladen_by_hand() -> None:
    errors = Errors(true_positive=79, false_negative=19, false_positive=4, true_negative=94)
    assert (errors.sensitivity, errors.specificity) == (0.80, 0.95)
    assert corrected(0.20, errors) == pytest.approx((0.20 + 0.95 - 1) / 0.75)
    assert corrected(0.02, errors) == 0  # fewer hits than false alarms alone would give
    assert corrected(0.90, errors) == 1
    assert errors.informative
    assert not Errors(10, 10, 10, 10).informative


def test_a_corrected_interval_holds_the_truth_and_the_raw_one_does_not() -> None:
    rng = np.random.default_rng(6)
    truth, se, sp, n = 0.10, 0.80, 0.95, 500
    held = raw = 0
    for run in range(300):
        errors = Errors(tp := rng.binomial(200, se), 200 - tp, fp := rng.binomial(200, 1 - sp), 200 - fp)
        hits = rng.binomial(n, truth * se + (1 - truth) * (1 - sp))
        shares = resampled_ratio([1, 0], [1, 1], [hits, n - hits], seed=run, draws=1000)
        found = known(percentile(corrected_draws(shares, errors, seed=run), "corrected"))
        naive = known(wilson(int(hits), n))
        held += found.lo <= truth <= found.hi
        raw += naive.lo <= truth <= naive.hi
    assert held / 300 >= 0.93
    assert raw / 300 < 0.6


def test_the_same_name_gives_the_same_seed_everywhere() -> None:
    assert seed_of("a") == 0xCA978112  # how the SHA-256 of "a" begins
    assert cluster_ratio([1, 2], [4, 4], [9, 9], seed=7) == cluster_ratio([1, 2], [4, 4], [9, 9], seed=7)
