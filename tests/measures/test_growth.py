"""Jumps and slow changes on series worked out by hand, and wrong ways of finding them that these cases catch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from seguito.measures import growth_around, growth_jumps, growth_levels, growth_series
from seguito.measures.growth_around import Around, Defaults
from seguito.measures.growth_jumps import Jump, drops, jumps, lost_after
from seguito.measures.growth_levels import SHORTEST, rises, stretches
from seguito.measures.growth_planted import shared, smallest
from seguito.measures.growth_series import Growth

# Growth goes round (-.2, 0, +.2) on the log scale, so that on every day of the week and in every half-year the median
# is 0 and the median deviation .2: a day is 3.5 deviations above the usual from 3.5 · 1.4826 · .2 = 1.0378 on.
SPREAD = 1.4826 * 0.2
ROUND = np.array([-0.2, 0.0, 0.2])


def series(
    logs: Mapping[int, float] | None = None,
    *,
    days: int = 364,
    rate: float = 0.001,
    size: float = 1e6,
    missing: tuple[int, ...] = (),
) -> Growth:
    """A count a day from day 0; growth is `rate` times the pattern, and on some days `exp(logs)` times `rate`."""
    growth = rate * np.exp(ROUND[np.arange(days) % 3])
    for day, log in (logs or {}).items():
        growth[day - 1] = rate * math.exp(log)
    followers = size * np.concatenate([[1.0], np.cumprod(1 + growth)])
    kept = np.setdiff1d(np.arange(days + 1), missing)
    return Growth(kept, followers[kept])


def did(lifted: Mapping[int, float] | None = None, *, days: int = 365, usual: float = 100.0) -> Around:
    """What people did: 100 every day, 90 on even and 110 on odd days of the month before, and as told on some days."""
    engagement = np.where(np.arange(days) % 2, usual + 10, usual - 10)
    for day, value in (lifted or {}).items():
        engagement[day] = value
    return Around(engagement, 0)


def spans(found: list[Jump]) -> list[tuple[int, int]]:
    return [(one.first, one.last) for one in found]


# -- jumps by hand --------------------------------------------------------------------------------------------------


def check_threshold() -> None:
    assert spans(jumps(series({180: 1.03}), Around())) == []
    assert spans(jumps(series({180: 1.05}), Around())) == [(180, 180)]
    # 3 · 1.4826 · .2 = .8896
    assert spans(jumps(series({180: 0.9}), Around(), Defaults(k=3.0))) == [(180, 180)]
    assert spans(jumps(series({180: 0.88}), Around(), Defaults(k=3.0))) == []


def check_joined() -> None:
    assert spans(jumps(series({180: 2.0, 183: 2.0}), Around())) == [(180, 183)]
    assert spans(jumps(series({180: 2.0, 184: 2.0}), Around())) == [(180, 180), (184, 184)]


def check_weekdays() -> None:
    # Every seventh day brings e times as many: a good day of the week is no jump.
    assert jumps(series(dict.fromkeys(range(7, 364, 7), 1.2)), Around()) == []


def check_causes() -> None:
    growth = series({180: 2.0})
    for day, why in ((176, ""), (177, "cause"), (181, "cause"), (182, "")):
        assert [one.why for one in jumps(growth, Around(causes={day: frozenset({"press"})}))] == [why], day
    assert jumps(growth, Around(causes={180: frozenset({"purge"})}))[0].why == ""


def check_engagement() -> None:
    growth = series({180: 2.0})
    # Day 179 is odd (110), 181 too: with 230 on day 180 the mean of three is 150, half as much again as the usual 100.
    assert jumps(growth, did({180: 231.0}))[0].why == "engagement"
    assert jumps(growth, did({180: 229.0}))[0].why == ""
    assert jumps(growth, did({182: 900.0}))[0].why == ""
    # With fewer than 14 of the 28 days before, nothing says what is usual.
    early = Around(np.full(200, 100.0), 179 - 13)
    assert not early.tells(180, 180)
    assert Around(np.full(200, 100.0), 179 - 14).tells(180, 180)


def check_proportion() -> None:
    # Growth of e^5 = 148.4 times the usual on day 180, and of 1 and e^-.2 = .82 times on the days beside it; followers
    # become 1.148 times as many, and so does the usual growth of day 181: (147.4 - .2) / 3.148 = 46.8 times the usual
    # beyond it. The busiest three days before brought (110 + 90 + 110) / 3 = 103.3. At twenty times for as busy days,
    # 103.3 · 46.8 / 20 = 241.7 are asked: 3 · 241.7 - 220 = 505 on the day. At ten, 1230; at forty, 150 are asked, half
    # as much again as usual: 230.
    growth = series({180: 5.0})
    for carried, least in ((10.0, 1230), (20.0, 505), (40.0, 230)):
        for value, why in ((least - 8.0, ""), (least + 8.0, "engagement")):
            found = jumps(growth, did({180: value}), Defaults(carried=carried))
            assert [one.why for one in found] == [why], (carried, value)
    # After a day of 900 two weeks before, which brought nobody, (110 + 900 + 110) / 3 · 46.8 / 20 = 874 are asked, 2400
    # on the day.
    for value, why in ((2350.0, ""), (2450.0, "engagement")):
        assert jumps(growth, did({166: 900.0, 180: value}))[0].why == why
    # A logged cause explains any number.
    assert jumps(growth, Around(causes={180: frozenset({"press"})}))[0].why == "cause"


def check_noise() -> None:
    # Where people come and go by fives, three days of half as much again are nothing new.
    wild = np.where(np.arange(365) % 10 < 5, 60.0, 160.0)
    wild[179:182] = 175.0
    assert jumps(series({180: 2.0}), Around(wild))[0].why == ""


def check_gaps() -> None:
    # Unknown days are no growth of zero, and what comes after them is no jump.
    growth = series(missing=(100, 101, 102, 103, 104, 200))
    assert jumps(growth, Around()) == []
    assert growth.watched == 364
    # A jump somewhere in three unknown days is one of those days.
    assert spans(jumps(series({101: 3.5}, missing=(100, 101)), Around())) == [(100, 102)]
    # Nothing is said of a gap of more than a week.
    long = series({105: 5.0}, missing=tuple(range(100, 107)))
    assert jumps(long, Around()) == []
    assert long.watched == 364 - 8


def check_small() -> None:
    # Three people on one day, where one came on every fourth, are fourteen deviations and chance.
    steps = (np.arange(200) % 4 == 0).astype(float)
    steps[100] = 3
    assert jumps(Growth(np.arange(201), 200 + np.concatenate([[0], np.cumsum(steps)])), Around()) == []
    steps[100] = 30
    bigger = Growth(np.arange(201), 200 + np.concatenate([[0], np.cumsum(steps)]))
    assert spans(jumps(bigger, Around())) == [(101, 101)]
    # Thirty people in three days are ten times the one a day that growth is told in: 1.6 times the usual is enough.
    assert jumps(bigger, did({101: 300.0}))[0].why == "engagement"


def check_losing() -> None:
    # An account that loses 40, 35 or 30 a day and, once, 20 had a good day, not a jump; gaining 1000 is one.
    steps = -np.array([40.0, 35.0, 30.0])[np.arange(300) % 3]
    for gain, found in ((-20.0, []), (1000.0, [(151, 151)])):
        steps[150] = gain
        growth = Growth(np.arange(301), 2e5 + np.concatenate([[0.0], np.cumsum(steps)]))
        assert spans(jumps(growth, Around())) == found
    # Days vary by some 1.4826 · 5 = 7 people, three of them by 21: the 1035 beyond the usual are 50 times that, for
    # which 50 / 20 of the busiest days, 103.3, are asked, 3 · 258 - 180 = 600 on the day.
    for value, why in ((500.0, ""), (700.0, "engagement")):
        assert jumps(growth, did({151: value}))[0].why == why


def check_drops() -> None:
    growth = series()
    followers = growth.followers.copy()
    followers[200:] *= 0.95
    fallen = drops(Growth(growth.days, followers))
    assert spans(fallen) == [(200, 200)]
    # What is lacking beside the usual growth of .1 %.
    before, after = growth.followers[199:201]
    assert fallen[0].gain == pytest.approx(0.95 * after - 1.001 * before, rel=0.001)


def check_churn() -> None:
    # Ten a day; a thousand more on day 100; then ten a day less four hundred spread over the month: .4 are gone.
    steps = np.full(200, 10.0) + ROUND[np.arange(200) % 3]
    steps[99] += 1000
    steps[100:130] -= 400 / 30
    growth = Growth(np.arange(201), 1e4 + np.concatenate([[0.0], np.cumsum(steps)]))
    found = jumps(growth, Around())
    assert spans(found) == [(100, 100)]
    assert found[0].gain == pytest.approx(1000, abs=1)
    assert lost_after(growth, found[0], found) == pytest.approx(0.4, abs=0.002)
    short = Growth(growth.days[:125], growth.followers[:125])
    assert lost_after(short, found[0], found) is None
    beside = Jump(110, 110, (109,), 50.0)
    assert lost_after(growth, found[0], [*found, beside]) is None


# -- slow changes by hand -------------------------------------------------------------------------------------------


def slow(first: int = 211, last: int = 245, log: float = 0.8, **options: Any) -> Growth:
    """Five weeks, from the first day of the 31st, of more than twice the usual growth, on the pattern."""
    return series({day: log + ROUND[(day - 1) % 3] for day in range(first, last + 1)}, **options)


def check_rises() -> None:
    found = rises(slow(), Around())
    assert [(one.first, one.last, one.why) for one in found] == [(211, 245, "")]
    # Thirty-five days, each (e^.8 - 1) = 1.2255 times .1 % of a million and a quarter more than usual.
    assert found[0].gain == pytest.approx(35 * 1.2255 * 0.001 * 1e6 * math.exp(0.23), rel=0.05)
    assert rises(series(), Around()) == []
    # What only comes back from a dip is none.
    assert rises(slow(log=-0.8), Around()) == []


def check_excused() -> None:
    # The same weeks with people about on every day are explained, though what they do becomes the usual meanwhile; with
    # one busy day they are not.
    assert [one.why for one in rises(slow(), did(dict.fromkeys(range(205, 246), 250.0)))] == ["engagement"]
    assert [one.why for one in rises(slow(), did({215: 900.0}))] == [""]
    # Sixty times the usual growth for weeks takes 59 / 20 times the usual engagement, a little more as the days differ.
    for value, why in ((280.0, ""), (350.0, "engagement")):
        found = rises(slow(log=math.log(60)), did(dict.fromkeys(range(205, 246), value)))
        assert [one.why for one in found] == [why], value
    # A campaign logged on each of its days explains them.
    logged = Around(causes=dict.fromkeys(range(211, 246), frozenset({"advert"})))
    assert rises(slow(), logged) == []
    assert len(rises(slow(), Around(causes=dict.fromkeys(range(211, 246), frozenset({"purge"}))))) == 1


CHECKS = [one for name, one in sorted(globals().items()) if name.startswith("check_")]


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.__name__)
def test_by_hand(check: Callable[[], None]) -> None:
    check()


def test_the_division_is_the_best_there_is() -> None:
    rng = np.random.default_rng(5)

    def cost(row: Any, begins: tuple[int, ...], price: float) -> float:
        ends = [*begins[1:], len(row)]
        if any(end - begin < SHORTEST for begin, end in zip(begins, ends, strict=True)):
            return math.inf
        parts = (row[begin:end] for begin, end in zip(begins, ends, strict=True))
        return sum(float(((part - part.mean()) ** 2).sum()) for part in parts) + price * (len(begins) - 1)

    for price in (0.5, 2.0, 6.0):
        rows = rng.normal(size=(6, 12)) + np.repeat([0.0, 2.0, -1.0], 4)
        for row, found in zip(rows, stretches(rows, price), strict=True):
            every = ((0, *some) for n in range(4) for some in itertools.combinations(range(1, 12), n))
            best = min(every, key=lambda begins: cost(row, begins, price))
            assert cost(row, tuple(found), price) == pytest.approx(cost(row, best, price))


# -- what would have been seen --------------------------------------------------------------------------------------


def test_the_smallest_purchase_by_hand() -> None:
    # Usual growth is 1 % a day: seen is e^1.0378 · 1 % = 2.82 % and more. A day of .82 % with 2 % more makes 2.819 %,
    # so that 2 % are missed on one day of three; 3 % are seen on all.
    growth = series(rate=0.01, days=250)
    assert smallest(growth, Around(), days=1, seed=1) == 0.03
    # Over five days a fifth of it comes each day: 5 · 1.82 % = 9.1 % are seen on the best of them, and 10 % are.
    # (On the best day of three in a row, of 1.22 %, 5 · 1.6 % = 8 % would do; 7.5 % would not.)
    assert smallest(growth, Around(), days=5, seed=1) == 0.10
    # Where every other week has a cause, nothing is found nine times in ten.
    busy = Around(causes={day: frozenset({"press"}) for day in range(0, 251, 14)})
    assert smallest(growth, busy, days=1, seed=1) is None


def test_what_would_explain_a_purchase_explains_a_small_one_only() -> None:
    # On one day in fourteen people did four times as much, twice as much on the three days around it, as busy as they
    # were two weeks before: that explains 20 times the usual growth beyond it, .3 % in three days, which are 6 %.
    growth, lively = series(), Around(np.where(np.arange(365) % 14, 100.0, 400.0), 0)
    assert smallest(growth, Around(), days=1, seed=1) == 0.005
    assert smallest(growth, lively, days=1, seed=1) == 0.075


def test_what_is_said_to_be_seen_is_seen() -> None:
    growth = series(days=364)
    size = smallest(growth, Around(), days=30, seed=3)
    assert size is not None
    added = np.zeros(len(growth.rate))
    added[200:230] = 1.25 * size / 30
    raised = Growth(growth.days, growth.followers[0] * np.concatenate([[1.0], np.cumprod(1 + growth.rate + added)]))
    slow_ones = [(one.first, one.last) for one in rises(raised, Around()) if not one.why]
    assert any(2 * shared(one, (201, 230)) >= 30 for one in slow_ones)


def test_stretches_share_days() -> None:
    assert [shared((1, 5), other) for other in ((5, 9), (6, 9), (2, 3), (0, 9))] == [1, 0, 2, 5]


# -- wrong ways -----------------------------------------------------------------------------------------------------


def _raw(base: Any, rates: Any) -> Any:
    return rates


def _filled(growth: Growth) -> Any:
    """Takes unknown days for days without growth: all of a step came on its last day."""
    return growth.change / np.maximum(growth.followers[:-1], 1.0)


def _any_day(around: Around, first: int, last: int, factor: float) -> bool:
    usual = around.usual(first)
    return bool(usual) and bool((around.between(first - 7, last + 7) >= factor * (usual or 0)).any())


def _never_noisy(around: Around, first: int, last: int, factor: float) -> bool:
    usual = around.usual(first - 1)
    return bool(usual) and bool(around.between(first - 1, last + 1).mean() >= factor * (usual or 0))


def _on_its_day(growth: Growth, rates: Any, first: Any, last: Any) -> Any:
    """Tells growth on the day of the jump alone, beside engagement on three."""
    found = (growth.last >= first[:, None]) & (growth.first <= last[:, None])
    return np.where(found, rates * growth.followers[:-1] / growth.unit, 0.0).sum(axis=1)


def _than_usual(around: Around, first: int, last: int, grown: float, carried: float) -> bool:
    """Asks for more than is usual, as if no post before had been a busy one."""
    return bool(around.between(first - 1, last + 1).mean() >= (around.usual(first - 1) or 0) * (grown - 1) / carried)


def _usual_alone(growth: Growth) -> Any:
    return np.maximum(growth.usual_change, 1.0)


MUTANTS: Mapping[str, tuple[Any, str, Any]] = {
    "compares growth itself, not its logarithm": (growth_series.Baseline, "shown", _raw),
    "takes unknown days for days without growth": (growth_series.Growth, "rate", property(_filled)),
    "does not know days of the week": (growth_series, "LEAST_WEEKDAYS", 10_000),
    "believes gaps of any length": (growth_series, "LONGEST_GAP", 100),
    "takes one lively day near by for an explanation": (growth_around.Around, "lifted", _any_day),
    "takes usual ups and downs for an explanation": (growth_around.Around, "lifted", _never_noisy),
    "lets what people did explain any number": (growth_around.Around, "in_keeping", lambda *_: True),
    "takes a post like any other for news": (growth_around.Around, "in_keeping", _than_usual),
    "lets what people did explain a rise of any size": (growth_around.Defaults, "slowly", lambda how, _: how.factor),
    "tells growth on other days than engagement": (growth_jumps, "times_usual", _on_its_day),
    "does not know what days vary by": (growth_series.Growth, "unit", property(_usual_alone)),
    "excuses no day of a rise": (growth_around.Around, "excused", lambda *a: np.zeros(a[2] - a[1] + 1, dtype=bool)),
    "calls coming back from a dip a rise": (growth_levels.np, "median", np.min),
    "takes three people for a jump": (growth_jumps.np, "sqrt", np.zeros_like),
    "waits a week for what is left": (growth_jumps, "MONTH", 7),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_way_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, wrong = MUTANTS[name]
    monkeypatch.setattr(where, what, wrong)
    caught = []
    for check in CHECKS:
        try:
            check()
        except (AssertionError, IndexError, ValueError):
            caught.append(check.__name__)
    assert caught
