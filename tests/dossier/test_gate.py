"""A yes that hangs on one thread or on half the time becomes unclear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from seguito.dossier.contract import Check, Claim, Decision, Estimates, Survival
from seguito.dossier.gate import gate
from seguito.dossier.parts import CHECKS, parts
from seguito.measures import prepare
from seguito.measures.contract import answer
from seguito.measures.estimate import Reason
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space
from seguito.testing.gates import Gate, gate_faults, gate_spaces
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
        space = world.space(lake)
        found, survival = gate(decision, space, {ANSWERED: answer(MEASURES[ANSWERED], space)})
    # No default of this figure is stepped, and the report says so.
    *made, last = survival
    assert (last.check, last.untried) == ("one_step", "no_step")
    assert all(one.untried is None for one in made)
    return found, made


def test_what_holds_everywhere_stays(tmp_path: Path) -> None:
    world = talk({"a": 30, "b": 30, "c": 30}, {"a": 50, "b": 60, "c": 60}, {"c": 30})
    decision, survival = gated(world, tmp_path)
    assert decision.verdict == "yes"
    # Without one of the two largest (the first by name or time): a and c. Without m0, who asked in each thread and got
    # an answer: three fewer of both. In the halves: a and b, then c.
    assert [(one.check, one.n, one.value) for one in survival] == [
        ("without_strongest_thread", 110, pytest.approx(60 / 110)),
        ("without_strongest_day", 110, pytest.approx(60 / 110)),
        ("without_strongest_account", 167, pytest.approx(87 / 167)),
        ("first_half", 110, pytest.approx(60 / 110)),
        ("second_half", 60, 0.5),
    ]
    assert all(one.holds for one in survival)


def test_parts_are_asked_for_figures_alone_and_give_the_same_ones(tmp_path: Path) -> None:
    world = talk({"a": 30, "b": 5, "c": 30}, {"a": 50, "b": 60, "c": 60}, {"c": 30})
    with world.lake(tmp_path / "w") as lake:
        for _, part in parts(world.space(lake)):
            for measure in MEASURES.values():
                briefly = measure.compute(part)
                fully = measure.compute(replace(part, only_figures=False))
                assert (briefly.value, briefly.n) == (fully.value, fully.n)
                assert [(one.key, one.value, one.n) for one in briefly.parts] == [
                    (one.key, one.value, one.n) for one in fully.parts
                ]
        _, part = next(parts(world.space(lake), ["without_strongest_account"]))
        answered = MEASURES[ANSWERED].compute
        assert answered(part).interval is None
        assert answered(part).evidence_for + answered(part).evidence_against == ()
        assert answered(replace(part, only_figures=False)).evidence_for
        assert answered(replace(part, only_figures=False)).interval is not None


def test_members_of_a_part_are_those_counted_anew(tmp_path: Path) -> None:
    world = talk({"a": 30, "b": 5, "c": 30}, {"a": 50, "b": 60, "c": 60}, {"c": 30})
    with world.lake(tmp_path / "w") as lake:
        found = {}
        for check, part in parts(world.space(lake)):
            briefly, anew = (
                part.fetch(table.order_by("account_uri")).to_pylist()
                for table in (part.members, prepare.members(part.signed).select(*part.members.columns))
            )
            assert briefly == anew
            found[check] = {row["account_uri"]: row["n"] for row in briefly}
        # Each of sixty wrote under b and c, fifty under a; the largest thread is b, the busiest account the first.
        assert sorted(set(found["without_strongest_thread"].values())) == [1, 2]
        assert len(found["without_strongest_account"]) == 59
        assert sum(found["without_strongest_day"].values()) == 110


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
    assert [(one.check, one.holds) for one in survival][3:] == [("first_half", True), ("second_half", False)]


def test_a_no_must_hold_too(tmp_path: Path) -> None:
    world = talk({"a": 12}, {"a": 40, "b": 300, "c": 300}, {"a": 1, "b": 30, "c": 31})
    decision, _ = gated(world, tmp_path, side="below", threshold=0.05)
    assert (decision.verdict, decision.rule.values["was"]) == ("unclear", "no")
    assert decision.rule.values["check"] == "first_half"  # 12 of 40


def test_an_answer_given_in_the_other_half_is_still_an_answer(tmp_path: Path) -> None:
    # All answers are written on day 39, also those to comments of day 0.
    world = talk({"a": 50, "b": 50}, {"a": 50, "b": 50}, {"a": 0, "b": 30})
    _, survival = gated(world, tmp_path)
    assert [one.value for one in survival] == [1.0] * 5


def test_a_part_with_hardly_a_row_decides_nothing(tmp_path: Path) -> None:
    # 24 questions in the second half are fewer than a quarter of the 100 the measure needs.
    world = talk({"a": 60, "b": 60}, {"a": 90, "b": 90, "c": 24}, {"a": 1, "b": 2, "c": 30})
    decision, survival = gated(world, tmp_path)
    assert decision.verdict == "yes"
    assert (survival[-1].check, survival[-1].n, survival[-1].holds) == ("second_half", 24, None)


def test_an_open_answer_is_not_tested(tmp_path: Path) -> None:
    world = talk({}, {"a": 3})
    with world.lake(tmp_path / "w") as lake:
        decision = Decision("unclear", Reason("made_up"))
        assert gate(decision, world.space(lake), {}) == (decision, ())


def test_parts_of_nothing(tmp_path: Path) -> None:
    world = World()
    with world.lake(tmp_path / "w") as lake:
        assert [check for check, _ in parts(world.space(lake))] == ["first_half", "second_half"]


# -- the suite, and gates that forget -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Space]]:
    with gate_spaces(tmp_path_factory.mktemp("gates")) as found:
        yield found


def test_the_gate_passes_its_suite(spaces: dict[str, Space]) -> None:
    assert gate_faults(gate, spaces) == []


@pytest.mark.parametrize("check", CHECKS)
def test_a_gate_that_forgets_a_check_is_caught(check: Check, spaces: dict[str, Space]) -> None:
    faults = gate_faults(partial(gate, checks=[one for one in CHECKS if one != check]), spaces)
    assert faults == [
        f"{check}: stays yes though the figure does not survive it",
        f"{check}: finds that nothing breaks it",
        *[f"{check}: was not made, and nothing says so"] * (2 if check == "one_step" else 3),
    ]


def forgives(decision: Decision, *given: Any) -> tuple[Decision, tuple[Survival, ...]]:
    return decision, gate(decision, *given)[1]


def says_not_why(decision: Decision, *given: Any) -> tuple[Decision, tuple[Survival, ...]]:
    found, survival = gate(decision, *given)
    return (found if found.verdict == decision.verdict else Decision("unclear", Reason("because")), survival)


def leaves_out(decision: Decision, *given: Any) -> tuple[Decision, tuple[Survival, ...]]:
    """Says nothing of what it did not try."""
    found, survival = gate(decision, *given)
    return found, tuple(one for one in survival if one.untried is None)


def of_every_part(decision: Decision, space: Space, estimates: Estimates) -> tuple[Decision, tuple[Survival, ...]]:
    """Takes a step of one figure for a step of another."""
    moved = {
        name: replace(one, sensitivity=tuple(replace(step, part="questions") for step in one.sensitivity))
        for name, one in estimates.items()
    }
    return gate(decision, space, moved)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (forgives, "first_half: stays yes"),
        (says_not_why, "first_half: names None, and 0 things that would settle it"),
        (leaves_out, "first_half: was not made, and nothing says so"),
        (of_every_part, "what holds everywhere becomes unclear by not_robust_step"),
    ],
)
def test_the_suite_catches(wrong: Gate, fault: str, spaces: dict[str, Space]) -> None:
    assert any(found.startswith(fault) for found in gate_faults(wrong, spaces))
