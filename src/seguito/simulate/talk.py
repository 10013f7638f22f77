"""What is written under the posts: openings, replies among members, the creator's answers, worry in a silence.

Everything is drawn in whole columns, one round of the talk after the other; a reply never precedes what it answers.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seguito.simulate.answers import answer
from seguito.simulate.cadence import Posts, end_of, quiet_times
from seguito.simulate.comments import (
    CASUAL_OPENS,
    CODE,
    FAN_OPENS,
    OPENINGS,
    ROOT,
    WORRIES,
    Comments,
    Talk,
    awake,
    in_order,
    later,
    together,
)
from seguito.simulate.launches import buyers
from seguito.simulate.loyal import loyal_openings, loyal_replies
from seguito.simulate.people import CASUAL, FAN, Members
from seguito.simulate.plan import Plan
from seguito.simulate.pods import pod_openings
from seguito.simulate.scramble import Ints, stream
from seguito.simulate.storms import hate, support
from seguito.simulate.subjects import Bools

# How often to draw an author who is around; in a long history few of all fans are there at one moment.
ROUNDS = 60
# How often somebody writes once more under the same post: real accounts' gaps are minutes or weeks.
AFTERTHOUGHT = 0.08
# Fans and casuals write at least so much of what they would, however many comments a scenario's people write.
LEAST = 0.35


def converse(plan: Plan, posts: Posts, members: Members) -> Comments:
    """All comments of one world, oldest first."""
    rng = stream(plan.seed, "talk")
    pool = _Pool(members, plan)
    others = _others(plan, posts, members)
    talk = Talk(_open(plan, posts, pool, rng, len(others)))
    talk.add(_worry(plan, posts, pool, rng))
    talk.add(others)
    talk.add(_afterthoughts(talk.rows, pool, rng))
    opened = np.arange(len(talk.rows))
    replies = talk.add(_reply(plan, talk.rows, opened, pool, rng))
    back = talk.add(_turn(talk.rows, replies, plan.reply_back, "reply_back", pool, rng))
    talk.add(_turn(talk.rows, back, plan.reply_back * 0.7, "reply_back", pool, rng))
    talk.add(loyal_replies(plan, talk.rows, members))
    talk.add(hate(plan, posts, talk.rows, members))
    talk.add(support(plan, posts, talk.rows, members))
    answers = talk.add(answer(plan, posts, talk.rows, rng))
    talk.add(_turn(talk.rows, answers, 0.15, "reply_creator", pool, rng))
    return in_order(talk.rows, end_of(plan))


def _others(plan: Plan, posts: Posts, members: Members) -> Comments:
    """What people of a scenario write right under posts."""
    made = [one(plan, posts, members) for one in (loyal_openings, pod_openings, buyers)]
    rows = together(made)
    return rows.take(np.flatnonzero(rows.at < end_of(plan)))


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


def _open(plan: Plan, posts: Posts, pool: _Pool, rng: np.random.Generator, taken: int) -> Comments:
    """What fans and casuals write right under posts; `taken` of the comments planned are others'."""
    members = 1 + plan.member_replies * (0.92 + plan.reply_back * 0.9 * (1 + plan.reply_back * 0.6))
    members *= 1 + AFTERTHOUGHT
    n = round(plan.comments / (members + 0.6))
    n = max(n - taken, round(LEAST * n)) if taken else n
    post = rng.choice(len(posts), size=n, p=posts.appeal / posts.appeal.sum())
    is_fan = rng.random(n) < plan.fan_share
    at = later(posts.at[post], rng, np.where(is_fan, 80.0, 300.0))
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
        share = plan.worried_share * (0.1 if silence.announced else 1.0)
        writers = around[rng.random(len(around)) < share] if length > 0 else around[:0]
        writers = np.repeat(writers, rng.choice([1, 2], size=len(writers), p=[0.75, 0.25]))
        # The pull grows with the days beyond the usual gap, so the moments lie at the square root of a share.
        at = begun + (usual + length * np.sqrt(rng.random(len(writers)))).astype(np.int64)
        alike = rng.random(len(writers)) < plan.worried_alike
        intent = np.where(alike, CODE["worry_same"], CODE["worry"])
        post = np.full(len(writers), int(np.searchsorted(posts.at, begun)))
        made = Comments(writers, post, np.full(len(writers), ROOT), awake(at, rng), intent)
        rounds.append(made.take(np.flatnonzero((made.at < ended) & pool.members.active(writers, made.at))))
    return together(rounds)


def _afterthoughts(rows: Comments, pool: _Pool, rng: np.random.Generator) -> Comments:
    """Some write once more under the same post a little later."""
    again = np.flatnonzero((rng.random(len(rows)) < AFTERTHOUGHT) & (pool.members.group[rows.author] <= CASUAL))
    again = again[~np.isin(rows.intent[again], WORRIES)]
    at = rows.at[again] + 30 + rng.lognormal(np.log(240), 1.3, len(again)).astype(np.int64)
    intent = np.array([CODE["opinion"], CODE["story"], CODE["question"], CODE["low"]])[rng.integers(0, 4, len(again))]
    made = Comments(rows.author[again], rows.post[again], rows.parent[again], at, intent)
    return made.take(np.flatnonzero(pool.members.active(made.author, made.at)))


def _reply(plan: Plan, rows: Comments, under: Ints, pool: _Pool, rng: np.random.Generator) -> Comments:
    parent = np.repeat(under, rng.poisson(plan.member_replies, len(under)))
    n = len(parent)
    asked = rows.author[parent]
    own = pool.members.circle[asked]
    circle = np.where(rng.random(n) < plan.mixing, rng.integers(0, plan.circles, n), own)
    at = later(rows.at[parent], rng, 100.0)
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
    at = later(rows.at[parent], rng, 45.0)
    made = Comments(author, rows.post[parent], parent, at, np.full(len(parent), CODE[intent]))
    return made.take(np.flatnonzero(pool.members.active(author, at)))
