"""CSV and TSV as a grid: quotes respected, line numbers right, damaged rows set aside, reading resumed."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from seguito.kit.errors import BadInput
from seguito.sources.contract import Reject
from seguito.sources.files.grid import LONGEST_FIELD, ROWS, Chunk, shown, text_column
from seguito.sources.files.opening import Encoding, opened

DELIMITERS = ",;\t|"
WIDEST = 2_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart. `quoted` is false for tables that never quote."""

    delimiter: str
    quoted: bool = True

    def reader(self, lines: Iterator[str]) -> Any:
        """A csv reader over lines."""
        csv.field_size_limit(LONGEST_FIELD)
        if self.quoted:
            return csv.reader(lines, delimiter=self.delimiter)
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)


def sniff(head: str) -> Dialect | None:
    """The delimiter that splits the first 50 rows into the same number (over one) of columns; `None` if none."""
    best: tuple[float, int, str] | None = None
    for delimiter in DELIMITERS:
        rows = _first_rows(head, Dialect(delimiter))
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        same = sum(len(row) == width for row in rows) / len(rows)
        if same >= 0.5 and (best is None or (same, width) > best[:2]):
            best = (same, width, delimiter)
    return Dialect(best[2]) if best else None


def _first_rows(head: str, dialect: Dialect, limit: int = 50) -> list[list[str]]:
    lines = head.splitlines(keepends=True)
    if len(lines) > 1 and not lines[-1].endswith(("\n", "\r")):
        lines.pop()
    rows: list[list[str]] = []
    try:
        for row in dialect.reader(iter(lines)):
            if row:
                rows.append(row)
            if len(rows) == limit:
                break
    except csv.Error:
        pass
    return rows


class _Lines:
    """The lines of a file, remembering those of the row being read so that they can be given back."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self.row: list[str] = []
        self._back: list[str] = []
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        while True:
            line = self._back.pop() if self._back else next(self._source, None)
            if line is None:
                return
            self.read += 1
            self.row.append(line)
            yield line

    def keep_only_first(self) -> None:
        """Give back all lines of the row but its first."""
        rest = self.row[1:]
        self._back.extend(reversed(rest))
        self.read -= len(rest)


@dataclass
class Delimited:
    """A CSV or TSV file opened as a grid.

    Args:
        path: the file.
        dialect: how cells are told apart.
        encoding: of its text.
        has_nul: whether rows must be searched for NUL characters.
    """

    path: Path
    dialect: Dialect
    encoding: Encoding = "utf-8"
    has_nul: bool = False

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names in the first row that is not blank; doubled names get a number, empty ones their position."""
        with opened(self.path) as file:
            for row in self.dialect.reader(self._text(file)):
                if any(cell.strip() for cell in row):
                    return _named(row)
        raise BadInput(f"{self.path.name} has no header.", "The first row must name the columns.")

    def _text(self, file: Any) -> Iterator[str]:
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        text = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
        try:
            yield from text
        except UnicodeError:
            return  # UTF-16 cut in the middle of a character
        finally:
            if not text.closed:
                text.detach()

    def chunks(self, only: frozenset[str] | None = None) -> Iterator[Chunk]:
        """The rows, at most `ROWS` at a time."""
        names = [(at, name) for at, name in enumerate(self.header) if only is None or name in only]
        with opened(self.path) as file:
            rows: list[list[str]] = []
            places: list[int] = []
            rejects: list[Reject] = []
            for place, row in self._rows(self._text(file), rejects):
                rows.append(row)
                places.append(place)
                if len(rows) == ROWS:
                    yield self._chunk(names, rows, places, rejects)
                    rows, places = [], []
                    rejects.clear()
            if rows or rejects:
                yield self._chunk(names, rows, places, rejects)

    def _rows(self, text: Iterator[str], rejects: list[Reject]) -> Iterator[tuple[int, list[str]]]:
        lines = _Lines(text)
        width, seen_header = len(self.header), False
        reader = self.dialect.reader(iter(lines))
        while True:
            lines.row.clear()
            place = lines.read + 1
            try:
                row = next(reader, None)
            except csv.Error:
                reader = self._set_aside(lines, place, "a field is unclosed or longer than 1 MiB", rejects)
                continue
            except (EOFError, OSError, zlib.error):
                rejects.append(Reject(self._at(place), "the compressed file is damaged from here on", ""))
                return
            if row is None:
                return
            if not seen_header:
                seen_header = any(cell.strip() for cell in row)
            elif len(row) == width and not (len(lines.row) > 1 and self._unclosed(lines)):
                if self.has_nul and any("\0" in line for line in lines.row):
                    reader = self._set_aside(lines, place, "the row holds a NUL character", rejects)
                else:
                    yield place, row
            elif row:
                trimmed = self._fitting(row, width)
                if trimmed is not None and len(lines.row) == 1:
                    yield place, trimmed
                else:
                    reason = _why(row, width, several=len(lines.row) > 1)
                    reader = self._set_aside(lines, place, reason, rejects)

    @staticmethod
    def _unclosed(lines: _Lines) -> bool:
        return sum(line.count('"') for line in lines.row) % 2 == 1

    @staticmethod
    def _fitting(row: list[str], width: int) -> list[str] | None:
        """A row with nothing but empty cells too many, without them."""
        return row[:width] if len(row) > width and not any(row[width:]) else None

    def _set_aside(self, lines: _Lines, place: int, reason: str, rejects: list[Reject]) -> Any:
        """Reject the first line of the row and read on at its second."""
        rejects.append(Reject(self._at(place), reason, shown(lines.row[0] if lines.row else "")))
        lines.keep_only_first()
        return self.dialect.reader(iter(lines))

    def _at(self, place: int) -> str:
        return f"{self.path.name}:{place}"

    def _chunk(
        self, names: list[tuple[int, str]], rows: list[list[str]], places: list[int], rejects: list[Reject]
    ) -> Chunk:
        try:
            columns = self._columns(names, rows)
        except UnicodeEncodeError:
            kept = [at for at, row in enumerate(rows) if _is_text("".join(row))]
            good = set(kept)
            rejects.extend(
                Reject(self._at(places[at]), "the row is not valid text in the file's encoding", shown(repr(row)))
                for at, row in enumerate(rows)
                if at not in good
            )
            rows, places = [rows[at] for at in kept], [places[at] for at in kept]
            columns = self._columns(names, rows)
        return Chunk(columns, np.array(places, dtype=np.int64), list(rejects))

    @staticmethod
    def _columns(names: list[tuple[int, str]], rows: list[list[str]]) -> dict[str, Any]:
        cells = list(zip(*rows, strict=True))
        return {name: text_column(cells[at] if rows else []) for at, name in names}


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _why(row: list[str], width: int, *, several: bool) -> str:
    if several:
        return "a quote is not closed"
    return (
        "the row has fewer columns than the header" if len(row) < width else "the row has more columns than the header"
    )


def _named(row: list[str]) -> tuple[str, ...]:
    if len(row) > WIDEST:
        raise BadInput(f"The file has {len(row)} columns.", "Export only the columns you need.")
    names: list[str] = []
    taken: set[str] = set()
    for at, cell in enumerate(row, start=1):
        name = cell.encode("utf-8", "replace").decode().replace("\0", "").strip() or f"column {at}"
        while name in taken:
            name += "'"
        taken.add(name)
        names.append(name)
    return tuple(names)
