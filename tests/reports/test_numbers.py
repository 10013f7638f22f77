"""Figures as people write them; worked out by hand."""

from __future__ import annotations

import pytest

from seguito.reports.numbers import Numbers

EN, IT = Numbers("en"), Numbers("it")


@pytest.mark.parametrize(
    ("value", "english", "italian"),
    [
        (None, "–", "–"),
        (0, "0", "0"),
        (7, "7", "7"),
        (-7, "−7", "−7"),
        (1234, "1,234", "1.234"),
        (1234567.0, "1,234,567", "1.234.567"),
        (1234.5678, "1,235", "1.235"),
        (3.14159, "3.14", "3,14"),
        (0.5, "0.500", "0,500"),
        (0.00001, "0.0000", "0,0000"),
        (-0.00001, "0.0000", "0,0000"),
    ],
)
def test_plain(value: float | None, english: str, italian: str) -> None:
    assert EN.plain(value) == english
    assert IT.plain(value) == italian


@pytest.mark.parametrize(
    ("value", "english", "italian"),
    [
        (None, "–", "–"),
        (0.0, "0%", "0%"),
        (0.0004, "<0.1%", "<0,1%"),
        (0.004, "0.4%", "0,4%"),
        (0.0449, "4.5%", "4,5%"),
        (0.412, "41%", "41%"),
        (0.985, "98%", "98%"),
        (0.9949, "99.5%", "99,5%"),
        (0.9996, ">99.9%", ">99,9%"),
        (1.0, "100%", "100%"),
        (-0.022, "−2.2%", "−2,2%"),
    ],
)
def test_a_share_that_is_not_zero_never_reads_as_zero(value: float | None, english: str, italian: str) -> None:
    assert EN.share(value) == english
    assert IT.share(value) == italian


@pytest.mark.parametrize(
    ("value", "unit", "english", "italian"),
    [
        (0.4, "hours", "24 min", "24 min"),
        (5.43, "hours", "5.4 h", "5,4 ore"),
        (96.0, "hours", "4.0 days", "4,0 giorni"),
        (3.25, "posts_per_week", "3.25 posts a week", "3,25 post a settimana"),
        (12.0, "count", "12", "12"),
        (2.5, "per_100", "2.50 per 100", "2,50 su 100"),
        (None, "hours", "–", "–"),
    ],
)
def test_figures(value: float | None, unit: str, english: str, italian: str) -> None:
    assert EN.figure(value, unit) == english
    assert IT.figure(value, unit) == italian


def test_an_interval_says_its_unit_once_and_both_ends_alike() -> None:
    assert EN.span(0.342, 0.483, "share") == "34% to 48%"
    assert IT.span(0.342, 0.483, "share") == "34% – 48%"
    assert EN.span(0.95, 1.71, "per_day") == "0.95 to 1.71 a day"
    assert EN.span(30.0, 96.0, "hours") == "1.2 to 4.0 days"
    assert EN.span(3, 12, "count") == "3 to 12"


def test_dates() -> None:
    assert EN.date("2026-08-02T10:00:00Z") == "2 Aug 2026"
    assert IT.date("2026-08-02") == "2 ago 2026"
    assert IT.moment("2026-05-12 18:20") == "12 mag 2026, 18:20"
    assert EN.moment(None) == EN.date(None) == "–"
