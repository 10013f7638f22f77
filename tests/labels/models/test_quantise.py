from __future__ import annotations

import numpy as np
import pyarrow as pa

from seguito.labels.models import features
from seguito.labels.models.context import additions, value
from seguito.labels.models.header import Context
from seguito.labels.models.plan import exponential
from seguito.labels.models.quantise import Learnt, quantise
from seguito.labels.models.reader import Reader
from seguito.labels.models.weights import Weights

from .planted import TEXTS, header, learnt


def in_decimals(of: Learnt, cap: int, width: int, text: str) -> np.ndarray:
    """The sums of a text worked out in decimals, one n-gram after the other."""
    found = features.counts(pa.array([text]))
    row = {int(key): n for n, key in enumerate(of.keys)}
    halves = np.zeros((2, of.table.shape[1]))
    for block in (0, 1):
        known = [
            (row[k], min(int(c), cap))
            for k, c in zip(found.keys.tolist(), found.counts, strict=True)
            if k in row and k & 1 == block
        ]
        norm = np.sqrt(sum((of.idf[n] * c) ** 2 for n, c in known)) or 1.0
        for n, c in known:
            halves[block] += of.idf[n] * c / norm * of.table[n]
    hidden = np.maximum(0, halves[:, :width].reshape(-1) @ of.hidden + of.hidden_bias)
    return np.concatenate([hidden @ of.out + of.out_bias, halves[:, width:].sum(axis=0)])


def test_whole_numbers_come_near_the_decimals_they_are_made_from() -> None:
    drawn = learnt(3)
    of = header(len(drawn.keys))
    reader = Reader(Weights(of, quantise(of, drawn), "test"), compiled=False)
    for text in TEXTS:
        texts = pa.array([text])
        way = reader._way
        sums, linear = way.sums(way.halves(way.find(texts), 1))  # type: ignore[attr-defined]
        wanted = in_decimals(drawn, of.cap, of.width, text)
        given = np.concatenate([sums[0], linear[0]])
        assert np.abs(given - wanted).max() < 0.03 * (1 + np.abs(wanted).max())


def test_the_order_in_which_n_grams_are_given_does_not_matter() -> None:
    drawn = learnt(4)
    of = header(len(drawn.keys))
    order = np.random.default_rng(0).permutation(len(drawn.keys))
    other = Learnt(
        drawn.keys[order],
        drawn.idf[order],
        drawn.table[order],
        drawn.hidden,
        drawn.hidden_bias,
        drawn.out,
        drawn.out_bias,
        drawn.context,
    )
    for name in ("keys", "idf", "table", "scale", "hidden"):
        assert (getattr(quantise(of, drawn), name) == getattr(quantise(of, other), name)).all()


def test_the_exponential_is_right_to_nine_digits() -> None:
    x = -np.concatenate([np.linspace(0, 50, 5_001), [0.0, 1e-9, 699.0]])
    assert np.abs(exponential(x) / np.exp(x) - 1).max() < 1e-9
    assert exponential(np.array([-np.inf, -1e9]))[0] < 1e-300


def test_context_is_a_share_of_steps_or_cut() -> None:
    days = pa.array([None, 0, 1, 6.9, 7, 400, float("nan"), float("inf"), -3])
    steps = Context(name="days", steps=(1.0, 7.0, 30.0))
    assert value(steps, days).tolist() == [0, 0, 1 / 3, 1 / 3, 2 / 3, 1, 0, 1, 0]
    cut = Context(name="days", low=-1.0, high=2.0)
    assert value(cut, days).tolist() == [0, 0, 1, 2, 2, 2, 0, 2, -1]
    assert value(Context(name="shop"), pa.array([True, False, None])).tolist() == [1, 0, 0]


def test_unknown_context_adds_nothing() -> None:
    drawn = learnt(5)
    of = header(len(drawn.keys))
    weights = Weights(of, quantise(of, drawn), "test")
    batch = pa.record_batch({"shop": pa.array([True, None]), "more": pa.array(["x", "y"])})
    added = additions(weights, batch)
    assert (added[0] == drawn.context[1]).all()
    assert not added[1].any()
