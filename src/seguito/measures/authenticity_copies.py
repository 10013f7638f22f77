"""Authenticity: how many comments say what several other accounts say in the same words?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from seguito.measures.authenticity import LEAST_THREADS, NEWEST, creator_unknown, few_threads
from seguito.measures.conduct import day_of
from seguito.measures.contract import Measure
from seguito.measures.copies_around import beyond, called_spam, marked, within_an_hour
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity, Series
from seguito.measures.space import DAY, Space
from seguito.measures.tally import Tally, tally

COPIED_NAME = "authenticity.copied_comments"
# Two accounts may hit upon the same dozen characters; three are no longer a coincidence of two.
COPIES = 3
CLUSTERS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Shared:
    """Worded comments with how many accounts use their wording, and the wordings that are used again.

    `elsewhere` tells whether other spaces of the lake hold wordings; `compared` of `of` wordings were looked at for
    nearly the same ones.
    """

    rows: Any
    wordings: Any
    elsewhere: bool
    compared: int
    of: int


def copied_comments(space: Space) -> Draft:
    """Share of comments whose wording three or more accounts use, thanks, support and worry apart.

    Question: What share of the comments says what several other accounts also say, in the same words?
    Definition: comments by known members whose wording is used by at least three distinct accounts in this space, over
        comments that have a wording. Texts share a wording when they hold the same words, or nearly the same (Jaccard
        of letter 3-grams from .6 up, or a token-set ratio from 85 up; led by the first that was written). Short texts
        have none and do not count; wordings that thank, support or worry do not count as copied, because a community
        that feels the same says the same. Parts: those used by three accounts within one day (UTC), within one hour
        (beginning at any half hour), and in another creator's space of this lake too (by three accounts in all, in the
        same words); and the share with thanks, support and worry counted too. A note tells how many of them the program
        calls spam, and how many others. Sensitivities ask for five and ten accounts. The series holds the ten
        largest wordings, without their texts; the evidence shows one comment of each of the first five.
    Interval: cluster bootstrap over threads, because copies come in waves under one post.
    Reference: Pacheco et al. 2021 and CooRTweet for shared content within a time window; three accounts is this
        project's choice: one more than a coincidence of two.
    Needs: authors, texts; weak where the source does not tell the creator from the members.
    Minimum: 300 comments with a wording.
    Not: slogans, birthday wishes and song lines are shared by honest fans; the larger the community, the more often
        three members coincide. Texts that say the same in other words are not found. Of more than 20,000 wordings the
        newest 20,000 are compared for nearly the same ones. Nobody is called fake.
    """
    shared = _shared(space)
    rows = shared.rows
    counted = ~rows.is_kind
    counts = tally(
        space,
        rows,
        "root_uri",
        n=rows.count(),
        hits=(counted & (rows.accounts >= COPIES)).sum(),
        within_a_day=(counted & (rows.accounts_of_day >= COPIES)).sum(),
        with_kind=(rows.accounts >= COPIES).sum(),
        by_5=(counted & (rows.accounts >= 5)).sum(),
        by_10=(counted & (rows.accounts >= 10)).sum(),
        in_an_hour=(counted & rows.in_an_hour).sum(),
        far=(counted & (rows.writers >= COPIES)).sum(),
        read=rows.is_read.sum(),
        copied_read=(rows.is_read & counted & (rows.accounts >= COPIES)).sum(),
        spam=(rows.is_read & rows.is_spam).sum(),
        both=(rows.is_read & rows.is_spam & counted & (rows.accounts >= COPIES)).sum(),
    )
    n, threads = counts.total("n"), int(counts.clusters.sum())
    everything = int(space.fetch(space.signed.count().name("n").as_table())["n"][0].as_py())
    largest = space.fetch(_largest(shared.wordings).limit(CLUSTERS_SHOWN)).to_pylist()
    return Draft(
        value=counts.ratio("hits", "n"),
        n=n,
        interval=counts.interval("hits", "n", COPIED_NAME),
        parts=(
            counts.part("within_a_day", "within_a_day", "n", COPIED_NAME),
            counts.part("within_an_hour", "in_an_hour", "n", COPIED_NAME),
            counts.part("across_spaces", "far", "n", COPIED_NAME)
            if shared.elsewhere
            else Part(key="across_spaces", value=None, n=0, unit="share"),
            counts.part("with_thanks_and_worry", "with_kind", "n", COPIED_NAME),
        ),
        series=_clusters(largest),
        evidence_for=tuple(row["sample"] for row in largest[:5]),
        evidence_against=space.uris(rows.filter(rows.accounts == 1).order_by(NEWEST)),
        sensitivity=(
            Sensitivity(change="copies_by_5_accounts", value=counts.ratio("by_5", "n")),
            Sensitivity(change="copies_by_10_accounts", value=counts.ratio("by_10", "n")),
        ),
        reasons=(*((few_threads(threads),) if threads < LEAST_THREADS else ()), *creator_unknown(space)),
        notes=(*_notes(shared, n, everything), *_beside_spam(counts)),
    )


def _notes(shared: _Shared, n: int, everything: int) -> tuple[Reason, ...]:
    short = (Reason("without_wording", {"comments": everything - n, "of": everything}),) if n < everything else ()
    bound = (Reason("wordings_compared", {"newest": shared.compared, "of": shared.of}),)
    return (*short, *(bound if shared.compared < shared.of else ()))


def _beside_spam(counts: Tally) -> tuple[Reason, ...]:
    """How far what is copied and what the program calls spam are the same comments."""
    both, copied, spam = counts.total("both"), counts.total("copied_read"), counts.total("spam")
    if not copied and not spam:
        return ()
    neither = counts.total("read") - copied - spam + both
    figures = {"both": both, "copied_only": copied - both, "spam_only": spam - both, "neither": neither}
    return (Reason("copies_and_spam", figures),)


def _shared(space: Space) -> _Shared:
    signed = space.signed
    kind = signed.thanks.fill_null(False) | signed.support.fill_null(False) | signed.worry.fill_null(False)
    worded = signed.mutate(kind_words=kind, day=signed.created_s // DAY).filter(signed.wording.notnull())
    worded = worded.select(
        "uri", "account_uri", "root_uri", "created_s", "exact_s", "is_read", "wording", "kind_words", "day"
    )
    near = space.near_wordings
    if near.leads is not None:
        joined = worded.left_join(near.leads, worded.wording == near.leads.near)
        worded = joined.mutate(wording=ibis.coalesce(joined.leads, joined.wording)).drop("near", "leads")
    # Most wordings are used once: only those used again are looked at account by account and day by day.
    used = worded.group_by("wording").aggregate(times=worded.count())
    again = space.snapshot.engine.keep(worded.semi_join(used.filter(used.times > 1), "wording"))
    # Counting pairs first spares the engine a set of accounts for each of many wordings.
    pairs = again.group_by("wording", "account_uri").aggregate(
        comments=again.count(),
        first_s=again.created_s.min(),
        last_s=again.created_s.max(),
        sample=again.uri.min(),
        kind_words=again.kind_words.max(),
    )
    wordings = pairs.group_by("wording").aggregate(
        accounts=pairs.count(),
        comments=pairs.comments.sum(),
        first_s=pairs.first_s.min(),
        last_s=pairs.last_s.max(),
        sample=pairs["sample"].min(),
        # One of them read as thanks is enough: they all say the same.
        is_kind=pairs.kind_words.max(),
    )
    wordings = space.snapshot.engine.keep(wordings)
    several = wordings.filter(wordings.accounts >= COPIES).select("wording")
    shared = again.inner_join(several, "wording").select("wording", "day", "account_uri").distinct()
    by_day = shared.group_by("wording", "day").aggregate(accounts_of_day=shared.count())
    by_day = by_day.select("accounts_of_day", shared_wording="wording", shared_day="day")
    joined = worded.left_join(
        wordings.select("accounts", "is_kind", any_wording="wording"), [("wording", "any_wording")]
    )
    joined = joined.left_join(by_day, [joined.wording == by_day.shared_wording, joined.day == by_day.shared_day]).drop(
        "any_wording", "shared_wording", "shared_day"
    )
    rows = joined.mutate(
        accounts=joined.accounts.fill_null(1),
        is_kind=joined.is_kind.fill_null(False),
        accounts_of_day=joined.accounts_of_day.fill_null(0),
    )
    rows = marked(rows, within_an_hour(again.semi_join(several, "wording"), COPIES), "in_an_hour")
    rows = marked(rows, called_spam(space), "is_spam")
    far = beyond(space, worded)
    if far is not None:
        rows = rows.left_join(far, rows.wording == far.far_wording).drop("far_wording")
    else:
        rows = rows.mutate(writers=ibis.null("int64"))
    rows = rows.mutate(writers=rows.writers.fill_null(0))
    return _Shared(space.snapshot.engine.keep(rows), wordings, far is not None, near.compared, near.of)


def _largest(wordings: Any) -> Any:
    copied = wordings.filter((wordings.accounts >= COPIES) & ~wordings.is_kind)
    return copied.order_by([ibis.desc("accounts"), ibis.desc("comments"), "wording"])


def _clusters(largest: list[dict[str, Any]]) -> Series | None:
    if not largest:
        return None
    rows = tuple(
        (
            at,
            row["accounts"],
            row["comments"],
            None if row["first_s"] is None else day_of(row["first_s"]),
            None if row["first_s"] is None else 1 + row["last_s"] // DAY - row["first_s"] // DAY,
        )
        for at, row in enumerate(largest, start=1)
    )
    return Series(kind="bars", columns=("wording", "accounts", "comments", "first_day", "days"), rows=rows)


COPIED_COMMENTS = Measure(
    name=COPIED_NAME,
    version=2,
    unit="share",
    n_unit="comments",
    min_n=300,
    needs=frozenset({"authors", "texts"}),
    covers=("comments",),
    labels=frozenset({"wording", "spam"}),
    compute=copied_comments,
    begin=Space.compare_wordings,
)
