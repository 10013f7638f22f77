"""Texts as rows of a sparse matrix, and the n-grams that are worth a row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sparse

from seguito.labels.models.features import counts
from training.network import Grams

Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint32]

# An n-gram counts at most this often in one text.
CAP = 2
# An n-gram of fewer documents is a name or a slip.
FEWEST = 3
# An n-gram that stands in few documents proves little: so many more that say the average are imagined.
DOUBT = 1.0


@dataclass(frozen=True, slots=True)
class Counted:
    """Counted n-grams of documents: one column for each key that occurs, ascending."""

    keys: Keys
    matrix: sparse.csr_array


def counted(texts: Sequence[str]) -> Counted:
    """Count the n-grams of texts."""
    found = counts(pa.array(texts, pa.string()))
    keys, columns = np.unique(found.keys, return_inverse=True)
    parts = (found.counts.astype(np.float32), columns.astype(np.int32), found.offsets)
    return Counted(keys, sparse.csr_array(parts, shape=(len(texts), len(keys))))


def chosen(of: Counted, targets: Floats, known: npt.NDArray[np.bool_], rows: int, words: float = 0.4) -> Keys:
    """The keys that tell the classes apart best, ascending.

    Every column of the targets names in turn the n-gram that speaks most for or against it (the distance between the
    share of its documents that hold the class and the share of all, in standard deviations), until the rows are full.

    Args:
        of: n-grams of the training documents.
        targets: wanted probabilities, documents by columns.
        known: where an answer is known.
        rows: how many keys.
        words: share of the rows that words and pairs get; letters get the rest.
    """
    seen = of.matrix.copy()
    seen.data = np.ones_like(seen.data)
    often = np.asarray(seen.sum(axis=0)).ravel()
    out = []
    for block, quota in ((0, round(rows * words)), (1, rows - round(rows * words))):
        candidates = np.flatnonzero((often >= FEWEST) & ((of.keys & 1) == block))
        votes = _votes(seen[:, candidates], targets, known, quota)
        out.append(of.keys[candidates[_in_turn(votes, len(candidates), quota)]])
    return np.sort(np.concatenate(out))


def _votes(seen: sparse.csr_array, targets: Floats, known: npt.NDArray[np.bool_], quota: int) -> list[Keys]:
    votes = []
    for column in range(targets.shape[1]):
        rows = np.flatnonzero(known[:, column])
        share = float(targets[rows, column].mean()) if len(rows) else 0.0
        if not 15 <= share * len(rows) <= len(rows) - 15:
            continue
        part = seen[rows]
        often = np.asarray(part.sum(axis=0)).ravel()
        held = np.asarray(part.T @ targets[rows, column]).ravel()
        distance = np.abs(held - often * share) / np.sqrt(often * share * (1 - share) + DOUBT)
        votes.append(np.argsort(-distance, kind="stable")[:quota].astype(np.uint32))
    return votes


def _in_turn(votes: Sequence[Keys], candidates: int, quota: int) -> npt.NDArray[np.int64]:
    taken = np.zeros(candidates, dtype=np.bool_)
    left = min(quota, candidates)
    place = 0
    while left and votes and place < quota:
        for vote in votes:
            if place < len(vote) and not taken[vote[place]] and left:
                taken[vote[place]] = True
                left -= 1
        place += 1
    return np.flatnonzero(taken)


def weighed(of: Counted, keys: Keys, idf: npt.NDArray[np.int64]) -> sparse.csr_array:
    """Documents by keys: count times idf, each block of a document of length one.

    Args:
        of: counted n-grams of any documents.
        keys: the keys of the table, ascending.
        idf: a small whole number for each.
    """
    place = np.minimum(np.searchsorted(of.keys, keys), len(of.keys) - 1)
    there = of.keys[place] == keys
    picked = of.matrix[:, place[there]]
    column = np.flatnonzero(there)
    matrix = sparse.csr_array((picked.data, column[picked.indices], picked.indptr), shape=(picked.shape[0], len(keys)))
    matrix.sort_indices()
    matrix.data = (np.minimum(matrix.data, CAP) * idf[matrix.indices]).astype(np.float32)
    block = (keys[matrix.indices] & 1).astype(np.int64)
    owner = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) * 2 + block
    squares = np.bincount(owner, weights=matrix.data.astype(np.float64) ** 2, minlength=2 * matrix.shape[0])
    matrix.data = (matrix.data / np.sqrt(squares[owner])).astype(np.float32)
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    return matrix


def idf_of(of: Counted, keys: Keys) -> npt.NDArray[np.int64]:
    """How rare each key is, 1 to 127: in proportion to one plus the logarithm of documents over its documents."""
    place = np.minimum(np.searchsorted(of.keys, keys), len(of.keys) - 1)
    often = np.where(of.keys[place] == keys, np.diff(of.matrix.tocsc().indptr)[place], 0)
    rarity = 1 + np.log((1 + of.matrix.shape[0]) / (1 + often))
    return np.clip(np.rint(rarity / rarity.max() * 127), 1, 127).astype(np.int64)


def halves(matrix: sparse.csr_array, keys: Keys) -> Grams:
    """The columns of words and those of letters, apart."""
    letter = (keys & 1).astype(np.bool_)
    return Grams(*(sparse.csr_array(matrix[:, np.flatnonzero(kind)]) for kind in (~letter, letter)))
