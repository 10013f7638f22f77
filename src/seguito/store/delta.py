"""Delta tables: append, versions, files. The only module that writes table files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seguito.facts.tables import Table

if TYPE_CHECKING:
    from deltalake import DeltaTable

MONTH = "month"
DIGEST = "digest"

# File statistics in the log would hold texts and ids in clear, out of reach of an erasure.
_CONFIGURATION = {"delta.dataSkippingNumIndexedCols": "0", "delta.logRetentionDuration": "interval 0 days"}


def kept_schema(table: Table) -> pa.Schema:
    """A table's columns on disk: the fact's, its digest and, where partitioned by month, the month."""
    columns = [pa.field(column.name, column.type) for column in table.schema] + [pa.field(DIGEST, pa.string())]
    if table.month_of:
        columns.append(pa.field(MONTH, pa.string()))
    return pa.schema(columns)


def partitions(table: Table) -> list[str]:
    """The columns that make the folders of a table."""
    return [MONTH] if table.month_of else [table.part_of] if table.part_of else []


def open_table(path: Path, version: int | None = None) -> DeltaTable | None:
    """The Delta table at `path`, at `version` or the newest; `None` when there is none."""
    from deltalake import DeltaTable

    if not (path / "_delta_log").is_dir() or not DeltaTable.is_deltatable(str(path)):
        return None
    return DeltaTable(str(path), version=version)


def version_of(path: Path) -> int | None:
    """The newest version of the table at `path`; `None` when there is none."""
    table = open_table(path)
    return None if table is None else table.version()


def files_of(path: Path, version: int) -> list[str]:
    """The Parquet files of one version, sorted so that every reader sees the same order."""
    table = open_table(path, version)
    return [] if table is None else sorted(uri.removeprefix("file://") for uri in table.file_uris())


def append(path: Path, table: Table, rows: Iterable[pa.RecordBatch]) -> int:
    """Append rows in one commit; returns the new version."""
    return _write(path, table, rows, mode="append")


def overwrite(path: Path, table: Table, rows: Iterable[pa.RecordBatch]) -> int:
    """Replace all rows in one commit, naming no row in the log; returns the new version."""
    return _write(path, table, rows, mode="overwrite")


def _write(path: Path, table: Table, rows: Iterable[pa.RecordBatch], *, mode: str) -> int:
    from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake

    path.parent.mkdir(parents=True, exist_ok=True)
    reader = pa.RecordBatchReader.from_batches(kept_schema(table), rows)
    # The stubs tell one overload per mode; ours is a variable.
    write: Any = write_deltalake
    write(
        str(path),
        reader,
        mode=mode,
        partition_by=partitions(table) or None,
        configuration=_CONFIGURATION,
        writer_properties=WriterProperties(compression="ZSTD", compression_level=1),
        commit_properties=CommitProperties(max_commit_retries=0),
    )
    return DeltaTable(str(path)).version()


def rewind(path: Path, version: int | None) -> None:
    """Make the newest version hold what `version` held; with `None`, remove the table (it was never committed)."""
    table = open_table(path)
    if table is None or table.version() == version:
        return
    if version is None:
        shutil.rmtree(path)
    else:
        table.restore(version)
