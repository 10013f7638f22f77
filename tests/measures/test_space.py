"""What stands in a creator's space, whose space it is, and how much of it was collected."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seguito.kit.errors import NotFound, UsageError
from seguito.measures.contract import Measure, answer
from seguito.measures.dialogue import ANSWERED_SHARE
from seguito.measures.space import Space, creators, find_creator
from seguito.measures.zones import changes
from seguito.store.lake import open_lake
from seguito.testing.grounds import Grounds
from seguito.testing.world import MONDAY, World

from .conftest import Lay


def names(space: Space, rows: Any) -> list[str]:
    return World().named(space.fetch(rows.select("uri").order_by("uri"))["uri"].to_pylist())


# -- posts ----------------------------------------------------------------------------------------------------------


def test_what_the_creator_wrote_elsewhere_is_not_of_the_space(grounds: Grounds) -> None:
    space = grounds.space("beside")
    assert not [name for name in names(space, space.posts) if name.startswith("bob")]
    assert space.window == grounds.space("crowd").window


def test_a_root_without_a_space_is_its_authors(lay: Lay) -> None:
    world = World()
    world.post("mine", "0 09:00", space_uri=None)
    world.post("theirs", "0 09:00", by="bob", space_uri=None)
    space = lay(world)
    assert names(space, space.own) == ["mine"]


def test_comments_whose_thread_was_not_collected_are_kept(grounds: Grounds) -> None:
    space = grounds.space("ada")
    assert "c38" in names(space, space.signed)
    assert "p0" not in names(space, space.roots)


def test_signed_comments_name_their_author(grounds: Grounds) -> None:
    space = grounds.space("ada")
    assert set(names(space, space.comments)) - set(names(space, space.signed)) == {"c35"}


def test_reposts_open_no_thread(grounds: Grounds) -> None:
    assert names(grounds.space("ada"), grounds.space("ada").own) == ["p1", "p2", "p3", "p4", "p5", "p6", "p7"]


# -- labels ---------------------------------------------------------------------------------------------------------


def test_not_read_and_not_found_are_different(lay: Lay) -> None:
    world = World()
    world.post("p", "0 09:00")
    world.comment("asks", "1 09:00", by="bea", under="p", labels=["question"])
    world.comment("tells", "1 09:00", by="bea", under="p")
    world.comment("unread", "1 09:00", by="bea", under="p", read=False)
    world.comment("foreign", "1 09:00", by="bea", under="p", lang="ja", labels=["low_effort"])
    world.comment("denied", "1 09:00", by="bea", under="p", labels=["question"])
    world.label("denied", "question", by_person=True, negated=True, source="person:1")
    world.comment("said-no", "1 09:00", by="bea", under="p", labels={"question": "no"})
    space = lay(world)
    found = space.fetch(space.comments.select("uri", "question", "low_effort", "language")).to_pylist()
    flags = {row["uri"].split(":")[2]: (row["question"], row["low_effort"]) for row in found}
    assert flags == {
        "asks": (True, False),
        "tells": (False, False),
        "unread": (None, None),
        "foreign": (None, True),  # too little effort shows in any language
        "denied": (False, False),  # a person's word outranks code's
        "said-no": (False, False),
    }


# -- people ---------------------------------------------------------------------------------------------------------


def test_members_of_the_known_world(grounds: Grounds) -> None:
    space = grounds.space("ada")
    rows = space.fetch(space.members.order_by("account_uri")).to_pylist()
    found = {row["account_uri"].split(":")[2]: row for row in rows}
    assert {name: row["n"] for name, row in found.items()} == {
        "bea": 11, "cho": 8, "dan": 6, "eli": 3, "fay": 2, "gus": 2, "ivy": 1, "jon": 3,
    }  # fmt: skip
    start = int(MONDAY.timestamp())
    # bea: first on day 0 at ten; c6 is of the same day, so she is back with c7 on day 7.
    assert found["bea"]["first_s"] == start + 10 * 3600
    assert found["bea"]["return_s"] == start + 7 * 86400 + 10 * 3600
    assert found["jon"]["return_s"] is None


# -- time -----------------------------------------------------------------------------------------------------------


def test_the_window_reaches_to_where_the_source_is_complete(grounds: Grounds) -> None:
    window = grounds.space("ada").window
    assert (window.start, window.end) == (MONDAY + timedelta(hours=9), MONDAY + timedelta(days=120))


def test_the_window_ends_just_after_the_last_post_where_the_source_does_not_tell(lay: Lay) -> None:
    world = World(seen_until=None)
    world.post("p", "0 09:00")
    world.comment("c", "3 10:00", by="bea", under="p")
    window = lay(world).window
    assert window.end == MONDAY + timedelta(days=3, hours=10, seconds=1)


def test_a_broken_clock_does_not_stretch_the_window(grounds: Grounds) -> None:
    assert grounds.space("future").window == grounds.space("crowd").window


def test_clocks_of_a_zone() -> None:
    # Rome: one hour ahead in winter; two from 29 March 2026, 01:00 UTC, which is 83 days and one hour in.
    start = int(MONDAY.timestamp())
    turn = start + 83 * 86400 + 3600
    assert changes("Europe/Rome", start, start + 120 * 86400) == [(start, 3600), (turn, 7200)]
    assert changes("Asia/Kolkata", start, start + 120 * 86400) == [(start, 19800)]
    with pytest.raises(UsageError, match="no time zone 'Rome/Europe'"):
        changes("Rome/Europe", start, start)
    with pytest.raises(UsageError):
        changes("../etc/passwd", start, start)


# -- coverage -------------------------------------------------------------------------------------------------------


def covered(lay: Lay, *scopes: tuple[str | None, int | None, int], **fields: Any) -> Any:
    world = World()
    for n, (scope, declared, collected) in enumerate(scopes):
        world.post(f"p{n}", "0 09:00")
        world.covers("comments", declared, collected, scope=scope, **fields)
    return lay(world).covered("comments")


def test_coverage_adds_up_over_posts(lay: Lay) -> None:
    found = covered(lay, ("p0", 10, 10), ("p1", 30, 10))
    assert (found.declared, found.collected, found.share) == (40, 20, 0.5)


def test_rows_too_many_under_one_post_do_not_make_up_for_another(lay: Lay) -> None:
    # 20 of 10 count as 10, so 10 of 20.
    assert covered(lay, ("p0", 10, 20), ("p1", 10, 0)).share == 0.5


def test_nothing_declared_is_unknown_not_complete(lay: Lay) -> None:
    found = covered(lay, ("p0", None, 10))
    assert (found.declared, found.share) == (None, None)
    assert covered(lay).share is None


def test_a_few_silent_posts_do_not_hide_what_the_others_declare(lay: Lay) -> None:
    # 96 of 100 collected rows stand under posts that declare their number.
    assert covered(lay, ("p0", 120, 96), ("p1", None, 4)).share == pytest.approx(0.8)
    assert covered(lay, ("p0", 120, 94), ("p1", None, 6)).share is None


def test_a_number_for_the_whole_space_is_not_counted_twice(lay: Lay) -> None:
    found = covered(lay, ("p0", 10, 10), (None, 10, 10))
    assert (found.declared, found.collected, found.share) == (10, 10, 1.0)
    alone = covered(lay, (None, 50, 10))
    assert (alone.declared, alone.collected, alone.share) == (50, 10, 0.2)


def test_nothing_declared_and_nothing_there_is_complete(lay: Lay) -> None:
    assert covered(lay, ("p0", 0, 0)).share == 1.0


def _dialogue(lay: Lay, declared: int | None, **fields: Any) -> tuple[str, list[str]]:
    world = World()
    world.post("p", "0 09:00")
    for n in range(120):
        world.comment(f"c{n}", "1 09:00", by=f"m{n}", under="p")
    if declared != 0:
        world.covers("comments", declared, 120, scope="p", **fields)
    estimate = answer(ANSWERED_SHARE, lay(world))
    return estimate.status, [reason.code for reason in estimate.reasons]


def test_coverage_decides_between_ok_and_weak(lay: Lay) -> None:
    assert _dialogue(lay, 150) == ("ok", [])
    assert _dialogue(lay, 151) == ("weak", ["coverage_low"])
    assert _dialogue(lay, None) == ("weak", ["coverage_unknown"])
    assert _dialogue(lay, 0) == ("weak", ["coverage_unknown"])
    # A random sample need not be large.
    assert _dialogue(lay, 100_000, sampling="random") == ("ok", [])
    assert _dialogue(lay, None, sampling="random") == ("ok", [])


def test_what_the_source_cannot_show_is_not_identified(lay: Lay) -> None:
    world = World(capabilities=frozenset({"authors", "creator"}))
    world.post("p", "0 09:00")
    estimate = answer(ANSWERED_SHARE, lay(world))
    assert estimate.status == "not_identified"
    assert estimate.reasons[0].values == {"capabilities": ["threads"]}
    assert isinstance(ANSWERED_SHARE, Measure)


# -- whose space ----------------------------------------------------------------------------------------------------


def test_creators_are_those_that_were_read(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        ada = World()
        ada.post("p", "0 09:00")
        # A thread of Bob's that came along with Ada's reading.
        ada.post("stray", "0 09:00", by="bob")
        ada.write(lake)
        assert creators(lake.snapshot()) == [ada.creator_uri]
        cho = World(creator="cho")
        for n in range(3):
            cho.post(f"q{n}", "0 09:00")
        cho.write(lake)
        assert creators(lake.snapshot()) == [cho.creator_uri, ada.creator_uri]
        assert creators(lake.snapshot(), ["collect-known-ada-0"]) == [ada.creator_uri]


def test_an_empty_lake_holds_nobody(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        assert creators(lake.snapshot()) == []
        with pytest.raises(NotFound, match="no creator called 'ada'"):
            find_creator(lake.snapshot(), "ada")


def test_a_creator_is_found_by_any_fitting_name(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        world = World(creator="4711")
        world.account("4711", handle="Ada.example")
        world.post("p", "0 09:00")
        world.write(lake)
        snapshot = lake.snapshot()
        for name in ("known:account:4711", "4711", "ada.example", "@Ada.Example", "known:ada.example", " ada.example "):
            assert find_creator(snapshot, name) == "known:account:4711"
        for name in ("711", "example", "", "other:ada.example"):
            with pytest.raises(NotFound):
                find_creator(snapshot, name)


def test_a_name_that_fits_two_must_be_told_apart(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        for platform in ("bluesky", "youtube"):
            world = World(platform=platform, seen="1")
            world.post("p", "0 09:00")
            world.write(lake)
        snapshot = lake.snapshot()
        with pytest.raises(UsageError, match="'ada' fits 2 creators") as caught:
            find_creator(snapshot, "ada")
        assert "bluesky:account:ada" in caught.value.advice
        assert find_creator(snapshot, "youtube:ada") == "youtube:account:ada"
        assert find_creator(snapshot, "bluesky:account:ada") == "bluesky:account:ada"
