"""Rows of daily counters made into one history an account: its days in order, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from seguito.facts.account import CountState
from seguito.facts.schema import fill
from seguito.facts.tables import TABLES
from seguito.sources.contract import Rows
from seguito.sources.files.counter_columns import DAILY, causes_of, read_change
from seguito.sources.files.numbers import read_count

Column = list[str | None]
Cells = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Day:
    """What a file tells of one account at one moment.

    Attributes:
        row: its row in the file.
        at: when it was counted.
        followers: how many there were; null with its state where the file does not tell.
        state: of that number.
        change: how many more (or fewer) than the day before, where the file tells.
        counted: what people did that day, by name.
        causes: kinds of cause that were logged.
    """

    row: int
    at: datetime
    followers: int | None
    state: CountState
    change: int | None
    counted: Mapping[str, int]
    causes: tuple[str, ...]


@dataclass(slots=True)
class History:
    """All days of one account.

    Attributes:
        account: as the file names it; empty where it names none.
        platform: as the file names it.
        days: in order.
        is_rebuilt: whether numbers of followers were added up from changes.
        notes_without_cause: notes that name no known cause.
    """

    account: str
    platform: str = ""
    days: list[Day] = field(default_factory=list)
    is_rebuilt: bool = False
    notes_without_cause: int = 0


def histories(
    cells: Cells, at: list[datetime | None], exact: list[bool]
) -> tuple[list[History], list[tuple[int, str]]]:
    """The history of every account, and the rows that belong to none with the reason.

    Args:
        cells: texts by target.
        at: when each row was counted.
        exact: whether its hour is told.
    """
    found: dict[str, History] = {}
    wrong: dict[int, str] = {}
    last: dict[tuple[str, datetime], int] = {}
    for row, moment in enumerate(at):
        account = (_cell(cells, "account", row) or "").strip()
        if moment is None:
            has_text = bool((_cell(cells, "day", row) or "").strip())
            wrong[row] = (
                "the day cannot be read, or is in the future or before 1995" if has_text else "the row has no day"
            )
            continue
        day = _day(cells, row, moment)
        if day.state == "unknown" and day.change is None and not _counts(day, cells):
            wrong[row] = "the row counts nothing"
            continue
        before = last.get((account, moment))
        if before is not None:
            wrong[before] = f"the {'moment' if exact[row] else 'day'} stands twice in this file; the later row counts"
        last[account, moment] = row
        history = found.setdefault(account, History(account, (_cell(cells, "platform", row) or "").strip()))
        history.notes_without_cause += bool((_cell(cells, "cause", row) or "").strip()) and not day.causes
        history.days.append(day)
    for history in found.values():
        history.days = sorted((day for day in history.days if day.row not in wrong), key=lambda day: day.at)
        _rebuild(history)
        _subtract(history, cells)
    return [one for one in found.values() if one.days], sorted(wrong.items())


def _cell(cells: Cells, target: str, row: int) -> str | None:
    return cells[target][row] if target in cells else None


def _day(cells: Cells, row: int, at: datetime) -> Day:
    followers, state = read_count(_cell(cells, "followers", row))
    counted = {
        name: value for name in DAILY if name in cells and (value := read_count(cells[name][row])[0]) is not None
    }
    return Day(row, at, followers, state, _change(cells, row), counted, causes_of(_cell(cells, "cause", row)))


def _counts(day: Day, cells: Cells) -> bool:
    totals = (_cell(cells, f"total_{name}", day.row) for name in DAILY)
    return bool(day.counted or day.causes) or any(read_count(text)[0] is not None for text in totals)


def _change(cells: Cells, row: int) -> int | None:
    """The net change: as told, or gains less losses; gains alone are not one."""
    told = read_change(_cell(cells, "change", row))[0]
    gained, lost = read_change(_cell(cells, "gained", row))[0], read_change(_cell(cells, "lost", row))[0]
    if told is None and gained is not None and lost is not None:
        return gained - abs(lost)
    return told


def _rebuild(history: History) -> None:
    """Fill in the followers of days that tell only their change, forwards, then backwards.

    A change leads from the day before; over a missing day it does not say what came between, and nothing is filled.
    """
    changes = [day.change for day in history.days]
    for here in range(1, len(changes)):
        _fill(history, here, here - 1, changes[here], 1)
    for here in range(len(changes) - 2, -1, -1):
        _fill(history, here, here + 1, changes[here + 1], -1)


def _fill(history: History, here: int, beside: int, change: int | None, sign: int) -> None:
    day, known = history.days[here], history.days[beside]
    apart = abs((day.at.date() - known.at.date()).days)
    if day.state != "unknown" or change is None or known.followers is None or apart != 1:
        return
    value = known.followers + sign * change
    if value >= 0:
        history.days[here] = replace(day, followers=value, state="known")
        history.is_rebuilt = True


def _subtract(history: History, cells: Cells) -> None:
    """What each day added to running totals, where the day before is there and the total did not fall."""
    for name in DAILY:
        if f"total_{name}" not in cells or name in cells:
            continue
        totals = [read_count(cells[f"total_{name}"][day.row])[0] for day in history.days]
        for here, added in _added(history.days, totals):
            day = history.days[here]
            history.days[here] = replace(day, counted={**day.counted, name: added})


def _added(days: list[Day], totals: list[int | None]) -> Iterator[tuple[int, int]]:
    for here in range(1, len(days)):
        before, after = totals[here - 1], totals[here]
        apart = (days[here].at.date() - days[here - 1].at.date()).days
        if before is not None and after is not None and after >= before and apart == 1:
            yield here, after - before


def facts(history: History, uri: str, batch_id: str) -> Iterator[Rows]:
    """A history as facts: a profile for each day, and what was counted and logged as metrics of the account."""
    told = [day for day in history.days if day.state != "unknown"]
    if told:
        columns: dict[str, Any] = {
            "account_uri": uri,
            "followers": [day.followers for day in told],
            "followers_state": [day.state for day in told],
            "has_avatar": "unknown",
            "is_verified": "unknown",
            "is_private": "unknown",
            "observed_at": [day.at for day in told],
            "batch_id": batch_id,
        }
        yield Rows("profiles", fill(columns, TABLES["profiles"].schema, rows=len(told)))
    rows = [row for day in history.days for row in _metrics(day)]
    if rows:
        metric, value, at = (list(column) for column in zip(*rows, strict=True))
        columns = {"subject_uri": uri, "metric": metric, "value": value, "state": "known", "observed_at": at}
        yield Rows("metrics", fill(columns | {"batch_id": batch_id}, TABLES["metrics"].schema, rows=len(rows)))


def _metrics(day: Day) -> Iterator[tuple[str, int, datetime]]:
    """A day's counters. A cause begins at its day and is over a second later, so that the next day's is another."""
    for name, value in day.counted.items():
        yield f"daily_{name}", value, day.at
    for cause in day.causes:
        yield f"cause_{cause}", 1, day.at
        yield f"cause_{cause}", 0, day.at + timedelta(seconds=1)


def coverage(told: list[tuple[str, list[Day]]], batch_id: str) -> Rows:
    """Days counted, of the days from the first to the last, for every account."""
    days = [sorted({day.at.date() for day in some}) for _, some in told]
    columns = {
        "scope_uri": [uri for uri, _ in told],
        "space_uri": [uri for uri, _ in told],
        "what": "days",
        "declared": [(some[-1] - some[0]).days + 1 for some in days],
        "declared_state": "known",
        "collected": [len(some) for some in days],
        "sampling": "all",
        "observed_at": [some[-1].at for _, some in told],
        "batch_id": batch_id,
    }
    return Rows("coverage", fill(columns, TABLES["coverage"].schema, rows=len(told)))


def ranges(days: list[date]) -> list[list[str]]:
    """Days as stretches without a gap, each with its first and last day."""
    found: list[list[date]] = []
    for day in sorted(set(days)):
        if found and (day - found[-1][1]).days == 1:
            found[-1][1] = day
        else:
            found.append([day, day])
    return [[first.isoformat(), last.isoformat()] for first, last in found]


def counted_days(days: list[Day]) -> dict[str, list[list[str]]]:
    """The days, as stretches, on which each thing was counted: followers, and what people did."""
    told = {"followers": [day.at.date() for day in days if day.followers is not None]}
    told |= {name: [day.at.date() for day in days if name in day.counted] for name in DAILY}
    return {name: ranges(some) for name, some in told.items() if some}
