"""The labelling step: every post is read once by every labeller, and again when it or the labeller has changed.

Results do not depend on how many processes read, nor on how the posts were split. Every COMMIT posts are committed
on their own, so that a reading that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from seguito.facts.batch import Batch
from seguito.facts.schema import fill
from seguito.facts.tables import TABLES
from seguito.kit import clock
from seguito.kit.progress import SILENT, Progress
from seguito.kit.settings import read_settings
from seguito.labels.contract import Labeller, source_of
from seguito.labels.pool import Readers, Task, readers, to_bytes
from seguito.labels.registry import labellers_of, processes_of, signature, sources
from seguito.labels.waiting import Chunk, Waiting
from seguito.store.lake import Lake, Receipt

COMMIT = 200_000


def run(
    lake: Lake,
    *,
    progress: Progress = SILENT,
    processes: int | None = None,
    chosen: Sequence[Labeller] | None = None,
    commit: int = COMMIT,
) -> Receipt:
    """Let the labellers read the posts they have not read yet.

    Args:
        lake: where posts are and labels go.
        progress: is told how many posts were read.
        processes: how many processes read; by default as the settings say, else as many as there are cores, and only
            this one for few posts or where a larger model reads.
        chosen: the labellers; by default those of the workspace's settings.
        commit: after how many posts what was found is committed.

    Returns:
        What was added, over all commits.
    """
    settings = read_settings(lake.layout.root)
    chosen = labellers_of(lake.layout.root) if chosen is None else list(chosen)
    processes = processes or processes_of(settings, chosen)
    waiting = Waiting(lake.snapshot(), chosen, signature(chosen))
    reading = _Reading(lake, waiting, clock.now())
    progress.start("label", waiting.rows)
    with readers(chosen, waiting.rows, processes) as pool:
        ahead = reading.begin(pool, 0, commit)
        for start in range(0, waiting.rows, commit):
            # The next posts are being read while what was found in these is committed.
            now, ahead = ahead, reading.begin(pool, start + commit, commit)
            reading.end(pool, now, progress)
    progress.finish()
    waiting.done(lake.snapshot(), reading.sequences)
    return Receipt(reading.sequence, dict(reading.added))


@dataclass
class _Begun:
    """A chunk that is being read."""

    number: int
    chunk: Chunk
    tasks: list[Task]
    submitted: list[Any]


@dataclass
class _Reading:
    """One run over the posts that wait: reads chunk after chunk and commits each."""

    lake: Lake
    waiting: Waiting
    at: datetime
    added: Counter[str] = field(default_factory=Counter)
    sequences: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sequence = self.waiting.snapshot.sequence

    def begin(self, pool: Readers, start: int, rows: int) -> _Begun | None:
        """Fetch the posts from `start` on and have them read."""
        if start >= self.waiting.rows:
            return None
        number = start // rows
        chunk = self.waiting.chunk(start, rows)
        tasks = [
            Task(
                posts=to_bytes(posts),
                rows=posts.num_rows,
                names=self.waiting.readers_of(known),
                language=not self.waiting.has_language(known),
                mark=self.waiting.mark,
                at=self.at,
                batch_id=self._batch_id(number),
            )
            for known, posts in chunk.parts(pool.part(chunk.posts.num_rows))
        ]
        return _Begun(number, chunk, tasks, pool.submit(tasks))

    def _batch_id(self, number: int) -> str:
        return f"label-{self.waiting.mark}-{self.waiting.snapshot.sequence}-{number}"

    def end(self, pool: Readers, begun: _Begun | None, progress: Progress) -> None:
        """Wait for what was found in a chunk and commit it."""
        if begun is None:
            return
        batch_id = self._batch_id(begun.number)
        staging = self.lake.stage(batch_id)
        try:
            again = begun.chunk.reads_again
            said: set[tuple[str, str]] = set()
            for task, labels in zip(begun.tasks, pool.results(begun.submitted), strict=True):
                staging.add("labels", labels)
                if again:
                    said.update(zip(labels["subject_uri"].to_pylist(), labels["label"].to_pylist(), strict=True))
                progress.advance(task.rows)
            if again:
                staging.add("labels", self._withdrawn(begun, said, batch_id))
            receipt = self.lake.commit(staging, self._batch(begun, batch_id))
        except BaseException:
            staging.discard()
            raise
        self.sequence = receipt.sequence
        if receipt.changed:
            self.sequences.append(receipt.sequence)
        self.added.update(receipt.added)

    def _withdrawn(self, begun: _Begun, said: set[tuple[str, str]], batch_id: str) -> pa.RecordBatch:
        """Negated rows for what code said before of posts read again, and says no more.

        Without them a rule that no longer matches, or a text that was edited, would leave its old label standing.
        """
        kept = self._kept(begun)
        now = {one.name: source_of(one) for one in self.waiting.chosen}
        rows = [
            (row["subject_uri"], row["label"], row["value"], now.get(_name(row["source"]), row["source"]))
            for row in self.waiting.said_before(begun.chunk).to_pylist()
            if (row["subject_uri"], row["label"]) not in said and _name(row["source"]) not in kept[row["subject_uri"]]
        ]
        columns: dict[str, Any] = dict(
            zip(("subject_uri", "label", "value", "source"), map(list, zip(*sorted(rows), strict=True)), strict=False)
        )
        fixed = {"by_person": False, "negated": True, "observed_at": self.at, "batch_id": batch_id}
        return fill({**columns, **fixed}, TABLES["labels"].schema, rows=len(rows))

    def _kept(self, begun: _Begun) -> dict[str, frozenset[str]]:
        """For every post, the labellers whose earlier word still stands, because they need not read it again."""
        names = frozenset(one.name for one in self.waiting.chosen)
        posts = begun.chunk.posts
        still = {known: names - self.waiting.readers_of(known) for known in set(posts["known"].to_pylist())}
        return {
            uri: still[known] for uri, known in zip(posts["uri"].to_pylist(), posts["known"].to_pylist(), strict=True)
        }

    def _batch(self, begun: _Begun, batch_id: str) -> Batch:
        rows = begun.chunk.posts.num_rows
        return Batch(
            batch_id=batch_id,
            sequence=0,
            step="label",
            source="labellers",
            source_version=self.waiting.mark,
            details=json.dumps({"labellers": sources(self.waiting.chosen)}),
            rows_read=rows,
            rows_kept=rows,
            started_at=self.at,
            finished_at=clock.now(),
        )


def _name(source: str) -> str:
    return source.rsplit("@", 1)[0]
