"""What scenarios about followers and comments draw from a seed: bought followers, pods, honest waves, evasions."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from seguito.simulate.plan import Plan
from seguito.simulate.planted import Adverts, Loyal, Pod, Pulse
from seguito.simulate.scramble import stream

# Followers are counted daily for a year: growth needs half a year, churn two months after a purchase.
YEAR = 365
# Silent followers beside those who write: an account of about ten thousand at the usual size.
QUIET = 5
RHYTHMS = (4.0, 1.5, 0.5)
# Of silent followers; in the public set that profiles follow, 3 in 100 real accounts have no post and no description.
LURKERS = (0.002, 0.03)
# How many more casuals there are, and the share of exchanges that fans open.
CROWDS = ((1.0, 0.78), (3.0, 0.5), (6.0, 0.25))


def clean(base: Plan) -> Plan:
    """The standard plan without bought followers and silences, of a rhythm and a crowd that are drawn.

    Posts come regularly, by chance or in bursts; comments are mostly of people who come back, or mostly of passers-by.
    """
    rng = stream(base.seed, "scenario/clean")
    rhythm, (crowd, fan_share) = float(rng.choice(RHYTHMS)), CROWDS[int(rng.integers(0, len(CROWDS)))]
    return replace(
        base,
        bought_share=0.0,
        silences=(),
        rhythm=rhythm,
        casuals=round(base.casuals * crowd),
        fan_share=fan_share,
    )


def loved(base: Plan) -> Plan:
    """A clean world with everyone who looks like a pod and is none; about as many at any size."""
    rng = stream(base.seed, "scenario/loyal")
    loyal = Loyal(
        superfans=int(rng.integers(12, 25)),
        bells=int(rng.integers(6, 13)),
        family=int(rng.integers(3, 7)),
        moderators=int(rng.integers(2, 5)),
        topic=int(rng.integers(8, 17)),
        zone=int(rng.integers(8, 17)),
        lurkers=float(rng.uniform(*LURKERS)),
    )
    return replace(clean(base), loyal=loyal, adverts=Adverts(share=0.15, disclosed=1.0))


def grown(base: Plan) -> Plan:
    """A clean year of an account most of whose followers never write."""
    days = max(base.days, YEAR)
    lurkers = float(stream(base.seed, "scenario/lurkers").uniform(*LURKERS))
    return replace(clean(base), days=days, silent=base.silent * QUIET, loyal=Loyal(lurkers=lurkers))


def bought(base: Plan) -> Plan:
    """S1: a purchase of a size and speed, beside honest posts that go round."""
    rng = stream(base.seed, "scenario/S1")
    share, days = float(rng.choice([0.02, 0.05, 0.1, 0.2])), int(rng.choice([1, 5, 30]))
    year = grown(base)
    return replace(
        year,
        bought_of_base=share,
        bought_days=days,
        bought_day=float(rng.integers(120, year.days - 95)),
        bought_churn=float(rng.uniform(0.1, 0.4)),
        pulses=_pulses(base.seed, year.days, "viral"),
    )


def pod(base: Plan) -> Plan:
    """S2: a pod under all or only the paid posts, beside everyone who looks like one."""
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
    return replace(loved(base), pod=pod, adverts=adverts)


def honest(base: Plan) -> Plan:
    """S3: honest waves, nothing bought."""
    year = grown(base)
    return replace(year, pulses=(*_pulses(base.seed, year.days, "viral"), *_pulses(base.seed, year.days, "giveaway")))


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


EVASIONS = ("late", "paraphrased", "slow", "dressed")


def evasive(base: Plan) -> Plan:
    """S11: a pod and a purchase that know how they are looked for, each by one to three of the evasions."""
    rng = stream(base.seed, "scenario/S11")
    used = set(rng.permutation(EVASIONS)[: int(rng.integers(1, 4))].tolist())
    plain, growing = pod(base), bought(base)
    assert plain.pod is not None  # noqa: S101
    hidden = replace(
        plain.pod,
        where="sponsored" if rng.random() < 0.5 else "all",
        minutes=float(rng.uniform(180, 900)) if "late" in used else plain.pod.minutes,
        paraphrased="paraphrased" in used,
    )
    return replace(
        growing,
        loyal=plain.loyal,
        adverts=plain.adverts,
        pod=hidden,
        bought_days=int(rng.integers(60, 91)) if "slow" in used else growing.bought_days,
        bought_dressed=float(rng.uniform(0.5, 0.9)) if "dressed" in used else 0.0,
        bought_churn=float(rng.uniform(0.0, 0.1)) if "slow" in used else growing.bought_churn,
    )
