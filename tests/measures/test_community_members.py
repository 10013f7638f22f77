"""Kinds of commenters, return, concentration and hours: every value worked out by hand."""

from __future__ import annotations

import pytest

from seguito.measures.community_hours import activity_hours
from seguito.measures.community_members import COMMENTER_KINDS, commenter_kinds, concentration, return_28d
from seguito.measures.contract import answer
from seguito.measures.space import Space
from seguito.testing.grounds import Grounds
from seguito.testing.world import World

from .conftest import Lay
from .test_dialogue import part


def test_kinds_of_commenters(lay: Lay) -> None:
    world = World(seen="0 00:00", seen_until="0 00:00")
    world.post("p", "-400 09:00")
    # Days before the end; stretches of 30 days: 0-29 is the newest, 330-359 the twelfth.
    days = {
        "regular": (5, 35, 65, 95, 125, 155, 185),  # seven of twelve
        "six": (5, 35, 65, 95, 125, 155),  # six: casual
        "new": (3, 4, 20),
        "once": (100,),  # casual
        "anniversary": (10, 345),  # casual: was there within the year
        "returned": (10, 380),  # new: not within a year
        "gone": (370,),  # not of this year
    }
    for who, when in days.items():
        for day in when:
            world.comment(f"{who}{day}", f"{-day - 1} 12:00", by=who, under="p")
    draft = commenter_kinds(lay(world))
    assert (draft.value, draft.n) == (pytest.approx(1 / 6), 6)
    assert part(draft, "casual").value == pytest.approx(3 / 6)
    assert part(draft, "new").value == pytest.approx(2 / 6)
    # 7 + 6 + 3 + 1 + 2 + 1 = 20 comments within the year.
    assert part(draft, "comments_by_regular").value == pytest.approx(7 / 20)
    assert part(draft, "comments_by_new").value == pytest.approx(4 / 20)
    assert draft.series is not None
    assert draft.series.rows == (("new", 2, 4), ("casual", 3, 9), ("regular", 1, 7))
    assert draft.reasons == ()


def test_nobody_can_be_regular_in_four_months(grounds: Grounds) -> None:
    estimate = answer(COMMENTER_KINDS, grounds.space("ada"))
    assert (estimate.status, estimate.value) == ("not_identified", None)
    assert estimate.reasons[0].code == "window_short"


def test_return_with_the_end_in_sight(lay: Lay) -> None:
    # Watched to day 100. a is back after 2 days, b after 15, f after 3; c never (70 days), e never (10 days). An hour
    # later on the same day is no return. Day 2: 4/5 are still away; day 3: 3/4 of them; day 15: of b and c one is back.
    world = World(seen="100 00:00", seen_until="100 00:00")
    world.post("p", "0 00:00")
    comments = (("a", 30, 32), ("b", 30, 45), ("c", 30, None), ("e", 90, None), ("f", 95, 98), ("early", 3, 5))
    for who, first, back in comments:
        world.comment(f"{who}1", f"{first} 00:00", by=who, under="p")
        world.comment(f"{who}2", f"{first} 01:00", by=who, under="p")
        if back:
            world.comment(f"{who}3", f"{back} 00:00", by=who, under="p")
    draft = return_28d(lay(world))
    assert draft.n == 5  # "early" came when everybody was new
    assert draft.value == pytest.approx(1 - 4 / 5 * 3 / 4 * 1 / 2)
    assert part(draft, "within_7d").value == pytest.approx(1 - 4 / 5 * 3 / 4)
    assert draft.series is not None
    # The cohort of day 28 was watched to its end: 2 of 3 back. That of day 84 was not.
    assert draft.series.rows == ((28, pytest.approx(2 / 3), 3), (84, None, 2))
    assert world.named(draft.evidence_for) == ["f3", "b3", "a3"]
    assert world.named(draft.evidence_against) == ["c1"]
    assert [reason.code for reason in draft.reasons] == ["few_cohorts"]


def test_concentration_of_the_known_world(grounds: Grounds) -> None:
    # bea 11, cho 8, dan 6, eli 3, jon 3, fay 2, gus 2, ivy 1 of 36. A tenth of eight, rounded up, is bea.
    draft = concentration(grounds.space("ada"))
    assert (draft.value, draft.n) == (pytest.approx(11 / 36), 8)
    # Ascending 1 2 2 3 3 6 8 11: sum of rank times value 218; 2 · 218 / (8 · 36) - 9 / 8.
    assert part(draft, "gini").value == pytest.approx(2 * 218 / (8 * 36) - 9 / 8)
    assert part(draft, "wrote_once").value == pytest.approx(1 / 8)
    assert draft.series is not None
    assert draft.series.rows[0] == (0.0, 0.0)
    assert draft.series.rows[-1] == (1.0, 1.0)


def test_equal_people_are_not_concentrated(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    for n in range(20):
        world.comment(f"c{n}", "1 09:00", by=f"m{n}", under="p")
    draft = concentration(lay(world))
    assert draft.value == pytest.approx(2 / 20)
    assert part(draft, "gini").value == pytest.approx(0.0)


def test_hours_of_the_known_world(grounds: Grounds) -> None:
    draft = activity_hours(grounds.space("ada"))
    # All comments with a time, by known or unknown authors: 36 (c37 has none, c35 has no author).
    assert draft.n == 36
    assert draft.series is not None
    week = {(day, hour): n for day, hour, n in draft.series.rows}
    assert len(week) == 168
    # Mondays at ten: c1 (day 0), c7 (day 7), c26 (day 70), c33 (day 84). Tuesdays: c5 (day 1), c23 (day 50).
    # Wednesdays: c38 (day 2), c15 (day 30), c21 (day 37), c27 (day 79).
    assert [week[day, 10] for day in range(7)] == [4, 2, 4, 0, 1, 0, 0]
    assert sum(week.values()) == 36


@pytest.mark.parametrize(("zone", "saturday", "sunday"), [("UTC", (5, 22), (6, 22)), ("Europe/Rome", (5, 23), (0, 0))])
def test_hours_follow_the_clocks_of_the_zone(
    lay: Lay, zone: str, saturday: tuple[int, int], sunday: tuple[int, int]
) -> None:
    # In the night between day 82 and day 83 (29 March 2026) Italian clocks went from one hour ahead to two.
    world = World()
    world.post("p", "0 09:00")
    world.comment("before", "82 22:30", by="bea", under="p")
    world.comment("after", "83 22:30", by="bea", under="p")
    space = lay(world)
    draft = activity_hours(Space(space.snapshot, space.creator_uri, zone))
    assert draft.series is not None
    assert {(day, hour) for day, hour, n in draft.series.rows if n} == {saturday, sunday}
