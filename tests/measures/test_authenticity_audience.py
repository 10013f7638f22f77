"""Engagement for every hundred followers, and profiles that show nothing, against values worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from seguito.measures.authenticity_engagement import ENGAGEMENT_PER_POST
from seguito.measures.authenticity_profiles import EMPTY_PROFILES
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Draft, Estimate
from seguito.testing.known_world import SILENT, ada
from seguito.testing.world import EVERYTHING, World


def drawn(measure: Measure, world: World, path: Path) -> Draft:
    with world.lake(path / "w") as lake:
        return measure.compute(world.space(lake))


def answered(measure: Measure, world: World, path: Path) -> Estimate:
    with world.lake(path / "w") as lake:
        return answer(measure, world.space(lake))


def notes(found: Draft | Estimate) -> dict[str, Any]:
    return {one.code: dict(one.values) for one in found.notes}


def posting(posts: int = 14, *, followers: int | None = 200, **metrics: list[int | None]) -> World:
    """A post a day; the window ends ten days after the last; counters as given, one a post."""
    end = f"{posts + 9} 09:00"
    world = World(seen=end, seen_until=end)
    for n in range(posts):
        world.post(f"p{n}", f"{n} 09:00")
        for metric, values in metrics.items():
            world.metric(f"p{n}", metric, values[n])
    world.profile("ada", followers=followers, **({} if followers else {"followers_state": "hidden"}))
    world.covers_all()
    return world


def test_ada_by_hand(tmp_path: Path) -> None:
    found = drawn(ENGAGEMENT_PER_POST, ada(), tmp_path)
    # Likes 40 20 30 50 90 10 of 1000 followers, p7's are hidden; no comment counters, so likes alone.
    assert (found.n, found.value) == (6, pytest.approx(4.0))
    logs = [math.log1p(n) for n in (40, 20, 30, 50, 90, 10)]
    assert found.parts[0].value == pytest.approx(math.expm1(sum(logs) / 6) / 10)
    assert notes(found)["followers_at"] == {"followers": 1000, "date": "2026-05-05"}
    assert notes(found)["counted"] == {"metrics": ["likes"]}
    assert notes(found)["left_out_uncounted"] == {"posts": 1}
    assert found.evidence_for[0] == "known:post:p5"
    assert found.evidence_against == ("known:post:p6",)


def test_likes_comments_and_reposts_add_up(tmp_path: Path) -> None:
    world = posting(likes=[10] * 13 + [24], comments=[4] * 14, reposts=[1] * 14)
    found = answered(ENGAGEMENT_PER_POST, world, tmp_path)
    # (13 · 15 + 29) / 14 = 16 reactions a post; for every hundred of 200 followers, 8.
    assert (found.status, found.n, found.value) == ("ok", 14, pytest.approx(8.0))
    assert next(one for one in found.parts if one.key == "per_post").value == pytest.approx(16.0)
    assert found.interval is not None
    assert found.interval.method == "bootstrap-t"
    assert notes(found)["counted"] == {"metrics": ["likes", "comments", "reposts"]}


def test_a_counter_that_few_posts_show_is_left_out_and_not_zero(tmp_path: Path) -> None:
    world = posting(likes=[10] * 14, comments=[5] * 12 + [None] * 2, reposts=[1] * 13 + [None])
    found = answered(ENGAGEMENT_PER_POST, world, tmp_path)
    # Comments are shown by 12 of 14 (too few); reposts by 13 of 14, so one post is left out.
    assert notes(found)["counted"] == {"metrics": ["likes", "reposts"]}
    assert (found.n, found.value) == (13, pytest.approx(11 / 2))


def test_pinned_and_young_posts_are_left_out(tmp_path: Path) -> None:
    world = posting(likes=[10] * 14)
    world.post("pinned", "1 09:00", is_pinned="yes")
    world.metric("pinned", "likes", 9000)
    world.post("young", "20 10:00")  # 2 days 23 hours before the end
    world.metric("young", "likes", 0)
    world.post("old enough", "20 09:00")
    world.metric("old enough", "likes", 10)
    found = answered(ENGAGEMENT_PER_POST, world, tmp_path)
    assert (found.n, found.value) == (15, pytest.approx(5.0))
    assert notes(found)["left_out_pinned"] == {"posts": 1}
    assert notes(found)["left_out_young"] == {"posts": 1, "days": 3}


def test_without_a_follower_count_only_the_reactions_are_given(tmp_path: Path) -> None:
    found = answered(ENGAGEMENT_PER_POST, posting(likes=[8, 12] * 7, followers=None), tmp_path)
    assert (found.status, found.value, found.interval) == ("not_identified", None, None)
    assert found.reasons[0].code == "no_follower_count"
    assert [(one.key, one.unit) for one in found.parts] == [("per_post", "count"), ("typical_reactions", "count")]
    assert found.parts[0].value == pytest.approx(10)


def test_hidden_likes_are_no_likes_at_all_to_go_by(tmp_path: Path) -> None:
    found = answered(ENGAGEMENT_PER_POST, posting(likes=[None] * 14), tmp_path)
    assert (found.status, found.value, found.reasons[0].code) == ("not_identified", None, "no_counters")


def following(empty: int, full: int, unknown: int = 0, **coverage: Any) -> World:
    world = World()
    world.post("p1", "0 09:00")
    for n in range(empty):
        world.follow(f"e{n}")
        world.profile(f"e{n}", has_avatar="no", bio=" ", posts=0)
    for n in range(full):
        world.follow(f"f{n}")
        world.profile(f"f{n}", has_avatar="no", bio="", posts=1)
    for n in range(unknown):
        world.follow(f"u{n}")
        world.profile(f"u{n}", has_avatar="no", bio=None, posts=0)
    listed = empty + full + unknown
    world.covers("followers", listed, listed, **coverage)
    return world


def test_ada_s_followers_by_hand(tmp_path: Path) -> None:
    found = drawn(EMPTY_PROFILES, ada(), tmp_path)
    assert (found.n, found.value) == (6, pytest.approx(2 / 6))  # f1 and f2; of f3 nothing is known
    assert (found.parts[0].n, found.parts[0].value) == (4, 0)  # bea, cho, dan and eli wrote
    assert notes(found)["profiles_known"] == {"known": 6, "listed": 7}


def test_empty_is_without_picture_words_and_posts(tmp_path: Path) -> None:
    found = answered(EMPTY_PROFILES, following(30, 90), tmp_path)
    assert (found.status, found.n, found.value) == ("ok", 120, 0.25)
    assert found.interval is not None
    # Wilson for 30 of 120.
    assert (found.interval.lo, found.interval.hi) == (pytest.approx(0.1810, abs=1e-4), pytest.approx(0.3345, abs=1e-4))
    assert found.evidence_for == ()  # nobody is named
    assert found.evidence_against == ()


def test_a_profile_of_which_a_part_is_unknown_is_neither(tmp_path: Path) -> None:
    found = answered(EMPTY_PROFILES, following(30, 90, unknown=30), tmp_path)
    assert (found.status, found.n, found.value) == ("weak", 120, 0.25)
    assert found.reasons[0].values == {"known": 120, "listed": 150}


@pytest.mark.parametrize(("sampling", "status"), [("newest", "weak"), ("top", "weak"), ("random", "ok")])
def test_the_head_of_a_list_is_not_the_audience(tmp_path: Path, sampling: str, status: str) -> None:
    assert answered(EMPTY_PROFILES, following(30, 90, sampling=sampling), tmp_path).status == status


def test_a_source_without_followers_still_shows_who_wrote(tmp_path: Path) -> None:
    world = World(capabilities=EVERYTHING - {"followers"})
    world.post("p1", "0 09:00")
    for n in range(4):
        world.comment(f"c{n}", "0 10:00", by=f"m{n}", under="p1")
        world.profile(f"m{n}", has_avatar="no" if n else "yes", bio="", posts=0)
    found = answered(EMPTY_PROFILES, world, tmp_path)
    assert (found.status, found.value) == ("not_identified", None)
    assert found.reasons[0].values == {"capabilities": ["followers"]}
    assert (found.parts[0].key, found.parts[0].value, found.parts[0].n) == ("commenters", 0.75, 4)


@pytest.mark.parametrize("measure", [ENGAGEMENT_PER_POST, EMPTY_PROFILES], ids=lambda one: one.name)
@pytest.mark.parametrize("name", SILENT)
def test_unknown_is_never_zero(tmp_path: Path, measure: Measure, name: str) -> None:
    found = answered(measure, SILENT[name](), tmp_path)
    assert found.status in ("insufficient", "not_identified")
    assert found.value is None
