"""Rows of a file that are parsed only when they are needed, and rows in memory as a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seguito.sources.files.grid import Chunk
from seguito.sources.files.stretches import Stretch

Mask = npt.NDArray[np.bool_]


@dataclass
class Held:
    """Some rows of a file, parsed when they are needed.

    Attributes:
        rows: how many there are.
        size: the bytes they take.
        parse: parses them.
        stretch: how they can be known again; `None` where they cannot.
    """

    rows: int
    size: int
    parse: Callable[[], list[Chunk]]
    stretch: Stretch | None

    @classmethod
    def of(cls, chunks: list[Chunk], stretch: Stretch | None) -> Held:
        """Rows that are parsed already."""
        size = sum(column.nbytes for chunk in chunks for column in chunk.columns.values())
        return cls(sum(chunk.rows for chunk in chunks), size, lambda: chunks, stretch)

    @cached_property
    def chunks(self) -> list[Chunk]:
        """The rows."""
        return self.parse()

    def split(self, mask: Mask) -> list[Mask]:
        """A mask of all the rows as one for each chunk."""
        ends = np.cumsum([chunk.rows for chunk in self.chunks])
        return np.split(mask, ends[:-1]) if len(ends) else []


@dataclass(frozen=True)
class HeldGrid:
    """Chunks in memory, as a grid."""

    held: tuple[Chunk, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.held[0].columns) if self.held else ()

    def chunks(self, only: frozenset[str] | None = None) -> Iterator[Chunk]:
        """The rows; with `only`, just those columns."""
        for chunk in self.held:
            yield replace(chunk, columns={n: c for n, c in chunk.columns.items() if only is None or n in only})
