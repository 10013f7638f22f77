"""The labels' benchmark at a tiny size: every tool runs, and figures are read right. Not timed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import labels


def told(**simulated: float) -> dict[str, dict[str, Any]]:
    speeds = {"all labels, compiled": 100_000.0, "all labels, numpy": 1.0, "reader alone, compiled": 100_000.0}
    speeds |= {"reader alone, numpy": 40_000.0, "fastText": 100_000.0, "VADER": 5_000.0}
    return {
        name: {"simulated": simulated.get(name.split()[0], speed), "real": None, "alone_us": 50.0, "scored": None}
        for name, speed in speeds.items()
    }


def test_goals_are_met_at_the_line_and_missed_beyond_it() -> None:
    assert [one.met for one in labels.goals(told(), 0.3)] == [True] * 8
    missed = [one.met for one in labels.goals(told(fastText=100_001.0, VADER=5_001.0), 0.31)]
    assert missed == [False, False, False, True, True, True, True, False]


def test_accuracy_is_a_goal_where_it_was_measured() -> None:
    found = told()
    for name, value in (("reader alone, compiled", 0.61), ("fastText", 0.62), ("VADER", 0.5)):
        found[name]["scored"] = {"n": 9, "accuracy": [value, 0.4, 0.7], "macro_recall": [value, 0.4, 0.7]}
    last = labels.goals(found, 0.3)[-4:]
    assert [(one.figure, one.met) for one in last] == [("0.61", False)] * 2 + [("0.61", True)] * 2
    assert "| VADER | 9 | 0.500 (0.400 to 0.700) |" in labels.accuracies(found)


def test_what_is_not_at_hand_is_said() -> None:
    assert "not measured" in labels.speeds(told())
    assert "SEGUITO_DATA" in labels.accuracies(told())
    assert (
        labels.speeds(told()).splitlines()[2]
        == f"| all labels, compiled | {labels.given()['labels']} | 100,000 | not measured | 20.0 | 50 |"
    )


@pytest.mark.slow
def test_a_tiny_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("SEGUITO_DATA", raising=False)
    labels.main(["--comments", "1200", "--cache", str(tmp_path / "cache")])
    page = capsys.readouterr().out
    for name in labels.RUNS:
        assert f"| {name} | " in page
    assert page.count("not measured") == len(labels.RUNS)
    assert str(tmp_path) not in page
