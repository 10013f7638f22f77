"""Days on which far more followers came than the days around them bring: found, joined, and explained or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Days = npt.NDArray[np.int64]
Why = Literal["cause", "engagement", ""]

WEEK = 7
# A longer gap between two counts says too little of any day in it.
LONGEST_GAP = 7
# The level of a day is the median of the half-year around it: growth slows down over the years.
AROUND = 90
# Below so small a rate all days without growth look alike.
LEAST_RATE = 1e-5
BEFORE = 28
# Of the days before, so many must be known to say what is usual.
LEAST_BEFORE = 14
# Weekdays seen less often say nothing of themselves.
LEAST_WEEKDAYS = 8
NORMAL = 1.4826
# Where more than half of all values are the same, the median deviation is 0 and the mean one stands in for it.
NORMAL_MEAN = 1.2533


@dataclass(frozen=True, slots=True)
class Defaults:
    """What could be done differently.

    Attributes:
        k: how many robust standard deviations above the usual make a jump.
        joined: jumps at most so many days apart are one.
        factor: how many times the usual engagement explains one.
        penalty: what a change of level costs, in units of ln(weeks).
    """

    k: float = 3.5
    joined: int = 3
    factor: float = 1.5
    penalty: float = 3.0


DEFAULTS = Defaults()


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
    def usable(self) -> npt.NDArray[np.bool_]:
        """Steps that say something of a day: from some followers, over a week at most."""
        found: npt.NDArray[np.bool_] = (self.gap <= LONGEST_GAP) & (self.followers[:-1] > 0)
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
        weekday: what the days of the week of each step add to its level.
        level: the usual level of each step, its days of the week included.
        spread: the robust standard deviation of levels around it.
    """

    scale: float
    weekday: Numbers
    level: Numbers
    spread: float

    @classmethod
    def of(cls, growth: Growth) -> Baseline:
        """The baseline of a series."""
        rates = growth.rate[growth.usable]
        has_loss = bool((rates <= 0).any())
        scale = _spread(rates - np.median(rates)) if has_loss and len(rates) else 0.0
        blank = cls(scale if scale > 0 or not has_loss else 1.0, np.zeros(0), np.zeros(0), 0.0)
        shown = blank.shown(growth.rate)
        weekday = _weekdays(growth, shown)
        level = _around(growth, shown - weekday) + weekday
        return cls(blank.scale, weekday, level, _spread((shown - level)[growth.usable]))

    def shown(self, rates: Numbers) -> Numbers:
        """Rates on the scale on which they are compared: logarithms, or asinh where followers were lost."""
        if self.scale > 0:
            return np.arcsinh(rates / self.scale)
        return np.log(np.maximum(rates, LEAST_RATE))

    def usual(self) -> Numbers:
        """The usual rate of each step."""
        return np.sinh(self.level) * self.scale if self.scale > 0 else np.exp(self.level)

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


@dataclass(frozen=True, slots=True)
class Around:
    """What was seen around the growth of followers.

    Attributes:
        engagement: what people did each day, one number a day from `start` on; not a number where unknown.
        start: the day of the first number.
        causes: kinds of cause by the day they were logged.
    """

    engagement: Numbers = field(default_factory=lambda: np.zeros(0))
    start: int = 0
    causes: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anything tells how much people did."""
        return bool(np.isfinite(self.engagement).any())

    def between(self, first: int, last: int) -> Numbers:
        """What people did on the known days from `first` to `last`."""
        lo, hi = max(0, first - self.start), max(0, last - self.start + 1)
        found = self.engagement[lo:hi]
        return found[np.isfinite(found)]

    def caused(self, first: int, last: int) -> bool:
        """Whether a cause of growth was logged from `first` to `last`; a purge is none."""
        return any(self.causes.get(day, frozenset()) - {"purge"} for day in range(first, last + 1))

    def lifted(self, first: int, last: int, factor: float) -> bool:
        """Whether people did much more from `first` to `last` than in the four weeks before.

        On average `factor` times their median, and on one day more than on any of them: one day out of several is
        lifted that far by chance alone.
        """
        here, before = self.between(first, last), self.between(first - BEFORE, first - 1)
        if not len(here) or len(before) < LEAST_BEFORE:
            return False
        usual = float(np.median(before)) or float(before.mean())
        return usual > 0 and bool(here.mean() >= factor * usual and here.max() > before.max())

    def why(self, first: int, last: int, how: Defaults) -> Why:
        """What explains that many came from `first` to `last`."""
        if self.caused(first - how.joined, last + 1):
            return "cause"
        return "engagement" if self.lifted(first, last, how.factor) else ""


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


def jumps(growth: Growth, around: Around, how: Defaults = DEFAULTS) -> list[Jump]:
    """The jumps of a series, in order."""
    found = _joined(growth, growth.baseline.z(growth.rate) > how.k, how.joined)
    return [Jump(one.first, one.last, one.steps, one.gain, around.why(one.first, one.last, how)) for one in found]


def drops(growth: Growth, how: Defaults = DEFAULTS) -> list[Jump]:
    """Days on which far more followers left than usual."""
    return _joined(growth, (growth.baseline.z(growth.rate) < -how.k) & (growth.change < 0), how.joined)


def _joined(growth: Growth, is_far: npt.NDArray[np.bool_], joined: int) -> list[Jump]:
    groups: list[list[int]] = []
    for step in np.flatnonzero(is_far & growth.usable).tolist():
        if groups and growth.first[step] - growth.last[groups[-1][-1]] <= joined:
            groups[-1].append(step)
        else:
            groups.append([step])
    beyond = growth.change - growth.baseline.usual() * growth.gap * growth.followers[:-1]
    return [
        Jump(int(growth.first[one[0]]), int(growth.last[one[-1]]), tuple(one), float(beyond[one].sum()))
        for one in groups
    ]
