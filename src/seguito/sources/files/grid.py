"""A file as columns of text: what every table format becomes before a mapping gives it meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.sources.contract import Reject

ROWS = 50_000
LONGEST_FIELD = 1 << 20
SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file.

    Attributes:
        columns: text by column name; an empty cell is null.
        places: the line (or running number) each row starts at.
        rejects: rows of this stretch of the file that could not be split into columns.
    """

    columns: dict[str, pa.Array]
    places: npt.NDArray[np.int64]
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows came through."""
        return len(self.places)


class Grid(Protocol):
    """A file opened as a table of text."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""

    def chunks(self, only: frozenset[str] | None = None) -> Iterator[Chunk]:
        """The rows, at most `ROWS` at a time; with `only`, just those columns."""


def text_column(values: object) -> pa.Array:
    """Python texts as one Arrow column; empty ones become null."""
    import pyarrow.compute as pc

    column = pa.array(values, pa.string())
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def shown(raw: object) -> str:
    """A row as text for the side file of rejects, bounded."""
    text = raw if isinstance(raw, str) else repr(raw)
    return text[:SHOWN].rstrip("\r\n")
