"""What is written under the posts: openings, replies among members, the creator's answers, worry in a silence.

Everything is drawn in whole columns, one round of the talk after the other; a reply never precedes what it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seguito.simulate.cadence import DAY, Posts, end_of, quiet_times
from seguito.simulate.people import CASUAL, FAN, Bools, Members
from seguito.simulate.plan import Plan
from seguito.simulate.scramble import Ints, stream

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
)
CODE = {name: number for number, name in enumerate(INTENTS)}
WORRIES = (CODE["worry"], CODE["worry_same"])
# How often to draw an author who is around; in a long history few of all fans are there at one moment.
ROUNDS = 60
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


def converse(plan: Plan, posts: Posts, members: Members) -> Comments:
    """All comments of one world, oldest first."""
    rng = stream(plan.seed, "talk")
    pool = _Pool(members, plan)
    talk = _Talk(_open(plan, posts, pool, rng))
    talk.add(_worry(plan, posts, pool, rng))
    opened = np.arange(len(talk.rows))
    replies = talk.add(_reply(plan, talk.rows, opened, pool, rng))
    back = talk.add(_turn(talk.rows, replies, plan.reply_back, "reply_back", pool, rng))
    talk.add(_turn(talk.rows, back, plan.reply_back * 0.7, "reply_back", pool, rng))
    answers = talk.add(_answer(plan, posts, talk.rows, rng))
    talk.add(_turn(talk.rows, answers, 0.15, "reply_creator", pool, rng))
    return _in_order(talk.rows, end_of(plan))


class _Talk:
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


class _Pool:
    """Draws authors: fans by activity, inside a circle or from all, and casuals by chance."""

    def __init__(self, members: Members, plan: Plan) -> None:
        self.members = members
        self.circles = plan.circles
        fans = np.flatnonzero(members.group == FAN)
        self.fans = fans[np.argsort(members.circle[fans], kind="stable")]
        self.casuals = np.flatnonzero(members.group == CASUAL)
        self._weights = np.cumsum(members.activity[self.fans])
        ends = np.searchsorted(members.circle[self.fans], np.arange(plan.circles), side="right")
        bounds = np.concatenate([[0.0], self._weights])
        self._from, self._to = bounds[np.concatenate([[0], ends[:-1]])], bounds[ends]
        self._shares = (self._to - self._from) / self._weights[-1]

    def around(self, at: Ints, draw: Callable[[Ints], Ints], *, beside: Ints | None = None) -> Ints:
        """Draw a person for every moment, again where that person was not around or is the one in `beside`."""
        author = draw(np.arange(len(at)))
        absent = np.arange(len(at))
        for _ in range(ROUNDS):
            wrong = ~self.members.active(author[absent], at[absent])
            absent = absent[wrong if beside is None else wrong | (author[absent] == beside[absent])]
            if len(absent) == 0:
                break
            author[absent] = draw(absent)
        return author

    def fan(self, rng: np.random.Generator, circle: Ints) -> Ints:
        """A fan of each circle, by activity."""
        low, high = self._from[circle], self._to[circle]
        place = np.searchsorted(self._weights, low + rng.random(len(circle)) * (high - low), side="right")
        found: Ints = self.fans[np.minimum(place, len(self.fans) - 1)]
        return found

    def opener(self, rng: np.random.Generator, is_fan: Bools) -> Ints:
        """Somebody who starts an exchange."""
        casual = self.casuals[rng.integers(0, len(self.casuals), len(is_fan))]
        return np.where(is_fan, self.fan(rng, rng.choice(self.circles, len(is_fan), p=self._shares)), casual)


def _open(plan: Plan, posts: Posts, pool: _Pool, rng: np.random.Generator) -> Comments:
    members = 1 + plan.member_replies * (0.92 + plan.reply_back * 0.9 * (1 + plan.reply_back * 0.6))
    n = round(plan.comments / (members + 0.6))
    post = rng.choice(len(posts), size=n, p=posts.appeal / posts.appeal.sum())
    is_fan = rng.random(n) < plan.fan_share
    at = _later(posts.at[post], rng, np.where(is_fan, 80.0, 300.0))
    author = pool.around(at, lambda rows: pool.opener(rng, is_fan[rows]))
    fans = rng.choice(len(OPENINGS), size=n, p=FAN_OPENS)
    casuals = rng.choice(len(OPENINGS), size=n, p=CASUAL_OPENS)
    intent = np.array([CODE[name] for name in OPENINGS])[np.where(is_fan, fans, casuals)]
    made = Comments(author, post, np.full(n, ROOT), at, intent)
    return made.take(np.flatnonzero(pool.members.active(author, at)))


def _worry(plan: Plan, posts: Posts, pool: _Pool, rng: np.random.Generator) -> Comments:
    """Fans who miss the creator write under the last post, more of them with every day beyond the usual gap."""
    usual = np.quantile(np.diff(posts.at), 0.95)
    rounds = []
    for silence, begun, ended in quiet_times(plan, posts):
        around = pool.fans[pool.members.active(pool.fans, np.full(len(pool.fans), begun))]
        length = ended - begun - usual
        share = plan.worried_share * (0.15 if silence.announced else 1.0)
        writers = around[rng.random(len(around)) < share] if length > 0 else around[:0]
        writers = np.repeat(writers, rng.choice([1, 2], size=len(writers), p=[0.75, 0.25]))
        # The pull grows with the days beyond the usual gap, so the moments lie at the square root of a share.
        at = begun + (usual + length * np.sqrt(rng.random(len(writers)))).astype(np.int64)
        alike = rng.random(len(writers)) < plan.worried_alike
        intent = np.where(alike, CODE["worry_same"], CODE["worry"])
        post = np.full(len(writers), int(np.searchsorted(posts.at, begun)))
        made = Comments(writers, post, np.full(len(writers), ROOT), _awake(at, rng), intent)
        rounds.append(made.take(np.flatnonzero((made.at < ended) & pool.members.active(writers, made.at))))
    talk = _Talk(Comments(*(np.zeros(0, dtype=np.int64) for _ in range(5))))
    for one in rounds:
        talk.add(one)
    return talk.rows


def _reply(plan: Plan, rows: Comments, under: Ints, pool: _Pool, rng: np.random.Generator) -> Comments:
    parent = np.repeat(under, rng.poisson(plan.member_replies, len(under)))
    n = len(parent)
    asked = rows.author[parent]
    own = pool.members.circle[asked]
    circle = np.where(rng.random(n) < plan.mixing, rng.integers(0, plan.circles, n), own)
    at = _later(rows.at[parent], rng, 100.0)
    author = pool.around(at, lambda some: pool.fan(rng, circle[some]), beside=asked)
    calm = np.isin(rows.intent[parent], WORRIES)
    made = Comments(author, rows.post[parent], parent, at, np.where(calm, CODE["calm"], CODE["reply"]))
    return made.take(np.flatnonzero((author != asked) & pool.members.active(author, at)))


def _turn(
    rows: Comments, under: Ints, probability: float, intent: str, pool: _Pool, rng: np.random.Generator
) -> Comments:
    """Whoever was answered by the comments in `under` writes back, with some probability."""
    parent = under[rng.random(len(under)) < probability]
    author = rows.author[rows.parent[parent]]
    at = _later(rows.at[parent], rng, 45.0)
    made = Comments(author, rows.post[parent], parent, at, np.full(len(parent), CODE[intent]))
    return made.take(np.flatnonzero(pool.members.active(author, at)))


def _answer(plan: Plan, posts: Posts, rows: Comments, rng: np.random.Generator) -> Comments:
    """The creator answers by choice (what it is), with delay, never in a silence, and only so many a day."""
    wanted = np.array([plan.answers.get("worry" if name == "worry_same" else name, 0.0) for name in INTENTS])
    parent = np.flatnonzero(rng.random(len(rows)) < wanted[rows.intent])
    at = _later(rows.at[parent], rng, 240.0)
    for _, begun, ended in quiet_times(plan, posts):
        silent = (at > begun + DAY // 2) & (at < ended)
        at = np.where(silent, _awake(ended + rng.integers(1_800, 2 * DAY, len(at)), rng), at)
    order = np.argsort(at, kind="stable")
    parent, at = parent[order], at[order]
    day = at // DAY
    _, first, place = np.unique(day, return_index=True, return_inverse=True)
    within = np.flatnonzero(np.arange(len(at)) - first[place] < plan.answers_a_day)
    parent, at = parent[within], at[within]
    caring = np.isin(rows.intent[parent], WORRIES)
    intent = np.where(caring, CODE["creator_back"], CODE["creator"])
    return Comments(np.full(len(parent), CREATOR), rows.post[parent], parent, at, intent)


def _later(after: Ints, rng: np.random.Generator, median_minutes: float | npt.NDArray[np.float64]) -> Ints:
    """Moments after `after` with a long-tailed delay, moved out of the night."""
    delay = rng.lognormal(np.log(np.broadcast_to(median_minutes, after.shape) * 60), 1.2)
    return _awake(after + 20 + np.minimum(delay, 60 * DAY).astype(np.int64), rng)


def _awake(at: Ints, rng: np.random.Generator) -> Ints:
    """Nine in ten moments between midnight and six are put off to the morning."""
    hour = at % DAY / 3600
    morning = at // DAY * DAY + (6 * 3600 + rng.exponential(4_500, len(at))).astype(np.int64)
    return np.where((hour < 6) & (rng.random(len(at)) < 0.9), np.maximum(morning, at), at)


def _in_order(rows: Comments, end: int) -> Comments:
    """Oldest first, what lies beyond the end cut off (answers to it lie later still), parents renumbered."""
    order = np.argsort(rows.at, kind="stable")
    order = order[rows.at[order] < end]
    place = np.full(len(rows) + 1, ROOT)
    place[order] = np.arange(len(order))
    kept = rows.take(order)
    return Comments(kept.author, kept.post, place[kept.parent], kept.at, kept.intent)
