"""The lake: where facts are appended and tables are read."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from seguito.facts.batch import Batch
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.kit.errors import DiskFull, NotFound, Refused, Terminal, Transient, UsageError
from seguito.kit.pseudonym import keep_key
from seguito.store import delta
from seguito.store.engine import Engine
from seguito.store.layout import FORMAT, Layout
from seguito.store.novelty import new_rows, with_digest
from seguito.store.snapshot import Snapshot
from seguito.store.staging import Staging

LOCK_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one commit did: the snapshot it made (or left) and how many rows were new in each table."""

    sequence: int
    added: dict[str, int]

    @property
    def changed(self) -> bool:
        """Whether the lake is different now."""
        return any(self.added.values())


class Lake:
    """A workspace's facts.

    Args:
        root: the workspace folder.
        engine: "duckdb", or "spark" where one machine is outgrown.
        private: open the private tables too; never for a brand's view.
        master: for Spark, the master URL (`local-cluster[2,1,1024]`, `spark://…`) or Spark Connect (`sc://…`).
    """

    def __init__(self, root: Path, *, engine: str = "duckdb", private: bool = False, master: str | None = None) -> None:
        self.layout = Layout(root)
        self._engine_name = engine
        self._master = master
        self._private = private
        self._engine: Engine | None = None
        self._writer: Engine | None = None

    # -- reading ------------------------------------------------------------------------------------------------

    @property
    def key(self) -> bytes:
        """The workspace's secret key."""
        return keep_key(self.layout.key)

    @property
    def engine(self) -> Engine:
        """What runs expressions; started when first used."""
        if self._engine is None:
            self._engine = self._start(self._engine_name)
        return self._engine

    def _start(self, name: str) -> Engine:
        if name == "duckdb":
            from seguito.store.duckdb import DuckDB

            self.layout.scratch.mkdir(exist_ok=True)
            return DuckDB(self.layout.scratch)
        if name == "spark":
            from seguito.store.spark import Spark

            return Spark(self._master)
        raise UsageError(f"There is no engine '{name}'.", "The engines are: duckdb, spark.")

    def batches(self) -> tuple[Batch, ...]:
        """Every committed batch, oldest first."""
        import pyarrow.parquet as pq

        path = self.layout.table("batches")
        version = delta.version_of(path)
        if version is None:
            return ()
        tables = [pq.read_table(file, partitioning=None) for file in delta.files_of(path, version)]
        rows = pa.concat_tables(tables).drop_columns([delta.DIGEST]).sort_by("sequence").to_pylist()
        return tuple(Batch(**{name: _frozen(value) for name, value in row.items()}) for row in rows)

    def snapshot(self, sequence: int | None = None) -> Snapshot:
        """The newest snapshot, or the one that batch number `sequence` made.

        Raises:
            NotFound: there is no such snapshot.
            Refused: an erasure after it made it void.
        """
        batches = self.batches()
        newest = batches[-1].sequence if batches else 0
        sequence = newest if sequence is None else sequence
        upto = tuple(batch for batch in batches if batch.sequence <= sequence)
        if sequence != 0 and (not upto or upto[-1].sequence != sequence):
            raise NotFound(f"There is no snapshot {sequence} in this workspace.", f"The newest is {newest}.")
        for batch in batches:
            if batch.voids_before is not None and sequence < batch.voids_before:
                raise Refused(
                    f"Snapshot {sequence} is void: an account was erased after it, by batch {batch.sequence}.",
                    f"Use a snapshot from {batch.voids_before} on.",
                )
        versions = json.loads(upto[-1].versions) if upto else {}
        return Snapshot(self.layout, sequence, versions, upto, self.engine, self._private)

    # -- writing ------------------------------------------------------------------------------------------------

    def stage(self, batch_id: str) -> Staging:
        """An empty place for the rows of one batch."""
        with _disk_errors(self.layout.root):
            return Staging(self.layout.staging / batch_id)

    def commit(self, staging: Staging, batch: Batch) -> Receipt:
        """Append the staged rows that are new, all tables at once: readers see the whole batch or nothing.

        When no row is new, nothing is written and the newest snapshot stays as it is.
        """
        with _disk_errors(self.layout.root):
            staged = staging.files()
            with self.writing() as manifest:
                receipt = self._append_all(staged, batch, manifest)
            staging.discard()
            return receipt

    @contextmanager
    def writing(self) -> Iterator[Batch | None]:
        """Hold the writers' lock; undo what a killed writer left; yield the newest batch."""
        from filelock import FileLock, Timeout

        self.layout.lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.layout.lock, timeout=LOCK_SECONDS):
                batches = self.batches()
                newest = batches[-1] if batches else None
                self._heal(newest)
                yield newest
        except Timeout as error:
            raise Transient(
                f"Another process has been writing to {self.layout.root} for over {LOCK_SECONDS // 60} minutes.",
                "Wait for it to finish, then run the same command again.",
            ) from error

    def _heal(self, newest: Batch | None) -> None:
        versions: dict[str, int] = json.loads(newest.versions) if newest else {}
        for name in TABLES:
            if name != "batches":
                delta.rewind(self.layout.table(name), versions.get(name))

    def _append_all(self, staged: dict[str, list[str]], batch: Batch, newest: Batch | None) -> Receipt:
        added = {name: self._append(name, files) for name, files in staged.items()}
        sequence = newest.sequence if newest else 0
        if not any(added.values()):
            return Receipt(sequence, added)
        self.record(replace(batch, sequence=sequence + 1))
        return Receipt(sequence + 1, added)

    def record(self, batch: Batch) -> None:
        """Write the commit point: `batch` with the version every table has now. Only while holding the lock."""
        versions = {
            name: version
            for name in TABLES
            if name != "batches" and (version := delta.version_of(self.layout.table(name))) is not None
        }
        table = TABLES["batches"]
        row = to_batch([replace(batch, versions=json.dumps(versions, sort_keys=True))], table.schema)
        delta.append(self.layout.table("batches"), table, [_with_columns(row, table.schema)])

    def _append(self, name: str, files: list[str]) -> int:
        table = TABLES[name]
        writer = self._write_engine()
        staged = with_digest(writer.read(files, "", table.schema), table)
        path = self.layout.table(name)
        version = delta.version_of(path)
        kept = writer.read(
            delta.files_of(path, version) if version is not None else [], str(path), delta.kept_schema(table)
        )
        fresh = new_rows(staged, kept, table)
        counted = _Counted(writer.stream(fresh, 100_000), delta.kept_schema(table))
        first = next(counted, None)
        if first is not None:
            delta.append(path, table, _chain(first, counted))
        return counted.rows

    def _write_engine(self) -> Engine:
        if self._engine_name == "duckdb":
            return self.engine
        if self._writer is None:
            self._writer = self._start("duckdb")
        return self._writer

    # -- life ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the engines and remove their scratch files."""
        for engine in (self._engine, self._writer):
            if engine is not None:
                engine.close()
        self._engine = self._writer = None
        shutil.rmtree(self.layout.scratch, ignore_errors=True)

    def __enter__(self) -> Lake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_lake(
    path: str | Path,
    *,
    engine: str = "duckdb",
    private: bool = False,
    create: bool = True,
    master: str | None = None,
) -> Lake:
    """Open the workspace at `path`, making it when it does not exist and `create` is true.

    Raises:
        NotFound: there is no workspace there and `create` is false.
        Refused: the folder cannot be read or written, or is something else.
    """
    root = Path(path).expanduser()
    layout = Layout(root)
    with _disk_errors(root):
        if not layout.mark.exists():
            if not create:
                raise NotFound(
                    f"There is no workspace at {root}.",
                    "Name one with --workspace, or collect into it first.",
                )
            _make(layout)
        elif layout.mark.read_text() != FORMAT:
            raise Terminal(
                f"The workspace {root} has another format.",
                "Open it with the version of Seguito that made it.",
            )
    return Lake(root, engine=engine, private=private, master=master)


