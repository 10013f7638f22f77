"""Storms, changes of subject, launches, desks and what a reader is shown: each by values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from seguito.simulate.answers import worked
from seguito.simulate.cadence import DAY, NOTICE, publish, start_of
from seguito.simulate.comments import CODE, CREATOR, ROOT
from seguito.simulate.community import Community, simulate
from seguito.simulate.launches import lift, sold
from seguito.simulate.observation import days_counted, noisy, observed, seen, top_of
from seguito.simulate.people import CASUAL, FAN, HATER
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Desk, Launch, Market, Observation, Pivot, Storm
from seguito.simulate.storms import pulse
from seguito.simulate.subjects import SUBJECTS
from seguito.simulate.truth import truth

CALM = Plan(comments=1_500, days=120, posts=60, silences=(), bought_share=0)
STORM = Storm(base=0.02, day=60, times=20, half_life=2, organised=20, window_minutes=15, support=0.3)


@pytest.fixture(scope="module")
def stormy() -> Community:
    return simulate(replace(CALM, storm=STORM))


def test_a_crisis_halves_with_every_half_life() -> None:
    expected = pulse(CALM, STORM, 1.0)
    assert expected[59] == 0
    assert expected[60:67:2].tolist() == [19.0, 9.5, 4.75, 2.375]
    assert expected[60 + 16] == 0


def test_an_organised_crisis_comes_in_windows_under_one_post(stormy: Community) -> None:
    comments, members = stormy.comments, stormy.members
    theirs = np.flatnonzero(members.group[comments.author] == HATER)
    theirs = theirs[comments.author[theirs] != CREATOR]
    assert (comments.intent[theirs] == CODE["hate"]).all()
    at = np.sort(comments.at[theirs])
    within = np.diff(at) <= 15 * 60
    assert within.mean() > 0.9
    told = truth(stormy)["crisis"]
    assert told["organised_accounts"] == 20
    assert told["hateful_comments"] >= 14


def test_a_crowd_is_many_and_comes_all_day() -> None:
    world = simulate(replace(CALM, storm=replace(STORM, organised=0, times=50)))
    told = truth(world)["crisis"]
    assert told["hateful_authors"] > 20
    crowd = world.comments.intent == CODE["hate"]
    assert (world.members.group[world.comments.author[crowd]] == CASUAL).any()
    assert (world.members.group != HATER).all()


def test_those_who_take_sides_are_fans_who_wrote_more_before(stormy: Community) -> None:
    comments, members = stormy.comments, stormy.members
    begun = start_of(stormy.plan) + 60 * DAY
    before = np.bincount(comments.author[(comments.at < begun) & stormy.by_member], minlength=len(members))
    kind = np.unique(comments.author[(comments.intent == CODE["support"]) & (comments.at > begun)])
    fans = members.of(FAN)
    assert np.isin(kind, fans).all()
    others = np.setdiff1d(fans, kind)
    assert np.log1p(before[kind]).mean() > np.log1p(before[others]).mean()


def test_an_abrupt_change_is_from_one_post_to_the_next_and_a_gradual_one_is_told_before() -> None:
    abrupt = publish(replace(CALM, pivot=Pivot(at=0.5, width=0, moved=1.0, announced=False)))
    turn = round(0.5 * len(abrupt))
    assert np.array_equal(abrupt.subject >= SUBJECTS, np.arange(len(abrupt)) >= turn)
    gradual = publish(replace(CALM, pivot=Pivot(at=0.5, width=6, moved=1.0, announced=True)))
    (notice,) = np.flatnonzero(gradual.kind == NOTICE)
    is_new = gradual.subject >= SUBJECTS
    assert notice < turn - 6
    assert 0.2 < is_new[turn - 8 : turn + 8].mean() < 0.8
    assert is_new[-10:].mean() > 0.8


def test_nobody_told_means_more_fans_leave() -> None:
    told = {}
    for announced in (True, False):
        change = Pivot(at=0.5, width=0, moved=0.8, announced=announced, leaving=3.0)
        told[announced] = truth(simulate(replace(CALM, pivot=change)))["pivot"]
    assert told[False]["fans_who_left_in_60_days_after"] > 1.5 * told[True]["fans_who_left_in_60_days_after"]


def test_a_launch_lifts_for_two_weeks_and_a_shock_lifts_everybody() -> None:
    market = Market(launches=(Launch(day=10, lift=0.6),), shock_day=40, shock=0.5, sd=0.0, units=1000)
    added = lift(market, 60)
    assert added[9] == added[24] == 0
    assert added[10] == 0.6
    assert added[23] == pytest.approx(0.6 * np.exp(-13 / 14))
    units = sold(replace(CALM, days=60, market=market))
    same_weekday = units[:, 42] / units[:, 35]
    assert same_weekday == pytest.approx(np.exp(0.5), rel=0.01)
    assert units[0, 10] / units[0, 3] == pytest.approx(np.exp(0.6), rel=0.01)
    assert units[1, 10] / units[1, 3] == pytest.approx(1, rel=0.02)


def test_a_queue_is_worked_in_its_order_and_drops_what_waited_too_long() -> None:
    """One answer a day; four comments on the first morning, one on the fourth."""
    plan = replace(CALM, days=10)
    morning = start_of(plan) + 8 * 3600
    came = np.array([morning, morning + 60, morning + 120, morning + 180, morning + 3 * DAY])

    def answered(order: str, patience: float) -> list[int]:
        desk = Desk(load=0.5, order=order, patience=patience)  # type: ignore[arg-type]
        rng = np.random.default_rng(0)
        done, at = worked(plan, desk, came, np.arange(5), rng)
        hours = at % DAY / 3600
        assert ((hours >= 9) & (hours <= 21)).all()
        assert (np.diff(at // DAY) >= 0).all()
        return done.tolist()

    assert answered("oldest", 30) == [0, 1, 2, 3, 4]
    newest = answered("newest", 30)
    assert newest[0] == 3
    assert newest.index(4) < newest.index(0)
    assert 0 not in answered("newest", 1.5)


def test_answers_are_few_for_want_of_time_only_where_the_load_says_so() -> None:
    answers = dict.fromkeys(CALM.answers, 0.9)
    free, busy = (
        truth(simulate(replace(CALM, answers=answers, desk=Desk(load=load, order="oldest")))) for load in (0.4, 2.5)
    )
    assert (free["desk"]["limited_by"], busy["desk"]["limited_by"]) == ("choice", "time")
    assert busy["answered_share"] < 0.55 < 0.7 < free["answered_share"]


def test_tops_are_found_by_hand() -> None:
    assert top_of(np.array([ROOT, 0, 1, ROOT, 3, 2])).tolist() == [0, 0, 0, 3, 3, 0]


@pytest.mark.parametrize("shown", ["newest", "top"])
def test_a_reader_is_shown_whole_exchanges_up_to_the_share(shown: str) -> None:
    seeing = Observation(comments=0.5, shown=shown)  # type: ignore[arg-type]
    world = simulate(replace(CALM, observation=seeing))
    fate, view = seen(world), observed(world)
    assert len(view.comments) == len(fate.kept)
    assert len(view.comments) / len(world.comments) == pytest.approx(0.47, abs=0.07)
    tops = top_of(world.comments.parent)
    assert np.array_equal(fate.cut, fate.cut[tops])
    assert view.declared is not None
    assert np.array_equal(view.declared, np.bincount(world.comments.post, minlength=len(world.posts)))
    heads = np.flatnonzero(world.comments.parent == ROOT)
    size = np.bincount(tops, minlength=len(tops))
    for post in range(len(world.posts)):
        mine = heads[world.comments.post[heads] == post]
        kept, lost = mine[~fate.cut[mine]], mine[fate.cut[mine]]
        if len(kept) and len(lost):
            rank = world.comments.at if shown == "newest" else size
            assert rank[kept].min() >= rank[lost].max()


def test_removed_hate_is_gone_with_its_replies_and_no_longer_counted(stormy: Community) -> None:
    world = replace(stormy, plan=replace(stormy.plan, observation=Observation(hate_removed=1.0)))
    view = observed(world)
    assert not (view.comments.intent == CODE["hate"]).any()
    assert view.declared is not None
    assert view.declared.sum() == len(view.comments) < len(world.comments)
    assert (view.comments.parent < np.arange(len(view.comments))).all()


def test_days_clocks_and_labels_err_as_told(stormy: Community) -> None:
    told = Observation(days=0.7, zone_hours=2, sensitivity=0.8, specificity=0.9)
    plan = replace(stormy.plan, observation=told)
    world = replace(stormy, plan=plan)
    counted = days_counted(plan, 1_000)
    assert counted[[0, -1]].all()
    assert counted.mean() == pytest.approx(0.7, abs=0.04)
    early = observed(world).comments.at[:100] - world.comments.at[:100]
    assert (early == 2 * 3600).all()
    hateful, said = world.comments.intent == CODE["hate"], noisy(world)
    assert said[hateful].mean() == pytest.approx(0.8, abs=0.1)
    assert said[~hateful].mean() == pytest.approx(0.1, abs=0.03)
