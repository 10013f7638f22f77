"""A delimited file as stretches of rows: one that lies where it lay, byte for byte, need not be parsed again.

Where a stretch ends follows from its own bytes alone (at a line's end outside quotes), so a file that begins as it
began before has the same stretches there. Only those are remembered that were parsed at once, with no row set aside,
and that something follows: the last one may go on in the next export.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seguito.sources.contract import Reject
from seguito.sources.files.grid import Chunk
from seguito.sources.files.opening import opened_text

if TYPE_CHECKING:
    from seguito.sources.files.delimited import Delimited

DAMAGED = "the file is damaged or cut off from here on"
# How stretches are remembered.
STRETCHES = pa.schema(
    [("size", pa.int64()), ("sha256", pa.string()), ("lines", pa.int64()), ("rows", pa.int64()), ("state", pa.string())]
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch that can be known again.

    Attributes:
        size: its bytes.
        sha256: of them.
        lines: how many lines it has.
        rows: how many rows.
    """

    size: int
    sha256: str
    lines: int
    rows: int


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file.

    Attributes:
        stretch: how they can be known again; `None` where they cannot.
        is_known: whether they are a stretch that was named as known.
        chunks: parses them.
    """

    stretch: Stretch | None
    is_known: bool
    chunks: Callable[[], list[Chunk]]


def state(grid: Delimited, only: frozenset[str], *more: str) -> str:
    """What decides, beside its bytes, how a stretch of a file is read."""
    said = (pa.__version__, grid.header, grid.dialect, grid.encoding, sorted(only), more)
    return sha256(repr(said).encode()).hexdigest()[:32]


def remembered(told: pa.Table | None, wanted: str) -> list[Stretch]:
    """The stretches of a table of `STRETCHES` that were read in the same state."""
    rows = [] if told is None else told.to_pylist()
    return [Stretch(row["size"], row["sha256"], row["lines"], row["rows"]) for row in rows if row["state"] == wanted]


def parts(grid: Delimited, only: frozenset[str] | None, known: Sequence[Stretch] | None = None) -> Iterator[Part]:
    """The rows of a file, part by part.

    Args:
        grid: the file.
        only: just these columns.
        known: the stretches it may begin with; `None` where none are to be told.
    """
    with opened_text(grid.path, grid.encoding) as file:
        read, source = grid.begin(file), _Source(file)
        for stretch in known or ():
            block = file.read(stretch.size)
            if sha256(block).hexdigest() != stretch.sha256 or grid.has_nul:
                source = _Source(file, block)
                break
            yield Part(stretch, True, partial(_parsed, grid, block, read, only))
            read += stretch.lines
        while block := grid.block(source):
            found = None if grid.has_nul else grid.at_once(block, read, only)
            if found is None:
                chunks, read = grid.one_by_one(block, source, read, only)
                yield Part(None, False, partial(list, chunks))
                continue
            whole, lines = found
            read += lines
            can_be_known = known is not None and not source.is_over
            named = Stretch(len(block), sha256(block).hexdigest(), lines, whole.rows) if can_be_known else None
            yield Part(named, False, partial(list, [whole]))
        if file.is_damaged:
            lost = Chunk({}, np.array([], np.int64), [Reject(f"{grid.path.name}:{read + 1}", DAMAGED, "")])
            yield Part(None, False, partial(list, [lost]))


def _parsed(grid: Delimited, block: bytes, read: int, only: frozenset[str] | None) -> list[Chunk]:
    found = grid.at_once(block, read, only)
    if found is None:
        raise ValueError("a stretch that was parsed at once cannot be any more")
    return [found[0]]


class _Source:
    """A file that was read too far, with what was read given back."""

    def __init__(self, file: IO[bytes], back: bytes = b"") -> None:
        self._file: Any = file
        self._back = io.BytesIO(back)

    def read(self, size: int) -> bytes:
        """The next bytes."""
        piece = self._back.read(size)
        return piece if len(piece) == size else piece + bytes(self._file.read(size - len(piece)))

    def readline(self, limit: int) -> bytes:
        """The rest of the line."""
        line = self._back.readline(limit)
        return (
            line if line.endswith(b"\n") or len(line) == limit else line + bytes(self._file.readline(limit - len(line)))
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing follows."""
        return self._back.tell() == len(self._back.getbuffer()) and not self._file.peek(1)
