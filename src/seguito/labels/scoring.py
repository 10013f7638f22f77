"""How well a label does on texts that people labelled: the figures, each with its interval.

Pure functions of numbers; where texts come from and how figures are shown is decided elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import DRAWS, Interval, Z, percentile, wilson

NOT_READ = -1
BINS = 15
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Said:
    """What a label said of some texts.

    Attributes:
        values: its values, in the order of the columns of `scores`.
        scores: the calibrated probability of each value; a row of NaN where the text was not read.
        decided: the number of the value it settled on; `NOT_READ` where the text was not read.
        unsure: whether the score lies in the band in which the label says "not sure".
    """

    values: tuple[str, ...]
    scores: Floats
    decided: Indices
    unsure: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; both `None` where it cannot be computed."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class ValueScore:
    """How one value of a label was told from the others.

    Attributes:
        value: the value.
        positives: rows whose gold is this value.
        found: rows that were given it.
        precision: share of those given it that are right.
        recall: share of those that are it that were given it.
        f1: harmonic mean of the two.
        auc: how often a row that is it scores above one that is not.
    """

    value: str
    positives: int
    found: int
    precision: Figure
    recall: Figure
    f1: Figure
    auc: Figure


@dataclass(frozen=True, slots=True)
class Covered:
    """What holds when only the surest share of the rows is answered."""

    coverage: float
    rows: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Score:
    """All figures of one label on one set.

    Attributes:
        n: rows scored.
        not_read: rows the label did not read; they count as errors, or as "no" where the label is yes or no.
        unsure: rows in the band in which the label says "not sure".
        accuracy: share of rows decided right.
        macro_f1: mean of F1 over the values that occur.
        macro_recall: mean of recall over the values that occur.
        ece: expected calibration error: how far confidence and accuracy lie apart, in 15 bins of equal width.
        values: the figures of each value.
        curve: accuracy and macro-F1 when the least sure rows are left unanswered.
        confusion: rows by gold value (down) and decided value (across; the last column is "not read").
    """

    n: int
    not_read: int
    unsure: int
    accuracy: Figure
    macro_f1: Figure
    macro_recall: Figure
    ece: Figure
    values: tuple[ValueScore, ...]
    curve: tuple[Covered, ...]
    confusion: tuple[tuple[int, ...], ...]


def score(gold: Indices, said: Said, *, seed: int = 0) -> Score:
    """Compare what a label said with what people said.

    Args:
        gold: the number of the right value of each row.
        said: what the label said of the same rows.
        seed: makes the resampled intervals repeatable.

    Returns:
        The figures. Rows are taken as independent: where they come in threads, intervals are too narrow.
    """
    k, n = len(said.values), len(gold)
    decided = np.where(said.decided == NOT_READ, 0 if said.values == ("no", "yes") else k, said.decided)
    table = confusion(gold, decided, k)
    drawn = _resampled(table, seed)
    confidence, right = _confidence(gold, said)
    return Score(
        n=n,
        not_read=int((said.decided == NOT_READ).sum()),
        unsure=int(said.unsure.sum()),
        accuracy=_share(int(np.trace(table)), n),
        macro_f1=_figure(_macro(_f1(table[None]), table)[0], _macro(_f1(drawn), table)),
        macro_recall=_figure(_macro(_recall(table[None]), table)[0], _macro(_recall(drawn), table)),
        ece=_calibration(confidence, right, seed),
        values=tuple(_value(number, said, gold, table, drawn) for number in range(k)),
        curve=_curve(gold, decided, said, k),
        confusion=tuple(tuple(int(cell) for cell in row) for row in table),
    )


def confusion(gold: Indices, decided: Indices, k: int) -> Indices:
    """Counts of rows by gold value (k rows) and decided value (k + 1 columns, the last for "not read")."""
    cells = np.bincount(gold * (k + 1) + decided, minlength=k * (k + 1))
    table: Indices = cells.reshape(k, k + 1).astype(np.int64)
    return table


def auc(scores: Floats, positive: npt.NDArray[np.bool_]) -> Figure:
    """Area under the ROC curve with DeLong's interval (DeLong, DeLong & Clarke-Pearson 1988; by ranks, Sun & Xu 2014).

    Ties count half. No figure where all rows are positive, or none is.
    """
    from scipy.stats import rankdata

    n1, n0 = int(positive.sum()), int((~positive).sum())
    if not n1 or not n0:
        return Figure(None, None)
    ranks = rankdata(scores)
    above = (ranks[positive] - rankdata(scores[positive])) / n0
    below = 1 - (ranks[~positive] - rankdata(scores[~positive])) / n1
    area = float(above.mean())
    if min(n1, n0) < 2:
        return Figure(area, None)
    half = Z * math.sqrt(float(above.var(ddof=1)) / n1 + float(below.var(ddof=1)) / n0)
    return Figure(area, Interval(max(0.0, area - half), min(1.0, area + half), "DeLong"))


def expected_calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Mean distance of confidence and accuracy over bins of equal width, weighted by rows (Guo et al. 2017)."""
    if not len(confidence):
        return math.nan
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def _value(number: int, said: Said, gold: Indices, table: Indices, drawn: Indices) -> ValueScore:
    hits, positives, found = int(table[number, number]), int(table[number].sum()), int(table[:, number].sum())
    scores = np.nan_to_num(said.scores[:, number], nan=0.0)
    return ValueScore(
        value=said.values[number],
        positives=positives,
        found=found,
        precision=_share(hits, found),
        recall=_share(hits, positives),
        f1=_figure(_f1(table[None])[0, number], _f1(drawn)[:, number]) if positives else Figure(None, None),
        auc=auc(scores, gold == number),
    )


