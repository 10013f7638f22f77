"""Parquet as a grid: typed columns become text, times keep their zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from seguito.kit.errors import BadInput
from seguito.sources.files.grid import ROWS, Chunk


@dataclass
class ParquetRows:
    """A Parquet file opened as a grid; rows are numbered from 1."""

    path: Path

    @cached_property
    def _file(self) -> Any:
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(self.path)
        except (pa.ArrowException, OSError) as error:
            raise BadInput(f"{self.path.name} is a damaged Parquet file.", "Copy or write it again.") from error

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names of the columns that hold plain values."""
        return tuple(column.name for column in self._file.schema_arrow if not pa.types.is_nested(column.type))

    def chunks(self, only: frozenset[str] | None = None) -> Iterator[Chunk]:
        """The rows, at most `ROWS` at a time."""
        names = [name for name in self.header if only is None or name in only]
        start = 1
        try:
            for batch in self._file.iter_batches(ROWS, columns=names or list(self.header[:1])):
                columns = {name: as_text(batch.column(name)) for name in names}
                yield Chunk(columns, np.arange(start, start + batch.num_rows, dtype=np.int64))
                start += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise BadInput(
                f"{self.path.name} is damaged after row {start - 1}.", "Copy or write it again; nothing of it was kept."
            ) from error


def as_text(column: pa.Array) -> pa.Array:
    """A typed column as text; empty text becomes null, times become ISO 8601 (with Z where the type has a zone)."""
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        text = column.cast(pa.timestamp("us", tz=kind.tz)).cast(pa.timestamp("us")).cast(pa.string())
        column = pc.binary_join_element_wise(text, "Z", "") if kind.tz else text
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or not _is_castable(kind):
        column = pa.nulls(len(column), pa.string())
    else:
        column = column.cast(pa.string())
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _is_castable(kind: pa.DataType) -> bool:
    return not (pa.types.is_nested(kind) or pa.types.is_duration(kind) or pa.types.is_null(kind))
