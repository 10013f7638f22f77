"""Days on which far more followers came than the days around them bring: found, joined, and explained or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from seguito.measures.growth_around import BEFORE, DEFAULTS, Around, Defaults, Why, times_usual
from seguito.measures.growth_series import Found, Growth, Numbers

# What is left of a jump is looked for after a month.
MONTH = 30


@dataclass(frozen=True, slots=True)
class Jump:
    """Days in a row, or nearly, on which far more followers came (or, of a drop, left) than usual.

    Attributes:
        first: the first day.
        last: the last day.
        steps: which steps of the series.
        gain: followers beyond the usual; below 0 for a drop.
        why: what explains it; empty where nothing does.
    """

    first: int
    last: int
    steps: tuple[int, ...]
    gain: float
    why: Why = ""


def far(growth: Growth, rates: Numbers, k: float) -> Found:
    """Which rates (the last axis runs over steps) are so far above the usual that they belong to a jump.

    Above the usual by `k` robust standard deviations, and by as many of those that a count of people has of itself:
    on a small account three people more are many times the usual, and chance.
    """
    people = growth.gap * growth.followers[:-1]
    chance = k * np.sqrt(np.maximum(growth.usual_change, 0.0) + 1)
    found: Found = (growth.baseline.z(rates) > k) & (rates * people - growth.usual_change > chance)
    return found & growth.usable


def jumps(growth: Growth, around: Around, how: Defaults = DEFAULTS) -> list[Jump]:
    """The jumps of a series, in order."""
    found = _joined(growth, far(growth, growth.rate, how.k), how.joined)
    first = np.array([one.first for one in found], dtype=np.int64)
    last = np.array([one.last for one in found], dtype=np.int64)
    times = times_usual(growth, growth.rate[None, :], first, last).tolist()
    why = (around.why(one.first, one.last, how, grown) for one, grown in zip(found, times, strict=True))
    return [replace(one, why=said) for one, said in zip(found, why, strict=True)]


def drops(growth: Growth, how: Defaults = DEFAULTS) -> list[Jump]:
    """Days on which far more followers left than usual."""
    left = growth.usual_change - growth.change
    is_far = (growth.baseline.z(growth.rate) < -how.k) & (growth.change < 0) & growth.usable
    chance = how.k * np.sqrt(np.abs(growth.usual_change) + 1)
    return _joined(growth, is_far & (left > chance), how.joined)


def _joined(growth: Growth, is_far: Found, joined: int) -> list[Jump]:
    groups: list[list[int]] = []
    for step in np.flatnonzero(is_far).tolist():
        if groups and growth.first[step] - growth.last[groups[-1][-1]] <= joined:
            groups[-1].append(step)
        else:
            groups.append([step])
    beyond = growth.change - growth.usual_change
    return [
        Jump(int(growth.first[one[0]]), int(growth.last[one[-1]]), tuple(one), float(beyond[one].sum()))
        for one in groups
    ]


def lost_after(growth: Growth, jump: Jump, others: Iterable[Jump]) -> float | None:
    """The share of a jump's followers that were gone again a month later; `None` where that was not counted.

    Gone is what lacks beside as many new followers a day as in the four weeks before the jump. Where another jump lies
    in that month, nothing tells the two apart.
    """
    month = (growth.first > jump.last) & (growth.last <= jump.last + MONTH)
    is_whole = bool(growth.usable[month].all()) and int(growth.gap[month].sum()) >= MONTH - 1
    alone = not any(one.first <= jump.last + MONTH and one.last > jump.last for one in others)
    before = (growth.last < jump.first) & (growth.last >= jump.first - BEFORE) & growth.usable
    before[[step for one in others for step in one.steps]] = False
    if not (is_whole and alone and before.any() and jump.gain > 0):
        return None
    a_day = float(growth.change[before].sum() / growth.gap[before].sum())
    expected = a_day * float(growth.gap[month].sum())
    return min(1.0, max(0.0, (expected - float(growth.change[month].sum())) / jump.gain))


def days_of(some: Sequence[Jump]) -> set[int]:
    """Every day of some jumps."""
    return {day for one in some for day in range(one.first, one.last + 1)}
