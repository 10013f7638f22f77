"""Labelling in several processes: each holds its own labellers, gets posts and gives rows of the labels table."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

import pyarrow as pa

from seguito.facts.schema import fill
from seguito.facts.tables import TABLES
from seguito.kit.errors import Transient
from seguito.labels.contract import CONTEXT, Labeller, source_of
from seguito.labels.reading import language_source, prepare

# Posts given to one process at a time: their share, as far as these allow. Patterns are made ready anew for every part,
# so that small ones are slow; large ones show no progress and do not stop soon.
PART, LEAST = 50_000, 10_000
# Fewer posts than this are read sooner here than by processes that must first be started.
FEW = 30_000
MOST_PROCESSES = 8

READ = "read"
READER = "labellers"
LANGUAGE_LABEL = "language"


@dataclass(frozen=True, slots=True)
class Task:
    """Posts to be read, by whom, and what to write beside what is found.

    Attributes:
        posts: columns uri, text, version (of the post, as far as it matters here) and those of the context that are
            known, as an Arrow IPC stream.
        rows: how many.
        names: the labellers to read them.
        language: whether to write down the language, too.
        mark: the signature to write down as having read them.
        at: when.
        batch_id: for which batch.
    """

    posts: bytes
    rows: int
    names: frozenset[str]
    language: bool
    mark: str
    at: datetime
    batch_id: str


def work(task: Task, chosen: Sequence[Labeller]) -> pa.RecordBatch:
    """Read the posts of a task: rows of the labels table, in the order of the labellers."""
    given = from_bytes(task.posts)
    uris, texts = given.column("uri"), given.column("text")
    context = given.select([name for name in CONTEXT.names if name in given.schema.names])
    posts = prepare(uris, texts, context=context)
    columns = {"subject_uri": uris, "label": READ, "value": task.mark, "reason": given.column("version")}
    parts = [_facts(task, {**columns, "source": READER}, given.num_rows)]
    if task.language:
        columns = {"subject_uri": uris, "label": LANGUAGE_LABEL, "value": posts.column("language")}
        parts.append(_facts(task, {**columns, "source": str(language_source())}, given.num_rows))
    for one in chosen:
        if one.name in task.names:
            found = one.label(posts)
            columns = {name: found.column(name) for name in found.schema.names}
            parts.append(_facts(task, {**columns, "source": source_of(one)}, found.num_rows))
    return pa.Table.from_batches(parts).combine_chunks().to_batches()[0]


def _facts(task: Task, columns: dict[str, object], rows: int) -> pa.RecordBatch:
    fixed = {"by_person": False, "negated": False, "observed_at": task.at, "batch_id": task.batch_id}
    return fill({**columns, **fixed}, TABLES["labels"].schema, rows=rows)


@dataclass
class Readers:
    """Whoever reads: other processes, or this one.

    Args:
        chosen: the labellers.
        pool: the processes; `None` to read in this one, when the result is asked for.
        processes: how many they are.
    """

    chosen: Sequence[Labeller]
    pool: ProcessPoolExecutor | None = None
    processes: int = 1

    def part(self, rows: int) -> int:
        """How many of some posts are read at a time, so that every process has its share."""
        return min(PART, max(LEAST, -(-rows // self.processes)))

    def submit(self, tasks: Sequence[Task]) -> list[Future[bytes] | Task]:
        """Begin to read."""
        if self.pool is None:
            return list(tasks)
        return [self.pool.submit(_work_there, task) for task in tasks]

    def results(self, submitted: Sequence[Future[bytes] | Task]) -> Iterator[pa.RecordBatch]:
        """What was found, in the order in which it was submitted."""
        for one in submitted:
            if isinstance(one, Task):
                yield work(one, self.chosen)
            else:
                yield from_bytes(one.result())


@contextmanager
def readers(chosen: Sequence[Labeller], posts: int, processes: int | None = None) -> Iterator[Readers]:
    """Start as many processes as are worth it for so many posts, and stop them at the end, whatever happens.

    Raises:
        Transient: a process was ended from outside.
    """
    wanted = min(processes or _cores(), MOST_PROCESSES)
    if wanted < 2 or (processes is None and posts < FEW):
        yield Readers(chosen)
        return
    # Spawned, never forked: a forked child inherits the locks of threads that do not exist in it.
    pool = ProcessPoolExecutor(wanted, mp_context=get_context("spawn"), initializer=_start, initargs=(tuple(chosen),))
    try:
        yield Readers(chosen, pool, wanted)
    except BrokenProcessPool as error:
        raise Transient(
            "A process that was labelling posts ended before its time, perhaps for want of memory.",
            "Run the same command again: it goes on where it stopped. In a script of your own, start from inside "
            '`if __name__ == "__main__":`.',
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_HERE: list[Labeller] = []


def _start(chosen: Sequence[Labeller]) -> None:
    """Make this process ready: it holds the labellers, and leaves Ctrl-C to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _HERE[:] = chosen
    prepare(pa.array(["-"]), pa.array(["-"]))


def _work_there(task: Task) -> bytes:
    return to_bytes(work(task, _HERE))


def to_bytes(batch: pa.RecordBatch) -> bytes:
    """A record batch as an Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def from_bytes(data: bytes) -> pa.RecordBatch:
    """The one record batch of an Arrow IPC stream."""
    with pa.ipc.open_stream(data) as reader:
        return reader.read_next_batch()
