"""The lake: where facts are appended and tables are read."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from seguito.facts.batch import Batch
from seguito.kit.errors import NotFound, Refused, Terminal, UsageError
from seguito.kit.pseudonym import keep_key
from seguito.store import again, delta
from seguito.store.commit import Receipt, append_table, named_versions, read_batches, record, writing
from seguito.store.disk import disk_errors
from seguito.store.duckdb import DuckDB
from seguito.store.engine import Engine
from seguito.store.erase import complete
from seguito.store.layout import FORMAT, Layout
from seguito.store.moments import checked
from seguito.store.sieve import sieve
from seguito.store.snapshot import Snapshot
from seguito.store.staging import Staging

__all__ = ["Lake", "Receipt", "open_lake"]


_REASONS = {
    "forget": "an account was erased after it",
    "retention": "facts whose time was over were removed after it",
    "upkeep": "the history was dropped after it",
}


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
        self._scratches: list[Path] = []

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
            return DuckDB(self._scratch())
        if name == "spark":
            from seguito.store.spark import Spark

            return Spark(self._master)
        raise UsageError(f"There is no engine '{name}'.", "The engines are: duckdb, spark.")

    def _scratch(self) -> Path:
        """A folder of this engine's own; in the system's place for such where the workspace can only be read."""
        try:
            self.layout.scratch.mkdir(exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=self.layout.scratch))
        except OSError:
            folder = Path(tempfile.mkdtemp(prefix="seguito-"))
        self._scratches.append(folder)
        return folder

    def batches(self) -> tuple[Batch, ...]:
        """Every committed batch, oldest first."""
        with disk_errors(self.layout.root):
            return read_batches(self.layout)

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
                    f"Snapshot {sequence} is void: {_REASONS[batch.source]}, by batch {batch.sequence}.",
                    f"Use a snapshot from {batch.voids_before} on.",
                )
        versions = named_versions(upto[-1] if upto else None)
        return Snapshot(self.layout, sequence, versions, upto, self.engine, self._private)

    # -- writing ------------------------------------------------------------------------------------------------

    def stage(self, batch_id: str) -> Staging:
        """An empty place for the rows of one batch."""
        with disk_errors(self.layout.root):
            return Staging(self.layout.staging, batch_id)

    def commit(self, staging: Staging, batch: Batch) -> Receipt:
        """Append the staged rows that are new, all tables at once: readers see the whole batch or nothing.

        When no row is new, no snapshot is made and the newest one stays as it is.

        Raises:
            DiskFull, Refused: the disk does not take it; the lake is as before.
            BadInput: rows were seen in the future, which only a wrong clock can say.
            Transient: another process holds the lock too long.
        """
        with disk_errors(self.layout.root):
            staged = staging.files()
            batch = checked(staged, batch)
            complete(self.layout)
            with writing(self.layout) as newest:
                receipt = self._append_all(staged, batch, newest)
            staging.discard()
            return receipt

    def _append_all(self, staged: dict[str, list[str]], batch: Batch, newest: Batch | None) -> Receipt:
        refused = sieve(self.layout, staged, batch)
        # An engine of the writer's own: what it keeps on the way is gone with it.
        with closing(DuckDB(self._scratch())) as engine:
            if again.concerns(self.layout, engine.connection, staged):
                again.settle(self.layout, engine.connection)
            added = {name: append_table(self.layout, engine, name, files) for name, files in staged.items()}
        sequence = newest.sequence if newest else 0
        if not any(added.values()):
            return Receipt(sequence, added, refused)
        if refused:
            batch = replace(batch, notes=(*batch.notes, f"{refused} rows by or about erased accounts were refused"))
        record(self.layout, replace(batch, sequence=sequence + 1))
        return Receipt(sequence + 1, added, refused)

    # -- life ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the engines and remove their scratch files."""
        if self._engine is not None:
            self._engine.close()
        self._engine = None
        for folder in self._scratches:
            shutil.rmtree(folder, ignore_errors=True)
        self._scratches.clear()

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
    odd = sorted(delta.UNFIT & set(str(root.absolute())))
    if odd:
        raise UsageError(
            f"A folder whose path contains {' '.join(odd)} cannot hold a workspace: {root}.",
            "Choose a path of letters, digits, spaces and dashes with --workspace.",
        )
    with disk_errors(root):
        if not layout.mark.exists():
            if not create:
                raise NotFound(
                    f"There is no workspace at {root}.",
                    "Name one with --workspace, or collect into it first.",
                )
            _make(layout)
        elif layout.mark.read_bytes() != FORMAT.encode():
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
