"""The fit goes one way, folds keep the same profile together, and what is written can be read and scored."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seguito.measures.profiles.fields import Profiles
from seguito.measures.profiles.scorer import parse
from training import profiles as training


def planted(n: int = 300) -> tuple[Profiles, np.ndarray]:  # type: ignore[type-arg]
    rng = np.random.default_rng(3)
    fake = np.arange(n) % 4 == 0
    sizes = {"followers": (10, 300), "following": (1500, 300), "posts": (2, 80), "bio": (3, 40)}
    columns = {name: rng.poisson(np.where(fake, *pair)) for name, pair in sizes.items()}
    columns |= {"picture": rng.binomial(1, np.where(fake, 0.5, 0.95)), "private": rng.binomial(1, 0.4, n)}
    columns |= {"username_length": rng.integers(6, 16, n), "username_digits": rng.integers(0, 6, n)}
    return Profiles(n, columns), fake


def test_what_is_fitted_goes_one_way_and_tells_them_apart() -> None:
    profiles, fake = planted()
    reached = training.design(profiles)
    scorer = training.with_threshold(training.scorer_of(training.fit(reached, fake), reached), profiles, fake)
    text = training.written(scorer, {(training.MEASURED, 0): [1, 2, 3, 4]})
    again = parse(text.encode(), Path("x"))  # refuses points that do not all go one way
    assert again.evidence == scorer.evidence
    above, _ = again.decide(profiles)
    assert (above[fake].mean(), above[~fake].mean()) == (1.0, 0.0)
    assert abs(again.score(profiles).mean()) < 20  # nothing known and the average profile come out alike


def test_the_same_profile_never_stands_in_two_folds_and_fakes_are_spread() -> None:
    profiles, fake = planted(200)
    double = Profiles(400, {name: np.tile(column, 2) for name, column in profiles.columns.items()})
    of = training.folds(double, np.tile(fake, 2), 0)
    assert (of[:200] == of[200:]).all()
    counts = np.bincount(of, weights=np.tile(fake, 2), minlength=training.FOLDS)
    assert counts.min() >= 8


@pytest.mark.data
def test_the_counts_that_ship_are_those_of_the_set() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "training.profiles", "errors", "--check"],
        cwd=training.ROOT, env=dict(os.environ), capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.data
def test_the_scorer_for_research_reaches_its_goal(tmp_path: Path) -> None:
    profiles, fake = training.instafake()
    assert np.mean(training.cross_validated(profiles, fake)) >= 0.985
