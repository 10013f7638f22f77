"""Figures drawn towards those of peers, against values worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seguito.kit.shrinkage import drawn, middle_of, position, rank, spread_of


def test_the_spread_by_hand() -> None:
    # Two figures: (3 - 0)² / (1 + 2 + 2 t) must be 1, so t = 3.
    assert spread_of([0, 3], [1, 2]) == pytest.approx(3)
    # Errors all alike: the variance of the figures, 2.5, less that of the errors.
    assert spread_of([1, 2, 3, 4, 5], [0.5] * 5) == pytest.approx(2.0)
    # Errors larger than all differences leave nothing to explain.
    assert spread_of([1, 2, 3, 4, 5], [3.0] * 5) == 0.0


def test_the_middle_by_hand() -> None:
    found = middle_of([1, 2, 3, 4, 5], [0.5] * 5)
    assert found is not None
    assert (found.value, found.spread, found.peers) == (pytest.approx(3), pytest.approx(2), 5)
    # Each weighs 1 / 2.5: together 2, so 1 / 2; and 2 / (5 / 2.5²).
    assert (found.variance, found.spread_variance) == (pytest.approx(0.5), pytest.approx(2.5))
    assert middle_of([1, 2, 3, 4], [0.5] * 4) is None


def test_an_exact_peer_weighs_more() -> None:
    found = middle_of([0, 0, 0, 0, 10], [9, 9, 9, 9, 0.01])
    assert found is not None
    assert found.value > 2  # the plain mean


def test_a_figure_is_drawn_by_hand() -> None:
    middle = middle_of([1, 2, 3, 4, 5], [0.5] * 5)
    assert middle is not None
    found = drawn(6.0, 0.5, middle)
    # Around the middle 2 + 0.5; so 0.5 / 3 of the way from 6 to 3.
    assert (found.pull, found.value) == (pytest.approx(1 / 6), pytest.approx(5.5))
    # 0.5 · 5/6, and what the spread may be off: (1/36 / 0.5)² · 2.5 · 3², and 1/36 · √2.5.
    assert found.variance == pytest.approx(0.5 * 5 / 6 + 2.5 * 9 / 324 + math.sqrt(2.5) / 36)
    half = 1.959964 * math.sqrt(found.variance)
    assert found.interval() == pytest.approx((5.5 - half, 5.5 + half))


def test_the_less_exact_the_farther() -> None:
    middle = middle_of([1, 2, 3, 4, 5], [0.5] * 5)
    assert middle is not None
    pulls = [drawn(6.0, variance, middle).pull for variance in (0.001, 0.5, 5, 500)]
    assert pulls == sorted(pulls)
    assert (pulls[0] < 0.001, pulls[-1] > 0.99) == (True, True)


def test_the_truth_is_held_with_few_peers_too() -> None:
    """Taking the spread for known leaves the truth out in 17 of 100 cases; 5 are meant."""
    rng = np.random.default_rng(7)
    held = plain = 0
    for _ in range(400):
        variances = np.exp(rng.normal(math.log(0.04), 0.7, 11))
        truths = 1 + 0.15 * rng.normal(size=11)
        seen = truths + np.sqrt(variances) * rng.normal(size=11)
        middle = middle_of(seen[1:], variances[1:])
        assert middle is not None
        found = drawn(float(seen[0]), float(variances[0]), middle)
        lo, hi = found.interval()
        held += lo <= truths[0] <= hi
        half = 1.96 * math.sqrt(variances[0] * (1 - found.pull))
        plain += abs(found.value - truths[0]) <= half
    assert held >= 0.93 * 400
    assert plain < 0.90 * 400


def test_the_place_among_peers_by_hand() -> None:
    peers = [1, 2, 3, 4, 5, 5, 6, 7, 8, 9]
    assert position(5, peers) == 0.5
    found = rank(5, peers)
    assert found is not None
    # Wilson for 4 of 10 and for 6 of 10.
    assert (found.lo, found.hi) == (pytest.approx(0.1682, abs=1e-4), pytest.approx(0.8318, abs=1e-4))
    assert (position(0, peers), position(10, peers)) == (0.0, 1.0)
    assert rank(5, []) is None
