"""A yes that hangs on one thread or on half the time becomes unclear."""

from __future__ import annotations

from pathlib import Path

import pytest

from seguito.dossier.contract import Claim, Decision, Survival
from seguito.dossier.gate import gate, parts
from seguito.measures.estimate import Reason
from seguito.testing.world import World

ANSWERED = "dialogue.answered_share"


def talk(answered: dict[str, int], asked: dict[str, int], days: dict[str, int] | None = None) -> World:
    """Threads with so many comments that ask, so many of them answered; a day each unless told."""
    world = World(seen_until="40 00:00", seen="40 00:00")
    for at, name in enumerate(asked):
        day = (days or {}).get(name, at)
        world.post(name, f"{day} 00:00")
        for n in range(asked[name]):
            world.comment(f"{name}-{n}", f"{day} 01:00", by=f"m{n}", under=name, labels=["question"])
            if n < answered.get(name, 0):
                world.answer(f"{name}-a{n}", "39 12:00", to=f"{name}-{n}")
    world.covers_all()
    return world


def gated(world: World, path: Path, *, side: str = "above", threshold: float = 0.25) -> tuple[Decision, list[Survival]]:
    claim = Claim(measure=ANSWERED, part="questions", side="above" if side == "above" else "below", threshold=threshold)
    decision = Decision("yes" if side == "above" else "no", Reason("made_up"), claims=(claim,))
    with world.lake(path / "w") as lake:
        found, survival = gate(decision, world.space(lake))
    return found, list(survival)


def test_what_holds_everywhere_stays(tmp_path: Path) -> None:
    world = talk({"a": 30, "b": 30, "c": 30}, {"a": 50, "b": 60, "c": 60}, {"c": 30})
    decision, survival = gated(world, tmp_path)
    assert decision.verdict == "yes"
    # Without one of the two largest (the first by name): a and c. In the halves: a and b, then c.
    assert [(one.check, one.n, one.value) for one in survival] == [
        ("without_strongest_thread", 110, pytest.approx(60 / 110)),
        ("first_half", 110, pytest.approx(60 / 110)),
        ("second_half", 60, 0.5),
    ]
    assert all(one.holds for one in survival)


def test_one_thread_does_not_make_a_dialogue(tmp_path: Path) -> None:
    world = talk({"big": 90}, {"big": 100, "b": 40, "c": 40}, {"big": 10, "b": 5, "c": 30})
    decision, survival = gated(world, tmp_path)
    assert decision.verdict == "unclear"
    assert decision.rule.code == "not_robust"
    assert decision.rule.values == {
        "measure": ANSWERED,
        "part": "questions",
        "check": "without_strongest_thread",
        "value": 0.0,
        "threshold": 0.25,
        "was": "yes",
    }
    assert decision.settle[0].code == "another_period"
    assert survival[0].holds is False


def test_a_habit_that_ended_is_not_the_whole_period(tmp_path: Path) -> None:
    world = talk({"a": 50, "b": 50}, {"a": 60, "b": 60, "c": 60, "d": 60}, {"a": 1, "b": 2, "c": 30, "d": 31})
    decision, survival = gated(world, tmp_path)
    assert decision.rule.values["check"] == "second_half"
    assert [(one.check, one.holds) for one in survival][1:] == [("first_half", True), ("second_half", False)]


def test_a_no_must_hold_too(tmp_path: Path) -> None:
    world = talk({"a": 12}, {"a": 40, "b": 300, "c": 300}, {"a": 1, "b": 30, "c": 31})
    decision, _ = gated(world, tmp_path, side="below", threshold=0.05)
    assert (decision.verdict, decision.rule.values["was"]) == ("unclear", "no")
    assert decision.rule.values["check"] == "first_half"  # 12 of 40


def test_an_answer_given_in_the_other_half_is_still_an_answer(tmp_path: Path) -> None:
    # All answers are written on day 39, also those to comments of day 0.
    world = talk({"a": 50, "b": 50}, {"a": 50, "b": 50}, {"a": 0, "b": 30})
    _, survival = gated(world, tmp_path)
    assert [one.value for one in survival] == [1.0, 1.0, 1.0]


def test_a_part_with_hardly_a_row_decides_nothing(tmp_path: Path) -> None:
    # 24 questions in the second half are fewer than a quarter of the 100 the measure needs.
    world = talk({"a": 60, "b": 60}, {"a": 90, "b": 90, "c": 24}, {"a": 1, "b": 2, "c": 30})
    decision, survival = gated(world, tmp_path)
    assert decision.verdict == "yes"
    assert (survival[2].check, survival[2].n, survival[2].holds) == ("second_half", 24, None)


def test_an_open_answer_is_not_tested(tmp_path: Path) -> None:
    world = talk({}, {"a": 3})
    with world.lake(tmp_path / "w") as lake:
        decision = Decision("unclear", Reason("made_up"))
        assert gate(decision, world.space(lake)) == (decision, ())


def test_parts_of_nothing(tmp_path: Path) -> None:
    world = World()
    with world.lake(tmp_path / "w") as lake:
        assert [check for check, _ in parts(world.space(lake))] == ["first_half", "second_half"]
