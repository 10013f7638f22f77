"""The suite that a robustness gate must pass: a yes that hangs on one thing becomes unclear, and names what it was.

Each world holds the same 200 comments by ten members in five threads on twenty days, and something that breaks just one
check: many comments under one post, on one day or by one account, a half in which hardly anybody was answered, or a
default whose next step tells another story. The suite returns what is wrong; an empty list is a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seguito.dossier.contract import Check, Claim, Decision, Estimates, Survival, Untried
from seguito.dossier.parts import CHECKS
from seguito.measures.estimate import Estimate, Reason, Sensitivity
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space
from seguito.testing.rules import sample
from seguito.testing.world import World

Gate = Callable[[Decision, Space, Estimates], tuple[Decision, tuple[Survival, ...]]]
MEASURE, PART, THRESHOLD = "dialogue.answered_share", "questions", 0.25
DAYS = 40
THREADS, MEMBERS = 5, 10
# So many comments, all answered, make the slice that an answer hangs on.
SLICE = 60


@dataclass(frozen=True)
class _Case:
    """How many of ten comments a day are answered in each half, and where the answered slice lies, if anywhere."""

    first: int
    second: int
    thread: str = ""
    day: int | None = None
    account: str = ""


# Without the slice 40 of 200 are answered, below the threshold; with it 100 of 260.
CASES: dict[Check, _Case] = {
    "without_strongest_thread": _Case(2, 2, thread="t0"),
    # On its own day, the slice lies in one half; the other holds by itself.
    "without_strongest_day": _Case(1, 3, day=4),
    "without_strongest_account": _Case(2, 2, account="fan"),
    "first_half": _Case(1, 6),
    "second_half": _Case(6, 1),
}
FIRM = _Case(6, 6)


@contextmanager
def gate_spaces(folder: Path) -> Iterator[dict[str, Space]]:
    """The spaces a gate is tried on, by the check that breaks in each; `one_step` is the one that holds everywhere.

    Args:
        folder: where their lakes are made.
    """
    with ExitStack() as lakes:
        found: dict[str, Space] = {}
        for check, case in {**CASES, "one_step": FIRM}.items():
            world = _world(case)
            found[check] = world.space(lakes.enter_context(world.lake(folder / check)))
        yield found


def gate_faults(gate: Gate, spaces: Mapping[str, Space]) -> list[str]:
    """What is wrong with a gate.

    Args:
        gate: the gate.
        spaces: as `gate_spaces` makes them.
    """
    found = [fault for check in CASES for fault in _breaks(gate, spaces[check], _estimates(), check)]
    firm = spaces["one_step"]
    return [*found, *_breaks(gate, firm, _estimates(_step(0.2, PART)), "one_step"), *_stays(gate, firm)]


def _breaks(gate: Gate, space: Space, estimates: Estimates, check: Check) -> Iterator[str]:
    decision, survival = gate(_decision(), space, estimates)
    lost = [one.check for one in survival if one.holds is False]
    if decision.verdict != "unclear":
        yield f"{check}: stays {decision.verdict} though the figure does not survive it"
    if lost != [check]:
        yield f"{check}: finds that {lost or 'nothing'} breaks it"
    told = "one_step" if decision.rule.code == "not_robust_step" else decision.rule.values.get("check")
    if decision.verdict == "unclear" and (told != check or not decision.settle):
        yield f"{check}: names {told}, and {len(decision.settle)} things that would settle it"


def _stays(gate: Gate, space: Space) -> Iterator[str]:
    decision, survival = gate(_decision(), space, _estimates(_step(0.5, PART), _step(0.1, "")))
    if decision != _decision():
        yield f"what holds everywhere becomes {decision.verdict} by {decision.rule.code}"
    if any(one.value is None or one.holds is None for one in survival if one.untried is None):
        yield "leaves a check of what holds everywhere undone"
    yield from _says_what_it_leaves(survival, dict.fromkeys(CHECKS))
    of_followers = replace(_decision().claims[0], rests_on="followers")
    _, survival = gate(replace(_decision(), claims=(of_followers,)), space, _estimates(_step(0.5, PART)))
    if any(one.untried is None for one in survival if one.check != "one_step"):
        yield "tries a share of followers on parts of the comments, which cannot move it"
    yield from _says_what_it_leaves(survival, {check: "cannot_move" for check in CHECKS if check != "one_step"})
    _, survival = gate(_decision(), space, _estimates())
    yield from _says_what_it_leaves(survival, {**dict.fromkeys(CHECKS), "one_step": "no_step"})
    open_ = Decision("unclear", Reason("made_up"))
    if gate(open_, space, _estimates()) != (open_, ()):
        yield "tests what is open"


def _says_what_it_leaves(survival: Sequence[Survival], why: Mapping[Check, Untried | None]) -> Iterator[str]:
    told = {one.check: one.untried for one in survival}
    for check, reason in why.items():
        if check not in told:
            yield f"{check}: was not made, and nothing says so"
        elif told[check] != reason:
            yield f"{check}: is said to be left out by {told[check]} and not by {reason}"


def _decision() -> Decision:
    claim = Claim(measure=MEASURE, part=PART, side="above", threshold=THRESHOLD)
    return Decision("yes", Reason("made_up"), claims=(claim,))


def _step(value: float, part: str) -> Sensitivity:
    return Sensitivity(change="unsure_as_no", value=value, part=part)


def _estimates(*steps: Sensitivity) -> dict[str, Estimate]:
    return {MEASURE: replace(sample(MEASURES[MEASURE], "high"), sensitivity=steps)}


def _world(case: _Case) -> World:
    world = World(seen_until=f"{DAYS} 00:00", seen=f"{DAYS} 00:00")
    for thread in range(THREADS):
        world.post(f"t{thread}", "0 00:00")
    for day in range(0, DAYS, 2):
        answered = case.first if day < DAYS / 2 else case.second
        for n in range(MEMBERS):
            who, under = f"m{(day // 2 + n) % MEMBERS}", f"t{(day // 2 + n) % THREADS}"
            _ask(world, f"c{day}-{n}", day, who, under, answered=n < answered)
    if case.thread or case.day is not None or case.account:
        for n in range(SLICE):
            day = n % (DAYS // 2) * 2 if case.day is None else case.day
            who, under = case.account or f"s{n}", case.thread or f"t{n % THREADS}"
            _ask(world, f"s{n}", day, who, under, answered=True)
    world.covers_all()
    return world


def _ask(world: World, key: str, day: int, who: str, thread: str, *, answered: bool) -> None:
    world.comment(key, f"{day} 01:00", by=who, under=thread, labels=["question"])
    if answered:
        world.answer(f"{key}-a", f"{DAYS - 1} 12:00", to=key)
