"""Groups within a community: the known world, the rows of the map, and what is told where nothing stands."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seguito.measures.community_groups import _map, beyond, groups
from seguito.measures.graph.groups import Groups
from seguito.measures.graph.pairs import Pairs
from seguito.testing.grounds import Grounds
from seguito.testing.known_world import ada
from seguito.testing.world import World

from .conftest import Lay
from .test_dialogue import part


def test_groups_of_the_known_world(grounds: Grounds) -> None:
    # bea talks with cho, dan and jon: a star of three pairs, of which no division beats the whole.
    draft = groups(grounds.space("ada"))
    assert draft.n == 4
    assert part(draft, "partners").value == 6 / 4
    assert part(draft, "in_largest_set").value == 1.0
    assert part(draft, "groups").value is None
    assert draft.series is None
    assert [one.code for one in draft.notes] == ["groups_not_told"]
    assert draft.unseen[0].values == {"partners": 1.5}
    shown = {*draft.evidence_for, *draft.evidence_against}
    assert set(ada().named(sorted(shown))) == {"c36", "c32", "c31", "c25", "c18"}


def test_beyond_chance_by_hand() -> None:
    # .75 within groups where chance has .5: half of the way to 1.
    assert beyond(0.75, 0.5) == 0.5
    assert beyond(0.5, 0.5) == 0.0


def cliques(sizes: tuple[int, ...], bridges: tuple[tuple[int, int], ...]) -> tuple[Pairs, np.ndarray]:
    of = np.repeat(np.arange(len(sizes)), sizes)
    pairs = [(i, j) for i in range(len(of)) for j in range(i + 1, len(of)) if of[i] == of[j]]
    start, end = np.array([*pairs, *bridges]).T
    return Pairs(start, end, len(of), pa.array([f"m{at:02}" for at in range(len(of))])), of


def test_rows_of_the_map_by_hand() -> None:
    # Cliques of 12, 11 and 3 hold 66, 55 and 3 pairs; three bridges. Three members are too few to be shown as a group.
    pairs, of = cliques((12, 11, 3), ((0, 12), (1, 13), (2, 25)))
    found = Groups(of, 1.0, 124 / 127, np.array([0.4, 0.5]), 0.9, 0.5, np.array([0.1, 0.2]))
    assert found.stands
    assert _map(pairs, found).rows == (
        ("1", "1", 12, 66),
        ("2", "2", 11, 55),
        ("others", "others", 3, 3),
        ("1", "2", None, 2),
        ("1", "others", None, 1),
    )


def test_two_circles_are_told_with_their_map(lay: Lay) -> None:
    # Two circles of twelve in which everybody writes to everybody, and one bridge between them.
    world = World()
    world.post("p", "0 09:00")
    names = [f"{circle}{at:02}" for circle in "ab" for at in range(12)]
    for name in names:
        world.comment(name, "0 10:00", by=name, under="p")
    for one in names:
        for other in names:
            if one < other and one[0] == other[0]:
                world.comment(f"{one}-{other}", "0 11:00", by=one, under="p", to=other)
    world.comment("bridge", "0 12:00", by="a00", under="p", to="b00")
    draft = groups(lay(world))
    assert draft.n == 24
    assert part(draft, "groups").value == 2
    assert part(draft, "inside").value == 132 / 133
    assert draft.series is not None
    assert draft.series.rows[:3] == (("1", "1", 12, 66), ("2", "2", 12, 66), ("1", "2", None, 1))
    assert world.named(draft.evidence_against) == ["bridge"]
    assert draft.notes == ()
