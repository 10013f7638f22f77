"""Answered share, time to answer, who is answered: every value worked out by hand on the known world."""

from __future__ import annotations

import pytest

from seguito.measures.contract import answer
from seguito.measures.dialogue import (
    ANSWERED_SHARE,
    TIME_TO_ANSWER,
    WHO_IS_ANSWERED,
    answered_share,
    time_to_answer,
    who_is_answered,
)
from seguito.measures.estimate import Draft, Part
from seguito.testing.grounds import Grounds
from seguito.testing.known_world import ada
from seguito.testing.world import World

from .conftest import Lay


def part(draft: Draft, key: str) -> Part:
    return next(one for one in draft.parts if one.key == key)


def test_answered_share_of_the_known_world(grounds: Grounds) -> None:
    # 36 visible comments by known members: 6 under p1, 7 under p2, 6 under p3, 6 under p4, 6 under p5, 4 under p6 and
    # one whose thread was not collected. Answered: c1, c5, c12, c15, c22, c27, c28. The answer to c34 was hidden.
    draft = answered_share(grounds.space("ada"))
    assert (draft.value, draft.n) == (pytest.approx(7 / 36), 36)
    # Read as questions: c1, c7, c12, c19, c22, c24, c28, c34; answered: c1, c12, c22, c28.
    questions = part(draft, "questions")
    assert (questions.value, questions.n) == (0.5, 8)
    assert ada().named(draft.evidence_for) == ["c28", "c27", "c22", "c15", "c12"]
    assert ada().named(draft.evidence_against) == ["c34", "c24", "c19", "c7"]


def test_too_few_comments_are_no_answer(grounds: Grounds) -> None:
    estimate = answer(ANSWERED_SHARE, grounds.space("ada"))
    assert (estimate.status, estimate.value, estimate.interval, estimate.parts) == ("insufficient", None, None, ())
    assert estimate.reasons[0].values == {"n": 36, "needed": 100, "unit": "comments"}


def test_no_answer_at_all_is_a_true_zero_and_not_certain(grounds: Grounds) -> None:
    estimate = answer(ANSWERED_SHARE, grounds.space("no_answers"))
    assert (estimate.status, estimate.value, estimate.n) == ("ok", 0.0, 400)
    assert estimate.interval is not None
    assert estimate.interval.lo == 0.0 < estimate.interval.hi < 0.1


