"""Joins the stages: collect → label → measure → answer → render. Each step can be repeated without harm."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from seguito.facts.batch import Batch
from seguito.facts.keys import native_of
from seguito.kit import clock
from seguito.kit.errors import UsageError
from seguito.kit.progress import SILENT, Progress
from seguito.sources.contract import Counted, Reading, Reject, Rows, Spooled
from seguito.sources.remembering import Memory, Remembering

if TYPE_CHECKING:
    from seguito.dossier.contract import Dossier
    from seguito.store.lake import Lake, Receipt
    from seguito.store.staging import Staging


@dataclass(frozen=True, slots=True)
class Collected:
    """What a reading brought.

    Attributes:
        batch: the batch as it was (or would have been) recorded.
        receipt: what was new.
        rejects: the file with rows that could not be read, if there are any.
    """

    batch: Batch
    receipt: Receipt
    rejects: Path | None


def collect(lake: Lake, reading: Reading, *, progress: Progress = SILENT) -> Collected:
    """Read a source into the lake: all of it or, when interrupted, nothing.

    What is remembered of an earlier reading of the same space is not read again; the lake is the same as if it were.
    """
    started = clock.now()
    recalled = _Recalled(lake, reading) if isinstance(reading, Remembering) and reading.lineage else None
    if recalled is not None and (same := recalled.same()) is not None:
        return same
    about = reading.about
    staging = lake.stage(about.batch_id)
    tally = _Tally(lake.layout.rejects / f"{about.batch_id}.csv")
    try:
        progress.start(f"read {about.locator or about.source}")
        for item in reading.read(progress):
            tally.take(item, staging)
            if isinstance(item, Counted):
                progress.advance(item.rows)
        progress.finish()
    except BaseException:
        tally.close()
        staging.discard()
        raise
    tally.close()
    batch = _batch(reading, tally, started)
    receipt = lake.commit(staging, batch)
    if recalled is not None:
        recalled.keep(batch, receipt)
    if isinstance(reading, Spooled):
        # What members wrote expires in the tables; kept pages would hold it for ever.
        reading.settle(None)
    return Collected(batch, receipt, tally.path if tally.skipped else None)


class _Recalled:
    """One reading with what is remembered of its lineage."""

    def __init__(self, lake: Lake, reading: Remembering) -> None:
        from seguito.store import memory

        self._lake, self._reading = lake, reading
        self._lineage = reading.lineage or ""
        self._earlier = memory.load(lake.layout, self._lineage, reading.name)

    def same(self) -> Collected | None:
        """What came of this very reading when it was done before; otherwise it is told what to remember."""
        from seguito.store import memory
        from seguito.store.duckdb import DuckDB
        from seguito.store.lake import Receipt

        lake, reading = self._lake, self._reading
        batches = lake.batches()
        batch = memory.committed(self._earlier, reading.request, batches)
        if batch is not None:
            rejects = lake.layout.rejects / f"{batch.batch_id}.csv"
            return Collected(batch, Receipt(batches[-1].sequence, {}), rejects if rejects.exists() else None)
        if self._earlier is not None:
            with closing(DuckDB()) as engine:
                if not memory.stands(lake.layout, engine, self._earlier, batches):
                    self._earlier = None
        known = (
            None
            if self._earlier is None
            else Memory(self._earlier.observed_us, self._earlier.groups, self._earlier.more)
        )
        with closing(memory.Digests(lake.key)) as digests:
            reading.remember(known, digests)
        return None

    def keep(self, batch: Batch, receipt: Receipt) -> None:
        """Remember the reading, now that it is committed."""
        from seguito.store import again, memory

        earlier, layout = self._earlier, self._lake.layout
        learned, unchanged = self._reading.memory(), self._reading.unchanged()
        chain = earlier.chain if earlier else ()
        if learned is None or (earlier and learned.observed_us < earlier.observed_us):
            return
        if unchanged is not None:
            again.add(
                layout,
                again.Again(
                    batch.batch_id,
                    learned.observed_us,
                    unchanged.since_us,
                    chain,
                    unchanged.posts,
                    unchanged.threads,
                ),
            )
        told = memory.Remembered(
            # Where nothing was new, no batch was recorded that could be named the next time.
            request=self._reading.request if receipt.changed else "",
            batch_id=batch.batch_id,
            sequence=receipt.sequence,
            chain=tuple(dict.fromkeys([*chain, batch.batch_id])),
            observed_us=learned.observed_us,
            groups=learned.groups,
            more=learned.more,
        )
        memory.save(layout, self._lineage, self._reading.name, told)


def _batch(reading: Reading, tally: _Tally, started: Any) -> Batch:
    about = reading.about
    return Batch(
        batch_id=about.batch_id,
        sequence=0,
        step="collect",
        source=about.source,
        source_version=about.version,
        creator_uri=about.creator_uri,
        locator=about.locator,
        sha256=about.sha256,
        capabilities=tuple(sorted(about.capabilities)),
        policy=about.policy,
        is_simulated=about.is_simulated,
        rows_read=tally.read,
        rows_kept=tally.read - tally.skipped,
        rows_skipped=tally.skipped,
        skip_reasons=json.dumps(tally.reasons, sort_keys=True),
        notes=about.notes,
        details=json.dumps(about.details, sort_keys=True, default=str),
        seen_until=about.seen_until,
        started_at=started,
        finished_at=clock.now(),
    )


class _Tally:
    """Counts what a reading yields and keeps what it rejects in a side file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read = 0
        self.reasons: Counter[str] = Counter()
        self._file: IO[str] | None = None
        self._rejects: Any = None

    @property
    def skipped(self) -> int:
        return self.reasons.total()

    def take(self, item: Rows | Reject | Counted, staging: Staging) -> None:
        if isinstance(item, Rows):
            staging.add(item.table, item.rows)
        elif isinstance(item, Counted):
            self.read += item.rows
        else:
            self.reasons[item.reason] += 1
            self._reject(item)

    def _reject(self, item: Reject) -> None:
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", newline="", encoding="utf-8", errors="backslashreplace")
            self._rejects = csv.writer(self._file)
            self._rejects.writerow(["where", "reason", "row"])
        self._rejects.writerow([item.locator, item.reason, item.raw])

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def label(lake: Lake, *, processes: int | None = None, progress: Progress = SILENT) -> Receipt:
    """Let every labeller read the posts it has not read yet, in `processes` processes (one per core by default)."""
    from seguito.labels.run import run

    return run(lake, processes=processes, progress=progress)


