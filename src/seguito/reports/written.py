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
    """

    measure: str
    name: str
    value: str
    interval: str
    basis: str
    status: str
    status_word: str
    range: Range | None


@dataclass(frozen=True, slots=True)
class Quote:
    """One row of evidence."""

    reference: str
    author: str
    at: str
    text: str


def units_of(document: Document) -> dict[str, str]:
    """The unit of every measure in the report."""
    return {str(one["measure"]): str(one["unit"]) for one in document["estimates"]}


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
    return Figure(
        measure=estimate["measure"],
        name=f"{name}: {words.part(estimate['measure'], part['key'])}" if part else name,
        value=numbers.figure(shown["value"], unit),
        interval=numbers.span(interval["lo"], interval["hi"], unit) if interval else "",
        basis=_basis(estimate, part, words),
        status=estimate["status"],
        status_word=words.get("statuses", estimate["status"]),
        range=range_of(shown, unit, words, limits),
    )


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
