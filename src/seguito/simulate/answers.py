"""The creator's answers: what is worth one, and how many a day there is time for."""

from __future__ import annotations

import numpy as np

from seguito.simulate.cadence import DAY, Posts, end_of, quiet_times, start_of
from seguito.simulate.comments import CODE, CREATOR, INTENTS, WORRIES, Comments, awake, later
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Desk
from seguito.simulate.scramble import Ints


def answer(plan: Plan, posts: Posts, rows: Comments, rng: np.random.Generator) -> Comments:
    """The creator answers by choice (what it is), never in a silence, and only so many a day."""
    wanted = np.array([plan.answers.get("worry" if name == "worry_same" else name, 0.0) for name in INTENTS])
    parent = np.flatnonzero((rng.random(len(rows)) < wanted[rows.intent]) & (rows.author != CREATOR))
    if plan.desk is None:
        parent, at = _as_seen(plan, posts, rows, parent, rng)
    else:
        parent, at = worked(plan, plan.desk, rows.at, parent, rng)
    caring = np.isin(rows.intent[parent], WORRIES)
    intent = np.where(caring, CODE["creator_back"], CODE["creator"])
    return Comments(np.full(len(parent), CREATOR), rows.post[parent], parent, at, intent)


def _as_seen(plan: Plan, posts: Posts, rows: Comments, parent: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Each is answered some hours after it came; what is beyond a day's measure is never answered."""
    at = later(rows.at[parent], rng, 240.0)
    for _, begun, ended in quiet_times(plan, posts):
        silent = (at > begun + DAY // 2) & (at < ended)
        at = np.where(silent, awake(ended + rng.integers(1_800, 2 * DAY, len(at)), rng), at)
    order = np.argsort(at, kind="stable")
    parent, at = parent[order], at[order]
    _, first, place = np.unique(at // DAY, return_index=True, return_inverse=True)
    within = np.flatnonzero(np.arange(len(at)) - first[place] < plan.answers_a_day)
    return parent[within], at[within]


def worked(plan: Plan, desk: Desk, came: Ints, wanted: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """A queue worked through every day in working hours, in the desk's order; what waits too long is dropped.

    Args:
        plan: the plan.
        desk: load, order, hours, patience; the load says how many there is time for.
        came: when every comment came.
        wanted: numbers of those the creator would answer.
        rng: for the days' capacities and the moments.

    Returns:
        The numbers answered and when, in the order of the answers.
    """
    wanted = wanted[np.argsort(came[wanted], kind="stable")]
    times = came[wanted]
    first = start_of(plan)
    days = np.arange((end_of(plan) - first) // DAY + 1)
    close = first + days * DAY + int(desk.to_hour * 3600)
    arrived = np.searchsorted(times, close - int(rng.integers(300, 900)))
    a_day = capacity_a_day(plan, desk, len(wanted))
    capacity = np.round(a_day * rng.lognormal(0, 0.15, len(days)) + rng.uniform(-0.5, 0.5, len(days))).astype(np.int64)
    done: list[Ints] = []
    moments: list[Ints] = []
    waiting = np.zeros(0, dtype=np.int64)
    seen = 0
    for day, until in enumerate(arrived):
        waiting = np.concatenate([waiting, np.arange(seen, until)])
        seen = max(seen, int(until))
        waiting = waiting[times[waiting] > close[day] - int(desk.patience * DAY)]
        n = min(max(0, int(capacity[day])), len(waiting))
        now = waiting[:n] if desk.order == "oldest" else waiting[len(waiting) - n :][::-1]
        waiting = waiting[n:] if desk.order == "oldest" else waiting[: len(waiting) - n]
        opened = first + day * DAY + int(desk.from_hour * 3600)
        at = np.sort(rng.integers(opened, close[day], n))
        done.append(now)
        moments.append(np.maximum(at, times[now] + 60))
    return wanted[np.concatenate(done)], np.concatenate(moments)


def capacity_a_day(plan: Plan, desk: Desk, wanted: int) -> float:
    """How many answers there is time for on a day, when `wanted` would be answered over the whole world."""
    return max(0.5, wanted / plan.days / desk.load)
