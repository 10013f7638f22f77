"""Groups: figures worked out by hand, groups that were planted, and crowds without any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from seguito.measures.graph.groups import Groups, alike, divide, find, inside, modularity
from seguito.measures.graph.pairs import Pairs, pairs_of

from .test_pairs import drawn, table

# Two triangles and one bridge: seven pairs, six of them inside.
BRIDGED = ("ab", "bc", "ca", "de", "ef", "fd", "cd")


def planted(blocks: int, each: int, *, partners: float, mixing: float, seed: int) -> tuple[Pairs, np.ndarray]:
    """Blocks of members who talk outside their block with a share `mixing` of their pairs."""
    rng = np.random.default_rng(seed)
    size = blocks * each
    block = np.repeat(np.arange(blocks), each)
    one = rng.integers(0, size, int(size * partners / 2 * 1.05))
    inner = block[one] * each + rng.integers(0, each, len(one))
    other = np.where(rng.random(len(one)) < mixing, rng.integers(0, size, len(one)), inner)
    apart = one != other
    keys = np.unique(np.minimum(one, other)[apart] * size + np.maximum(one, other)[apart])
    return Pairs(keys // size, keys % size, size, pa.array([f"m{at:04}" for at in range(size)])), block


def test_two_triangles_by_hand() -> None:
    pairs = pairs_of(table(*BRIDGED))
    of = divide(pairs)
    assert of.tolist() == [0, 0, 0, 1, 1, 1]
    assert inside(pairs, of) == pytest.approx(6 / 7)
    # Each triangle holds 7 of the 14 ends: 6/7 - 2 (7/14)^2 = 5/14; at resolution 2, 6/7 - 1 = -1/7.
    assert modularity(pairs, of) == pytest.approx(5 / 14)
    assert modularity(pairs, of, 2.0) == pytest.approx(-1 / 7)


def test_likeness_of_divisions_by_hand() -> None:
    # Pairs together in both: 1 (0, 1). Together in the first: 2; in the second: 3. All pairs: 6.
    # (1 - 2 * 3 / 6) / ((2 + 3) / 2 - 2 * 3 / 6) = 0.
    assert alike(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx(0.0)
    assert alike(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2])) == 1.0
    assert alike(np.array([0, 0, 0, 0]), np.array([1, 1, 1, 1])) == 1.0


def test_members_without_partners_are_alone() -> None:
    of = divide(Pairs(np.array([0]), np.array([1]), 4, pa.array(list("abcd"))))
    assert of.tolist() == [0, 0, 1, 2]


def test_planted_groups_are_found_and_stand() -> None:
    pairs, block = planted(5, 60, partners=8, mixing=0.2, seed=4)
    found = find(pairs, "test")
    assert found.stands
    assert alike(found.of, block) > 0.9
    assert found.inside > found.chance.mean() + 0.2


@pytest.mark.parametrize("partners", [2.0, 4.0, 10.0])
def test_a_crowd_without_groups_has_none_that_stand(partners: float) -> None:
    pairs = drawn(300, int(300 * partners / 2), seed=11)
    assert not find(pairs, "test").stands


def test_the_same_talk_gives_the_same_groups() -> None:
    pairs, _ = planted(4, 50, partners=6, mixing=0.3, seed=8)
    one, other = find(pairs, "test"), find(pairs, "test")
    assert one.of.tolist() == other.of.tolist()
    assert (one.z, one.stable) == (other.z, other.stable)


def groups(modularity_: float, chance: list[float], stable: float) -> Groups:
    of = np.zeros(3, dtype=np.int64)
    return Groups(of, 1.0, 0.9, np.asarray(chance), stable, modularity_, np.asarray(chance))


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        (lambda: groups(0.51, [0.1, 0.2, 0.3], 0.7), True),
        # .2 + 3 * .1 = .5 exactly is not beyond three deviations.
        (lambda: groups(0.5, [0.1, 0.2, 0.3], 0.7), False),
        (lambda: groups(0.9, [0.1, 0.2, 0.3], 0.6), False),
        # Graphs of chance that are all alike: anything above is beyond them, the same is not.
        (lambda: groups(0.3, [0.2, 0.2], 0.7), True),
        (lambda: groups(0.2, [0.2, 0.2], 0.7), False),
    ],
)
def test_what_groups_must_show_to_stand(change: Callable[[], Groups], stands: bool) -> None:
    assert change().stands is stands
