"""Scenarios as data: what is planted under a name, with easier and harder settings drawn from the seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from seguito.kit.errors import UsageError
from seguito.simulate.plan import Plan, Silence, plan
from seguito.simulate.scramble import stream

RELEASE_SEEDS = range(1000, 1200)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: what it plants, in words, and how it changes the clean plan."""

    plants: str
    change: Callable[[Plan], Plan]


def _clean(base: Plan) -> Plan:
    return replace(base, bought_share=0.0, silences=())


def _bought(base: Plan) -> Plan:
    rng = stream(base.seed, "scenario/S1")
    share, days = float(rng.choice([0.02, 0.05, 0.1, 0.2])), int(rng.choice([1, 5, 30]))
    return replace(_clean(base), bought_share=share, bought_days=days)


def _silence(base: Plan) -> Plan:
    rng = stream(base.seed, "scenario/S4")
    days, announced = float(rng.integers(7, 36)), bool(rng.integers(0, 2))
    return replace(_clean(base), silences=(Silence(start_day=base.days * 0.5, days=days, announced=announced),))


SCENARIOS: dict[str, Scenario] = {
    "S0": Scenario("nothing: no bought follower, no silence", _clean),
    "S1": Scenario("2 to 20 % bought followers, within 1, 5 or 30 days", _bought),
    "S4": Scenario("one silence of 7 to 35 days, announced or not", _silence),
}


def planned(name: str, *, seed: int, comments: int, release: bool = False) -> Plan:
    """The plan of a scenario.

    Raises:
        UsageError: no such scenario, a size out of range, or a seed kept for releases without `release`.
    """
    if name not in SCENARIOS:
        raise UsageError(f"There is no scenario {name}.", f"Choose one of {', '.join(SCENARIOS)}.")
    if seed in RELEASE_SEEDS and not release:
        raise UsageError(f"Seed {seed} is kept for releases.", "Use a seed from 0 to 99, or add --release.")
    return SCENARIOS[name].change(plan(seed=seed, comments=comments))
