"""How often the scorer was wrong, by the fields it could read; and the prevalence that follows from a share above."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from seguito.kit.intervals import Errors, Interval, prevalence
from seguito.measures.profiles.fields import FIELDS
from seguito.measures.profiles.scorer import OPEN, Scorer
from seguito.measures.transport import SHIFTS

# Thresholds at which the errors were counted: so many points higher -> the name of the counts in a file.
STEPS: Mapping[int, str] = {0: "counts", -1: "lower", 1: "higher"}
# A scorer that tells the two apart worse than this is not asked for a prevalence.
LEAST_GAP = 0.3


@dataclass(frozen=True, slots=True)
class Prevalence:
    """The share of profiles consistent with fakes behind a share above the threshold.

    Attributes:
        value: the Rogan-Gladen estimate with the errors as measured.
        interval: of Lang and Reiczigel.
        hull: from the lowest to the highest bound when the errors are moved by all of `SHIFTS`, alone and together.
        shifted: the estimate under each of `SHIFTS`.
    """

    value: float
    interval: Interval
    hull: Interval
    shifted: tuple[tuple[str, float | None], ...]


def errors_of(scorer: Scorer, fields: Iterable[str], step: int = 0) -> Errors | None:
    """What was right and wrong with just these fields known; `None` where it was not measured.

    An account's age was unknown where the scorer was measured, so it is left out of account.

    Args:
        scorer: whose errors.
        fields: the fields known.
        step: with the threshold so many points higher; one of `STEPS`.
    """
    known = tuple(field for field in FIELDS if field in set(fields) - {"age"})
    return _table(scorer).get((known, step))


def _table(scorer: Scorer) -> Mapping[tuple[tuple[str, ...], int], Errors]:
    if scorer.name != OPEN:
        return _read(scorer.errors)
    measured = _measured()
    return _read(tuple(measured["errors"])) if measured["revision"] == scorer.revision else {}


@cache
def _measured() -> dict[str, Any]:
    return tomllib.loads((files("seguito.measures.profiles") / "errors.toml").read_text(encoding="utf-8"))


def _read(rows: tuple[Mapping[str, Any], ...]) -> dict[tuple[tuple[str, ...], int], Errors]:
    return {
        (tuple(row["fields"]), step): Errors(
            true_positive=int(row[name][0]),
            false_negative=int(row[name][1]),
            false_positive=int(row[name][2]),
            true_negative=int(row[name][3]),
        )
        for row in rows
        for step, name in STEPS.items()
        if name in row
    }


def prevalence_of(hits: int, n: int, errors: Errors) -> Prevalence | None:
    """The prevalence behind `hits` of `n`, with what becomes of it where the errors are others here."""
    plain = prevalence(hits, n, errors)
    if plain is None or errors.sensitivity + errors.specificity - 1 < LEAST_GAP:
        return None
    moved = [
        found
        for in_se in (-0.10, 0.0, 0.10)
        for in_sp in (-0.03, 0.0, 0.03)
        if (found := prevalence(hits, n, errors, in_se=in_se, in_sp=in_sp)) is not None
    ]
    hull = Interval(min(one.lo for _, one in moved), max(one.hi for _, one in moved), "sensitivity hull")
    shifted = []
    for change, in_se, in_sp in SHIFTS:
        found = prevalence(hits, n, errors, in_se=in_se, in_sp=in_sp)
        shifted.append((change, None if found is None else found[0]))
    return Prevalence(plain[0], plain[1], hull, tuple(shifted))


def smallest_seen(n: int, errors: Errors) -> float | None:
    """The smallest prevalence that `n` profiles would have told from none, whatever the errors are within the hull."""
    low, high = 0, n
    if not _is_seen(n, n, errors):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _is_seen(middle, n, errors) else (middle + 1, high)
    found = prevalence(low, n, errors)
    return None if found is None else found[0]


def _is_seen(hits: int, n: int, errors: Errors) -> bool:
    found = prevalence_of(hits, n, errors)
    return found is not None and found.hull.lo > 0
