"""The file of a check: nothing marked is lost, nothing of an erased person stays, older snapshots stay as they were."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from seguito.kit import clock
from seguito.kit.errors import BadInput, DiskFull, Transient
from seguito.labels.checking import Sample, Sampled, Stratum
from seguito.labels.checking_log import SOURCE, Check, Design, begin, checks, load
from seguito.labels.effective import effective
from seguito.store.erase import forget
from seguito.store.lake import Lake
from seguito.store.policy import RETENTION
from seguito.store.upkeep import upkeep
from seguito.testing.world import World
from tests.store.facts import commit, rows

ADA = "known:account:ada"


def world() -> World:
    made = World()
    made.post("p", "0 09:00")
    for number in range(4):
        labels = {"question": "genuine"} if number < 2 else {}
        made.comment(f"c{number}", "1 09:00", by=f"m{number}", under="p", labels=labels)
    return made


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with world().lake(tmp_path / "w") as opened:
        yield opened


def begun(
    lake: Lake, value: str | None = None, codes: tuple[str | None, ...] = ("genuine", "genuine", None, None)
) -> Check:
    design = Design(
        creator_uri=ADA,
        label="question",
        value=value,
        source="question@1",
        sequence=lake.snapshot().sequence,
        drawn_at=clock.now(),
    )
    has = [code is not None and value in (None, code) for code in codes]
    sampled = (Sampled(uri(at), int(not has[at]), codes[at], has[at]) for at in range(4))
    return begin(lake.layout, design, Sample((Stratum("has", 2, 2), Stratum("has_not", 2, 2)), tuple(sampled)))


def uri(number: int) -> str:
    return f"known:post:c{number}"


def words(lake: Lake) -> dict[str, str]:
    """The question label that counts for every comment that has one."""
    snapshot = lake.snapshot()
    found = snapshot.engine.fetch(effective(snapshot.current("labels"))).to_pylist()
    return {row["subject_uri"][-2:]: row["value"] for row in found if row["label"] == "question"}


def test_marks_are_kept_at_once_and_a_check_goes_on_with_the_same_comments(lake: Lake) -> None:
    check = begun(lake)
    check.mark(uri(0), "y")
    check.mark(uri(2), "n")
    check.mark(uri(0), "?")
    (again,) = checks(lake.layout, ADA, "question")
    assert again.sample == check.sample
    assert again.design == check.design
    assert again.marks == {uri(2): "n", uri(0): "?"}
    assert list(again.marks) == [uri(2), uri(0)]
    assert (again.left, again.unwritten) == (2, True)
    assert checks(lake.layout, ADA, "thanks") == []
    assert checks(lake.layout, "known:account:other", "question") == []
    assert checks(lake.layout, ADA, "question", "genuine") == []


def test_no_text_and_no_name_stands_in_the_file(lake: Lake) -> None:
    check = begun(lake)
    check.mark(uri(0), "y")
    assert "words of" not in check.path.read_text()
    assert "ada" not in check.path.name


def test_marks_become_labels_by_a_person_once(lake: Lake) -> None:
    check = begun(lake)
    for number, mark in enumerate(("y", "n", "y", "n")):
        check.mark(uri(number), mark)  # type: ignore[arg-type]
    before = lake.snapshot().sequence
    check.write(lake)
    assert words(lake) == {"c0": "genuine", "c1": "no", "c2": "yes", "c3": "no"}
    assert lake.snapshot().sequence == before + 1
    load(check.path).write(lake)
    assert lake.snapshot().sequence == before + 1
    mine = [row for row in rows(lake, "labels") if row["by_person"]]
    assert len(mine) == 4
    assert {row["source"] for row in mine} == {SOURCE}


def test_who_is_not_sure_any_more_leaves_it_at_what_code_says(lake: Lake) -> None:
    check = begun(lake)
    check.mark(uri(0), "n")
    check.mark(uri(2), "y")
    check.mark(uri(3), "?")
    check.write(lake)
    assert words(lake) == {"c0": "no", "c1": "genuine", "c2": "yes"}
    again = load(check.path)
    again.mark(uri(0), "?")
    again.mark(uri(2), "?")
    again.write(lake)
    assert words(lake) == {"c0": "genuine", "c1": "genuine", "c2": "no"}


def test_denying_one_value_leaves_another(lake: Lake) -> None:
    check = begun(lake, "rhetorical")
    for number, mark in enumerate(("n", "y", "n", "y")):
        check.mark(uri(number), mark)  # type: ignore[arg-type]
    check.write(lake)
    assert words(lake) == {"c0": "genuine", "c1": "rhetorical", "c2": "no", "c3": "rhetorical"}


def test_an_older_snapshot_knows_no_later_marks(lake: Lake) -> None:
    check = begun(lake)
    check.mark(uri(0), "y")
    check.write(lake)
    first = lake.snapshot().sequence
    check.mark(uri(0), "n")
    check.mark(uri(1), "n")
    check.write(lake)
    assert load(check.path, upto=first).marks == {uri(0): "y"}
    assert load(check.path, upto=first - 1).marks == {}
    assert load(check.path, upto=first + 1).marks == {uri(0): "n", uri(1): "n"}


def test_a_killed_writer_loses_the_line_it_was_writing_and_no_other(lake: Lake) -> None:
    check = begun(lake)
    check.mark(uri(0), "y")
    with check.path.open("a") as file:
        file.write('{"uri": "known:po')
    again = load(check.path)
    assert again.marks == {uri(0): "y"}
    again.mark(uri(1), "n")
    assert load(check.path).marks == {uri(0): "y", uri(1): "n"}


def test_a_full_disk_takes_no_half_mark(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    check, write, room = begun(lake), os.write, [10]
    check.mark(uri(0), "y")

    def full(file: int, data: bytes) -> int:
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data[: room.pop()])

    with monkeypatch.context() as patched:
        patched.setattr("seguito.labels.checking_log.os.write", full)
        with pytest.raises(DiskFull, match="no room left"):
            check.mark(uri(1), "n")
    assert check.marks == {uri(0): "y"}
    check.mark(uri(1), "?")
    assert load(check.path).marks == {uri(0): "y", uri(1): "?"}


@pytest.mark.parametrize(
    "harm",
    [b"", b"{}\n", b"[]\n", b"\xff\xfe\n", b'{"check": 2}\n', b'{"check": 1, "label": "question"}\n', b"\n\n"],
)
def test_a_damaged_file_is_told(lake: Lake, harm: bytes) -> None:
    check = begun(lake)
    check.path.write_bytes(harm)
    with pytest.raises(BadInput, match="is damaged"):
        load(check.path)


def test_an_unknown_mark_is_damage(lake: Lake) -> None:
    check = begun(lake)
    with check.path.open("a") as file:
        file.write(f'{{"uri": "{uri(0)}", "mark": "maybe", "at": "2026-01-01T00:00:00+00:00"}}\n')
    with pytest.raises(BadInput, match="is damaged"):
        load(check.path)


def test_an_erased_person_leaves_the_check_with_their_marks(lake: Lake) -> None:
    check = begun(lake)
    for number in range(4):
        check.mark(uri(number), "y")
    check.write(lake)
    done = forget(lake.layout, "m1")
    assert check.path in done.files
    assert uri(1) not in check.path.read_text()
    again = load(check.path)
    assert [row.uri for row in again.sample.rows] == [uri(0), uri(2), uri(3)]
    assert set(again.marks) == {uri(0), uri(2), uri(3)}
    assert again.sample.strata == check.sample.strata
    assert uri(1) not in {row["subject_uri"] for row in rows(lake, "labels")}


def test_a_session_that_was_open_during_an_erasure_brings_nothing_back(lake: Lake) -> None:
    check = begun(lake)
    check.mark(uri(0), "y")
    forget(lake.layout, "m1")
    with pytest.raises(Transient, match="erased"):
        check.mark(uri(1), "y")
    assert uri(1) not in check.path.read_text()


def test_the_check_of_an_erased_creator_goes(lake: Lake) -> None:
    check = begun(lake)
    forget(lake.layout, "ada")
    assert not check.path.exists()
    with pytest.raises(Transient, match="erased"):
        check.mark(uri(0), "y")


def test_what_is_kept_long_enough_leaves_the_check(tmp_path: Path) -> None:
    days = RETENTION["public_network"].days
    assert days is not None
    old = clock.now() - timedelta(days=days + 1)
    made = world()
    with made.lake(tmp_path / "w") as lake:
        check = begun(lake)
        check.mark(uri(0), "y")
        check.mark(uri(1), "n")
        made.comment("old", "1 09:00", by="zoe", under="p")
        (post,) = [one for one in made.facts["posts"] if one.uri.endswith(":old")]
        commit(lake, replace(post, batch_id="net", observed_at=old), batch_id="net", policy="public_network")
        with check.path.open("a") as file:
            file.write('{"uri": "known:post:old", "stratum": 1, "code": null, "has": false}\n')
        assert upkeep(lake.layout, expire=True).removed
        again = load(check.path)
        assert "known:post:old" not in check.path.read_text()
        assert again.marks == {uri(0): "y", uri(1): "n"}
