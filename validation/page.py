"""The page of the validation table, written from the results that are kept: `docs/reference/validation.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from validation.table import Reached, State, worst_first

HEADER = "| detector | data | metric | goal | reached | n | state | best published | note |"
RULE = "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
STATES: Mapping[State, str] = {
    "not_reached": "**not reached**",
    "reached": "reached",
    "no_goal": "published",
    "not_built": "not measured",
}
INTRODUCTION = """<!-- Generated from the results in `validation/results`; measured by `make validate`. -->

# Validation

What each detector reaches where the truth is known: on simulated communities, and on public data sets where there are
some. Worst first: goals that are missed stand above those reached, and say why. An interval is of the figure over the
worlds; a goal counts as reached by the figure itself. "Best published" is seldom the same task on the same data, and
stands there to give the order of size.

The worlds are those of seeds 0 to 99; a row says how many of them it used. Other seeds, 1000 to 1199, are kept for
releases and were not looked at while detectors were made.

Printed by `make validate`; one detector alone by `python -m validation.run --only NAME`.
"""
UNDER = """
Simulated success means: it works if the world is like this. The people of these worlds follow assumptions that
nobody has checked against every platform; their texts are made from templates, so no labeller is scored
on them: [how well texts are read](label-benchmarks.md) is measured on public
sets.
"""


def written(rows: Iterable[Reached]) -> str:
    """The whole page."""
    ordered = worst_first(rows)
    parts = [INTRODUCTION, "\n".join([HEADER, RULE, *map(_line, ordered)]), UNDER]
    return "\n".join(parts)


def plain(rows: Iterable[Reached]) -> str:
    """The same rows for a terminal, one a line."""
    return "".join(
        f"{one.state:<12} {one.detector} | {one.data} | {one.metric}: {value_of(one)} (goal {goal_of(one) or '-'}, "
        f"n {one.n} {one.n_unit})\n"
        for one in worst_first(rows)
    )


def _line(row: Reached) -> str:
    n = f"{row.n:,} {row.n_unit}" + (f", seeds {row.seeds}" if row.seeds else "") if row.n else ""
    note = f"{row.note} (`{row.command}`)".strip() if row.command else row.note
    cells: Sequence[str] = (
        row.detector,
        row.data,
        row.metric,
        goal_of(row),
        value_of(row),
        n,
        STATES[row.state],
        row.best,
        note,
    )
    return "| " + " | ".join(one.replace("|", "\\|").replace("\n", " ") for one in cells) + " |"


def goal_of(row: Reached) -> str:
    """The goal with its sign; nothing where there is none."""
    if row.goal is None:
        return ""
    return f"{'≥' if row.sign == 'at_least' else '≤'} {_number(row.goal, row)}"


def value_of(row: Reached) -> str:
    """What was reached with its interval; a dash where it was not measured."""
    if row.value is None:
        return "–"
    interval = f" ({_number(row.interval[0], row)} to {_number(row.interval[1], row)})" if row.interval else ""
    return _number(row.value, row) + interval


def _number(value: float, row: Reached) -> str:
    if row.unit == "share" and 0 < value < 0.0005:
        return "< 0.05 %"
    if row.unit == "share":
        return f"{100 * value:.3g} %" if 0 < abs(value) < 0.1 else f"{100 * value:.1f} %"
    if row.unit == "points":
        return f"{100 * value:.1f} points"
    if row.unit == "count":
        return f"{value:,.0f}"
    suffix = {"days": " d", "a_year": " a year"}.get(row.unit, "")
    return f"{value:,.3g}{suffix}"
