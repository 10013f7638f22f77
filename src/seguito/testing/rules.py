"""The suite that every question of the dossier must pass, whatever its rule: no yes and no no without data.

A question is asked of every combination of what its measures may answer: high, low, wide, without an interval, with
too few rows, not to be known, not arisen, and a high figure of followers read from the head of their list. Where a
high figure speaks against the creator (`AGAINST`), a yes must not stand beside one, and a no needs as many as the rule
says agree. The suite returns what is wrong; an empty list is a pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from seguito.dossier.authenticity import COORDINATED, COPIED, EMPTY, FAKE, JUMPS, LOW_EFFORT
from seguito.dossier.codes import RULE_CODES, SETTLE_CODES, VERDICTS
from seguito.dossier.contract import Decision, Estimates, Question
from seguito.kit.clock import Window
from seguito.kit.intervals import Interval
from seguito.measures.codes import Codes
from seguito.measures.contract import Measure
from seguito.measures.estimate import Covered, Estimate, Part, Reason, Status

YEAR = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
# Parts that rules look at.
PARTS = ("questions", "commenters", "worried_answered")
# A part that is a plain count of silences, without an interval.
EXPLAINED = {"high": 1.0, "low": 0.0}
RANGES = {"high": (0.90, 0.96), "low": (0.0, 0.002), "wide": (0.01, 0.99)}
UNUSABLE: dict[str, Status] = {
    "too few": "insufficient",
    "not known": "not_identified",
    "not arisen": "not_applicable",
}
STATES = (*RANGES, "no interval", *UNUSABLE)
# A high figure, but of the newest followers alone.
HEAD = "high in the head"
# Counts a year instead of shares.
YEARLY = {"high": (1.0, 4.0), "low": (0.0, 0.0), "wide": (0.0, 4.0)}


@dataclass(frozen=True)
class Against:
    """Figures that speak against the creator when they are high.

    Attributes:
        measures: which; a yes beside a high one of them is a fault.
        counted: those of them that may say no together.
        needed: how many of the counted ones must be high, on a fair sample, before a no is none.
    """

    measures: tuple[str, ...]
    counted: tuple[str, ...]
    needed: int


SIGNALS = (COPIED, LOW_EFFORT, COORDINATED, EMPTY)
AGAINST: Mapping[str, Against] = {
    "followers_real": Against((FAKE, JUMPS), (FAKE,), 1),
    "engagement_earned": Against(SIGNALS, SIGNALS, 2),
}


def states_of(measure: Measure) -> tuple[str, ...]:
    """The states a measure is asked in."""
    return (*STATES, HEAD) if measure.name == FAKE else STATES


def sample(measure: Measure, state: str, *, coverage: float | None = 1.0) -> Estimate:
    """What `measure` might answer in `state` (see `states_of`); `coverage` is the share of declared comments read."""
    usable = state not in UNUSABLE
    ranges = YEARLY if measure.unit == "per_year" else RANGES
    shape = "high" if state == HEAD else state
    lo, hi = ranges.get(shape, (0.5, 0.5))
    interval = Interval(lo, hi, "made up") if shape in ranges else None
    value = (lo + hi) / 2 if usable else None
    n = 0 if state in ("not known", "not arisen") else measure.min_n - (state == "too few")
    parts = [Part(key=key, value=value, interval=interval, n=n, unit="share") for key in PARTS]
    parts.append(Part(key="explained", value=EXPLAINED.get(state), n=n, unit="share"))
    declared = None if coverage is None else 1000
    collected = 1000 if coverage is None else round(coverage * 1000)
    covered = Covered(what="comments", declared=declared, collected=collected, share=coverage, sampling="all")
    return Estimate(
        measure=measure.name,
        version=measure.version,
        status="weak" if state == HEAD else UNUSABLE.get(state, "ok"),
        reasons=_reasons(measure, state, n),
        value=value,
        unit=measure.unit,
        interval=interval,
        n=n,
        n_unit=measure.n_unit,
        n_required=measure.min_n,
        window=YEAR,
        coverage=(covered,),
        parts=tuple(parts) if usable else (),
    )


def _reasons(measure: Measure, state: str, n: int) -> tuple[Reason, ...]:
    if state == "too few":
        return (Reason("too_few", {"n": n, "needed": measure.min_n, "unit": measure.n_unit}),)
    if state == "not known":
        return (Reason("source_lacks", {"capabilities": ["threads"]}),)
    if state == "not arisen":
        return (Reason("no_silence", {"longest_days": 2.0, "limit_days": 6.0}),)
    if state == HEAD:
        return (Reason("head_sample", {"what": "followers", "sampling": "newest"}),)
    return ()


def faults(question: Question, measures: Mapping[str, Measure]) -> list[str]:
    """What is wrong with a question's rule.

    Args:
        question: the question.
        measures: every measure, by name.
    """
    found: list[str] = []
    for states, estimates in _combinations(question, measures):
        decision = question.decide(estimates, question.thresholds)
        found += [f"{question.key}, {states}: {fault}" for fault in _faults(question, states, decision)]
        told = dict(zip(estimates, states, strict=True))
        found += [f"{question.key}, {states}: {fault}" for fault in _contradicted(question, told, decision)]
    return found


def _combinations(question: Question, measures: Mapping[str, Measure]) -> Iterator[tuple[tuple[str, ...], Estimates]]:
    asked = [name for name in question.measures if name in measures]
    samples = {name: {state: sample(measures[name], state) for state in states_of(measures[name])} for name in asked}
    for states in product(*(samples[name] for name in asked)):
        yield states, {name: samples[name][state] for name, state in zip(asked, states, strict=True)}


def _faults(question: Question, states: tuple[str, ...], decision: Decision) -> Iterator[str]:
    if decision.verdict not in VERDICTS:
        yield f"there is no verdict {decision.verdict}"
    if decision.verdict == "yes" and states[0] not in RANGES:
        yield "says yes though its first measure says nothing firm"
    firm = [state for state in states if state in RANGES]
    if decision.verdict == "no" and not firm and not question.about_data:
        yield "says no though no measure says anything firm"
    if decision.verdict in ("yes", "no") and set(states) == {"wide"} and not question.about_data:
        yield "decides though nothing is ruled out"
    open_ = decision.verdict in ("unclear", "not_answerable")
    if open_ and not decision.settle:
        yield "does not say what would settle it"
    yield from _unlisted(decision.rule, RULE_CODES)
    for one in decision.settle:
        yield from _unlisted(one, SETTLE_CODES)


def _contradicted(question: Question, told: Mapping[str, str], decision: Decision) -> Iterator[str]:
    """A wrong yes and a wrong no take figures that say the contrary: never the lack of figures."""
    against = AGAINST.get(question.key)
    if against is None:
        return
    high = [name for name in against.measures if told.get(name) == "high"]
    if decision.verdict == "yes" and (high or HEAD in told.values()):
        yield f"says yes though {high or 'the head of the list'} speaks against it"
    agreeing = [name for name in against.counted if told.get(name) == "high"]
    if decision.verdict == "no" and len(agreeing) < against.needed:
        yield f"says no though only {len(agreeing)} of {against.needed} speak for it"
    if decision.verdict == "no" and any(told.get(claim.measure) != "high" for claim in decision.claims):
        yield "claims a figure for its no that is not high"


def _unlisted(reason: Reason, codes: Codes) -> Iterator[str]:
    if reason.code not in codes:
        yield f"speaks in a code that is not listed: {reason.code}"
    elif set(reason.values) != codes[reason.code]:
        yield f"{reason.code} carries {sorted(reason.values)} and should carry {sorted(codes[reason.code])}"
