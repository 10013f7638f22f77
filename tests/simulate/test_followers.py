"""Followers over time: a series that can be counted again from who came and who left."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from seguito.simulate.cadence import DAY, start_of
from seguito.simulate.community import Community, simulate
from seguito.simulate.files import write
from seguito.simulate.followers import BOUGHT_AND_GONE, WAVE, counted, daily_followers, noons
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Pulse
from seguito.simulate.scenarios import planned
from seguito.simulate.truth import truth


@pytest.fixture(scope="module")
def bought() -> Community:
    return simulate(planned("S1", seed=3, comments=400))


def test_how_many_are_there_is_counted_by_hand() -> None:
    moments = np.array([9, 10, 20, 31])
    assert counted(np.array([30, 10, 20, 20]), moments).tolist() == [0, 1, 3, 4]


def test_every_day_is_counted_again_one_account_at_a_time(bought: Community) -> None:
    members, gone = bought.members, bought.passing
    stays = [(int(at), 2**60) for at in members.joined[members.follows]]
    stays += [(int(one), int(other)) for one, other in zip(gone.joined, gone.left, strict=True)]
    series = daily_followers(bought.plan, members, gone)
    for day in (0, 100, len(series) - 1):
        noon = int(noons(bought.plan)[day])
        assert series[day] == sum(came <= noon < left for came, left in stays)


def test_a_purchase_is_as_large_and_as_fast_as_told_and_part_of_it_leaves(bought: Community) -> None:
    plan, members, gone = bought.plan, bought.members, bought.passing
    (told,) = truth(bought)["purchases"]
    left = gone.reason == BOUGHT_AND_GONE
    came = np.concatenate([bought.bought, gone.joined[left]])
    begun = start_of(plan) + plan.bought_day * DAY
    assert told["followers"] == len(came)
    assert begun <= came.min() <= came.max() < begun + plan.bought_days * DAY
    assert left.sum() / len(came) == pytest.approx(plan.bought_churn, abs=0.01)
    assert (gone.left[left] - gone.joined[left]).max() <= 60 * DAY
    before = (members.joined[members.follows] < begun).sum() + (gone.joined < begun).sum() - (gone.left < begun).sum()
    assert told["share_of_followers_before"] == pytest.approx(len(came) / before, abs=1e-6)


def test_an_honest_wave_brings_readers_too_and_a_giveaway_is_in_the_log(tmp_path: Path) -> None:
    wave = Pulse(day=100, share=0.2, lasts=1.0, kind="giveaway", logged=True)
    world = simulate(Plan(bought_share=0, silences=(), pulses=(wave,)))
    write(world, tmp_path)
    with (tmp_path / "daily.csv").open() as file:
        rows = list(csv.DictReader(file))
    (day,) = [number for number, row in enumerate(rows) if row["cause"] == "giveaway"]
    assert abs(day - 100) <= 3
    followers = [int(row["followers"]) for row in rows]
    usual = np.median(np.diff(followers))
    assert max(np.diff(followers)[day : day + 3]) > 10 * usual
    likes = [int(row["likes"]) for row in rows]
    assert max(likes[day : day + 2]) > 2 * np.median(likes)
    (told,) = truth(world)["waves"]
    assert (told["kind"], told["day"], told["logged"]) == ("giveaway", rows[day]["date"], True)
    assert (world.passing.reason == WAVE).sum() == pytest.approx(0.35 * 0.2 * followers[day], rel=0.2)


def test_likes_and_comments_of_the_days_are_those_of_the_lists(bought: Community, tmp_path: Path) -> None:
    write(bought, tmp_path)
    with (tmp_path / "daily.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["comments"]) for row in rows) == bought.by_member.sum()
    assert sum(int(row["likes"]) for row in rows) == sum(map(len, bought.likes))
    assert int(rows[-1]["followers"]) <= bought.members.follows.sum() + 5
