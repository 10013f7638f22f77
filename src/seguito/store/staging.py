"""Rows that were read but are not yet part of the lake: plain Parquet files in a folder per reading."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from seguito.facts.tables import TABLES, Table
from seguito.kit.errors import UsageError

ROWS_PER_FILE = 100_000
_LOCK = ".lock"


class Staging:
    """Collects rows of several tables for one batch. Nothing here is visible to readers of the lake.

    Two processes may read the same source at once: each has a folder of its own, and holds a lock in it for as long as
    it lives, so that what a killed one left can be told from what is in use.

    Args:
        root: the folder of all stagings.
        batch_id: which batch; what dead processes left of it is removed.
    """

    def __init__(self, root: Path, batch_id: str) -> None:
        name = quote(batch_id, safe="")[:100]
        root.mkdir(parents=True, exist_ok=True)
        for folder in abandoned(root):
            if folder.name.rsplit("~", 1)[0] == name:
                shutil.rmtree(folder, ignore_errors=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}~", dir=root))
        self._lock = FileLock(self.folder / _LOCK)
        self._lock.acquire()
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self._files: dict[str, int] = {}

    def add(self, table: str, rows: pa.RecordBatch) -> None:
        """Add rows of one table; they must have the table's columns."""
        if rows.num_rows == 0:
            return
        if not rows.schema.equals(TABLES[table].schema):
            rows = rows.cast(TABLES[table].schema)
        _require_plain_parts(TABLES[table], rows)
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
        write(pa.Table.from_batches(waiting), folder / f"{number:06}.parquet")
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
        self._waiting.clear()
        self._files.clear()
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def write(rows: pa.Table, place: Path) -> None:
    """Write one staged file."""
    pq.write_table(rows, place, compression="zstd", compression_level=1)


def abandoned(root: Path) -> list[Path]:
    """The stagings whose process is gone."""
    return [folder for folder in _folders(root) if not _is_held(folder)]


def in_use(root: Path) -> list[Path]:
    """The stagings that a living process writes to."""
    return [folder for folder in _folders(root) if _is_held(folder)]


def _folders(root: Path) -> list[Path]:
    return sorted(folder for folder in root.iterdir() if folder.is_dir()) if root.is_dir() else []


def _is_held(folder: Path) -> bool:
    try:
        FileLock(folder / _LOCK, timeout=0, is_singleton=False).acquire().lock.release()
    except Timeout:
        return True
    except FileNotFoundError:  # discarded a moment ago
        return False
    return False


def _require_plain_parts(table: Table, rows: pa.RecordBatch) -> None:
    """Values that name folders must be plain ASCII: not every engine reads others back from a folder's name."""
    if table.part_of is None:
        return
    for value in pc.unique(rows.column(table.part_of)).to_pylist():
        if not value or not value.isascii() or not value.isprintable():
            raise UsageError(
                f"'{value}' cannot be a {table.part_of} of the table '{table.name}'.",
                "Use plain letters, digits, dots and underscores.",
            )
