"""The benchmark at a small size: it runs, compares what is comparable, and reads its own figures right. Not timed."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from benchmarks.run import Run, main
from benchmarks.tables import goals, table
from benchmarks.watch import watch


def run_of(comments: int, seconds: float, *, again: float = 1.0, peak_mb: float = 500.0, plain: float = 10.0) -> Run:
    stages = {"start": 1.0, "collect": 4.0, "label": 2.0, "measure": 2.0, "report": 1.0}
    return Run(
        comments=comments,
        seconds=seconds,
        cpu_seconds=seconds * 1.5,
        stages=stages,
        peak_mb=peak_mb,
        again_seconds=again,
        again_cpu_seconds=again,
        again_stages=stages,
        again_added=comments // 100,
        plain_seconds=plain,
        plain_cpu_seconds=plain,
        plain_stages={"collect": 1.0},
        plain_peak_mb=200.0,
    )


def test_goals_are_met_at_the_line_and_missed_beyond_it() -> None:
    at_the_line = [run_of(100_000, 18.0), run_of(1_000_000, 180.0, again=18.0, peak_mb=4096.0)]
    assert [one.met for one in goals(at_the_line)] == [True, True, True, True]
    beyond = [run_of(100_000, 18.0), run_of(1_000_000, 180.1, again=18.02, peak_mb=4096.1)]
    assert [one.met for one in goals(beyond)] == [False, False, False, False]


def test_small_sizes_say_nothing_of_a_million() -> None:
    assert [one.goal.split(" ")[0] for one in goals([run_of(10_000, 2.0)])] == ["a"]


def test_the_table_shows_shares_and_ratios() -> None:
    row = table([run_of(1_000_000, 20.0, again=1.5, plain=10.0)]).splitlines()[-1]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[:7] == ["1,000,000", "20.0 (30.0)", "10%", "40%", "20%", "20%", "10%"]
    assert cells[7:] == ["500", "20", "1.5 (1.5)", "8%", "10.0 (10.0), 200 MB", "2.0"]


def test_memory_of_children_is_seen_and_failure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    child = "import time; held = bytearray(200_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(0.6)"
    (tmp_path / "parent_of_one.py").write_text(
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])\nprint('{{}}')\n"
    )
    assert 190 < watch("parent_of_one").peak_mb < 400
    (tmp_path / "broken_one.py").write_text("raise SystemExit('no luck')")
    with pytest.raises(RuntimeError, match="no luck"):
        watch("broken_one")


def test_a_small_run_from_files_to_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "RESULTS.md"
    words = ["--sizes", "1500", "--json", "--cache", str(tmp_path / "cache"), "--output", str(page)]
    assert main(words) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["comments"] == 1_500
    assert run["again_added"] == 15
    assert set(run["stages"]) == {"start", "collect", "label", "measure", "report"}
    assert run["seconds"] > sum(run["stages"].values()) > 0
    text = page.read_text("utf-8")
    assert "| 1,500 |" in text
    assert str(tmp_path) not in text
    assert platform.node() not in text or platform.node() in "Linux localhost"
