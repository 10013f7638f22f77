"""What a comment is in a simulated world, and the moments at which people write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seguito.simulate.cadence import DAY, Posts
from seguito.simulate.scramble import Ints

CREATOR = -1
ROOT = -1
INTENTS = (
    "thanks",
    "question",
    "story",
    "opinion",
    "low",
    "worry",
    "worry_same",
    "reply",
    "reply_back",
    "calm",
    "creator",
    "creator_back",
    "reply_creator",
    "hate",
    "support",
    "complaint",
    "order",
    "praise",
)
CODE = {name: number for number, name in enumerate(INTENTS)}
WORRIES = (CODE["worry"], CODE["worry_same"])
# Of the moments that would fall into the night (docs/reference/stylised-facts.md).
ASLEEP = 0.3
OPENINGS = ("thanks", "question", "story", "opinion", "low")
FAN_OPENS = (0.27, 0.22, 0.18, 0.14, 0.19)
CASUAL_OPENS = (0.22, 0.18, 0.08, 0.14, 0.38)


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments as columns.

    Attributes:
        author: number of a member, or CREATOR.
        post: number of the post it stands under.
        parent: number of the comment it answers, or ROOT when it answers the post.
        at: when, in seconds since 1970.
        intent: number in INTENTS.
    """

    author: Ints
    post: Ints
    parent: Ints
    at: Ints
    intent: Ints

    def __len__(self) -> int:
        return len(self.at)

    def take(self, kept: Ints) -> Comments:
        """Some of them, in the order given; parents are not renumbered."""
        return Comments(self.author[kept], self.post[kept], self.parent[kept], self.at[kept], self.intent[kept])


class Talk:
    """Comments so far; each round adds some, whose parents are numbers of earlier ones."""

    def __init__(self, rows: Comments) -> None:
        self.rows = rows

    def add(self, more: Comments) -> Ints:
        """Append a round; returns the numbers its comments got."""
        start = len(self.rows)
        old = self.rows
        self.rows = Comments(
            np.concatenate([old.author, more.author]),
            np.concatenate([old.post, more.post]),
            np.concatenate([old.parent, more.parent]),
            np.concatenate([old.at, more.at]),
            np.concatenate([old.intent, more.intent]),
        )
        return np.arange(start, len(self.rows))


def later(after: Ints, rng: np.random.Generator, median_minutes: float | npt.NDArray[np.float64]) -> Ints:
    """Moments after `after` with a long-tailed delay, moved out of the night."""
    delay = rng.lognormal(np.log(np.broadcast_to(median_minutes, after.shape) * 60), 1.2)
    return awake(after + 20 + np.minimum(delay, 60 * DAY).astype(np.int64), rng)


def awake(at: Ints, rng: np.random.Generator) -> Ints:
    """Some moments between midnight and six are put off to the morning, so that nights are as quiet as real ones."""
    hour = at % DAY / 3600
    morning = at // DAY * DAY + (6 * 3600 + rng.exponential(4_500, len(at))).astype(np.int64)
    return np.where((hour < 6) & (rng.random(len(at)) < ASLEEP), np.maximum(morning, at), at)


def in_order(rows: Comments, end: int) -> Comments:
    """Oldest first, what lies beyond the end cut off (answers to it lie later still), parents renumbered."""
    order = np.argsort(rows.at, kind="stable")
    order = order[rows.at[order] < end]
    place = np.full(len(rows) + 1, ROOT)
    place[order] = np.arange(len(order))
    kept = rows.take(order)
    return Comments(kept.author, kept.post, place[kept.parent], kept.at, kept.intent)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of people writes under posts, each one on their own.

    Attributes:
        chance: probability of writing under a post, for each person (and post, where it differs by post).
        minutes: median delay.
        sd: of the delay, on the log scale.
        intents, shares: what they write, and how often each.
        awake: whether moments in the night are put off to the morning.
        looks: whether people come to posts that draw attention rather than to others; an agreement does not care.
    """

    chance: npt.NDArray[np.float64]
    minutes: float
    sd: float
    intents: tuple[str, ...]
    shares: tuple[float, ...]
    awake: bool = True
    looks: bool = True


def attend(people: Ints, posts: Posts, habit: Habit, rng: np.random.Generator) -> Comments:
    """What people write right under posts when each decides by chance, once a post."""
    if len(people) == 0:
        return nothing()
    chance = np.broadcast_to(habit.chance.reshape(len(people), -1), (len(people), len(posts)))
    if habit.looks:
        chance = np.minimum(chance * posts.appeal**0.6, 0.97)
    who, post = np.nonzero(rng.random(chance.shape) < chance)
    n = len(who)
    delay = rng.lognormal(np.log(habit.minutes * 60), habit.sd, n)
    at = posts.at[post] + 20 + np.minimum(delay, 30 * DAY).astype(np.int64)
    intent = np.array([CODE[name] for name in habit.intents])[rng.choice(len(habit.intents), n, p=habit.shares)]
    return Comments(people[who], post, np.full(n, ROOT), awake(at, rng) if habit.awake else at, intent)


def nothing() -> Comments:
    """No comments at all."""
    return Comments(*(np.zeros(0, dtype=np.int64) for _ in range(5)))


def together(parts: list[Comments]) -> Comments:
    """Rounds of openings, one after the other."""
    talk = Talk(nothing())
    for part in parts:
        talk.add(part)
    return talk.rows
