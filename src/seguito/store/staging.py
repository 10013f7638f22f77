"""Rows that were read but are not yet part of the lake: plain Parquet files in a folder per batch."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from seguito.facts.tables import TABLES

ROWS_PER_FILE = 200_000


@dataclass
class Staging:
    """Collects rows of several tables for one batch. Nothing here is visible to readers of the lake.

    Args:
        folder: where the files go; whatever an interrupted run left there is removed.
    """

    folder: Path
    _waiting: dict[str, list[pa.RecordBatch]] = field(default_factory=dict)
    _files: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.discard()
        self.folder.mkdir(parents=True)

    def add(self, table: str, rows: pa.RecordBatch) -> None:
        """Add rows of one table; they must have the table's columns."""
        if rows.num_rows == 0:
            return
        if not rows.schema.equals(TABLES[table].schema):
            rows = rows.cast(TABLES[table].schema)
        waiting = self._waiting.setdefault(table, [])
        waiting.append(rows)
        if sum(batch.num_rows for batch in waiting) >= ROWS_PER_FILE:
            self._write(table)

    def _write(self, table: str) -> None:
        waiting = self._waiting.pop(table, [])
        if not waiting:
            return
        number = self._files.get(table, 0)
        folder = self.folder / table
        folder.mkdir(exist_ok=True)
        pq.write_table(
            pa.Table.from_batches(waiting),
            folder / f"{number:06}.parquet",
            compression="zstd",
            compression_level=1,
        )
        self._files[table] = number + 1

    def files(self) -> dict[str, list[str]]:
        """Write what waits and return the files of every table that has rows."""
        for table in list(self._waiting):
            self._write(table)
        return {
            table: [str(self.folder / table / f"{number:06}.parquet") for number in range(count)]
            for table, count in self._files.items()
        }

    def discard(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder, ignore_errors=True)
