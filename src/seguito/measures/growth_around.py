"""What was seen around the growth of followers, and what of it explains that many came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from seguito.measures.growth_series import NORMAL, WEEK, Days, Found, Growth, Numbers

Why = Literal["cause", "engagement", ""]

# What people usually do is the median of four weeks.
BEFORE = 28
# Of these days so many must be known to say what is usual.
LEAST_BEFORE = 14
# Followers and what people did are counted at different hours, so that a day may fall on the next or the one before.
# One day alone is also lifted by half in one case of six by chance; three days together much more rarely.
ASIDE = 1
# What a cause brings dies away within two weeks.
LASTING = 14
# Of values that vary as they please, one in twenty lies so many standard deviations above their middle.
ONE_IN_TWENTY = 1.645


@dataclass(frozen=True, slots=True)
class Defaults:
    """What could be done differently.

    Attributes:
        k: how many robust standard deviations above the usual make a jump.
        joined: jumps at most so many days apart are one.
        factor: how many times the usual engagement explains one.
        carried: how many times the usual growth days as busy as the busiest of the four weeks before explain.
        penalty: what a change of level costs, in units of ln(weeks).
    """

    k: float = 3.5
    joined: int = 3
    factor: float = 1.5
    carried: float = 20.0
    penalty: float = 3.0

    def slowly(self, grown: float) -> float:
        """How many times the usual engagement explains a slow rise of `grown` times the usual growth."""
        return max(self.factor, (grown - 1) / self.carried)


DEFAULTS = Defaults()


@dataclass(frozen=True, slots=True)
class Around:
    """What people did day by day, and the causes of growth that were logged.

    Attributes:
        engagement: what people did each day, one number a day from `start` on; not a number where unknown.
        start: the day of the first number.
        causes: kinds of cause by the day they were logged.
    """

    engagement: Numbers = field(default_factory=lambda: np.zeros(0))
    start: int = 0
    causes: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def between(self, first: int, last: int) -> Numbers:
        """What people did on the known days from `first` to `last`."""
        lo, hi = max(0, first - self.start), max(0, last - self.start + 1)
        found = self.engagement[lo:hi]
        return found[np.isfinite(found)]

    def usual(self, first: int) -> float | None:
        """What people did on a usual day of the four weeks before `first`; `None` where too few days are known."""
        before = self.between(first - BEFORE, first - 1)
        if len(before) < LEAST_BEFORE:
            return None
        return float(np.median(before)) or float(before.mean())

    def tells(self, first: int, last: int) -> bool:
        """Whether it is known how much people did from `first` to `last` and before."""
        return self.usual(first - ASIDE) is not None and bool(len(self.between(first - ASIDE, last + ASIDE)))

    def caused(self, first: int, last: int) -> bool:
        """Whether a cause of growth was logged from `first` to `last`; a purge is none."""
        return any(self.causes.get(day, frozenset()) - {"purge"} for day in range(first, last + 1))

    def lifted(self, first: int, last: int, factor: float) -> bool:
        """Whether people did on average `factor` times the usual or more, from a day before to a day after.

        And more than the weeks before make likely: where people come and go, as many days in a row reach `factor` times
        the usual by themselves.
        """
        here, usual = self.between(first - ASIDE, last + ASIDE), self.usual(first - ASIDE)
        if not len(here) or not usual or here.mean() < factor * usual:
            return False
        before = np.log1p(self.alike(first, last))
        middle = float(np.median(before))
        return bool(np.log1p(here.mean()) > middle + ONE_IN_TWENTY * NORMAL * float(np.median(np.abs(before - middle))))

    def alike(self, first: int, last: int) -> Numbers:
        """What people did on average on as many days in a row, a week at most, of the four weeks before."""
        width = min(len(self.between(first - ASIDE, last + ASIDE)), WEEK)
        return _means(self.between(first - ASIDE - BEFORE, first - ASIDE - 1), width)

    def in_keeping(self, first: int, last: int, grown: float, carried: float) -> bool:
        """Whether what people did from `first` to `last` is in proportion to `grown` times the usual growth.

        The busiest days of the weeks before brought the usual growth and no jump: a post like theirs is no news.
        """
        busiest = max(float(self.alike(first, last).max()), self.usual(first - ASIDE) or 0.0)
        return float(self.between(first - ASIDE, last + ASIDE).mean()) >= busiest * (grown - 1) / carried

    def why(self, first: int, last: int, how: Defaults, grown: float) -> Why:
        """What explains that `grown` times as many came from `first` to `last` as usual.

        A cause that was logged explains any number; what people did explains only what it is in keeping with:
        news moves both by the people it reaches. How many of those go on to follow differs from news to news, and the
        proportion is therefore asked for roughly.
        """
        if self.caused(first - how.joined, last + 1):
            return "cause"
        is_lifted = self.lifted(first, last, how.factor) and self.in_keeping(first, last, grown, how.carried)
        return "engagement" if is_lifted else ""

    def excused(self, first: int, last: int, how: Defaults) -> Found:
        """For each day from `first` to `last`, whether something explains growth on it.

        A day is excused when people did much more on it, and on the days after that a jump would be joined with; or
        when a cause was logged no longer ago than what it brings lasts.
        """
        found = np.zeros(last - first + 1, dtype=np.bool_)
        for day in range(first, last + 1):
            if self.lifted(day, day, how.factor):
                found[day - first : day - first + how.joined + 1] = True
        for day, kinds in self.causes.items():
            if kinds - {"purge"}:
                found[max(0, day - how.joined - first) : max(0, day + LASTING + 1 - first)] = True
        return found


def times_usual(growth: Growth, rates: Numbers, first: Days, last: Days) -> Numbers:
    """How many times the usual growth there was on the days on which engagement is read for a jump.

    Args:
        growth: the series.
        rates: growth a day of each step; one row for each stretch, or one for all.
        first: the first day of each stretch.
        last: its last day.
    """
    inside = (growth.last >= first[:, None] - ASIDE) & (growth.first <= last[:, None] + ASIDE) & growth.usable
    beyond = rates * growth.gap * growth.followers[:-1] - growth.usual_change
    found: Numbers = 1 + np.where(inside, beyond, 0.0).sum(axis=1) / np.where(inside, growth.unit, 0.0).sum(axis=1)
    return found


def _means(values: Numbers, width: int) -> Numbers:
    """Means of as many values in a row."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    found: Numbers = (sums[width:] - sums[:-width]) / width
    return found
