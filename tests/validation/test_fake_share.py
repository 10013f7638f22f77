"""Coverage on drawn counts, and what counts as covered on worlds."""

from __future__ import annotations

from typing import Any

import pytest
from validation.worlds import Seen

from validation import fake_share


def test_the_interval_reaches_its_goal_and_a_naive_one_would_not() -> None:
    found = {row.metric: row for row in fake_share._on_counts(range(20))}
    assert all(row.state == "reached" for row in found.values())
    # The reference's own half-width for these numbers is .054.
    assert found["half-width, 10 % fakes"].value == pytest.approx(0.054, abs=0.002)
    naive = [
        abs(one.hits / fake_share.FOLLOWERS - one.truth) < 0.0263
        for one in fake_share.draws(0.10, range(20), specificity=0.95)
    ]
    assert sum(naive) / len(naive) < 0.6


def test_where_specificity_is_lower_the_hull_holds_and_the_plain_interval_does_not() -> None:
    (row,) = [one for one in fake_share._shifted(range(20)) if "5%" in one.metric]
    assert row.state == "reached"
    covered = int(row.note.removesuffix("%").rsplit(" ", 1)[1])
    assert 30 < covered < 55


def seen(truth: float, figure: dict[str, Any] | None) -> Seen:
    return Seen("S1", 0, {"bought_share": truth}, {}, {fake_share.MEASURE: figure} if figure else {})


@pytest.mark.parametrize(("truth", "interval", "hull"), [(0.1, True, True), (0.17, False, True), (0.3, False, False)])
def test_covered_by_the_interval_or_by_the_hull(truth: float, interval: bool, hull: bool) -> None:
    one = seen(truth, {"interval": {"lo": 0.05, "hi": 0.15}, "sensitivity": [{"value": 0.18}, {"value": None}]})
    assert (fake_share._in_interval(one), fake_share._in_hull(one)) == (interval, hull)


def test_without_a_share_nothing_is_covered_or_missed() -> None:
    assert fake_share._in_hull(seen(0.1, None)) is None
    assert fake_share._in_interval(seen(0.1, {"interval": None, "sensitivity": []})) is None
