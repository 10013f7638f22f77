"""Followers over time: ordinary growth and loss, honest waves, purchases; and how many there are on each day.

Members (`people.py`) are those who still follow when the world ends. Whoever came and left again before is here, with
two moments and no profile: nobody who lists followers at the end can see them, and every daily count has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seguito.simulate.cadence import DAY, Posts, end_of, pulse_posts, start_of
from seguito.simulate.plan import Plan
from seguito.simulate.scramble import Ints, stream

if TYPE_CHECKING:
    from seguito.simulate.people import Members

ORDINARY, BOUGHT_AND_GONE, WAVE = 0, 1, 2
REASONS = ("ordinary", "bought", "wave")
# Of a wave, the share that has left within two months.
LEAVING = {"viral": 0.1, "giveaway": 0.35}
CHURN_DAYS = 60
# A weekly rhythm of the gain, Thursday first as in days since 1970.
WEEK = np.array([1.0, 1.05, 1.1, 1.15, 0.9, 0.9, 0.9])


@dataclass(frozen=True, slots=True)
class Passing:
    """Followers who came and left again before the end.

    Attributes:
        joined, left: seconds since 1970.
        reason: ORDINARY, BOUGHT_AND_GONE or WAVE: how they came.
    """

    joined: Ints
    left: Ints
    reason: Ints

    def __len__(self) -> int:
        return len(self.joined)


def arrivals(plan: Plan, n: int, rng: np.random.Generator) -> Ints:
    """When `n` ordinary followers came: each day's gain is g·F·e^ε with a weekly rhythm; the rest were there before."""
    start = start_of(plan)
    noise = np.exp(rng.normal(-(plan.growth_sd**2) / 2, plan.growth_sd, plan.days))
    gain = plan.growth_a_day * noise * WEEK[(start // DAY + np.arange(plan.days)) % 7]
    size = np.cumprod(1 + gain)
    weight = np.concatenate([[1.0], size * gain / (1 + gain)])
    day = rng.choice(plan.days + 1, size=n, p=weight / weight.sum()) - 1
    within = start + day * DAY + rng.integers(6 * 3600, 24 * 3600, n)
    before = start - (rng.random(n) * 900 * DAY).astype(np.int64)
    return np.minimum(np.where(day < 0, before, within), end_of(plan) - 1)


def wave(plan: Plan, posts: Posts, number: int, joined: Ints) -> tuple[Ints, int]:
    """When the people of an honest wave came, and how many of them leave again.

    Args:
        plan: the plan.
        posts: the creator's posts.
        number: which of the plan's pulses.
        joined: when everyone else who follows came.
    """
    rng = stream(plan.seed, f"wave/{number}")
    pulse, post = plan.pulses[number], pulse_posts(plan, posts.at)[number]
    n = round(pulse.share * int((joined < posts.at[post]).sum()))
    at = posts.at[post] + 600 + (rng.exponential(pulse.lasts * DAY, n)).astype(np.int64)
    return np.minimum(at, end_of(plan) - 1), round(LEAVING[pulse.kind] * n)


def passing(plan: Plan, members: Members, waves: list[tuple[Ints, int]], bought: Ints) -> Passing:
    """Everyone who came and left: ordinary churn, part of each wave, part of what was bought.

    Args:
        plan: the plan.
        members: those who stayed.
        waves: of each pulse the moments of all who came, and how many of the last of them left.
        bought: when the bought who stayed came.
    """
    rng = stream(plan.seed, "passing")
    start, end = start_of(plan), end_of(plan)
    days = np.arange(plan.days)
    there = counted(members.joined[members.follows], start + days * DAY)
    leave = np.repeat(start + days * DAY, rng.poisson(plan.churn_a_day * there))
    leave = leave + rng.integers(0, DAY, len(leave))
    come = leave - 3600 - (rng.random(len(leave)) * 700 * DAY).astype(np.int64)
    parts = [(come, leave, np.full(len(come), ORDINARY))]
    gone = round(len(bought) * plan.bought_churn / (1 - plan.bought_churn))
    if gone:
        came = rng.choice(bought, gone)
        parts.append((came, _leaving(came, end, rng), np.full(gone, BOUGHT_AND_GONE)))
    for came, leaving in waves:
        some = came[len(came) - leaving :]
        parts.append((some, _leaving(some, end, rng), np.full(leaving, WAVE)))
    return Passing(*(np.concatenate(one).astype(np.int64) for one in zip(*parts, strict=True)))


def _leaving(came: Ints, end: int, rng: np.random.Generator) -> Ints:
    """Within sixty days of coming, and before the end."""
    span = np.maximum(np.minimum(CHURN_DAYS * DAY, end - came), 1)
    return came + np.maximum(1, (rng.uniform(0.03, 1.0, len(came)) * span)).astype(np.int64)


def counted(joined: Ints, moments: Ints) -> Ints:
    """How many of those who came were there at each moment."""
    return np.searchsorted(np.sort(joined), moments, side="right")


def noons(plan: Plan) -> Ints:
    """The noon of each day of the world: when followers are counted."""
    first, last = start_of(plan), end_of(plan) // DAY * DAY
    return np.arange(first, last + DAY, DAY) + DAY // 2


def daily_followers(plan: Plan, members: Members, gone: Passing) -> Ints:
    """Followers at the noon of each day."""
    at = noons(plan)
    joined = np.concatenate([members.joined[members.follows], gone.joined])
    return counted(joined, at) - counted(gone.left, at)


def purchases(plan: Plan, members: Members, gone: Passing, bought: Ints) -> list[dict[str, Any]]:
    """What was bought: when, over how many days, how many beside how many there were, and how many soon left.

    Args:
        plan: the plan.
        members: those who stayed.
        gone: those who left.
        bought: when the bought who stayed came.
    """
    left = gone.joined[gone.reason == BOUGHT_AND_GONE]
    n = len(bought) + len(left)
    if n == 0:
        return []
    begun = start_of(plan) + int(plan.bought_day * DAY)
    followers = np.concatenate([members.joined[members.follows], gone.joined])
    before = int((followers < begun).sum() - (gone.left < begun).sum())
    return [
        {
            "day": str(np.datetime64(begun // DAY, "D")),
            "days": plan.bought_days,
            "followers": n,
            "followers_before": before,
            "share_of_followers_before": round(n / before, 6) if before else None,
            "gone_within_60_days": len(left),
        }
    ]
