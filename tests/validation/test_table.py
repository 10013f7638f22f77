"""How figures are held against goals, ordered and written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from validation.table import Reached, averaged, counted, span, worst_first

from validation import page, run

RECALL = Reached(detector="growth jump", data="simulated S1", metric="recall", value=0.9, goal=0.95, n=100)
ALARMS = Reached(
    detector="growth jump",
    data="simulated S3",
    metric="false alarms",
    value=0.4,
    unit="a_year",
    sign="at_most",
    goal=0.5,
)


def test_a_goal_is_a_floor_or_a_ceiling() -> None:
    assert RECALL.state == "not_reached"
    assert RECALL.miss == pytest.approx(0.05 / 0.95)
    assert replace(RECALL, value=0.95).state == "reached"
    assert ALARMS.state == "reached"
    assert ALARMS.miss == pytest.approx(-0.2)
    assert replace(ALARMS, value=0.51).state == "not_reached"
    assert replace(ALARMS, goal=0.0, value=0.2).miss == pytest.approx(0.2)


def test_a_figure_that_was_not_measured_is_not_zero() -> None:
    none = replace(RECALL, value=None)
    assert none.state == "not_built"
    assert page.value_of(none) == "–"
    assert replace(RECALL, goal=None).state == "no_goal"


def test_the_worst_comes_first() -> None:
    near = replace(RECALL, value=0.94, metric="near")
    missed = replace(ALARMS, value=5.0, metric="far")
    rows = [replace(RECALL, value=None), replace(RECALL, goal=None), ALARMS, near, missed]
    assert [one.state for one in worst_first(rows)] == ["not_reached", "not_reached", "reached", "no_goal", "not_built"]
    assert [one.metric for one in worst_first(rows)][:2] == ["far", "near"]


def test_shares_have_wilson_s_interval_and_means_one_of_t() -> None:
    found = counted(8, 10, RECALL)
    assert found.value == 0.8
    assert found.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert counted(0, 0, RECALL).value is None
    # Mean 2, standard deviation 1, t with two degrees of freedom 4.303: 2 ± 4.303 / √3.
    mean = averaged([1.0, 2.0, 3.0], ALARMS)
    assert mean.interval == pytest.approx((-0.4841, 4.4841), abs=1e-4)
    assert averaged([0.7], ALARMS).interval is None
    assert averaged([], ALARMS).value is None


def test_seeds_in_words() -> None:
    assert span(range(100)) == "0-99"
    assert span([7]) == "7"
    assert span([1, 5]) == "1, 5"
    assert span([]) == ""


def test_a_row_on_the_page() -> None:
    row = replace(
        RECALL, interval=(0.82, 0.95), seeds="0-99", best="0.8 | elsewhere", note="few days", command="make x"
    )
    line = next(one for one in page.written([row]).splitlines() if "recall" in one)
    assert line == (
        "| growth jump | simulated S1 | recall | ≥ 95.0 % | 90.0 % (82.0 % to 95.0 %) | 100 worlds, seeds 0-99 "
        "| **not reached** | 0.8 \\| elsewhere | few days (`make x`) |"
    )


def test_the_page_is_the_one_of_the_kept_results() -> None:
    assert run.PAGE.read_text("utf-8") == page.written(run.kept())


def test_a_change_of_what_a_detector_uses_is_seen() -> None:
    names = {path.stem for path in run._used(run.HERE / "verdicts.py", set())}
    assert {"verdicts", "worlds", "table"} <= names
    assert "growth" not in names


def test_a_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = []

    def rows(seeds: range, *, release: bool = False) -> list[Reached]:
        called.append((seeds, release))
        return [counted(3, len(seeds), RECALL)]

    monkeypatch.setattr("validation.verdicts.rows", rows, raising=False)
    run.measure("verdicts", range(4), tmp_path, release=False, again=False)
    run.measure("verdicts", range(4), tmp_path, release=False, again=False)
    assert len(called) == 1
    run.measure("verdicts", range(4), tmp_path, release=False, again=True)
    run.measure("verdicts", range(5), tmp_path, release=False, again=False)
    assert [len(seeds) for seeds, _ in called] == [4, 4, 5]
    (row,) = [one for one in run.kept(tmp_path) if one.value is not None]
    assert row == counted(3, 5, RECALL)
