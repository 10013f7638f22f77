"""Worry in silences, against values worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from seguito.measures.climate import WORRY_PER_SILENT_DAY
from seguito.measures.contract import answer
from seguito.measures.estimate import Estimate, Part
from seguito.testing.known_world import ada
from seguito.testing.world import World
from tests.measures.test_conduct import steady


def worried(*, accounts: int = 12, answered: int = 6, explained: bool = True, silent_days: int = 20) -> World:
    """The steady creator; on day 45 `accounts` members worry, m0 three times more; four worry on ordinary days."""
    world = steady(silent_days=silent_days)
    for n in range(accounts):
        world.comment(f"c{n}", "45 10:00", by=f"m{n}", under="p40", labels=["worry"])
    for n in range(3):
        world.comment(f"d{n}", "46 10:00", by="m0", under="p38", labels=["worry"])
    for n in range(4):
        world.comment(f"o{n}", f"{10 + n} 10:00", by=f"o{n % 2}", under="p10", labels=["worry"])
    for n in range(answered):
        world.answer(f"a{n}", "61 10:00", to=f"c{n}")
    if explained:
        world.label("p60" if silent_days == 20 else f"p{40 + silent_days}", "explanation")
    return world


def estimate(world: World, path: Path) -> Estimate:
    with world.lake(path / "w") as lake:
        return answer(WORRY_PER_SILENT_DAY, world.space(lake))


def part(found: Estimate, key: str) -> Part:
    return next(one for one in found.parts if one.key == key)


def test_by_hand(tmp_path: Path) -> None:
    found = estimate(worried(), tmp_path)
    assert found.n == 12
    assert found.value == pytest.approx(15 / 20)  # 15 worried comments in a silence of 20 days
    assert part(found, "ordinary_days").value == pytest.approx(4 / 46)
    assert part(found, "ratio").value == pytest.approx((15 / 20) / (4 / 46))
    answered = part(found, "worried_answered")
    assert (answered.value, answered.n) == (pytest.approx(6 / 15), 15)
    assert (part(found, "explained").value, part(found, "explained").n) == (1, 1)
    assert found.series is not None
    assert found.series.rows == (("2026-02-14", 20.0, 15, 12, 6),)
    # Answered ones and the post that ended the silence; then those nobody answered, the newest first.
    assert set(found.evidence_for) == {"known:post:c0", "known:post:c1", "known:post:c2", "known:post:p60"}
    assert found.evidence_against[0] == "known:post:d0"


def test_the_interval_knows_that_one_member_may_write_often(tmp_path: Path) -> None:
    interval = estimate(worried(), tmp_path).interval
    assert interval is not None
    # Poisson alone would say sd √15 = 3.87; with m0's four together √(11 + 16) = 5.2, so about ± 10 of 20 days or more.
    assert interval.hi - interval.lo > 2 * 1.96 * 15**0.5 / 20
    assert interval.lo < 0.75 < interval.hi


def test_nine_accounts_are_not_a_community(tmp_path: Path) -> None:
    found = estimate(worried(accounts=9), tmp_path)
    assert (found.status, found.n, found.value) == ("insufficient", 9, None)


def test_a_silence_in_which_nobody_worries_is_no_measured_calm(tmp_path: Path) -> None:
    found = estimate(steady(), tmp_path)
    assert (found.status, found.n, found.value) == ("insufficient", 0, None)


def test_where_nobody_was_silent_the_question_does_not_arise(tmp_path: Path) -> None:
    found = estimate(worried(silent_days=5), tmp_path)
    assert found.status == "not_applicable"
    assert found.reasons[0].code == "no_silence"
    assert found.reasons[0].values == {"longest_days": 5.0, "limit_days": 6.0}


def test_a_creator_whose_posts_were_not_read_has_not_kept_quiet(tmp_path: Path) -> None:
    world = worried(explained=False)
    world.facts["labels"] = [one for one in world.facts["labels"] if ":post:p" not in one.subject_uri]
    found = part(estimate(world, tmp_path), "explained")
    assert (found.value, found.n) == (None, 0)


def test_an_explanation_after_a_week_comes_too_late(tmp_path: Path) -> None:
    world = worried(explained=False)
    world.post("late", "67 10:00")
    world.label("late", "explanation")
    world.seen = world.seen_until = "68 00:00"
    assert part(estimate(world, tmp_path), "explained").value == 0


def test_a_silence_announced_beforehand_was_explained(tmp_path: Path) -> None:
    world = worried(explained=False)
    world.label("p40", "explanation")
    assert part(estimate(world, tmp_path), "explained").value == 1
    world = worried(explained=False)
    world.label("p38", "explanation")  # two days before: the last moment to count
    assert part(estimate(world, tmp_path / "two"), "explained").value == 1
    world = worried(explained=False)
    world.label("p36", "explanation")
    assert part(estimate(world, tmp_path / "four"), "explained").value == 0


def test_what_was_written_before_does_not_show_that_nothing_followed(tmp_path: Path) -> None:
    world = worried(explained=False)
    unread = {f"known:post:p{day}" for day in (60, 62, 64)}
    world.facts["labels"] = [one for one in world.facts["labels"] if one.subject_uri not in unread]
    assert part(estimate(world, tmp_path), "explained").value is None


def test_a_post_in_a_language_nobody_reads_is_unread(tmp_path: Path) -> None:
    world = worried(explained=False)
    posts = {f"known:post:p{day}" for day in (60, 62, 64)}
    languages = [one for one in world.facts["labels"] if one.label == "language" and one.subject_uri in posts]
    for one in languages:
        world.facts["labels"].remove(one)
        world.label(one.subject_uri.split(":")[2], "language", "ja", source="language@1")
    assert part(estimate(world, tmp_path), "explained").value is None


def test_unread_comments_are_not_calm_ones(tmp_path: Path) -> None:
    with ada().lake(tmp_path / "w") as lake:
        found = answer(WORRY_PER_SILENT_DAY, ada().space(lake))
    assert (found.status, found.value) == ("not_identified", None)
    assert found.reasons[0].code == "rhythm_unknown"
