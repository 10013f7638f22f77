"""Labelling by Spark's workers gives the rows of one machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from seguito.facts.tables import TABLES
from seguito.labels.distributed import reading, schema
from seguito.labels.pool import Task, to_bytes, work
from seguito.labels.registry import LABELLERS, labellers, signature

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = [
    "qualcuno sa dove si compra quella lampada",
    "GRAZIEEE di cuore per questo video",
    "thank you so much for the recipe",
    "❤️❤️❤️",
    "das ist wirklich ein sehr schöner Film gewesen",
    "where are you? we have not heard from you for weeks",
    "",
]


def posts(times: int) -> pa.RecordBatch:
    texts = TEXTS * times
    return pa.RecordBatch.from_pydict(
        {
            "uri": [f"x:post:{n}" for n in range(len(texts))],
            "text": texts,
            "version": ["v"] * len(texts),
            "silence_days": [float(n % 50) for n in range(len(texts))],
            "silence_known": [1.0] * len(texts),
        }
    )


def ordered(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: (row["subject_uri"], row["label"], row["value"]))


def here(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    chosen = labellers()
    names = frozenset(one.name for one in chosen)
    task = Task(to_bytes(batch), batch.num_rows, names, True, signature(chosen), AT, "b")
    return ordered(pa.Table.from_batches([work(task, chosen)]))


def test_batches_of_a_partition_are_read_one_by_one() -> None:
    read = reading(tuple(LABELLERS), signature(labellers()), AT, "b")
    batch = posts(2)
    found = list(read([batch.slice(0, 5), batch.slice(0, 0), batch.slice(5)]))
    assert len(found) == 2, "no posts, no rows"
    assert all(one.schema.equals(TABLES["labels"].schema) for one in found)
    assert ordered(pa.Table.from_batches(found)) == here(batch)
    assert {"sentiment", "thanks", "question", "language", "read"} <= {row["label"] for row in here(batch)}


@pytest.mark.spark
def test_the_clusters_rows_are_those_of_one_machine(spark_master: str) -> None:
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    assert session is not None
    assert spark_master
    batch = posts(6)
    frame = session.createDataFrame(pa.Table.from_batches([batch])).repartition(3)
    read = reading(tuple(LABELLERS), signature(labellers()), AT, "b")
    found = frame.mapInArrow(read, schema()).toArrow()
    there = found.cast(pa.schema([one.remove_metadata().with_nullable(True) for one in TABLES["labels"].schema]))
    assert ordered(there) == here(batch)
