"""Which rows can become facts; every other one is set aside with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from seguito.kit import clock
from seguito.sources.contract import Reject
from seguito.sources.files.cells import Cells, described_natives
from seguito.sources.files.grid import Chunk, shown

_ROUNDED = r"^\d[.,]?\d*[eE]\+?\d+$"


@dataclass
class Sieve:
    """Sets aside rows that cannot be read, and rows whose id occurred before.

    Args:
        name: the file's name, for locators.
        latest: no row can have been written later.
        best: of things captured several times, where the capture stands that counts.
    """

    name: str
    latest: datetime
    best: dict[str, tuple[bool, datetime, int]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def sift(self, told: Cells, at: pa.Array, needed: tuple[str, ...]) -> tuple[pa.Array | None, list[Reject]]:
        """Which rows to keep (`None`: all) and what is wrong with the others.

        Args:
            told: the rows.
            at: when each was written, null where it could not be read.
            needed: targets that must not be empty, where they are mapped.
        """
        reasons: dict[int, str] = {}
        for mask, reason in self._doubts(told, at, needed):
            for row in np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist():
                reasons.setdefault(row, reason)
        if told.has("id"):
            self._repeats(told.native("id"), told.chunk, reasons)
        if not reasons:
            return None, []
        keep = np.ones(len(told), dtype=bool)
        keep[list(reasons)] = False
        return pa.array(keep), [
            Reject(f"{self.name}:{told.chunk.places[row]}", reason, shown(_row(told.chunk, row)))
            for row, reason in sorted(reasons.items())
        ]

    def _doubts(self, told: Cells, at: pa.Array, needed: tuple[str, ...]) -> Iterator[tuple[pa.Array, str]]:
        import pyarrow.compute as pc

        written = told.word("created_at")
        yield pc.and_(pc.is_valid(written), pc.is_null(at)), "the time cannot be read"
        impossible = pc.or_(pc.greater(at, self.latest), pc.less(at, clock.EARLIEST))
        yield pc.fill_null(impossible, False), "the time is in the future or before 1995"
        if "account" in needed:
            yield pc.is_null(described_natives(told)), "the row names no account"
        for target, name in (("created_at", "time"), ("product", "product")):
            if target in needed:
                yield pc.is_null(told.word(target)), f"the row has no {name}"
        for target in ("id", "post_id"):
            if told.has(target):
                value = told.native(target)
                if target in needed:
                    yield pc.is_null(value), f"the row has no {target.replace('_', ' ')}"
                rounded = pc.fill_null(pc.match_substring_regex(value, _ROUNDED), False)
                yield rounded, "an id was rounded by a spreadsheet"

    def _repeats(self, ids: pa.Array, chunk: Chunk, reasons: dict[int, str]) -> None:
        texts: list[str | None] = ids.to_pylist()
        if self.best:
            for row, text in enumerate(texts):
                if text is not None and text in self.best and -self.best[text][2] != chunk.places[row]:
                    reasons.setdefault(row, "the same was captured again")
            return
        fresh = {text for text in texts if text is not None}
        if len(fresh) == len(texts) and self._seen.isdisjoint(fresh) and not reasons:
            self._seen |= fresh
            return
        for row, text in enumerate(texts):
            if text is None or row in reasons:
                continue
            if text in self._seen:
                reasons[row] = "the id occurred before in this file"
            self._seen.add(text)


def _row(chunk: Chunk, row: int) -> str:
    return "\t".join(f"{name}={column[row].as_py() or ''}"[:500] for name, column in chunk.columns.items())


def kept(chunk: Chunk, keep: pa.Array | None, *more: pa.Array) -> tuple[Any, ...]:
    """The chunk, and arrays beside it, without the rows that were set aside."""
    if keep is None:
        return chunk, *more
    columns = {name: column.filter(keep) for name, column in chunk.columns.items()}
    return Chunk(columns, chunk.places[keep.to_numpy(zero_copy_only=False)]), *(one.filter(keep) for one in more)