def creator_of(lake: Lake, batches: Iterable[Batch], name: str | None = None) -> str:
    """The creator that batches just read are about.

    Args:
        lake: where they were read into.
        batches: what was read.
        name: whom the user named; then this creator, if the lake holds them.

    Raises:
        UsageError: the batches are about several creators, or do not tell about whom.
        NotFound: the lake holds nobody called `name`.
    """
    from seguito.measures.space import creators, find_creator

    snapshot = lake.snapshot()
    if name is not None:
        return find_creator(snapshot, name)
    read = list(batches)
    found = list(dict.fromkeys(batch.creator_uri for batch in read if batch.creator_uri))
    if not found:
        found = creators(snapshot, [batch.batch_id for batch in read])
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError("What was read does not tell whose space it is.", "Name the creator with --creator.")
    names = ", ".join(native_of(uri) for uri in found[:5]) + (" …" if len(found) > 5 else "")
    raise UsageError(
        f"What was read is about {len(found)} creators: {names}.",
        f"It is kept: choose one with seguito report '{native_of(found[0])}', or vet again with --creator.",
    )


def vet(
    lake: Lake,
    creator: str,
    *,
    sequence: int | None = None,
    show_names: bool = False,
    right_of_reply: str = "",
    cohort: str | None = None,
    name_peers: bool = False,
    progress: Progress = SILENT,
) -> Dossier:
    """Answer the dossier's questions about one creator, from one snapshot of the lake.

    Args:
        lake: the lake to read.
        creator: a handle or uri.
        sequence: the snapshot; the newest by default.
        show_names: show handles and texts as written; only for the owner of the space.
        right_of_reply: what the creator answers to the report, in their own words.
        cohort: the name of a cohort of this workspace to compare with.
        name_peers: tell which peer is which; only for the owner of the cohort.
        progress: told of every measure.
    """
    from seguito.dossier.assemble import assemble
    from seguito.dossier.cohort import load
    from seguito.measures.space import Space, find_creator

    peers = load(lake.layout.cohorts, cohort) if cohort else None
    snapshot = lake.snapshot(sequence)
    # What is kept belongs to the newest snapshot; an older one is prepared anew.
    space = Space(snapshot, find_creator(snapshot, creator), keeps=sequence is None)
    return assemble(
        space,
        lake.key,
        show_names=show_names,
        right_of_reply=right_of_reply,
        cohort=peers,
        name_peers=name_peers,
        progress=progress,
    )
