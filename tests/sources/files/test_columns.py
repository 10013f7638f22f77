"""Columns of text to times and counters: values worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from seguito.kit.errors import UsageError
from seguito.sources.files.numbers import read_amounts, read_count, read_counts
from seguito.sources.files.times import TimeColumn


def times(*texts: str | None, **settings: Any) -> list[tuple[str | None, str | None, str | None]]:
    column, reader = pa.array(texts, pa.string()), TimeColumn(**settings)
    reader.look(column)
    at, precision, basis = reader.read(column)
    shown = [one and one.isoformat().replace("+00:00", "Z") for one in at.to_pylist()]
    return list(zip(shown, precision.to_pylist(), basis.to_pylist(), strict=True))


def test_iso_with_and_without_a_zone() -> None:
    assert times("2024-05-01T10:00:00Z", "2024-05-01 10:00:00.250+02:00", "2024-05-01T10:00", None) == [
        ("2024-05-01T10:00:00Z", "s", "offset"),
        ("2024-05-01T08:00:00.250000Z", "ms", "offset"),
        ("2024-05-01T10:00:00Z", "min", "naive_assumed"),
        (None, None, None),
    ]


def test_offsets_without_a_colon_and_long_fractions() -> None:
    assert times("2024-05-01T10:00:00+0200", "2024-05-01T10:00:00.123456789Z") == [
        ("2024-05-01T08:00:00Z", "s", "offset"),
        ("2024-05-01T10:00:00.123456Z", "us", "offset"),
    ]


def test_a_zone_given_by_the_user_moves_times_without_one() -> None:
    # Rome is at +02:00 in May, at +01:00 in January; 2:30 on 31 March does not exist there.
    assert times("2024-05-01 10:00:00", "2024-01-01 10:00:00", "2024-03-31 02:30:00", zone="Europe/Rome") == [
        ("2024-05-01T08:00:00Z", "s", "naive_assumed"),
        ("2024-01-01T09:00:00Z", "s", "naive_assumed"),
        ("2024-03-31T01:00:00Z", "s", "naive_assumed"),
    ]


def test_epochs_by_their_magnitude() -> None:
    at = "2024-05-01T09:00:00Z"
    assert times("1714554000", "1714554000000", "1714554000000000", "1714554000.0") == [
        (at, "s", "epoch"),
        (at, "ms", "epoch"),
        (at, "us", "epoch"),
        (at, "s", "epoch"),
    ]


def test_nineteen_digits_are_an_id_and_no_time() -> None:
    assert times("7360000000000000001", "12") == [(None, None, None)] * 2


def test_day_or_month_first_is_decided_over_the_whole_column() -> None:
    assert [one[0] for one in times("03/04/2024", "13/04/2024")] == ["2024-04-03T00:00:00Z", "2024-04-13T00:00:00Z"]
    assert [one[0] for one in times("03/04/2024", "04/13/2024")] == ["2024-03-04T00:00:00Z", "2024-04-13T00:00:00Z"]
    assert [one[0] for one in times("03/04/2024", day_first=False)] == ["2024-03-04T00:00:00Z"]
    reader = TimeColumn()
    reader.look(pa.array(["03/04/2024", "05/06/2024"]))
    assert reader.is_day_first is None


def test_other_ways_to_write_a_time() -> None:
    assert times("Wed Oct 10 20:19:24 +0000 2018", "1.5.2024 9:05", "05/01/2024 11:05 PM", "2024-05-01", "domani") == [
        ("2018-10-10T20:19:24Z", "s", "offset"),
        ("2024-05-01T09:05:00Z", "min", "naive_assumed"),
        ("2024-01-05T23:05:00Z", "min", "naive_assumed"),
        ("2024-05-01T00:00:00Z", "day", "naive_assumed"),
        (None, None, None),
    ]


def test_a_month_13_spoils_only_its_own_row() -> None:
    assert [one[0] for one in times("2024-13-01T00:00:00Z", "2024-12-01T00:00:00Z")] == [None, "2024-12-01T00:00:00Z"]


def test_an_unknown_zone_is_a_mistake_of_the_user() -> None:
    with pytest.raises(UsageError, match="Europe/Roma"):
        TimeColumn(zone="Europe/Roma")


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [
        ("0", 0, "known"),
        ("42", 42, "known"),
        ("1.234", 1234, "known"),
        ("1,234,567", 1234567, "known"),
        ("1 234", 1234, "known"),
        ("12.0", 12, "known"),
        ("12,5K", 12500, "rounded"),
        ("1.2M", 1200000, "rounded"),
        ("1,2 Mln", 1200000, "rounded"),
        ("3 mila", 3000, "rounded"),
        ("-", None, "hidden"),
        ("—", None, "hidden"),
        ("N/A", None, "hidden"),
        ("", None, "unknown"),
        (None, None, "unknown"),
        ("12.5", None, "unknown"),
        ("-3", None, "unknown"),
        ("many", None, "unknown"),
        ("9" * 30, None, "unknown"),
    ],
)
def test_counters(text: str | None, value: int | None, state: str) -> None:
    assert read_count(text) == (value, state)
    values, states = read_counts(pa.array([text, "7"], pa.string()))
    assert (values.to_pylist(), states.to_pylist()) == ([value, 7], [state, "known"])


def test_amounts() -> None:
    column = pa.array(["12", "1.234,50", "1,234.50", "€ 7,5", "x", None], pa.string())
    assert read_amounts(column).to_pylist() == [12.0, 1234.5, 1234.5, 7.5, None, None]


def test_moments_are_utc() -> None:
    at, _, _ = TimeColumn().read(pa.array(["2024-05-01T10:00:00Z"]))
    assert at[0].as_py() == datetime(2024, 5, 1, 10, tzinfo=UTC)
