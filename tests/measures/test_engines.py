"""Every measure gives the same on DuckDB and on a Spark cluster with two workers, over the same snapshots."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seguito.measures.registry import MEASURES
from seguito.measures.space import Space
from seguito.store.lake import Lake, open_lake
from seguito.testing.grounds import Grounds
from seguito.testing.measures import same_on_both
from seguito.testing.world import World

from . import wrong

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def on_spark(grounds: Grounds, spark_master: str) -> Iterator[dict[str, Space]]:
    """Ada's space of each world, read by Spark from the very files that DuckDB reads."""
    lakes: list[Lake] = []
    spaces: dict[str, Space] = {}
    for world in ("mixed", "all_unknown"):
        lakes.append(open_lake(grounds.path(world), engine="spark", master=spark_master))
        spaces[world] = World().space(lakes[-1])
    yield spaces
    for lake in lakes:
        lake.close()


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_the_same_on_both_engines(name: str, grounds: Grounds, on_spark: dict[str, Space]) -> None:
    estimate = grounds.estimate(MEASURES[name], "mixed")
    assert estimate.usable or estimate.status == "not_identified"
    assert same_on_both(MEASURES[name], grounds.space("mixed"), on_spark["mixed"]) == []


def test_what_is_unknown_is_unknown_on_both(grounds: Grounds, on_spark: dict[str, Space]) -> None:
    measure = MEASURES["dialogue.time_to_answer"]
    assert same_on_both(measure, grounds.space("all_unknown"), on_spark["all_unknown"]) == []


def test_the_comparison_notices_what_one_engine_rounds_and_the_other_cuts(
    grounds: Grounds, on_spark: dict[str, Space]
) -> None:
    assert same_on_both(wrong.ENGINE_MUTANT, grounds.space("mixed"), on_spark["mixed"]) != []
