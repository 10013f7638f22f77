"""An estimate: the only form in which a number leaves a measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from seguito.kit.clock import Window
from seguito.kit.intervals import Interval

# ok: stands. weak: shown, but something below weakens it. insufficient: too few rows. not_identified: these data
# cannot answer, whatever their number. not_applicable: the question does not arise here.
Status = Literal["ok", "weak", "insufficient", "not_identified", "not_applicable"]
Unit = Literal["share", "count", "per_100", "hours", "days", "per_day", "per_year", "ratio", "posts_per_week"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A code that the reports put into words (`seguito.measures.codes`), and the figures it speaks of."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One named piece of an answer, such as the share answered among newcomers."""

    key: str
    value: float | None
    interval: Interval | None = None
    n: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A small table that a chart can draw.

    Attributes:
        kind: how it wants to be drawn (bars, line, heatmap, steps, dots, map; a table is not).
        columns: names of the columns; the first one or two are axes.
        rows: the values, in the order to draw.
    """

    kind: Literal["bars", "line", "heatmap", "steps", "dots", "map", "table"]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What a figure becomes when one thing is done differently.

    Every default of a measure that could flip an answer is stepped once each way; an answer that a step would flip does
    not stand.

    Attributes:
        change: what is done differently, one of `CHANGE_CODES`.
        value: the figure then; `None` when it could not be worked out.
        part: the key of the part it speaks of; empty for the headline.
    """

    change: str
    value: float | None
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a measure works out; `contract.answer` adds what every estimate must say.

    Attributes:
        value: the headline figure; `None` when it could not be worked out.
        n: how many units it rests on, in the measure's `n_unit`.
        interval: what the data do not rule out.
        parts: named pieces.
        series: a table for a chart.
        evidence_for: uris of rows behind the figure.
        evidence_against: uris of the strongest rows that speak the other way.
        sensitivity: what the figures become when one thing is done differently.
        unseen: what these data could not have shown, were it there (`UNSEEN_CODES`); it weakens nothing.
        reasons: what weakens it; each turns "ok" into "weak".
        notes: what a reader should know of it, without weakening it.
        barred: a reason why these data cannot answer at all.
        not_applicable: a reason why the question does not arise.
    """

    value: float | None
    n: int
    interval: Interval | None = None
    parts: tuple[Part, ...] = ()
    series: Series | None = None
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    unseen: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    barred: Reason | None = None
    not_applicable: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How much of what the source declares was collected, for what a measure reads.

    `share` is null when the source declares nothing: unknown, not complete.
    """

    what: str
    declared: int | None
    collected: int
    share: float | None
    sampling: str
    limited_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A measure's answer. Nothing is printed that is not in it."""

    measure: str
    version: int
    status: Status
    reasons: tuple[Reason, ...]
    value: float | None
    unit: Unit
    interval: Interval | None
    n: int
    n_unit: str
    n_required: int
    window: Window
    coverage: tuple[Covered, ...]
    parts: tuple[Part, ...] = ()
    series: Series | None = None
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    notes: tuple[Reason, ...] = ()
    unseen: tuple[Reason, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a decision may rest on it."""
        return self.status in ("ok", "weak") and self.value is not None
