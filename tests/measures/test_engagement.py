"""Engagement by views, for each active member, and likes for each comment, against values worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seguito.measures import authenticity_reach as reach
from seguito.measures import engagement_posts as each
from seguito.measures.authenticity_balance import LIKE_COMMENT_BALANCE
from seguito.measures.authenticity_engagement import ENGAGEMENT_PER_POST
from seguito.measures.authenticity_reach import ENGAGEMENT_BY_VIEWS, ENGAGEMENT_PER_ACTIVE_MEMBER
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Estimate
from seguito.testing.known_world import SILENT, ada
from seguito.testing.world import World

NEW = (ENGAGEMENT_BY_VIEWS, ENGAGEMENT_PER_ACTIVE_MEMBER, LIKE_COMMENT_BALANCE)
Mutate = Callable[[pytest.MonkeyPatch], None]


def answered(measure: Measure, world: World, path: Path) -> Estimate:
    with world.lake(path / "w") as lake:
        return answer(measure, world.space(lake))


def notes(found: Estimate) -> dict[str, Any]:
    return {one.code: dict(one.values) for one in found.notes}


def part(found: Estimate, key: str) -> Any:
    return next(one for one in found.parts if one.key == key)


def stepped(found: Estimate) -> dict[str, float | None]:
    return {one.change: one.value for one in found.sensitivity}


def posting(first: int = 0, end: int = 0, **metrics: list[int | None]) -> World:
    """A post a day from day `first`; the window ends ten days after the last or on day `end`; counters one a post."""
    posts = len(next(iter(metrics.values())))
    seen = f"{end or first + posts + 9} 09:00"
    world = World(seen=seen, seen_until=seen)
    for n in range(posts):
        world.post(f"p{n}", f"{first + n} 09:00")
        for metric, values in metrics.items():
            world.metric(f"p{n}", metric, values[n])
    world.profile("ada", followers=200)
    world.covers_all()
    return world


# -- by views -------------------------------------------------------------------------------------------------------


def by_views() -> World:
    """Thirteen posts at 5 for 100 views, one at 20, one seen by nobody, a pinned one, and one of two days ago."""
    world = posting(likes=[4] * 13 + [150, 3], comments=[1] * 13 + [50, 0], views=[100] * 13 + [1000, 0])
    world.post("pinned", "1 10:00", is_pinned="yes")
    world.post("young", "22 09:00")
    for name, likes in (("pinned", 88), ("young", 0)):
        world.metric(name, "likes", likes)
        world.metric(name, "comments", 1)
        world.metric(name, "views", 100)
    return world


def test_by_views_is_the_mean_of_rates(tmp_path: Path) -> None:
    found = answered(ENGAGEMENT_BY_VIEWS, by_views(), tmp_path)
    # (13 · 5 + 20) / 14; not 265 of 2300 reactions over views, which the strongest post would carry.
    assert (found.status, found.n, found.value) == ("ok", 14, pytest.approx(85 / 14))
    assert part(found, "all_together").value == pytest.approx(100 * (13 * 5 + 200) / 2300)
    logs = [math.log(5.5 / 100)] * 13 + [math.log(200.5 / 1000)]
    assert part(found, "typical_post").value == pytest.approx(100 * math.exp(sum(logs) / 14))
    assert found.interval is not None
    assert found.interval.method == "bootstrap-t"
    assert (found.evidence_for[0], len(found.evidence_against)) == ("known:post:p13", 5)
    assert notes(found)["counted"] == {"metrics": ["likes", "comments"]}
    assert notes(found)["left_out_unviewed"] == {"posts": 1}
    assert (notes(found)["left_out_pinned"], notes(found)["left_out_young"]["posts"]) == ({"posts": 1}, 1)


def test_a_rare_kind_of_post_may_be_missing(tmp_path: Path) -> None:
    found = answered(ENGAGEMENT_BY_VIEWS, by_views(), tmp_path)
    # Of posts of a kind that is a share s of all, 14 hold none with (1 - s)^14; that is 5 % at s = .193.
    assert found.unseen[0].values == {"share": pytest.approx(0.19264, abs=1e-5), "n": 14}


def test_by_views_every_default_is_stepped(tmp_path: Path) -> None:
    changed = stepped(answered(ENGAGEMENT_BY_VIEWS, by_views(), tmp_path))
    # One more post of 1 for 100; from seven days on nothing changes; the pinned one brings 89.
    assert changed == {
        "young_1_day": pytest.approx(86 / 15),
        "young_7_days": pytest.approx(85 / 14),
        "with_pinned": pytest.approx(174 / 15),
        "likes_alone": pytest.approx((13 * 4 + 15) / 14),
        "without_strongest_post": pytest.approx(5.0),
    }


def test_without_views_there_is_no_rate(tmp_path: Path) -> None:
    found = answered(ENGAGEMENT_BY_VIEWS, posting(likes=[5] * 14, views=[None] * 14), tmp_path)
    assert (found.status, found.value, found.reasons[0].code) == ("not_identified", None, "no_view_counts")
    found = answered(ENGAGEMENT_BY_VIEWS, posting(likes=[5] * 14, views=[0] * 14), tmp_path / "zero")
    assert (found.status, found.value, found.reasons[0].code) == ("not_identified", None, "no_view_counts")


# -- for each active member -----------------------------------------------------------------------------------------


def taking_part(end: int = 0) -> World:
    """Posts on days 40 to 53; bea comments on day 12 and again on day 20, cho on day 25, dan on day 41; ada too."""
    world = posting(40, end, likes=[12] * 14)
    world.post("first", "10 09:00")
    for name, at, by in (("c1", "12 10:00", "bea"), ("c2", "20 10:00", "bea"), ("c3", "25 23:59", "cho")):
        world.comment(name, at, by=by, under="first")
    world.comment("c4", "41 08:00", by="dan", under="p1")
    world.comment("x1", "41 08:00", by="ada", under="p1")
    world.comment("c5", None, by="eve", under="p1")
    return world


def test_active_members_are_those_of_the_28_days_before(tmp_path: Path) -> None:
    found = answered(ENGAGEMENT_PER_ACTIVE_MEMBER, taking_part(), tmp_path)
    # Day 40: bea (20) and cho (25). Day 41: dan writes before the post, but the same day. Days 42-48: all three.
    # Days 49-53: bea's 20 is more than 28 days ago; cho's 25 counts up to day 53.
    members = [2, 2] + [3] * 7 + [2] * 5
    assert part(found, "active_members").value == pytest.approx(sum(members) / 14)
    assert (found.status, found.n) == ("ok", 14)
    assert found.value == pytest.approx(sum(12 / n for n in members) / 14)
    logs = [math.log(12.5 / n) for n in members]
    assert part(found, "typical_post").value == pytest.approx(math.exp(sum(logs) / 14))


def test_active_members_of_other_stretches(tmp_path: Path) -> None:
    changed = stepped(answered(ENGAGEMENT_PER_ACTIVE_MEMBER, taking_part(), tmp_path))
    # Within 14 days: nobody on days 40 and 41, then dan alone. Within 56 there are no days enough before any post.
    assert changed["active_14_days"] == pytest.approx(12.0)
    assert changed["active_56_days"] is None


def test_posts_without_days_before_them_are_left_out(tmp_path: Path) -> None:
    world = taking_part(99)
    world.post("early", "37 09:00")  # 27 days after the first
    world.post("alone", "71 09:00")  # dan's 41 is 30 days ago
    world.post("late", "90 09:00")
    for name in ("early", "alone"):
        world.metric(name, "likes", 900)
    found = answered(ENGAGEMENT_PER_ACTIVE_MEMBER, world, tmp_path)
    assert found.n == 14
    assert notes(found)["left_out_early"] == {"posts": 1, "days": 28}
    assert notes(found)["left_out_alone"] == {"posts": 1, "days": 28}


# -- likes for each comment -----------------------------------------------------------------------------------------


def balanced() -> World:
    return posting(likes=[20] * 13 + [0, 0], comments=[4] * 12 + [0, 3, 0])


def test_likes_for_each_comment_by_hand(tmp_path: Path) -> None:
    found = answered(LIKE_COMMENT_BALANCE, balanced(), tmp_path)
    # Twelve posts of 20.5 / 4.5, one of 20.5 / 0.5, one of 0.5 / 3.5; the last has neither.
    logs = [math.log(20.5 / 4.5)] * 12 + [math.log(41), math.log(1 / 7)]
    middle = sum(logs) / 14
    assert (found.status, found.n, found.value) == ("ok", 14, pytest.approx(math.exp(middle)))
    spread = math.sqrt(sum((one - middle) ** 2 for one in logs) / 13)
    # The t of 13 degrees of freedom at 97.5 %.
    half = 2.160369 * spread / math.sqrt(14)
    assert found.interval is not None
    assert (found.interval.lo, found.interval.hi) == pytest.approx((math.exp(middle - half), math.exp(middle + half)))
    assert part(found, "all_together").value == pytest.approx(260 / 51)
    assert notes(found)["left_out_silent"] == {"posts": 1}
    assert (found.evidence_for[0], found.evidence_against[0]) == ("known:post:p12", "known:post:p13")


def test_the_rule_for_zeros_is_stepped(tmp_path: Path) -> None:
    changed = stepped(answered(LIKE_COMMENT_BALANCE, balanced(), tmp_path))
    ones = [math.log(21 / 5)] * 12 + [math.log(21), math.log(1 / 4)]
    assert changed["one_added"] == pytest.approx(math.exp(sum(ones) / 14))
    assert changed["without_zero_counts"] == pytest.approx(20.5 / 4.5)
    rest = [math.log(20.5 / 4.5)] * 12 + [math.log(1 / 7)]
    assert changed["without_strongest_post"] == pytest.approx(math.exp(sum(rest) / 13))


def test_likes_that_come_in_parcels_hardly_differ(tmp_path: Path) -> None:
    bought = answered(LIKE_COMMENT_BALANCE, posting(likes=[500, 501] * 7, comments=[3] * 14), tmp_path / "a")
    grown = answered(LIKE_COMMENT_BALANCE, posting(likes=[50, 450] * 7, comments=[3] * 14), tmp_path / "b")
    assert part(bought, "spread_of_likes").value < 1.01
    logs = [math.log(50.5), math.log(450.5)]
    assert part(grown, "spread_of_likes").value == pytest.approx(math.exp((logs[1] - logs[0]) / 2 * math.sqrt(14 / 13)))


def test_a_space_of_another_size_has_the_same_balance(tmp_path: Path) -> None:
    small = answered(LIKE_COMMENT_BALANCE, posting(likes=[800] * 14, comments=[200] * 14), tmp_path / "a")
    large = answered(LIKE_COMMENT_BALANCE, posting(likes=[8000] * 14, comments=[2000] * 14), tmp_path / "b")
    assert (small.value, large.value) == (pytest.approx(4, rel=0.01), pytest.approx(4, rel=0.01))


# -- all of them ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", NEW, ids=lambda one: one.name)
@pytest.mark.parametrize("name", SILENT)
def test_unknown_is_never_zero(tmp_path: Path, measure: Measure, name: str) -> None:
    found = answered(measure, SILENT[name](), tmp_path)
    assert found.status in ("insufficient", "not_identified")
    assert found.value is None


def test_ada_shows_too_little_for_any(tmp_path: Path) -> None:
    # Six posts with likes, no counter of comments or views.
    statuses = {one.name: answered(one, ada(), tmp_path / one.name).status for one in (*NEW, ENGAGEMENT_PER_POST)}
    assert set(statuses.values()) <= {"insufficient", "not_identified"}


# -- mutants --------------------------------------------------------------------------------------------------------


def _divides_the_sums(patch: pytest.MonkeyPatch) -> None:
    def pooled(found: each.Counted) -> each.Rates:
        views = found.counters["views"]
        return np.full(len(found), 100 * found.reactions.sum() / views.sum())

    patch.setattr(reach, "_by_views", pooled)


def _keeps_pinned(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "BY_VIEWS", replace(reach.BY_VIEWS, with_pinned=True))


def _counts_views_as_reactions(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "BY_VIEWS", replace(reach.BY_VIEWS, summed=("likes", "views")))


def _knows_no_young(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "BY_VIEWS", replace(reach.BY_VIEWS, young_days=0))


@pytest.mark.parametrize("mutate", [_divides_the_sums, _keeps_pinned, _counts_views_as_reactions, _knows_no_young])
def test_mutants_of_by_views_are_caught(mutate: Mutate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mutate(monkeypatch)
    assert answered(ENGAGEMENT_BY_VIEWS, by_views(), tmp_path).value != pytest.approx(85 / 14)


def _counts_everybody_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "ACTIVE_DAYS", 29)


def _counts_the_day_itself(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reach, "_fewer", _upto)


def _upto(days: Any, times: Any, at: Any) -> Any:
    return np.array([times[days <= one].sum() for one in at])


def _counts_days_for_members(patch: pytest.MonkeyPatch) -> None:
    made = reach._Activity.members

    def often(self: reach._Activity, created_s: each.Counts, days: int) -> each.Counts:
        never = np.full(len(self.day), np.iinfo(np.int64).max)
        return made(replace(self, next_day=never), created_s, days)

    patch.setattr(reach._Activity, "members", often)


@pytest.mark.parametrize("mutate", [_counts_everybody_for_ever, _counts_the_day_itself, _counts_days_for_members])
def test_mutants_of_active_members_are_caught(mutate: Mutate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    mutate(monkeypatch)
    found = answered(ENGAGEMENT_PER_ACTIVE_MEMBER, taking_part(), tmp_path)
    assert part(found, "active_members").value != pytest.approx(35 / 14) or found.n != 14
