"""What a check changes in measures: the share, its interval, what the report says, and what stays as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from seguito.facts.label import Label
from seguito.kit.errors import BadInput, UsageError
from seguito.kit.intervals import corrected
from seguito.labels import errors as labels_errors
from seguito.labels.checking import Mark, Sampled
from seguito.labels.checking_log import Check
from seguito.labels.checking_result import checked
from seguito.labels.errors import Known, errors_in, errors_of
from seguito.labels.registry import labellers
from seguito.measures.authenticity import LOW_EFFORT_SHARE
from seguito.measures.checked import frame, open_check, shown
from seguito.measures.contract import answer
from seguito.measures.estimate import Estimate
from seguito.reports.words import words_in
from seguito.store.lake import Lake
from seguito.testing.world import World
from tests.store.facts import MONDAY, commit


def world(found_of_10: int = 3) -> World:
    """Forty threads of ten comments; code calls the first few of each low_effort."""
    made = World()
    for post in range(40):
        made.post(f"p{post}", f"{post} 09:00")
        for n in range(10):
            labels = ["low_effort"] if n < found_of_10 else []
            made.comment(f"c{post}-{n}", f"{post} 10:0{n}", by=f"m{n}", under=f"p{post}", labels=labels)
    made.covers_all()
    return made


def mark(lake: Lake, made: World, judge: Callable[[Sampled], Mark], rows: int = 300, **options: bool) -> Check:
    check = open_check(made.space(lake), "low_effort", None, rows, **options)
    for row in check.sample.rows:
        check.mark(row.uri, judge(row))
    check.write(lake)
    return check


def estimate(lake: Lake, made: World) -> Estimate:
    return answer(LOW_EFFORT_SHARE, made.space(lake))


def number(row: Sampled) -> int:
    return int(row.uri.rsplit("-", 1)[1])


def test_the_owners_errors_take_the_place_of_those_measured_elsewhere(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        before = estimate(lake, made)
        # Code found numbers 0, 1 and 2 of each thread; in truth it is 0, 1 and 3: a third of its finds is wrong.
        check = mark(lake, made, lambda row: "y" if number(row) in (0, 1, 3) else "n")
        assert [(one.size, one.drawn) for one in check.sample.strata] == [(120, 120), (280, 180)]
        found = checked(check.sample, check.marks, check.last_day)
        assert found is not None
        assert found.errors is not None
        assert errors_in(lake.snapshot(), made.creator_uri, "low_effort") == Known(found.errors, found)
        after = estimate(lake, made)
        # The share code found is still 3 in 10: what the owner marked is not counted as code's.
        assert after.value == pytest.approx(corrected(0.3, found.errors))
        assert before.value != pytest.approx(after.value)
        assert [one.code for one in after.notes] == ["own_check"]
        assert after.notes[0].values["rows"] == 300
        assert after.sensitivity == ()
        assert after.interval is not None
        assert after.interval.lo < 0.3 < after.interval.hi


def test_a_rare_label_is_counted_by_the_marks_alone(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        # True are 8 of the 120 that code found, and none of the others: 8/400 = 2 %.
        check = mark(lake, made, lambda row: "y" if row.uri in {f"known:post:c{at}-0" for at in range(8)} else "n")
        found = checked(check.sample, check.marks, check.last_day)
        assert found is not None
        after = estimate(lake, made)
        assert (after.status, after.value) == ("ok", pytest.approx(0.02))
        assert after.interval == found.interval
        assert after.interval.method == "stratified sample, marked by hand"
        assert [one.code for one in after.notes] == ["own_check_share"]
        told = words_in("en").sentence("notes", {"code": after.notes[0].code, "values": after.notes[0].values}, {})
        assert "the owner's own check of 300 rows of" in told
        assert "drawn from 400 comments" in told
        italian = words_in("it").sentence("notes", {"code": "own_check_share", "values": after.notes[0].values}, {})
        assert "verifica fatta da chi ha lo spazio su 300 righe" in italian


def test_who_is_not_sure_is_told_both_ways(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        check = mark(lake, made, lambda row: "?" if number(row) == 0 else "n")
        found = checked(check.sample, check.marks, check.last_day)
        assert found is not None
        assert found.unsure == 40
        after = estimate(lake, made)
        assert after.value == 0.0
        assert [(one.change, one.value) for one in after.sensitivity] == [
            ("unsure_as_yes", pytest.approx(0.3 / 3)),
            ("unsure_as_no", 0.0),
        ]


def test_a_check_of_another_revision_is_told_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        check = mark(lake, made, lambda row: "y" if row.has else "n")
        monkeypatch.setattr(labels_errors, "source_of_label", lambda _: "low_effort@other")
        known = errors_in(lake.snapshot(), made.creator_uri, "low_effort")
        assert known == Known(errors_of("low_effort"), None, check.last_day)
        assert [one.code for one in estimate(lake, made).notes] == ["labeller_errors", "check_outdated"]


def test_an_unfinished_or_small_check_is_not_used(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        check = open_check(made.space(lake), "low_effort", None, 300)
        for row in check.sample.rows[:-1]:
            check.mark(row.uri, "n")
        check.write(lake)
        assert errors_in(lake.snapshot(), made.creator_uri, "low_effort") == Known(errors_of("low_effort"))
        mark(lake, made, lambda _: "n", rows=99, again=True)
        assert errors_in(lake.snapshot(), made.creator_uri, "low_effort") == Known(errors_of("low_effort"))


def test_an_older_snapshot_answers_as_before(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        before = estimate(lake, made)
        sequence = lake.snapshot().sequence
        mark(lake, made, lambda row: "y" if number(row) == 9 else "n")
        space = made.space(lake)
        space.snapshot = lake.snapshot(sequence)
        assert answer(LOW_EFFORT_SHARE, space) == before
        assert estimate(lake, made) != before


def test_many_later_comments_are_a_reserve(tmp_path: Path) -> None:
    made, later = world(), World()
    with made.lake(tmp_path / "w") as lake:
        mark(lake, made, lambda _: "n")
        later.post("late", "50 09:00")
        for n in range(150):
            later.comment(f"late{n}", "51 09:00", by=f"m{n}", under="late")
        later.source = "later"
        later.platform = "known"
        later._commit(lake, "later", "collect", {k: v for k, v in later.facts.items() if k != "labels"}, 0, 1)
        later._commit(lake, "later-labels", "label", {"labels": later.facts["labels"]}, 0, 1)
        found = estimate(lake, made)
        assert "check_of_part" in [one.code for one in found.reasons]


def test_the_same_comments_until_others_are_asked_for(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        space = made.space(lake)
        first = open_check(space, "low_effort", None, 40)
        assert open_check(space, "low_effort", None, 300).sample == first.sample
        assert open_check(space, "low_effort", None, 40, again=True).sample != first.sample


def test_what_cannot_be_checked_is_told(tmp_path: Path) -> None:
    made = World()
    made.post("p", "0 09:00")
    made.comment("unread", "1 09:00", by="bea", under="p", read=False)
    with made.lake(tmp_path / "w") as lake:
        with pytest.raises(BadInput, match="No comment"):
            open_check(made.space(lake), "low_effort", None, 300)
        with pytest.raises(UsageError, match="Nothing gives the label 'language'"):
            open_check(made.space(lake), "language", "it", 300)


def test_only_what_code_read_can_be_drawn_and_only_codes_word_counts(tmp_path: Path) -> None:
    made = World()
    made.post("p", "0 09:00", title="Una gita")
    made.comment("asks", "1 09:00", by="bea", under="p", labels={"question": "genuine"})
    made.comment("tells", "1 09:00", by="bea", under="p", to="asks")
    made.comment("foreign", "1 09:00", by="bea", under="p", lang="ja")
    made.comment("unread", "1 09:00", by="bea", under="p", read=False)
    made.answer("mine", "2 09:00", to="asks")
    made.label("tells", "question", by_person=True, source="person:desk")
    with made.lake(tmp_path / "w") as lake:
        rows = frame(made.space(lake), "question").to_pylist()
        assert [(row["uri"], row["code"]) for row in rows] == [
            ("known:post:asks", "genuine"),
            ("known:post:tells", None),
        ]
        (tells,) = shown(made.space(lake), ["known:post:tells", "known:post:gone"]).values()
        assert (tells.text, tells.answers, tells.post) == ("words of tells", "words of asks", "Una gita – words of p")


def test_a_persons_word_counts_where_no_code_has_read(tmp_path: Path) -> None:
    made = World()
    made.post("p", "0 09:00")
    for name, fields in (("unread", {"read": False}), ("foreign", {"lang": "ja"}), ("denied", {"read": False})):
        made.comment(name, "1 09:00", by="bea", under="p", **fields)
    made.comment("left", "1 09:00", by="bea", under="p", read=False)
    made.label("unread", "question", by_person=True, source="person:1")
    made.label("foreign", "question", by_person=True, source="person:1")
    made.label("denied", "question", "no", by_person=True, source="person:1")
    with made.lake(tmp_path / "w") as lake:
        space = made.space(lake)
        found = space.fetch(space.comments.select("uri", "question", "thanks")).to_pylist()
        assert {row["uri"].split(":")[2]: (row["question"], row["thanks"]) for row in found} == {
            "unread": (True, None),
            "foreign": (True, None),
            "denied": (False, None),
            "left": (None, None),
        }


def test_a_model_in_the_readers_place_is_not_corrected_with_the_readers_errors(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        known = errors_in(lake.snapshot(), made.creator_uri, "low_effort")
        assert known.errors is not None
        reader = next(one for one in labellers() if "low_effort" in one.labels)
        told = ["language@1", f"{reader.name}@less", "low_effort.mine@1"]
        read = Label(
            subject_uri="known:post:c0-0",
            label="read",
            value="x",
            source="labellers",
            observed_at=MONDAY,
            batch_id="again",
        )
        commit(lake, read, batch_id="again", step="label", details=json.dumps({"labellers": told}))
        assert errors_in(lake.snapshot(), made.creator_uri, "low_effort") == Known(None)
        # Another label of the same reading is still the reader's.
        assert errors_in(lake.snapshot(), made.creator_uri, "question") == Known(errors_of("question"))
        assert [one.code for one in estimate(lake, made).reasons] == ["uncorrected"]
        # Its owner can check it; the marks belong to the model and the reader beside it.
        check = mark(lake, made, lambda row: "y" if number(row) in (0, 1, 3) else "n")
        assert check.design.source == f"low_effort.mine@1+{reader.name}@less"
        assert errors_in(lake.snapshot(), made.creator_uri, "low_effort").errors is not None
        assert estimate(lake, made).usable


def test_a_check_of_the_only_value_is_a_check_of_the_label(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        check = open_check(made.space(lake), "low_effort", "yes", 300)
        for row in check.sample.rows:
            check.mark(row.uri, "y" if number(row) in (0, 1, 3) else "n")
        check.write(lake)
        assert errors_in(lake.snapshot(), made.creator_uri, "low_effort").check is not None
        assert [one.code for one in estimate(lake, made).notes] == ["own_check"]


def test_a_check_of_one_value_of_several_counts_for_that_value_alone(tmp_path: Path) -> None:
    made = world()
    with made.lake(tmp_path / "w") as lake:
        snapshot = lake.snapshot()
        assert errors_in(snapshot, made.creator_uri, "question", "genuine") == Known(errors_of("question"))
        assert errors_in(snapshot, made.creator_uri, "criticism", "conduct") == Known(errors_of("criticism=conduct"))
        assert errors_of("criticism=conduct") not in {None, errors_of("criticism")}
        check = open_check(made.space(lake), "criticism", "conduct", 300)
        for row in check.sample.rows:
            check.mark(row.uri, "y" if number(row) in (0, 1, 3) else "n")
        check.write(lake)
        snapshot = lake.snapshot()
        assert errors_in(snapshot, made.creator_uri, "criticism", "conduct").check is not None
        assert errors_in(snapshot, made.creator_uri, "criticism", "content").check is None
        assert errors_in(snapshot, made.creator_uri, "criticism").check is None
