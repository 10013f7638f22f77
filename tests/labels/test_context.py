"""What is known of a post beside its text, worked out by hand on a thread of six."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pytest

from seguito.facts.post import Post
from seguito.labels.context import around, with_context
from seguito.labels.contract import CONTEXT
from seguito.store.lake import open_lake
from tests.labels.test_run import append

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def post(name: str, day: float | None, by: str | None, **fields: Any) -> Post:
    return Post(
        uri=name,
        platform="x",
        kind="comment" if "root_uri" in fields else "video",
        text=name,
        account_uri=by,
        created_at=None if day is None else MONDAY + timedelta(days=day),
        observed_at=MONDAY,
        batch_id="posts",
        **{"space_uri": "ada", **fields},
    )


# Ada posts on day 0 and on day 10; she has not posted for 9 days when Bea asks where she is.
POSTS = [
    post("p1", 0, "ada"),
    post("c1", 1, "bea", root_uri="p1", parent_uri="p1"),
    post("c2", 2, "ada", root_uri="p1", parent_uri="c1"),
    post("c3", 9, "bea", root_uri="p1", parent_uri="c2"),
    post("c4", 9.5, "cho", root_uri="p1", parent_uri="p1", inferred_parent_uri="c3"),
    post("p2", 10, "ada", space_uri=None),
    post("c5", 12, None, root_uri="p2"),
    post("c6", None, "cho", root_uri="p2", parent_uri="gone"),
    post("early", -1, "dan", root_uri="p0"),
]
NAMES = ("to_post", "to_creator", "to_member", "silence_days", "silence_known", "tenure_days", "by_creator", "depth")
WANTED = {
    "p1": (None, None, None, 0, 1, 0, 1, 0),
    "c1": (1, 0, 0, 1, 1, 0, 0, 1),
    "c2": (0, 0, 1, 2, 1, 2, 1, 2),
    "c3": (0, 1, 0, 9, 1, 8, 0, 2),
    "c4": (0, 0, 1, 9.5, 1, 0, 0, 2),
    "p2": (None, None, None, 0, 1, 10, 1, 0),
    "c5": (None, None, None, 2, 1, None, None, None),
    "c6": (0, None, None, None, 0, None, 0, 2),
    "early": (None, None, None, None, 0, 0, 0, None),
}


def known(folder: Path, **options: Any) -> dict[str, tuple[float | None, ...]]:
    with open_lake(folder, **options) as lake:
        append(lake, "posts", POSTS, "posts")
        snapshot = lake.snapshot()
        posts = with_context(snapshot.current("posts"), CONTEXT.names)
        rows = snapshot.engine.fetch(posts.select("uri", *CONTEXT.names)).to_pylist()
    assert all(row[name] is None for row in rows for name in ("space_creator", "space_brand", "space_company"))
    return {row["uri"]: tuple(row[name] for name in NAMES) for row in rows}


def test_what_the_other_posts_tell(tmp_path: Path) -> None:
    assert known(tmp_path / "w") == WANTED


def test_the_context_of_some_rests_on_those_around_them_alone(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", POSTS, "posts")
        snapshot = lake.snapshot()
        for name, wanted in WANTED.items():
            some = ibis.memtable({"uri": [name]})
            near = snapshot.engine.keep(around(snapshot.table("posts"), some, CONTEXT.names))
            told = with_context(snapshot.current("posts", among=near), CONTEXT.names)
            rows = snapshot.engine.fetch(told.filter(told.uri == name)).to_pylist()
            assert [tuple(row[column] for column in NAMES) for row in rows] == [wanted]
        few = snapshot.engine.fetch(around(snapshot.table("posts"), ibis.memtable({"uri": ["c4"]}), ("to_member",)))
        assert sorted(few["uri"].to_pylist()) == ["c3", "c4", "p1", "p2"]


@pytest.mark.spark
def test_spark_tells_the_same(tmp_path: Path, spark_master: str) -> None:
    assert known(tmp_path / "w", engine="spark", master=spark_master) == WANTED


def test_nothing_is_worked_out_that_nobody_wants(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", POSTS, "posts")
        posts = lake.snapshot().current("posts")
        assert with_context(posts, ()) is posts
