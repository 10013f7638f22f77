"""Depth, listening, presence and breadth: every value worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seguito.measures.conduct_presence import presence
from seguito.measures.dialogue_depth import depth
from seguito.measures.dialogue_listening import listening
from seguito.measures.influence import breadth, rarefied
from seguito.testing.grounds import Grounds
from seguito.testing.known_world import ada
from seguito.testing.world import World

from .conftest import Lay
from .test_dialogue import part


def test_depth_of_the_known_world(grounds: Grounds) -> None:
    # Exchanges: bea and dan under p1, dan under p2, bea under p3, cho under p4, bea and jon under p5. bea (c6 to a1)
    # and jon (c30 to a7) wrote back. Ada answered nobody twice under one post.
    draft = depth(grounds.space("ada"))
    assert (draft.value, draft.n) == (pytest.approx(2 / 7), 7)
    assert part(draft, "answered_again").value == 0.0
    assert ada().named(draft.evidence_for) == ["c30", "c6"]
    assert ada().named(draft.evidence_against) == ["c27", "c22", "c15", "c12", "c5"]


def test_who_writes_to_the_creator_under_another_post_did_not_write_back(lay: Lay) -> None:
    world = World()
    for post in ("p", "q"):
        world.post(post, "0 09:00")
        world.comment(f"{post}1", "0 10:00", by="bea", under=post)
        world.answer(f"{post}a", "0 11:00", to=f"{post}1")
    # Back under p once; two answers there. Under q a word to another member only.
    world.comment("p2", "0 12:00", by="bea", under="p", to="pa")
    world.answer("pb", "0 13:00", to="p2")
    world.comment("q2", "0 12:00", by="cho", under="q")
    world.comment("q3", "0 13:00", by="bea", under="q", to="q2")
    draft = depth(lay(world))
    assert (draft.value, draft.n) == (0.5, 2)
    assert part(draft, "answered_again").value == 0.5


def test_presence_of_the_known_world(grounds: Grounds) -> None:
    # Of 120 days Ada posted on 0, 7, 30, 37, 79, 84, 91 and 101 (p8, a repost) and commented on 0, 3, 8, 34, 37, 79 and
    # 84: eleven days in all, seven with a comment. The longest time without a word: days 38 to 78.
    draft = presence(grounds.space("ada"))
    assert (draft.value, draft.n) == (pytest.approx(11 / 120), 120)
    assert part(draft, "comments").value == pytest.approx(7 / 120)
    assert part(draft, "longest_absence").value == 41
    assert draft.series is not None
    # Eight posts at nine o'clock.
    assert sum(row[2] for row in draft.series.rows if row[1] == 9) >= 8


def test_of_a_handful_of_posts_nobody_can_tell_who_is_there(lay: Lay) -> None:
    world = World()
    for at in range(9):
        world.post(f"p{at}", f"{10 * at} 09:00")
    draft = presence(lay(world))
    assert draft.barred is not None
    assert draft.barred.values == {"posts": 9, "needed": 10}


def test_rarefaction_by_hand() -> None:
    # Two answers of three, where one member had two and another one: a pair misses the second one time in three.
    assert rarefied(np.array([2, 1]), 2) == pytest.approx(1 + 2 / 3)
    assert rarefied(np.array([100])) == pytest.approx(1.0)
    assert rarefied(np.ones(60, dtype=np.int64)) == pytest.approx(50.0)
    assert rarefied(np.array([20, 29])) is None


def test_writing_more_to_the_same_people_is_no_breadth() -> None:
    # Forty members answered three times each, or sixty times as often: the same people.
    few, many = (rarefied(np.full(40, each)) for each in (3, 180))
    assert few is not None
    assert many is not None
    assert abs(many / few - 1) < 0.2
    # Drawn from many answers, each of fifty falls on any of forty: 40 (1 - (39/40)^50).
    assert many == pytest.approx(40 * (1 - (39 / 40) ** 50), rel=0.01)


def test_breadth_of_answers(lay: Lay) -> None:
    # A hundred answers in ten threads: ten for one member, ninety for ninety others. Of fifty drawn, five in ten go
    # past the one: 90 / 2 others, and the one unless all ten are among the fifty left: 1 - C(90, 50) / C(100, 50).
    world = World()
    for post in range(10):
        world.post(f"p{post}", f"{post} 09:00")
        for at in range(10):
            by = "bea" if at == 0 else f"m{post}{at}"
            world.comment(f"c{post}-{at}", f"{post} 10:{at}", by=by, under=f"p{post}")
            world.answer(f"a{post}-{at}", f"{post} 11:{at}", to=f"c{post}-{at}")
    draft = breadth(lay(world))
    assert (draft.value, draft.n) == (pytest.approx(45 + 1 - math.comb(90, 50) / math.comb(100, 50)), 100)
    assert part(draft, "members").value == 91
    assert draft.interval is not None
    assert draft.interval.lo == pytest.approx(46, abs=0.01)
    assert draft.series is not None
    assert draft.series.rows == (("1", 90), ("2–3", 0), ("4–9", 0), ("10+", 1))
    assert set(world.named(draft.evidence_against)) <= {f"c{post}-0" for post in range(10)}


def test_few_threads_are_too_few_for_an_interval(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    for at in range(120):
        world.comment(f"c{at}", f"0 10:{at % 60}", by=f"m{at}", under="p")
        world.answer(f"a{at}", f"0 11:{at % 60}", to=f"c{at}")
    draft = breadth(lay(world))
    assert (draft.value, draft.n) == (None, 120)
    assert draft.barred is not None
    assert draft.barred.values == {"clusters": 1, "needed": 10, "unit": "threads"}


def test_listening_by_hand(lay: Lay) -> None:
    # One post, three comments about three things; the creator answers the first in its own words and the second in the
    # words of the third.
    world = World()
    world.post("p", "0 09:00")
    world.comment("kiln", "0 10:00", by="bea", under="p", text="kiln glaze")
    world.comment("rail", "0 10:01", by="cho", under="p", text="train rail")
    world.comment("seed", "0 10:02", by="dan", under="p", text="garden seed")
    world.answer("a", "0 11:00", to="kiln", text="glaze kiln!")
    world.answer("b", "0 11:01", to="rail", text="seed garden")
    draft = listening(lay(world))
    # The first: 1 to its own, 0 to the others. The second: 0 to its own, and to the others 1 or 0 as they are drawn.
    assert draft.n == 2
    assert part(draft, "to_what_it_answers").value == pytest.approx(0.5)
    other = part(draft, "to_other_comments").value
    assert other is not None
    assert 0.0 <= other <= 0.5
    assert draft.value == pytest.approx(0.5 - other)
    assert world.named(draft.evidence_for)[0] == "a"


def test_an_answer_without_words_or_without_other_comments_tells_nothing(lay: Lay) -> None:
    world = World()
    for post, texts in (("p", ("kiln glaze", "train rail")), ("q", ("garden seed",))):
        world.post(post, "0 09:00")
        for at, text in enumerate(texts):
            world.comment(f"{post}{at}", f"0 10:{at}", by=f"m{at}", under=post, text=text)
    world.answer("signs", "0 11:00", to="p0", text="❤️❤️")
    world.answer("alone", "0 11:00", to="q0", text="garden seed")
    draft = listening(lay(world))
    assert (draft.value, draft.n) == (None, 0)
    assert not math.isnan(draft.n)
