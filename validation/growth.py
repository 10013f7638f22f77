"""Jumps of followers on series whose purchases were planted: what is found, and what is taken for one and is none.

    python -m validation.growth

A year of daily counts: growth of about .12 % a day that varies by its day of the week and from day to day (lognormal,
sd .6), four honest events a year that bring followers and engagement together and die away within days, one giveaway
that is logged, days whose count is missing, and engagement of its own noise (lognormal, sd .4). Purchased followers
come on one day, over five or over thirty, and a third of them leave within two months. A third of the creators lose
followers on some days. How things are done was chosen on the first fifty development seeds; the rows are of the other
fifty.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from seguito.kit.intervals import counted_rate
from seguito.measures.growth_around import Around
from seguito.measures.growth_jumps import jumps
from seguito.measures.growth_levels import rises
from seguito.measures.growth_planted import shared
from seguito.measures.growth_series import Growth
from validation.table import Reached, counted, span

DAYS = 365
DEVELOPMENT = range(100)
# How things are done was chosen on these.
CHOSEN_ON = range(50)
SIZES = (0.02, 0.05, 0.10, 0.20)
SPREADS = (1, 5, 30)
# Purchases over more days than these are looked for among slow rises, too.
SHORT = 7
# What recall is asked for, by the days over which the followers come, from five in a hundred on.
GOALS = {1: 0.95, 30: 0.90}
GOAL_FROM = 0.05
JUMP, SLOW = "growth jump", "slow purchase"
HERE = "planted into simulated years"
FEW_A_DAY = "few purchases; the rest fall on honest waves, or on days when the few likes and comments rose by chance"
UNLOGGED = "what nobody logged and nobody wrote under stays unexplained, as it should"
BEST = "Stringhini 2013 (other features)"

# First and last days: of jumps, and of slow rises.
Spans = tuple[list[tuple[int, int]], list[tuple[int, int]]]


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


def _unexplained(one: Year) -> Spans:
    """The days of the jumps and of the slow rises that nothing explains."""
    fast = [(jump.first, jump.last) for jump in jumps(one.growth, one.around) if not jump.why]
    slow = [(rise.first, rise.last) for rise in rises(one.growth, one.around) if not rise.why]
    return fast, slow


def _false(seeds: Sequence[int], data: str, *, events: int, giveaway: bool) -> Iterator[Reached]:
    """What is called unexplained in years in which nothing was bought."""
    found = [_unexplained(year(seed, events=events, giveaway=giveaway)) for seed in seeds]
    yield from _rates(found, data, seeds)


def _rates(found: Sequence[Spans], data: str, seeds: Sequence[int], note: str = "") -> Iterator[Reached]:
    years = len(found) * DAYS / 365.25
    asked = ((JUMP, "false jumps a year", 0.5), (SLOW, "false slow rises a year", 0.2))
    for at, (detector, metric, goal) in enumerate(asked):
        n = sum(len(one[at]) for one in found)
        row = Reached(detector=detector, data=data, metric=metric, value=n / years, unit="a_year", sign="at_most")
        limits = counted_rate(n, years)
        interval = (limits.lo, limits.hi) if limits else None
        row = replace(row, goal=goal, interval=interval, n=len(found), n_unit="years", seeds=span(seeds))
        yield replace(row, note=note if n else "")


def _honest(seeds: Sequence[int]) -> Reached:
    """Of the jumps of honest events, the share that stays unexplained."""
    left = every = 0
    for seed in seeds:
        lively = year(seed)
        mine = [one for one in jumps(lively.growth, lively.around) if _overlaps(one.first, one.last, lively.honest)]
        every += len(mine)
        left += sum(not one.why for one in mine)
    metric = "honest jumps left unexplained"
    row = Reached(detector=JUMP, data=f"{HERE}: honest events", metric=metric, value=None, sign="at_most")
    return counted(left, every, replace(row, n_unit="jumps", seeds=span(seeds)))


def _recall(seeds: Sequence[int], size: float, spread: int) -> Reached:
    """How many purchases are found: by a jump on one of their days, or a slow rise that holds half of them.

    A rise counts only where the same year without the purchase shows none there.
    """
    hits = 0
    for seed in seeds:
        plain = year(seed)
        bought = (day := _day(seed, plain.honest, spread), day + spread - 1)
        fast, slow = _unexplained(year(seed, bought=(day, size, spread)))
        hit = _overlaps(*bought, fast)
        if spread > SHORT and not hit:
            hit = _holds(slow, bought) and not _holds(_unexplained(plain)[1], bought)
        hits += hit
    goal = GOALS.get(spread) if size >= GOAL_FROM else None
    data = f"{HERE}: {size:.0%} bought over {spread} day{'s' if spread > 1 else ''}"
    detector = SLOW if spread > SHORT else JUMP
    row = Reached(detector=detector, data=data, metric="recall", value=None, goal=goal, seeds=span(seeds), best=BEST)
    return counted(hits, len(seeds), replace(row, note=_note(size, spread) if hits < len(seeds) else ""))


def _note(size: float, spread: int) -> str:
    if size < GOAL_FROM and spread > 1:
        return "so few a day are not seen, and the report says so"
    return "the rest falls on days on which people did much more by chance" if spread == 1 else ""


def _holds(found: Iterable[tuple[int, int]], bought: tuple[int, int]) -> bool:
    return any(2 * shared(one, bought) >= bought[1] - bought[0] + 1 for one in found)


# -- worlds of the simulator ----------------------------------------------------------------------------------------


def _world(name: str, seed: int) -> tuple[Year, list[tuple[int, int, float]]]:
    """A simulated world's daily counters, and what was bought in it: first day, days, share of the followers then."""
    from seguito.simulate import bluesky
    from seguito.simulate.community import simulate
    from seguito.simulate.scenarios import planned
    from seguito.simulate.truth import truth

    made = simulate(planned(name, seed=seed, comments=1_000, release=seed not in DEVELOPMENT))
    told = bluesky.counters(made).to_pydict()
    days = np.array([_number(day) for day in told["date"]], dtype=np.int64)
    engagement = np.full(int(days[-1] - days[0]) + 1, np.nan)
    engagement[days - days[0]] = np.array(told["likes"]) + np.array(told["comments"])
    causes = {int(day): frozenset({kind}) for day, kind in zip(days, told["cause"], strict=True) if kind}
    growth = Growth(days, np.array(told["followers"], dtype=np.float64))
    bought = [
        (_number(date.fromisoformat(one["day"])), one["days"], one["share_of_followers_before"])
        for one in truth(made).get("purchases", ())
    ]
    return Year(growth, Around(engagement, int(days[0]), causes), ()), bought


