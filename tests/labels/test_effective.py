"""Which label counts where several labellers spoke: one rule, the same on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seguito.facts.batch import Batch
from seguito.facts.label import Label
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.labels.effective import effective
from seguito.store.lake import Lake, open_lake

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(subject: str, label: str, value: str, source: str, day: int = 0, **fields: Any) -> Label:
    return Label(
        subject_uri=subject,
        label=label,
        value=value,
        source=source,
        observed_at=MONDAY + timedelta(days=day),
        batch_id="labels",
        **fields,
    )


# What was said of each subject, and what counts of it.
CASES: dict[str, tuple[list[Label], set[tuple[str, str, str]]]] = {
    "code alone": (
        [said("1", "thanks", "yes", "thanks@1", score=0.5)],
        {("thanks", "yes", "thanks@1")},
    ),
    "a person outranks code, even older": (
        [
            said("2", "worry", "absence", "worry@1", day=5),
            said("2", "worry", "wellbeing", "person", by_person=True),
        ],
        {("worry", "wellbeing", "person")},
    ),
    "a person takes code's label away": (
        [
            said("3", "thanks", "yes", "thanks@1", day=5),
            said("3", "thanks", "yes", "person", by_person=True, negated=True),
        ],
        set(),
    ),
    "a person changes their mind": (
        [
            said("4", "thanks", "yes", "person", by_person=True, negated=True),
            said("4", "thanks", "yes", "person", day=1, by_person=True),
        ],
        {("thanks", "yes", "person")},
    ),
    "the newer of two revisions": (
        [said("5", "worry", "absence", "worry@1"), said("5", "worry", "missed", "worry@2", day=1)],
        {("worry", "missed", "worry@2")},
    ),
    "a revision that withdraws": (
        [said("6", "worry", "absence", "worry@1"), said("6", "worry", "absence", "worry@2", day=1, negated=True)],
        set(),
    ),
    "at the same moment, the source later in the alphabet": (
        [said("7", "worry", "absence", "worry@b"), said("7", "worry", "missed", "worry@c")],
        {("worry", "missed", "worry@c")},
    ),
    "labels do not stand in each other's way": (
        [said("8", "thanks", "yes", "thanks@1"), said("8", "worry", "missed", "worry@1")],
        {("thanks", "yes", "thanks@1"), ("worry", "missed", "worry@1")},
    ),
    "an old mark of having been read is still one": (
        [said("9", "read", "old", "labellers"), said("9", "language", "it", "language@1")],
        {("read", "old", "labellers"), ("language", "it", "language@1")},
    ),
    "a newer mark takes the older one's place": (
        [said("10", "read", "old", "labellers"), said("10", "read", "new", "labellers", day=1)],
        {("read", "new", "labellers")},
    ),
}


def write(path: Path) -> None:
    labels = [label for labels, _ in CASES.values() for label in labels]
    with open_lake(path) as lake:
        staging = lake.stage("labels")
        staging.add("labels", to_batch(labels, TABLES["labels"].schema))
        batch = Batch(batch_id="labels", sequence=0, step="label", source="test", started_at=MONDAY, finished_at=MONDAY)
        lake.commit(staging, batch)


def check(lake: Lake) -> None:
    snapshot = lake.snapshot()
    rows = snapshot.engine.fetch(effective(snapshot.current("labels"))).to_pylist()
    for name, (labels, wanted) in CASES.items():
        subject = labels[0].subject_uri
        got = {(row["label"], row["value"], row["source"]) for row in rows if row["subject_uri"] == subject}
        assert got == wanted, name


def test_duckdb(tmp_path: Path) -> None:
    write(tmp_path / "w")
    with open_lake(tmp_path / "w") as lake:
        check(lake)


@pytest.mark.spark
def test_spark(tmp_path: Path, spark_master: str) -> None:
    write(tmp_path / "w")
    with open_lake(tmp_path / "w", engine="spark", master=spark_master) as lake:
        check(lake)
