"""What the marks of a check say: the label's share by itself, and how often its labeller errs here.

The share is the sum over strata of W·x/n, with W the stratum's share of all comments and x of n marked "yes". Each end
of its interval is the farther of two: of the normal interval, whose variance takes (x + 1/4)/(n + 1/2) for each
stratum's share, so that a stratum where nothing was found claims no certainty; and of the strata's own Jeffreys limits,
squared and added (Zou & Donner 2008). The first alone is too narrow where the labeller tells little: it left out the
truth in one case of seven at a true 2 %. Errors are weighted shares, written as whole counts of the effective number of
rows (Kish 1965).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from seguito.kit.intervals import LEVEL, Errors, Interval, Z
from seguito.labels.checking import Mark, Sample, Sampled

METHOD = "stratified sample, marked by hand"
# Fewer sure marks than this tell too little to replace errors measured elsewhere.
ENOUGH = 100
# Below this share the marks themselves are the best estimate: so few true ones say little of the labeller's errors.
RARE = 0.05
# Fewer comments than this that have the label, or that have it not, and nothing is known of errors on them.
LEAST = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A finished check.

    Attributes:
        comments: how many comments it was drawn from.
        rows: how many were marked yes or no.
        yes: how many were marked yes.
        unsure: how many whoever marked was not sure of.
        share: the share of comments that have the label, by the marks alone.
        interval: of that share.
        unsure_yes: the share if all those not sure of had the label; `unsure_no`: if none had.
        errors: the labeller's errors here; `None` where the marks are too few to tell.
        errors_unsure_yes: the same if all those not sure of had the label; `errors_unsure_no`: if none had.
        at: the day of the last mark.
        added: uris marked yes where code had found nothing.
        denied: uris marked no where code had found the label.
    """

    comments: int
    rows: int
    yes: int
    unsure: int
    share: float
    interval: Interval
    unsure_yes: float
    unsure_no: float
    errors: Errors | None
    errors_unsure_yes: Errors | None
    errors_unsure_no: Errors | None
    at: date
    added: tuple[str, ...]
    denied: tuple[str, ...]

    @property
    def direct(self) -> bool:
        """Whether the share by the marks alone says more than one corrected for the labeller's errors."""
        return self.share < RARE or self.errors is None or not self.errors.informative


def checked(sample: Sample, marks: Mapping[str, Mark], at: date) -> Checked | None:
    """What the marks of a sample say; `None` where it is not wholly marked, or too few marks are sure."""
    rows = sample.rows
    if not rows or any(row.uri not in marks for row in rows):
        return None
    sure = [row for row in rows if marks[row.uri] != "?"]
    unsure = [row for row in rows if marks[row.uri] == "?"]
    yes = [row for row in sure if marks[row.uri] == "y"]
    bare = [k for k, stratum in enumerate(sample.strata) if stratum.size and not any(r.stratum == k for r in sure)]
    whole = len(sure) == sum(stratum.size for stratum in sample.strata)
    if bare or (len(sure) < ENOUGH and not whole):
        return None
    return Checked(
        comments=sum(stratum.size for stratum in sample.strata),
        rows=len(sure),
        yes=len(yes),
        unsure=len(unsure),
        share=stratified(sample, sure, yes)[0],
        interval=_interval(sample, sure, yes),
        unsure_yes=stratified(sample, rows, [*yes, *unsure])[0],
        unsure_no=stratified(sample, rows, yes)[0],
        errors=errors(sample, sure, yes),
        errors_unsure_yes=errors(sample, rows, [*yes, *unsure]),
        errors_unsure_no=errors(sample, rows, yes),
        at=at,
        added=tuple(sorted(row.uri for row in yes if not row.has)),
        denied=tuple(sorted(row.uri for row in sure if row.has and marks[row.uri] == "n")),
    )


def stratified(sample: Sample, rows: Sequence[Sampled], yes: Sequence[Sampled]) -> tuple[float, float]:
    """A share and its variance.

    Args:
        sample: tells how large the strata are.
        rows: the rows that count; some of every stratum that holds any.
        yes: those of them that have the label.
    """
    total = sum(stratum.size for stratum in sample.strata)
    share, variance = 0.0, 0.0
    for number, stratum in enumerate(sample.strata):
        if not stratum.size:
            continue
        n, x = _count(rows, number), _count(yes, number)
        weight, smoothed = stratum.size / total, (x + 0.25) / (n + 0.5)
        share += weight * x / n
        variance += weight**2 * smoothed * (1 - smoothed) * (1 - n / stratum.size) / n
    return share, variance


def _interval(sample: Sample, rows: Sequence[Sampled], yes: Sequence[Sampled]) -> Interval:
    share, variance = stratified(sample, rows, yes)
    half, below, above = Z * math.sqrt(variance), 0.0, 0.0
    total = sum(stratum.size for stratum in sample.strata)
    for number, stratum in enumerate(sample.strata):
        if stratum.size:
            n, x = _count(rows, number), _count(yes, number)
            lo, hi = _jeffreys(x, n, stratum.size)
            below += (stratum.size / total * (x / n - lo)) ** 2
            above += (stratum.size / total * (hi - x / n)) ** 2
    lower, upper = share - max(half, math.sqrt(below)), share + max(half, math.sqrt(above))
    return Interval(max(0.0, lower), min(1.0, upper), METHOD)


def _jeffreys(x: int, n: int, size: int) -> tuple[float, float]:
    """Limits of a share of `size` comments of which `n` were drawn; drawing most of them counts for more."""
    from scipy.special import betaincinv

    if n >= size:
        return x / n, x / n
    worth = n / (1 - n / size)
    first, second = x / n * worth + 0.5, (1 - x / n) * worth + 0.5
    tail = (1 - LEVEL) / 2
    lo = 0.0 if x == 0 else float(betaincinv(first, second, tail))
    hi = 1.0 if x == n else float(betaincinv(first, second, 1 - tail))
    return min(lo, x / n), max(hi, x / n)


def errors(sample: Sample, rows: Sequence[Sampled], yes: Sequence[Sampled]) -> Errors | None:
    """The labeller's errors on marked rows, as counts of effective rows; `None` with too few of either kind."""
    having = {row.uri for row in yes}
    negative = [row for row in rows if row.uri not in having]
    if min(len(yes), len(negative)) < LEAST:
        return None
    counts = [_count(rows, number) for number in range(len(sample.strata))]
    weights = [stratum.size / n if n else 0.0 for stratum, n in zip(sample.strata, counts, strict=True)]
    found, n_positive = _found(yes, weights)
    alarms, n_negative = _found(negative, weights)
    return Errors(
        true_positive=found,
        false_negative=n_positive - found,
        false_positive=alarms,
        true_negative=n_negative - alarms,
    )


def _found(rows: Sequence[Sampled], weights: Sequence[float]) -> tuple[int, int]:
    """Of the effective number of rows, how many code gave the label; and that number."""
    mass = sum(weights[row.stratum] for row in rows)
    effective = round(mass**2 / sum(weights[row.stratum] ** 2 for row in rows))
    return round(effective * sum(weights[row.stratum] for row in rows if row.has) / mass), effective


def _count(rows: Sequence[Sampled], stratum: int) -> int:
    return sum(row.stratum == stratum for row in rows)
