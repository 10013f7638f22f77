"""Member-to-member talk, mutual pairs and living threads: every value worked out by hand."""

from __future__ import annotations

import pytest

from seguito.measures.community import member_to_member_share, threads_alive_without_creator
from seguito.measures.community_pairs import mutual_pairs
from seguito.testing.grounds import Grounds
from seguito.testing.known_world import ada
from seguito.testing.world import World

from .conftest import Lay
from .test_dialogue import part


def test_member_to_member_share_of_the_known_world(grounds: Grounds) -> None:
    # To another member: c3, c4, c11, c17, c18, c25, c31, c32, c36 (inferred). To Ada: c6, c30. To himself: c13.
    draft = member_to_member_share(grounds.space("ada"))
    assert (draft.value, draft.n) == (9 / 36, 36)
    assert part(draft, "to_creator").value == pytest.approx(2 / 36)
    assert part(draft, "to_own").value == pytest.approx(1 / 36)
    assert part(draft, "to_post").value == pytest.approx(24 / 36)
    assert ada().named(draft.evidence_for) == ["c36", "c32", "c31", "c25", "c18"]
    assert draft.reasons == ()


def test_an_answer_to_what_was_not_collected_is_to_nobody_known(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    world.comment("a", "0 10:00", by="bea", under="p")
    world.comment("b", "0 11:00", by="cho", under="p", to="a")
    world.comment("c", "0 12:00", by="dan", under="p", to="never-seen")
    world.comment("gone", "0 12:00", by="eli", under="p", state="deleted_by_author")
    world.comment("d", "0 13:00", by="dan", under="p", to="gone")
    draft = member_to_member_share(lay(world))
    # Known: a (the post) and b (bea). c and d answer somebody we do not know.
    assert (draft.value, draft.n) == (0.5, 2)
    assert draft.reasons[0].code == "threads_partly_known"
    assert draft.reasons[0].values == {"known": 2, "of": 4}


@pytest.mark.parametrize(("shows_threads", "known"), [(True, 1), (False, 0)])
def test_nothing_answered_means_the_post_only_where_threads_are_shown(
    lay: Lay, shows_threads: bool, known: int
) -> None:
    world = World(capabilities=frozenset({"authors", "creator", *(["threads"] if shows_threads else [])}))
    world.post("p", "0 09:00")
    world.comment("a", "0 10:00", by="bea", under="p", parent_uri=None)
    assert member_to_member_share(lay(world)).n == known


def test_mutual_pairs_of_the_known_world(grounds: Grounds) -> None:
    # bea ⇄ cho, bea ⇄ dan, bea ⇄ jon: six arcs among four members, all returned; density 6 of 12.
    draft = mutual_pairs(grounds.space("ada"))
    assert (draft.value, draft.n) == (1.0, 4)
    assert part(draft, "mutual_pairs").value == 3
    assert part(draft, "density").value == 0.5
    # All were returned; that is not certainty.
    assert draft.interval is not None
    assert draft.interval.lo < 0.5


def test_reciprocity_beyond_density(lay: Lay) -> None:
    # a → b, b → a, a → c, c → d: four arcs of twelve, two of them returned: (1/2 - 1/3) / (1 - 1/3) = 1/4.
    world = World()
    world.post("p", "0 09:00")
    for name in "abcd":
        world.comment(name, "0 10:00", by=name, under="p")
    world.comment("ab", "0 11:00", by="a", under="p", to="b")
    world.comment("ab2", "0 11:30", by="a", under="p", to="b")
    world.comment("ba", "0 12:00", by="b", under="p", to="a")
    world.comment("ac", "0 13:00", by="a", under="p", to="c")
    world.comment("cd", "0 14:00", by="c", under="p", to="d")
    draft = mutual_pairs(lay(world))
    assert draft.value == pytest.approx(1 / 4)
    assert part(draft, "returned").value == 0.5
    # Two arcs or more: a (3), b (2), c (2); d has one.
    assert draft.n == 3
    assert world.named(draft.evidence_for) == ["ba", "ab2", "ab"]
    assert world.named(draft.evidence_against) == ["cd", "ac"]


def test_chance_returns_few_arcs_where_many_members_write_to_few(grounds: Grounds) -> None:
    draft = mutual_pairs(grounds.space("crowd"))
    chance = part(draft, "returned_by_chance")
    assert chance.value is not None
    assert chance.value < 0.1 < part(draft, "returned").value  # type: ignore[operator]


def test_living_threads_of_the_known_world(grounds: Grounds) -> None:
    # Two or more members commented in p1 to p6. Two wrote to one another in p1 (bea, cho), p3 (dan, bea) and p5 (bea,
    # jon); in p2, p4 and p6 only cho wrote to somebody. Ada wrote a comment in each.
    draft = threads_alive_without_creator(grounds.space("ada"))
    assert (draft.value, draft.n) == (0.5, 6)
    assert (part(draft, "with_creator").n, part(draft, "without_creator").n) == (6, 0)
    assert part(draft, "without_creator").value is None


def test_threads_where_the_creator_wrote_nothing(lay: Lay) -> None:
    world = World()
    for post in ("p", "q", "r"):
        world.post(post, "0 09:00")
        world.comment(f"{post}1", "0 10:00", by="bea", under=post)
        world.comment(f"{post}2", "0 11:00", by="cho", under=post, to=f"{post}1")
        if post != "r":
            world.comment(f"{post}3", "0 12:00", by="bea", under=post, to=f"{post}2")
    world.answer("a", "0 13:00", to="p1")
    draft = threads_alive_without_creator(lay(world))
    # p (with Ada) and q (without) live; in r one wrote and nobody wrote back.
    assert (draft.value, draft.n) == (pytest.approx(2 / 3), 3)
    assert (part(draft, "with_creator").value, part(draft, "without_creator").value) == (1.0, 0.5)
