"""Who is there: fans, casuals, silent followers and bought ones, with the profiles they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.simulate.cadence import DAY, end_of, start_of
from seguito.simulate.plan import Plan
from seguito.simulate.scramble import Ints, stream

FAN, CASUAL, SILENT, BOUGHT = 0, 1, 2, 3
GROUPS = ("fans", "casuals", "silent", "bought")
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Members:
    """Everyone but the creator. Times are seconds since 1970.

    Attributes:
        group: FAN, CASUAL, SILENT or BOUGHT.
        english: writes English.
        circle: which group of fans one talks with.
        activity: how often one writes, relative to others.
        joined, left: when one came and went.
        follows: whether one follows the creator; `joined` is when.
        created: when the account was made.
        followers, following, posts: counters of the profile.
        has_bio, has_avatar: what the profile shows.
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

    def __len__(self) -> int:
        return len(self.group)

    def active(self, who: Ints, at: Ints) -> Bools:
        """Whether each of `who` is around at `at`."""
        found: Bools = (self.joined[who] <= at) & (at < self.left[who])
        return found


def settle(plan: Plan) -> Members:
    """The members of one world."""
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
    profile = _profiles(rng, group)
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


def _profiles(rng: np.random.Generator, group: Ints) -> dict[str, Any]:
    """Counters and self-description; medians of bought and genuine accounts as in a public labelled set (InstaFake).

    Silent followers are the hard case: genuine, and yet a third of them shows almost nothing.
    """
    n = len(group)
    bought, bare = group == BOUGHT, (group == SILENT) & (rng.random(n) < 0.3)
    empty = bought | bare
    followers = rng.lognormal(np.where(bought, np.log(30), np.where(bare, np.log(60), np.log(345))), 1.0)
    following = rng.lognormal(np.where(bought, np.log(1447), np.log(420)), 0.7)
    posts = np.where(empty, rng.geometric(np.where(bought, 0.9, 0.7), n) - 1, rng.lognormal(np.log(60), 1.3))
    return {
        "followers": followers.astype(np.int64),
        "following": np.minimum(following, 7_500).astype(np.int64),
        "posts": posts.astype(np.int64),
        "has_bio": rng.random(n) < np.where(empty, 0.08, 0.85),
        "has_avatar": rng.random(n) < np.where(bought, 0.15, np.where(bare, 0.5, 0.96)),
    }
