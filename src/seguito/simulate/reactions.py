"""Who liked what and when; the bought never do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seguito.simulate.people import BOUGHT, CASUAL, FAN
from seguito.simulate.scramble import stream

if TYPE_CHECKING:
    from seguito.simulate.community import Community


def likes(community: Community) -> list[list[tuple[int, int]]]:
    """For every post who liked it and when (seconds since 1970), newest first."""
    rng = stream(community.plan.seed, "likes")
    members, posts = community.members, community.posts
    genuine = np.flatnonzero(members.follows & (members.group != BOUGHT))
    keen = np.select([members.group[genuine] == FAN, members.group[genuine] == CASUAL], [6.0, 1.0], 0.4)
    found = []
    end = int(community.plan.end.timestamp())
    for post in range(len(posts)):
        here = members.joined[genuine] <= posts.at[post]
        people, weight = genuine[here], keen[here]
        n = min(len(people), rng.poisson(0.05 * posts.appeal[post] * len(people)))
        chosen = people[np.argsort(rng.exponential(1.0, len(people)) / weight, kind="stable")[:n]]
        at = posts.at[post] + 15 + rng.lognormal(np.log(7_200), 1.4, n).astype(np.int64)
        pairs = sorted(zip(at.tolist(), chosen.tolist(), strict=True), reverse=True)
        found.append([(who, moment) for moment, who in pairs if moment < end])
    return found