def _resampled(table: Indices, seed: int) -> Indices:
    """Confusion tables of bootstrap samples of the rows: drawing cells is the same as drawing rows."""
    n = int(table.sum())
    if not n:
        return np.zeros((0, *table.shape), dtype=np.int64)
    rng = np.random.default_rng(seed)
    drawn: Indices = rng.multinomial(n, table.ravel() / n, size=DRAWS).reshape(DRAWS, *table.shape)
    return drawn


def _f1(tables: Indices) -> Floats:
    k = tables.shape[1]
    hits = np.diagonal(tables[:, :, :k], axis1=1, axis2=2).astype(np.float64)
    both = tables[:, :, :k].sum(axis=1) + tables.sum(axis=2)
    f1: Floats = np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)
    return f1


def _recall(tables: Indices) -> Floats:
    k = tables.shape[1]
    hits = np.diagonal(tables[:, :, :k], axis1=1, axis2=2).astype(np.float64)
    positives = tables.sum(axis=2)
    recall: Floats = np.divide(hits, positives, out=np.zeros_like(hits), where=positives > 0)
    return recall


def _macro(figures: Floats, table: Indices) -> Floats:
    """The mean over the values that occur in the gold; NaN where none does."""
    present = table.sum(axis=1) > 0
    if not present.any():
        return np.full(len(figures), math.nan)
    mean: Floats = figures[:, present].mean(axis=1)
    return mean


def _confidence(gold: Indices, said: Said) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """How sure the most likely value is, and whether it is right, of the rows that were read."""
    # A rule may decide on a text of which the reader has no probability: it is right or wrong, but not sure or unsure.
    read = (said.decided != NOT_READ) & ~np.isnan(said.scores).any(axis=1)
    scores = said.scores[read]
    if not len(scores):
        return np.empty(0), np.empty(0, dtype=np.bool_)
    return scores.max(axis=1), scores.argmax(axis=1) == gold[read]


def _calibration(confidence: Floats, right: npt.NDArray[np.bool_], seed: int) -> Figure:
    if not len(confidence):
        return Figure(None, None)
    rng = np.random.default_rng(seed)
    n = len(confidence)
    picked = (rng.integers(0, n, n) for _ in range(200))
    draws = np.array([expected_calibration_error(confidence[rows], right[rows]) for rows in picked])
    return _figure(expected_calibration_error(confidence, right), draws)


def _curve(gold: Indices, decided: Indices, said: Said, k: int) -> tuple[Covered, ...]:
    scores = np.column_stack([np.nan_to_num(said.scores, nan=0.0), np.zeros(len(gold))])
    sure = scores[np.arange(len(gold)), decided]
    order = np.argsort(-sure, kind="stable")
    curve = []
    for coverage in COVERAGES:
        rows = order[: round(coverage * len(gold))]
        if not len(rows):
            continue
        table = confusion(gold[rows], decided[rows], k)
        macro = float(_macro(_f1(table[None]), table)[0])
        curve.append(Covered(coverage, len(rows), float(np.trace(table)) / len(rows), macro))
    return tuple(curve)


def _share(hits: int, n: int) -> Figure:
    return Figure(hits / n, wilson(hits, n)) if n else Figure(None, None)


def _figure(value: float, draws: Floats | Sequence[float]) -> Figure:
    if math.isnan(value):
        return Figure(None, None)
    return Figure(float(value), percentile(np.asarray(draws, dtype=np.float64), "bootstrap"))
