"""Community: who comments, who comes back, and how much rests on a few."""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import percentile, resampled_sums, seed_of, wilson
from seguito.measures import survival
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space

NEWEST = [ibis.desc("created_s"), "uri"]
MONTH_S = 30 * DAY
YEAR_MONTHS = 12
REGULAR_OVER = 6
RETURN_DAYS = 28
COHORT_S = RETURN_DAYS * DAY
COHORTS, COHORT_SIZE = 5, 50
Whole = npt.NDArray[np.int64]


def commenter_kinds(space: Space) -> Draft:
    """Share of the past year's commenters who are regulars.

    Question: Do the people who comment belong, or do they pass by?
    Definition: over known members who commented in the last 12 months (of 30 days) of the window: regular, who
        commented in more than 6 of them; new, who did so in the newest month only; casual, the others. Parts give
        all three, and what share of the comments each wrote.
    Interval: Wilson, a member being the unit.
    Reference: YouTube's segments of viewers (regular, casual, new), applied to commenters; Wilson 1927.
    Needs: authors, creator, times.
    Minimum: 100 commenters, and a window of 7 months, below which nobody can be a regular.
    Not: watching, liking and reading are not seen; with a window shorter than a year, old acquaintances look new.
    """
    rows = space.signed
    months = space.window.days / 30
    dated = rows.mutate(month=(space.end_s - 1 - rows.created_s) // MONTH_S)
    recent = dated.filter((dated.month >= 0) & (dated.month < YEAR_MONTHS))
    by_month = recent.group_by("account_uri", "month").aggregate(comments=recent.count())
    people = by_month.group_by("account_uri").aggregate(
        months=by_month.count(), latest=by_month.month.max(), comments=by_month.comments.sum()
    )
    kind = ibis.cases(
        (people.months > REGULAR_OVER, "regular"), ((people.months == 1) & (people.latest == 0), "new"), else_="casual"
    )
    people = people.mutate(kind=kind)
    counted = people.group_by("kind").aggregate(people=people.count(), comments=people.comments.sum())
    found = {row["kind"]: (int(row["people"]), int(row["comments"])) for row in space.fetch(counted).to_pylist()}
    n, comments = (sum(pair[at] for pair in found.values()) for at in (0, 1))
    if n and months < REGULAR_OVER + 1:
        return Draft(value=None, n=n, barred=Reason("window_short", {"days": space.window.days, "needed": 210}))
    short = Reason("window_short", {"days": space.window.days, "needed": 360})
    regulars = found.get("regular", (0, 0))[0]
    who = people.select(who="account_uri", kind="kind")
    said = rows.inner_join(who, rows.account_uri == who.who)
    return Draft(
        value=regulars / n if n else None,
        n=n,
        interval=wilson(regulars, n),
        parts=tuple(part for key in ("new", "casual", "regular") for part in _kind(key, found, n, comments)),
        series=Series(
            kind="bars",
            columns=("kind", "members", "comments"),
            rows=tuple((key, *found.get(key, (0, 0))) for key in ("new", "casual", "regular")),
        ),
        evidence_for=space.uris(said.filter(said.kind == "regular").order_by(NEWEST)),
        evidence_against=space.uris(said.filter(said.kind == "new").order_by(NEWEST)),
        reasons=(short,) if months < YEAR_MONTHS else (),
    )


def _kind(key: str, found: dict[str, tuple[int, int]], n: int, comments: int) -> tuple[Part, ...]:
    people, wrote = found.get(key, (0, 0))
    return (
        Part(key=key, value=people / n if n else None, interval=wilson(people, n), n=n, unit="share"),
        Part(key=f"comments_by_{key}", value=wrote / comments if comments else None, n=comments, unit="share"),
    )


COMMENTER_KINDS = Measure(
    name="community.commenter_kinds",
    unit="share",
    n_unit="members",
    min_n=100,
    needs=frozenset({"authors", "creator", "times"}),
    covers=("comments",),
    compute=commenter_kinds,
)


def return_28d(space: Space) -> Draft:
    """Share of new commenters who comment again within 28 days.

    Question: Do people who write for the first time come back?
    Definition: one minus the Kaplan-Meier estimate of not having commented again 28 days after the first comment, a
        return being a comment at least one whole day after it; over known members whose first comment came from the
        29th day of the window on (before, everybody is new). A member is watched for the whole days that the window
        leaves. The series gives the same for cohorts of 28 days.
    Interval: bootstrap over members of the Kaplan-Meier estimate.
    Reference: Kaplan & Meier 1958.
    Needs: authors, creator, times.
    Minimum: 250 members; five cohorts of 50 for a figure without reserve.
    Not: somebody who wrote before the window opened looks new; reading on without writing is not seen.
    """
    members = space.members.filter(space.members.first_s.notnull())
    cohort = (members.first_s - space.start_s) // COHORT_S
    members = members.mutate(cohort=cohort, day=(members.return_s - members.first_s) // DAY)
    fresh = members.filter(members.cohort >= 1)
    waits = survival.watched(
        space, fresh, fresh.day, (space.end_s - fresh.first_s) // DAY, longest=RETURN_DAYS, seed="community.return_28d"
    )
    rows = _cohorts(space, fresh)
    large = sum(1 for row in rows if row[2] >= COHORT_SIZE)
    few = Reason("few_cohorts", {"cohorts": large, "needed": COHORTS, "members": COHORT_SIZE})
    first = space.signed.inner_join(
        fresh.select(who="account_uri", began_s="first_s", return_s="return_s"),
        space.signed.account_uri == fresh.account_uri,
    )
    first = first.mutate(again_days=(first.return_s - first.began_s) // DAY)
    back = first.filter((first.created_s == first.return_s) & (first.again_days <= RETURN_DAYS))
    gone = first.filter(
        first.return_s.isnull() & (first.created_s == first.began_s) & (first.began_s + COHORT_S <= space.end_s)
    )
    return Draft(
        value=waits.reached(RETURN_DAYS),
        n=waits.n,
        interval=waits.interval(RETURN_DAYS),
        parts=(Part(key="within_7d", value=waits.reached(7), interval=waits.interval(7), n=waits.n, unit="share"),),
        series=Series(kind="line", columns=("cohort_day", "share", "members"), rows=rows) if rows else None,
        evidence_for=space.uris(back.order_by(NEWEST)),
        evidence_against=space.uris(gone.order_by(NEWEST)),
        reasons=(few,) if large < COHORTS else (),
    )


def _cohorts(space: Space, fresh: Any) -> tuple[tuple[int, float | None, int], ...]:
    """For each cohort: the day it begins, the share back in time where all were watched so long, and its size."""
    is_back = (fresh.day <= RETURN_DAYS).fill_null(False)
    is_watched = fresh.first_s + COHORT_S <= space.end_s
    counted = fresh.group_by("cohort").aggregate(
        members=fresh.count(), watched=is_watched.sum(), back=(is_watched & is_back).sum()
    )
    found = space.fetch(counted.order_by("cohort")).to_pylist()
    return tuple(
        (
            int(row["cohort"]) * RETURN_DAYS,
            int(row["back"]) / int(row["members"]) if row["watched"] == row["members"] else None,
            int(row["members"]),
        )
        for row in found
    )


RETURN_28D = Measure(
    name="community.return_28d",
    unit="share",
    n_unit="members",
    min_n=250,
    needs=frozenset({"authors", "creator", "times"}),
    covers=("comments",),
    compute=return_28d,
)


def concentration(space: Space) -> Draft:
    """Share of the comments that the most active tenth of commenters wrote.

    Question: Is it a community that speaks, or a handful of people?
    Definition: comments by the most active tenth of known members (rounded up to whole members), over all visible
        comments by known members. Parts give Gini's coefficient of comments per member and the share of members who
        wrote only once.
    Interval: percentile bootstrap over members.
    Reference: Gini 1912; Lorenz 1905.
    Needs: authors, creator.
    Minimum: 100 commenters.
    Not: in every community few write most; only beside the same figure of others does it tell much.
    """
    members = space.members
    by_n = members.group_by("n").aggregate(members=members.count())
    table = space.fetch(by_n.order_by(ibis.desc("n")))
    wrote, people = (table[name].to_numpy().astype(np.int64) for name in ("n", "members"))
    total = int(people.sum())
    if not total:
        return Draft(value=None, n=0)
    drawn = resampled_sums(np.eye(len(people)), people, seed=seed_of("community.concentration"))
    point = _unequal(wrote, people[None, :].astype(np.float64))
    many = _unequal(wrote, drawn)
    once = int(people[wrote == 1].sum())
    most = members.order_by([ibis.desc("n"), "account_uri"]).limit(5).select(who="account_uri", wrote="n")
    single = members.filter(members.n == 1).select(who="account_uri")
    top = space.signed.inner_join(most, space.signed.account_uri == most.who)
    rare = space.signed.inner_join(single, space.signed.account_uri == single.who)
    return Draft(
        value=float(point[0][0]),
        n=total,
        interval=percentile(many[0], "bootstrap over members"),
        parts=(
            Part(
                key="gini",
                value=float(point[1][0]),
                interval=percentile(many[1], "bootstrap over members"),
                n=total,
                unit="ratio",
            ),
            Part(key="wrote_once", value=once / total, interval=wilson(once, total), n=total, unit="share"),
        ),
        series=_lorenz(wrote, people),
        evidence_for=space.uris(top.order_by([ibis.desc("wrote"), *NEWEST])),
        evidence_against=space.uris(rare.order_by(NEWEST)),
    )


def _unequal(wrote: Whole, people: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The top tenth's share and Gini's coefficient, for each row of how many members wrote `wrote` comments.

    Args:
        wrote: comments per member, largest first.
        people: one row a draw: how many members wrote so many.
    """
    reach = np.cumsum(people, axis=1)
    said = np.cumsum(people * wrote, axis=1)
    total = reach[:, -1:]
    tenth = np.ceil(total / 10)
    inside = np.clip(tenth - (reach - people), 0, people)
    top = (inside * wrote).sum(axis=1) / said[:, -1]
    # Twice the area between the Lorenz curve (here from the most active down) and the diagonal.
    before = np.hstack([np.zeros((len(people), 1)), said[:, :-1]])
    area = (people * (said + before)).sum(axis=1) / (total[:, 0] * said[:, -1])
    return top, area - 1


def _lorenz(wrote: Whole, people: Whole) -> Series:
    reach, said = np.cumsum(people) / people.sum(), np.cumsum(people * wrote) / (people * wrote).sum()
    marks = np.linspace(0, 1, 21)
    curve = np.interp(marks, np.insert(reach, 0, 0.0), np.insert(said, 0, 0.0))
    rows = tuple((float(mark), float(share)) for mark, share in zip(marks, curve, strict=True))
    return Series(kind="line", columns=("share_of_members", "share_of_comments"), rows=rows)


CONCENTRATION = Measure(
    name="community.concentration",
    unit="share",
    n_unit="members",
    min_n=100,
    needs=frozenset({"authors", "creator"}),
    covers=("comments",),
    compute=concentration,
)
