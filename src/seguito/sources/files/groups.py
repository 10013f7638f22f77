"""Comments of a file gathered into groups, and whether a group says what it said the last time.

A group is a comment with those that answer it. Nothing that is said of one group's rows depends on another group's, so
that a group whose rows are the same, in whatever order, need not become facts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]
# What is remembered of a group: its key, what its rows say together, and what they tell of the file as a whole.
GROUPS = pa.schema(
    [
        ("thread", pa.uint64()),
        ("said", pa.uint64()),
        ("rows", pa.int64()),
        ("post", pa.string()),
        ("space", pa.string()),
        ("title", pa.string()),
        ("owner", pa.string()),
        ("owner_name", pa.string()),
        ("oldest", pa.int64()),
        ("newest", pa.int64()),
        ("shows", pa.int64()),
    ]
)
_SAME_FOR_ALL = ("post", "space", "title")


@dataclass
class Groups:
    """The groups of a file, in the order of their keys.

    Args:
        said: a number for what each row says.
        ids: a number for each comment's key.
        threads: a number for the key of the comment that each row answers, or its own.
    """

    said: Keys
    ids: Keys
    threads: Keys

    def __post_init__(self) -> None:
        self.keys, self.of = np.unique(self.threads, return_inverse=True)
        self.rows: Numbers = np.bincount(self.of, minlength=len(self.keys)).astype(np.int64)

    @cached_property
    def sums(self) -> Keys:
        """What the rows of each group say together: added up, so that their order does not matter."""
        ordered: Keys = np.add.reduceat(self.said[self._order], self._starts) if len(self.keys) else self.said[:0]
        return ordered

    @cached_property
    def _order(self) -> Numbers:
        return np.argsort(self.of, kind="stable")

    @cached_property
    def _starts(self) -> Numbers:
        return np.concatenate([[0], np.cumsum(self.rows)[:-1]]).astype(np.int64)

    def hit_by(self, rows: Any) -> Mask:
        """The groups of some rows (a mask, or their numbers)."""
        hit = np.zeros(len(self.keys), dtype=bool)
        hit[self.of[rows]] = True
        return hit

    @cached_property
    def repeated(self) -> Mask:
        """Groups with an id that stands in the file a second time."""
        order = np.argsort(self.ids, kind="stable")
        twin = np.flatnonzero(self.ids[order][1:] == self.ids[order][:-1])
        return self.hit_by(np.concatenate([order[twin], order[twin + 1]]))

    def same_as(self, known: pa.Table) -> tuple[Mask, Numbers]:
        """Which groups say what they said, and the row of `known` (schema `GROUPS`, sorted) that tells of each."""
        if not known.num_rows or not len(self.keys):
            return np.zeros(len(self.keys), dtype=bool), np.zeros(len(self.keys), dtype=np.int64)
        threads, said, rows = (known[name].to_numpy() for name in ("thread", "said", "rows"))
        place = np.minimum(np.searchsorted(threads, self.keys), len(threads) - 1)
        same = (threads[place] == self.keys) & (said[place] == self.sums) & (rows[place] == self.rows)
        return same & ~self.repeated, place

    def told(self, rows: Numbers, read: pa.Table) -> pa.Table:
        """What to remember of groups that were read just now.

        Args:
            rows: the numbers of the rows that became facts.
            read: what each of them told: post, space, title, owner, owner_name, at, shows.
        """
        of = self.of[rows]
        order = np.argsort(of, kind="stable")
        of = of[order]
        first = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]])) if len(of) else of
        groups, sizes = of[first], np.diff(np.append(first, len(of)))
        # Where a row was set aside, or the rows do not agree on where they stand, the group is read anew each time.
        whole = (sizes == self.rows[groups]) & ~self.repeated[groups]
        columns: dict[str, Any] = {}
        for name in (*_SAME_FOR_ALL, "owner", "owner_name"):
            codes, words = _coded(read[name])
            codes = codes[order]
            least, most = (each.reduceat(codes, first) for each in (np.minimum, np.maximum)) if len(first) else (of, of)
            if name in _SAME_FOR_ALL:
                whole &= least == most
            else:
                known = np.where(codes < 0, len(words), codes)
                least = np.minimum.reduceat(known, first) if len(first) else of
                whole &= (most < 0) | (least == most)
            columns[name] = words.take(pa.array(most, mask=most < 0))
        at = read["at"].cast(pa.int64())
        times = at.fill_null(0).to_numpy()[order]
        if len(first):
            undated = np.logical_or.reduceat(at.is_null().to_numpy()[order], first)
            whole &= ~undated
            columns["oldest"], columns["newest"] = np.minimum.reduceat(times, first), np.maximum.reduceat(times, first)
            columns["shows"] = np.bitwise_or.reduceat(read["shows"].to_numpy()[order], first)
        else:
            columns |= dict.fromkeys(("oldest", "newest", "shows"), of)
        columns |= {"thread": self.keys[groups], "said": self.sums[groups], "rows": self.rows[groups]}
        return pa.table({name: columns[name] for name in GROUPS.names}, schema=GROUPS).filter(pa.array(whole))


def _coded(column: Any) -> tuple[Numbers, Any]:
    """Texts as numbers (-1 for none), and the texts."""
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0) if coded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    return coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary
