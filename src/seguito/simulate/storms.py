"""Hate in ordinary times and in a crisis, by a crowd or by arrangement; and those who take the creator's side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seguito.simulate.cadence import DAY, Posts, end_of, start_of
from seguito.simulate.comments import CODE, CREATOR, ROOT, Comments, later, nothing, together
from seguito.simulate.people import CASUAL, FAN, HATER, TROLL, Members
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Storm
from seguito.simulate.scramble import Ints, stream

Rates = npt.NDArray[np.float64]
# A quiet world still has some hate to multiply; after so many half-lives a crisis is over.
LEAST_A_DAY, HALF_LIVES = 0.5, 8
# Half of the crowd of a crisis are trolls, the others people who wrote or might have written before.
TROLLS, PRESENT, ONGOING = 0.4, 0.7, 0.06


def hate(plan: Plan, posts: Posts, rows: Comments, members: Members) -> Comments:
    """Hateful comments under the posts of the day.

    Args:
        plan: the plan.
        posts: the creator's posts.
        rows: what was written so far; the base level is a share of what opens an exchange.
        members: who is there.
    """
    storm = plan.storm
    if storm is None:
        return nothing()
    rng = stream(plan.seed, "hate")
    opened = np.bincount(
        np.clip((rows.at[rows.parent == ROOT] - start_of(plan)) // DAY, 0, plan.days - 1), minlength=plan.days
    )
    base = np.maximum(storm.base * opened, 0.0)
    daily = rng.poisson(base * rng.gamma(storm.dispersion, 1 / storm.dispersion, plan.days))
    at = start_of(plan) + np.repeat(np.arange(plan.days), daily) * DAY + rng.integers(0, DAY, int(daily.sum()))
    author = rng.choice(members.of(TROLL), len(at))
    parts = [_under_posts(author, at, posts)]
    excess = pulse(plan, storm, float(base.mean()))
    parts.append(
        _arranged(plan, storm, excess, posts, members, rng)
        if storm.organised
        else _by_chance(plan, excess, posts, members, rng)
    )
    return together(parts)


def pulse(plan: Plan, storm: Storm, base_a_day: float) -> Rates:
    """Hate expected on each day beyond the base: so many times it at first, half as much after each half-life."""
    since = np.arange(plan.days) - (plan.days if storm.day is None else storm.day)
    height = max(base_a_day, LEAST_A_DAY) * (storm.times - 1)
    on = (since >= 0) & (since < HALF_LIVES * storm.half_life)
    return np.where(on, height * 0.5 ** (np.maximum(since, 0) / storm.half_life), 0.0)


def _by_chance(
    plan: Plan,
    excess: Rates,
    posts: Posts,
    members: Members,
    rng: np.random.Generator,
) -> Comments:
    daily = rng.poisson(excess)
    n = int(daily.sum())
    at = start_of(plan) + np.repeat(np.arange(plan.days), daily) * DAY + rng.integers(7 * 3600, DAY, n)
    crowd = members.of(CASUAL)
    author = np.where(rng.random(n) < TROLLS, rng.choice(members.of(TROLL), n), rng.choice(crowd, n))
    return _under_posts(author, at, posts)


def _arranged(
    plan: Plan,
    storm: Storm,
    excess: Rates,
    posts: Posts,
    members: Members,
    rng: np.random.Generator,
) -> Comments:
    """Haters agree on a moment: within one window most of them write under the same post."""
    haters = members.of(HATER)
    windows = np.round(excess / (PRESENT * len(haters))).astype(np.int64)
    if storm.day is not None:
        first = slice(int(storm.day), int(storm.day) + max(1, round(storm.half_life)))
        windows[first] = np.maximum(windows[first], 1)
    opening = start_of(plan) + np.repeat(np.arange(plan.days), windows) * DAY
    opening = opening + rng.integers(9 * 3600, 23 * 3600, len(opening))
    window, who = np.nonzero(rng.random((len(opening), len(haters))) < PRESENT)
    at = opening[window] + rng.integers(0, int(storm.window_minutes * 60), len(window))
    target = _under_posts(haters[who], opening[window], posts)
    return Comments(target.author, target.post, target.parent, np.maximum(at, target.at), target.intent)


def _under_posts(author: Ints, at: Ints, posts: Posts) -> Comments:
    """Under the newest post of the moment."""
    post = np.maximum(np.searchsorted(posts.at, at, side="right") - 1, 0)
    at = np.maximum(at, posts.at[post] + 60)
    return Comments(author, post, np.full(len(at), ROOT), at, np.full(len(at), CODE["hate"]))


def support(plan: Plan, posts: Posts, rows: Comments, members: Members) -> Comments:
    """Fans who see hate and take the creator's side, more of them the more they wrote before.

    P(supports | a crisis seen) = 1 / (1 + e^-(b0 + past commitment)); half answer a hateful comment, half the post.
    """
    storm = plan.storm
    if storm is None:
        return nothing()
    rng = stream(plan.seed, "support")
    hateful = np.flatnonzero(rows.intent == CODE["hate"])
    fans = members.of(FAN)
    answered = hateful[rng.random(len(hateful)) < ONGOING]
    parts = [_beside(rng.choice(fans, len(answered)), answered, rows, rng)]
    if storm.day is not None and storm.support:
        begun = start_of(plan) + int(storm.day * DAY)
        crisis = hateful[(rows.at[hateful] >= begun) & (rows.at[hateful] < begun + 4 * storm.half_life * DAY)]
        writers = supporters(plan, rows, members, begun, rng)
        if len(crisis) and len(writers):
            writers = np.repeat(writers, rng.choice([1, 2, 3], len(writers), p=[0.6, 0.3, 0.1]))
            chosen = np.sort(rng.choice(crisis, len(writers)))
            parts.append(_beside(writers, chosen, rows, rng))
    made = together(parts)
    around = members.active(made.author, made.at) & (made.at < end_of(plan))
    return made.take(np.flatnonzero(around))


def supporters(plan: Plan, rows: Comments, members: Members, begun: int, rng: np.random.Generator) -> Ints:
    """Which fans take the creator's side in a crisis that began at `begun`."""
    assert plan.storm is not None  # noqa: S101
    fans = members.of(FAN)
    fans = fans[members.active(fans, np.full(len(fans), begun))]
    before = np.bincount(rows.author[(rows.at < begun) & (rows.author != CREATOR)], minlength=len(members))[fans]
    past = np.log1p(before)
    past = (past - past.mean()) / (past.std() or 1.0)
    chance = 1 / (1 + np.exp(-(np.log(plan.storm.support / (1 - plan.storm.support)) + past)))
    found: Ints = fans[rng.random(len(fans)) < chance]
    return found


def _beside(author: Ints, hateful: Ints, rows: Comments, rng: np.random.Generator) -> Comments:
    at = later(rows.at[hateful], rng, 150.0)
    parent = np.where(rng.random(len(author)) < 0.5, hateful, ROOT)
    return Comments(author, rows.post[hateful], parent, at, np.full(len(author), CODE["support"]))
