"""Loyal people who look like a pod: superfans, people told of every post, family, moderators, topic and zone groups.

They are the controls: a measure that takes them for bought or arranged comments punishes real loyalty.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seguito.simulate.cadence import DAY, Posts
from seguito.simulate.comments import CODE, FAN_OPENS, OPENINGS, ROOT, Comments, Habit, attend, later, together
from seguito.simulate.people import FAMILY, MODERATOR, NOTIFIED, SUPERFAN, TOPIC, ZONE, Members
from seguito.simulate.plan import Plan
from seguito.simulate.scramble import Ints, stream

OWN_WORDS = (0.27, 0.2, 0.18, 0.15, 0.2)
HEARTS = (0.2, 0.05, 0.05, 0.0, 0.7)
# One subject in so many is that of the topic group; superfans answer each other, moderators anybody, so often.
TOPICS, AMONG_SUPERFANS, MODERATED = 6, 0.25, 0.06


def loyal_openings(plan: Plan, posts: Posts, members: Members) -> Comments:
    """What the loyal write right under posts."""
    rng = stream(plan.seed, "loyal")
    people = {group: members.of(group) for group in (SUPERFAN, NOTIFIED, FAMILY, TOPIC)}
    n = {group: len(some) for group, some in people.items()}
    habits = {
        SUPERFAN: Habit(rng.uniform(0.35, 0.9, n[SUPERFAN]), 80, 1.2, OPENINGS, FAN_OPENS),
        NOTIFIED: Habit(rng.uniform(0.3, 0.7, n[NOTIFIED]), float(rng.uniform(3, 12)), 0.8, OPENINGS, OWN_WORDS),
        FAMILY: Habit(rng.uniform(0.6, 0.95, n[FAMILY]), 45, 1.0, OPENINGS, HEARTS),
        TOPIC: Habit(_on_topic(plan, posts, n[TOPIC], rng), 90, 1.1, OPENINGS, OWN_WORDS),
    }
    parts = [attend(people[group], posts, habit, rng) for group, habit in habits.items() if n[group]]
    parts.append(_elsewhere(posts, members.of(ZONE), rng))
    return together(parts)


def topic_of(plan: Plan) -> int:
    """The subject of the topic group."""
    return int(stream(plan.seed, "topic").integers(0, TOPICS))


def _on_topic(plan: Plan, posts: Posts, n: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    mine = posts.subject % TOPICS == topic_of(plan)
    chance: npt.NDArray[np.float64] = rng.uniform(0.45, 0.85, (n, 1)) * mine
    return chance


def _elsewhere(posts: Posts, people: Ints, rng: np.random.Generator) -> Comments:
    """People of another time zone write the next day, all of them in the same few hours."""
    hour = rng.uniform(1, 4)
    chance = rng.uniform(0.15, 0.5, len(people))
    rows = attend(people, posts, Habit(chance, 60, 1.0, OPENINGS, FAN_OPENS, awake=False), rng)
    at = (posts.at[rows.post] // DAY + 1) * DAY + (rng.normal(hour, 0.9, len(rows)).clip(0.1, 7) * 3600).astype(
        np.int64
    )
    return Comments(rows.author, rows.post, rows.parent, at, rows.intent)


def loyal_replies(plan: Plan, rows: Comments, members: Members) -> Comments:
    """What superfans and moderators answer under what others wrote."""
    rng = stream(plan.seed, "loyal replies")
    open_rows = np.flatnonzero(rows.parent == ROOT)
    superfans = open_rows[members.group[rows.author[open_rows]] == SUPERFAN]
    parts = [
        _answered(rows, superfans, members.of(SUPERFAN), AMONG_SUPERFANS, 60.0, rng),
        _answered(rows, open_rows, members.of(MODERATOR), MODERATED, 20.0, rng),
    ]
    return together(parts)


def _answered(
    rows: Comments, under: Ints, people: Ints, chance: float, minutes: float, rng: np.random.Generator
) -> Comments:
    parent = under[rng.random(len(under)) < (chance if len(people) else 0.0)]
    author = people[rng.integers(0, len(people), len(parent))] if len(people) else parent
    at = later(rows.at[parent], rng, minutes)
    made = Comments(author, rows.post[parent], parent, at, np.full(len(parent), CODE["reply"]))
    return made.take(np.flatnonzero(author != rows.author[parent]))
