"""From weights as they are learnt, in decimals, to those of a weight file, in whole numbers.

What is learnt must have this shape (`@` multiplies matrices, a text's n-grams of each block have the Euclidean norm 1
once they are weighted by idf and capped counts):

    half   = weighted n-grams of a block @ table of that block        (words and letters)
    hidden = max(0, [words half, letters half] @ hidden + hidden_bias)
    sums   = hidden @ out + out_bias + context @ context_weights      (+ linear columns, summed over both blocks)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seguito.labels.models.header import Header
from seguito.labels.models.weights import REACH, Arrays

Floats = npt.NDArray[np.float64]

# Whole numbers of the table and of the layers above it.
TABLE_REACH = 127
LAYER_REACH = 2_047
# How many times the greatest entry of a column a weighted sum of entries may come to before it is cut.
ROOM = 8.0


@dataclass(frozen=True)
class Learnt:
    """Weights as they are learnt.

    Attributes:
        keys: the keys of the n-grams, in any order.
        idf: how much each counts, above 0.
        table: a row for each, first the columns of the hidden layer, then the linear ones.
        hidden: weights of the hidden layer; first the rows of the words, then those of the letters.
        hidden_bias: added to its sums.
        out: weights of the heads.
        out_bias: added to their sums.
        context: log odds for each unit of context.
        hidden_most: the greatest value seen of each hidden unit; worked out from the weights where `None`.
    """

    keys: npt.NDArray[np.uint32]
    idf: Floats
    table: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats
    context: Floats
    hidden_most: Floats | None = None


def quantise(header: Header, learnt: Learnt) -> Arrays:
    """The arrays of a weight file; `header` must have its final shape."""
    order = np.argsort(learnt.keys)
    keys = learnt.keys[order].astype(np.uint32)
    letters = (keys & np.uint32(1)).astype(np.int64)
    idf = np.clip(np.rint(learnt.idf[order] / learnt.idf.max() * 127), 1, 127).astype(np.uint8)
    given = learnt.table[order].astype(np.float64)
    most = np.stack([np.abs(given[letters == block]).max(axis=0, initial=0.0) for block in (0, 1)])
    unit = np.where(most > 0, most, 1.0) / TABLE_REACH
    table = np.rint(given / unit[letters]).astype(np.int8)
    # A sum of entries becomes a whole number of steps of this size.
    step = unit * TABLE_REACH * ROOM / REACH
    wide = header.width
    first = learnt.hidden * step[:, :wide].reshape(-1, 1)
    hidden, hidden_unit = _layer(first, learnt.hidden_bias)
    reach = learnt.hidden_most if learnt.hidden_most is not None else _most(learnt, most[:, :wide])
    hidden_step = np.maximum(reach, 1e-9) * 1.25 / REACH
    out, out_unit = _layer(learnt.out * hidden_step[:, None], learnt.out_bias)
    # Linear columns share one step for both blocks: their sums are added.
    linear_step = step[:, wide:].max(axis=0)
    scale = unit / step
    scale[:, wide:] = unit[:, wide:] / linear_step
    return Arrays(
        keys=keys,
        idf=idf,
        table=table,
        scale=scale,
        hidden=hidden,
        hidden_bias=np.rint(learnt.hidden_bias / hidden_unit).astype(np.int32),
        hidden_scale=hidden_unit / hidden_step,
        out=out,
        out_bias=np.rint(learnt.out_bias / out_unit).astype(np.int32),
        out_scale=out_unit,
        linear_scale=linear_step,
        context=np.asarray(learnt.context, dtype=np.float64).reshape(len(header.context), header.columns),
    )


def _layer(weights: Floats, bias: Floats) -> tuple[npt.NDArray[np.int16], Floats]:
    """Whole numbers and the unit of each column, such that sums stay within 32 bits."""
    most = np.abs(weights).max(axis=0) / LAYER_REACH
    sums = np.maximum(np.abs(weights).sum(axis=0) * REACH, np.abs(bias)) / 2**29
    unit = np.maximum(most, sums)
    unit = np.where(unit > 0, unit, 1.0)
    return np.rint(weights / unit).astype(np.int16), unit


def _most(learnt: Learnt, most: Floats) -> Floats:
    """What each hidden unit may come to where nobody looked."""
    reach: Floats = 3.0 * np.sqrt(((learnt.hidden * most.reshape(-1, 1)) ** 2).sum(axis=0)) + np.abs(learnt.hidden_bias)
    return reach
