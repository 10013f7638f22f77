"""Scenarios plant what they say, and refuse what they must."""

from __future__ import annotations

import numpy as np
import pytest

from seguito.kit.errors import UsageError
from seguito.simulate.cadence import DAY
from seguito.simulate.community import simulate
from seguito.simulate.people import BOUGHT
from seguito.simulate.scenarios import planned
from seguito.simulate.truth import truth


def test_the_clean_world_holds_nothing_planted() -> None:
    told = truth(simulate(planned("S0", seed=5, comments=400)))
    assert (told["bought_followers"], told["silences"]) == (0, [])


def test_bought_followers_come_within_the_days_drawn() -> None:
    seen = set()
    for seed in range(12):
        plan = planned("S1", seed=seed, comments=400)
        members = simulate(plan).members
        assert 0 < np.ptp(members.joined[members.group == BOUGHT]) < plan.bought_days * DAY
        seen.add(plan.bought_days)
    assert seen == {1, 5, 30}


def test_one_silence_is_planted() -> None:
    (silence,) = truth(simulate(planned("S4", seed=2, comments=400)))["silences"]
    assert silence["days"] >= 7


@pytest.mark.parametrize(("name", "seed"), [("S99", 0), ("S1", 1000), ("S1", 1199)])
def test_unknown_scenarios_and_release_seeds_are_refused(name: str, seed: int) -> None:
    with pytest.raises(UsageError):
        planned(name, seed=seed, comments=400)


def test_release_seeds_are_given_to_releases() -> None:
    assert planned("S1", seed=1000, comments=400, release=True).seed == 1000
