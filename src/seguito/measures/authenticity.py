"""Authenticity: how many comments cost no effort?"""

from __future__ import annotations

from dataclasses import replace

import ibis

from seguito.kit.intervals import (
    Errors,
    Interval,
    corrected,
    corrected_draws,
    effective_clusters,
    percentile,
    ratios,
    seed_of,
)
from seguito.labels.checking_result import Checked
from seguito.labels.errors import Known, errors_in
from seguito.measures.checked import by_code, note, outdated, outgrown, unsure
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Reason, Sensitivity
from seguito.measures.space import Space
from seguito.measures.tally import Tally, tally
from seguito.measures.transport import SHIFTS

LOW_EFFORT_NAME = "authenticity.low_effort_share"
NEWEST = [ibis.desc("created_s"), "uri"]
# Below this share, false alarms outnumber the finds and the labeller's errors decide the figure.
RARE = 0.05
# Threads below which a cluster bootstrap says little.
LEAST_THREADS = 20


def low_effort_share(space: Space) -> Draft:
    """Share of comments that cost no effort, corrected for the labeller's measured errors.

    Question: What share of the comments is of little effort: emoji, mentions or a few words that fit any post?
    Definition: comments by members labelled low_effort over those that were read, corrected for the labeller's
        sensitivity and specificity on rows that people labelled (Rogan-Gladen). Not shown where those errors are not
        known. Sensitivities give it for a specificity 3 points and a sensitivity 10 points lower and higher, because
        texts here may differ from those. Where the owner has checked the label on this space (seguito check), its
        errors here are used instead; below 5 %, or where the marks are too few to tell them, the share is what the
        marks alone say: the sum over strata of their share of the comments times the share marked yes.
    Interval: cluster bootstrap over threads, with the errors' own uncertainty (Beta posteriors) drawn along; of a
        share by marks alone, the normal interval of a stratified sample.
    Reference: Rogan & Gladen 1978; Lang & Reiczigel 2014; Cochran 1977, chapter 5.
    Needs: texts; weak where the source does not tell the creator from the members.
    Minimum: 300 comments that were read.
    Not: a heart is cheap and may be heartfelt: low effort is not fake. Where the share is below 5 % and nobody has
        checked the label here, the labeller's errors decide the figure, and it is marked weak.
    """
    known = errors_in(space.snapshot, space.creator_uri, "low_effort")
    rows = space.comments
    read, hits = rows.low_effort.notnull(), by_code(rows.low_effort, rows.uri, known.check)
    counts = tally(space, rows, "root_uri", n=read.sum(), hits=hits.fill_null(False).sum(), everything=rows.count())
    n = counts.total("n")
    if n and known.check is not None and known.check.direct:
        return _by_marks(space, counts, known.check)
    errors = known.errors
    if errors is None:
        return Draft(value=None, n=n, barred=Reason("uncorrected", {"label": "low_effort"}))
    if not errors.informative:
        blind = {"label": "low_effort", "sensitivity": errors.sensitivity, "specificity": errors.specificity}
        return Draft(value=None, n=n, barred=Reason("labeller_blind", blind))
    if not n:
        return Draft(value=None, n=0)
    apparent = counts.total("hits") / n
    value, evidence = corrected(apparent, errors), _evidence(space)
    return Draft(
        value=value,
        n=n,
        interval=_corrected_interval(counts, errors),
        evidence_for=evidence[0],
        evidence_against=evidence[1],
        sensitivity=_sensitivity(apparent, errors, known),
        reasons=(*_doubts(value, counts, errors, known), *creator_unknown(space)),
        notes=_notes(known, errors, n, counts.total("everything")),
    )


def _by_marks(space: Space, counts: Tally, check: Checked) -> Draft:
    """The share as the owner's marks alone give it."""
    n, everything, evidence = counts.total("n"), counts.total("everything"), _evidence(space)
    return Draft(
        value=check.share,
        n=n,
        interval=check.interval,
        evidence_for=evidence[0],
        evidence_against=evidence[1],
        sensitivity=unsure(check, check.unsure_yes, check.unsure_no),
        reasons=(*outgrown("low_effort", check, n), *creator_unknown(space)),
        notes=(note("low_effort", check), *_not_read(n, everything)),
    )


