"""How well the scorer does on profiles that people sorted, and what it says of profiles that nobody did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seguito.kit.intervals import DRAWS, Errors, Interval, percentile, wilson
from seguito.labels.scoring import Figure, auc
from seguito.measures.profiles.errors import STEPS, Prevalence, errors_of, prevalence_of
from seguito.measures.profiles.fields import FIELDS, Flags, Ints, Profiles
from seguito.measures.profiles.scorer import Scorer

PREVALENCES = (0.05, 0.10, 0.20)
FALSE_ALARMS = (0.01, 0.02, 0.05, 0.10, 0.20)
# A field that fewer profiles tell is left out, rather than the profiles that do not tell it.
TOLD_BY = 0.9


@dataclass(frozen=True, slots=True)
class RocPoint:
    """The sensitivity that can be had at a share of false alarms, and by how many points over the threshold."""

    false_alarms: float
    sensitivity: float
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """How a scorer did on sorted profiles.

    Attributes:
        n: profiles that tell any field; the area and the curve rest on these.
        positives: those of them that are fakes.
        decided: those of which enough is known to say above or below; the other figures rest on these.
        auc: how often a fake has more points than another profile (DeLong), against the threshold of what each tells.
        roc: points of the curve.
        sensitivity: share of the fakes at or above the threshold (Wilson).
        specificity: share of the others below it (Wilson).
        ppv: by prevalence, the share of those above the threshold that are fakes; Beta draws of both errors.
        errors: the counts.
    """

    n: int
    positives: int
    decided: int
    auc: Figure
    roc: tuple[RocPoint, ...]
    sensitivity: Figure
    specificity: Figure
    ppv: Mapping[float, Figure]
    errors: Errors


def compare(profiles: Profiles, is_fake: Flags, scorer: Scorer) -> Score:
    """Compare what the scorer says with what people said."""
    above, decided = scorer.decide(profiles)
    margins, told = scorer.margins(profiles)
    errors = _errors(above[decided], is_fake[decided])
    margins, fake = margins[told], is_fake[told]
    return Score(
        n=int(told.sum()),
        positives=int(fake.sum()),
        decided=int(decided.sum()),
        auc=auc(margins.astype(np.float64), fake),
        roc=_roc(margins, fake),
        sensitivity=_share(errors.true_positive, errors.true_positive + errors.false_negative),
        specificity=_share(errors.true_negative, errors.true_negative + errors.false_positive),
        ppv={share: _ppv(errors, share) for share in PREVALENCES},
        errors=errors,
    )


def _errors(found: Flags, fake: Flags) -> Errors:
    return Errors(
        true_positive=int((found & fake).sum()),
        false_negative=int((~found & fake).sum()),
        false_positive=int((found & ~fake).sum()),
        true_negative=int((~found & ~fake).sum()),
    )


def _roc(points: Ints, fake: Flags) -> tuple[RocPoint, ...]:
    if not fake.any() or fake.all():
        return ()
    limits = np.unique(points)[::-1]
    of_fakes, of_others = np.sort(points[fake]), np.sort(points[~fake])
    hit = 1 - np.searchsorted(of_fakes, limits) / len(of_fakes)
    alarm = 1 - np.searchsorted(of_others, limits) / len(of_others)
    found = []
    for most in FALSE_ALARMS:
        at = int(np.searchsorted(alarm, most, side="right")) - 1
        if at >= 0:
            found.append(RocPoint(most, float(hit[at]), int(limits[at])))
    return tuple(found)


def _share(hits: int, n: int) -> Figure:
    return Figure(hits / n, wilson(hits, n)) if n else Figure(None, None)


def _ppv(errors: Errors, share: float) -> Figure:
    """The share of finds that are right, at a prevalence; nothing where no fake or no other profile was tried."""
    positives = errors.true_positive + errors.false_negative
    negatives = errors.true_negative + errors.false_positive
    right = share * errors.true_positive / positives if positives else 0.0
    wrong = (1 - share) * errors.false_positive / negatives if negatives else 0.0
    if not positives or not negatives or not right + wrong:
        return Figure(None, None)
    rng = np.random.default_rng(0)
    se = rng.beta(errors.true_positive + 1, errors.false_negative + 1, DRAWS)
    sp = rng.beta(errors.true_negative + 1, errors.false_positive + 1, DRAWS)
    drawn = share * se / (share * se + (1 - share) * (1 - sp))
    value, interval = right / (right + wrong), percentile(drawn, "Beta draws")
    if interval is not None:
        interval = Interval(min(interval.lo, value), max(interval.hi, value), interval.method)
    return Figure(value, interval)


def errors_at(profiles: Profiles, is_fake: Flags, limit: int, scorer: Scorer) -> Errors:
    """Right and wrong with the threshold at so many points."""
    return _errors(scorer.score(profiles) >= limit, is_fake)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the scorer says of many profiles, on the fields that nearly all of them tell.

    Attributes:
        fields: the fields used.
        n: profiles that tell all of these.
        above: those at or above the threshold; 0 where too little is known to score any.
        is_scored: whether these fields are enough.
        errors: how often the scorer was right and wrong with these fields; `None` where that was not measured.
        prevalence: what follows; `None` without errors, or where they say too little.
        stepped: the prevalence with the threshold a point lower and a point higher, each with the errors it has there.
    """

    fields: tuple[str, ...]
    n: int
    above: int
    is_scored: bool
    errors: Errors | None = None
    prevalence: Prevalence | None = None
    stepped: tuple[tuple[str, float | None], ...] = ()


def count(profiles: Profiles, scorer: Scorer) -> Counted:
    """The share above the threshold and the prevalence, on one set of fields for all; without the accounts' age."""
    told = {field: profiles.known(field) for field in FIELDS if field != "age"}
    fields = tuple(name for name, known in told.items() if profiles.rows and known.mean() >= TOLD_BY)
    kept = np.ones(profiles.rows, dtype=np.bool_)
    for name in fields:
        kept &= told[name]
    limit = scorer.limit(fields)
    if limit is None:
        return Counted(fields, int(kept.sum()), 0, is_scored=False)
    rows = profiles.without(set(FIELDS) - set(fields)).some(kept)
    points = scorer.score(rows)
    behind = {}
    for step in STEPS:
        errors = errors_of(scorer, fields, step)
        above = int((points >= limit + step).sum())
        behind[step] = None if errors is None else prevalence_of(above, rows.rows, errors)
    stepped = (("points_one_lower", -1), ("points_one_higher", 1))
    return Counted(
        fields,
        rows.rows,
        int((points >= limit).sum()),
        is_scored=True,
        errors=errors_of(scorer, fields),
        prevalence=behind[0],
        stepped=tuple((change, None if (one := behind[at]) is None else one.value) for change, at in stepped),
    )
