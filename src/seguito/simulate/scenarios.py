"""Scenarios as data: what is planted under a name, with easier and harder settings drawn from the seed.

Every setting is frozen in `drawn_audience.py` and `drawn_creator.py`; one seed is one world. Seeds 0 to 99 are for
building measures; 1000 to 1199 are kept for releases, so that nothing is fitted to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from seguito.kit.errors import UsageError
from seguito.simulate import drawn_audience as audience
from seguito.simulate import drawn_creator as creator
from seguito.simulate.plan import Plan, plan

DEVELOPMENT_SEEDS = range(100)
RELEASE_SEEDS = range(1000, 1200)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario.

    Attributes:
        plants: what it plants, in words.
        change: how it changes the standard plan.
        gives: keys of truth.json that tell of it, beside those of every world.
        asks: what a measure should find, or should not.
    """

    plants: str
    change: Callable[[Plan], Plan]
    gives: tuple[str, ...] = ()
    asks: str = ""


SCENARIOS: dict[str, Scenario] = {
    "S0": Scenario(
        "nothing: no bought follower, no pod, no silence; loyal people of every kind",
        audience.loved,
        ("members",),
        "no measure raises anything; the loyal are not taken for a pod",
    ),
    "S1": Scenario(
        "bought followers, 2 to 20 % of the base in 1, 5 or 30 days; 10 to 40 % leave in two months",
        audience.bought,
        ("purchases", "bought_share", "bought_followers", "waves"),
        "the jump is found and the honest waves beside it are not; the interval of the share of fakes covers the truth",
    ),
    "S2": Scenario(
        "a pod of 8 to 40 under all or only the sponsored posts, beside loyal people alike",
        audience.pod,
        ("pod", "sponsored_posts", "other_spaces", "members"),
        "the pod's comments are found, superfans and the other controls are not",
    ),
    "S3": Scenario(
        "honest waves: posts that go round, and giveaways, some of them logged",
        audience.honest,
        ("waves", "left_again"),
        "no jump is left unexplained where readers came too or the cause was logged",
    ),
    "S4": Scenario(
        "one silence of 7 to 35 days, announced or not",
        creator.silence,
        ("silences", "longest_silence_days"),
        "worry is found in the silence nobody was told of, and no more than planted in the other",
    ),
    "S5": Scenario(
        "a firestorm, 5 to 50 times the usual hate, by a crowd or organised; fans who take the creator's side",
        creator.storm,
        ("hate", "crisis"),
        "the wave is found within days, and whether few or many carried it",
    ),
    "S6": Scenario(
        "a change of subject: none, gradual and announced, or abrupt and unannounced",
        creator.pivot,
        ("pivot",),
        "no drift where there is none; the date, and whether it was abrupt and announced",
    ),
    "S7": Scenario(
        "two launches with a true lift of 0 to .6, with or without a shock to everybody's sales",
        creator.launch,
        ("launches", "market"),
        "the lift beside the peers, no lift where the shock alone moved sales",
    ),
    "S8": Scenario(
        "few answers, by choice or for want of time; oldest or newest first, in working hours",
        creator.desk,
        ("desk", "answered_share"),
        "overload is told from choice",
    ),
    "S9": Scenario(
        "sponsored posts, of which all, some or none say so",
        creator.adverts,
        ("sponsored_posts", "disclosed_posts", "disclosed_share"),
        "the interval of the disclosed share covers the truth",
    ),
    "S10": Scenario(
        "everything at once",
        creator.everything,
        ("purchases", "waves", "pod", "silences", "hate", "crisis", "pivot", "launches", "market", "disclosed_share"),
        "no finding hides another",
    ),
    "S11": Scenario(
        "evasions: a late or paraphrasing pod, slow purchases, profiles with a description and posts",
        audience.evasive,
        ("pod", "purchases", "bought_dressed", "evasions"),
        "what is not found is said to be out of sight",
    ),
    "S12": Scenario(
        "a truncated view: 20 to 100 % of the comments, hate removed, days not counted, clocks that are wrong",
        creator.truncated,
        ("observed", "bought_share", "pod", "hate"),
        "intervals cover the truth or the answer is unclear",
    ),
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
