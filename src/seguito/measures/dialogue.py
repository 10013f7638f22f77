"""Dialogue: does the creator answer the people who write, how soon, and whom?"""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np

from seguito.measures import survival
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space
from seguito.measures.tally import tally

HOUR = 3600
NEWEST = [ibis.desc("created_s"), "uri"]
# In its first weeks every window shows everybody for the first time.
SETTLING_S = 28 * DAY


def answered_share(space: Space) -> Draft:
    """Share of members' comments that the creator answered.

    Question: Of the comments members left, what share did the creator answer?
    Definition: comments that a post by the creator answers (what it answers is inferred where the platform flattens
        threads, and then only among earlier comments), over all visible comments by known members. Answers that were
        taken down again and the creator's answers to herself count for nothing. Parts give the same for comments that
        ask something, out of those that were read.
    Interval: cluster bootstrap over threads, because comments under one post share its fate.
    Reference: Kooti et al. 2015 on load and answering.
    Needs: authors, creator, threads.
    Minimum: 100 comments.
    Not: an answer given by voice, in a later post, in a story or in private is not seen; a creator may choose not to
        answer most comments, and a low share is not rudeness.
    """
    rows = space.signed
    asked = rows.question.fill_null(False)
    counts = tally(
        space, rows, "root_uri", n=rows.count(), hits=rows.is_answered.sum(), asked=asked.sum(),
        asked_hits=(asked & rows.is_answered).sum(),
    )  # fmt: skip
    questions = counts.part("questions", "asked_hits", "asked", "dialogue.answered_share")
    return Draft(
        value=counts.ratio("hits", "n"),
        n=counts.total("n"),
        interval=counts.interval("hits", "n", "dialogue.answered_share"),
        parts=(questions,),
        evidence_for=space.uris(rows.filter(rows.is_answered).order_by(NEWEST)),
        evidence_against=space.uris(rows.filter(~rows.is_answered & asked).order_by(NEWEST)),
    )


ANSWERED_SHARE = Measure(
    name="dialogue.answered_share",
    version=2,
    unit="share",
    n_unit="comments",
    min_n=100,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    labels=frozenset({"question"}),
    compute=answered_share,
)


