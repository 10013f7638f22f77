"""Followers like sold ones, with new accounts, and who follow masses, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from seguito.measures.authenticity_fakes import FAKE_LIKE_FOLLOWERS
from seguito.measures.authenticity_profiles import MASS_FOLLOWERS, NEWBORN_PROFILES
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Estimate
from seguito.measures.profiles.cells import profiles_of
from seguito.measures.profiles.counted import followers_read
from seguito.measures.profiles.errors import errors_of, smallest_seen
from seguito.measures.profiles.scorer import Scorer
from seguito.store.lake import open_lake
from seguito.testing.measures import same_on_both
from seguito.testing.world import World, moment

SOLD: dict[str, Any] = {"followers": 5, "following": 2500, "posts": 0, "bio": "", "has_avatar": "no"}
PERSON: dict[str, Any] = {"followers": 400, "following": 300, "posts": 90, "bio": "Pots and pans.", "has_avatar": "yes"}


def listed(sold: int, people: int, *, sampling: str = "all", **more: Any) -> World:
    """A space whose followers are so many of each; `more` is of every profile."""
    world = World()
    world.post("p1", "0 09:00")
    for kind, n, shown in (("s", sold, SOLD), ("p", people, PERSON)):
        for at in range(n):
            world.follow(f"{kind}{at}")
            world.profile(f"{kind}{at}", **{**shown, **more})
    world.covers("followers", sold + people, sold + people, sampling=sampling)
    return world


def answered(measure: Measure, world: World, path: Path) -> Estimate:
    with world.lake(path / "w") as lake:
        return answer(measure, world.space(lake))


def notes(found: Estimate) -> dict[str, Any]:
    return {one.code: dict(one.values) for one in found.notes}


def changes(found: Estimate) -> dict[str, float | None]:
    return {one.change: one.value for one in found.sensitivity}


# -- like sold ones -------------------------------------------------------------------------------------------------


def test_a_prevalence_by_hand(tmp_path: Path) -> None:
    found = answered(FAKE_LIKE_FOLLOWERS, listed(60, 140), tmp_path)
    # With these five fields the points found 146 of 200 sold accounts and 6 of 994 others; one is added to each cell.
    se, sp = 147 / 202, 989 / 996
    assert (found.status, found.n) == ("ok", 200)
    assert found.value == pytest.approx((0.3 + sp - 1) / (se + sp - 1))
    assert found.interval is not None
    assert (found.interval.method, found.interval.lo < found.value < found.interval.hi) == ("Lang-Reiczigel", True)
    told = changes(found)
    assert told["specificity_lower"] == pytest.approx((0.3 + sp - 1.03) / (se + sp - 1.03))
    assert told["specificity_higher"] == pytest.approx(0.3 / se)  # never more than all left alone
    assert told["sensitivity_lower"] == pytest.approx((0.3 + sp - 1) / (se + sp - 1.10))
    assert told["sensitivity_higher"] == pytest.approx((0.3 + sp - 1) / (se + sp - 0.90))
    # A point lower: 154 of 200 and 8 of 994; a point higher: 134 and 3. The same sixty are above all three.
    for change, hits, alarms in (("points_one_lower", 154, 8), ("points_one_higher", 134, 3)):
        errors = errors_of(Scorer.load(), SHOWN, -1 if change.endswith("lower") else 1)
        assert errors is not None
        assert (errors.true_positive, errors.false_positive) == (hits, alarms), change
        assert told[change] == pytest.approx(
            (0.3 + errors.specificity - 1) / (errors.sensitivity + errors.specificity - 1)
        )
    assert set(told) == {
        *(f"{error}_{way}" for error in ("specificity", "sensitivity") for way in ("lower", "higher")),
        "points_one_lower", "points_one_higher",
    }  # fmt: skip
    assert (found.evidence_for, found.evidence_against) == ((), ())  # nobody is named


def test_the_threshold_itself_counts(tmp_path: Path) -> None:
    # 12 followers: 3; 1200 / 22 = 54 tenths: 3; 120 followed: -1; no posts: 4; no words: 2; a picture: -1. That is ten,
    # and of 27 points these fields reach 24: 11 · 24 / 27 = 9.8, so ten.
    edge = {"followers": 12, "following": 120, "posts": 0, "bio": "", "has_avatar": "yes"}
    below = {**edge, "following": 90}  # 900 / 22 = 40 tenths: 1; 90 followed: -2
    for shown, share in ((edge, 1.0), (below, 0.0)):
        found = answered(FAKE_LIKE_FOLLOWERS, listed(0, 120, **shown), tmp_path / str(share))
        assert found.value == share


SHOWN = ("followers", "following", "posts", "bio", "picture")


def test_what_it_rests_on_is_told(tmp_path: Path) -> None:
    found = answered(FAKE_LIKE_FOLLOWERS, listed(60, 140), tmp_path)
    told = notes(found)
    assert told["scorer_errors"]["fields"] == list(SHOWN)
    assert (told["scorer_errors"]["fakes"], told["scorer_errors"]["others"]) == (200, 994)
    assert told["profile_fields_left_out"] == {"fields": ["private", "username"]}
    assert told["profiles_known"] == {"known": 200, "listed": 200}
    hull = next(one for one in found.parts if one.key == "with_other_errors")
    assert hull.interval is not None
    assert found.interval is not None
    assert hull.interval.lo < found.interval.lo < found.interval.hi < hull.interval.hi
    errors = errors_of(Scorer.load(), SHOWN)
    assert errors is not None
    assert [(one.code, one.values["share"], one.values["n"]) for one in found.unseen] == [
        ("smallest_share", smallest_seen(200, errors), 200)
    ]


def test_none_that_look_sold_is_none_and_how_many_there_may_be(tmp_path: Path) -> None:
    found = answered(FAKE_LIKE_FOLLOWERS, listed(0, 600), tmp_path)
    assert (found.status, found.value) == ("ok", 0.0)
    assert found.interval is not None
    assert (found.interval.lo, 0 < found.interval.hi < 0.02) == (0.0, True)
    assert found.unseen[0].values["share"] > 0.03  # with other errors a few in a hundred could hide


@pytest.mark.parametrize("sampling", ["newest", "top", "unknown"])
def test_a_list_that_is_no_fair_sample_weakens_it(sampling: str, tmp_path: Path) -> None:
    found = answered(FAKE_LIKE_FOLLOWERS, listed(60, 140, sampling=sampling), tmp_path)
    assert (found.status, found.reasons[0].code) == ("weak", "head_sample")
    assert found.reasons[0].values == {"what": "followers", "sampling": sampling}


def test_a_random_sample_of_few_stands(tmp_path: Path) -> None:
    world = listed(30, 90, sampling="random")
    world.facts["coverage"].clear()
    world.covers("followers", 50_000, 120, sampling="random")
    found = answered(FAKE_LIKE_FOLLOWERS, world, tmp_path)
    assert (found.status, found.n, found.reasons) == ("ok", 120, ())


def test_profiles_that_could_not_be_read_weaken_it_and_are_no_zeros(tmp_path: Path) -> None:
    world = listed(60, 140)
    for at in range(30):
        world.follow(f"u{at}")
        world.profile(f"u{at}")  # nothing known
    found = answered(FAKE_LIKE_FOLLOWERS, world, tmp_path)
    whole = answered(FAKE_LIKE_FOLLOWERS, listed(60, 140), tmp_path / "whole")
    assert (found.n, found.value) == (200, whole.value)
    assert "profiles_unknown" in {one.code for one in found.reasons}


def test_a_counter_that_few_tell_is_left_out_for_all(tmp_path: Path) -> None:
    found = answered(FAKE_LIKE_FOLLOWERS, listed(60, 140, posts=None), tmp_path)
    errors = errors_of(Scorer.load(), ("followers", "following", "bio", "picture"))
    assert errors is not None
    se, sp = errors.sensitivity, errors.specificity
    assert found.value == pytest.approx((0.3 + sp - 1) / (se + sp - 1))
    assert notes(found)["profile_fields_left_out"]["fields"] == ["posts", "private", "username"]
    # 20 of 27 points can be reached: what tells most is lacking.
    assert (found.status, [one.code for one in found.reasons]) == ("weak", ["profile_fields_lacking"])


def test_hidden_counters_are_unknown_and_not_what_is_written_there(tmp_path: Path) -> None:
    world = listed(60, 140, followers_state="hidden", following_state="unknown", posts_state="disabled")
    found = answered(FAKE_LIKE_FOLLOWERS, world, tmp_path)
    assert (found.status, found.value, found.reasons[0].code) == ("not_identified", None, "profile_fields_lacking")
    assert found.reasons[0].values["fields"] == ["followers", "following", "posts", "private", "username"]


def test_without_followers_or_profiles_nothing_is_said(tmp_path: Path) -> None:
    nobody = answered(FAKE_LIKE_FOLLOWERS, listed(0, 0), tmp_path)
    assert (nobody.status, nobody.reasons[0].code) == ("not_identified", "source_lacks")
    world = listed(0, 0)
    for at in range(200):
        world.follow(f"u{at}")
    unread = answered(FAKE_LIKE_FOLLOWERS, world, tmp_path / "unread")
    assert (unread.status, unread.reasons[0].values) == ("not_identified", {"known": 0, "listed": 200})
    few = answered(FAKE_LIKE_FOLLOWERS, listed(20, 79), tmp_path / "few")
    assert (few.status, few.value, few.n) == ("insufficient", None, 99)


HANDLES = ["@anna_1992", "bo7.bsky.social", "carla@host.example", " d9 ", "@@", "@x@y", "ünïcode42", None]


def odd() -> World:
    """Handles, counters and words of every kind, one follower each."""
    world = listed(0, 0)
    for at, handle in enumerate(HANDLES):
        world.follow(f"h{at}")
        world.account(f"h{at}", handle=handle)
        state = ("known", "rounded", "hidden", "partial")[at % 4]
        world.profile(
            f"h{at}", followers=10**at, followers_state=state, following=at, posts=3 * at,
            bio=["  two words ", "", None, "né 🎈"][at % 4], has_avatar=["yes", "no", "unknown"][at % 3],
            is_private=["no", "yes", "unknown"][at % 3],
        )  # fmt: skip
    world.account("secret", handle="0a1b2c3d", is_pseudonymous=True)
    world.follow("secret")
    world.profile("secret", followers=1)
    return world


def test_a_lake_and_a_file_tell_the_same(tmp_path: Path) -> None:
    world = odd()
    with world.lake(tmp_path / "w") as lake:
        read = followers_read(world.space(lake))
    cells = {
        "username": [*HANDLES, None],
        "followers": [str(10**at) if at % 4 < 2 else None for at in range(8)] + ["1"],
        "bio": ["  two words ", "-", None, "né 🎈"] * 2 + [None],
    }
    table = {name: pa.chunked_array([pa.array(column, pa.string())]) for name, column in cells.items()}
    told = profiles_of(table, 9)
    for name in ("followers", "username_length", "username_digits"):
        assert sorted(read.profiles.columns[name]) == sorted(told.columns[name]), name
    assert sorted(read.profiles.columns["bio"]) == [-1, -1, -1, 0, 0, 4, 4, 9, 9]
    assert sorted(read.profiles.columns["private"]) == [-1, -1, -1, 0, 0, 0, 1, 1, 1]
    assert read.listed == 9


@pytest.mark.spark
def test_both_engines_read_the_same_profiles(tmp_path: Path, spark_master: str) -> None:
    world = odd()
    for kind, n, shown in (("s", 40, SOLD), ("p", 80, PERSON)):
        for at in range(n):
            world.follow(f"{kind}{at}", f"{at} 12:00")
            made = moment(f"{at - 40} 12:00")
            world.account(f"{kind}{at}", created_at=made, created_precision="s" if at % 3 else "month")
            world.profile(f"{kind}{at}", **shown)
    with world.lake(tmp_path / "w") as lake, open_lake(tmp_path / "w", engine="spark", master=spark_master) as other:
        here, there = world.space(lake), world.space(other)
        for measure in (FAKE_LIKE_FOLLOWERS, NEWBORN_PROFILES, MASS_FOLLOWERS):
            assert same_on_both(measure, here, there) == []
        one, two = followers_read(here).profiles, followers_read(there).profiles
        for name in one.columns:
            assert np.array_equal(np.sort(one.columns[name]), np.sort(two.columns[name])), name


# -- new accounts, and masses ---------------------------------------------------------------------------------------


def aged(*groups: tuple[int, int, int | None], precision: str = "s") -> World:
    """Followers by how many, days before the reading on which they were made, and on which they followed."""
    world = World(seen="180 12:00")
    world.post("p1", "0 09:00")
    total = 0
    for number, (n, made, followed) in enumerate(groups):
        for at in range(n):
            name = f"g{number}-{at}"
            world.follow(name, None if followed is None else f"{180 - followed} 12:00")
            created = moment(f"{180 - made} 12:00")
            world.account(name, created_at=created, created_precision=precision)
            world.profile(name, **PERSON)
            total += 1
    world.covers("followers", total, total)
    return world


def test_new_accounts_by_hand(tmp_path: Path) -> None:
    found = answered(NEWBORN_PROFILES, aged((10, 13, 12), (20, 29, 10), (30, 30, None), (60, 59, 30)), tmp_path)
    # 13 and 29 days old: 30 of 120; of 14 days not yet: 10; of 60 days not yet: all.
    assert (found.status, found.n, found.value) == ("ok", 120, pytest.approx(30 / 120))
    assert changes(found) == {"newborn_14_days": pytest.approx(10 / 120), "newborn_60_days": 1.0}
    part = found.parts[0]
    # When they followed they were 1, 19 and 29 days old; of thirty nobody knows.
    assert (part.key, part.n, part.value) == ("when_they_followed", 90, 1.0)
    assert found.interval is not None
    assert found.interval.method == "wilson"


def test_an_age_known_to_the_month_or_turned_round_is_unknown(tmp_path: Path) -> None:
    found = answered(NEWBORN_PROFILES, aged((120, 13, 12), precision="month"), tmp_path)
    assert (found.status, found.reasons[0].values) == ("not_identified", {"known": 0, "listed": 120})
    found = answered(NEWBORN_PROFILES, aged((100, 40, 50), (20, -3, None)), tmp_path / "later")
    assert (found.n, found.value, found.status) == (100, 0.0, "weak")
    assert {one.code for one in found.reasons} == {"ages_unknown"}
    assert (found.parts[0].n, found.parts[0].value) == (0, None)


def test_a_list_of_the_newest_holds_more_new_accounts(tmp_path: Path) -> None:
    world = aged((120, 13, 12))
    world.facts["coverage"].clear()
    world.covers("followers", 120, 120, sampling="newest")
    found = answered(NEWBORN_PROFILES, world, tmp_path)
    assert (found.status, found.value, found.reasons[0].code) == ("weak", 1.0, "head_sample")


def test_masses_by_hand(tmp_path: Path) -> None:
    world = World()
    world.post("p1", "0 09:00")
    counts = [999] * 40 + [1000] * 30 + [1499] * 20 + [1500] * 15 + [2000] * 15
    for at, following in enumerate(counts):
        world.follow(f"f{at}")
        world.profile(f"f{at}", following=following)
    world.covers("followers", 120, 120)
    found = answered(MASS_FOLLOWERS, world, tmp_path)
    assert (found.status, found.n, found.value) == ("ok", 120, 0.25)
    assert changes(found) == {"following_1000": pytest.approx(80 / 120), "following_2000": pytest.approx(15 / 120)}
    hidden = answered(MASS_FOLLOWERS, listed(60, 140, following_state="hidden"), tmp_path / "hidden")
    assert (hidden.status, hidden.reasons[0].code) == ("not_identified", "profiles_unknown")


@pytest.mark.parametrize(("closed", "told"), [(0, False), (1, True)])
def test_where_nobody_is_private_the_field_tells_nothing(tmp_path: Path, closed: int, told: bool) -> None:
    world = listed(0, 0)
    for at in range(6):
        world.follow(f"p{at}")
        world.profile(f"p{at}", followers=5, is_private="yes" if at < closed else "no")
    with world.lake(tmp_path / "w") as lake:
        read = followers_read(world.space(lake))
    assert bool(read.profiles.known("private").any()) is told
