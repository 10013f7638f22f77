"""Scenarios as data: what is planted under a name, with easier and harder settings drawn from the seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from seguito.kit.errors import UsageError
from seguito.simulate.plan import Plan, plan
from seguito.simulate.planted import Adverts, Loyal, Pod, Pulse, Silence
from seguito.simulate.scramble import stream

RELEASE_SEEDS = range(1000, 1200)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: what it plants, in words, and how it changes the clean plan."""

    plants: str
    change: Callable[[Plan], Plan]


# Followers are counted daily for a year: growth needs half a year, churn two months after a purchase.
YEAR = 365
# Silent followers beside those who write: an account of about ten thousand at the usual size.
QUIET = 5


def _clean(base: Plan) -> Plan:
    return replace(base, bought_share=0.0, silences=())


def _loved(base: Plan) -> Plan:
    """A clean world with everyone who looks like a pod and is none; about as many at any size."""
    rng = stream(base.seed, "scenario/loyal")
    loyal = Loyal(
        superfans=int(rng.integers(16, 33)),
        bells=int(rng.integers(8, 17)),
        family=int(rng.integers(3, 7)),
        moderators=int(rng.integers(2, 5)),
        topic=int(rng.integers(8, 21)),
        zone=int(rng.integers(10, 26)),
        lurkers=0.1,
    )
    return replace(_clean(base), loyal=loyal, adverts=Adverts(share=0.15, disclosed=1.0))


def _grown(base: Plan) -> Plan:
    """A clean year of an account most of whose followers never write."""
    days = max(base.days, YEAR)
    return replace(_clean(base), days=days, silent=base.silent * QUIET, loyal=Loyal(lurkers=0.1))


def _bought(base: Plan) -> Plan:
    rng = stream(base.seed, "scenario/S1")
    share, days = float(rng.choice([0.02, 0.05, 0.1, 0.2])), int(rng.choice([1, 5, 30]))
    grown = _grown(base)
    return replace(
        grown,
        bought_of_base=share,
        bought_days=days,
        bought_day=float(rng.integers(120, grown.days - 95)),
        bought_churn=float(rng.uniform(0.1, 0.4)),
        pulses=_pulses(base.seed, grown.days, "viral"),
    )


def _pod(base: Plan) -> Plan:
    rng = stream(base.seed, "scenario/S2")
    pod = Pod(
        size=int(rng.integers(8, 41)),
        where="all" if rng.random() < 0.5 else "sponsored",
        participation=float(rng.uniform(0.5, 0.95)),
        minutes=float(rng.uniform(5, 30)),
        generic=float(rng.uniform(0.5, 0.9)),
        spaces=int(rng.integers(3, 9)),
    )
    adverts = Adverts(share=float(rng.uniform(0.12, 0.3)), disclosed=1.0)
    return replace(_loved(base), pod=pod, adverts=adverts)


def _honest(base: Plan) -> Plan:
    grown = _grown(base)
    return replace(
        grown, pulses=(*_pulses(base.seed, grown.days, "viral"), *_pulses(base.seed, grown.days, "giveaway"))
    )


def _pulses(seed: int, days: int, kind: Literal["viral", "giveaway"]) -> tuple[Pulse, ...]:
    """One to three honest waves; four giveaways in five are in the creator's log, and a third of the viral posts."""
    rng = stream(seed, f"scenario/{kind}")
    return tuple(
        Pulse(
            day=float(day),
            share=float(rng.uniform(0.02, 0.15)),
            lasts=float(rng.uniform(0.5, 3.0)),
            kind=kind,
            logged=bool(rng.random() < (0.8 if kind == "giveaway" else 0.33)),
        )
        for day in rng.integers(40, days - 40, int(rng.integers(1, 4)))
    )


def _silence(base: Plan) -> Plan:
    rng = stream(base.seed, "scenario/S4")
    days, announced = float(rng.integers(7, 36)), bool(rng.integers(0, 2))
    return replace(_clean(base), silences=(Silence(start_day=base.days * 0.5, days=days, announced=announced),))


SCENARIOS: dict[str, Scenario] = {
    "S0": Scenario("nothing: no bought follower, no pod, no silence; loyal people of every kind", _loved),
    "S1": Scenario(
        "2 to 20 % bought followers, within 1, 5 or 30 days, of whom 10 to 40 % leave in two months", _bought
    ),
    "S2": Scenario("a pod of 8 to 40 under all or only the sponsored posts, beside loyal people alike", _pod),
    "S3": Scenario("honest waves: posts that go round, and giveaways, some of them logged", _honest),
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
    return replace(SCENARIOS[name].change(plan(seed=seed, comments=comments)), scenario=name)