def _number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _simulated(seeds: Sequence[int]) -> Iterator[Reached]:
    """Purchases of scenario S1 by how long they took, and what is unexplained where nothing was bought."""
    hits: dict[int, list[bool]] = {days: [] for days in SPREADS}
    for seed in seeds:
        world, bought = _world("S1", seed)
        fast, slow = _unexplained(world)
        for first, days, share in bought:
            # Whoever comes in the evening is counted on the next day.
            span_of = (first, first + days)
            hit = _overlaps(*span_of, fast) or (days > SHORT and _holds(slow, span_of))
            if share >= GOAL_FROM:
                hits[days].append(hit)
    for days, found in hits.items():
        data = f"simulated S1: {GOAL_FROM:.0%} or more bought over {days} day{'s' if days > 1 else ''}"
        detector = SLOW if days > SHORT else JUMP
        row = Reached(detector=detector, data=data, metric="recall", value=None, goal=GOALS.get(days), best=BEST)
        row = replace(row, seeds=span(seeds), n_unit="purchases", note="" if all(found) else FEW_A_DAY)
        yield counted(sum(found), len(found), row)
    for name, note in (("S0", ""), ("S3", UNLOGGED)):
        found_there = [_unexplained(_world(name, seed)[0]) for seed in seeds]
        yield from _rates(found_there, f"simulated {name}: nothing bought", seeds, note)


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """The figures about growth, on those of the seeds on which nothing was chosen; fifty take ten seconds."""
    del release  # the seeds say it
    chosen = [one for one in seeds if one not in CHOSEN_ON] or list(seeds)
    found = [
        *_false(chosen, f"{HERE}: nothing happens", events=0, giveaway=False),
        *_false(chosen, f"{HERE}: honest events", events=4, giveaway=True),
        _honest(chosen),
        *(_recall(chosen, size, spread) for spread in SPREADS for size in SIZES),
        *_simulated(chosen),
    ]
    yield from (replace(row, command="python -m validation.growth") for row in found)


def _told(row: Reached) -> str:
    reached = "-" if row.value is None else f"{row.value:.2f}"
    limits = f"{row.interval[0]:.2f}-{row.interval[1]:.2f}" if row.interval else "-"
    goal = "" if row.goal is None else f"goal {'>=' if row.sign == 'at_least' else '<='} {row.goal}"
    return f"{row.detector:14} {row.data:46} {row.metric:30} {reached}  {limits:10} n={row.n} {goal}".rstrip()


if __name__ == "__main__":
    for line in rows(CHOSEN_ON if "--chosen-on" in sys.argv[1:] else DEVELOPMENT):
        sys.stdout.write(_told(line) + "\n")
