"""One temperature, worked out by hand where that is possible."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from seguito.kit.errors import BadInput, UsageError
from seguito.labels.models.calibration import HIGHEST, Fitted, fit, load, of_values, probabilities, write


def test_softmax_and_sigmoid_by_hand() -> None:
    sums = np.array([[0.0, math.log(3)]])
    assert probabilities(sums, "softmax").tolist() == [pytest.approx([0.25, 0.75])]
    assert probabilities(sums, "softmax", 0.5).tolist() == [pytest.approx([0.1, 0.9])]
    assert probabilities(sums, "sigmoid").tolist() == [pytest.approx([0.5, 0.75])]
    assert probabilities(np.array([[1e300, -1e300]]), "softmax").tolist() == [pytest.approx([1.0, 0.0])]


def test_columns_add_up_or_come_together() -> None:
    shares = np.array([[0.5, 0.3, 0.2]])
    assert of_values(shares, (0, 0, -1), 1, "softmax").tolist() == [[pytest.approx(0.8)]]
    assert of_values(shares, (0, 0, -1), 1, "sigmoid").tolist() == [[pytest.approx(1 - 0.5 * 0.7)]]
    assert of_values(shares, (1, 0, 1), 2, "softmax").tolist() == [pytest.approx([0.3, 0.7])]


def test_two_columns_right_three_times_in_four() -> None:
    sums = np.tile([[0.0, 4.0]], (200, 1))
    gold = np.array([1, 1, 1, 0] * 50)
    fitted = fit(sums, gold, (0, 1), "softmax", model="m", label="l")
    # 3/4 = e^(4/t) / (1 + e^(4/t)), so t = 4 / ln 3.
    assert fitted.temperature == pytest.approx(4 / math.log(3), abs=0.005)
    assert fitted.loss_after == pytest.approx(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)), abs=1e-5)
    assert fitted.loss_before > fitted.loss_after


def test_yes_and_no_with_one_column() -> None:
    sums = np.tile([[2.0]], (200, 1))
    gold = np.array([0, 0, 0, 0, -1] * 40)
    fitted = fit(sums, gold, (0,), "sigmoid", model="m", label="l")
    assert fitted.temperature == pytest.approx(2 / math.log(4), abs=0.005)


def test_a_model_that_knows_nothing_is_made_as_unsure_as_can_be() -> None:
    sums = np.tile([[0.0, 3.0]], (100, 1))
    assert fit(sums, np.array([0, 1] * 50), (0, 1), "softmax", model="m", label="l").temperature > HIGHEST * 0.9


def test_too_few_texts() -> None:
    with pytest.raises(UsageError, match="too few"):
        fit(np.zeros((99, 2)), np.zeros(99, dtype=np.int64), (0, 1), "softmax", model="m", label="l")


def test_it_is_kept_for_one_label_and_one_model(tmp_path: Path) -> None:
    fitted = Fitted(model="m1", label="irony", temperature=2.0, rows=100, loss_before=1.0, loss_after=0.5)
    write(tmp_path / "c.json", fitted)
    assert load(tmp_path / "c.json", "m1", "irony") == fitted
    assert load(tmp_path / "c.json", "m1", "sentiment") is None
    assert load(tmp_path / "gone.json", "m1", "irony") is None
    with pytest.raises(BadInput, match="other files"):
        load(tmp_path / "c.json", "m2", "irony")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"temperature": "2"}'])
def test_damaged_ones_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(BadInput):
        load(tmp_path / "c.json", "m", "l")


def test_temperatures_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    for temperature in (0.0, -1.0, 1e9):
        write(
            tmp_path / "c.json",
            Fitted(model="m", label="l", temperature=temperature, rows=100, loss_before=1, loss_after=1),
        )
        with pytest.raises(BadInput, match="temperature"):
            load(tmp_path / "c.json", "m", "l")
