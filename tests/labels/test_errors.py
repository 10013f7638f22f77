"""The measured errors of rules: what is known, what is not, and that figures belong to the rules as they are."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pytest

from seguito.labels.errors import errors_of
from seguito.labels.patterns import Patterns
from seguito.labels.reading import prepare
from seguito.labels.registry import labellers


def test_what_was_measured_is_known() -> None:
    for label, language in (("question", "en"), ("thanks", "it"), ("support", "it"), ("low_effort", None)):
        errors = errors_of(label, language)
        assert errors is not None
        assert errors.informative
        assert errors.specificity > 0.8
    for label in ("sentiment=positive", "service_request"):
        assert errors_of(label) is not None


@pytest.mark.parametrize(
    ("label", "language"),
    [("worry", None), ("worry", "it"), ("question", "it"), ("thanks", "de"), ("wording", None), ("threat", None)],
)
def test_what_was_not_measured_is_unknown(label: str, language: str | None) -> None:
    assert errors_of(label, language) is None


def test_figures_belong_to_the_rules_as_they_are() -> None:
    text = (files("seguito.labels") / "errors.toml").read_text(encoding="utf-8")
    revisions = {label: one.revision for one in labellers() for label in one.labels}
    rows = tomllib.loads(text)["errors"]
    stale = {row["label"] for row in rows if row["revision"] != revisions[row["label"].partition("=")[0]]}
    assert not stale, "weights or rules changed: run python -m training.voices and python -m training.rule_errors"


@pytest.mark.data
def test_figures_come_from_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training.rule_errors", "--check"], capture_output=True, text=True, env={**os.environ}
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.data
def test_thanks_on_comments_labelled_for_emotions() -> None:
    """The figures stand in docs/concepts/labels.md: 96 % precision, 83 % recall against "gratitude"."""
    folder = Path(os.environ["SEGUITO_DATA"]) / "open" / "goemotions"
    emotions = (folder / "labels.txt").read_text("utf-8").split()
    gratitude = str(emotions.index("gratitude"))
    lines = [line for part in ("train", "dev") for line in (folder / f"{part}.tsv").read_text("utf-8").split("\n")]
    rows = [line.split("\t") for line in lines if line]
    posts = prepare(pa.array([str(n) for n in range(len(rows))]), pa.array([row[0] for row in rows]))
    found = {int(uri) for uri in Patterns("thanks").label(posts).column("subject_uri").to_pylist()}
    grateful = {number for number, row in enumerate(rows) if gratitude in row[1].split(",")}
    assert len(found & grateful) / len(found) > 0.92
    assert len(found & grateful) / len(grateful) > 0.78
