"""Influence: is the creator in relation with many people, or with the same few?"""

from __future__ import annotations

import ibis
import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import Interval
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space

NAME = "influence.breadth"
NEWEST = [ibis.desc("created_s"), "uri"]
# Breadth is told of so many answers, whatever their number, so that who writes more does not look broader.
RAREFIED = 50
# Fewer leave too little when a group of threads is left out.
FEWEST = 100
MONTH_S = 30 * DAY
JACKKNIFE, FEWEST_THREADS = 20, 10
BANDS = ((1, 1), (2, 3), (4, 9), (10, None))
Whole = npt.NDArray[np.int64]


def breadth(space: Space) -> Draft:
    """How many different people 50 of the creator's answers would reach.

    Question: Is the creator in relation with many members, or with the same few?
    Definition: the expected number of different known members among 50 answered comments drawn without putting back
        from all answered comments (rarefaction): 50 if nobody was answered twice, 1 if one person had every answer.
        Writing more does not change it. Parts give the members answered at all, and those answered in a month of 30
        days on average. The series gives how many members were answered how often.
    Interval: jackknife over 20 groups of threads, with a t interval.
    Reference: Hurlbert 1971; Sanders 1968.
    Needs: authors, creator, threads.
    Minimum: 100 answers, in ten threads.
    Not: answers given in private or by a like are not seen; a creator of a small circle may choose to know few well.
    """
    rows = space.signed.filter(space.signed.is_answered)
    each = rows.group_by("root_uri", "account_uri").aggregate(n=rows.count())
    table = space.fetch(each.order_by(["root_uri", "account_uri"]))
    counts = table["n"].to_numpy().astype(np.int64)
    who = table["account_uri"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    thread = table["root_uri"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    total = int(counts.sum())
    if total < FEWEST:
        return Draft(value=None, n=total)
    threads = len(np.unique(thread))
    if threads < FEWEST_THREADS:
        few = Reason("few_clusters", {"clusters": threads, "needed": FEWEST_THREADS, "unit": "threads"})
        return Draft(value=None, n=total, barred=few)
    answers = np.bincount(who, weights=counts).astype(np.int64)
    by_member = rows.group_by(who="account_uri").aggregate(times=rows.count())
    said = rows.inner_join(by_member, rows.account_uri == by_member.who)
    return Draft(
        value=rarefied(answers),
        n=total,
        interval=_interval(who, thread % JACKKNIFE, counts),
        parts=(
            Part(key="members", value=float(len(answers)), n=total, unit="count"),
            Part(key="members_a_month", value=_a_month(space, rows), n=total, unit="count"),
        ),
        series=Series(kind="bars", columns=("answers_each", "members"), rows=_bands(answers)),
        evidence_for=space.uris(said.filter(said.times == 1).order_by(NEWEST)),
        evidence_against=space.uris(said.filter(said.times > 1).order_by([ibis.desc("times"), *NEWEST])),
    )


def rarefied(answers: Whole, drawn: int = RAREFIED) -> float | None:
    """Expected number of different members among `drawn` answers, given how many each member had (Hurlbert 1971)."""
    from scipy.special import gammaln

    total = float(answers.sum())
    if total < drawn:
        return None
    left = total - answers
    # The chance that a member is not drawn: C(total - n, drawn) / C(total, drawn), by logarithms.
    missed = np.zeros(len(answers))
    can_miss = left >= drawn
    some = left[can_miss]
    missed[can_miss] = np.exp(
        gammaln(some + 1) - gammaln(some - drawn + 1) - gammaln(total + 1) + gammaln(total - drawn + 1)
    )
    return float((1 - missed).sum())


def _interval(who: Whole, group: Whole, counts: Whole) -> Interval | None:
    """Leave out one group of threads at a time; resampling with doubles would make people look more repeated."""
    from scipy.special import stdtrit

    value = rarefied(np.bincount(who, weights=counts).astype(np.int64))
    groups = np.unique(group)
    without = [rarefied(np.bincount(who[group != at], weights=counts[group != at]).astype(np.int64)) for at in groups]
    kept = np.asarray([one for one in without if one is not None])
    if value is None or len(kept) < 2:
        return None
    spread = float(np.sqrt((len(kept) - 1) / len(kept) * ((kept - kept.mean()) ** 2).sum()))
    half = float(stdtrit(len(kept) - 1, 0.975)) * spread
    return Interval(max(1.0, value - half), min(float(RAREFIED), value + half), "jackknife over threads")


def _a_month(space: Space, rows: ibis.Table) -> float | None:
    """Members answered in a month, on average over whole months of the window."""
    months = int(space.window.days // 30)
    dated = rows.filter(rows.created_s.notnull())
    month = (space.end_s - 1 - dated.created_s) // MONTH_S
    inside = dated.mutate(month=month).filter((month >= 0) & (month < months))
    each = inside.group_by("month").aggregate(members=inside.account_uri.nunique())
    found = space.fetch(each)["members"].to_numpy()
    return float(found.sum()) / months if months and len(found) else None


def _bands(answers: Whole) -> tuple[tuple[str, int], ...]:
    return tuple(
        (
            f"{low}" if low == high else f"{low}–{high}" if high else f"{low}+",
            int(((answers >= low) & (answers <= (high or answers.max()))).sum()),
        )
        for low, high in BANDS
    )


BREADTH = Measure(
    name=NAME,
    unit="count",
    n_unit="answers",
    min_n=FEWEST,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=breadth,
)
