"""The network that training fits: its gradients, its repeatability, and that it learns what is there."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sparse
from training.network import Floats, Grams, Layout, Plan, Weights, _gradients, layers, probabilities, start, train

LAYOUT = Layout(("a:0", "a:1", "b"), ((0, 2),))
PLAN = Plan(width=3, hidden=4, epochs=150, batch=8, rate=0.02, dropout=0.0, hidden_dropout=0.0, decay=0.0)


def _world() -> tuple[Grams, Floats, Floats, Floats]:
    """Twelve texts: one word gives a class of `a`, one run of letters gives `b`, which nobody knows of the last."""
    words = sparse.csr_array(np.tile([[1.0, 0.0], [0.0, 1.0]], (6, 1)).astype(np.float32))
    letters = sparse.csr_array(np.tile(np.eye(3, dtype=np.float32), (4, 1)))
    first = words.toarray()[:, 0]
    targets = np.stack([1 - first, first, letters.toarray()[:, 2]], axis=1).astype(np.float32)
    masses = np.ones_like(targets)
    masses[-1, 2] = 0
    targets[-1, 2] = 0
    return Grams(words, letters), np.zeros((12, 1), np.float32), targets, masses


def _loss(weights: Weights) -> float:
    grams, context, targets, masses = _world()
    share = probabilities(layers(grams, context, weights)[2].astype(np.float64), LAYOUT)
    yes = share[:, 2]
    choice = -(masses[:, 0] * (targets[:, :2] * np.log(share[:, :2])).sum(axis=1))
    column = -masses[:, 2] * (targets[:, 2] * np.log(yes) + (1 - targets[:, 2]) * np.log(1 - yes))
    return float((choice + column).sum() / 12)


def test_gradients_are_slopes() -> None:
    grams, context, targets, masses = _world()
    weights = start(2, 3, 1, PLAN, LAYOUT)
    # Twice the digits and a short step: a unit of the hidden layer may be about to wake.
    for name, array in weights.arrays.items():
        weights.arrays[name] = array.astype(np.float64)
    found = _gradients(grams, context, targets, masses, weights, PLAN, LAYOUT, np.random.default_rng(0))
    for name in ("words", "letters", "hidden", "hidden_bias", "head", "head_bias"):
        array = weights.arrays[name]
        at = tuple(0 for _ in array.shape)
        before = array[at]
        array[at] = before + 1e-5
        high = _loss(weights)
        array[at] = before - 1e-5
        low = _loss(weights)
        array[at] = before
        assert abs((high - low) / 2e-5 - found[name][at]) < 1e-4, name


def test_it_learns_what_is_there_and_the_same_each_time() -> None:
    grams, context, targets, masses = _world()
    weights = train(grams, context, targets, masses, PLAN, LAYOUT)
    share = probabilities(layers(grams, context, weights)[2], LAYOUT)
    known = masses > 0
    assert (np.abs(share - targets)[known] < 0.2).all()
    # The one text whose `b` nobody knows follows the other texts like it.
    assert share[-1, 2] > 0.8
    again = train(grams, context, targets, masses, PLAN, LAYOUT)
    assert all((again.arrays[name] == array).all() for name, array in weights.arrays.items())


def test_a_choice_sums_to_one_and_a_column_stands_alone() -> None:
    share = probabilities(np.array([[2.0, 2.0, -40.0]], np.float32), LAYOUT)
    assert share[0, :2].tolist() == [0.5, 0.5]
    assert share[0, 2] < 1e-9
