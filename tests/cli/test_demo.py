"""The demo and the simulator from the command line: what a person sees in the first minute."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from seguito.dossier.questions import QUESTIONS
from seguito.measures.registry import MEASURES

PROGRAM = "import sys; from seguito.cli.main import main; sys.argv[0] = 'seguito'; main()"


def seguito(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", PROGRAM, *map(str, words)], capture_output=True, text=True)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("first-minute") / "demo"
    return folder, seguito("demo", "--output", folder)


def document(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return found


def estimate(report: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in report["estimates"] if one["measure"] == name]
    return dict(found)


def test_the_demo_writes_a_report_and_says_where(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, run = shown
    assert run.returncode == 0, run.stderr
    assert str((folder / "report.html").resolve()) in run.stderr
    page = (folder / "report.html").read_text("utf-8")
    assert "<html" in page
    assert "imulated" in page


def test_it_is_marked_as_simulated_everywhere(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, run = shown
    assert document(folder)["is_simulated"] is True
    assert "imulated" in run.stdout
    assert "Nobody in it exists" in run.stderr


def test_the_questions_are_answered_and_not_all_alike(
    shown: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    answers = {one["question"]: one["verdict"] for one in document(shown[0])["answers"]}
    assert list(answers) == list(QUESTIONS)
    unmeasured = {key for key, question in QUESTIONS.items() if question.measures[0] not in MEASURES}
    assert {key for key, verdict in answers.items() if verdict == "not_answerable"} == unmeasured
    assert "yes" in answers.values()
    assert len(set(answers.values())) >= 2


def test_what_was_planted_is_found(shown: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """The simulated space is complete, so a share is found to the last comment, not only within its interval."""
    folder, run = shown
    planted = json.loads((folder / "simulated" / "truth.json").read_text("utf-8"))
    report = document(folder)
    for name, key in (
        ("dialogue.answered_share", "answered_share"),
        ("community.member_to_member_share", "member_to_member_share"),
    ):
        one = estimate(report, name)
        assert one["value"] == pytest.approx(planted[key], rel=1e-4)
        assert one["interval"]["lo"] < planted[key] < one["interval"]["hi"]
    assert "planted" in run.stderr
    assert f"{planted['answered_share']:.1%}" in run.stderr


def test_the_purchase_that_doubled_the_followers_is_open(
    shown: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """It falls on days as busy as one post makes them, which excuse no growth of that size."""
    folder, _ = shown
    (bought,) = json.loads((folder / "simulated" / "truth.json").read_text("utf-8"))["purchases"]
    assert bought["share_of_followers_before"] > 1
    one = estimate(document(folder), "authenticity.growth_jumps")
    (told,) = [note["values"] for note in one["notes"] if note["code"] == "jumps_on"]
    # Whoever comes in the evening is counted on the next day.
    after = (date.fromisoformat(bought["day"]) + timedelta(days=1)).isoformat()
    assert set(told["dates"]) & {bought["day"], after}
    assert one["value"] > 0


def test_a_second_demo_starts_afresh_and_a_stranger_s_folder_is_left_alone(
    shown: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, _ = shown
    before = [one["verdict"] for one in document(folder)["answers"]]
    run = seguito("demo", "--output", folder, "--json", "--quiet")
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert [one["verdict"] for one in json.loads(run.stdout)["answers"]] == before
    strange = tmp_path / "simulated" / "workspace"
    strange.mkdir(parents=True)
    (strange / "mine.txt").write_text("mine")
    refused = seguito("demo", "--output", tmp_path)
    assert refused.returncode != 0
    assert "is no workspace" in refused.stderr
    assert (strange / "mine.txt").read_text() == "mine"


def test_simulate_names_the_files_on_stdout_and_the_truth_beside(tmp_path: Path) -> None:
    run = seguito("simulate", "--comments", "300", "--seed", "2", "--format", "youtube", "--output", tmp_path / "s")
    assert run.returncode == 0, run.stderr
    paths = [Path(line) for line in run.stdout.splitlines()]
    assert [path.name for path in paths] == ["comments.csv", "videos.csv", "daily.csv"]
    assert all(path.is_file() for path in paths)
    assert json.loads((tmp_path / "s" / "truth.json").read_text("utf-8"))["seed"] == 2
    assert "seguito vet" in run.stderr


def test_a_size_that_makes_no_sense_is_two_sentences(tmp_path: Path) -> None:
    run = seguito("simulate", "--comments", "3", "--output", tmp_path)
    assert run.returncode == 2
    assert "3 comments cannot be simulated" in run.stderr
    assert "Traceback" not in run.stderr
