"""Many processes at once, and processes that die: nobody fails, nothing is lost, doubled or seen by halves."""

from __future__ import annotations

import multiprocessing
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from seguito.facts.tables import TABLES as ALL
from seguito.store import delta, staging
from seguito.store.commit import named_versions
from seguito.store.lake import Lake, open_lake
from tests.store import writer
from tests.store.facts import rows

SPAWN = multiprocessing.get_context("spawn")
BATCHES = 6
KILLS = 20


@pytest.mark.slow
def test_two_append_while_a_third_reads(tmp_path: Path) -> None:
    root, start, stop, told = str(tmp_path / "w"), SPAWN.Event(), SPAWN.Event(), SPAWN.Queue()
    open_lake(root).close()
    batches = 6
    reader = SPAWN.Process(target=writer.read_on, args=(root, start, stop, told))
    writers = [
        SPAWN.Process(target=writer.ingest_together, args=(root, name, batches, start)) for name in ("one", "two")
    ]
    for process in (reader, *writers):
        process.start()
    for process in writers:
        process.join(120)
    stop.set()
    reads, wrong = told.get(timeout=120)
    reader.join(60)
    assert [process.exitcode for process in (*writers, reader)] == [0, 0, 0]
    assert wrong == []
    assert reads >= 3
    with open_lake(root) as lake:
        assert [batch.sequence for batch in lake.batches()] == list(range(1, 2 * batches + 1))
        for name in ("posts", "reactions", "labels", "metrics"):
            assert len(rows(lake, name)) == 2 * batches * writer.ROWS
        accounts = Counter(row["uri"] for row in rows(lake, "accounts"))
        assert len(accounts) == 2 * batches * writer.ROWS + batches * 5
        assert set(accounts.values()) == {1}


@pytest.mark.slow
def test_killed_at_twenty_moments_the_result_is_the_same(tmp_path: Path) -> None:
    steps = undisturbed(tmp_path / "calm")
    root = tmp_path / "shot"
    open_lake(root).close()
    landed: Counter[str] = Counter()
    with open_lake(root) as reader:
        for at, delay in moments(len(steps) // BATCHES):
            coming = len(reader.batches())
            process = SPAWN.Process(target=writer.ingest_and_die, args=(str(root), BATCHES, coming, at, delay))
            process.start()
            process.join(60)
            assert process.exitcode == -signal.SIGKILL, "the shot came too late"
            assert writer.halves(reader) == []
            landed[where(reader)] += 1
    writer.ingest(str(root), "one", BATCHES)
    assert contents(root) == contents(tmp_path / "calm")
    assert landed["between tables"] >= 4, landed
    assert landed["in staging"] >= 2, landed
    with open_lake(root) as lake:
        assert staging.abandoned(lake.layout.staging) == []


def undisturbed(root: Path) -> list[str]:
    """Ingest in this process and return the steps it took."""
    steps: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((staging, "write"), (delta, "append"), (staging.Staging, "discard")):
            patch.setattr(module, name, getattr(module, name))
        from seguito.store import commit, lake

        for module, name in ((commit, "append_table"), (lake, "append_table"), (lake, "record")):
            patch.setattr(module, name, getattr(module, name))
        writer.watched(steps.append)
        writer.ingest(str(root), "one", BATCHES)
    return steps


def moments(steps: int) -> list[tuple[int, float]]:
    """Seeded moments, spread over all the steps of a batch, first and last included, in a random order.

    Every other one strikes a few thousandths of a second after its step, in the middle of what follows.
    """
    draw = random.Random(9)
    places = [round(shot * (steps - 1) / (KILLS - 1)) for shot in range(KILLS)]
    draw.shuffle(places)
    return [(at, 0.0 if shot % 2 else draw.uniform(0, 0.004)) for shot, at in enumerate(places)]


def where(lake: Lake) -> str:
    """What a shot left behind."""
    batches = lake.batches()
    named = named_versions(batches[-1] if batches else None)
    for name in ALL:
        if name != "batches" and delta.version_of(lake.layout.table(name)) != named.get(name):
            return "between tables"
    return "in staging" if staging.abandoned(lake.layout.staging) else "elsewhere"


def contents(root: Path) -> dict[str, Any]:
    """All rows of every snapshot, and what the batches say."""
    with open_lake(root) as lake:
        batches = lake.batches()
        found: dict[str, Any] = {"batches": [(batch.sequence, batch.batch_id) for batch in batches]}
        for batch in batches:
            for name in writer.TABLES:
                found[f"{batch.sequence} {name}"] = rows(lake, name, sequence=batch.sequence)
        return found
