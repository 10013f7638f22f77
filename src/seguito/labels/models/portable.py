"""The way from texts to probabilities by numpy alone, in whole numbers from the n-grams to the sums of the heads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.labels.models import features
from seguito.labels.models.hashing import Words
from seguito.labels.models.plan import UNKNOWN, Floats, Groups, Plan, group_of_values, probabilities
from seguito.labels.models.stream import stream
from seguito.labels.models.weights import REACH, Weights

# Keys are as good as drawn at random: their first bits lead to within a few places of where they stand.
FIRST_BITS = 17


class Vocabulary:
    """Finds the rows of keys.

    Args:
        keys: ascending.
    """

    def __init__(self, keys: Words) -> None:
        self.keys = np.append(keys, np.uint32(0xFFFFFFFF))
        starts = np.arange(1 << FIRST_BITS, dtype=np.uint64) << np.uint64(32 - FIRST_BITS)
        self.first = np.searchsorted(keys, starts.astype(np.uint32)).astype(np.int32)
        self.rows = len(keys)

    def find(self, wanted: Words) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Which of the wanted keys are known, and their rows."""
        row = self.first[wanted >> np.uint32(32 - FIRST_BITS)]
        behind = np.flatnonzero(self.keys[row] < wanted)
        while len(behind):
            row[behind] += 1
            behind = behind[self.keys[row[behind]] < wanted[behind]]
        known = np.flatnonzero(self.keys[row] == wanted)
        rows = row[known]
        # The key behind the last is a guard, not an n-gram.
        inside = rows < self.rows
        return (known, rows) if inside.all() else (known[inside], rows[inside])


@dataclass(frozen=True)
class Found:
    """The n-grams of some texts that a reader knows, each once for each text.

    Attributes:
        half: twice the number of the text, and one more for letters.
        row: the row of the n-gram.
        weight: how much it counts.
    """

    half: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    weight: npt.NDArray[np.int32]


class Portable:
    """Reads texts with a weight file.

    Args:
        weights: the file.
        plan: its plan.
    """

    def __init__(self, weights: Weights, plan: Plan) -> None:
        self.weights, self.plan = weights, plan
        arrays = weights.arrays
        self.vocabulary = Vocabulary(arrays.keys)
        self.table = arrays.table.astype(np.int32)
        self.idf = arrays.idf.astype(np.int32)
        self.hidden, self.out = arrays.hidden.astype(np.float64), arrays.out.astype(np.float64)
        self.signs = np.isin(arrays.keys, features.signs())

    def read(self, texts: pa.Array, groups: Groups | None, extra: Floats | None) -> Floats:
        """The probability of every column for texts that are `sound`.

        Args:
            texts: the texts.
            groups: their groups; `None` to ask the language head.
            extra: what is to be added to the sums.
        """
        found = np.empty((len(texts), self.plan.header.columns))
        for begin in range(0, len(texts), features.AT_ONCE):
            part = slice(begin, begin + features.AT_ONCE)
            found[part] = self._read(
                texts.slice(begin, features.AT_ONCE),
                None if groups is None else groups[part],
                None if extra is None else extra[part],
            )
        return found

    def _read(self, texts: pa.Array, groups: Groups | None, extra: Floats | None) -> Floats:
        ngrams = self.find(texts)
        sums, linear = self.sums(self.halves(ngrams, len(texts)))
        if extra is not None:
            sums = sums + extra
        read = self._known(ngrams, len(texts))
        if groups is None:
            groups = self._groups(sums, linear, read)
        return probabilities(self.plan, sums, linear, groups, read)

    def group(self, texts: pa.Array) -> int:
        """The group of a single text by its language, as the reader sees it."""
        ngrams = self.find(texts)
        sums, linear = self.sums(self.halves(ngrams, 1))
        return int(self._groups(sums, linear, self._known(ngrams, 1))[0])

    def _known(self, of: Found, n: int) -> npt.NDArray[np.bool_]:
        """Whether any n-gram of each text is known, signs aside."""
        known: npt.NDArray[np.bool_] = np.bincount(of.half[~self.signs[of.row]] >> 1, minlength=n) > 0
        return known

    def find(self, texts: pa.Array) -> Found:
        """The known n-grams of at most `AT_ONCE` texts."""
        gathered = features.pieces(stream(texts))
        known, row = self.vocabulary.find(np.concatenate([piece.keys for piece in gathered]))
        half = np.concatenate([piece.texts for piece in gathered])[known].astype(np.uint32) << np.uint32(1)
        half |= self.weights.arrays.keys[row] & np.uint32(1)
        both = np.sort(half << np.uint32(16) | row.astype(np.uint32))
        first = np.flatnonzero(np.concatenate([[True], both[1:] != both[:-1]])) if len(both) else both.astype(np.int64)
        often = np.diff(first, append=len(both))
        single = both[first].astype(np.int64)
        once = single & 0xFFFF
        counted = np.minimum(often, self.weights.header.cap)
        return Found(single >> 16, once, (self.idf[once] * counted).astype(np.int32))

    def halves(self, of: Found, n: int) -> Floats:
        """For each text the columns of the table, summed over its words and over its letters, in whole numbers."""
        from scipy.sparse import csr_array

        heads = np.searchsorted(of.half, np.arange(2 * n + 1))
        sums = csr_array((of.weight, of.row, heads), shape=(2 * n, len(self.idf))) @ self.table
        square = np.bincount(of.half, weights=of.weight.astype(np.float64) ** 2, minlength=2 * n)
        norm = np.sqrt(np.where(square > 0, square, 1.0))
        scaled = (sums / norm[:, None]).reshape(n, 2, -1) * self.weights.arrays.scale
        rounded: Floats = np.clip(np.rint(scaled), -REACH, REACH)
        return rounded

    def sums(self, halves: Floats) -> tuple[Floats, Floats]:
        """Log odds of every column, and of the linear columns; products of whole numbers, exact in any order."""
        arrays, width = self.weights.arrays, self.weights.header.width
        first = halves[:, :, :width].reshape(len(halves), -1) @ self.hidden + arrays.hidden_bias
        hidden = np.minimum(np.rint(np.maximum(first, 0.0) * arrays.hidden_scale), REACH)
        linear = (halves[:, 0, width:] + halves[:, 1, width:]) * arrays.linear_scale
        return (hidden @ self.out + arrays.out_bias) * arrays.out_scale, linear

    def _groups(self, sums: Floats, linear: Floats, read: npt.NDArray[np.bool_]) -> Groups:
        """The groups of texts as the language head sees them."""
        header = self.plan.header
        none = np.full(len(sums), UNKNOWN, dtype=np.int8)
        if not header.language_head:
            return none
        begin = header.start(header.language_head)
        values = header.head(header.language_head).values
        shares = probabilities(self.plan, sums, linear, none, read)[:, begin : begin + len(values)]
        best = np.nan_to_num(shares).argmax(axis=1)
        sure = np.nan_to_num(shares[np.arange(len(best)), best]) >= header.language_sure
        return np.where(sure, group_of_values(header)[best], np.int8(UNKNOWN)).astype(np.int8)
