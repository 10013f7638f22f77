"""What is known of a post beside its text, as additions to the sums of the heads."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.models.header import Context
from seguito.labels.models.weights import Weights


def additions(of: Weights, context: pa.RecordBatch) -> npt.NDArray[np.float64]:
    """What the context of each post adds to the sum of each column; nothing where it is unknown."""
    total = np.zeros((context.num_rows, of.header.columns))
    for column, weights in zip(of.header.context, of.arrays.context, strict=True):
        if column.name in context.schema.names:
            total += value(column, context.column(column.name))[:, None] * weights
    return total


def value(column: Context, given: pa.Array) -> npt.NDArray[np.float64]:
    """The value of a column, 0 where it is unknown; see `Context`."""
    numbers = pc.fill_null(given.cast(pa.float64()), np.nan).to_numpy(zero_copy_only=False)
    known = ~np.isnan(numbers)
    filled = np.where(known, numbers, column.low)
    if column.steps:
        reached = np.searchsorted(np.array(column.steps), filled, side="right") / len(column.steps)
        return np.where(known, reached, 0.0)
    return np.where(known, np.clip(filled, column.low, column.high), 0.0)
