"""Pairs of members and graphs of chance: what must never change when ends are swapped."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from seguito.measures.graph.pairs import Pairs, drawn_means, largest_component, pairs_of, rewired


def table(*arcs: str) -> pa.Table:
    """Who wrote to whom, `ab` being a to b."""
    return pa.table({"start": [arc[0] for arc in arcs], "end": [arc[1] for arc in arcs]})


def drawn(size: int, count: int, seed: int) -> Pairs:
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, size, count), rng.integers(0, size, count)
    apart = one != other
    keys = np.unique(np.minimum(one, other)[apart] * size + np.maximum(one, other)[apart])
    return Pairs(keys // size, keys % size, size, pa.array([f"m{at:04}" for at in range(size)]))


def test_a_pair_counts_once_whoever_wrote() -> None:
    pairs = pairs_of(table("ba", "ab", "ab", "cb", "aa"))
    assert pairs.names.to_pylist() == ["a", "b", "c"]
    assert list(zip(pairs.start.tolist(), pairs.end.tolist(), strict=True)) == [(0, 1), (1, 2)]
    assert pairs.degrees.tolist() == [1, 2, 1]
    assert pairs.matrix.toarray().tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def test_no_talk_is_no_graph() -> None:
    pairs = pairs_of(table())
    assert (len(pairs), pairs.size) == (0, 0)
    found, share = largest_component(pairs)
    assert (found.size, share) == (0, 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_rewiring_keeps_every_degree_and_makes_no_loop_nor_double(seed: int) -> None:
    pairs = drawn(60, 200, seed)
    chance = rewired(pairs, np.random.default_rng(seed))
    assert chance.degrees.tolist() == pairs.degrees.tolist()
    assert (chance.start < chance.end).all()
    keys = chance.start * chance.size + chance.end
    assert len(np.unique(keys)) == len(pairs)


def test_rewiring_forgets_the_graph() -> None:
    # Of 400 pairs among 300 members, chance alone keeps about as many as 400 * 400 / (300 * 299 / 2) = 4.
    pairs = drawn(300, 400, 9)
    chance = rewired(pairs, np.random.default_rng(9))
    kept = np.isin(chance.start * 300 + chance.end, pairs.start * 300 + pairs.end).sum()
    assert kept < 0.06 * len(pairs)


def test_a_triangle_cannot_be_rewired() -> None:
    # Every swap of a triangle would join a member to themself or repeat a pair.
    pairs = pairs_of(table("ab", "bc", "ca"))
    chance = rewired(pairs, np.random.default_rng(0))
    assert (chance.start.tolist(), chance.end.tolist()) == (pairs.start.tolist(), pairs.end.tolist())


def test_the_largest_component_is_numbered_anew() -> None:
    # a-b and c-d-e: the larger one is c, d, e, three of five members.
    found, share = largest_component(pairs_of(table("ab", "cd", "ed")))
    assert found.names.to_pylist() == ["c", "d", "e"]
    assert (found.start.tolist(), found.end.tolist()) == ([0, 1], [1, 2])
    assert share == 3 / 5


def test_of_two_alike_components_the_first_is_taken() -> None:
    assert largest_component(pairs_of(table("cd", "ab")))[0].names.to_pylist() == ["a", "b"]


def test_means_over_drawn_members() -> None:
    # A figure that is the same for every pair has the same mean in every sample; one pair alone is drawn or is not.
    pairs = drawn(40, 90, 3)
    assert set(drawn_means(pairs, np.full(len(pairs), 0.25), seed=1).round(12)) == {0.25}
    values = np.arange(len(pairs)) / len(pairs)
    found = drawn_means(pairs, values, seed=1)
    assert len(found) == 500
    assert found.mean() == pytest.approx(values.mean(), abs=0.05)
    assert found.std() > 0.01
    assert found.tolist() == drawn_means(pairs, values, seed=1).tolist()
