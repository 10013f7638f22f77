"""What in a text spoke for a value: the sum behind a probability, taken apart into its n-grams.

The hidden layer is straight where its units are on or off as for this text, so that the log odds are a sum with one
term for each n-gram: exact but for rounding. What runs of letters add is told of the word they stand in.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from seguito.labels.models.features import Piece, pieces, tokens
from seguito.labels.models.plan import Floats, Plan
from seguito.labels.models.portable import Portable
from seguito.labels.models.spelling import name
from seguito.labels.models.stream import Stream, sound, stream
from seguito.labels.models.weights import Weights


def contributions(weights: Weights, plan: Plan, text: str, head: str, value: str) -> list[tuple[str, float]]:
    """Every word, pair and sign of a text with what it adds to the log odds of a value, weightiest first.

    For a head of which one value is true, log odds are those against the mean of the others. They are uncalibrated:
    their order and proportions count.
    """
    way = Portable(weights, plan)
    texts = sound(pa.array([text]))
    slopes = _slopes(way, texts, _direction(plan, head, value))
    found = way.find(texts)
    norms = np.sqrt(np.bincount(found.half, weights=found.weight.astype(np.float64) ** 2, minlength=2))
    block = found.half & 1
    terms = found.weight / norms[block] * (slopes[block] * way.table[found.row]).sum(axis=1)
    share = dict(zip(found.row.tolist(), terms.tolist(), strict=True))
    said = _occurrences(way, stream(texts))
    often = Counter(row for row, _ in said)
    total: dict[str, float] = {}
    for row, phrase in said:
        total[phrase] = total.get(phrase, 0.0) + share[row] / often[row]
    rounded = ((phrase, round(term, 4)) for phrase, term in total.items())
    return sorted(rounded, key=lambda one: (-abs(one[1]), one[0]))


def _occurrences(way: Portable, of: Stream) -> list[tuple[int, str]]:
    """The row of every known n-gram, as often as it occurs, and what it is; of letters, the word they stand in."""
    words, said = tokens(of), []
    for piece in pieces(of):
        known, rows = way.vocabulary.find(piece.keys)
        shown, at = piece, np.arange(len(piece.keys))
        if piece.sort.isdigit():
            at = np.searchsorted(words.begin, piece.at + 1, side="right") - 1
            shown = Piece("word", words.hashes, words.texts, np.arange(len(words.begin)))
        said += [(row, name(of, words, shown, int(at[n]))) for n, row in zip(known, rows.tolist(), strict=True)]
    return said


def _direction(plan: Plan, head: str, value: str) -> Floats:
    """How much each column counts in the log odds asked for."""
    begin, of = plan.header.start(head), plan.header.head(head)
    direction = np.zeros(plan.header.columns)
    if of.kind == "softmax" and of.columns > 1:
        direction[begin : begin + of.columns] = -1.0 / (of.columns - 1)
    direction[begin + of.values.index(value)] = 1.0
    return direction


def _slopes(way: Portable, texts: pa.Array, direction: Floats) -> Floats:
    """What a unit of each column of the table adds when it has been divided by the norm, for words and for letters."""
    arrays, width = way.weights.arrays, way.weights.header.width
    halves = way.halves(way.find(texts), 1)
    first = halves[:, :, :width].reshape(1, -1) @ way.hidden + arrays.hidden_bias
    on = (first[0] > 0) * arrays.hidden_scale
    slopes = np.zeros((2, arrays.table.shape[1]))
    slopes[:, :width] = (way.hidden @ (on * (way.out @ (arrays.out_scale * direction)))).reshape(2, width)
    group = way.group(texts)
    for n, (of_group, column) in enumerate(way.plan.linear.tolist()):
        if of_group == group:
            slopes[:, width + n] = arrays.linear_scale[n] * direction[column]
    return slopes * arrays.scale
