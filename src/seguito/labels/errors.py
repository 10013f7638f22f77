"""How often a label is wrong: as its owner found by marking comments of this very space, or as measured elsewhere."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from seguito.kit.intervals import Errors
from seguito.labels.catalogue import LABELS, YES

if TYPE_CHECKING:
    from seguito.labels.checking_result import Checked
    from seguito.store.snapshot import Snapshot

BOTH = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a label's errors in one space.

    Attributes:
        errors: what was right and wrong; `None` where nobody measured it.
        check: the finished check by the space's owner that tells it; `None` where it was measured elsewhere.
        outdated: the day of a finished check that is not used, because the label is by another revision now.
    """

    errors: Errors | None
    check: Checked | None = None
    outdated: date | None = None


def errors_in(snapshot: Snapshot, creator_uri: str, label: str, value: str | None = None) -> Known:
    """What is known of a label's errors, or of one of its values', in a creator's space: the one place measures ask.

    The newest finished check of the label counts, if it was of the labeller as it is now and has enough sure marks
    (`checking_result.ENOUGH`); else the errors measured elsewhere; else none. Marks that the snapshot does not hold yet
    are not known to it. Where a larger model spoke of the label, nothing measured elsewhere holds: that was measured
    of the labellers that ship.

    Args:
        snapshot: the moment of the lake.
        creator_uri: whose space.
        label: the label.
        value: the value that the share is of, where the label has several: then only checks of this value count.
    """
    from seguito.labels.checking_log import checks
    from seguito.labels.checking_result import checked

    source, outdated = source_in(snapshot, label), None
    asked = [
        one
        for own in _asked(label, value)
        for one in checks(snapshot.layout, creator_uri, label, own, snapshot.sequence)
    ]
    for one in sorted(asked, key=lambda one: one.design.drawn_at, reverse=True):
        found = checked(one.sample, one.marks, one.last_day)
        if found is None:
            continue
        if one.design.source == source:
            return Known(None if found.direct else found.errors, found)
        outdated = outdated or found.at
    elsewhere = errors_of(_measured_as(label, value)) if source == source_of_label(label) else None
    return Known(elsewhere, outdated=outdated)


def _asked(label: str, value: str | None) -> tuple[str | None, ...]:
    """What checks may have asked: of a label with one value that value or the label, which comes to the same."""
    one_valued = label in LABELS and LABELS[label].values == YES
    return (None, *YES) if one_valued else (value,)


def _measured_as(label: str, value: str | None) -> str:
    """What the figures of a value are called in `errors.toml`."""
    plain = value is None or value in YES or (label, value) == ("question", "genuine")
    return label if plain else f"{label}={value}"


def source_in(snapshot: Snapshot, label: str) -> str:
    """Name and revision of whatever gives a label in a workspace: larger models too, where the last reading used any.

    Args:
        snapshot: the moment of the lake.
        label: the label.
    """
    from seguito.labels.registry import labellers
    from seguito.labels.second import label_of

    told = newest_reading(snapshot) or ()
    models = [source for source in told if label_of(source) == label]
    if not models:
        return source_of_label(label)
    # Beside a model the reader still speaks where the model is not asked.
    names = {one.name for one in labellers() if label in one.labels}
    beside = [source for source in told if source.partition("@")[0] in names]
    return "+".join(sorted([*models, *beside]))


def newest_reading(snapshot: Snapshot) -> frozenset[str] | None:
    """The sources of all labellers of the newest reading that tells them; `None` where none does."""
    for batch in reversed(snapshot.batches):
        told = json.loads(batch.details).get("labellers") if batch.step == "label" else None
        if told is not None:
            return frozenset(told)
    return None


def source_of_label(label: str) -> str:
    """Name and revision of whatever gives a label now; empty where nothing does."""
    from seguito.labels.contract import source_of
    from seguito.labels.registry import labellers

    return "+".join(sorted(source_of(one) for one in labellers() if label in one.labels))


def errors_of(label: str, language: str | None = None) -> Errors | None:
    """What was right and wrong among comments with and without a label, as measured on other comments.

    The counts come from `errors.toml`, which `python -m training.rule_errors` writes: other comments than those a
    measure reads, so a share corrected by them carries the assumption that rules err there as they do here.

    Args:
        label: the label.
        language: "it", "en", or `None` for both together.

    Returns:
        The counts; `None` where they were not measured, or on too few comments to say anything.
    """
    return _measured().get((label, BOTH if language is None else language))


@cache
def _measured() -> dict[tuple[str, str], Errors]:
    text = (files("seguito.labels") / "errors.toml").read_text(encoding="utf-8")
    return {
        (row["label"], row["language"]): Errors(
            true_positive=row["true_positive"],
            false_negative=row["false_negative"],
            false_positive=row["false_positive"],
            true_negative=row["true_negative"],
        )
        for row in tomllib.loads(text).get("errors", [])
    }
