"""Upkeep: small files joined, leftovers removed, what has been kept long enough let go, and a check of the whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from seguito.facts.batch import Batch
from seguito.facts.tables import TABLES
from seguito.kit import clock
from seguito.kit.errors import SeguitoError
from seguito.store import again, delta, memory, prepared
from seguito.store.commit import named_versions, read_batches, record, writing
from seguito.store.disk import disk_errors
from seguito.store.duckdb import DuckDB
from seguito.store.erase import complete
from seguito.store.layout import Layout
from seguito.store.retention import Expired, Retained, remove
from seguito.store.staging import abandoned


@dataclass
class Upkeep:
    """What was done, or would be.

    Attributes:
        finished_erasure: an erasure that was interrupted is complete now.
        joined: small files that were joined, by table.
        leftovers: files and folders of killed writers that were removed.
        expired: rows whose time is over.
        removed: whether those rows were removed.
        void_before: snapshots before this one can no longer be read; `None` where nothing changed that.
    """

    finished_erasure: bool = False
    joined: dict[str, int] = field(default_factory=dict)
    leftovers: list[Path] = field(default_factory=list)
    expired: list[Expired] = field(default_factory=list)
    removed: bool = False
    void_before: int | None = None


@dataclass
class Checked:
    """What a check found.

    Attributes:
        problems: what is wrong, one sentence each; empty when the workspace is whole.
        notes: what is worth knowing and harmless.
        rows: rows of the newest snapshot, by table.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def upkeep(layout: Layout, *, expire: bool = False, drop_history: bool = False) -> Upkeep:
    """Put the workspace in order. Every snapshot stays readable, unless one of the two options is given.

    Args:
        layout: the workspace.
        expire: remove what its source's policy lets be kept no longer; otherwise it is only told.
        drop_history: keep the newest snapshot alone, to save room.
    """
    done = Upkeep()
    with disk_errors(layout.root):
        done.finished_erasure = complete(layout) is not None
        with writing(layout) as newest:
            if newest is None:
                done.leftovers = _tidy(layout)
                return done
            newest = _join(layout, newest, done, drop_history=drop_history)
            with closing(DuckDB()) as engine:
                if expire or drop_history:
                    memory.void(layout)
                    prepared.void(layout)
                    again.settle(layout, engine.connection)
                retained = Retained(layout, engine, read_batches(layout), clock.now())
                done.expired = retained.expired
                if expire and done.expired:
                    done.removed = True
                    done.void_before = remove(layout, retained, newest).sequence
            if done.void_before is not None:
                for name in TABLES:
                    delta.purge(layout.table(name))
            done.leftovers = _tidy(layout)
    return done


def _join(layout: Layout, newest: Batch, done: Upkeep, *, drop_history: bool) -> Batch:
    """Join small files; the batch that names the new versions."""
    for name in TABLES:
        if name != "batches" and (files := delta.compact(layout.table(name))):
            done.joined[name] = files
    if not done.joined and not drop_history:
        return newest
    at = clock.now()
    sequence = newest.sequence + 1
    batch = Batch(
        batch_id=f"upkeep-{sequence}",
        sequence=sequence,
        step="upkeep",
        source="upkeep",
        notes=("older snapshots were dropped to save room",) if drop_history else (),
        started_at=at,
        finished_at=clock.now(),
        voids_before=sequence if drop_history else None,
    )
    record(layout, batch)
    done.void_before = batch.voids_before
    return batch


def _tidy(layout: Layout) -> list[Path]:
    """Remove what killed writers left: stagings, and files that no readable snapshot names."""
    gone = abandoned(layout.staging)
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    for name, versions in _versions(read_batches(layout)).items():
        for file in delta.stray(layout.table(name), versions):
            file.unlink()
            gone.append(file)
    return gone


def _versions(batches: tuple[Batch, ...]) -> dict[str, set[int]]:
    """Every version of every table that a readable snapshot names."""
    first = max((batch.voids_before or 0 for batch in batches), default=0)
    found: dict[str, set[int]] = {}
    for batch in batches:
        if batch.sequence >= first:
            for name, version in named_versions(batch).items():
                found.setdefault(name, set()).add(version)
    return found


# -- check ----------------------------------------------------------------------------------------------------------


def check(layout: Layout) -> Checked:
    """Look at everything and change nothing: every snapshot's versions, every file, every count of rows."""
    found = Checked()
    try:
        batches = read_batches(layout)
    except SeguitoError as error:
        found.problems.append(error.what)
        return found
    newest = named_versions(batches[-1] if batches else None)
    for name, versions in sorted(_versions(batches).items()):
        found.problems += _check_table(layout.table(name), versions)
        if not found.problems and name in newest:
            found.rows[name] = delta.rows_of(layout.table(name), newest[name])
    found.notes += _notes(layout, newest)
    try:
        readings, keys = again.waiting(layout)
    except SeguitoError as error:
        found.problems.append(error.what)
    else:
        seen = f"{readings} readings saw {keys:,} comments and threads again; it waits in {layout.again.name}/"
        found.notes += [f"{seen} until the order of readings matters."] if readings else []
    if not found.problems and batches:
        with closing(DuckDB()) as engine:
            expired = Retained(layout, engine, batches, clock.now()).expired
        found.notes += [f"to be removed by upkeep --expire: {one}" for one in expired]
    return found


def _check_table(path: Path, versions: set[int]) -> Iterator[str]:
    looked_at: set[str] = set()
    for version in sorted(versions, reverse=True):
        try:
            files = delta.files_of(path, version)
            rows = sum(_rows(Path(file)) for file in files) if not looked_at else None
            declared = delta.rows_of(path, version)
        except (SeguitoError, OSError) as error:
            what = (
                error.what if isinstance(error, SeguitoError) else f"The table '{path.name}' cannot be read: {error}."
            )
            yield f"Version {version}: {what}"
            return
        if rows is not None and rows != declared:
            yield f"Version {version} of '{path.name}' should have {declared:,} rows and has {rows:,}."
        for file in sorted(set(files) - looked_at):
            if not Path(file).exists():
                yield f"Version {version} of '{path.name}' lacks the file {Path(file).name}."
        looked_at.update(files)


def _rows(file: Path) -> int:
    """The rows of a file, every page of it read."""
    table = file.parent.parent if "=" in file.parent.name else file.parent
    with delta.damage_told(table), pq.ParquetFile(file) as parquet:
        return sum(batch.num_rows for batch in parquet.iter_batches())


def _notes(layout: Layout, newest: dict[str, int]) -> Iterator[str]:
    left = [name for name in TABLES if name != "batches" and _is_ahead(layout, name, newest)]
    if left:
        yield f"An interrupted run left rows of {', '.join(left)} that no reader sees; the next run takes them back."
    if layout.erasing.exists():
        yield "An erasure was interrupted; the next command that writes finishes it."
    folders = len(abandoned(layout.staging))
    if folders:
        yield f"{folders} interrupted readings left rows in staging; upkeep removes them."


def _is_ahead(layout: Layout, name: str, newest: dict[str, int]) -> bool:
    try:
        return delta.version_of(layout.table(name)) != newest.get(name)
    except SeguitoError:  # told as a problem already
        return False
