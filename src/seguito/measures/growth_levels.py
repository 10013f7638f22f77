"""Slow changes of growth: weeks in a row with more followers than before, by an exact search for changes of level.

The best division of a series into stretches, each as near to its own mean as squares tell and each change at a price,
is found exactly by dynamic programming (Jackson and others 2005). PELT (Killick, Fearnhead & Eckley 2012) finds the
same division in less time; with a few hundred weeks the plain way takes milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seguito.measures.growth_jumps import DEFAULTS, NORMAL, WEEK, Around, Days, Defaults, Growth, Numbers, Why

# A stretch is at least so many weeks long.
SHORTEST = 2
# A week of which fewer days are known is left out.
LEAST_DAYS = 3
# What people did is compared over the first month of a rise: afterwards it is the new usual.
MONTH = 30


@dataclass(frozen=True, slots=True)
class Rise:
    """Weeks in a row in which more followers came than in those before.

    Attributes:
        first: its first day.
        last: its last day.
        gain: followers beyond what the weeks before would have brought.
        why: what explains it; empty where nothing does.
    """

    first: int
    last: int
    gain: float
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Weeks:
    """A series week by week.

    Attributes:
        first: the first day of each week that is known.
        of_step: which week each step belongs to; -1 where its week is left out.
        weight: days each step counts for.
    """

    first: Days
    of_step: Days
    weight: Numbers

    @classmethod
    def of(cls, growth: Growth) -> Weeks:
        """The weeks of a series, counted from its first day."""
        begin = int(growth.days[0]) + 1
        raw = (growth.last - begin) // WEEK
        weight = np.where(growth.usable, growth.gap, 0).astype(np.float64)
        known = np.bincount(raw, weight, minlength=int(raw.max(initial=-1)) + 1) >= LEAST_DAYS
        number = np.where(known, np.cumsum(known) - 1, -1)
        return cls(begin + WEEK * np.flatnonzero(known), number[raw], weight)

    def means(self, values: Numbers) -> Numbers:
        """Weekly means; the last axis of `values` runs over steps."""
        inside = self.of_step >= 0
        spread = np.zeros((len(self.of_step), len(self.first)))
        spread[np.flatnonzero(inside), self.of_step[inside]] = self.weight[inside]
        found: Numbers = np.nan_to_num(values) @ (spread / spread.sum(axis=0))
        return found


def calm(growth: Growth, rates: Numbers, k: float) -> Numbers:
    """Rates as they are compared, less what the day of the week adds, with jumps brought back to the usual."""
    base = growth.baseline
    shown, level = base.shown(rates) - base.weekday, base.level - base.weekday
    found: Numbers = np.where(base.z(rates) > k, level, shown)
    return found


def scale_of(means: Numbers) -> float:
    """The noise of one week, told by the differences of weeks in a row."""
    steps = np.abs(np.diff(means))
    return float(NORMAL * np.median(steps) / math.sqrt(2)) if len(steps) else 0.0


def stretches(series: Numbers, price: float) -> list[list[int]]:
    """Where the stretches of the best division of each row begin.

    Args:
        series: one series a row, on the scale of its own noise.
        price: what each change costs, in squares.
    """
    rows, n = series.shape
    sums = np.hstack([np.zeros((rows, 1)), np.cumsum(series, axis=1)])
    squares = np.hstack([np.zeros((rows, 1)), np.cumsum(series * series, axis=1)])
    best = np.full((rows, n + 1), np.inf)
    best[:, 0] = -price
    came = np.zeros((rows, n + 1), dtype=np.int64)
    for end in range(SHORTEST, n + 1):
        starts = np.arange(0, end - SHORTEST + 1)
        total = sums[:, end, None] - sums[:, starts]
        cost = squares[:, end, None] - squares[:, starts] - total * total / (end - starts)
        whole = best[:, starts] + cost + price
        came[:, end] = starts[whole.argmin(axis=1)]
        best[:, end] = whole.min(axis=1)
    return [_walked(row, n) for row in came]


def _walked(came: Days, n: int) -> list[int]:
    begins, end = [], n
    while end > 0:
        end = int(came[end])
        begins.append(end)
    return begins[::-1]


def rises(growth: Growth, around: Around, how: Defaults = DEFAULTS) -> list[Rise]:
    """The slow rises of a series, in order."""
    if not growth.usable.any():
        return []
    weeks = Weeks.of(growth)
    means = weeks.means(calm(growth, growth.rate, how.k))
    noise = scale_of(means)
    if len(means) < 2 * SHORTEST or noise == 0:
        return []
    begins = stretches(means[None, :] / noise, how.penalty * math.log(len(means)))[0]
    ends = [*begins[1:], len(means)]
    found = []
    for at in range(1, len(begins)):
        before = means[begins[at - 1] : begins[at]].mean()
        if means[begins[at] : ends[at]].mean() > before:
            found.append(_rise(growth, weeks, (begins[at], ends[at]), float(before), around, how))
    return found


def _rise(growth: Growth, weeks: Weeks, span: tuple[int, int], before: float, around: Around, how: Defaults) -> Rise:
    first, last = int(weeks.first[span[0]]), int(weeks.first[span[1] - 1]) + WEEK - 1
    mine = (weeks.of_step >= span[0]) & (weeks.of_step < span[1]) & growth.usable
    mine &= growth.baseline.z(growth.rate) <= how.k  # jumps are told as jumps
    level = before + growth.baseline.weekday
    scale = growth.baseline.scale
    usual = np.sinh(level) * scale if scale > 0 else np.exp(level)
    gain = float((growth.change - usual * growth.gap * growth.followers[:-1])[mine].sum())
    month = min(last, first + MONTH - 1)
    why: Why = "cause" if around.caused(first - WEEK, month) else ""
    return Rise(first, last, gain, why or ("engagement" if around.lifted(first, month, how.factor) else ""))