def _make(layout: Layout) -> None:
    if layout.root.exists() and any(layout.root.iterdir()):
        raise Refused(f"{layout.root} holds other files and is not a workspace.", "Name an empty or new folder.")
    (layout.root / "lake").mkdir(parents=True, exist_ok=True)
    layout.mark.write_text(FORMAT)
    keep_key(layout.key)


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    """Turn what a file system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
            raise DiskFull(
                f"There is no room left on the disk that holds {root}.", "Free some space and run again."
            ) from error
        if isinstance(error, PermissionError) or error.errno in (errno.EACCES, errno.EROFS):
            raise Refused(
                f"{root} cannot be written: permission denied.", "Choose a folder you own with --workspace."
            ) from error
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            raise Refused(f"{root} is a file, not a folder.", "Choose a folder with --workspace.") from error
        raise


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _with_columns(row: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Add an empty digest: batches are never compared."""
    columns = [*row.columns, pa.repeat(pa.scalar("", pa.string()), row.num_rows)]
    return pa.RecordBatch.from_arrays(columns, schema=delta.kept_schema(TABLES["batches"]))


class _Counted:
    """An iterator of record batches that counts their rows and gives them one schema."""

    def __init__(self, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        self._batches = batches
        self._schema = schema
        self.rows = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> pa.RecordBatch:
        batch = next(self._batches)
        while batch.num_rows == 0:
            batch = next(self._batches)
        self.rows += batch.num_rows
        return batch.cast(self._schema)


def _chain(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest
