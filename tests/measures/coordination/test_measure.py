"""Coordinated comments in small communities whose groups were laid out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from seguito.facts.post import Post
from seguito.measures.contract import answer
from seguito.measures.coordination import counts
from seguito.measures.coordination.measure import COORDINATED_COMMENTS
from seguito.measures.estimate import Estimate
from seguito.measures.space import Space
from seguito.store.lake import open_lake
from seguito.testing.known_world import SILENT
from seguito.testing.world import World

Lay = Callable[[World], Space]
THREADS = 40


def village() -> World:
    """Forty threads; under each, eight of twenty regulars and some newcomers write, late and in their own words."""
    world = World()
    for post in range(THREADS):
        world.post(f"p{post}", f"{post} 09:00")
        # Steps of 3 and 7 shift who meets whom from thread to thread.
        regulars = [f"h{(post * 3 + k * (1 + post % 3 * 2) + post // 7) % 20}" for k in range(8)]
        for n, by in enumerate([*dict.fromkeys(regulars), *[f"new{post}-{k}" for k in range(10 - len({*regulars}))]]):
            own = {"wording": f"own-{post}-{n}"}
            world.comment(f"c{post}-{n}", f"{post} 11:{n:02}", by=by, under=f"p{post}", labels=own, text=f"{post} {n}")
    return world


def with_group(size: int, threads: range, *, minute: int = 5, generic: bool = True) -> World:
    """The village and a group that writes under some threads."""
    world = village()
    for post in threads:
        for n in range(size):
            labels = {"low_effort": "yes"} if generic else {"wording": f"mine-{post}-{n}"}
            at = f"{post} {9 + minute // 60:02}:{minute % 60:02}"
            world.comment(f"g{post}-{n}", at, by=f"g{n}", under=f"p{post}", labels=labels, text=f"g {post} {n}")
    return world


def told(lay: Lay, world: World) -> Estimate:
    world.covers_all()
    return answer(COORDINATED_COMMENTS, lay(world))


def parts(found: Estimate) -> dict[str, float | None]:
    return {one.key: one.value for one in found.parts}


def step(found: Estimate, change: str) -> float | None:
    return {one.change: one.value for one in found.sensitivity}[change]


def test_nobody_acts_together_in_the_village(lay: Lay) -> None:
    found = told(lay, village())
    assert (found.status, found.value, found.n) == ("ok", 0.0, 400)
    assert (found.series, found.evidence_for) == (None, ())
    # What cannot be seen is said even where nothing was: 1 / C(40, 4) is far below .01 · 45 / 190.
    assert [(one.code, dict(one.values)) for one in found.unseen] == [
        ("groups_on_every_post", {}),
        ("group_on_few_threads", {"threads": 4, "of": 40}),
        ("small_groups", {"accounts": 6}),
    ]


def test_a_group_on_ten_threads(lay: Lay) -> None:
    found = told(lay, with_group(8, range(0, 40, 4)))
    # Eight accounts under ten threads: 80 of 480 comments, all early, all generic, met ten times of ten.
    assert (found.status, found.value, found.n) == ("ok", pytest.approx(80 / 480), 480)
    told_parts = parts(found)
    assert told_parts["early"] == told_parts["generic"] == pytest.approx(80 / 480)
    assert (told_parts["reciprocal"], told_parts["groups"]) == (None, 1)
    assert told_parts["three_signals"] == pytest.approx(80 / 480)  # they are found by their meetings too
    assert found.series is not None
    assert found.series.rows == ((1, 8, 80, 10, 3),)
    assert set(found.evidence_for) <= {f"known:post:p{n}" for n in range(0, 40, 4)}
    assert len(found.evidence_for) == len(found.evidence_against) == 5
    assert not set(found.evidence_against) & {f"known:post:p{n}" for n in range(0, 40, 4)}
    assert found.interval is not None
    assert found.interval.lo < 1 / 6 < found.interval.hi
    assert step(found, "groups_from_10") == 0
    assert step(found, "early_within_15_minutes") == pytest.approx(80 / 480)


def test_a_group_on_four_threads_lends_its_accounts_its_comments(lay: Lay) -> None:
    # Four comments each are too few to call anybody early; eight times four are not.
    found = told(lay, with_group(8, range(0, 40, 10)))
    assert found.value == pytest.approx(32 / 432)
    assert parts(found)["early"] == pytest.approx(32 / 432)


def test_early_alone_is_not_enough(lay: Lay) -> None:
    # Eight people with notifications on, under every post, in their own words.
    found = told(lay, with_group(8, range(40), generic=False))
    assert (found.value, parts(found)["early"], parts(found)["generic"]) == (0, pytest.approx(320 / 720), 0)


def test_generic_alone_is_not_enough(lay: Lay) -> None:
    found = told(lay, with_group(8, range(40), minute=180))
    assert (found.value, parts(found)["early"], parts(found)["generic"]) == (0, 0, pytest.approx(320 / 720))


def test_meetings_alone_are_not_enough(lay: Lay) -> None:
    # Eight people of one topic: under the same ten threads, in their own words and time.
    found = told(lay, with_group(8, range(0, 40, 4), minute=180, generic=False))
    assert found.value == 0
    validated = parts(found)["validated"]
    assert validated is not None
    assert validated >= 80 / 480


def test_an_all_posts_group_is_told_by_texts_and_times(lay: Lay) -> None:
    found = told(lay, with_group(8, range(40)))
    assert (found.value, parts(found)["groups"]) == (pytest.approx(320 / 720), 1)
    # Who is under every thread meets everybody as often as chance has it.
    assert parts(found)["three_signals"] == 0


@pytest.mark.parametrize(("minute", "value"), [(30, 320 / 720), (31, 0.0)], ids=["half an hour", "a minute more"])
def test_early_ends_after_half_an_hour(lay: Lay, minute: int, value: float) -> None:
    found = told(lay, with_group(8, range(40), minute=minute))
    assert found.value == pytest.approx(value)
    assert step(found, "early_within_60_minutes") == pytest.approx(320 / 720)


@pytest.mark.parametrize(("size", "shown"), [(5, False), (6, True)])
def test_a_family_is_not_shown(lay: Lay, size: int, shown: bool) -> None:
    found = told(lay, with_group(size, range(0, 40, 4)))
    assert (found.value != 0) == shown
    assert step(found, "groups_from_4") == pytest.approx(10 * size / (400 + 10 * size))


def test_short_texts_and_copies_under_several_threads_are_generic(lay: Lay) -> None:
    world = with_group(8, range(0, 40, 4), generic=False)
    for one in range(8):
        for post in range(0, 40, 4):
            world.label(f"g{post}-{one}", "wording", f"same-{one}", source="later@1")
    found = told(lay, world)
    assert parts(found)["generic"] == pytest.approx(80 / 480)
    # Early and met are still two signals.
    assert step(found, "copies_not_generic") == pytest.approx(80 / 480)
    assert parts(found)["three_signals"] == pytest.approx(80 / 480)


def test_without_times_that_signal_is_unknown_and_the_answer_weaker(lay: Lay) -> None:
    world = with_group(8, range(0, 40, 4))
    world.facts["posts"] = [_undated(row) for row in world.facts["posts"]]
    found = told(lay, world)
    assert (found.status, parts(found)["early"]) == ("weak", None)
    assert found.value == pytest.approx(80 / 480)  # texts and meetings agree
    assert [(one.code, dict(one.values)) for one in found.reasons] == [
        ("signals_unread", {"read": 2, "of": 4}),
        ("times_unknown", {"posts": 480, "unknown": 480}),
    ]


def test_one_signal_is_no_answer(lay: Lay) -> None:
    world = with_group(8, range(0, 40, 4))
    world.facts["posts"] = [_undated(row) for row in world.facts["posts"]]
    del world.facts["labels"]
    found = told(lay, world)
    assert (found.status, found.value) == ("not_identified", None)
    assert [one.code for one in found.reasons] == ["signals_unread"]


def _undated(row: Post) -> Post:
    return replace(row, created_at=None, created_precision=None)


def test_heavy_threads_are_paired_by_the_most_regular_and_that_is_said(
    lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_group(8, range(0, 40, 2))
    monkeypatch.setattr(counts, "PAIRED", (9,))
    found = told(lay, world)
    # The group's accounts wrote under twenty threads and the regulars under about sixteen: they stay.
    assert found.value == pytest.approx(160 / 560)
    note = next(one for one in found.notes if one.code == "pairs_bounded")
    assert (note.values["most"], note.values["of"]) == (9, 40)
    assert note.values["threads"] == 20
    assert 0 < note.values["share"] < 1
    monkeypatch.setattr(counts, "PAIRED", (4,))
    # With four of a thread nobody can have five partners; early and generic still agree, on whom nobody is paired with.
    assert told(lay, world).value == 0


@pytest.mark.parametrize("name", SILENT)
def test_unknown_is_never_zero(lay: Lay, name: str) -> None:
    found = answer(COORDINATED_COMMENTS, lay(SILENT[name]()))
    assert (found.status, found.value) == ("insufficient", None)


# -- reciprocity ----------------------------------------------------------------------------------------------------


def circle(visits: int) -> list[World]:
    """The spaces of four members, each with thirty posts; the others comment on the newest `visits` of them."""
    worlds = []
    for owner in range(4):
        world = World(creator=f"g{owner}")
        for post in range(30):
            world.post(f"o{owner}-{post}", f"{post} 08:00")
        for guest in {0, 1, 2, 3} - {owner}:
            for post in range(30 - visits, 30):
                world.comment(f"o{owner}-{post}-{guest}", f"{post} 12:00", by=f"g{guest}", under=f"o{owner}-{post}")
        worlds.append(world)
    return worlds


@pytest.mark.parametrize(("visits", "share"), [(8, 40 / 440), (7, 0.0)])
def test_who_comments_on_each_other(lay: Lay, visits: int, share: float) -> None:
    space = lay(with_group(4, range(0, 40, 4), minute=180, generic=False))
    with open_lake(space.snapshot.layout.root) as lake:
        for world in circle(visits):
            world.write(lake)
        found = answer(COORDINATED_COMMENTS, World().space(lake))
    assert parts(found)["reciprocal"] == pytest.approx(share)
    assert found.value == 0  # four are no group
    assert [(one.code, dict(one.values)) for one in found.notes if one.code == "creators_read"] == [
        ("creators_read", {"spaces": 4})
    ]


def test_only_the_last_posts_count(lay: Lay) -> None:
    space = lay(with_group(4, range(0, 40, 4), minute=180, generic=False))
    with open_lake(space.snapshot.layout.root) as lake:
        for world in circle(8):
            for post in range(20):  # twenty newer posts: of the last 25, the others know five
                world.post(f"{world.creator}-late-{post}", f"{60 + post} 08:00")
            world.write(lake)
        found = answer(COORDINATED_COMMENTS, World().space(lake))
    assert parts(found)["reciprocal"] == 0
