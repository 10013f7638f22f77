"""How small a purchase of followers would have been seen in a series: purchases are planted into it and looked for."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from seguito.measures.growth_jumps import BEFORE, DEFAULTS, WEEK, Around, Days, Defaults, Growth, Numbers
from seguito.measures.growth_levels import SHORTEST, Weeks, calm, scale_of, stretches

SIZES = (0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.10, 0.15, 0.20, 0.30, 0.50)
RECALL = 0.9
# Days on which purchases are planted, at most.
PLANTED = 200
# A rise counts as found when it begins so many days from the day the purchase began, at most.
NEAR = 2 * WEEK

Found = npt.NDArray[np.bool_]


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
    blind = np.array([around.why(int(one), int(one) + days - 1, how) != "" for one in starts])
    held = None
    for size in reversed(SIZES):
        rates = growth.rate[None, :] + size * added
        seen = (growth.baseline.z(rates) > how.k) & growth.usable & (added > 0)
        hit = seen.any(axis=1)
        if days > WEEK:
            hit |= _risen(growth, rates, starts, days, how)
        if (hit & ~blind).mean() < RECALL:
            break
        held = size
    return held


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


def _risen(growth: Growth, rates: Numbers, starts: Days, days: int, how: Defaults) -> Found:
    """For each planted series, whether a rise of level begins near the purchase."""
    weeks = Weeks.of(growth)
    means = weeks.means(calm(growth, rates, how.k))
    own = weeks.means(calm(growth, growth.rate, how.k))
    noise = scale_of(own)
    if len(own) < 2 * SHORTEST or noise == 0:
        return np.zeros(len(starts), dtype=bool)
    price = how.penalty * math.log(len(own))
    found = []
    for row, begins, start in zip(means, stretches(means / noise, price), starts.tolist(), strict=True):
        ends = [*begins[1:], len(row)]
        found.append(
            any(
                abs(int(weeks.first[begins[at]]) - start) <= NEAR
                and row[begins[at] : ends[at]].mean() > row[begins[at - 1] : begins[at]].mean()
                for at in range(1, len(begins))
            )
        )
    return np.array(found, dtype=bool)