def time_to_answer(space: Space) -> Draft:
    """Chance that a comment is answered within a day, with every comment counted, answered or not.

    Question: How likely is it that a comment has the creator's answer within 24 hours?
    Definition: one minus the Kaplan-Meier estimate of still waiting after 24 whole hours, over all visible comments
        by known members whose time is known to the minute; a comment that the window's end leaves waiting counts for
        the whole hours it was watched. Parts give the same for 72 hours, and the median wait among the answered.
    Interval: cluster bootstrap over threads of the Kaplan-Meier estimate.
    Reference: Kaplan & Meier 1958; Kooti et al. 2015 on load and answering.
    Needs: authors, creator, threads, times.
    Minimum: 100 comments.
    Not: a median over the answered alone looks the same for a creator who answers a third and one who answers nearly
        all, so it is never the headline; answers given elsewhere are not seen.
    """
    rows = space.signed
    dated = rows.filter(rows.exact_s.notnull() & (~rows.is_answered | rows.answered_s.notnull()))
    wait = dated.answered_s - dated.exact_s
    # Whole hours, begun ones counted, and an answer in the same second took one of them too.
    took = ibis.ifelse(wait > 0, (wait + HOUR - 1) // HOUR, ibis.ifelse(wait.isnull(), ibis.null("int64"), 1))
    everybody, undated = _counts_of(space, rows)
    if everybody and undated == everybody:
        return Draft(value=None, n=0, barred=Reason("times_unknown", {"posts": everybody, "unknown": undated}))
    watched = (space.end_s - dated.exact_s) // HOUR
    waiting = survival.watched(
        space, dated, took, watched, longest=72, cluster="root_uri", seed="dialogue.time_to_answer"
    )
    middle, answered = _median_hours(space, dated.mutate(wait=wait))
    reasons = (Reason("times_unknown", {"posts": everybody, "unknown": undated}),) if undated > everybody / 5 else ()
    return Draft(
        value=waiting.reached(24),
        n=waiting.n,
        interval=waiting.interval(24),
        parts=(
            Part(key="within_72h", value=waiting.reached(72), interval=waiting.interval(72), n=waiting.n, unit="share"),
            Part(key="median_of_answered", value=middle, n=answered, unit="hours"),
        ),
        series=waiting.series("hours"),
        evidence_for=space.uris(dated.mutate(wait=wait).order_by(["wait", *NEWEST]).filter(dated.is_answered)),
        evidence_against=space.uris(dated.filter(~dated.is_answered).order_by(["exact_s", "uri"])),
        reasons=reasons,
    )


def _counts_of(space: Space, rows: Any) -> tuple[int, int]:
    """How many comments there are, and how many of them have no usable time."""
    usable = rows.exact_s.notnull() & (~rows.is_answered | rows.answered_s.notnull())
    found = space.fetch(rows.aggregate(n=rows.count(), usable=usable.sum())).to_pylist()[0]
    return int(found["n"]), int(found["n"]) - int(found["usable"] or 0)


def _median_hours(space: Space, dated: Any) -> tuple[float | None, int]:
    """The median wait of answered comments in hours, from whole minutes, and how many were answered."""
    answered = dated.filter(dated.is_answered)
    minutes = answered.group_by(minute=answered.wait // 60).aggregate(n=answered.count())
    table = space.fetch(minutes.order_by("minute"))
    counts = table["n"].to_numpy()
    total = int(counts.sum())
    if not total:
        return None, 0
    reach = np.cumsum(counts)
    ends = [int(np.searchsorted(reach, rank, side="left")) for rank in ((total + 1) // 2, total // 2 + 1)]
    at = table["minute"].to_numpy()
    return float(at[ends].mean()) / 60, total


TIME_TO_ANSWER = Measure(
    name="dialogue.time_to_answer",
    unit="share",
    n_unit="comments",
    min_n=100,
    needs=frozenset({"authors", "creator", "threads", "times"}),
    covers=("comments",),
    compute=time_to_answer,
)


def who_is_answered(space: Space) -> Draft:
    """Share answered among people's first comments, beside the share among those who come back.

    Question: Does somebody who writes for the first time get an answer as easily as a regular?
    Definition: answered comments over comments, among first comments of their authors in this space and among later
        ones, both from the 29th day of the window on (before, everybody is new). The parts give the share among later
        comments, and the first less the second.
    Interval: cluster bootstrap over threads.
    Reference: Kooti et al. 2015 on load and answering.
    Needs: authors, creator, threads, times.
    Minimum: 50 comments in the smaller of the two groups.
    Not: somebody who wrote before the window opened looks new; newcomers may ask other things than regulars do, so a
        difference is not yet a preference.
    """
    members = space.members.select(who="account_uri", first_s="first_s")
    rows = space.signed.inner_join(members, space.signed.account_uri == members.who)
    rows = rows.filter(rows.created_s >= space.start_s + SETTLING_S)
    rows = rows.mutate(is_first=rows.created_s == rows.first_s)
    new, old = rows.is_first, ~rows.is_first
    counts = tally(
        space, rows, "root_uri", new=new.sum(), new_hits=(new & rows.is_answered).sum(), old=old.sum(),
        old_hits=(old & rows.is_answered).sum(),
    )  # fmt: skip
    name = "dialogue.who_is_answered"
    first, later = counts.ratio("new_hits", "new"), counts.ratio("old_hits", "old")
    return Draft(
        value=first,
        n=min(counts.total("new"), counts.total("old")),
        interval=counts.interval("new_hits", "new", name),
        parts=(
            counts.part("first_comments", "new_hits", "new", name),
            counts.part("later_comments", "old_hits", "old", name),
            Part(
                key="difference",
                value=None if first is None or later is None else first - later,
                interval=counts.difference(("new_hits", "new"), ("old_hits", "old"), name),
                n=counts.total("new") + counts.total("old"),
                unit="share",
            ),
        ),
        series=Series(
            kind="bars",
            columns=("group", "share", "comments"),
            rows=(("first_comments", first, counts.total("new")), ("later_comments", later, counts.total("old"))),
        ),
        evidence_for=space.uris(rows.filter(new & rows.is_answered).order_by(NEWEST)),
        evidence_against=space.uris(rows.filter(new & ~rows.is_answered).order_by(NEWEST)),
    )


WHO_IS_ANSWERED = Measure(
    name="dialogue.who_is_answered",
    unit="share",
    n_unit="comments",
    min_n=50,
    needs=frozenset({"authors", "creator", "threads", "times"}),
    covers=("comments",),
    compute=who_is_answered,
)
