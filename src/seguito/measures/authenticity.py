"""Authenticity of the comments: how many cost no effort, and how many share their wording with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis

from seguito.kit.intervals import (
    Errors,
    Interval,
    corrected,
    corrected_draws,
    effective_clusters,
    percentile,
    resampled_ratio,
    seed_of,
)
from seguito.measures.conduct import day_of
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Reason, Sensitivity, Series
from seguito.measures.space import DAY, Space
from seguito.measures.tally import Tally, tally

LOW_EFFORT_NAME = "authenticity.low_effort_share"
COPIED_NAME = "authenticity.copied_comments"
NEWEST = [ibis.desc("created_s"), "uri"]
# Below this share, false alarms outnumber the finds and the labeller's errors decide the figure.
RARE = 0.05
# How far a labeller's errors may differ here from where they were measured.
SHIFTS = (
    ("specificity_lower", 0.0, -0.03),
    ("specificity_higher", 0.0, 0.03),
    ("sensitivity_lower", -0.10, 0.0),
    ("sensitivity_higher", 0.10, 0.0),
)
# Threads below which a cluster bootstrap says little.
LEAST_THREADS = 20
# Two accounts may hit upon the same dozen characters; three are no longer a coincidence of two.
COPIES = 3
CLUSTERS_SHOWN = 10


def low_effort_share(space: Space) -> Draft:
    """Share of comments that cost no effort, corrected for the labeller's measured errors.

    Question: What share of the comments is of little effort: emoji, mentions or a few words that fit any post?
    Definition: comments by members labelled low_effort over those that were read, corrected for the labeller's
        sensitivity and specificity on rows that people labelled (Rogan-Gladen). Not shown where those errors are not
        known. Sensitivities give it for a specificity 3 points and a sensitivity 10 points lower and higher, because
        texts here may differ from those.
    Interval: cluster bootstrap over threads, with the errors' own uncertainty (Beta posteriors) drawn along.
    Reference: Rogan & Gladen 1978; Lang & Reiczigel 2014.
    Needs: creator, texts.
    Minimum: 300 comments that were read.
    Not: a heart is cheap and may be heartfelt: low effort is not fake. Where the share is below 5 % the labeller's
        errors decide the figure, and it is marked weak.
    """
    rows = space.comments
    read = rows.low_effort.notnull()
    counts = tally(
        space, rows, "root_uri", n=read.sum(), hits=rows.low_effort.fill_null(False).sum(), everything=rows.count()
    )
    n = counts.total("n")
    errors = _errors()
    if errors is None:
        return Draft(value=None, n=n, barred=Reason("uncorrected", {"label": "low_effort"}))
    if not errors.informative:
        blind = {"label": "low_effort", "sensitivity": errors.sensitivity, "specificity": errors.specificity}
        return Draft(value=None, n=n, barred=Reason("labeller_blind", blind))
    if not n:
        return Draft(value=None, n=0)
    apparent = counts.total("hits") / n
    value = corrected(apparent, errors)
    return Draft(
        value=value,
        n=n,
        interval=_corrected_interval(counts, errors),
        evidence_for=space.uris(rows.filter(rows.low_effort.fill_null(False)).order_by(NEWEST)),
        evidence_against=space.uris(rows.filter(~rows.low_effort.fill_null(True)).order_by(NEWEST)),
        sensitivity=tuple(_shifted(apparent, errors, *shift) for shift in SHIFTS),
        reasons=_doubts(value, counts),
        notes=_notes(errors, n, counts.total("everything")),
    )


def _errors() -> Errors | None:
    try:
        from seguito.labels.errors import errors_of
    except ModuleNotFoundError:
        return None
    return errors_of("low_effort")


def _corrected_interval(counts: Tally, errors: Errors) -> Interval | None:
    tops, bottoms = counts.counts["hits"], counts.counts["n"]
    if int(counts.clusters[bottoms > 0].sum()) < 2:
        return None
    seed = seed_of(LOW_EFFORT_NAME)
    shares = resampled_ratio(tops, bottoms, counts.clusters, seed=seed)
    clusters = effective_clusters(bottoms, counts.clusters)
    return percentile(corrected_draws(shares, errors, seed=seed), "cluster bootstrap, corrected", clusters=clusters)


def _shifted(apparent: float, errors: Errors, change: str, in_se: float, in_sp: float) -> Sensitivity:
    se, sp = min(1.0, errors.sensitivity + in_se), min(1.0, errors.specificity + in_sp)
    gap = se + sp - 1
    return Sensitivity(change=change, value=min(1.0, max(0.0, (apparent + sp - 1) / gap)) if gap > 0 else None)


def _doubts(value: float, counts: Tally) -> tuple[Reason, ...]:
    found = []
    if value < RARE:
        found.append(Reason("rare_class", {"label": "low_effort", "share": value, "limit": RARE}))
    threads = int(counts.clusters[counts.counts["n"] > 0].sum())
    if threads < LEAST_THREADS:
        found.append(_few(threads))
    return tuple(found)


def _few(threads: int) -> Reason:
    return Reason("few_clusters", {"clusters": threads, "needed": LEAST_THREADS, "unit": "threads"})


def _notes(errors: Errors, n: int, everything: int) -> tuple[Reason, ...]:
    rows = errors.true_positive + errors.false_negative + errors.false_positive + errors.true_negative
    known = {
        "label": "low_effort",
        "sensitivity": errors.sensitivity,
        "specificity": errors.specificity,
        "raters_rows": rows,
    }
    unread = Reason("not_read", {"comments": everything - n, "of": everything})
    return (Reason("labeller_errors", known), *((unread,) if n < everything else ()))


LOW_EFFORT_SHARE = Measure(
    name=LOW_EFFORT_NAME,
    unit="share",
    n_unit="comments",
    min_n=300,
    needs=frozenset({"creator", "texts"}),
    covers=("comments",),
    labels=frozenset({"low_effort"}),
    compute=low_effort_share,
)


# -- the same words from several accounts ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shared:
    """Worded comments with how many accounts use their wording, and the wordings themselves."""

    rows: Any
    wordings: Any


def copied_comments(space: Space) -> Draft:
    """Share of comments whose wording three or more accounts use.

    Question: What share of the comments says what several other accounts also say, in the same words?
    Definition: comments by known members whose wording (a key that near-identical texts share) is used by at least
        three distinct accounts in this space, over comments that have a wording. Short texts have none and do not
        count. Parts: those used by three accounts within one day (UTC), and those of them that neither thank,
        support nor worry. Sensitivities ask for five and ten accounts. The series holds the ten largest wordings,
        without their texts; the evidence shows one comment of each of the first five.
    Interval: cluster bootstrap over threads, because copies come in waves under one post.
    Reference: Pacheco et al. 2021 and CooRTweet for shared content within a time window; three accounts is this
        project's choice: one more than a coincidence of two.
    Needs: authors, creator, texts.
    Minimum: 300 comments with a wording.
    Not: slogans, birthday wishes and song lines are shared by honest fans; the larger the community, the more often
        three members coincide. Wordings made to differ by a word are not found. Nobody is called fake.
    """
    shared = _shared(space)
    rows = shared.rows
    is_copied = rows.accounts >= COPIES
    is_kind = rows.thanks.fill_null(False) | rows.support.fill_null(False) | rows.worry.fill_null(False)
    counts = tally(
        space,
        rows,
        "root_uri",
        n=rows.count(),
        hits=is_copied.sum(),
        within_a_day=(rows.accounts_of_day >= COPIES).sum(),
        unkind=(is_copied & ~is_kind).sum(),
        by_5=(rows.accounts >= 5).sum(),
        by_10=(rows.accounts >= 10).sum(),
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
            counts.part("neither_thanks_nor_worry", "unkind", "n", COPIED_NAME),
        ),
        series=_clusters(largest),
        evidence_for=tuple(row["sample"] for row in largest[:5]),
        evidence_against=space.uris(rows.filter(rows.accounts == 1).order_by(NEWEST)),
        sensitivity=(
            Sensitivity(change="copies_by_5_accounts", value=counts.ratio("by_5", "n")),
            Sensitivity(change="copies_by_10_accounts", value=counts.ratio("by_10", "n")),
        ),
        reasons=(_few(threads),) if threads < LEAST_THREADS else (),
        notes=(Reason("without_wording", {"comments": everything - n, "of": everything}),) if n < everything else (),
    )


def _shared(space: Space) -> _Shared:
    signed = space.signed
    worded = signed.filter(signed.wording.notnull()).select(
        "uri", "account_uri", "root_uri", "created_s", "wording", "thanks", "support", "worry"
    )
    worded = worded.mutate(day=worded.created_s // DAY)
    wordings = worded.group_by("wording").aggregate(
        accounts=worded.account_uri.nunique(),
        comments=worded.count(),
        first_s=worded.created_s.min(),
        last_s=worded.created_s.max(),
        sample=worded.uri.min(),
    )
    # Most wordings are used once: only the shared ones are looked at day by day.
    several = wordings.filter(wordings.accounts >= COPIES).select("wording", "accounts")
    in_several = worded.inner_join(several, "wording")
    by_day = in_several.group_by(["wording", "day"]).aggregate(accounts_of_day=in_several.account_uri.nunique())
    by_day = by_day.select(shared_wording="wording", shared_day="day", accounts_of_day="accounts_of_day")
    joined = worded.left_join(wordings.select(any_wording="wording", accounts="accounts"), [("wording", "any_wording")])
    joined = joined.left_join(by_day, [joined.wording == by_day.shared_wording, joined.day == by_day.shared_day]).drop(
        "any_wording", "shared_wording", "shared_day"
    )
    kept = joined.mutate(accounts_of_day=joined.accounts_of_day.fill_null(0))
    return _Shared(space.snapshot.engine.keep(kept), wordings)


def _largest(wordings: Any) -> Any:
    copied = wordings.filter(wordings.accounts >= COPIES)
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
    unit="share",
    n_unit="comments",
    min_n=300,
    needs=frozenset({"authors", "creator", "texts"}),
    covers=("comments",),
    labels=frozenset({"wording"}),
    compute=copied_comments,
)
