"""How often chance lets two accounts meet, against laws worked out by hand and by a library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import hypergeom

from seguito.measures.coordination.counts import strata_of
from seguito.measures.coordination.tails import Meetings, discovered, fewest_threads, unlikely, upper_tails


def pair(met: int, one: list[int], other: list[int], threads: list[int]) -> Meetings:
    return Meetings(np.array([0]), np.array([1]), np.array([met]), np.array([one, other]), np.array(threads))


@pytest.mark.parametrize(
    ("meetings", "tail"),
    [
        # Two of four threads each: the same two in one way of six.
        (pair(2, [2], [2], [4]), 1 / 6),
        (pair(1, [2], [2], [4]), 5 / 6),
        (pair(0, [2], [2], [4]), 1.0),
        # In two strata of four: both times the same two.
        (pair(4, [2, 2], [2, 2], [4, 4]), 1 / 36),
        # Three meetings: (2, 1) or (1, 2) or (2, 2), with 1/6 for two and 4/6 for one.
        (pair(3, [2, 2], [2, 2], [4, 4]), 2 * (1 / 6) * (4 / 6) + 1 / 36),
        # Who wrote under every thread meets everybody: no surprise.
        (pair(5, [10], [5], [10]), 1.0),
        # A stratum that one of them never wrote in adds no meeting.
        (pair(2, [2, 0], [2, 3], [4, 9]), 1 / 6),
    ],
)
def test_by_hand(meetings: Meetings, tail: float) -> None:
    assert upper_tails(meetings) == pytest.approx([tail], abs=1e-14)


def test_like_the_hypergeometric_law_of_a_library() -> None:
    rng = np.random.default_rng(1)
    margins = rng.integers(4, 55, (40, 1))
    left, right = np.triu_indices(40, 1)
    met = np.minimum(margins[left, 0], margins[right, 0]) - rng.integers(0, 3, len(left))
    tails = upper_tails(Meetings(left, right, met, margins, np.array([60])))
    wanted = hypergeom.sf(met - 1, 60, margins[left, 0], margins[right, 0])
    assert tails == pytest.approx(wanted, rel=1e-6, abs=1e-14)


def test_none_that_could_pass_is_left_out() -> None:
    rng = np.random.default_rng(2)
    wrote = rng.random((120, 60)) < rng.uniform(0.1, 0.9, (120, 1))
    wrote[:12, :15], wrote[:12, 15:] = True, wrote[:12, 15:] & (rng.random((12, 45)) < 0.1)
    left, right = np.triu_indices(120, 1)
    met = (wrote.astype(int) @ wrote.T.astype(int))[left, right]
    meetings = Meetings(left, right, met, wrote.sum(axis=1, keepdims=True), np.array([60]))
    every = upper_tails(meetings)
    places, tails = unlikely(meetings, 0.05)
    assert tails == pytest.approx(every[places])
    assert np.flatnonzero(discovered(every, meetings.tests, 0.05)).tolist() == sorted(
        places[discovered(tails, meetings.tests, 0.05)].tolist()
    )
    assert set(np.flatnonzero(every <= 0.5 / 119)) <= set(places.tolist())
    assert len(places) < len(left) / 2  # and most are spared


def test_discoveries_by_hand() -> None:
    tails = np.array([0.004, 0.0001, 0.03, 0.0011])
    # Of a hundred tests at 5 %: limits .0005, .001, .0015, .002; the third smallest lies above its own.
    assert discovered(tails, 100, 0.05).tolist() == [False, True, False, False]
    # Of forty: .00125, .0025, .00375: .0011 is the second smallest and passes.
    assert discovered(tails, 40, 0.05).tolist() == [False, True, False, True]
    # A later one that passes takes along an earlier one that does not by itself.
    assert discovered(np.array([0.009, 0.0095]), 10, 0.05).tolist() == [True, True]
    assert discovered(np.array([0.2]), 1, 0.05).tolist() == [False]
    assert discovered(np.array([]), 0, 0.05).tolist() == []


def test_the_fewest_threads_by_hand() -> None:
    # Ten accounts among ten: any pair is one of its 45, so 1 / C(20, 2) = .0053 will do and 1 / 20 will not.
    assert fewest_threads(20, 10, 10, 0.01) == 2
    # Among a thousand, .01 · 45 / 499,500 = 9e-7: C(20, 6) = 38,760, C(20, 9) = 167,960 are too few.
    assert fewest_threads(20, 1_000, 10, 0.01) is None
    assert fewest_threads(60, 1_000, 10, 0.01) == 5  # C(60, 5) = 5.5 million


def test_strata_by_hand() -> None:
    assert strata_of(np.array([5, 1, 9, 7, 3, 2])).tolist() == [1, 0, 2, 2, 1, 0]
    assert np.bincount(strata_of(np.arange(99))).tolist() == [33, 33, 33]
    assert np.bincount(strata_of(np.arange(100))).tolist() == [25] * 4
    assert len(np.bincount(strata_of(np.arange(9_000)))) == 10
    assert strata_of(np.array([], dtype=np.int64)).tolist() == []
