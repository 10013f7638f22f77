from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics

from seguito.labels.scoring import NOT_READ, Said, auc, confusion, expected_calibration_error, score


def said(rows: list[list[float]], decided: list[int] | None = None, unsure: list[bool] | None = None) -> Said:
    scores = np.array(rows, dtype=np.float64).reshape(len(rows), -1)
    values = tuple("abc"[: scores.shape[1]])
    chosen = np.array(decided if decided is not None else scores.argmax(axis=1), dtype=np.int64)
    return Said(values, scores, chosen, np.array(unsure or [False] * len(rows), dtype=bool))


def test_every_figure_of_six_rows_worked_out_by_hand() -> None:
    # gold      a    a    a    b    b    c ; decided  a    a    b    b    a    c
    gold = np.array([0, 0, 0, 1, 1, 2])
    spoke = said(
        [[0.9, 0.1, 0], [0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1], [0.1, 0.1, 0.8]],
        unsure=[False, False, True, False, True, False],
    )
    found = score(gold, spoke)
    assert (found.n, found.not_read, found.unsure) == (6, 0, 2)
    assert found.confusion == ((2, 1, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0))
    assert found.accuracy.value == pytest.approx(4 / 6)
    # F1: a 2*2/(3+3) = 2/3; b 2*1/(2+2) = 1/2; c 1. Recall: 2/3, 1/2, 1.
    assert found.macro_f1.value == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert found.macro_recall.value == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    a, b, c = found.values
    assert (a.positives, a.found, a.precision.value, a.recall.value) == (
        3,
        3,
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
    )
    assert (b.f1.value, c.f1.value) == (pytest.approx(0.5), pytest.approx(1.0))
    # a against the rest: positives .9 .8 .3, others .2 .5 .1: 8 of the 9 pairs in order.
    assert a.auc.value == pytest.approx(8 / 9)
    # surest half: .9, .8, .8 (all right); the surest five leave out the row of .5.
    assert found.curve[-1].rows == 3
    assert found.curve[-1].accuracy == 1.0
    assert found.curve[2].rows == 5
    assert found.curve[2].accuracy == pytest.approx(4 / 5)
    interval = found.accuracy.interval
    assert interval is not None
    assert interval.lo < 4 / 6 < interval.hi


def test_calibration_error_by_hand() -> None:
    # bins of 1/15: .5 alone (right), .9 twice (one right): |.5-1|*1/3 + |1.8-1|/3 = .5/3 + .8/3
    confidence, right = np.array([0.5, 0.9, 0.9]), np.array([True, True, False])
    assert expected_calibration_error(confidence, right) == pytest.approx((0.5 + 0.8) / 3)
    assert expected_calibration_error(np.array([1.0]), np.array([True])) == 0
    assert math.isnan(expected_calibration_error(np.empty(0), np.empty(0, dtype=bool)))


def test_what_was_not_read_is_an_error_and_is_counted() -> None:
    spoke = said([[0.9, 0.1], [math.nan, math.nan]], decided=[0, NOT_READ])
    found = score(np.array([0, 0]), spoke)
    assert (found.n, found.not_read) == (2, 1)
    assert found.accuracy.value == 0.5
    assert found.confusion == ((1, 0, 1), (0, 0, 0))
    assert found.macro_f1.value == pytest.approx(2 / 3)  # over the one value that occurs


def test_no_rows_and_one_value_have_no_figures_instead_of_wrong_ones() -> None:
    nothing = score(np.empty(0, dtype=np.int64), _empty())
    assert (nothing.n, nothing.accuracy.value, nothing.macro_f1.value, nothing.ece.value) == (0, None, None, None)
    alone = score(np.array([0, 0]), said([[0.9, 0.1], [0.8, 0.2]]))
    assert alone.values[0].auc.value is None
    assert alone.values[1].f1.value is None
    assert alone.macro_f1.value == 1.0


def _empty() -> Said:
    return Said(("a", "b"), np.empty((0, 2)), np.empty(0, dtype=np.int64), np.empty(0, dtype=bool))


def test_figures_agree_with_scikit_learn_on_random_answers() -> None:
    rng = np.random.default_rng(5)
    gold = rng.integers(0, 3, 500)
    scores = rng.dirichlet([1, 1, 1], 500)
    found = score(gold, Said(("a", "b", "c"), scores, scores.argmax(axis=1), np.zeros(500, dtype=bool)))
    decided = scores.argmax(axis=1)
    assert found.macro_f1.value == pytest.approx(metrics.f1_score(gold, decided, average="macro"))
    assert found.macro_recall.value == pytest.approx(metrics.recall_score(gold, decided, average="macro"))
    assert found.values[1].auc.value == pytest.approx(metrics.roc_auc_score(gold == 1, scores[:, 1]))


def test_the_interval_of_the_auc_covers_the_truth() -> None:
    # positives N(1, 1), others N(0, 1): the true area is Phi(1/sqrt 2) = .7602
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(300):
        positive = np.arange(120) < 40
        figure = auc(rng.normal(size=120) + positive, positive)
        assert figure.interval is not None
        covered += figure.interval.lo <= 0.76025 <= figure.interval.hi
    assert 0.90 <= covered / 300 <= 0.99


def test_counting_cells() -> None:
    assert confusion(np.array([0, 1, 1]), np.array([0, 2, 1]), 2).tolist() == [[1, 0, 0], [0, 1, 1]]


def test_a_decision_without_a_probability_counts_but_not_for_calibration() -> None:
    spoke = said([[0.9, 0.1], [math.nan, math.nan]], decided=[0, 1])
    found = score(np.array([0, 1]), spoke)
    assert (found.accuracy.value, found.not_read) == (1.0, 0)
    assert found.ece.value == pytest.approx(0.1)
