"""One small world, vetted as a real one is; and what is counted on the whole world."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seguito.simulate.community import simulate
from seguito.simulate.scenarios import planned
from validation import worlds


def test_a_world_is_vetted_once_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned("S0", seed=0, comments=600)
    monkeypatch.setattr(worlds, "KEPT", tmp_path)
    content = worlds._vet(plan)
    (tmp_path / f"{worlds._key(plan)}.json").write_text(content)
    (seen,) = worlds.vetted([plan])
    assert (seen.scenario, seen.seed) == ("S0", 0)
    assert seen.verdicts["dialogue"] == "yes"
    assert seen.value("dialogue.answered_share") == pytest.approx(seen.truth["answered_share"], abs=1e-4)
    assert seen.value("dialogue.answered_share", "questions") > 0.5
    assert seen.value("no.such_measure") is None
    assert seen.value("dialogue.answered_share", "no_such_part") is None
    assert not list(tmp_path.glob("*.tmp"))


def test_the_creator_s_first_answer_counts() -> None:
    community = simulate(planned("S0", seed=0, comments=600))
    waits = worlds.first_waits(community)
    comments = community.comments
    for number in np.flatnonzero(np.isfinite(waits))[:20]:
        answers = [
            comments.at[one] - comments.at[number]
            for one in np.flatnonzero(comments.parent == number)
            if not community.by_member[one]
        ]
        assert waits[number] == min(answers)
    assert np.isinf(waits).any()


def test_the_same_plan_has_the_same_key_and_another_has_not() -> None:
    first = planned("S0", seed=0, comments=600)
    assert worlds._key(first) == worlds._key(planned("S0", seed=0, comments=600))
    assert worlds._key(first) != worlds._key(planned("S0", seed=1, comments=600))
