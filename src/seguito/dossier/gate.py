"""The robustness gate: a yes or no must not hang on one thread, day, account or half of the period, nor on one default.

A figure survives when its value stays on its side of the threshold. The interval need not: on half the rows it is wider
by nature, and asking for it would only ask for four times the data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from seguito.dossier.contract import Basis, Check, Claim, Decision, Estimates, Survival, Untried
from seguito.dossier.parts import CHECKS, parts
from seguito.measures.estimate import Draft, Estimate, Reason
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space

# A part with fewer than a quarter of the units a measure needs says nothing about the whole.
LEAST = 0.25
# What a figure counts, and the checks that can move it. Followers are counted as they stand, and no comment, thread or
# commenter more or less moves their share. A jump is one day, so that without it there is none, and the half in which
# it lies is chance.
CHECKS_OF: dict[Basis, frozenset[Check]] = {
    "comments": frozenset(CHECKS),
    "followers": frozenset({"one_step"}),
    "follower_counts": frozenset({"one_step"}),
}


@dataclass(frozen=True, slots=True)
class _Tried:
    claim: Claim
    survival: Survival


def gate(
    decision: Decision, space: Space, estimates: Estimates, checks: Collection[Check] = CHECKS
) -> tuple[Decision, tuple[Survival, ...]]:
    """Test what a decision rests on; what does not survive becomes unclear.

    Checks that cannot be made of a figure are in what is returned, and say why.

    Args:
        decision: what a rule decided; only a yes or no with claims is tested.
        space: the whole space.
        estimates: what the measures answered, with what their figures become a step of a default further.
        checks: which tests; all of them but in tests of the tests.
    """
    if not decision.claims or decision.verdict not in ("yes", "no"):
        return decision, ()
    claims = [one for one in decision.claims if one.measure in MEASURES]
    steps = _steps(claims, estimates) if "one_step" in checks else ()
    found = [*_on_parts(claims, space, checks), *steps]
    found += _untried(claims, found, checks)
    survival = tuple(one.survival for one in found)
    lost = next((one for one in found if one.survival.holds is False), None)
    if lost is None:
        return decision, survival
    return replace(decision, verdict="unclear", rule=_why(lost, decision), settle=_settle(lost, space)), survival


def _on_parts(claims: Iterable[Claim], space: Space, checks: Collection[Check]) -> Iterator[_Tried]:
    """Every claim on every part that can move it; a measure is worked out once a part, whatever is claimed of it."""
    wanted = {check for claim in claims for check in CHECKS_OF[claim.rests_on]} & set(checks) - {"one_step"}
    for check, part in parts(space, wanted) if wanted else ():
        drafts: dict[str, Draft] = {}
        for claim in claims:
            if check not in CHECKS_OF[claim.rests_on]:
                continue
            measure = MEASURES[claim.measure]
            if measure.name not in drafts:
                drafts[measure.name] = measure.compute(part)
            value, n = _figure(drafts[measure.name], claim.part)
            enough = value is not None and n >= LEAST * measure.min_n
            holds = claim.holds(value) if enough and value is not None else None
            yield _Tried(claim, _survival(claim, check, value, n, holds=holds))


def _steps(claims: Iterable[Claim], estimates: Estimates) -> Iterator[_Tried]:
    """The step of a default that speaks most against each claim; nothing where no step was told."""
    for claim in claims:
        estimate = estimates[claim.measure]
        told = [(one.value, one.change) for one in estimate.sensitivity if one.part == claim.part]
        known = [(value, change) for value, change in told if value is not None]
        if not known:
            continue
        value, change = min(known) if claim.side == "above" else max(known)
        n = _figure(estimate, claim.part)[1]
        yield _Tried(claim, _survival(claim, "one_step", value, n, holds=claim.holds(value), change=change))


def _untried(claims: Iterable[Claim], found: Sequence[_Tried], checks: Collection[Check]) -> list[_Tried]:
    """The checks that were not made of each claim, and why: a reader must not take them for passed."""
    made = {(one.claim, one.survival.check) for one in found}
    left = [(claim, check) for claim in claims for check in CHECKS if check in checks and (claim, check) not in made]
    return [_Tried(claim, _not_made(claim, check)) for claim, check in left]


def _not_made(claim: Claim, check: Check) -> Survival:
    why: Untried = "no_part" if check in CHECKS_OF[claim.rests_on] else "cannot_move"
    if check == "one_step":
        why = "no_step"
    return replace(_survival(claim, check, None, 0, holds=None), untried=why)


def _survival(
    claim: Claim, check: Check, value: float | None, n: int, *, holds: bool | None, change: str = ""
) -> Survival:
    return Survival(check=check, measure=claim.measure, part=claim.part, change=change, value=value, n=n, holds=holds)


def _why(lost: _Tried, decision: Decision) -> Reason:
    one = lost.survival
    figures = {
        "measure": one.measure,
        "part": one.part,
        "value": one.value,
        "threshold": lost.claim.threshold,
        "was": decision.verdict,
    }
    if one.check == "one_step":
        return Reason("not_robust_step", {**figures, "change": one.change})
    return Reason("not_robust", {**figures, "check": one.check})


def _settle(lost: _Tried, space: Space) -> tuple[Reason, ...]:
    one = lost.survival
    if one.check == "one_step":
        return (Reason("decide_step", {"measure": one.measure, "change": one.change}),)
    return (Reason("another_period", {"weeks": max(1, round(space.window.days / 7))}),)


def _figure(found: Draft | Estimate, part: str) -> tuple[float | None, int]:
    if not part:
        return found.value, found.n
    return next(((one.value, one.n) for one in found.parts if one.key == part), (None, 0))
