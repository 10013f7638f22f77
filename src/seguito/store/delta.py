"""Delta tables: append, versions, files. The only module that writes table files."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seguito.facts.tables import Table
from seguito.kit.errors import BadInput
from seguito.store.disk import is_of_disk

if TYPE_CHECKING:
    from deltalake import DeltaTable

MONTH = "month"
DIGEST = "digest"

# File statistics in the log would hold texts and ids in clear, out of reach of an erasure. Old log entries go when an
# erasure says so and at no other time: every snapshot needs the entries of its own version.
_CONFIGURATION = {
    "delta.dataSkippingNumIndexedCols": "0",
    "delta.logRetentionDuration": "interval 0 days",
    "delta.enableExpiredLogCleanup": "false",
}
# The table format keeps a folder's name inside a URL, and the engines read these as patterns.
UNFIT = frozenset("[]{}*?\\^|%")
ADVICE = "See how far it goes with: seguito upkeep --check; then restore the workspace from a copy, or collect again."


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
    """The Delta table at `path`, at `version` or the newest; `None` when there is none.

    Raises:
        BadInput: its log is damaged, or no longer holds that version.
    """
    from deltalake import DeltaTable

    if not (path / "_delta_log").is_dir():
        return None
    with damage_told(path):
        if not DeltaTable.is_deltatable(str(path)):
            return None
        return DeltaTable(str(path), version=version)


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Turn what is wrong inside a table's folder into a sentence that names the table."""
    from deltalake.exceptions import DeltaError

    try:
        yield
    except (DeltaError, pa.ArrowInvalid, FileNotFoundError) as error:
        if is_of_disk(error):
            raise
        raise damaged(path.name, error) from error
    except OSError as error:
        if type(error) is OSError and error.errno is None:  # a Parquet file that ends too early
            raise damaged(path.name, error) from error
        raise


def damaged(table: str, error: BaseException) -> BadInput:
    """The error for a table whose files or log cannot be read."""
    lines = str(error).strip().splitlines()
    return BadInput(
        f"The table '{table}' of this workspace is damaged: {lines[0][:300] if lines else error!r}.", ADVICE
    )


def version_of(path: Path) -> int | None:
    """The newest version of the table at `path`; `None` when there is none."""
    table = open_table(path)
    return None if table is None else table.version()


def files_of(path: Path, version: int) -> list[str]:
    """The Parquet files of one version, sorted so that every reader sees the same order."""
    table = open_table(path, version)
    return [] if table is None else _files(path, table)


def _files(path: Path, table: DeltaTable) -> list[str]:
    # The addresses have the workspace's own folder encoded as in a URL: only their last parts name files as they are.
    depth = 1 + len(table.metadata().partition_columns)
    here = path.absolute()
    return sorted(str(here.joinpath(*uri.rsplit("/", depth)[-depth:])) for uri in table.file_uris())


def rows_of(path: Path, version: int) -> int:
    """How many rows the log says one version has."""
    table = open_table(path, version)
    return 0 if table is None else sum(pa.array(pa.table(table.get_add_actions())["num_records"]).to_pylist())


def append(path: Path, table: Table, rows: Iterable[pa.RecordBatch]) -> int:
    """Append rows in one commit; returns the new version."""
    return _write(path, table, rows, mode="append")


def overwrite(path: Path, table: Table, rows: Iterable[pa.RecordBatch]) -> int:
    """Replace all rows in one commit, naming no row in the log; returns the new version."""
    return _write(path, table, rows, mode="overwrite")


def _write(path: Path, table: Table, rows: Iterable[pa.RecordBatch], *, mode: str) -> int:
    from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, WriterProperties, write_deltalake

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
        post_commithook_properties=PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False),
    )
    return DeltaTable(str(path)).version()


def rewind(path: Path, version: int | None) -> None:
    """Make the newest version hold what `version` held; with `None`, remove the table (it was never committed)."""
    table = open_table(path)
    if table is None:
        if path.exists() and version is None:  # killed before the first entry of its log
            shutil.rmtree(path)
        return
    if table.version() == version:
        return
    if version is None:
        shutil.rmtree(path)
    else:
        with damage_told(path):
            table.restore(version)


def compact(path: Path, *, small: int = 8) -> int:
    """Join small files where a folder of the table has at least `small` of them; returns how many files went."""
    from deltalake import PostCommitHookProperties, WriterProperties

    table = open_table(path)
    if table is None or len(table.file_uris()) < small:
        return 0
    metrics = table.optimize.compact(
        writer_properties=WriterProperties(compression="ZSTD", compression_level=1),
        post_commithook_properties=PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False),
    )
    return int(metrics["numFilesRemoved"]) - int(metrics["numFilesAdded"])


def stray(path: Path, versions: Iterable[int]) -> list[Path]:
    """Parquet files on disk that none of these versions names: what killed writers and rewound commits left."""
    named: set[str] = set()
    for version in versions:
        named.update(files_of(path, version))
    here = path.absolute()
    return sorted(file for file in here.rglob("*.parquet") if "_delta_log" not in file.parts and str(file) not in named)


def purge(path: Path) -> None:
    """Leave the newest version alone in the world: no older file, no older log entry, nothing a killed writer left."""
    table = open_table(path)
    if table is None:
        return
    with damage_told(path):
        for file in stray(path, [table.version()]):
            file.unlink()
        table.create_checkpoint()
        table.cleanup_metadata()
