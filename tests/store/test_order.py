"""Properties of appending: neither the order nor the cut of batches matters, repeating adds nothing, facts stay."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seguito.facts.post import Post
from seguito.store import delta
from seguito.store.lake import Lake, open_lake
from seguito.store.sightings import Sightings
from tests.store.facts import DAY, MONDAY, commit, post, rows

FEW = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

# What three things say, each hour of a day: few texts, so that they are said again, taken back and said once more.
seen = st.tuples(st.integers(1, 3), st.integers(0, 6), st.sampled_from(["ciao", "hello", None]))
batches = st.lists(st.lists(seen, min_size=1, max_size=5), min_size=1, max_size=4)


def observed(batch: Sequence[tuple[int, int, str | None]], name: str) -> list[Post]:
    return [post(number, at=MONDAY + timedelta(hours=hour), text=text, batch_id=name) for number, hour, text in batch]


def append(lake: Lake, *parts: Sequence[tuple[int, int, str | None]]) -> None:
    for number, part in enumerate(parts):
        commit(lake, *observed(part, f"b{number}"), batch_id=f"b{number}")


def current(*parts: Sequence[tuple[int, int, str | None]]) -> list[tuple[Any, ...]]:
    with tempfile.TemporaryDirectory() as folder, open_lake(Path(folder) / "w") as lake:
        append(lake, *parts)
        return [(row["uri"], row["text"]) for row in rows(lake, "posts", current=True)]


def newest(parts: Sequence[Sequence[tuple[int, int, str | None]]]) -> list[tuple[str, str | None]] | None:
    """What the last observation of each thing says; `None` where two of the same moment contradict each other."""
    said: dict[int, tuple[int, str | None]] = {}
    for number, hour, text in sorted((one for part in parts for one in part), key=lambda one: one[1]):
        if number in said and said[number][0] == hour and said[number][1] != text:
            return None
        said[number] = (hour, text)
    return sorted((f"net:post:{number}", text) for number, (_, text) in said.items())


@FEW
@given(batches, st.randoms(use_true_random=False))
def test_the_order_of_batches_does_not_matter(parts: Any, draw: Any) -> None:
    shuffled = list(parts)
    draw.shuffle(shuffled)
    found = current(*parts)
    assert found == current(*shuffled)
    if (wanted := newest(parts)) is not None:
        assert found == wanted


@FEW
@given(batches)
def test_one_batch_or_many_is_the_same(parts: Any) -> None:
    together = [one for part in parts for one in part]
    assert current(together) == current(*parts) == current(*[[one] for one in together])


@FEW
@given(batches)
def test_repeating_adds_nothing(parts: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, open_lake(Path(folder) / "w") as lake:
        append(lake, *parts)
        before, sequence = rows(lake, "posts"), lake.snapshot().sequence
        append(lake, *parts)
        append(lake, *reversed(parts))
        assert current_texts(lake) == [(row["uri"], row["text"]) for row in rows(lake, "posts", current=True)]
        assert [row for row in before if row not in rows(lake, "posts")] == []
        assert rows(lake, "posts", sequence=sequence) == before


def current_texts(lake: Lake) -> list[tuple[Any, ...]]:
    return [(row["uri"], row["text"]) for row in rows(lake, "posts", current=True)]


@FEW
@given(batches)
def test_more_facts_never_change_old_ones(parts: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, open_lake(Path(folder) / "w") as lake:
        then: dict[int, Any] = {}
        for number, part in enumerate(parts):
            commit(lake, *observed(part, f"b{number}"), batch_id=f"b{number}")
            then[lake.snapshot().sequence] = rows(lake, "posts")
            for sequence, old in then.items():
                assert rows(lake, "posts", sequence=sequence) == old


def test_an_older_file_that_comes_late_does_not_win(tmp_path: Path) -> None:
    """Monday "ciao", Wednesday "ciao" again (nothing to add), then Tuesday's "hello": on Wednesday it was "ciao"."""
    with open_lake(tmp_path / "w") as lake:
        commit(lake, post(1, text="ciao", batch_id="mon"), batch_id="mon")
        assert commit(lake, post(1, text="ciao", at=MONDAY + 2 * DAY, batch_id="wed"), batch_id="wed").added == {
            "posts": 0
        }
        late = commit(lake, post(1, text="hello", at=MONDAY + DAY, batch_id="tue"), batch_id="tue")
        assert late.added == {"posts": 2}
        assert current_texts(lake) == [("net:post:1", "ciao")]
        told = sorted((row["observed_at"], row["text"], row["batch_id"]) for row in rows(lake, "posts"))
        assert [(text, batch) for _, text, batch in told] == [("ciao", "mon"), ("hello", "tue"), ("ciao", "wed")]
        again = commit(lake, post(1, text="ciao", at=MONDAY + 2 * DAY, batch_id="wed"), batch_id="wed")
        assert again.added == {"posts": 0}


def test_seeing_the_same_again_writes_one_small_file_once(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        commit(lake, *[post(n) for n in range(50)])
        for _ in range(3):
            commit(lake, *[post(n, at=MONDAY + DAY, batch_id="b") for n in range(50)], batch_id="b")
        files = Sightings(lake.layout, "posts").files
        assert len(files) == 1
        assert b"text 7" not in files[0].read_bytes()


@pytest.mark.slow
def test_old_snapshots_stay_readable_after_many_batches(tmp_path: Path) -> None:
    """The table format throws old log entries away after a hundred commits, unless told not to."""
    with open_lake(tmp_path / "w") as lake:
        for number in range(102):
            commit(lake, post(number, batch_id=f"b{number}"), batch_id=f"b{number}")
        for sequence in (1, 50, 99, 100, 102):
            assert len(rows(lake, "posts", sequence=sequence)) == sequence
        assert delta.version_of(lake.layout.table("posts")) == 101
