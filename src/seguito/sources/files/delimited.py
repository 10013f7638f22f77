"""CSV and TSV as a grid: quotes respected, line numbers right, damaged rows set aside, reading resumed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy as np

from seguito.kit.errors import BadInput
from seguito.sources.contract import Reject
from seguito.sources.files.grid import LONGEST_FIELD, ROWS, Chunk, shown, text_column
from seguito.sources.files.opening import LONGEST_LINE, Encoding, opened_text
from seguito.sources.files.stretches import parts

DELIMITERS = ",;\t|"
WIDEST = 2_000
# Spreadsheets may say in a first line how cells are told apart.
_SEPARATOR = re.compile(r'"?sep=.?"?[\r\n]*$', re.IGNORECASE)
# Bytes of a stretch that is parsed at once, about.
STRETCH = 8 << 20


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
    lines = [line for line in head.splitlines(keepends=True) if not _SEPARATOR.match(line)]
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
    """The lines of a stretch of a file, and those after it where a row goes on; rows can be given back."""

    def __init__(self, block: bytes, file: Any, read: int) -> None:
        self._file = file
        self._back = list(reversed(_split(block)))
        self.row: list[str] = []
        self.read = read

    def __iter__(self) -> Iterator[str]:
        while True:
            if not self._back:
                self._back = list(reversed(_split(self._file.readline(LONGEST_LINE))))
                if not self._back:
                    return
            line = self._back.pop()
            self.read += 1
            self.row.append(line)
            yield line

    @property
    def is_done(self) -> bool:
        """Whether the stretch (and whatever was given back) is used up."""
        return not self._back

    def keep_only_first(self) -> None:
        """Give back all lines of the row but its first."""
        rest = self.row[1:]
        self._back.extend(reversed(rest))
        self.read -= len(rest)


def _split(block: bytes) -> list[str]:
    return list(io.StringIO(block.decode("utf-8", "surrogateescape"), newline=""))


@dataclass
class Delimited:
    """A CSV or TSV file opened as a grid.

    Whole stretches are parsed at once; a stretch that holds anything out of order is read again row by row.

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
        with opened_text(self.path, self.encoding) as file:
            return self._header(file)[0]

    def _header(self, file: IO[bytes]) -> tuple[tuple[str, ...], int]:
        """The names, and how many lines were read to find them."""
        lines = _Lines(b"", file, 0)
        try:
            for row in self.dialect.reader(iter(lines)):
                if any(cell.strip() for cell in row) and not _SEPARATOR.match(lines.row[-1]):
                    return _named(row), lines.read
        except csv.Error:
            pass
        raise BadInput(f"{self.path.name} has no header.", "The first row must name the columns.")

    def chunks(self, only: frozenset[str] | None = None) -> Iterator[Chunk]:
        """The rows, about `ROWS` at a time."""
        for part in parts(self, only):
            for chunk in part.chunks():
                yield from _slices(chunk) if chunk.rows > ROWS else (chunk,)

    def begin(self, file: IO[bytes]) -> int:
        """Read past the header; how many lines that were."""
        return self._header(file)[1]

    @staticmethod
    def block(file: Any) -> bytes:
        """Some megabytes that end at the end of a line and, as far as quotes tell, of a row."""
        block: bytes = file.read(STRETCH)
        if block:
            block += file.readline(LONGEST_LINE)
        for _ in range(100):
            if _count(block, b'"') % 2 == 0 or not (line := file.readline(LONGEST_LINE)):
                break
            block += line
        return block

    def at_once(self, block: bytes, read: int, only: frozenset[str] | None = None) -> tuple[Chunk, int] | None:
        """All rows of a block and its number of lines; `None` when anything in it is out of order."""
        from pyarrow import ArrowException, string
        from pyarrow import csv as arrow_csv

        if self._is_doubtful(block):
            return None
        quote = '"' if self.dialect.quoted else False
        try:
            table = arrow_csv.read_csv(
                io.BytesIO(block),
                arrow_csv.ReadOptions(column_names=list(self.header), block_size=len(block) + 1, use_threads=False),
                arrow_csv.ParseOptions(
                    delimiter=self.dialect.delimiter,
                    quote_char=quote,
                    double_quote=bool(quote),
                    newlines_in_values=bool(quote),
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self.header, string()),
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            ).combine_chunks()
        except ArrowException:
            return None
        lines = _count(block, b"\n") + (not block.endswith(b"\n"))
        columns = {name: _whole(table.column(name)) for name in self.header}
        places = _places(columns, table.num_rows, lines, read)
        return None if places is None else (_only(Chunk(columns, places), only), lines)

    def _is_doubtful(self, block: bytes) -> bool:
        """Whether a block has a mark, lines that end otherwise, or may end inside quotes."""
        last = block[block.rstrip(b"\r\n").rfind(b"\n") + 1 :]
        return (
            block.startswith(b"\xef\xbb\xbf")
            or _count(block, b"\r") != (block.count(b"\r\n") if b"\r" in block else 0)
            or (
                self.dialect.quoted
                and (_count(block, b'"') % 2 == 1 or self._is_open([last.decode("utf-8", "replace")]))
            )
        )

    def one_by_one(self, block: bytes, file: Any, read: int, only: frozenset[str] | None) -> tuple[list[Chunk], int]:
        """The rows of a block, each looked at for itself, and how many lines were read by then."""
        lines = _Lines(block, file, read)
        return list(self._one_by_one(lines, only)), lines.read

    def _one_by_one(self, lines: _Lines, only: frozenset[str] | None) -> Iterator[Chunk]:
        names = [(at, name) for at, name in enumerate(self.header) if only is None or name in only]
        rows: list[list[str]] = []
        places: list[int] = []
        rejects: list[Reject] = []
        for place, row in self._rows(lines, rejects):
            rows.append(row)
            places.append(place)
            if len(rows) == ROWS:
                yield self._chunk(names, rows, places, rejects)
                rows, places, rejects[:] = [], [], []
        if rows or rejects:
            yield self._chunk(names, rows, places, rejects)

    def _rows(self, lines: _Lines, rejects: list[Reject]) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        reader = self.dialect.reader(iter(lines))
        while not lines.is_done:
            lines.row.clear()
            place = lines.read + 1
            try:
                row = next(reader, None)
            except csv.Error:
                reader = self._set_aside(lines, place, "a field is unclosed or longer than 1 MiB", rejects)
                continue
            if row is None:
                return
            reason = self._wrong(row, lines.row, width)
            if reason:
                reader = self._set_aside(lines, place, reason, rejects)
            elif row:
                yield place, row[:width]

    def _wrong(self, row: list[str], lines: list[str], width: int) -> str | None:
        """What is wrong with a row; empty cells too many are not."""
        if not row:
            return None
        if len(row) > width and not any(row[width:]) and len(lines) == 1:
            return None
        if len(row) != width and len(lines) == 1:
            return f"the row has {'fewer' if len(row) < width else 'more'} columns than the header"
        if self.dialect.quoted and (len(row) != width or self._is_open(lines)):
            return "a quote is not closed"
        return "the row holds a NUL character" if self.has_nul and any("\0" in line for line in lines) else None

    def _is_open(self, lines: list[str]) -> bool:
        """Whether the text of a row ends inside quotes."""
        whole = "".join(lines)
        if whole.count('"') % 2 == 0:
            return False
        return re.search(rf'(?:^|{re.escape(self.dialect.delimiter)})"(?:[^"]|"")*$', whole) is not None

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
            columns = _columns(names, rows)
        except UnicodeEncodeError:
            kept = [at for at, row in enumerate(rows) if _is_text("".join(row))]
            good = set(kept)
            rejects.extend(
                Reject(self._at(places[at]), "the row is not valid text in the file's encoding", shown(repr(row)))
                for at, row in enumerate(rows)
                if at not in good
            )
            rows, places = [rows[at] for at in kept], [places[at] for at in kept]
            columns = _columns(names, rows)
        return Chunk(columns, np.array(places, dtype=np.int64), list(rejects))


