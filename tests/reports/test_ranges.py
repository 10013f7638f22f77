"""Where figures lie on an axis; worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from seguito.reports.ranges import Step, Zone, axis, range_of, zone_of
from seguito.reports.words import words_in

EN = words_in("en")


def share(value: float | None, lo: float | None = None, hi: float | None = None) -> dict[str, Any]:
    return {"value": value, "interval": None if lo is None else {"lo": lo, "hi": hi}}


@pytest.mark.parametrize(
    ("marks", "unit", "ends"),
    [
        ([0.02, 0.04], "share", (0.0, 0.05)),
        ([0.3], "share", (0.0, 0.5)),
        ([1.0], "share", (0.0, 1.0)),
        ([-0.03, 0.4], "share", (-0.05, 0.5)),
        ([3.9, 7.2], "hours", (0.0, 10.0)),
        ([0.0], "count", (0.0, 1.0)),
        ([210.0], "count", (0.0, 250.0)),
    ],
)
def test_an_axis_starts_at_zero_and_ends_at_a_round_number(
    marks: list[float], unit: str, ends: tuple[float, float]
) -> None:
    assert axis(marks, unit) == ends


def test_places_are_per_cent_of_the_axis() -> None:
    found = range_of(share(0.2, 0.1, 0.4), "share", EN)
    assert found is not None
    assert (found.value, found.start, found.width) == (40.0, 20.0, 60.0)
    assert (found.left, found.right) == ("0%", "50%")
    assert found.told == "20%, 95% interval 10% to 40%"


def test_without_a_value_there_is_no_plot() -> None:
    assert range_of(share(None), "share", EN) is None


def test_zones_lie_where_the_rule_would_decide() -> None:
    above = range_of(share(0.6), "share", EN, {"yes": 0.25, "no": 0.05})
    below = range_of(share(0.6), "share", EN, {"yes": 0.2, "no": 0.8})
    assert above is not None
    assert below is not None
    assert above.zones == (Zone(25.0, 75.0, "yes"), Zone(0.0, 5.0, "no"))
    assert below.zones == (Zone(0.0, 20.0, "yes"), Zone(80.0, 20.0, "no"))


def test_figures_side_by_side_share_an_axis() -> None:
    big = share(0.8, 0.7, 0.9)
    alone, beside = range_of(share(0.1), "share", EN), range_of(share(0.1), "share", EN, beside=[big])
    assert alone is not None
    assert beside is not None
    assert (alone.right, alone.value) == ("10%", 100.0)
    assert (beside.right, beside.value) == ("100%", 10.0)


def test_what_was_done_differently_lies_on_the_same_axis_and_tells_where_it_crosses() -> None:
    # .31 lies where the rule says no; .24 still does, .18 lies where it says yes: the axis ends at .5.
    found = range_of(share(0.31), "share", EN, {"yes": 0.2, "no": 0.2}, steps=[0.24, 0.18])
    assert found is not None
    assert found.zones == (Zone(0.0, 40.0, "yes"), Zone(40.0, 60.0, "no"))
    assert found.steps == (Step(48.0, across=False), Step(36.0, across=True))
    # Without thresholds there is nothing to cross, and a step may widen the axis.
    free = range_of(share(0.2), "share", EN, steps=[0.6])
    assert free is not None
    assert (free.right, free.steps) == ("100%", (Step(60.0, across=False),))


@pytest.mark.parametrize(
    ("value", "limits", "zone"),
    [
        (0.3, {"yes": 0.25, "no": 0.05}, "yes"),
        (0.2, {"yes": 0.25, "no": 0.05}, ""),
        (0.04, {"yes": 0.25, "no": 0.05}, "no"),
        (0.04, {"yes": 0.05, "no": 0.1}, "yes"),
        (0.3, {"yes": 0.05, "no": 0.1}, "no"),
        (0.3, {}, ""),
    ],
)
def test_stretches_of_an_axis(value: float, limits: dict[str, float], zone: str) -> None:
    assert zone_of(value, limits) == zone
