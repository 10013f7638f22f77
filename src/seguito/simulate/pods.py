"""A pod: people who agreed to write under each other's posts, early and with little to say; and the spaces of theirs.

Pods also bring ordinary comments along, because members answer below them as below any other.
"""

from __future__ import annotations

import numpy as np

from seguito.simulate.cadence import Posts, end_of, regular
from seguito.simulate.comments import CODE, CREATOR, Comments, Habit, attend, in_order, later, nothing, together
from seguito.simulate.people import FAN, POD, STRANGER, STRANGERS, Members
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Pod
from seguito.simulate.scramble import Ints, stream
from seguito.simulate.subjects import Bools

FULL = ("question", "thanks", "opinion", "story")
# A creator who is a friend: comes by of their own accord, and is visited in turn by the same people now and then.
FRIENDLY, VISITED = 0.3, 0.3
SHARED = 0.08
A_WEEK = 1.6


def pod_openings(plan: Plan, posts: Posts, members: Members) -> Comments:
    """What the pod writes under the creator's posts, and what a friendly creator does."""
    pod = plan.pod
    if pod is None:
        return nothing()
    rng = stream(plan.seed, "pod")
    wanted = posts.paid if pod.where == "sponsored" else np.ones(len(posts), bool)
    parts = [attend(members.of(POD), posts, _habit(pod, members.of(POD), rng, wanted), rng)]
    if pod.spaces:
        friend = friend_of(members)
        habit = Habit(np.full(1, FRIENDLY), 200, 1.2, FULL, (0.2, 0.3, 0.3, 0.2))
        parts.append(attend(friend, posts, habit, rng))
    return together(parts)


def _habit(pod: Pod, people: Ints, rng: np.random.Generator, wanted: Bools) -> Habit:
    """Each keeps to the agreement about as well as the others; paraphrased words are never the same twice."""
    each = (pod.participation + rng.uniform(-0.05, 0.05, (len(people), 1))).clip(0, 1) * wanted
    empty = "praise" if pod.paraphrased else "low"
    rest = (1 - pod.generic) / len(FULL)
    return Habit(each, pod.minutes, 0.7, (empty, *FULL), (pod.generic, *(rest for _ in FULL)), awake=False, looks=False)


def friend_of(members: Members) -> Ints:
    """The one creator who is a friend and of no pod: the first stranger."""
    return members.of(STRANGER)[:1]


def owners(plan: Plan, members: Members) -> Ints:
    """Who else has a space: some of the pod, and a friend."""
    if plan.pod is None or plan.pod.spaces == 0:
        return np.zeros(0, dtype=np.int64)
    return np.concatenate([members.of(POD)[: plan.pod.spaces], friend_of(members)])


def other_space(plan: Plan, members: Members, number: int) -> tuple[Posts, Comments]:
    """The posts and comments in the space of one of `owners`; its comments have the creator among their authors."""
    pod = plan.pod
    assert pod is not None  # noqa: S101
    owner = int(owners(plan, members)[number])
    rng = stream(plan.seed, f"space/{number}")
    posts = regular(plan, max(30, round(plan.days / 7 * A_WEEK)), rng)
    is_friend = number == pod.spaces
    parts = [_crowd(posts, members, owner, number, rng)]
    if is_friend:
        mine = Habit(np.full(1, VISITED), 240, 1.2, FULL, (0.2, 0.3, 0.3, 0.2))
    else:
        pod_mates = members.of(POD)
        pod_mates = pod_mates[pod_mates != owner]
        everywhere = np.ones(len(posts), bool)
        parts.append(attend(pod_mates, posts, _habit(pod, pod_mates, rng, everywhere), rng))
        mine = _habit(pod, np.array([CREATOR]), rng, everywhere)
    parts.append(attend(np.array([CREATOR]), posts, mine, rng))
    rows = together(parts)
    answered = np.flatnonzero(rng.random(len(rows)) < 0.25)
    at = later(rows.at[answered], rng, 240.0)
    intent = np.full(len(answered), CODE["creator"])
    answers = Comments(np.full(len(answered), owner), rows.post[answered], answered, at, intent)
    return posts, in_order(together([rows, answers]), end_of(plan))


def _crowd(posts: Posts, members: Members, owner: int, number: int, rng: np.random.Generator) -> Comments:
    """The space's own people, and some of the creator's fans who know both."""
    strangers = members.of(STRANGER)[1:][number * (STRANGERS - 1) : (number + 1) * (STRANGERS - 1)]
    fans = members.of(FAN)
    shared = fans[rng.random(len(fans)) < SHARED]
    people = np.concatenate([strangers, shared])
    people = people[people != owner]
    chance = np.minimum(0.05 * (1 + rng.pareto(1.8, len(people))), 0.7)
    return attend(people, posts, Habit(chance, 120, 1.2, ("low", *FULL), (0.25, 0.2, 0.25, 0.15, 0.15)), rng)
