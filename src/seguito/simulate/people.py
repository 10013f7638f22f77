"""Who is there: fans, casuals, silent followers, bought ones, those of each scenario; and the profiles they show."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.simulate.cadence import DAY, Posts, end_of, start_of
from seguito.simulate.followers import arrivals, wave
from seguito.simulate.plan import Plan
from seguito.simulate.profiles import shown
from seguito.simulate.scramble import Ints, stream
from seguito.simulate.subjects import Bools, turning_post

GROUPS = (
    "fans",
    "casuals",
    "silent",
    "bought",
    "pod",
    "superfans",
    "notified",
    "family",
    "moderators",
    "topic_group",
    "zone_group",
    "lurkers",
    "trolls",
    "organised_haters",
    "strangers",
)
(
    FAN,
    CASUAL,
    SILENT,
    BOUGHT,
    POD,
    SUPERFAN,
    NOTIFIED,
    FAMILY,
    MODERATOR,
    TOPIC,
    ZONE,
    LURKER,
    TROLL,
    HATER,
    STRANGER,
) = range(len(GROUPS))
# Trolls as a share of those who write, and strangers in each space of another creator.
TROLLS, STRANGERS = 0.006, 60


@dataclass(frozen=True, slots=True)
class Members:
    """Everyone but the creator. Times are seconds since 1970.

    Attributes:
        group: number in GROUPS.
        english: writes English.
        circle: which group of fans one talks with.
        activity: how often one writes, relative to others.
        joined, left: when one came and went.
        follows: whether one follows the creator; `joined` is when.
        created: when the account was made.
        followers, following, posts: counters of the profile.
        has_bio, has_avatar, has_digits: what the profile shows, and whether its name has digits.
    """

    group: Ints
    english: Bools
    circle: Ints
    activity: npt.NDArray[np.float64]
    joined: Ints
    left: Ints
    follows: Bools
    created: Ints
    followers: Ints
    following: Ints
    posts: Ints
    has_bio: Bools
    has_avatar: Bools
    has_digits: Bools

    def __len__(self) -> int:
        return len(self.group)

    def active(self, who: Ints, at: Ints) -> Bools:
        """Whether each of `who` is around at `at`."""
        found: Bools = (self.joined[who] <= at) & (at < self.left[who])
        return found

    def of(self, *groups: int) -> Ints:
        """The numbers of everyone in some groups."""
        return np.flatnonzero(np.isin(self.group, groups))

    def __add__(self, other: Members) -> Members:
        pairs = ((getattr(self, one.name), getattr(other, one.name)) for one in fields(self))
        return Members(*(np.concatenate(pair) for pair in pairs))


def settle(plan: Plan, posts: Posts) -> tuple[Members, list[tuple[Ints, int]]]:
    """The members of one world; and of each honest wave when its people came and how many of them left again."""
    members = _told_or_not(plan, posts, _ordinary(plan))
    waves = []
    for number in range(len(plan.pulses)):
        came, leaving = wave(plan, posts, number, members.joined[members.follows])
        waves.append((came, leaving))
        stayed = came[: len(came) - leaving]
        members = members + _further(plan, f"wave/{number}", np.full(len(stayed), SILENT), joined=stayed)
    if plan.bought_of_base:
        members = members + _purchase(plan, members.joined[members.follows])
    group = np.repeat(*_scenario_groups(plan))
    return (members + _further(plan, "scenario", group) if len(group) else members), waves


def _told_or_not(plan: Plan, posts: Posts, members: Members) -> Members:
    """Fans of the old subject leave sooner after a change nobody told them of: what was left of their stay shrinks."""
    pivot = plan.pivot
    if pivot is None or pivot.announced:
        return members
    turn = int(posts.at[min(turning_post(plan, len(posts)), len(posts) - 1)])
    rest = (np.maximum(members.left - turn, 0) / pivot.leaving).astype(np.int64)
    stays = (members.group != FAN) | (members.left <= turn) | (members.joined >= turn)
    return replace(members, left=np.where(stays, members.left, turn + rest))


def _scenario_groups(plan: Plan) -> tuple[list[int], list[int]]:
    """Groups that a scenario adds, and how many people are in each."""
    loyal, pod, storm = plan.loyal, plan.pod, plan.storm
    wanted = {
        POD: pod.size if pod else 0,
        SUPERFAN: loyal.superfans,
        NOTIFIED: loyal.bells,
        FAMILY: loyal.family,
        MODERATOR: loyal.moderators,
        TOPIC: loyal.topic,
        ZONE: loyal.zone,
        LURKER: round(plan.silent * loyal.lurkers),
        TROLL: max(3, round((plan.fans + plan.casuals) * TROLLS)) if storm else 0,
        HATER: storm.organised if storm else 0,
        STRANGER: STRANGERS * (pod.spaces + 1) if pod and pod.spaces else 0,
    }
    return list(wanted), list(wanted.values())


def _purchase(plan: Plan, joined: Ints) -> Members:
    """Those of a purchase who stay; it is as large as planned beside everyone who came before."""
    begun = start_of(plan) + int(plan.bought_day * DAY)
    n = round(plan.bought_of_base * int((joined < begun).sum()))
    stayed = n - round(plan.bought_churn * n)
    came = begun + stream(plan.seed, "purchase").integers(0, plan.bought_days * DAY, stayed)
    return _further(plan, "bought", np.full(stayed, BOUGHT), joined=came)


def _further(plan: Plan, name: str, group: Ints, *, joined: Ints | None = None) -> Members:
    """People beside the ordinary ones; who is not said to have come later was there before the world began."""
    rng = stream(plan.seed, f"people/{name}")
    n = len(group)
    if joined is None:
        joined = start_of(plan) - (30 + rng.random(n) * 700).astype(np.int64) * DAY
    age = np.where(group == BOUGHT, rng.integers(5, 90, n), 120 + rng.gamma(2.0, 400, n))
    apart = np.isin(group, [TROLL, HATER, STRANGER])
    return Members(
        group=group,
        english=rng.random(n) < plan.english_share,
        circle=rng.integers(0, plan.circles, n),
        activity=np.ones(n),
        joined=joined,
        left=np.full(n, end_of(plan) + DAY),
        follows=~apart,
        created=joined - age.astype(np.int64) * DAY,
        **_profiles(plan, name, group),
    )


def _ordinary(plan: Plan) -> Members:
    rng = stream(plan.seed, "people")
    genuine = plan.fans + plan.casuals + plan.silent
    follows = np.concatenate(
        [np.ones(plan.fans, bool), rng.random(plan.casuals) < 0.6, np.ones(plan.silent, bool)]  # some only pass by
    )
    bought = round(int(follows.sum()) * plan.bought_share / (1 - plan.bought_share))
    group = np.repeat([FAN, CASUAL, SILENT, BOUGHT], [plan.fans, plan.casuals, plan.silent, bought])
    total = genuine + bought
    start, end = start_of(plan), end_of(plan)
    joined = (start - 200 * DAY + rng.random(total) * (end - start + 200 * DAY)).astype(np.int64)
    bought_at = start + int(plan.bought_day * DAY)
    joined = np.where(group == BOUGHT, bought_at + rng.integers(0, plan.bought_days * DAY, total), joined)
    stay = rng.exponential(30 * DAY / plan.leaving_a_month, total)
    left = np.where(group == FAN, np.maximum(joined, start) + stay, end + DAY).astype(np.int64)
    age = np.where(group == BOUGHT, rng.integers(5, 90, total), 120 + rng.gamma(2.0, 400, total)) * DAY
    profile = _profiles(plan, "ordinary", group)
    joined[group == SILENT] = arrivals(plan, plan.silent, stream(plan.seed, "arrivals"))
    return Members(
        group=group,
        english=rng.random(total) < plan.english_share,
        circle=rng.integers(0, plan.circles, total),
        activity=1.0 + rng.pareto(1.8, total),
        joined=joined,
        left=left,
        follows=np.concatenate([follows, np.ones(bought, bool)]),
        created=np.minimum(joined, joined - age.astype(np.int64)),
        **profile,
    )


def _profiles(plan: Plan, name: str, group: Ints) -> dict[str, Any]:
    return shown(
        plan.seed,
        name,
        sold=group == BOUGHT,
        lurking=group == LURKER,
        bare_share=plan.bare_share,
        dressed_share=plan.bought_dressed,
    )
