"""What runs in the processes of the tests on concurrency and on `kill -9`: importable, so that they can be spawned."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from datetime import timedelta
from multiprocessing.synchronize import Event
from typing import Any

from seguito.facts.account import Account
from seguito.facts.edge import Reaction
from seguito.facts.label import Label
from seguito.facts.metric import Metric
from seguito.store.lake import Lake, open_lake
from tests.store.facts import DAY, MONDAY, commit, post

TABLES = ("accounts", "posts", "reactions", "labels", "metrics")
ROWS = 60


def batch_of(writer: str, number: int) -> list[Any]:
    """A batch over five tables, `ROWS` rows of its own in each; and an edit of a post of the batch before."""
    seen = {"observed_at": MONDAY + number * DAY, "batch_id": f"{writer}-{number}"}
    facts: list[Any] = []
    for n in range(number * ROWS, (number + 1) * ROWS):
        uri = f"net:{writer}:{n}"
        facts += [
            Account(uri=uri, platform="net", native_id=str(n), **seen),
            Reaction(account_uri=uri, subject_uri="net:post:0", kind="like", at=MONDAY + timedelta(hours=n), **seen),
            Label(subject_uri=uri, label="question" if n % 2 else "thanks", value="yes", source="rules@1", **seen),
            Metric(subject_uri=uri, metric="likes", value=n, **seen),
            post(n, at=seen["observed_at"], batch_id=seen["batch_id"], account_uri=uri, **_uri(writer, n)),
        ]
    return facts


def _uri(writer: str, n: int) -> dict[str, Any]:
    return {"text": f"{writer} says {n}", "created_at": MONDAY + timedelta(hours=7 * n)}


def shared_batch(number: int, batch_id: str) -> list[Any]:
    """Rows that both writers bring: they must be kept once."""
    seen = {"observed_at": MONDAY + number * DAY, "batch_id": batch_id}
    return [Account(uri=f"net:shared:{number}:{n}", platform="net", native_id=str(n), **seen) for n in range(5)]


def ingest(root: str, writer: str, batches: int, begins: Any = None) -> None:
    """Append batches one after the other, as a source read again from the start would."""
    with open_lake(root) as lake:
        for number in range(batches):
            if begins is not None:
                begins(number)
            commit(lake, *batch_of(writer, number), batch_id=f"{writer}-{number}")


def ingest_together(root: str, writer: str, batches: int, start: Event) -> None:
    """Append batches, some rows of which another process appends too."""
    with open_lake(root) as lake:
        start.wait(60)
        for number in range(batches):
            name = f"{writer}-{number}"
            facts = [fact for fact in batch_of(writer, number) if type(fact).__name__ != "Post"]
            commit(lake, *facts, *_posts(writer, number, name), *shared_batch(number, name), batch_id=name)


def _posts(writer: str, number: int, batch_id: str) -> list[Any]:
    offset = 0 if writer == "one" else 1_000_000
    return [
        post(offset + n, at=MONDAY + number * DAY, batch_id=batch_id, account_uri=f"net:{writer}:{n}")
        for n in range(number * ROWS, (number + 1) * ROWS)
    ]


def halves(lake: Lake) -> list[str]:
    """What a reader must never see: a batch of which one table shows another number of rows than the others."""
    snapshot = lake.snapshot()
    wrong = []
    seen = {name: _by_batch(snapshot, name) for name in TABLES}
    for batch in snapshot.batches:
        counts = {name: rows[batch.batch_id] for name, rows in seen.items() if name != "accounts"}
        if set(counts.values()) != {ROWS}:
            wrong.append(f"snapshot {snapshot.sequence}: batch {batch.batch_id} shows {counts}")
    named = {batch.batch_id for batch in snapshot.batches}
    wrong += [f"{name}: orphans of {batch}" for name, rows in seen.items() for batch in rows if batch not in named]
    return wrong


def _by_batch(snapshot: Any, name: str) -> Counter[str]:
    table = snapshot.table(name)
    rows = snapshot.engine.fetch(table.group_by("batch_id").aggregate(n=table.count())).to_pylist()
    return Counter({row["batch_id"]: row["n"] for row in rows})


def read_on(root: str, start: Event, stop: Event, told: Any) -> None:
    """Read until told to stop; tell how often and what was wrong."""
    reads, wrong = 0, []
    newest = 0
    start.set()
    try:
        while not stop.is_set():
            with open_lake(root, create=False) as lake:
                sequence = lake.snapshot().sequence
                wrong += halves(lake)
                if sequence < newest:
                    wrong.append(f"went back from {newest} to {sequence}")
                newest = max(newest, sequence)
            reads += 1
    except Exception as error:  # noqa: BLE001 - whatever a reader meets is what the test is about
        wrong.append(repr(error))
    told.put((reads, wrong))


# -- kill -9 --------------------------------------------------------------------------------------------------------


def watched(happens: Any) -> None:
    """Call `happens(step)` at every step of an ingestion that leaves something on the disk."""
    from seguito.store import commit as committing
    from seguito.store import delta, lake, staging

    def around(module: Any, name: str, step: str) -> None:
        real = getattr(module, name)

        def told(*args: Any, **named: Any) -> Any:
            happens(f"before {step}")
            done = real(*args, **named)
            happens(f"after {step}")
            return done

        setattr(module, name, told)

    around(staging, "write", "staging")
    around(delta, "append", "append")
    around(committing, "append_table", "table")
    around(lake, "append_table", "table")
    around(lake, "record", "record")
    around(staging.Staging, "discard", "discard")


def ingest_and_die(root: str, batches: int, batch: int, at: int, delay: float) -> None:
    """Ingest, and be killed `delay` seconds after step number `at` of a batch."""
    left: list[int] = []

    def begins(number: int) -> None:
        if number == batch:
            left.append(at)

    def happens(_: str) -> None:
        if left:
            left[0] -= 1
            if left[0] == -1 and delay == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            if left[0] == -1:
                threading.Thread(target=_die, args=(delay,), daemon=True).start()

    watched(happens)
    ingest(root, "one", batches, begins)
    time.sleep(1)


def _die(delay: float) -> None:
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGKILL)
