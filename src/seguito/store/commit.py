"""How a batch becomes part of the lake: all of it at one moment, by one writer at a time.

Every table gets a new version first; then one row in `batches` names them all, and only then are they seen. A writer
that is killed in between leaves versions that no row names: the next writer takes them back before it starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import chain
from typing import Any

import pyarrow as pa

from seguito.facts.batch import Batch
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.kit.errors import Transient
from seguito.store import delta
from seguito.store.duckdb import DuckDB, damage_told
from seguito.store.layout import Layout
from seguito.store.novelty import Novelty, oldest
from seguito.store.sightings import SCHEMA, Sightings

LOCK_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one commit did.

    Attributes:
        sequence: the snapshot it made, or the newest one where nothing was new.
        added: how many rows were new in each table.
        refused: how many rows were not taken because they are by or about an account that was erased.
    """

    sequence: int
    added: dict[str, int]
    refused: int = 0

    @property
    def changed(self) -> bool:
        """Whether the lake is different now."""
        return any(self.added.values())


def read_batches(layout: Layout) -> tuple[Batch, ...]:
    """Every committed batch, oldest first."""
    import pyarrow.parquet as pq

    path = layout.table("batches")
    version = delta.version_of(path)
    if version is None:
        return ()
    with delta.damage_told(path):
        tables = [pq.read_table(file, partitioning=None) for file in delta.files_of(path, version)]
    rows = pa.concat_tables(tables).drop_columns([delta.DIGEST]).sort_by("sequence").to_pylist()
    return tuple(Batch(**{name: _frozen(value) for name, value in row.items()}) for row in rows)


def named_versions(batch: Batch | None) -> dict[str, int]:
    """The version of every table that a batch names."""
    found: dict[str, int] = json.loads(batch.versions) if batch else {}
    return found


@contextmanager
def writing(layout: Layout, *, seconds: float | None = None) -> Iterator[Batch | None]:
    """Hold the writers' lock; take back what a killed writer left; yield the newest batch.

    Raises:
        Transient: another process has held the lock for `seconds` (ten minutes by default).
    """
    from filelock import FileLock, Timeout

    seconds = LOCK_SECONDS if seconds is None else seconds
    layout.lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(layout.lock, timeout=seconds)
        lock.acquire()
    except Timeout as error:
        raise Transient(
            f"Another process has been writing to {layout.root} for over {_length(seconds)}.",
            "Wait for it to finish, then run the same command again.",
        ) from error
    try:
        batches = read_batches(layout)
        newest = batches[-1] if batches else None
        heal(layout, newest)
        yield newest
    finally:
        lock.release()


def heal(layout: Layout, newest: Batch | None) -> None:
    """Give every table the version that the newest batch names. Only while holding the lock."""
    versions = named_versions(newest)
    for name in TABLES:
        if name != "batches":
            delta.rewind(layout.table(name), versions.get(name))


def record(layout: Layout, batch: Batch) -> None:
    """Write the commit point: `batch` with the version every table has now. Only while holding the lock."""
    delta.append(layout.table("batches"), TABLES["batches"], [batch_row([with_versions(layout, batch)])])


def with_versions(layout: Layout, batch: Batch) -> Batch:
    """The batch, naming the version every table has now."""
    versions = {
        name: version
        for name in TABLES
        if name != "batches" and (version := delta.version_of(layout.table(name))) is not None
    }
    return replace(batch, versions=json.dumps(versions, sort_keys=True))


def batch_row(batches: list[Batch]) -> pa.RecordBatch:
    """Batches as rows of their table; their digest is empty because they are never compared."""
    rows = to_batch(batches, TABLES["batches"].schema)
    columns = [*rows.columns, pa.repeat(pa.scalar("", pa.string()), rows.num_rows)]
    return pa.RecordBatch.from_arrays(columns, schema=delta.kept_schema(TABLES["batches"]))


def append_table(layout: Layout, engine: DuckDB, name: str, files: list[str]) -> int:
    """Append the staged rows of one table that are new; returns how many. Only while holding the lock."""
    table, path = TABLES[name], layout.table(name)
    version = delta.version_of(path)
    kept = [] if version is None else delta.files_of(path, version)
    sightings = Sightings(layout, name)
    late: list[str] = []
    if kept and sightings.files and (first := oldest(engine.connection, files)) is not None:
        late = sightings.later_than(first.replace(tzinfo=UTC))
    with damage_told(), delta.damage_told(path):
        new = Novelty(engine.connection, table, files, kept, late)
        rows = Counted(new.rows())
        first_rows = next(rows, None)
        if first_rows is not None:
            delta.append(path, table, chain([first_rows], rows))
        sightings.add(new.again(SCHEMA))
    return rows.rows


class Counted:
    """An iterator of record batches that counts their rows."""

    def __init__(self, batches: Iterator[pa.RecordBatch]) -> None:
        self._batches = batches
        self.rows = 0

    def __iter__(self) -> Counted:
        return self

    def __next__(self) -> pa.RecordBatch:
        batch = next(self._batches)
        self.rows += batch.num_rows
        return batch


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _length(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds >= 120 else f"{seconds:.0f} seconds"
