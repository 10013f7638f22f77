"""A tool's file formats: which columns give each away, and what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seguito.kit.errors import BadInput
from seguito.sources.contract import Options, Reading, Sample
from seguito.sources.files.delimited import Delimited, Dialect, sniff
from seguito.sources.files.grid import Grid
from seguito.sources.files.json_rows import JsonRows, decoded, flattened
from seguito.sources.files.mapping import Mapping
from seguito.sources.files.opening import PARQUET, Digest, digest
from seguito.sources.files.parquet_rows import ParquetRows

Shape = Literal["delimited", "json", "ndjson", "parquet"]


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file of one tool.

    Attributes:
        name: what it is, for people.
        needs: columns that must all be there; tools add columns of their own and the user's.
        mapping: what the columns mean.
        shapes: the shapes it comes in.
        values: values that must stand in the first row, by column.
        post_in_name: how the file's name holds the post that all rows stand under (one group).
        quoted: whether cells are quoted.
    """

    name: str
    needs: frozenset[str]
    mapping: Mapping
    shapes: tuple[Shape, ...] = ("delimited",)
    values: tuple[tuple[str, str], ...] = ()
    post_in_name: re.Pattern[str] | None = None
    quoted: bool = True

    def grid(self, sample: Sample, read: Digest) -> Grid:
        """The file opened as a grid."""
        if self.shapes == ("ndjson",):
            return JsonRows(sample.path, by_line=True, encoding=read.encoding)
        return grid_of(sample, read, quoted=self.quoted)

    def meaning(self, grid: Grid) -> Mapping:
        """The mapping, without what this file has no column for; rows of NDJSON may have more than the first ones."""
        return self.mapping if self.shapes == ("ndjson",) else self.mapping.fitting(grid.header)


@dataclass(frozen=True, slots=True)
class Format:
    """An importer for the files of one tool: an entry of the registry.

    Attributes:
        name: the tool.
        version: of our reading of its files.
        layouts: its files, the most telling first.
    """

    name: str
    version: str
    layouts: tuple[Layout, ...]

    def recognise(self, sample: Sample) -> float:
        """0.95 where the telling columns are all there, else 0."""
        return 0.95 if self.layout(sample) is not None else 0.0

    def layout(self, sample: Sample) -> Layout | None:
        """Which of the tool's files it is."""
        shape = shape_of(sample)
        first = first_row(sample) if shape in ("json", "ndjson") else None
        if first:
            shape = "ndjson"  # a file of one line may be a row or a document; a tool's row is known by its fields
        names = frozenset(first) if first is not None else header_of(sample, shape)
        for layout in self.layouts:
            told = all((first or {}).get(name) == value for name, value in layout.values)
            if shape in layout.shapes and layout.needs <= names and told:
                return layout
        return None

    def open(self, sample: Sample, options: Options) -> Reading:
        """Open one of the tool's files for reading."""
        from dataclasses import replace

        from seguito.sources.files.reading import TableReading

        layout = self.layout(sample)
        if layout is None:
            raise BadInput(
                f"{sample.path.name} is no file of {self.name} that is known here.",
                "Leave out --format to have it recognised, or map its columns with --mapping.",
            )
        read = digest(sample.path)
        grid = layout.grid(sample, read)
        mapping = layout.meaning(grid)
        found = layout.post_in_name.search(sample.path.name) if layout.post_in_name else None
        if found:
            mapping = replace(mapping, post_id=found[1])
        if options.timezone and mapping.basis in ("naive_assumed", "server_local_unknown"):
            mapping = replace(mapping, timezone=options.timezone)
        return TableReading(self.name, f"{self.version}/{layout.name}", grid, mapping, sample.path, read, options)


def shape_of(sample: Sample) -> Shape:
    """How the file lays out its rows, from its first bytes."""
    if sample.head.startswith(PARQUET):
        return "parquet"
    start = sample.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"["):
        return "json"
    if start.startswith(b"{"):
        return "ndjson" if _is_row(start) else "json"
    return "delimited"


def _is_row(start: bytes) -> bool:
    """Whether the first line is a row of its own rather than (the beginning of) one document."""
    line, _, more = start.partition(b"\n")
    try:
        value = decoded(line)
    except BadInput:
        return _later_line_is_json(more) or len(line) > 100_000
    lists = [part for part in value.values() if isinstance(part, list) and part and isinstance(part[0], dict)]
    return bool(more.strip()) or not lists


def _later_line_is_json(start: bytes) -> bool:
    for line in start.split(b"\n")[:20]:
        if line.startswith(b"{"):
            try:
                decoded(line)
            except BadInput:
                continue
            return True
    return False


def text_head(sample: Sample) -> str:
    """The beginning of the file as text, whatever its encoding."""
    encoding = "utf-16" if sample.head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return sample.head.decode(encoding, "replace").removeprefix("\ufeff")


def header_of(sample: Sample, shape: Shape) -> frozenset[str]:
    """The names of a table's columns, from the sample."""
    if shape == "parquet":
        return frozenset(ParquetRows(sample.path).header)
    head = text_head(sample)
    dialect = sniff(head)
    lines = (line for line in head.splitlines() if line.strip() and not line.lower().startswith("sep="))
    first = next(lines, "")
    if dialect is None:
        return frozenset({first.strip()})
    row: list[str] = next(iter(dialect.reader(iter([first]))), [])
    return frozenset(cell.strip() for cell in row)


def first_row(sample: Sample) -> dict[str, str]:
    """The first object that is a line of its own, as dotted names and texts; empty when there is none."""
    from seguito.sources.files.json_rows import as_text, path_of, value_at

    for line in sample.head.split(b"\n")[:20]:
        try:
            value = decoded(line)
        except BadInput:
            continue
        if isinstance(value, dict):
            return {name: as_text(value_at(value, path_of(name))) for name in flattened(value)}
    return {}


def grid_of(sample: Sample, read: Digest, *, quoted: bool = True) -> Grid:
    """The file opened as a grid.

    Raises:
        BadInput: it is text, but no table.
    """
    shape = shape_of(sample)
    if shape == "parquet":
        return ParquetRows(sample.path)
    if shape in ("json", "ndjson"):
        return JsonRows(sample.path, shape == "ndjson", read.encoding)
    dialect = sniff(text_head(sample)) if quoted else Dialect("\t", quoted=False)
    if dialect is None:
        raise BadInput(
            f"{sample.path.name} is no table: its rows do not split into columns.",
            "Name a CSV, TSV, JSON, NDJSON or Parquet file whose first row names the columns.",
        )
    return Delimited(sample.path, dialect, read.encoding, read.has_nul)


def label(path: Path) -> str:
    """The name of a file with its folder, for guesses from names."""
    return f"{path.parent.name}/{path.name}".casefold()