def test_what_counts_as_an_answer(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    for name in ("declared", "guessed", "gone", "self", "other", "twice"):
        world.comment(name, "1 10:00", by="bea", under="p")
    # The source says what was answered: whoever's clock is wrong, it is an answer.
    world.answer("a1", "1 08:00", to="declared")
    # We inferred what was answered, and it had not been written yet: it is none.
    world.comment("a2", "1 08:00", by="ada", under="p", inferred="guessed")
    world.answer("a3", "1 11:00", to="gone", state="deleted_by_author")
    world.comment("a4", "1 11:00", by="bea", under="p", to="self")
    world.comment("a5", "1 11:00", by="cho", under="p", to="other")
    world.answer("a6", "1 11:00", to="twice")
    world.answer("a7", "1 12:00", to="twice")
    space = lay(world)
    rows = space.signed.filter(space.signed.is_answered).order_by("uri").select("uri", "answered_s", "exact_s")
    found = space.fetch(rows).to_pylist()
    assert world.named(row["uri"] for row in found) == ["declared", "twice"]
    # When the backward answer came is not known; of two answers the first counts: one hour later.
    assert found[0]["answered_s"] is None
    assert found[1]["answered_s"] - found[1]["exact_s"] == 3600
    assert answered_share(space).value == pytest.approx(2 / 8)


def test_time_to_answer_of_the_known_world(grounds: Grounds) -> None:
    # 35 comments have a time (c37 has none). Waits in hours: c1 2, c5 48, c12 1, c15 96, c22 ½, c27 1, c28 1; nothing
    # was written in the last 72 hours, so nobody's waiting is cut short: 5 of 35 within a day, 6 within three.
    draft = time_to_answer(grounds.space("ada"))
    assert (draft.value, draft.n) == (pytest.approx(5 / 35), 35)
    assert part(draft, "within_72h").value == pytest.approx(6 / 35)
    assert (part(draft, "median_of_answered").value, part(draft, "median_of_answered").n) == (1.0, 7)
    assert draft.series is not None
    assert draft.series.rows[:3] == ((0, 0.0), (1, pytest.approx(4 / 35)), (2, pytest.approx(5 / 35)))
    # Shortest wait first.
    assert ada().named(draft.evidence_for)[0] == "c22"


def test_waiting_that_the_end_cuts_short(lay: Lay) -> None:
    # Watched 100 h, answered after 10 h; watched 100 h, answered after 30 h; watched 20½ h and 5 h, not answered.
    # Hour 10: three are still watched, one is answered: 2/3 wait on. Hour 30: one is watched and answered.
    world = World(seen="10 00:00", seen_until="10 00:00")
    world.post("p", "0 00:00")
    for name, at in (("a", "5 20:00"), ("b", "5 20:00"), ("c", "9 03:30"), ("d", "9 19:00")):
        world.comment(name, at, by=name, under="p")
    world.answer("x", "6 06:00", to="a")
    world.answer("y", "7 02:00", to="b")
    draft = time_to_answer(lay(world))
    assert draft.value == pytest.approx(1 / 3)
    assert part(draft, "within_72h").value == pytest.approx(1.0)
    assert part(draft, "median_of_answered").value == pytest.approx(20.0)


def test_an_answer_in_an_hour_not_watched_to_its_end_is_not_known_yet(lay: Lay) -> None:
    # Written 90 minutes before the end, answered after 70: one whole hour was watched, and nothing happened in it.
    world = World(seen="1 00:00", seen_until="1 00:00")
    world.post("p", "0 00:00")
    world.comment("a", "0 22:30", by="bea", under="p")
    world.answer("x", "0 23:40", to="a")
    draft = time_to_answer(lay(world))
    assert draft.n == 1
    assert draft.value is None


def test_days_without_hours_cannot_tell_how_soon(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    for n in range(120):
        world.comment(f"c{n}", "3", by=f"m{n}", under="p", created_precision="day")
        world.answer(f"a{n}", "4", to=f"c{n}", created_precision="day")
    space = lay(world)
    estimate = answer(TIME_TO_ANSWER, space)
    assert (estimate.status, estimate.value) == ("not_identified", None)
    assert estimate.reasons[0].code == "times_unknown"
    # Whether they were answered is known all the same.
    assert answer(ANSWERED_SHARE, space).value == 1.0


def test_many_days_without_hours_weaken(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    world.post("q", "1 09:00")
    for n in range(150):
        coarse = {"created_precision": "day"} if n >= 110 else {}
        world.comment(f"c{n}", "3 10:00", by=f"m{n}", under="p" if n % 2 else "q", **coarse)
    world.answer("a", "3 11:00", to="c0")
    world.covers_all()
    estimate = answer(TIME_TO_ANSWER, lay(world))
    assert (estimate.status, estimate.n) == ("weak", 110)
    assert estimate.value == pytest.approx(1 / 110)
    assert [reason.code for reason in estimate.reasons] == ["times_unknown"]


def test_who_is_answered_in_the_known_world(grounds: Grounds) -> None:
    # From day 28 on: 21 dated comments (6 under p3, p4 and p5 each, 3 under p6). First ones: c20 by ivy, not answered,
    # and c28 by jon, answered. Of the 19 others three were answered: c15, c22, c27.
    draft = who_is_answered(grounds.space("ada"))
    assert (draft.value, draft.n) == (0.5, 2)
    assert (part(draft, "later_comments").value, part(draft, "later_comments").n) == (pytest.approx(3 / 19), 19)
    assert part(draft, "difference").value == pytest.approx(1 / 2 - 3 / 19)
    assert ada().named(draft.evidence_for) == ["c28"]
    assert ada().named(draft.evidence_against) == ["c20"]
    assert WHO_IS_ANSWERED.min_n == 50
