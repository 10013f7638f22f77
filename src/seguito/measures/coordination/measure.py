"""Authenticity: how many comments come from groups that act together?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ibis
import numpy as np

from seguito.measures.authenticity import LEAST_THREADS, creator_unknown, few_threads
from seguito.measures.contract import Measure
from seguito.measures.coordination.agreement import SIGNALS, Agreed, Crowd, Rules, agree
from seguito.measures.coordination.counts import REGULAR, Counted, count
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity, Series
from seguito.measures.space import Space
from seguito.measures.tally import Tally, tally

COORDINATED_NAME = "authenticity.coordinated_comments"
GROUPS_SHOWN = 10
# Below this share of first comments with a known time, that is said.
TIMES_KNOWN = 0.8
DEFAULTS = Rules()
# Every default done differently, once each way.
STEPS: Mapping[str, Rules] = {
    "meetings_partners_4": replace(DEFAULTS, partners=4),
    "meetings_partners_8": replace(DEFAULTS, partners=8),
    "meetings_at_0_1_percent": replace(DEFAULTS, false_links=0.001),
    "meetings_at_5_percent": replace(DEFAULTS, false_links=0.05),
    "early_within_15_minutes": replace(DEFAULTS, minutes=15),
    "early_within_60_minutes": replace(DEFAULTS, minutes=60),
    "odds_1_5": replace(DEFAULTS, odds=1.5),
    "odds_3": replace(DEFAULTS, odds=3.0),
    "tails_10_times_wider": replace(DEFAULTS, early_tail=1e-2, generic_tail=1e-1),
    "tails_10_times_narrower": replace(DEFAULTS, early_tail=1e-4, generic_tail=1e-3),
    "lent_by_2_partners": replace(DEFAULTS, lenders=2),
    "lent_by_5_partners": replace(DEFAULTS, lenders=5),
    "together_on_a_quarter": replace(DEFAULTS, together=1 / 4),
    "together_on_half": replace(DEFAULTS, together=1 / 2),
    "copies_not_generic": replace(DEFAULTS, copies=False),
    "groups_from_4": replace(DEFAULTS, size=4),
    "groups_from_10": replace(DEFAULTS, size=10),
}
RECIPROCAL_STEPS: Mapping[str, Rules] = {
    "returned_6_of_25": replace(DEFAULTS, returned=6),
    "returned_10_of_25": replace(DEFAULTS, returned=10),
}


def coordinated_comments(space: Space) -> Draft:
    """Share of comments written by groups of accounts on which two or more of four independent signals agree.

    Question: What share of the comments comes from groups that act together, whoever they are?
    Definition: comments by known members who stand in such a group, over all by known members. Signals are looked for
        among accounts that wrote under four threads or more. Meetings: two accounts meet under more threads than
        chance has it (upper tail of the hypergeometric law within strata of threads alike in popularity among all
        others, thirds, finer from a hundred threads on; false discovery rate 1 % over all pairs; four meetings or
        more), with five such partners or more. Early: first comments under a thread within 30 minutes of the post, in
        ten threads or more, binomial upper tail below .001. Generic: comments of little effort, shorter than 12
        letters (about three words), or of a wording that stands under several threads; tail below .01. Early and
        generic are held against what is usual here (the median of accounts, or the share over all comments where that
        is higher) and need twice its odds. An account with few comments is judged together with three or more others
        it met so often that chance would bring it half a partner; its own share must then lie above the usual.
        Reciprocal: of the last 25 posts, eight or more commented both ways with three or more accounts whose spaces
        are in this lake. Accounts with two signals that are linked (by such meetings, by reciprocity, or, where both
        are early and generic, by meeting under a third of their threads with five such accounts) form groups; those
        below six accounts do not count. Parts give the share of comments by accounts that show each signal, whatever
        the others say, the number of groups, and the share by groups on which three signals or more agree. The series
        holds the ten largest groups, without names; the evidence shows threads.
    Interval: cluster bootstrap over threads, the groups held fixed.
    Reference: Tumminello et al. 2011; Benjamini & Hochberg 1995; Weerasinghe et al. 2020 for reciprocity in pods. That
        signals must agree, instead of being weighed into a score, is this project's choice.
    Needs: authors; weak where times, texts or too few threads keep one of the first three signals from being read.
    Minimum: 300 comments.
    Not: a group that comments on every post cannot be told from loyal members by its meetings; only by its texts, times
        and what it gets back. Friends who come at once and write hearts look like a group: nobody is called fake, and
        below six accounts nothing is shown. Meetings under more threads than can be paired are counted for the most
        regular accounts only.
    """
    found = count(space)
    if not found.comments:
        return Draft(value=None, n=0)
    crowd = found.crowd
    agreed = agree(crowd, DEFAULTS)
    unread = [name for name in SIGNALS[:3] if name not in crowd.readable]
    if len(crowd.readable) < DEFAULTS.agree and found.comments >= COORDINATED_COMMENTS.min_n:
        return Draft(value=None, n=found.comments, barred=_unread(crowd))
    rows = _marked(space, found, agreed)
    counts = tally(space, rows, "root_uri", n=rows.comments.sum(), **{f: _by(rows, f) for f in ("grouped", *SIGNALS)})
    reasons = (
        *((few_threads(found.threads),) if found.threads < LEAST_THREADS else ()),
        *creator_unknown(space),
        *((_unread(crowd),) if unread else ()),
        *_times_unknown(found),
    )
    lively = [] if space.only_figures else _threads(space, rows)
    return Draft(
        value=counts.ratio("grouped", "n"),
        n=found.comments,
        interval=counts.interval("grouped", "n", COORDINATED_NAME),
        parts=(*_signals(counts, crowd), *_groups(agreed, found)),
        series=_series(space, found, agreed),
        evidence_for=tuple(row["uri"] for row in lively if row["grouped"])[:5],
        evidence_against=tuple(row["uri"] for row in reversed(lively) if not row["grouped"])[:5],
        sensitivity=() if space.only_figures else tuple(_steps(crowd, found.comments)),
        unseen=_unseen(found),
        reasons=reasons,
        notes=_notes(found),
    )


def _unread(crowd: Crowd) -> Reason:
    return Reason("signals_unread", {"read": len(crowd.readable), "of": len(SIGNALS)})


def _times_unknown(found: Counted) -> tuple[Reason, ...]:
    if found.timed >= TIMES_KNOWN * found.arrivals:
        return ()
    return (Reason("times_unknown", {"posts": found.arrivals, "unknown": found.arrivals - found.timed}),)


def _marked(space: Space, found: Counted, agreed: Agreed) -> Any:
    """Every account and thread, and which signals the account shows and whether it stands in a group."""
    shown = np.flatnonzero(np.any([agreed.group > 0, *agreed.signals.values()], axis=0))
    flags = {"by_grouped": agreed.group > 0, **{f"by_{name}": flag for name, flag in agreed.signals.items()}}
    marks = {"who": [found.crowd.accounts[one] for one in shown.tolist()]}
    columns = {name: flag[shown].astype(np.int64).tolist() for name, flag in flags.items()}
    kinds = {"who": "string", **dict.fromkeys(flags, "int64")}
    known = space.snapshot.engine.keep(ibis.memtable({**marks, **columns}, schema=kinds))
    joined = found.presence.left_join(known, found.presence.account_uri == known.who).drop("who")
    return space.snapshot.engine.keep(joined.mutate(**{name: joined[name].fill_null(0) for name in flags}))


def _by(rows: Any, flag: str) -> Any:
    return (rows.comments * rows[f"by_{flag}"]).sum()


def _signals(counts: Tally, crowd: Crowd) -> list[Part]:
    """Every signal alone; unknown where these data cannot show it."""
    return [
        counts.part(name, name, "n", COORDINATED_NAME)
        if name in crowd.readable
        else Part(key=name, value=None, n=0, unit="share")
        for name in SIGNALS
    ]


def _groups(agreed: Agreed, found: Counted) -> tuple[Part, Part]:
    """How many groups there are, and how much those write on which three signals or more agree."""
    several = [one for one in range(1, agreed.groups + 1) if agreed.agreeing(one) >= 3]
    mine = int(found.crowd.comments[np.isin(agreed.group, several)].sum())
    return (
        Part(key="groups", value=agreed.groups, n=found.regulars, unit="count"),
        Part(key="three_signals", value=mine / found.comments, n=found.comments, unit="share"),
    )


def _threads(space: Space, rows: Any) -> list[dict[str, Any]]:
    """Visible threads, those with most comments by groups first, then those with fewest others."""
    each = rows.group_by("root_uri").aggregate(grouped=_by(rows, "grouped"), comments=rows.comments.sum())
    opened = space.own.select("uri")
    joined = each.inner_join(opened, each.root_uri == opened.uri)
    most = joined.order_by([ibis.desc("grouped"), "comments", "uri"])
    first = space.fetch(most.select("uri", "grouped", "comments").limit(5)).to_pylist()
    none = joined.filter(joined.grouped == 0).order_by([ibis.desc("comments"), "uri"]).limit(5)
    last = space.fetch(none.select("uri", "grouped", "comments")).to_pylist()
    return [*first, *reversed(last)]


def _series(space: Space, found: Counted, agreed: Agreed) -> Series | None:
    """The largest groups: accounts, comments, threads they met under, signals that most of them show."""
    if not agreed.groups:
        return None
    numbers = range(1, min(agreed.groups, GROUPS_SHOWN) + 1)
    shown = np.flatnonzero((agreed.group > 0) & (agreed.group <= GROUPS_SHOWN)).tolist()
    members = {"who": [found.crowd.accounts[one] for one in shown], "group": agreed.group[shown].tolist()}
    known = ibis.memtable(members, schema={"who": "string", "group": "int64"})
    met = found.presence.inner_join(known, found.presence.account_uri == known.who)
    met = met.select("group", "root_uri").distinct()
    told = space.fetch(met.group_by("group").aggregate(threads=met.count())).to_pylist()
    threads = {row["group"]: row["threads"] for row in told}
    rows = []
    for number in numbers:
        mine = agreed.group == number
        comments = int(found.crowd.comments[mine].sum())
        rows.append((number, int(mine.sum()), comments, threads[number], agreed.agreeing(number)))
    return Series(kind="bars", columns=("group_number", "accounts", "comments", "threads", "signals"), rows=tuple(rows))


def _steps(crowd: Crowd, n: int) -> list[Sensitivity]:
    steps = {**STEPS, **(RECIPROCAL_STEPS if "reciprocal" in crowd.readable else {})}
    return [
        Sensitivity(change=name, value=int(crowd.comments[agree(crowd, rules).group > 0].sum()) / n)
        for name, rules in steps.items()
    ]


def _unseen(found: Counted) -> tuple[Reason, ...]:
    few = Reason("group_on_few_threads", {"threads": found.fewest, "of": found.threads})
    return Reason("groups_on_every_post"), few, Reason("small_groups", {"accounts": DEFAULTS.size})


def _notes(found: Counted) -> tuple[Reason, ...]:
    crowd, bound = found.crowd, found.bound
    spaces = Reason("creators_read", {"spaces": found.spaces})
    alone = Reason("reciprocity_not_collected")
    figures = {"most": bound.most, "threads": bound.threads, "of": found.threads, "share": bound.paired}
    unread = Reason("not_read", {"comments": found.comments - found.read, "of": found.comments})
    return (
        Reason("regulars_compared", {"accounts": found.regulars, "threads": REGULAR}),
        *((Reason("pairs_bounded", figures),) if bound.threads else ()),
        *((unread,) if 0 < found.read < found.comments else ()),
        spaces if "reciprocal" in crowd.readable else alone,
    )


COORDINATED_COMMENTS = Measure(
    name=COORDINATED_NAME,
    unit="share",
    n_unit="comments",
    min_n=300,
    needs=frozenset({"authors"}),
    covers=("comments",),
    labels=frozenset({"low_effort", "wording"}),
    compute=coordinated_comments,
)
