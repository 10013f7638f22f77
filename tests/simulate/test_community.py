"""The simulated world: the same from the same seed, and true to what was planted."""

from __future__ import annotations

import numpy as np
import pytest

from seguito.kit.errors import UsageError
from seguito.simulate.cadence import DAY, publish, quiet_times, start_of
from seguito.simulate.comments import CODE, CREATOR, ROOT, WORRIES
from seguito.simulate.community import Community, simulate
from seguito.simulate.people import BOUGHT, CASUAL, FAN, SILENT
from seguito.simulate.plan import Plan, plan
from seguito.simulate.planted import Silence
from seguito.simulate.words import post_texts


@pytest.fixture(scope="module")
def world() -> Community:
    return simulate(plan(seed=3))


@pytest.mark.parametrize(("comments", "seed"), [(99, 0), (20_000_001, 0), (4_000, -1)])
def test_what_cannot_be_simulated_is_refused(comments: int, seed: int) -> None:
    with pytest.raises(UsageError):
        plan(comments=comments, seed=seed)


@pytest.mark.parametrize(("comments", "about"), [(300, 0.25), (4_000, 0.12), (60_000, 0.08)])
def test_the_size_is_about_what_was_asked(comments: int, about: float) -> None:
    assert len(simulate(plan(comments=comments)).comments) == pytest.approx(comments, rel=about)


def test_another_seed_is_another_world(world: Community) -> None:
    other = simulate(plan(seed=4))
    assert not np.array_equal(world.posts.at, other.posts.at)
    assert not np.array_equal(world.comments.at[:500], other.comments.at[:500])


def test_no_reply_precedes_what_it_answers(world: Community) -> None:
    comments = world.comments
    assert np.all(np.diff(comments.at) >= 0)
    replies = comments.parent != ROOT
    assert np.all(comments.at[replies] > comments.at[comments.parent[replies]])
    assert np.all(comments.at > world.posts.at[comments.post])
    assert np.all(comments.post[replies] == comments.post[comments.parent[replies]])
    assert comments.at.max() < world.plan.end.timestamp()


def test_nobody_answers_themselves_except_in_turn_and_the_creator_answers_members(world: Community) -> None:
    comments = world.comments
    replies = comments.parent != ROOT
    assert np.all(comments.author[replies] != comments.author[comments.parent[replies]])
    answers = comments.author == CREATOR
    assert np.all(replies[answers])
    assert np.all(comments.author[comments.parent[answers]] != CREATOR)


def test_only_those_who_are_there_write_and_bought_followers_never_do(world: Community) -> None:
    comments, members = world.comments, world.members
    wrote = comments.author[world.by_member]
    assert set(np.unique(members.group[wrote])) == {FAN, CASUAL}
    assert np.all(members.active(wrote, comments.at[world.by_member]))


def test_bought_followers_are_the_planted_share_came_on_one_day_and_look_empty(world: Community) -> None:
    members = world.members
    bought = members.group == BOUGHT
    assert (members.group[members.follows] == BOUGHT).mean() == pytest.approx(world.plan.bought_share, abs=0.005)
    assert np.ptp(members.joined[bought]) < DAY
    fans = members.group == FAN
    assert members.has_bio[bought].mean() < 0.35 < 0.5 < members.has_bio[fans].mean()
    assert np.median(members.following[bought]) > 2 * np.median(members.following[fans])
    assert members.has_avatar[bought].mean() < 0.7 < 0.9 < members.has_avatar[fans].mean()
    # The false alarm a measure has to live with: genuine people whose profile is as bare.
    silent = members.group == SILENT
    assert 0.04 < ((members.posts < 3) & ~members.has_bio)[silent].mean() < 0.15


def test_the_creator_says_nothing_in_a_silence_and_tells_of_it_only_when_planned(world: Community) -> None:
    answered = world.comments.at[world.comments.author == CREATOR]
    for silence, begun, ended in quiet_times(world.plan, world.posts):
        assert (ended - begun) / DAY >= silence.days
        assert not np.any((world.posts.at > begun) & (world.posts.at < ended))
        assert not np.any((answered > begun + DAY) & (answered < ended))
    assert (world.posts.kind == 1).sum() == sum(one.announced for one in world.plan.silences) == 1


def test_whoever_does_not_explain_only_posts_again() -> None:
    told = post_texts(publish(Plan(explains=True)), 0)
    untold = post_texts(publish(Plan(explains=False)), 0)
    different = [number for number, (one, other) in enumerate(zip(told, untold, strict=True)) if one != other]
    assert len(different) == 1
    assert "Scusate il silenzio" in told[different[0]]
    assert "silenzio" not in untold[different[0]]


def test_worry_comes_in_silences_alone_and_mostly_in_the_one_nobody_was_told_of(world: Community) -> None:
    comments = world.comments
    worried = np.isin(comments.intent, WORRIES)
    during = {}
    for silence, begun, ended in quiet_times(world.plan, world.posts):
        inside = worried & (comments.at > begun) & (comments.at < ended)
        during[silence.announced] = int(inside.sum())
    assert sum(during.values()) == worried.sum()
    assert during[False] > 3 * during[True]
    alike = (comments.intent[worried] == CODE["worry_same"]).mean()
    assert alike == pytest.approx(world.plan.worried_alike, abs=0.15)


def test_a_world_without_silences_has_no_worry() -> None:
    calm = simulate(Plan(silences=()))
    assert not np.isin(calm.comments.intent, WORRIES).any()


def test_the_creator_answers_by_choice_and_no_more_than_planned(world: Community) -> None:
    comments = world.comments
    answered = np.zeros(len(comments), dtype=bool)
    answered[comments.parent[comments.author == CREATOR]] = True
    questions, low = comments.intent == CODE["question"], comments.intent == CODE["low"]
    assert answered[questions].mean() > 0.7 > 0.15 > answered[low].mean()
    tired = simulate(Plan(answers_a_day=3))
    days = tired.comments.at[tired.comments.author == CREATOR] // DAY
    assert np.bincount(days - days.min()).max() == 3


def test_members_talk_mostly_inside_their_circle(world: Community) -> None:
    comments, members = world.comments, world.members
    reply = comments.intent == CODE["reply"]
    one, other = comments.author[reply], comments.author[comments.parent[reply]]
    # A quarter mixes, and a quarter of that lands at home by chance.
    assert (members.circle[one] == members.circle[other]).mean() == pytest.approx(0.81, abs=0.06)


def test_a_silence_at_the_end_lasts_until_the_end() -> None:
    open_end = Plan(silences=(Silence(start_day=198, days=26, announced=False),))
    posts = publish(open_end)
    assert posts.at.max() < start_of(open_end) + 198 * DAY
    assert quiet_times(open_end, posts)[0][2] == int(open_end.end.timestamp())
