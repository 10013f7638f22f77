"""From the report's JSON to what a page shows of every estimate, family by family: words and written figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from seguito.reports.bands import Band, band, for_estimate
from seguito.reports.bands import told as bands_told
from seguito.reports.charts import draw
from seguito.reports.peers import Beside, beside
from seguito.reports.ranges import Range, range_of
from seguito.reports.view import limits_in
from seguito.reports.words import Words
from seguito.reports.written import Document, Figure, Quote, figure, quotes, units_of

LONGEST_TABLE = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """One named part of an estimate."""

    name: str
    value: str
    interval: str
    basis: str
    range: Range | None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure as it was worked out, or with one thing done differently."""

    name: str
    value: str
    range: Range | None


@dataclass(frozen=True, slots=True)
class Table:
    """The table behind a chart."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One estimate, whole.

    Attributes:
        figure: the headline.
        question: what it asks.
        coverage: how much was collected of what it reads, in words.
        reasons: why the status is not `ok`.
        notes: what a reader should know.
        unseen: what these data could not have shown.
        is_not: what it does not mean.
        pieces: its parts.
        changes: for every figure something was tried on, the figure itself and then what became of it.
        chart: the chart as SVG; empty where there is none.
        bands: what vendors published for such creators, in words; empty where there is nothing.
        table: the table behind the chart.
        peers: the figure beside those of a cohort; `None` where none was named.
    """

    figure: Figure
    question: str
    coverage: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    unseen: tuple[str, ...]
    is_not: str
    pieces: tuple[Piece, ...]
    changes: tuple[tuple[Change, ...], ...]
    chart: str
    bands: tuple[str, ...]
    table: Table | None
    peers: Beside | None
    quotes_for: tuple[Quote, ...]
    quotes_against: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The estimates of one family."""

    key: str
    name: str
    question: str
    entries: tuple[Entry, ...]


def families(document: Document, words: Words) -> list[Family]:
    """Every estimate, by family, in the report's order."""
    units = units_of(document)
    found = []
    order = list(dict.fromkeys(_family(one) for one in document["estimates"]))
    ordered = sorted(document["estimates"], key=lambda one: order.index(_family(one)))
    for key, members in groupby(ordered, key=_family):
        entries = tuple(_entry(one, document, words, units) for one in members)
        found.append(Family(key, words.get("families", key), words.get("family_questions", key), entries))
    return found


def _family(estimate: Mapping[str, Any]) -> str:
    return str(estimate["measure"]).split(".")[0]


def _entry(one: Mapping[str, Any], document: Document, words: Words, units: Mapping[str, str]) -> Entry:
    limits = limits_in(document, one["measure"])
    told = figure(one, words, limits)
    question, is_not = words.told(one["measure"])
    found = for_estimate(document, one)
    return Entry(
        figure=told,
        question=question,
        coverage=tuple(_covered(each, words) for each in one["coverage"]),
        reasons=tuple(words.sentence("reasons", reason, units) for reason in one["reasons"]),
        notes=tuple(words.sentence("notes", note, units) for note in one.get("notes", ())),
        unseen=tuple(words.sentence("unseen", reason, units) for reason in one.get("unseen", ())),
        is_not=is_not,
        pieces=tuple(_piece(one, part, words) for part in one["parts"]),
        changes=tuple(_changes(one, words, limits)),
        chart=_chart(one, told.name, words, band(found)),
        bands=tuple(bands_told(found, words)),
        table=_table(one["series"], words) if one["series"] else None,
        peers=beside(document, one, words),
        quotes_for=quotes(one["evidence_for"], document, words),
        quotes_against=quotes(one["evidence_against"], document, words),
    )


def _covered(one: Mapping[str, Any], words: Words) -> str:
    what = words.get("covered", one["what"])
    share = words.numbers.share(one["share"]) if one["share"] is not None else words.label("unknown")
    return f"{what}: {share}"


def _piece(one: Mapping[str, Any], part: Mapping[str, Any], words: Words) -> Piece:
    interval, unit = part["interval"], part["unit"]
    beside = [other for other in one["parts"] if other["unit"] == unit]
    return Piece(
        name=words.part(one["measure"], part["key"]),
        value=words.numbers.figure(part["value"], unit),
        interval=words.numbers.span(interval["lo"], interval["hi"], unit) if interval else "",
        basis=words.numbers.plain(part["n"]),
        range=range_of(part, unit, words, beside=beside),
    )


def _changes(one: Mapping[str, Any], words: Words, limits: Mapping[str, float]) -> Iterator[tuple[Change, ...]]:
    """Every figure that something was tried on, each with what became of it on an axis of their own."""
    figures = {"": one, **{part["key"]: part for part in one["parts"]}}
    tried = dict.fromkeys(each.get("part", "") for each in one["sensitivity"])
    for key in (key for key in tried if key in figures and figures[key]["value"] is not None):
        steps = [each for each in one["sensitivity"] if each.get("part", "") == key]
        yield tuple(_tried(figures[key], key, steps, one["measure"], words, {} if key else limits))


def _tried(
    shown: Mapping[str, Any],
    key: str,
    steps: Sequence[Mapping[str, Any]],
    measure: str,
    words: Words,
    limits: Mapping[str, float],
) -> Iterator[Change]:
    name = words.label("as_worked_out")
    named = words.capital(f"{words.part(measure, key)}: {name}" if key else name)
    unit = shown["unit"]
    for told, figure_then in ((named, shown), *((words.get("changes", one["change"]), one) for one in steps)):
        plot = range_of(figure_then, unit, words, limits, beside=(shown, *steps))
        yield Change(told, words.numbers.figure(figure_then["value"], unit), plot)


def _chart(one: Mapping[str, Any], name: str, words: Words, behind: Band | None) -> str:
    if not one["series"]:
        return ""
    told = words.label("chart_told", name=name, rows=len(one["series"]["rows"]))
    title = words.label("chart_of", name=name)
    return draw(one["series"], name=one["measure"].replace(".", "-"), title=title, told=told, words=words, band=behind)


def _table(series: Mapping[str, Any], words: Words) -> Table:
    columns: Sequence[str] = series["columns"]
    rows = series["rows"]
    kept = tuple(
        tuple(_cell(value, column, words) for value, column in zip(row, columns, strict=False))
        for row in rows[:LONGEST_TABLE]
    )
    left_out = words.label("rows_left_out", n=len(rows) - LONGEST_TABLE) if len(rows) > LONGEST_TABLE else ""
    return Table(tuple(words.column(column) for column in columns), kept, left_out)


def _cell(value: Any, column: str, words: Words) -> str:
    value = words.cell(column, value)
    if isinstance(value, str):
        return value
    if column == "share" or column.startswith("share_"):
        return words.numbers.share(value)
    return words.numbers.plain(value)
