"""The network that is trained: a bag of n-grams, one hidden layer, many heads; numpy and scipy only.

    [words of a text @ their table, letters of a text @ theirs]  ->  hidden (ReLU)  ->  logits of all columns

Both blocks are of length one, so that a hundred runs of letters do not drown thirty words. Everything runs in one
thread and in a fixed order, so that the same documents give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sparse

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is trained.

    Attributes:
        width: numbers of a row of the table.
        hidden: units of the hidden layer.
        epochs: passes over the documents.
        batch: documents of a step.
        rate: step size of Adam at its highest.
        dropout: share of the n-grams of a text that a step does not see.
        hidden_dropout: share of the hidden units that a step does not see.
        decay: pull of the tables towards zero.
        averaged: share of the steps, at the end, whose weights are averaged.
        seed: of everything that is drawn.
    """

    width: int = 32
    hidden: int = 48
    epochs: int = 8
    batch: int = 512
    rate: float = 3e-3
    dropout: float = 0.45
    hidden_dropout: float = 0.1
    decay: float = 1e-6
    averaged: float = 0.4
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of the logits belong together.

    Attributes:
        columns: their names, in order.
        choices: (first, last + 1) of the columns of each head that is a choice among classes; the others are yes/no.
    """

    columns: tuple[str, ...]
    choices: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Weights:
    """What training finds.

    Attributes:
        arrays: words and letters (n-grams, width), hidden (2 * width, hidden), hidden_bias, head (hidden, columns),
            head_bias, context (numbers, columns).
    """

    arrays: dict[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grams:
    """Texts as two sparse matrices, a row each: words, and runs of letters."""

    words: sparse.csr_array
    letters: sparse.csr_array

    def __getitem__(self, rows: slice | npt.NDArray[np.int64]) -> Grams:
        return Grams(self.words[rows], self.letters[rows])

    def __len__(self) -> int:
        return int(self.words.shape[0])


def start(words: int, letters: int, contexts: int, plan: Plan, layout: Layout) -> Weights:
    """Weights before the first step."""
    draw = np.random.default_rng(plan.seed)
    columns = len(layout.columns)

    def normal(*shape: int, scale: float) -> Floats:
        return (draw.standard_normal(shape) * scale).astype(np.float32)

    arrays = {
        "words": normal(words, plan.width, scale=0.1),
        "letters": normal(letters, plan.width, scale=0.1),
        "hidden": normal(2 * plan.width, plan.hidden, scale=plan.width**-0.5),
        "hidden_bias": np.zeros(plan.hidden, np.float32),
        "head": normal(plan.hidden, columns, scale=plan.hidden**-0.5),
        "head_bias": np.zeros(columns, np.float32),
        "context": np.zeros((contexts, columns), np.float32),
    }
    return Weights(arrays)


def layers(
    grams: Grams, context: Floats, weights: Weights, dropped: Floats | None = None
) -> tuple[Floats, Floats, Floats]:
    """Both halves below the hidden layer, the hidden layer, and the logits of all columns."""
    one = weights.arrays
    halves = np.concatenate([grams.words @ one["words"], grams.letters @ one["letters"]], axis=1)
    hidden = np.maximum(halves @ one["hidden"] + one["hidden_bias"], 0)
    if dropped is not None:
        hidden = hidden * dropped
    return halves, hidden, hidden @ one["head"] + one["head_bias"] + context @ one["context"]


def probabilities(values: Floats, layout: Layout) -> Floats:
    """Softmax within each choice, the logistic function elsewhere."""
    out = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    for begin, end in layout.choices:
        part = np.exp(values[:, begin:end] - values[:, begin:end].max(axis=1, keepdims=True))
        out[:, begin:end] = part / part.sum(axis=1, keepdims=True)
    return out


def train(
    grams: Grams,
    context: Floats,
    targets: Floats,
    masses: Floats,
    plan: Plan,
    layout: Layout,
    each_epoch: Callable[[int, Weights], None] | None = None,
) -> Weights:
    """Weights that answer the targets.

    Args:
        grams: one row a document.
        context: numbers beside the text, one row a document.
        targets: wanted probabilities, documents by columns.
        masses: how much an answer counts; 0 where nothing is known.
        plan: how.
        layout: which columns belong together.
        each_epoch: called with the number of the epoch and the weights so far.
    """
    weights = start(grams.words.shape[1], grams.letters.shape[1], context.shape[1], plan, layout)
    draw = np.random.default_rng(plan.seed + 1)
    adam = _Adam(weights, plan)
    steps_of_epoch = -(-len(grams) // plan.batch)
    total = steps_of_epoch * plan.epochs
    mean, counted = _Mean(weights), 0
    step = 0
    for epoch in range(plan.epochs):
        order = draw.permutation(len(grams))
        shuffled = grams[order]
        for begin in range(0, len(order), plan.batch):
            at = order[begin : begin + plan.batch]
            part = shuffled[begin : begin + plan.batch]
            seen = Grams(_dropped(part.words, plan.dropout, draw), _dropped(part.letters, plan.dropout, draw))
            gradients = _gradients(seen, context[at], targets[at], masses[at], weights, plan, layout, draw)
            adam.step(gradients, _pace(step / total))
            step += 1
            if step > total * (1 - plan.averaged) and step % 20 == 0:
                counted += 1
                mean.add(weights, counted)
        if each_epoch:
            each_epoch(epoch, mean.weights if counted else weights)
    return mean.weights if counted else weights


def _pace(done: float) -> float:
    """Step size over time: up within a twentieth of the way, then down in a straight line to a tenth."""
    return min(1.0, done / 0.05 + 0.02) * (1 - 0.9 * done)


def _dropped(grams: sparse.csr_array, share: float, draw: np.random.Generator) -> sparse.csr_array:
    kept = draw.random(len(grams.data), dtype=np.float32) >= share
    data = np.where(kept, grams.data / np.float32(1 - share), np.float32(0))
    return sparse.csr_array((data, grams.indices, grams.indptr), shape=grams.shape)


def _gradients(
    grams: Grams,
    context: Floats,
    targets: Floats,
    masses: Floats,
    weights: Weights,
    plan: Plan,
    layout: Layout,
    draw: np.random.Generator,
) -> Mapping[str, Floats]:
    one = weights.arrays
    kept = draw.random((len(grams), plan.hidden), dtype=np.float32) >= plan.hidden_dropout
    dropped = kept.astype(np.float32) / np.float32(1 - plan.hidden_dropout)
    halves, hidden, values = layers(grams, context, weights, dropped)
    wrong = (probabilities(values, layout) - targets) * masses / np.float32(len(grams))
    back = (wrong @ one["head"].T) * (hidden > 0) * dropped
    below = back @ one["hidden"].T
    return {
        "head": hidden.T @ wrong,
        "head_bias": wrong.sum(axis=0),
        "context": context.T @ wrong,
        "hidden": halves.T @ back,
        "hidden_bias": back.sum(axis=0),
        "words": grams.words.T @ below[:, : plan.width] + plan.decay * one["words"],
        "letters": grams.letters.T @ below[:, plan.width :] + plan.decay * one["letters"],
    }


class _Adam:
    """Adam with bias correction; the arrays are changed where they stand."""

    def __init__(self, weights: Weights, plan: Plan) -> None:
        self.weights, self.plan, self.count = weights, plan, 0
        self.first = {name: np.zeros_like(one) for name, one in weights.arrays.items()}
        self.second = {name: np.zeros_like(one) for name, one in weights.arrays.items()}

    def step(self, gradients: Mapping[str, Floats], pace: float) -> None:
        self.count += 1
        for name, gradient in gradients.items():
            first, second = self.first[name], self.second[name]
            first *= 0.9
            first += 0.1 * gradient
            second *= 0.999
            np.multiply(gradient, gradient, out=gradient)
            gradient *= 0.001
            second += gradient
            size = self.plan.rate * pace * (1 - 0.999**self.count) ** 0.5 / (1 - 0.9**self.count)
            np.sqrt(second, out=gradient)
            gradient += 1e-8
            np.divide(first, gradient, out=gradient)
            gradient *= size
            self.weights.arrays[name] -= gradient


class _Mean:
    """The running mean of weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights = Weights({name: np.zeros_like(one) for name, one in weights.arrays.items()})

    def add(self, weights: Weights, count: int) -> None:
        for name, one in self.weights.arrays.items():
            one += (weights.arrays[name] - one) / np.float32(count)


def batches(rows: int, size: int) -> Iterator[slice]:
    """Stretches of rows."""
    for begin in range(0, rows, size):
        yield slice(begin, min(rows, begin + size))


def predict(grams: Grams, context: Floats, weights: Weights) -> Floats:
    """Logits of many documents."""
    parts = [layers(grams[at], context[at], weights)[2] for at in batches(len(grams), 8192)]
    return np.concatenate(parts)
