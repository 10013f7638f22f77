"""Climate: who worries when the creator falls silent, and is it answered?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from seguito.kit.intervals import cluster_ratio, effective_clusters, percentile, seed_of, total_draws
from seguito.labels.effective import effective
from seguito.labels.registry import languages_of
from seguito.measures.conduct import CADENCE, LEAST_GAPS, Rhythm, Silence, day_of, first_after, rhythm
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space
from seguito.measures.tally import Tally, tally

NAME = "climate.worry_per_silent_day"
# Fewer accounts than this are a few friends, not a community that worries.
LEAST_ACCOUNTS = 10
# An announcement is looked for in the last two days before a silence, an explanation in the first week after it.
ANNOUNCED_WITHIN_S = 2 * DAY
EXPLAINED_WITHIN_S = 7 * DAY
SHOWN = 12
ORDINARY = -1
NEWEST = [ibis.desc("created_s"), "uri"]


@dataclass(frozen=True, slots=True)
class Spell:
    """A silence and the worry it met."""

    silence: Silence
    comments: int
    accounts: int
    answered: int


def worry_per_silent_day(space: Space) -> Draft:
    """Worried comments a day while the creator is silent, beside ordinary days, and how they were met.

    Question: When the creator falls silent, do members worry aloud, and are they answered?
    Definition: comments labelled worry per day of the creator's silences (see conduct.cadence), by known members.
        Parts give the rate on ordinary days, the ratio of the two, the share of the worried comments of a silence
        that the creator answered (then or later), and the share of silences in which ten or more accounts worried
        that a post of the creator's announced (in the two days up to its beginning) or explained (within a week of
        its end). n counts distinct worried accounts.
    Interval: Poisson bootstrap over accounts, because one anxious member may write many times and how many members
        worry is itself a matter of chance; the answered share by cluster bootstrap over accounts.
    Reference: the question and the ten accounts are this project's; Hanley & MacGibbon 2006 for the bootstrap.
    Needs: authors, creator, threads, times, texts.
    Minimum: 10 accounts that worried during a silence.
    Not: words that the rules do not know are missed, and missed alike on all days, so the ratio errs towards 1;
        worry sent in private, and answers given there or in a story, are not seen.
    """
    found = rhythm(space)
    if not found.is_known:
        return Draft(
            value=None, n=0, barred=Reason("rhythm_unknown", {"posts": len(found.times), "needed": LEAST_GAPS + 1})
        )
    silences = found.silences()
    if not silences:
        longest = max(int(found.gaps.max()), found.now_s) / DAY
        none = Reason("no_silence", {"longest_days": longest, "limit_days": found.limit_days})
        return Draft(value=None, n=0, not_applicable=none)
    worried = _worried(space, found, silences)
    silent = worried.filter(worried.silence != ORDINARY)
    spells = _spells(space, silent, silences)
    by_account = tally(
        space,
        worried,
        "account_uri",
        silent=(worried.silence != ORDINARY).sum(),
        ordinary=(worried.silence == ORDINARY).sum(),
        answered=(worried.is_answered & (worried.silence != ORDINARY)).sum(),
    )
    return _draft(space, found, spells, by_account, silent)


def _draft(space: Space, found: Rhythm, spells: list[Spell], by_account: Tally, silent: Any) -> Draft:
    silent_days = sum(one.silence.days for one in spells)
    ordinary_days = max(0.0, (found.end_s - int(found.times[0])) / DAY - silent_days)
    worried_accounts = int(by_account.clusters[by_account.counts["silent"] > 0].sum())
    draws = total_draws(
        np.column_stack([by_account.counts["silent"], by_account.counts["ordinary"]]),
        by_account.clusters,
        seed=seed_of(NAME),
    )
    clusters = effective_clusters(by_account.counts["silent"], by_account.clusters)
    return Draft(
        value=by_account.total("silent") / silent_days,
        n=worried_accounts,
        interval=percentile(draws[:, 0] / silent_days, "Poisson bootstrap", clusters=clusters),
        parts=(
            *_beside(by_account, draws, clusters, silent_days, ordinary_days),
            _answered(by_account),
            _explained(space, spells),
        ),
        series=_series(spells),
        evidence_for=space.uris(silent.filter(silent.is_answered).order_by(NEWEST), limit=3) + _returns(space, spells),
        evidence_against=space.uris(silent.filter(~silent.is_answered).order_by(NEWEST)),
    )


def _worried(space: Space, found: Rhythm, silences: list[Silence]) -> Any:
    """Worried comments by known members since the first post, with the number of the silence they fell in."""
    signed = space.signed
    inside = signed.created_s.notnull() & (signed.created_s >= int(found.times[0]))
    rows = signed.filter(signed.worry.fill_null(False) & inside)
    branches = [
        # A silence that goes on holds the window's last moment too.
        ((rows.created_s > one.start_s) & (rows.created_s < one.end_s + (0 if one.is_over else 1)), at)
        for at, one in enumerate(silences)
    ]
    return rows.mutate(silence=ibis.cases(*branches, else_=ORDINARY).cast("int64"))


def _spells(space: Space, silent: Any, silences: list[Silence]) -> list[Spell]:
    counted = silent.group_by("silence").aggregate(
        comments=silent.count(), accounts=silent.account_uri.nunique(), answered=silent.is_answered.sum()
    )
    rows = {row["silence"]: row for row in space.fetch(counted.order_by("silence")).to_pylist()}
    none = {"comments": 0, "accounts": 0, "answered": 0}
    return [Spell(one, **{key: int(rows.get(at, none)[key]) for key in none}) for at, one in enumerate(silences)]


def _beside(
    by_account: Tally, draws: Any, clusters: float, silent_days: float, ordinary_days: float
) -> tuple[Part, Part]:
    ordinary = by_account.total("ordinary")
    if not ordinary_days:
        return (
            Part(key="ordinary_days", value=None, n=ordinary, unit="per_day"),
            Part(key="ratio", value=None, n=ordinary, unit="ratio"),
        )
    rate = ordinary / ordinary_days
    drawn = draws[draws[:, 1] > 0]
    ratios = (drawn[:, 0] / silent_days) / (drawn[:, 1] / ordinary_days)
    # Where a tenth of the draws have nothing to divide by, the ratio has no upper end worth printing.
    is_bounded = len(drawn) > 0.9 * len(draws)
    return (
        Part(
            key="ordinary_days",
            value=rate,
            interval=percentile(draws[:, 1] / ordinary_days, "Poisson bootstrap") if ordinary else None,
            n=ordinary,
            unit="per_day",
        ),
        Part(
            key="ratio",
            value=by_account.total("silent") / silent_days / rate if rate else None,
            interval=percentile(ratios, "Poisson bootstrap", clusters=clusters) if is_bounded else None,
            n=by_account.total("silent") + ordinary,
            unit="ratio",
        ),
    )


def _answered(by_account: Tally) -> Part:
    """The share of worried comments in silences that were answered; members weigh as much as they wrote."""
    interval = cluster_ratio(
        by_account.counts["answered"], by_account.counts["silent"], by_account.clusters, seed=seed_of(NAME)
    )
    value, n = by_account.ratio("answered", "silent"), by_account.total("silent")
    return Part(key="worried_answered", value=value, interval=interval, n=n, unit="share")


def _explained(space: Space, spells: list[Spell]) -> Part:
    """The share of silences over, in which many worried, that the creator announced or explained.

    Silences around which no post of the creator's was read are left out: whether they were explained is unknown.
    """
    ended = [one.silence for one in spells if one.silence.is_over and one.accounts >= LEAST_ACCOUNTS]
    if not ended:
        return Part(key="explained", value=None, n=0, unit="share")
    around = _around(space, ended)
    rows = space.fetch(
        around.group_by("silence").aggregate(read=around.is_read.sum(), explained=around.is_explained.sum())
    ).to_pylist()
    known = [row for row in rows if row["read"] or row["explained"]]
    hits = sum(bool(row["explained"]) for row in known)
    return Part(key="explained", value=hits / len(known) if known else None, n=len(known), unit="share")


def _around(space: Space, ended: list[Silence]) -> Any:
    """The posts the creator opened around each silence: its number, and what the labellers made of them."""
    posts = space.own.filter(space.own.created_s.notnull())
    at_s = posts.created_s
    near = [
        (
            ((at_s >= one.start_s - ANNOUNCED_WITHIN_S) & (at_s <= one.start_s))
            | ((at_s >= one.end_s) & (at_s <= one.end_s + EXPLAINED_WITHIN_S)),
            at,
        )
        for at, one in enumerate(ended)
    ]
    posts = posts.mutate(silence=ibis.cases(*near, else_=ORDINARY).cast("int64"))
    posts = posts.filter(posts.silence != ORDINARY).select("uri", "silence", "created_s")
    posts = space.snapshot.engine.keep(posts)
    ends = ibis.cases(*((posts.silence == at, one.end_s) for at, one in enumerate(ended)), else_=0)
    said = _said(space, posts.select("uri").distinct())
    joined = posts.mutate(is_after=posts.created_s >= ends).left_join(said, posts.uri == said.subject_uri)
    # Only a post after the silence, read in a language the rules know, can show that it was not explained.
    return joined.mutate(
        is_read=(joined.looked & joined.in_words & joined.is_after).fill_null(False),
        is_explained=joined.explained.fill_null(False),
    )


def _said(space: Space, posts: Any) -> Any:
    """For each of a few posts: whether it was looked at, in words the rules know, and whether it explains."""
    # Asked for these alone, because the engine then reads no other labels; there are millions.
    labels = space.snapshot.current("labels", among=posts)
    labels = effective(labels.filter(labels.label.isin(["read", "language", "explanation"])))
    languages = sorted(languages_of("explanation"))
    in_words = labels.value.isin(languages) if languages else labels.value.notnull()
    return labels.group_by("subject_uri").aggregate(
        looked=(labels.label == "read").max(),
        in_words=((labels.label == "language") & in_words).max(),
        explained=((labels.label == "explanation") & (labels.value != "no")).max(),
    )


def _returns(space: Space, spells: list[Spell]) -> tuple[str, ...]:
    """The posts that ended the silences that most accounts worried in: whether they explain is for people to read."""
    over = [one for one in spells if one.silence.is_over and one.accounts]
    over.sort(key=lambda one: (-one.accounts, one.silence.start_s))
    return tuple(uri for one in over[:2] for uri in first_after(space, one.silence.end_s))


def _series(spells: list[Spell]) -> Series:
    longest = sorted(spells, key=lambda one: (-one.silence.days, one.silence.start_s))[:SHOWN]
    rows = tuple(
        (day_of(one.silence.start_s), round(one.silence.days, 2), one.comments, one.accounts, one.answered)
        for one in sorted(longest, key=lambda one: one.silence.start_s)
    )
    return Series(kind="bars", columns=("silence", "days", "worried", "accounts", "answered"), rows=rows)


WORRY_PER_SILENT_DAY = Measure(
    name=NAME,
    unit="per_day",
    n_unit="accounts",
    min_n=LEAST_ACCOUNTS,
    needs=CADENCE.needs | {"authors", "threads", "texts"},
    covers=("comments", "posts"),
    labels=frozenset({"worry"}),
    compute=worry_per_silent_day,
)