def _count(block: bytes, sign: bytes) -> int:
    """How often one byte occurs; where it does so in every cell, ten times quicker than to search for it."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == sign[0]))


def _columns(names: list[tuple[int, str]], rows: list[list[str]]) -> dict[str, Any]:
    cells = list(zip(*rows, strict=True))
    return {name: text_column(cells[at] if rows else []) for at, name in names}


def _whole(column: Any) -> Any:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _places(columns: dict[str, Any], rows: int, lines: int, read: int) -> Any:
    """The line each row of a block starts at; `None` when rows and lines do not add up (blank lines, for one)."""
    import pyarrow.compute as pc

    if rows == lines:
        return np.arange(read + 1, read + 1 + rows, dtype=np.int64)
    more = np.zeros(rows, dtype=np.int64)
    for column in columns.values():
        more += pc.fill_null(pc.count_substring(column, "\n"), 0).to_numpy()
        if pc.any(pc.greater(pc.binary_length(column), LONGEST_FIELD)).as_py():
            return None
    is_open = any((column[-1].as_py() or "").endswith("\n") for column in columns.values()) if rows else False
    if is_open or rows + int(more.sum()) != lines:
        return None
    return read + 1 + np.arange(rows, dtype=np.int64) + np.concatenate([[0], np.cumsum(more)[:-1]])


def _only(chunk: Chunk, only: frozenset[str] | None) -> Chunk:
    if only is None:
        return chunk
    return Chunk({name: column for name, column in chunk.columns.items() if name in only}, chunk.places)


def _slices(chunk: Chunk) -> Iterator[Chunk]:
    for start in range(0, chunk.rows, ROWS):
        columns = {name: column.slice(start, ROWS) for name, column in chunk.columns.items()}
        yield Chunk(columns, chunk.places[start : start + ROWS])


def _is_text(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


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
