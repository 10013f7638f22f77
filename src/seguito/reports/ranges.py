"""Where a figure and its interval lie on an axis: the geometry of a small range plot, in per cent of its width."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seguito.reports.words import Words

# Upper ends of an axis for shares: the smallest that holds everything keeps small shares readable.
_SHARE_ENDS = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the axis in which a rule says `yes` or `no`."""

    start: float
    width: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Step:
    """The figure with one thing done differently: where it lies, and whether in another zone than the figure itself."""

    place: float
    across: bool


@dataclass(frozen=True, slots=True)
class Range:
    """A range plot. Places are per cent of the axis.

    Attributes:
        value: the figure.
        start, width: the interval; `None` where there is none.
        left, right: what stands at the ends of the axis.
        zones: where a rule would say yes or no.
        steps: the figure with one thing done differently at a time.
        told: the same in words, for those who do not see it.
    """

    value: float
    start: float | None
    width: float | None
    left: str
    right: str
    zones: tuple[Zone, ...]
    told: str
    steps: tuple[Step, ...] = ()


def range_of(
    estimate: Mapping[str, Any],
    unit: str,
    words: Words,
    thresholds: Mapping[str, float] | None = None,
    beside: Sequence[Mapping[str, Any]] = (),
    steps: Sequence[float] = (),
) -> Range | None:
    """The range plot of an estimate or a part of one; `None` when it has no value.

    Args:
        estimate: the estimate, or a part.
        unit: what it is measured in.
        words: how figures are written.
        thresholds: where a rule says `yes` and `no`.
        beside: other figures that share the axis, so that they can be compared by eye.
        steps: what the figure becomes with one thing done differently, each drawn as a dot of its own.
    """
    value, interval = estimate["value"], estimate.get("interval")
    if value is None:
        return None
    limits = {key: thresholds[key] for key in ("yes", "no")} if thresholds and {"yes", "no"} <= set(thresholds) else {}
    marks = [*limits.values(), *steps, *(mark for one in (estimate, *beside) for mark in _marks(one))]
    lo, hi = axis(marks, unit)

    def place(at: float) -> float:
        return round(100 * (at - lo) / (hi - lo), 2)

    numbers = words.numbers
    told = numbers.figure(value, unit)
    if interval:
        told = words.label("range_told", value=told, interval=numbers.span(interval["lo"], interval["hi"], unit))
    return Range(
        value=place(value),
        start=place(interval["lo"]) if interval else None,
        width=round(place(interval["hi"]) - place(interval["lo"]), 2) if interval else None,
        left=numbers.figure(lo, unit) if unit == "share" else numbers.plain(lo),
        right=numbers.figure(hi, unit) if unit == "share" else numbers.plain(hi),
        zones=_zones(limits, place),
        told=told,
        steps=tuple(Step(place(one), zone_of(one, limits) != zone_of(value, limits)) for one in steps),
    )


def zone_of(value: float, limits: Mapping[str, float]) -> str:
    """In which stretch a value lies: `yes`, `no`, or neither (also where there are no limits)."""
    if not limits:
        return ""
    yes, no = limits["yes"], limits["no"]
    if yes > no:
        return "yes" if value > yes else "no" if value < no else ""
    return "yes" if value < yes else "no" if value > no else ""


def _marks(one: Mapping[str, Any]) -> list[float]:
    interval = one.get("interval")
    ends = [interval["lo"], interval["hi"]] if interval else []
    return [*ends, one["value"]] if one["value"] is not None else []


def axis(marks: list[float], unit: str) -> tuple[float, float]:
    """The ends of an axis that holds all marks and 0."""
    top, bottom = max(marks), min(0.0, *marks)
    if unit == "share" and bottom == 0.0 and top <= 1.0:
        return 0.0, next(end for end in _SHARE_ENDS if top <= end)
    return (-_nice(-bottom) if bottom < 0 else 0.0), _nice(top)


def _nice(size: float) -> float:
    """The next round number at or above `size`."""
    if size <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(size))
    return float(f"{next(step for step in _STEPS if size <= step * power * (1 + 1e-9)) * power:.6g}")


def _zones(limits: Mapping[str, float], place: Any) -> tuple[Zone, ...]:
    if not limits:
        return ()
    yes, no = place(limits["yes"]), place(limits["no"])
    if yes > no:
        return Zone(yes, round(100 - yes, 2), "yes"), Zone(0.0, no, "no")
    return Zone(0.0, yes, "yes"), Zone(no, round(100 - no, 2), "no")
