"""Which wordings of a space are nearly another one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.clusters import Clusters
from seguito.store.snapshot import Snapshot

# Wordings that are compared with each other, the newest first: comparing takes a second for each ten thousand.
COMPARED = 20_000


@dataclass(frozen=True, slots=True)
class NearWordings:
    """What was found.

    Attributes:
        leads: a table of wordings (`near`) and the wording each counts as (`leads`); `None` where all differ.
        compared: how many wordings were compared.
        of: how many there are.
    """

    leads: Any | None
    compared: int
    of: int


def near_wordings(snapshot: Snapshot, signed: Any) -> Callable[[], NearWordings]:
    """Compare the newest wordings of comments with each other, in the order in which they were first written.

    The texts are fetched at once and compared in a thread of their own, which asks nothing of the engine; calling what
    is returned waits for it.

    Args:
        snapshot: where their texts are.
        signed: the comments, as in `Space.signed`.
    """
    worded = signed.filter(signed.wording.notnull())
    told = worded.group_by("wording").aggregate(
        first_s=worded.created_s.min(), last_s=worded.created_s.max(), uri=worded.uri.min()
    )
    engine = snapshot.engine
    told = engine.keep(told)
    of = int(engine.fetch(told.aggregate(n=told.count()))["n"][0].as_py())
    newest = engine.keep(told.order_by([ibis.desc("last_s"), "wording"]).limit(COMPARED))
    posts = snapshot.current("posts", among=newest.select("uri")).select("uri", "text")
    texts = engine.fetch(newest.inner_join(posts, "uri").order_by(["first_s", "wording"]).select("wording", "text"))
    beside = ThreadPoolExecutor(1, "wordings")
    moved = beside.submit(_moved, texts)
    beside.shutdown(wait=False)
    return lambda: NearWordings(_leads(moved.result()), min(of, COMPARED), of)


def _moved(texts: pa.Table) -> pa.Table:
    clusters = Clusters()
    clusters.add(texts["wording"].combine_chunks(), texts["text"].combine_chunks())
    found = clusters.table()
    return found.filter(pc.not_equal(found["uri"], found["cluster"]))


def _leads(moved: pa.Table) -> Any | None:
    if not moved.num_rows:
        return None
    return ibis.memtable({"near": moved["uri"].to_pylist(), "leads": moved["cluster"].to_pylist()})
