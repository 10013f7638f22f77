"""A larger model on the command line: scored on the table of everybody, calibrated, set for a workspace, seen."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import assert_refused, seguito
from tests.labels.models import tiny

# What people said of 120 texts: the model is right on 9 in 10, and far too sure.
WORDS = {"bello": (0.0, 0.0, 12.0), "brutto": (12.0, 0.0, 0.0), "tavolo": (0.0, 12.0, 0.0)}
GOLD = {"bello": "positive", "brutto": "negative", "tavolo": "neutral"}
OTHER = {"bello": "negative", "brutto": "neutral", "tavolo": "positive"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny.write_model(tmp_path / "tiny", WORDS)
    rows = [(word, OTHER[word] if n % 10 == 0 else GOLD[word]) for word in WORDS for n in range(40)]
    (tmp_path / "set.csv").write_text("text,gold\n" + "".join(f"{text},{gold}\n" for text, gold in rows))
    return tmp_path


def score(folder: Path, *args: str) -> dict[str, Any]:
    done = seguito("score-labeller", "sentiment", "set.csv", "--model", "tiny", "--json", *args, cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_a_model_is_scored_and_calibrated_on_labelled_texts(folder: Path) -> None:
    before = score(folder)
    assert (before["n"], before["accuracy"]["value"], before["weights"]) == (120, 0.9, "tiny")
    # It says 1.0 and is right nine times in ten.
    assert before["ece"]["value"] == pytest.approx(0.1, abs=0.001)
    done = seguito("fit-model", "sentiment", "tiny", "set.csv", "--json", cwd=folder)
    fitted = json.loads(done.stdout)
    # By hand: the right value gets .9 where e^(12/t) is 18 times as large as e^0, which stands twice below the line.
    assert fitted["temperature"] == pytest.approx(12 / math.log(18), abs=0.01)
    assert fitted["rows"] == 120
    assert fitted["loss_after"] < fitted["loss_before"]
    after = score(folder)
    assert after["accuracy"] == before["accuracy"]
    assert after["ece"]["value"] < 0.002


def test_a_calibration_of_other_files_is_refused(folder: Path) -> None:
    assert seguito("fit-model", "sentiment", "tiny", "set.csv", cwd=folder).returncode == 0
    tiny.write_model(folder / "tiny", {**WORDS, "bello": (0.0, 0.0, 11.0)})
    done = seguito("score-labeller", "sentiment", "set.csv", "--model", "tiny", cwd=folder)
    assert_refused(done, 65, "fitted for other files", "seguito fit-model")
    (folder / "tiny" / "calibration.json").write_text("{")
    assert_refused(
        seguito("score-labeller", "sentiment", "set.csv", "--model", "tiny", cwd=folder), 65, "cannot be read"
    )


def test_names_are_told_on_the_command_line(folder: Path) -> None:
    tiny.write_model(folder / "tiny", WORDS, ("LABEL_0", "LABEL_1", "LABEL_2"))
    done = seguito("score-labeller", "sentiment", "set.csv", "--model", "tiny", cwd=folder)
    assert_refused(done, 2, "LABEL_0", "labels = {")
    told = [("LABEL_0", "negative"), ("LABEL_1", "neutral"), ("LABEL_2", "positive")]
    assert score(folder, *(part for name, value in told for part in ("--name", f"{name}={value}")))["n"] == 120


def test_only_what_the_reader_is_not_sure_of_is_asked(folder: Path) -> None:
    everything, some, nothing = (score(folder, "--below", below) for below in ("1", "0.9", "0.01"))
    alone = json.loads(seguito("score-labeller", "sentiment", "set.csv", "--json", cwd=folder).stdout)
    assert everything["asked"] == 120
    assert everything["confusion"] == score(folder)["confusion"]
    assert nothing["asked"] == 0
    assert nothing["confusion"] == alone["confusion"]
    # Each of the three texts stands forty times; the reader is as sure of it each time.
    assert some["asked"] in (40, 80, 120)
    done = seguito("score-labeller", "sentiment", "set.csv", "--model", "tiny", "--below", "1", cwd=folder)
    assert "the model was asked of 120 of 120 texts" in done.stdout


def test_mistakes_are_two_sentences(folder: Path) -> None:
    (folder / "few.csv").write_text("text,gold\nbello,positive\n")
    for args, code, words in (
        (("score-labeller", "sentiment", "set.csv", "--below", "0.8"), 2, ("--model",)),
        (("score-labeller", "sentiment", "set.csv", "--model", "gone"), 66, ("no model folder", "optimum-cli")),
        (("fit-model", "sentiment", "tiny", "few.csv"), 2, ("1 texts are too few",)),
        (("fit-model", "sentiment", "gone", "set.csv"), 66, ("no model folder",)),
        (("fit-model", "sentimento", "tiny", "set.csv"), 2, ("Did you mean 'sentiment'?",)),
    ):
        assert_refused(seguito(*args, cwd=folder), code, *words)


def test_a_workspace_tells_who_reads_what(folder: Path) -> None:
    (folder / "comments.csv").write_text("id,author,text,created\n1,anna,che bello davvero bello,2024-01-01\n")
    collected = seguito("collect", "comments.csv", "--creator", "marta", "--yes", cwd=folder)
    assert collected.returncode == 0, collected.stderr
    settings = folder / "seguito-workspace" / "settings.toml"
    settings.write_text('[models]\nsentiment = "../tiny"\n')
    done = seguito("label", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "sentiment: tiny@" in done.stderr
    assert "scores as it gives them." in done.stderr
    held = json.loads(seguito("status", "--json", cwd=folder).stdout)["models"]
    assert [(one["label"], one["name"], one["asked"], one["problem"]) for one in held] == [
        ("sentiment", "tiny", "always", None)
    ]
    assert "every post" in seguito("status", cwd=folder).stdout
    settings.write_text('[models]\nsentiment = "../gone"\n')
    (one,) = json.loads(seguito("status", "--json", cwd=folder).stdout)["models"]
    assert "no model folder" in one["problem"]
    assert_refused(seguito("label", cwd=folder), 66, "no model folder", "optimum-cli")
    settings.write_text('[models]\nsentimet = "../tiny"\n')
    assert_refused(seguito("label", cwd=folder), 2, "no label", "Did you mean 'sentiment'?")
