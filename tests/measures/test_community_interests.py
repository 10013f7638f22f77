"""Shared interests: likeness worked out by hand on a handful of members, and words of groups."""

from __future__ import annotations

import pytest

from seguito.measures.community_interests import shared_interests
from seguito.testing.grounds import Grounds
from seguito.testing.world import World

from .conftest import Lay
from .test_dialogue import part

KILN = "kiln glaze clay wheel bowl"
RAIL = "train rail track station steam"


def test_two_who_talk_and_one_who_only_meets(lay: Lay) -> None:
    # bea and cho write the same five words and talk; dan writes five others under the same post and talks with nobody
    # there, but with eli under another one.
    world = World()
    world.post("p", "0 09:00")
    world.post("q", "1 09:00")
    world.comment("b", "0 10:00", by="bea", under="p", text=KILN)
    world.comment("c", "0 11:00", by="cho", under="p", text=KILN)
    world.comment("d", "0 12:00", by="dan", under="p", text=RAIL)
    # What they write to each other does not count: here it is what dan writes of.
    world.comment("bc", "0 13:00", by="bea", under="p", to="c", text=RAIL)
    world.comment("e", "1 10:00", by="eli", under="q", text=RAIL)
    world.comment("de", "1 11:00", by="dan", under="q", to="e", text="grazie")
    draft = shared_interests(lay(world))
    # Likeness 1 for bea and cho, 0 for bea and dan; nobody else wrote where dan and eli met.
    assert (draft.value, draft.n) == (pytest.approx(1.0), 1)
    assert part(draft, "who_talk").value == pytest.approx(1.0)
    assert part(draft, "who_only_meet").value == 0.0
    assert world.named(draft.evidence_for) == ["bc"]


def test_whoever_writes_too_little_is_like_nobody(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    for name, text in (("bea", KILN), ("cho", "kiln glaze clay wheel"), ("dan", RAIL)):
        world.comment(name, "0 10:00", by=name, under="p", text=text)
    world.comment("bc", "0 13:00", by="bea", under="p", to="cho", text="grazie")
    draft = shared_interests(lay(world))
    assert (draft.value, draft.n) == (None, 0)


def test_the_crowd_talks_with_who_writes_of_the_same(grounds: Grounds) -> None:
    # Newcomers talk with regulars who write of the same things; whom they only meet writes of them one time in three.
    draft = shared_interests(grounds.space("crowd"))
    talk, meet = part(draft, "who_talk").value, part(draft, "who_only_meet").value
    assert talk is not None
    assert meet is not None
    assert draft.value == pytest.approx(talk - meet)
    assert draft.interval is not None
    assert draft.interval.lo > 0.1


def test_words_of_two_circles(lay: Lay) -> None:
    # Two circles of twelve in which everybody talks with everybody; one writes of kilns, the other of trains.
    world = World()
    world.post("p", "0 09:00")
    names = [f"{circle}{at:02}" for circle in "ab" for at in range(12)]
    for name in names:
        world.comment(name, "0 10:00", by=name, under="p", text=KILN if name[0] == "a" else RAIL, lang="en")
    for one in names:
        for other in names:
            if one < other and one[0] == other[0]:
                world.comment(f"{one}-{other}", "0 11:00", by=one, under="p", to=other, lang="en")
    world.comment("bridge", "0 12:00", by="a00", under="p", to="b00")
    draft = shared_interests(lay(world))
    assert draft.series is not None
    assert draft.series.columns == ("group", "members", "words", "language", "hour")
    (first, members, words, language, hour), (second, *_rest) = draft.series.rows
    assert (first, second, members, language, hour) == ("1", "2", 12, "en", 11)
    assert set(words.split(", ")) == set(KILN.split())
    # All but the bridge are as alike as can be, and nobody is like whom they only meet.
    assert draft.value == pytest.approx(132 / 133)
