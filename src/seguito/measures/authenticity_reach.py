"""Authenticity: what does a post bring for each view, and for each member who takes part?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import numpy as np

from seguito.kit.intervals import cluster_ratio, seed_of
from seguito.measures import engagement_posts as each
from seguito.measures.contract import Measure
from seguito.measures.engagement_posts import Choice, Counted, Counts, Rates
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity
from seguito.measures.space import DAY, Space

VIEWS_NAME = "authenticity.engagement_by_views"
ACTIVE_NAME = "authenticity.engagement_per_active_member"
BY_VIEWS = Choice(required=("likes", "views"))
PER_MEMBER = Choice()
# Who commented within so many days before a post is taken for there when it came.
ACTIVE_DAYS = 28
ACTIVE_STEPS = (14, 56)


def engagement_by_views(space: Space) -> Draft:
    """Likes, comments and reposts of a post, for every hundred views of it.

    Question: How many reactions does a post bring for every hundred times it was seen?
    Definition: mean over the creator's posts of 100 times likes + comments (+ reposts where nine posts in ten show
        them) over the post's own views: the mean of rates, so that every post counts the same. Pinned posts, posts
        younger than three days at the window's end, posts that lack one of these counters and posts with 0 views are
        left out. Parts: the typical post (back from the mean of logs, with half a reaction added to each post so that
        one without any has a logarithm), and all reactions over all views, where posts seen by many weigh most.
        Sensitivities: posts from one and from seven days on, with pinned posts, likes alone, and without the post of
        the highest rate.
    Interval: studentized bootstrap over posts for the mean, a t interval on logs for the typical post, a bootstrap
        over posts for all together. Views are not coin flips: one post's views rise and fall together.
    Reference: Efron & Tibshirani 1993, chapter 12.5; Anscombe 1948 for the half that is added.
    Needs: creator, like_counts, view_counts, times.
    Minimum: 12 posts.
    Not: platforms count a view after anything from no time at all to half a minute, so rates of two platforms are not
        alike; a post that is shown to strangers has many views and a low rate, which is no fault of its community.
    """
    rows = each.rows_of(space)
    found = _seen(each.counted(rows, space.end_s, BY_VIEWS))
    n = len(found)
    if not n:
        lacking = Reason("no_view_counts", {"posts": found.everything})
        return Draft(value=None, n=0, barred=lacking if found.everything else None)
    views, rates = found.counters["views"], _by_views(found)
    value, interval = each.mean_of(rates, VIEWS_NAME)
    logs = np.log((found.reactions + each.HALF) / views)
    together = cluster_ratio(found.reactions, views, np.ones(n, dtype=np.int64), seed=seed_of(VIEWS_NAME))
    of_all = (100 * float(found.reactions.sum()) / float(views.sum()), each.scaled(together, 100))
    evidence = each.strongest(space, found, rates)
    return Draft(
        value=value,
        n=n,
        interval=interval,
        parts=(
            each.part("typical_post", each.typical_ratio(logs, 100), n, "per_100"),
            each.part("all_together", of_all, n, "per_100"),
        ),
        series=each.over_time(found, rates, "per_100_views"),
        evidence_for=evidence[0],
        evidence_against=evidence[1],
        unseen=each.unseen(n),
        sensitivity=tuple(each.steps(space, rows, BY_VIEWS, lambda posts: _by_views(_seen(posts)))),
        notes=found.notes,
    )


def _seen(found: Counted) -> Counted:
    seen = found.counters["views"] > 0
    unseen = int((~seen).sum())
    return found.where(seen, *((Reason("left_out_unviewed", {"posts": unseen}),) if unseen else ()))


def _by_views(found: Counted) -> Rates:
    rates: Rates = 100 * found.reactions / found.counters["views"]
    return rates


def engagement_per_active_member(space: Space) -> Draft:
    """Likes, comments and reposts of a post, for each member who was taking part when it came.

    Question: How many reactions does a post bring for each member who takes part?
    Definition: mean over the creator's posts of likes + comments (+ reposts where nine posts in ten show them) over
        the members who commented in the space on any of the 28 days (UTC) before the day of the post. The post's own
        comments are not among them, so that a lively thread does not raise its own divisor. Left out: pinned posts,
        posts younger than three days at the window's end, posts that lack one of these counters, posts of the
        window's first 28 days (nobody knows who was active before), and posts before which nobody commented. Parts:
        the typical post (back from the mean of logs, half a reaction added to each), and how many members were active
        before a post. Sensitivities: members active within 14 and within 56 days, posts from one and from seven days
        on, with pinned posts, likes alone, and without the post of the highest rate.
    Interval: studentized bootstrap over posts for the means, a t interval on logs for the typical post.
    Reference: Efron & Tibshirani 1993, chapter 12.5; Anscombe 1948 for the half that is added.
    Needs: authors, creator, like_counts, times.
    Minimum: 12 posts.
    Not: a high figure has two readings, many who look on in silence or reactions that no community stands behind; it
        tells neither apart. Members whose comments were not collected are not counted, which raises it.
    """
    rows = each.rows_of(space)
    counted = each.counted(rows, space.end_s, PER_MEMBER)
    if not len(counted):
        lacking = Reason("no_counters", {"posts": counted.everything})
        return Draft(value=None, n=0, barred=lacking if counted.everything else None)
    activity = _activity(space)
    found = activity.before(counted, ACTIVE_DAYS)
    n = len(found)
    if not n:
        return Draft(value=None, n=0)
    active = activity.members(found.created_s, ACTIVE_DAYS)
    rates = found.reactions / active
    value, interval = each.mean_of(rates, ACTIVE_NAME)
    evidence = each.strongest(space, found, rates)
    return Draft(
        value=value,
        n=n,
        interval=interval,
        parts=(
            each.part("typical_post", each.typical_ratio(np.log((found.reactions + each.HALF) / active)), n, "ratio"),
            Part(key="active_members", value=float(active.mean()), n=n, unit="count"),
        ),
        series=each.over_time(found, rates, "per_member"),
        evidence_for=evidence[0],
        evidence_against=evidence[1],
        unseen=each.unseen(n),
        sensitivity=(
            *(_with_days(activity, counted, days) for days in ACTIVE_STEPS),
            *each.steps(space, rows, PER_MEMBER, activity.rates_within(ACTIVE_DAYS)),
        ),
        notes=found.notes,
    )


def _with_days(activity: _Activity, counted: Counted, days: int) -> Sensitivity:
    rates = activity.rates_within(days)(counted)
    return Sensitivity(change=f"active_{days}_days", value=float(rates.mean()) if len(rates) else None)


@dataclass(frozen=True, slots=True)
class _Activity:
    """On which day members commented and when next, counted: enough to tell who was active before any day.

    Of a member's days only the stretch up to the next one matters, so that nobody is counted twice on one day.
    """

    day: Counts
    next_day: Counts
    times: Counts
    start_day: int

    def members(self, created_s: Counts, days: int) -> Counts:
        """How many members commented on any of the `days` days before the day of each post."""
        at, last = created_s // DAY, np.minimum(self.day + days, self.next_day)
        return _fewer(self.day, self.times, at) - _fewer(last, self.times, at)

    def before(self, found: Counted, days: int) -> Counted:
        """The posts that have `days` whole days before them and somebody active in those."""
        late = found.created_s // DAY - days >= self.start_day
        early = int((~late).sum())
        active = self.members(found.created_s, days) > 0
        alone = int((late & ~active).sum())
        notes = []
        if early:
            notes.append(Reason("left_out_early", {"posts": early, "days": days}))
        if alone:
            notes.append(Reason("left_out_alone", {"posts": alone, "days": days}))
        return found.where(late & active, *notes)

    def rates_within(self, days: int) -> Callable[[Counted], Rates]:
        """What each of some posts brings for each member active within so many days before it."""

        def rates(counted: Counted) -> Rates:
            found = self.before(counted, days)
            per_member: Rates = found.reactions / self.members(found.created_s, days)
            return per_member

        return rates


def _fewer(days: Counts, times: Counts, at: Counts) -> Counts:
    """How often `days` lie before each day of `at`."""
    order = np.argsort(days, kind="stable")
    upto = np.concatenate([[0], np.cumsum(times[order])])
    found: Counts = upto[np.searchsorted(days[order], at, side="left")]
    return found


def _activity(space: Space) -> _Activity:
    dated = space.signed.filter(space.signed.created_s.notnull())
    of_day = dated.select("account_uri", day=dated.created_s // DAY).distinct()
    in_turn = ibis.window(group_by="account_uri", order_by="day")
    spans = of_day.mutate(next_day=of_day.day.lead(1).over(in_turn))
    counted = spans.group_by("day", "next_day").aggregate(times=spans.count())
    rows = space.fetch(counted.order_by(["day", "next_day"])).to_pylist()
    never = np.iinfo(np.int64).max
    return _Activity(
        day=np.array([row["day"] for row in rows], dtype=np.int64),
        next_day=np.array([never if row["next_day"] is None else row["next_day"] for row in rows], dtype=np.int64),
        times=np.array([row["times"] for row in rows], dtype=np.int64),
        start_day=space.start_s // DAY,
    )


ENGAGEMENT_BY_VIEWS = Measure(
    name=VIEWS_NAME,
    unit="per_100",
    n_unit="posts",
    min_n=12,
    needs=frozenset({"creator", "like_counts", "view_counts", "times"}),
    covers=("posts",),
    compute=engagement_by_views,
)

ENGAGEMENT_PER_ACTIVE_MEMBER = Measure(
    name=ACTIVE_NAME,
    unit="ratio",
    n_unit="posts",
    min_n=12,
    needs=frozenset({"authors", "creator", "like_counts", "times"}),
    covers=("posts", "comments"),
    compute=engagement_per_active_member,
)
