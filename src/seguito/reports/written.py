"""Figures and rows of a report, written in words: what cards, families and the terminal show alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seguito.reports.plain import plain
from seguito.reports.ranges import Range, range_of
from seguito.reports.words import Words

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate's headline, or a part of it, written.

    Attributes:
        measure: the measure's name in the registry.
        name: what it is called, with the part's name where it is one.
        value: the figure with its unit; the sign for unknown where there is none.
        interval: the interval in words, empty where there is none.
        basis: how many units it rests on, such as `based on 1,204 comments`.
        status: `ok`, `weak`, `insufficient`, `not_identified` or `not_applicable`.
        status_word: the status in words.
        range: its range plot, if it has a value.
        changed: from where to where it moves with one thing done differently; empty where nothing was tried.
    """

    measure: str
    name: str
    value: str
    interval: str
    basis: str
    status: str
    status_word: str
    range: Range | None
    changed: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One row of evidence."""

    reference: str
    author: str
    at: str
    text: str


def units_of(document: Document) -> dict[str, str]:
    """The unit of every measure in the report and, under `measure/part`, of every part that has another."""
    parts = {
        f"{one['measure']}/{part['key']}": str(part["unit"])
        for one in document["estimates"]
        for part in one["parts"]
        if part["unit"] != one["unit"]
    }
    return {**{str(one["measure"]): str(one["unit"]) for one in document["estimates"]}, **parts}


def creator_name(document: Document) -> str:
    """The creator as people know them: the handle, else the name, else the end of the key."""
    creator = document["creator"]
    if creator.get("handle"):
        return plain("@" + str(creator["handle"]).removeprefix("@"), 80)
    return plain(str(creator.get("display_name") or str(creator["uri"]).split(":", 2)[-1]), 80)


def figure(
    estimate: Mapping[str, Any],
    words: Words,
    limits: Mapping[str, float] | None = None,
    part: Mapping[str, Any] | None = None,
) -> Figure:
    """An estimate's headline, or one part of it, written."""
    numbers, shown = words.numbers, part or estimate
    interval, unit = shown["interval"], shown["unit"]
    name = words.get("measures", estimate["measure"], "name")
    steps = steps_of(estimate, part["key"] if part else "")
    plot = range_of(shown, unit, words, limits, steps=steps)
    return Figure(
        measure=estimate["measure"],
        name=f"{name}: {words.part(estimate['measure'], part['key'])}" if part else name,
        value=numbers.figure(shown["value"], unit),
        interval=numbers.span(interval["lo"], interval["hi"], unit) if interval else "",
        basis=_basis(estimate, part, words),
        status=estimate["status"],
        status_word=words.get("statuses", estimate["status"]),
        range=plot,
        changed=_changed(steps, plot, unit, words),
    )


def steps_of(estimate: Mapping[str, Any], part: str = "") -> list[float]:
    """What an estimate's headline, or one part, becomes with one thing done differently, where that is known."""
    told = (one["value"] for one in estimate["sensitivity"] if one.get("part", "") == part)
    return [value for value in told if value is not None]


def _changed(steps: Sequence[float], plot: Range | None, unit: str, words: Words) -> str:
    if not steps or plot is None:
        return ""
    span = words.numbers.span(min(steps), max(steps), unit) if len(steps) > 1 else words.numbers.figure(steps[0], unit)
    across = sum(step.across for step in plot.steps)
    code = "steps_across" if plot.zones else "steps_move"
    return words.label(code, span=span, n=len(steps), across=across)


def _basis(estimate: Mapping[str, Any], part: Mapping[str, Any] | None, words: Words) -> str:
    """How many units a figure rests on; nothing where there was nothing to count, which is not the same as none."""
    if part:
        return f"n = {words.numbers.plain(part['n'])}"
    if estimate["status"] in ("not_identified", "not_applicable"):
        return ""
    counted = f"{words.numbers.plain(estimate['n'])} {words.get('n_units', estimate['n_unit'])}"
    return words.label("based_on", basis=counted)


def quotes(references: Sequence[str], document: Document, words: Words) -> tuple[Quote, ...]:
    """Rows of evidence by reference."""
    rows = document["rows"]
    return tuple(
        Quote(one["reference"], plain(one["author"], 120), words.numbers.moment(one["at"]), plain(one["text"]))
        for one in (rows[name] for name in references if name in rows)
    )
