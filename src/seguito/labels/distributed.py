"""Labelling on a cluster: the same reading as on one machine, as a function that Spark calls for each partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache

import pyarrow as pa

from seguito.facts.tables import TABLES
from seguito.labels.contract import Labeller
from seguito.labels.pool import Task, to_bytes, work
from seguito.labels.registry import labellers


def reading(
    names: Sequence[str], mark: str, at: datetime, batch_id: str
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for `DataFrame.mapInArrow`: posts (uri, text, version, context as far as known) in, labels out.

    Every process loads its labellers once, when the first posts reach it; only their names travel. The rows are those
    that `labels.run` writes on one machine from the same posts with the same labellers.

    Args:
        names: the labellers, as the registry calls them.
        mark: the signature to write down as having read the posts (`registry.signature`).
        at: when.
        batch_id: for which batch.
    """

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        chosen = _chosen(tuple(names))
        here = frozenset(one.name for one in chosen)
        for posts in batches:
            if posts.num_rows:
                task = Task(to_bytes(posts), posts.num_rows, here, True, mark, at, batch_id)
                yield work(task, chosen)

    return read


def schema() -> str:
    """The schema of the rows, as `mapInArrow` wants it told."""
    kinds = {pa.bool_(): "boolean", pa.string(): "string", pa.float64(): "double"}
    columns = TABLES["labels"].schema
    return ", ".join(f"{one.name} {kinds.get(one.type, 'timestamp')}" for one in columns)


@cache
def _chosen(names: tuple[str, ...]) -> tuple[Labeller, ...]:
    return tuple(labellers(names))
