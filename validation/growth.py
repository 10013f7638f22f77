"""Jumps of followers on series whose purchases were planted: what is found, and what is taken for one and is none.

    python -m validation.growth

A year of daily counts: growth of about .12 % a day that varies by its day of the week and from day to day (lognormal,
sd .6), four honest events a year that bring followers and engagement together and die away within days, one giveaway
that is logged, days whose count is missing, and engagement of its own noise (lognormal, sd .4). Purchased followers
come on one day, over five or over thirty, and a third of them leave within two months. A third of the creators lose
followers on some days.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.measures.growth_jumps import Around, Growth, jumps
from seguito.measures.growth_levels import rises

DAYS = 365
DEVELOPMENT = range(100)
SIZES = (0.02, 0.05, 0.10, 0.20)
SPREADS = (1, 5, 30)
# How much later than the purchase began a slow rise may be found.
NEAR = 14


@dataclass(frozen=True)
class Year:
    """A year of one creator.

    Attributes:
        growth: the counts that were made.
        around: what was seen beside them.
        honest: first and last day of honest events and of the giveaway.
    """

    growth: Growth
    around: Around
    honest: tuple[tuple[int, int], ...]


def year(seed: int, *, bought: tuple[int, float, int] | None = None, events: int = 4, giveaway: bool = True) -> Year:
    """Simulate a year.

    Args:
        seed: of this world; the same seed with and without a purchase is the same world otherwise.
        bought: the day a purchase begins, its size as a share of the followers, and its number of days.
        events: how many honest events.
        giveaway: whether there is a giveaway, logged.
    """
    rng = np.random.default_rng(seed)
    rate = 0.0012 * np.exp(rng.normal(-0.18, 0.6, DAYS)) * (1 + 0.25 * np.sin(2 * np.pi * np.arange(DAYS) / 7))
    reactions = rng.lognormal(7, 0.4, DAYS)
    honest, causes = [], {}
    for number in range(events + giveaway):
        day = int(rng.integers(40, DAYS - 45))
        size, lasts = float(rng.lognormal(np.log(0.02), 0.5)), float(rng.uniform(2, 5))
        after = np.exp(-np.arange(DAYS - day) / lasts) / lasts
        rate[day:] += size * after
        if number < events:
            reactions[day:] *= 1 + 150 * size * after
        else:
            causes[day] = frozenset({"giveaway"})
        honest.append((day, day + int(3 * lasts)))
    if rng.random() < 1 / 3:
        rate -= 0.0008  # a slow churn that some days are not made up for
    counted = np.sort(rng.choice(DAYS, round(0.97 * DAYS), replace=False))
    if bought is not None:
        day, size, spread = bought
        rate[day : day + spread] += size / spread
        rate[day + spread : day + 60 + spread] -= size / 3 / 60
    followers = np.floor(np.exp(rng.uniform(np.log(1e4), np.log(1e6))) * np.cumprod(1 + rate))
    return Year(Growth(counted, followers[counted]), Around(reactions, 0, causes), tuple(honest))


def _overlaps(first: int, last: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(first <= end and last >= begin for begin, end in spans)


def _day(seed: int, honest: tuple[tuple[int, int], ...], spread: int) -> int:
    """A day for a purchase, away from honest events."""
    rng = np.random.default_rng([seed, 1])
    while True:
        day = int(rng.integers(60, DAYS - 65))
        if not _overlaps(day - 5, day + spread + 5, honest):
            return day


def _quiet(seeds: Iterable[int]) -> list[dict[str, Any]]:
    jumped, risen, honest_jumps, honest_left, honest_slow = [], [], 0, 0, []
    for seed in seeds:
        plain = year(seed, events=0, giveaway=False)
        jumped.append(sum(not one.why for one in jumps(plain.growth, plain.around)))
        risen.append(sum(not one.why for one in rises(plain.growth, plain.around)))
        lively = year(seed)
        found = jumps(lively.growth, lively.around)
        mine = [one for one in found if _overlaps(one.first, one.last, lively.honest)]
        honest_jumps += len(mine)
        honest_left += sum(not one.why for one in mine)
        honest_slow.append(sum(not one.why for one in rises(lively.growth, lively.around)))
    return [
        _row("false jumps a year, nothing happens", np.mean(jumped), "<=", 0.5, len(jumped)),
        _row("false slow rises a year, nothing happens", np.mean(risen), "<=", 0.2, len(risen)),
        _row("false slow rises a year, honest events", np.mean(honest_slow), "<=", 0.2, len(honest_slow)),
        _row("honest jumps left unexplained", honest_left / max(1, honest_jumps), "<=", 0.05, honest_jumps),
    ]


def _row(what: str, reached: Any, sign: str, goal: float | None, n: int) -> dict[str, Any]:
    return {
        "detector": "growth",
        "metric": what,
        "reached": round(float(reached), 3),
        "sign": sign,
        "goal": goal,
        "n": n,
    }


def _bought(seeds: npt.NDArray[np.int64], size: float, spread: int) -> float:
    hits = []
    for seed in seeds.tolist():
        day = _day(seed, year(seed).honest, spread)
        lively = year(seed, bought=(day, size, spread))
        span = [(day, day + spread - 1)]
        hit = any(not one.why and _overlaps(one.first, one.last, span) for one in jumps(lively.growth, lively.around))
        if spread > 5 and not hit:
            slow = rises(lively.growth, lively.around)
            hit = any(not one.why and abs(one.first - day) <= NEAR for one in slow)
        hits.append(hit)
    return float(np.mean(hits))


def run(seeds: Iterable[int] = DEVELOPMENT) -> list[dict[str, Any]]:
    """The rows of the validation table: what was asked, what was reached, the goal and on how many cases."""
    chosen = np.array(list(seeds), dtype=np.int64)
    found = _quiet(chosen.tolist())
    for spread in SPREADS:
        for size in SIZES:
            goal = {1: 0.95, 30: 0.9}.get(spread) if size >= 0.05 else None
            what = f"recall, {size:.0%} bought over {spread} day{'s' if spread > 1 else ''}"
            found.append(_row(what, _bought(chosen, size, spread), ">=", goal, len(chosen)))
    return found


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(json.dumps(row) + "\n")
