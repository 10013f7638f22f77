"""Appending: what was read twice is kept once, what changed is kept as one more observation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from seguito.facts.batch import Batch
from seguito.facts.post import Post
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.store.lake import Lake, Receipt, open_lake

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POST = Post(
    uri="bluesky:post:1",
    platform="bluesky",
    kind="post",
    text="ciao",
    created_at=MONDAY,
    observed_at=MONDAY,
    batch_id="a",
)


def append(lake: Lake, *posts: Post, batch_id: str = "a") -> Receipt:
    staging = lake.stage(batch_id)
    staging.add("posts", to_batch(posts, TABLES["posts"].schema))
    batch = Batch(batch_id=batch_id, sequence=0, step="collect", source="test", started_at=MONDAY, finished_at=MONDAY)
    return lake.commit(staging, batch)


def texts(lake: Lake) -> list[str]:
    snapshot = lake.snapshot()
    return sorted(snapshot.engine.fetch(snapshot.current("posts"))["text"].to_pylist())


def test_reading_the_same_twice_changes_nothing(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        first = append(lake, POST)
        again = append(lake, POST)
        later = append(lake, replace(POST, observed_at=MONDAY + timedelta(days=1)), batch_id="b")
        assert first == Receipt(1, {"posts": 1})
        assert again == later == Receipt(1, {"posts": 0})
        assert len(lake.batches()) == 1


def test_an_edit_is_one_more_observation_and_so_is_taking_it_back(tmp_path: Path) -> None:
    day = timedelta(days=1)
    with open_lake(tmp_path / "w") as lake:
        append(lake, POST)
        append(lake, replace(POST, text="ciao!", observed_at=MONDAY + day), batch_id="b")
        assert texts(lake) == ["ciao!"]
        append(lake, replace(POST, observed_at=MONDAY + 2 * day), batch_id="c")
        assert texts(lake) == ["ciao"]
        assert lake.snapshot().table("posts").count().execute() == 3
