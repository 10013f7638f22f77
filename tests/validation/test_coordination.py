"""Planted groups are found, honest ones are not; and what guards them is needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from validation.planted import HONEST, POD, SUBSET, Planted, community

from seguito.measures.coordination.agreement import Rules, agree
from validation import coordination

SEEDS = range(4)


def shown(rules: Rules, make: Callable[[int], Planted]) -> dict[str, float]:
    """The share of each kind that stands in a shown group."""
    tally: dict[str, list[int]] = {}
    for seed in SEEDS:
        world = make(seed)
        kinds = world.kind[agree(world.crowd, rules).group > 0]
        for kind, size in world.left.items():
            tally.setdefault(kind, [0, 0])
            tally[kind][0] += int((kinds == kind).sum())
            tally[kind][1] += size
    return {kind: hits / size for kind, (hits, size) in tally.items()}


@pytest.fixture(scope="module")
def honest() -> Callable[[int], Planted]:
    worlds = {seed: community(seed) for seed in SEEDS}
    return worlds.__getitem__


@pytest.mark.parametrize("kind", [*HONEST, "casual"])
def test_honest_groups_are_not_shown(honest: Callable[[int], Planted], kind: str) -> None:
    assert shown(Rules(), honest)[kind] <= 0.01


def test_pods_are_found_and_superfans_beside_them_are_not() -> None:
    found = shown(Rules(), lambda seed: community(seed, pod=SUBSET, bought=14))
    assert found["pod"] >= 0.85
    assert found["superfans"] <= 0.01
    found = shown(Rules(), lambda seed: community(seed, pod=POD, reciprocal=True))
    assert found["pod"] >= 0.8
    assert found["superfans"] <= 0.01


@pytest.mark.parametrize(
    ("rules", "kind"),
    [
        (replace(Rules(), agree=1, size=1), "notification bells"),
        (replace(Rules(), size=2), "family"),
    ],
    ids=["one signal is enough", "two accounts are a group"],
)
def test_what_guards_the_honest_is_needed(rules: Rules, kind: str) -> None:
    # Beside a pod on all posts: a family that writes hearts at once differs from it by its number only.
    assert shown(rules, lambda seed: community(seed, pod=POD))[kind] > 0.05


def test_alone_an_account_has_too_few_comments() -> None:
    found = shown(replace(Rules(), lenders=1_000), lambda seed: community(seed, pod=SUBSET, bought=14))
    assert found["pod"] < 0.5


def test_without_strata_popularity_passes_for_agreement() -> None:
    def flat(world: Planted) -> int:
        from seguito.measures.coordination.tails import Meetings, discovered, unlikely

        old = world.crowd.meetings
        margins, threads = old.margins.sum(axis=1, keepdims=True), np.array([old.threads.sum()])
        meetings = Meetings(old.left, old.right, old.met, margins, threads)
        _, tails = unlikely(meetings, 0.01)
        return int(discovered(tails, meetings.tests, 0.01).sum())

    def layered(world: Planted) -> int:
        from seguito.measures.coordination.tails import discovered

        return int(discovered(world.crowd.tails, world.crowd.meetings.tests, 0.01).sum())

    worlds = [community(seed, threads=120) for seed in range(2)]
    assert sum(map(flat, worlds)) > 1.5 * sum(map(layered, worlds))


def test_rows_tell_goals_and_what_was_reached() -> None:
    found = list(coordination.rows(range(2)))
    goals = {(one.data, one.metric): one.goal for one in found if one.goal is not None}
    assert goals[("planted: a pod on 9 to 20 of 60 posts", "precision of shown groups")] == 0.9
    assert goals[("planted: a pod on 9 to 20 of 60 posts", "recall of shown groups")] == 0.85
    assert all(one.seeds == "0-1" for one in found)
    assert len({(one.data, one.metric) for one in found}) == len(found)
