"""How small a purchase of followers would have been seen in a series: purchases are planted into it and looked for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seguito.measures.growth_around import BEFORE, DEFAULTS, Around, Defaults, times_usual
from seguito.measures.growth_jumps import far
from seguito.measures.growth_levels import Weeks
from seguito.measures.growth_series import WEEK, Days, Found, Growth, Numbers

SIZES = (0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.10, 0.15, 0.20, 0.30, 0.50)
RECALL = 0.9
# Days on which purchases are planted, at most.
PLANTED = 200


def smallest(growth: Growth, around: Around, *, days: int, seed: int, how: Defaults = DEFAULTS) -> float | None:
    """The smallest purchase, as a share of the followers, that is seen in nine cases of ten; `None` where none is.

    Every size above it is seen as often, too. A purchase on days that something explains counts as not seen. The
    usual level and spread are the series' own: a purchase of a few days hardly moves them.

    Args:
        growth: the series.
        around: what may explain a jump.
        days: over how many days the followers come.
        seed: draws the days on which purchases are planted.
        how: what could be done differently.
    """
    starts = _starts(growth, days, seed)
    if not len(starts) or growth.baseline.spread == 0:
        return None
    added = _added(growth, starts, days)
    risen = _risen(Weeks(growth, around, how), starts, days) if days > WEEK else None
    held = None
    for size in reversed(SIZES):
        rates = growth.rate[None, :] + size * added
        hit = (far(growth, rates, how.k) & (added > 0)).any(axis=1)
        if risen is not None:
            hit |= risen(rates)
        if (hit & ~_blind(growth, around, rates, starts, days, how)).mean() < RECALL:
            break
        held = size
    return held


def _blind(growth: Growth, around: Around, rates: Numbers, starts: Days, days: int, how: Defaults) -> Found:
    """Which purchases something would explain, each on its own days."""
    times = times_usual(growth, rates, starts, starts + days - 1)
    why = (around.why(at, at + days - 1, how, grown) for at, grown in zip(starts.tolist(), times.tolist(), strict=True))
    return np.array([one != "" for one in why], dtype=np.bool_)


def _starts(growth: Growth, days: int, seed: int) -> Days:
    """Days on which a purchase can begin: after a first month, and such that all its days were counted."""
    covered = np.unique(np.concatenate([np.arange(a, b + 1) for a, b in _spans(growth)]) if growth.usable.any() else [])
    whole = set(covered.astype(np.int64).tolist())
    begin = int(growth.days[0]) + 1 + BEFORE
    fit = [day for day in sorted(whole) if day >= begin and all(day + n in whole for n in range(days))]
    rng = np.random.default_rng(seed)
    found = np.array(fit, dtype=np.int64)
    return found if len(found) <= PLANTED else np.sort(rng.choice(found, PLANTED, replace=False))


def _spans(growth: Growth) -> list[tuple[int, int]]:
    return list(zip(growth.first[growth.usable].tolist(), growth.last[growth.usable].tolist(), strict=True))


def _added(growth: Growth, starts: Days, days: int) -> Numbers:
    """The share of a purchase that each step gets, a day, for each start."""
    last = starts[:, None] + days - 1
    common = np.minimum(growth.last[None, :], last) - np.maximum(growth.first[None, :], starts[:, None]) + 1
    found: Numbers = np.maximum(common, 0) / days / growth.gap[None, :]
    return found


def _risen(weeks: Weeks, starts: Days, days: int) -> Callable[[Numbers], Found]:
    """Tells, for each planted series, whether half of the purchase lies in a rise that was not there before."""

    def held(raised: list[list[tuple[int, int]]]) -> Found:
        found = np.zeros(len(starts), dtype=np.bool_)
        for at, (some, start) in enumerate(zip(raised, starts.tolist(), strict=True)):
            spans = [(int(weeks.first[begin]), int(weeks.first[end - 1]) + WEEK - 1) for begin, end in some]
            found[at] = any(2 * shared(span, (start, start + days - 1)) >= days for span in spans)
        return found

    if not weeks.tell:
        return lambda rates: np.zeros(len(rates), dtype=np.bool_)
    already = held(weeks.raised(weeks.own[None, :]) * len(starts))
    return lambda rates: held(weeks.raised(weeks.means(rates))) & ~already


def shared(one: tuple[int, int], other: tuple[int, int]) -> int:
    """How many days two stretches share; each is its first and last day."""
    return max(0, min(one[1], other[1]) - max(one[0], other[0]) + 1)
