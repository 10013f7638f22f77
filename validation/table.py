"""The validation table: what one row is, and how rows become a page.

A module of this package measures one detector and offers `rows(seeds, *, release=False)`, which yields rows; `run.py`
names the modules. Rows of a module that does not exist yet are listed as not built.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from seguito.kit.intervals import wilson

Unit = Literal["share", "count", "a_year", "days", "points", "number"]
Sign = Literal["at_least", "at_most"]
State = Literal["not_reached", "reached", "no_goal", "not_built"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One figure of one detector in one scenario, beside its goal.

    Attributes:
        detector: what is tested, as a reader names it: "growth jump".
        data: where the figure comes from: "simulated S1: bought in one day, 5 %", or the name of a public data set.
        metric: what was counted: "recall", "false alarms a year", "coverage of the 95 % interval".
        value: what was reached; none where it was not measured, and `note` says why.
        unit: how `value`, `goal` and `interval` are written: a "share" is between 0 and 1 and shown in
            per cent, "points" are a share's difference, a "number" (an AUC, a ratio) stands as it is.
        sign: whether the goal is a floor or a ceiling.
        goal: what it should reach; none for figures that are only published.
        interval: 95 %, of `value` over the worlds; none where `n` says all.
        n: how many cases stand behind the figure.
        n_unit: what they are: "worlds", "years", "accounts".
        seeds: which worlds: "0-99"; empty for public data sets.
        best: the best figure published for the same or a near task, with its source; empty where none is known.
        note: why a goal is not reached, what makes the case hard, what the figure does not tell.
        command: what prints the figure again.
    """

    detector: str
    data: str
    metric: str
    value: float | None
    unit: Unit = "share"
    sign: Sign = "at_least"
    goal: float | None = None
    interval: tuple[float, float] | None = None
    n: int = 0
    n_unit: str = "worlds"
    seeds: str = ""
    best: str = ""
    note: str = ""
    command: str = ""

    @property
    def state(self) -> State:
        """Where the figure stands: judged by what was reached, not by the better end of its interval."""
        if self.value is None:
            return "not_built"
        if self.goal is None:
            return "no_goal"
        return "reached" if self.miss <= 0 else "not_reached"

    @property
    def miss(self) -> float:
        """How far the figure is from its goal, as a share of the goal; below 0 where it is better."""
        if self.value is None or self.goal is None:
            return 0.0
        short = self.goal - self.value if self.sign == "at_least" else self.value - self.goal
        return short / abs(self.goal) if self.goal else short


class Detector(Protocol):
    """What a module of this package offers."""

    def rows(self, seeds: Sequence[int], *, release: bool = False) -> Iterable[Reached]:
        """Measure the detector on the worlds of these seeds; `release` allows the seeds kept for releases."""
        ...


def counted(hits: int, n: int, row: Reached) -> Reached:
    """The row with a share of independent cases and its Wilson interval; without a value where there was no case."""
    found = wilson(hits, n)
    if found is None:
        return replace(row, value=None, n=0)
    return replace(row, value=hits / n, interval=(found.lo, found.hi), n=n)


def averaged(values: Sequence[float], row: Reached) -> Reached:
    """The row with the mean of one figure a world and a t interval; without a value where there was no world."""
    from scipy.stats import t

    n = len(values)
    if not n:
        return replace(row, value=None, n=0)
    mean = math.fsum(values) / n
    if n == 1:
        return replace(row, value=mean, n=1)
    spread = math.sqrt(math.fsum((one - mean) ** 2 for one in values) / (n - 1))
    half = float(t.ppf(0.975, n - 1)) * spread / math.sqrt(n)
    return replace(row, value=mean, interval=(mean - half, mean + half), n=n)


def span(seeds: Sequence[int]) -> str:
    """The seeds in words: "0-99"; a few of them as they are."""
    kept = sorted(seeds)
    if not kept:
        return ""
    if kept == list(range(kept[0], kept[-1] + 1)):
        return f"{kept[0]}-{kept[-1]}" if len(kept) > 1 else str(kept[0])
    return ", ".join(map(str, kept))


# -- the order of rows ----------------------------------------------------------------------------------------------

_ORDER: Sequence[State] = ("not_reached", "reached", "no_goal", "not_built")


def worst_first(rows: Iterable[Reached]) -> list[Reached]:
    """Goals that are missed by most come first, then those reached by least; figures without a goal follow."""
    return sorted(rows, key=lambda one: (_ORDER.index(one.state), -one.miss, one.detector, one.metric, one.data))
