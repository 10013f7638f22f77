"""A series of follower counts as the growth of each day, and what is usual in it.

Growth is compared as a logarithm, where days vary by a factor rather than by a number: on the growth itself the usual
rule of three deviations calls every good day of a healthy account a jump. Where followers were lost, asinh stands in
for the logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]
Found = npt.NDArray[np.bool_]

WEEK = 7
# A longer gap between two counts says too little of any day in it.
LONGEST_GAP = 7
# The level of a day is the median of the half-year around it: growth slows down over the years.
AROUND = 90
# Below so small a rate all days without growth look alike.
LEAST_RATE = 1e-5
# Weekdays seen less often say nothing of themselves.
LEAST_WEEKDAYS = 8
NORMAL = 1.4826
# Where more than half of all values are the same, the median deviation is 0 and the mean one stands in for it.
NORMAL_MEAN = 1.2533


@dataclass(frozen=True)
class Growth:
    """A series of follower counts as the steps from each count to the next.

    Attributes:
        days: the day of each count (days since 1970), each once, in order.
        followers: the count.
    """

    days: Days
    followers: Numbers

    @cached_property
    def gap(self) -> Days:
        """Days from one count to the next."""
        return np.diff(self.days)

    @cached_property
    def change(self) -> Numbers:
        """Followers from one count to the next."""
        return np.diff(self.followers)

    @cached_property
    def usable(self) -> Found:
        """Steps that say something of a day: from some followers, over a week at most."""
        found: Found = (self.gap <= LONGEST_GAP) & (self.followers[:-1] > 0)
        return found

    @cached_property
    def rate(self) -> Numbers:
        """Growth a day, as a share of the count before: a step over k days counts as k equal ones."""
        return self.change / self.gap / np.maximum(self.followers[:-1], 1.0)

    @cached_property
    def first(self) -> Days:
        """The first day each step speaks of."""
        return self.days[1:] - self.gap + 1

    @property
    def last(self) -> Days:
        """The last day each step speaks of."""
        return self.days[1:]

    @cached_property
    def usual_change(self) -> Numbers:
        """Followers that each step would usually bring; below 0 where they usually leave."""
        found: Numbers = self.baseline.usual() * self.gap * self.followers[:-1]
        return found

    @cached_property
    def unit(self) -> Numbers:
        """Followers that each step is told in multiples of: the usual, and one a day at least.

        Where some days lose followers the usual may be nothing or less: then no less than what the days vary by.
        """
        varied = self.baseline.scale * self.gap * self.followers[:-1]
        found: Numbers = np.maximum(np.maximum(self.usual_change, varied), self.gap)
        return found

    @property
    def watched(self) -> int:
        """Days that usable steps speak of."""
        return int(self.gap[self.usable].sum())

    @cached_property
    def baseline(self) -> Baseline:
        """What is usual in this series."""
        return Baseline.of(self)


@dataclass(frozen=True)
class Baseline:
    """What is usual in a series: on which scale its steps are compared, and where they usually lie.

    Attributes:
        scale: of asinh; 0 where no step is a loss or nothing, and logarithms are taken.
        middle: what asinh is taken around, the usual growth, so that as much more and as much less weigh alike.
        weekday: what the days of the week of each step add to its level.
        level: the usual level of each step, its days of the week included.
        spread: the robust standard deviation of levels around it.
    """

    scale: float
    middle: float
    weekday: Numbers
    level: Numbers
    spread: float

    @classmethod
    def of(cls, growth: Growth) -> Baseline:
        """The baseline of a series."""
        rates = growth.rate[growth.usable]
        has_loss = bool((rates <= 0).any())
        middle = float(np.median(rates)) if has_loss else 0.0
        scale = (_spread(rates - middle) or 1.0) if has_loss else 0.0
        blank = cls(scale, middle, np.zeros(0), np.zeros(0), 0.0)
        shown = blank.shown(growth.rate)
        weekday = _weekdays(growth, shown)
        level = _around(growth, shown - weekday) + weekday
        return cls(scale, middle, weekday, level, _spread((shown - level)[growth.usable]))

    def shown(self, rates: Numbers) -> Numbers:
        """Rates on the scale on which they are compared: logarithms, or asinh where followers were lost."""
        if self.scale > 0:
            return np.arcsinh((rates - self.middle) / self.scale)
        return np.log(np.maximum(rates, LEAST_RATE))

    def usual(self) -> Numbers:
        """The usual rate of each step."""
        return np.sinh(self.level) * self.scale + self.middle if self.scale > 0 else np.exp(self.level)

    def z(self, rates: Numbers) -> Numbers:
        """How far rates (the last axis runs over steps) lie above the usual, in robust standard deviations."""
        if self.spread == 0:
            return np.zeros_like(rates)
        found: Numbers = (self.shown(rates) - self.level) / self.spread
        return found


def _spread(deviations: Numbers) -> float:
    if not len(deviations):
        return 0.0
    sizes = np.abs(deviations)
    return float(NORMAL * np.median(sizes)) or float(NORMAL_MEAN * sizes.mean())


def _weekdays(growth: Growth, shown: Numbers) -> Numbers:
    """What the days of the week of each step add: medians of single days, less the median of all."""
    single = growth.usable & (growth.gap == 1)
    of_week = np.zeros(WEEK)
    for day in range(WEEK):
        mine = shown[single & (growth.last % WEEK == day)]
        if len(mine) >= LEAST_WEEKDAYS:
            of_week[day] = np.median(mine) - np.median(shown[single])
    spanned = growth.last[:, None] - np.arange(LONGEST_GAP)[None, :]
    inside = np.arange(LONGEST_GAP)[None, :] < growth.gap[:, None]
    found: Numbers = np.where(inside, of_week[spanned % WEEK], 0.0).sum(axis=1) / inside.sum(axis=1)
    return found


def _around(growth: Growth, shown: Numbers) -> Numbers:
    """The median of the usable steps within `AROUND` days of each step."""
    days, values = growth.last[growth.usable], shown[growth.usable]
    lo = np.searchsorted(days, growth.last - AROUND)
    hi = np.searchsorted(days, growth.last + AROUND, side="right")
    return np.array([np.median(values[a:b]) if b > a else np.nan for a, b in zip(lo, hi, strict=True)])
