"""What a reader gets to see of a world: comments removed or not shown, days not counted, clocks that are wrong.

The creator removes whole exchanges and the platform then no longer counts them; what a reader was not shown is still
counted by the platform. A comment is shown together with the one it stands under.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from seguito.simulate.cadence import end_of
from seguito.simulate.comments import CODE, ROOT, Comments
from seguito.simulate.community import Community
from seguito.simulate.plan import Plan
from seguito.simulate.scramble import Ints, stream
from seguito.simulate.subjects import Bools

DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened to each comment of a world on its way to a reader.

    Attributes:
        removed: by the creator, with everything below.
        cut: not shown to the reader.
    """

    removed: Bools
    cut: Bools

    @property
    def kept(self) -> Ints:
        """The numbers of comments that are shown."""
        return np.flatnonzero(~self.removed & ~self.cut)


def seen(community: Community) -> Seen:
    """What a reader sees of each comment."""
    plan, comments = community.plan, community.comments
    tops = top_of(comments.parent)
    removed = _removed(plan, comments)
    return Seen(removed, _cut(plan, comments, tops, removed) & ~removed)


def _removed(plan: Plan, comments: Comments) -> Bools:
    if not plan.observation.hate_removed:
        return np.zeros(len(comments), dtype=bool)
    chance = np.where(comments.intent == CODE["hate"], plan.observation.hate_removed, 0.0)
    removed = stream(plan.seed, "removed").random(len(comments)) < chance
    for _ in range(DEEPEST):
        removed = removed | (removed[comments.parent] & (comments.parent != ROOT))
    return removed


def _cut(plan: Plan, comments: Comments, tops: Ints, removed: Bools) -> Bools:
    """Whole exchanges, the first of each post until its share of comments is reached."""
    share = plan.observation.comments
    if share >= 1 or len(comments) == 0:
        return np.zeros(len(comments), dtype=bool)
    size = np.bincount(tops[~removed], minlength=len(comments))
    heads = np.flatnonzero(size)
    first = -comments.at[heads] if plan.observation.shown == "newest" else -size[heads]
    order = heads[np.lexsort((-heads, first, comments.post[heads]))]
    post = comments.post[order]
    so_far = np.cumsum(size[order])
    begin = np.flatnonzero(np.concatenate([[True], post[1:] != post[:-1]]))
    before = np.repeat(so_far[begin] - size[order[begin]], np.diff(np.append(begin, len(order))))
    total = np.bincount(comments.post[~removed], minlength=int(comments.post.max()) + 1)
    shown = so_far - before <= np.ceil(share * total[post])
    is_shown = np.zeros(len(comments), dtype=bool)
    is_shown[order[shown]] = True
    found: Bools = ~is_shown[tops]
    return found


def top_of(parent: Ints) -> Ints:
    """The number of the comment right under the post that each comment stands below."""
    tops = np.arange(len(parent))
    for _ in range(DEEPEST):
        above = parent[tops]
        tops = np.where(above == ROOT, tops, above)
    return tops


def observed(community: Community) -> Community:
    """The world as a reader sees it; the same where nothing is withheld."""
    plan = community.plan
    if plan.observation == type(plan.observation)():
        return community
    told = seen(community)
    comments, kept = community.comments, told.kept
    place = np.full(len(comments) + 1, ROOT)
    place[kept] = np.arange(len(kept))
    at = np.minimum(comments.at + plan.observation.zone_hours * 3600, end_of(plan) - 1)
    rows = Comments(comments.author, comments.post, place[comments.parent], at, comments.intent).take(kept)
    there = ~told.removed
    posts = replace(community.posts, disclosed=community.posts.disclosed | edited(community))
    declared = np.bincount(comments.post[there], minlength=len(community.posts))
    direct = np.bincount(comments.post[there & (comments.parent == ROOT)], minlength=len(community.posts))
    return replace(community, posts=posts, comments=rows, declared=declared, declared_direct=direct)


def edited(community: Community) -> Bools:
    """Paid posts that did not say so at first and whose text was changed later to do so."""
    posts, share = community.posts, community.plan.observation.edited
    late = posts.paid & ~posts.disclosed
    found: Bools = late & (stream(community.plan.seed, "edited").random(len(posts)) < share)
    return found


def days_counted(plan: Plan, n: int) -> Bools:
    """On which of `n` days followers were counted; on the first and the last always."""
    counted = stream(plan.seed, "days counted").random(n) < plan.observation.days
    counted[[0, -1]] = True
    return counted


def noisy(community: Community) -> Bools:
    """What an imagined labeller of hate with the planted sensitivity and specificity would say of every comment."""
    rng, told = stream(community.plan.seed, "labeller"), community.plan.observation
    is_hate = community.comments.intent == CODE["hate"]
    found: Bools = rng.random(len(is_hate)) < np.where(is_hate, told.sensitivity, 1 - told.specificity)
    return found
