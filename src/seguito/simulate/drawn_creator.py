"""What scenarios about the creator's conduct and what befalls them draw from a seed."""

from __future__ import annotations

from dataclasses import replace

from seguito.simulate.drawn_audience import bought, clean, honest, loved, pod
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Adverts, Desk, Launch, Market, Observation, Pivot, Silence, Storm
from seguito.simulate.scramble import stream

LIFTS = (0.0, 0.1, 0.3, 0.6)


def silence(base: Plan) -> Plan:
    """S4: one silence, announced or not."""
    rng = stream(base.seed, "scenario/S4")
    days, announced = float(rng.integers(7, 36)), bool(rng.integers(0, 2))
    return replace(clean(base), silences=(Silence(start_day=base.days * 0.5, days=days, announced=announced),))


def storm(base: Plan) -> Plan:
    """S5: a crisis of hate by a crowd or by arrangement, and supporters."""
    rng = stream(base.seed, "scenario/S5")
    organised = int(rng.integers(10, 61)) if rng.random() < 0.5 else 0
    found = Storm(
        base=float(rng.uniform(0.005, 0.03)),
        dispersion=float(rng.uniform(1, 4)),
        day=float(rng.integers(round(base.days * 0.45), round(base.days * 0.8))),
        times=float(rng.choice([5, 10, 20, 50])),
        half_life=float(rng.uniform(1, 5)),
        organised=organised,
        window_minutes=float(rng.uniform(5, 60)),
        support=float(rng.uniform(0.1, 0.4)),
    )
    return replace(clean(base), storm=found)


def pivot(base: Plan) -> Plan:
    """S6: no change of subject, a gradual one that was announced, or an abrupt one that was not."""
    rng = stream(base.seed, "scenario/S6")
    kind = int(rng.integers(0, 3))
    at, moved, leaving = float(rng.uniform(0.4, 0.6)), float(rng.uniform(0.35, 0.9)), float(rng.uniform(1.5, 3))
    width = float(rng.uniform(5, 15))
    found = (
        None,
        Pivot(at=at, width=width, moved=moved, announced=True),
        Pivot(at=at, width=0.0, moved=moved, announced=False, leaving=leaving),
    )[kind]
    return replace(clean(base), pivot=found)


def launch(base: Plan) -> Plan:
    """S7: launches with a true lift of 0, .1, .3 or .6, with and without a shock that all peers share."""
    rng = stream(base.seed, "scenario/S7")
    lifted = float(rng.choice(LIFTS))
    days = max(base.days, 224)
    first = float(rng.integers(100, 130))
    second = float(rng.integers(round(first) + 40, days - 20))
    found = Market(
        launches=(Launch(day=first, lift=lifted), Launch(day=second, lift=lifted)),
        shock_day=first + float(rng.integers(-3, 4)),
        shock=float(rng.choice([0.0, 0.0, -0.4, 0.4])),
        memory=float(rng.uniform(0.3, 0.6)),
    )
    return replace(clean(base), days=days, market=found)


def desk(base: Plan) -> Plan:
    """S8: few answers because the creator chooses, or because there is no time for more."""
    rng = stream(base.seed, "scenario/S8")
    is_choice = rng.random() < 0.5
    few = float(rng.uniform(0.15, 0.45))
    answers = {name: share * few if is_choice else 0.9 for name, share in base.answers.items()}
    found = Desk(
        load=float(rng.uniform(0.13, 0.6)) if is_choice else float(rng.uniform(1.1, 2.5)),
        order="newest" if rng.random() < 0.5 else "oldest",
        from_hour=float(rng.uniform(7, 10)),
        to_hour=float(rng.uniform(18, 22)),
    )
    return replace(clean(base), answers=answers, desk=found)


def adverts(base: Plan) -> Plan:
    """S9: posts paid for, all, some or none of which say so."""
    rng = stream(base.seed, "scenario/S9")
    disclosed = float(rng.choice([0.0, 0.25, 0.5, 0.75, 1.0]))
    return replace(clean(base), adverts=Adverts(share=float(rng.uniform(0.1, 0.4)), disclosed=disclosed))


def everything(base: Plan) -> Plan:
    """S10: all of the above in one world."""
    growing, arranged = bought(base), pod(base)
    paid = adverts(base).adverts
    selling = launch(replace(base, days=growing.days)).market
    return replace(
        growing,
        loyal=arranged.loyal,
        pod=arranged.pod,
        adverts=paid if arranged.pod is None or arranged.pod.where == "all" else arranged.adverts,
        silences=silence(replace(base, days=growing.days)).silences,
        storm=storm(replace(base, days=growing.days)).storm,
        pivot=pivot(base).pivot,
        market=selling,
        desk=None,
        pulses=(*growing.pulses, *honest(base).pulses[-1:]),
    )


def truncated(base: Plan) -> Plan:
    """S12: bought followers, a pod, hate and loyal people, of which a reader sees only a part."""
    rng = stream(base.seed, "scenario/S12")
    whole = pod(base) if rng.random() < 0.5 else loved(base)
    growing = bought(base)
    found = Observation(
        comments=float(rng.uniform(0.2, 1.0)),
        shown="newest" if rng.random() < 0.5 else "top",
        hate_removed=float(rng.uniform(0, 0.9)),
        days=float(rng.uniform(0.5, 1.0)),
        zone_hours=int(rng.choice([0, 0, -2, -1, 1, 2])),
        edited=float(rng.uniform(0, 0.5)),
        sensitivity=float(rng.uniform(0.6, 0.9)),
        specificity=float(rng.uniform(0.9, 0.99)),
    )
    return replace(
        growing,
        loyal=whole.loyal,
        pod=whole.pod,
        adverts=Adverts(share=0.2, disclosed=0.5),
        storm=replace(storm(replace(base, days=growing.days)).storm or Storm(), day=None, base=0.02, organised=0),
        observation=found,
    )