def _evidence(space: Space) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = space.comments
    return (
        space.uris(rows.filter(rows.low_effort.fill_null(False)).order_by(NEWEST)),
        space.uris(rows.filter(~rows.low_effort.fill_null(True)).order_by(NEWEST)),
    )


def _corrected_interval(counts: Tally, errors: Errors) -> Interval | None:
    seed = seed_of(LOW_EFFORT_NAME)
    raw = counts.interval("hits", "n", LOW_EFFORT_NAME)
    if raw is None:
        return None
    shares = ratios(counts.drawn(("hits", "n"), seed))
    clusters = effective_clusters(counts.counts["n"], counts.clusters)
    found = percentile(corrected_draws(shares, errors, seed=seed), "cluster bootstrap, corrected", clusters=clusters)
    if found is None or not _misfit(counts, errors):
        return found
    # The upper end then takes every find for true, and adds those that the labeller misses.
    return replace(found, lo=0.0, hi=max(found.hi, min(1.0, raw.hi / errors.sensitivity)))


def _misfit(counts: Tally, errors: Errors) -> bool:
    """Whether fewer were found than false alarms alone would give: the errors measured elsewhere do not hold here."""
    return counts.total("hits") < (1 - errors.specificity) * counts.total("n")


def _sensitivity(apparent: float, errors: Errors, known: Known) -> tuple[Sensitivity, ...]:
    """Errors measured elsewhere may differ here; of errors measured here, what was not sure may be either."""
    check = known.check
    if check is None:
        return tuple(_shifted(apparent, errors, *shift) for shift in SHIFTS)
    both = (check.errors_unsure_yes, check.errors_unsure_no)
    return unsure(check, *(corrected(apparent, one) if one is not None and one.informative else None for one in both))


def _shifted(apparent: float, errors: Errors, change: str, in_se: float, in_sp: float) -> Sensitivity:
    se, sp = min(1.0, errors.sensitivity + in_se), min(1.0, errors.specificity + in_sp)
    gap = se + sp - 1
    return Sensitivity(change=change, value=min(1.0, max(0.0, (apparent + sp - 1) / gap)) if gap > 0 else None)


def _doubts(value: float, counts: Tally, errors: Errors, known: Known) -> tuple[Reason, ...]:
    found = []
    if _misfit(counts, errors):
        share = counts.total("hits") / counts.total("n")
        figures = {"label": "low_effort", "share": share, "false_alarms": 1 - errors.specificity}
        found.append(Reason("errors_do_not_fit", figures))
    if value < RARE and known.check is None:
        found.append(Reason("rare_class", {"label": "low_effort", "share": value, "limit": RARE}))
    threads = int(counts.clusters[counts.counts["n"] > 0].sum())
    if threads < LEAST_THREADS:
        found.append(few_threads(threads))
    return tuple(found)


def creator_unknown(space: Space) -> tuple[Reason, ...]:
    """The reserve that the creator's own comments cannot be told from the members'."""
    return () if "creator" in space.capabilities else (Reason("creator_unknown"),)


def few_threads(threads: int) -> Reason:
    """The reserve that comments stand under few threads."""
    return Reason("few_clusters", {"clusters": threads, "needed": LEAST_THREADS, "unit": "threads"})


def _notes(known: Known, errors: Errors, n: int, everything: int) -> tuple[Reason, ...]:
    rows = errors.true_positive + errors.false_negative + errors.false_positive + errors.true_negative
    figures = {
        "label": "low_effort",
        "sensitivity": errors.sensitivity,
        "specificity": errors.specificity,
        "raters_rows": rows,
    }
    measured = Reason("labeller_errors", figures) if known.check is None else note("low_effort", known.check)
    return (measured, *outdated("low_effort", known), *_not_read(n, everything))


def _not_read(n: int, everything: int) -> tuple[Reason, ...]:
    return (Reason("not_read", {"comments": everything - n, "of": everything}),) if n < everything else ()


LOW_EFFORT_SHARE = Measure(
    name=LOW_EFFORT_NAME,
    version=2,
    unit="share",
    n_unit="comments",
    min_n=300,
    needs=frozenset({"texts"}),
    covers=("comments",),
    labels=frozenset({"low_effort"}),
    compute=low_effort_share,
)
