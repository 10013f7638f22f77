"""Looking only at what came since the last reading finds the very posts that looking at all of them finds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from seguito.facts.label import Label
from seguito.labels import waiting as waiting_
from seguito.labels.registry import signature
from seguito.labels.run import run
from seguito.labels.waiting import Waiting
from seguito.store import watched
from seguito.store.erase import forget
from seguito.store.lake import Lake, open_lake
from seguito.store.upkeep import upkeep
from tests.labels.test_run import MONDAY, Contains, append, post

LATER = MONDAY + timedelta(days=3)
WORD = Contains()


def begin(lake: Lake) -> None:
    posts = [
        post("p", "che bel sole", account_uri="ada", space_uri="ada"),
        *(post(f"c{n}", f"sole {n}", account_uri=f"m{n}", space_uri="ada", root_uri="x:post:p") for n in range(5)),
        post("silent", None, account_uri="m1", space_uri="ada", root_uri="x:post:p"),
    ]
    append(lake, "posts", posts, "first")
    run(lake, chosen=[WORD])


def waits(lake: Lake, mark: str | None = None) -> list[dict[str, object]]:
    found = Waiting(lake.snapshot(), [WORD], mark or signature([WORD]))
    rows: list[dict[str, object]] = found.chunk(0, 1_000).posts.sort_by("number").to_pylist()
    return rows


def grows(lake: Lake) -> None:
    new = post("n", "ancora sole", account_uri="m9", space_uri="ada", root_uri="x:post:p", parent_uri="x:post:c1")
    append(lake, "posts", [new], "more")


def changes(lake: Lake) -> None:
    edited = post("c2", "la luna", account_uri="m2", space_uri="ada", root_uri="x:post:p", observed_at=LATER)
    said = post("silent", "parlo", account_uri="m1", space_uri="ada", root_uri="x:post:p", observed_at=LATER)
    append(lake, "posts", [edited, said], "more")


def is_marked_by_another(lake: Lake) -> None:
    marked = Label(
        subject_uri="x:post:c3",
        label="read",
        value="another",
        source="else",
        by_person=False,
        observed_at=LATER,
        batch_id="else",
    )
    append(lake, "labels", [marked], "else")


def loses_somebody(lake: Lake) -> None:
    grows(lake)
    forget(lake.layout, "m4")


def is_joined(lake: Lake) -> None:
    grows(lake)
    for number in range(9):
        append(lake, "posts", [post(f"late{number}", "sole", observed_at=LATER)], f"late{number}")
    upkeep(lake.layout)


@pytest.mark.parametrize("what", [grows, changes, is_marked_by_another, loses_somebody, is_joined])
def test_the_same_posts_wait(tmp_path: Path, what: Callable[[Lake], None]) -> None:
    with open_lake(tmp_path / "w") as lake:
        begin(lake)
        assert waits(lake) == []
        what(lake)
        briefly = waits(lake)
        other = waits(lake, "other labellers")
        shutil.rmtree(lake.layout.prepared, ignore_errors=True)
        assert waits(lake) == briefly != []
        assert waits(lake, "other labellers") == other
        assert len(other) > len(briefly)


def test_only_what_came_since_is_looked_at(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        begin(lake)
        grows(lake)
        since = watched.since(lake.snapshot(), waiting_.NOTE, f"1 12 {signature([WORD])}", ("posts", "labels"))
        assert since is not None
        assert len(since["posts"]) == 1
        assert since["labels"] == []


def test_what_another_process_marked_meanwhile_is_looked_at(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        begin(lake)
        grows(lake)
        waiting = Waiting(lake.snapshot(), [WORD], signature([WORD]))
        assert waiting.rows == 1
        is_marked_by_another(lake)
        append(lake, "posts", [post("while", "sole", observed_at=LATER)], "while")
        waiting.done(lake.snapshot(), [])
        # The one that waited is noted as read; had its mark been written, it would not wait.
        assert {row["uri"] for row in waits(lake)} == {"x:post:c3", "x:post:while"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"state": "1", "files": 3}', '{"state": "1"}'])
def test_a_damaged_note_is_as_if_there_were_none(tmp_path: Path, text: str) -> None:
    with open_lake(tmp_path / "w") as lake:
        begin(lake)
        grows(lake)
        wanted = waits(lake)
        (lake.layout.prepared / f"{waiting_.NOTE}.json").write_text(text)
        assert waits(lake) == wanted
