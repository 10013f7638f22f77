"""Slow changes of growth: weeks in a row with more followers than before, by an exact search for changes of level.

The best division of a series into stretches, each as near to its own mean as squares tell and each change at a price,
is found exactly by dynamic programming (Jackson and others 2005). PELT (Killick, Fearnhead & Eckley 2012) finds the
same division in less time; with a few hundred weeks the plain way takes milliseconds.

Days that something explains are left out beforehand: weeks of news that brought followers and comments together would
look like a rise otherwise, and hide a purchase that follows them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from seguito.measures.growth_around import BEFORE, DEFAULTS, LEAST_BEFORE, Around, Defaults, Why
from seguito.measures.growth_jumps import MONTH
from seguito.measures.growth_series import NORMAL, WEEK, Days, Found, Growth, Numbers

# A stretch is at least so many weeks long: what lasts less is the echo of one event.
SHORTEST = 3
# A week of which fewer days are known is left out.
LEAST_DAYS = 3


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


@dataclass(frozen=True)
class Weeks:
    """A series week by week, of the days that nothing explains.

    Attributes:
        growth: the series.
        around: what may explain a day.
        how: what could be done differently.
    """

    growth: Growth
    around: Around
    how: Defaults = DEFAULTS

    @cached_property
    def excused(self) -> Found:
        """For each day from the first to the last, whether something explains growth on it."""
        return self.around.excused(int(self.growth.first.min()), int(self.growth.last.max()), self.how)

    @cached_property
    def weight(self) -> Numbers:
        """Days each step counts for: 0 where it says too little, or where something explains a day of it."""
        growth, begin = self.growth, int(self.growth.first.min())
        sums = np.concatenate([[0], np.cumsum(self.excused)])
        is_excused = sums[growth.last - begin + 1] > sums[growth.first - begin]
        return np.where(growth.usable & ~is_excused, growth.gap, 0).astype(np.float64)

    @cached_property
    def _numbered(self) -> tuple[Days, Days]:
        """The first day of each week that is known, and which of these weeks each step belongs to; -1 for none."""
        begin = int(self.growth.days[0]) + 1
        raw = (self.growth.last - begin) // WEEK
        known = np.bincount(raw, self.weight) >= LEAST_DAYS
        number = np.where(known, np.cumsum(known) - 1, -1)
        return begin + WEEK * np.flatnonzero(known), np.where(self.weight > 0, number[raw], -1)

    @property
    def first(self) -> Days:
        """The first day of each known week."""
        return self._numbered[0]

    @property
    def of_step(self) -> Days:
        """Which known week each step belongs to; -1 for none."""
        return self._numbered[1]

    def means(self, rates: Numbers) -> Numbers:
        """Weekly means of rates (the last axis runs over steps) as they are compared, jumps cut to where they begin."""
        base = self.growth.baseline
        shown = np.minimum(base.shown(rates), base.level + self.how.k * base.spread) - base.weekday
        spread = np.zeros((len(self.of_step), len(self.first)))
        inside = self.of_step >= 0
        spread[np.flatnonzero(inside), self.of_step[inside]] = self.weight[inside]
        found: Numbers = np.nan_to_num(shown) @ (spread / spread.sum(axis=0))
        return found

    def usual(self, first: int) -> float | None:
        """What people did on a usual day before `first`: the median of the last four weeks' worth of plain days.

        Days that something explains do not become the usual of the days after them, as long as it lasts.
        """
        begin = int(self.growth.first.min())
        plain = [day for day in range(begin, first) if not self.excused[day - begin]][-BEFORE:]
        known = np.concatenate([np.zeros(0), *(self.around.between(day, day) for day in plain)])
        return float(np.median(known)) if len(known) >= LEAST_BEFORE else None

    @cached_property
    def own(self) -> Numbers:
        """The weekly means of the series itself."""
        return self.means(self.growth.rate)

    @cached_property
    def noise(self) -> float:
        """The noise of one week, told by the differences of weeks in a row."""
        steps = np.abs(np.diff(self.own))
        return float(NORMAL * np.median(steps) / math.sqrt(2)) if len(steps) else 0.0

    @property
    def tell(self) -> bool:
        """Whether there are weeks enough to divide, and they differ at all."""
        return len(self.first) >= 2 * SHORTEST and self.noise > 0

    def raised(self, series: Numbers) -> list[list[tuple[int, int]]]:
        """For each row of weekly means, the stretches that lie above the one before and above the usual week.

        What only comes back from a dip is no rise: the stretch must lie above the median week by the noise of one.
        """
        found = []
        price = self.how.penalty * math.log(series.shape[1])
        for row, begins in zip(series, stretches(series / self.noise, price), strict=True):
            ends = [*begins[1:], len(row)]
            levels = [float(row[begin:end].mean()) for begin, end in zip(begins, ends, strict=True)]
            least = float(np.median(row)) + self.noise
            found.append(
                [
                    (begins[at], ends[at])
                    for at in range(1, len(begins))
                    if levels[at] > levels[at - 1] and levels[at] > least
                ]
            )
        return found


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
    weeks = Weeks(growth, around, how)
    if not weeks.tell:
        return []
    return [_rise(weeks, span) for span in weeks.raised(weeks.own[None, :])[0]]


def _rise(weeks: Weeks, span: tuple[int, int]) -> Rise:
    growth = weeks.growth
    first, last = int(weeks.first[span[0]]), int(weeks.first[span[1] - 1]) + WEEK - 1
    inside = (growth.first >= first) & (growth.last <= last) & growth.usable
    beyond = growth.change - growth.usual_change
    counted = inside & (weeks.weight > 0) & (growth.baseline.z(growth.rate) <= weeks.how.k)  # jumps are told as jumps
    return Rise(first, last, float(beyond[counted].sum()), _why(weeks, first, inside & (growth.last < first + MONTH)))


def _why(weeks: Weeks, first: int, inside: Found) -> Why:
    """Whether people did much more on the days that brought the rise, over its first month.

    Each day counts by the followers it brought beyond the usual: what dies away within days explains a rise though the
    weeks around it were quiet, and a lively day among thirty on which as many were bought does not. How many times the
    usual growth there was, which what people did must be in keeping with, is told over the same days, weighted alike.
    """
    growth, around = weeks.growth, weeks.around
    usual = weeks.usual(first)
    place = growth.last[inside] - around.start
    is_known = (place >= 0) & (place < len(around.engagement))
    did = around.engagement[place[is_known]]
    known = np.isfinite(did)
    beyond = np.maximum((growth.change - growth.usual_change)[inside], 0.0)[is_known][known]
    if not usual or beyond.sum() <= 0:
        return ""
    weight = beyond / beyond.sum()
    grown = 1 + float((weight * beyond / growth.unit[inside][is_known][known]).sum())
    return "engagement" if float((weight * did[known]).sum()) >= weeks.how.slowly(grown) * usual else ""
