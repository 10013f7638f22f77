"""What profiles show: counters, a description, a picture, a name; of genuine people and of accounts that are sold.

Both follow a public labelled set (InstaFake, 994 real and 200 fake accounts): the medians and spreads of followers,
followed and posts, how they go together (correlations of .76, .54 and .44 among real accounts), and how many have a
description (.61, .27), a picture (.99, .61) or digits in their name (.11, .55). Of real accounts 7 % show next to
nothing. Lurkers are harder than anybody in that set: no post, no description, as many followed as sold accounts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from seguito.simulate.scramble import Ints, stream
from seguito.simulate.subjects import Bools

MOST_FOLLOWED = 7_500
# How much of what varies in each counter of a real account comes from how much its owner lives there.
SHARED = {"followers": 0.96, "following": 0.79, "posts": 0.56}


def shown(
    seed: int, name: str, *, sold: Bools, lurking: Bools, bare_share: float, dressed_share: float
) -> dict[str, Any]:
    """The profiles of some people.

    Args:
        seed: of the world.
        name: of the people, for a stream of their own.
        sold: who is a sold account.
        lurking: who follows thousands and shows nothing.
        bare_share: of real people, how many show next to nothing.
        dressed_share: of sold accounts, how many were given what real ones show.
    """
    rng = stream(seed, f"profiles/{name}")
    n = len(sold)
    alike = sold & (rng.random(n) < dressed_share)
    bare = ~sold & (rng.random(n) < bare_share) | lurking
    real = _real(rng, n)
    fake = _fake(rng, n)
    found = {key: np.where(sold & ~alike, fake[key], real[key]) for key in real}
    found["followers"] = np.where(bare, rng.lognormal(np.log(140), 0.8, n), found["followers"])
    found["following"] = np.where(bare, rng.lognormal(np.log(175), 0.9, n), found["following"])
    # A sold account that was dressed up still follows as many as its owner was paid for.
    many = rng.lognormal(np.log(1_900), 0.7, n)
    found["following"] = np.where(lurking | alike, many, found["following"])
    found["posts"] = np.where(bare, rng.integers(0, 3, n), found["posts"])
    found["posts"] = np.where(lurking, 0, np.where(alike, rng.lognormal(np.log(12), 0.8, n), found["posts"]))
    return {
        "followers": found["followers"].astype(np.int64),
        "following": np.minimum(found["following"], MOST_FOLLOWED).astype(np.int64),
        "posts": found["posts"].astype(np.int64),
        "has_bio": np.where(bare, False, found["has_bio"] | alike).astype(bool),
        "has_avatar": np.where(bare, rng.random(n) < 0.9, found["has_avatar"] | alike).astype(bool),
        "has_digits": found["has_digits"].astype(bool),
    }


def _real(rng: np.random.Generator, n: int) -> dict[str, Any]:
    lives = rng.normal(0, 1, n)

    def counter(name: str, median: float, sd: float) -> Any:
        own = rng.normal(0, 1, n)
        share = SHARED[name]
        return median * np.exp(sd * (share * lives + np.sqrt(1 - share**2) * own))

    return {
        "followers": counter("followers", 345, 0.81),
        "following": counter("following", 420, 0.77),
        "posts": counter("posts", 32, 1.5),
        "has_bio": rng.random(n) < 0.655,
        "has_avatar": rng.random(n) < 0.99,
        "has_digits": rng.random(n) < 0.11,
    }


def _fake(rng: np.random.Generator, n: int) -> dict[str, Any]:
    """Sold accounts are of three kinds: eager (follow thousands), idle (hardly follow) and worn (look used)."""
    kind = rng.choice(3, n, p=[0.6, 0.15, 0.25])
    worn = kind == 2
    followers = np.exp(np.log([25, 4, 230])[kind] + rng.normal(0, 1, n) * np.array([1.2, 1.0, 0.8])[kind])
    following = np.exp(np.log([2_200, 60, 450])[kind] + rng.normal(0, 1, n) * np.array([0.6, 1.2, 0.9])[kind])
    never = rng.random(n) < np.where(worn, 0.1, 0.74)
    return {
        "followers": followers,
        "following": following,
        "posts": np.where(never, 0, rng.geometric(np.where(worn, 0.3, 0.5), n)),
        "has_bio": rng.random(n) < np.where(worn, 0.6, 0.15),
        "has_avatar": rng.random(n) < np.where(worn, 0.9, 0.51),
        "has_digits": rng.random(n) < 0.55,
    }


def spelt(rows: Ints) -> list[str]:
    """A few letters for every number, each number's its own: what a name ends on where it has no digits."""
    found = []
    for row in rows.tolist():
        letters = ""
        while row >= 0:
            letters = chr(97 + row % 26) + letters
            row = row // 26 - 1
        found.append(letters)
    return found
