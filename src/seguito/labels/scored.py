"""What a label says of any texts, as probabilities: the same voices that label posts, asked outside a lake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.kit.errors import UsageError
from seguito.labels.catalogue import YES, Label, resolve
from seguito.labels.contract import Labeller
from seguito.labels.gold import NO
from seguito.labels.models.classifier import Classifier
from seguito.labels.models.header import Head
from seguito.labels.models.labeller import READER
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.reading import prepare
from seguito.labels.registry import labellers
from seguito.labels.scoring import NOT_READ, Floats, Said

NONE = "none"
BINARY = (NO, *YES)


def values_of(name: str) -> tuple[str, ...]:
    """The values a label decides between: ("no", "yes"), or those of the label, with "none" where none may hold."""
    label, value = resolve(name)
    if value is not None or label.values == YES:
        return BINARY
    if not label.values:
        raise UsageError(f"'{label.name}' is a key and not a choice.", "Score a label that has values.")
    return label.values if label.one_of else (*label.values, NONE)


def ask(
    name: str,
    texts: pa.Array,
    *,
    values: Sequence[str] | None = None,
    languages: pa.Array | None = None,
    context: pa.RecordBatch | None = None,
    weights: str | Path = "open",
    threshold: float | None = None,
    model: Classifier | None = None,
) -> Said:
    """What a label says of texts.

    Args:
        name: a label, one value of it (`question=genuine`), or an alias.
        texts: the texts; null is empty.
        values: ask only whether the label has one of these; then the answer is yes or no.
        languages: their languages, where they are known.
        context: what else is known of them, as the weights name it.
        weights: `open`, `research`, or the path of a weight file.
        threshold: from which probability on the answer is yes; by default that of the label.
        model: a larger model that reads the label in place of the weights (see `trial.classifier`).

    Raises:
        UsageError: there is no such label, or nothing here gives it.
    """
    label, value = resolve(name)
    asked = tuple(values) if values else (value,) if value else None
    reader: Classifier = Reader.load(weights) if model is None else model
    if label.name in reader.heads:
        head = reader.heads[label.name]
        scores = reader.read(texts, [label.name], languages, context)[label.name]
        said = _of_head(label, head, scores, asked, threshold)
        if weights == OPEN and model is None and threshold is None and _has_rule(label.name):
            return _as_given(label, said, asked, prepare(_uris(texts), texts, languages, context))
        return said
    # The shipped reader speaks for its own weights only.
    voices = [one for one in labellers() if label.name in one.labels and one.name != READER.name]
    if not voices:
        raise UsageError(f"Nothing gives '{label.name}' with these weights.", f"They read {', '.join(reader.heads)}.")
    return _of_rules(label, voices, texts, languages, asked)


def _has_rule(label: str) -> bool:
    """Whether the reader is not the only voice of a label."""
    return any(one.label == label and one.gate is not None for one in READER.voices)


def _of_head(label: Label, head: Head, scores: Floats, asked: Sequence[str] | None, threshold: float | None) -> Said:
    missing: npt.NDArray[np.bool_] = np.asarray(np.isnan(scores).any(axis=1))
    if asked is None and label.values != YES:
        return _choice(label, head, scores, missing)
    columns = [head.values.index(one) for one in asked or head.values if one in head.values]
    chosen = scores[:, columns]
    # Values that exclude each other add up; those that may come together do not.
    yes = chosen.sum(axis=1) if head.kind == "softmax" else 1 - np.prod(1 - chosen, axis=1)
    limits = [head.thresholds[one] if head.thresholds else 0.5 for one in columns]
    limit = threshold if threshold is not None else min(limits, default=0.5)
    return _yes_or_no(yes, missing, limit, head.band)


def _as_given(label: Label, said: Said, asked: Sequence[str] | None, posts: pa.RecordBatch) -> Said:
    """What posts in a lake get, where the reader is not the only voice: its probabilities, decided with the rule.

    In a language in which the label is not given, the reader's word stands alone.
    """
    if said.values != BINARY:
        return said
    given = np.zeros(posts.num_rows, dtype=np.int64)
    for row in READER.label(posts).to_pylist():
        if row["label"] == label.name and (asked is None or row["value"] in asked):
            given[int(row["subject_uri"])] = 1
    languages = READER.languages_by_label[label.name]
    spoken = np.array(posts.column("language").fill_null("").to_pylist(), dtype=object)
    here = np.isin(spoken, list(languages)) if languages else np.ones(len(given), dtype=bool)
    return replace(said, decided=np.where(here, given, said.decided))


def _uris(texts: pa.Array) -> pa.Array:
    return pa.array([str(row) for row in range(len(texts))], pa.string())


def _choice(label: Label, head: Head, scores: Floats, missing: npt.NDArray[np.bool_]) -> Said:
    """One of several values: the most likely one, whatever its threshold, for a set in which every row has one."""
    values = head.values
    if not label.one_of:
        rest = np.clip(1 - (scores.sum(axis=1) if head.kind == "softmax" else scores.max(axis=1)), 0, 1)
        scores, values = np.column_stack([scores, rest]), (*values, NONE)
        decided, _ = head.decide(scores[:, :-1])
        decided = np.where(decided < 0, len(values) - 1, decided)
    else:
        decided = np.nan_to_num(scores, nan=-1.0).argmax(axis=1)
    wanted = values_of(label.name)
    order = [values.index(one) for one in wanted if one in values]
    place = np.array([wanted.index(one) for one in values])
    given = np.zeros((len(scores), len(wanted)))
    given[:, [wanted.index(values[one]) for one in order]] = scores[:, order]
    given[missing] = np.nan
    best = np.nan_to_num(given, nan=0.0).max(axis=1)
    low, high = head.band
    unsure = (best >= low) & (best < high) & ~missing
    return Said(wanted, given, np.where(missing, NOT_READ, place[decided]), unsure)


def _yes_or_no(yes: Floats, missing: npt.NDArray[np.bool_], limit: float, band: tuple[float, float]) -> Said:
    yes = np.where(missing, np.nan, np.clip(yes, 0, 1))
    known = np.nan_to_num(yes, nan=-1.0)
    decided = np.where(missing, NOT_READ, (known >= limit).astype(np.int64))
    unsure = (known >= band[0]) & (known < band[1]) & ~missing
    return Said(BINARY, np.column_stack([1 - yes, yes]), decided, unsure)


def _of_rules(
    label: Label, voices: Sequence[Labeller], texts: pa.Array, languages: pa.Array | None, asked: Sequence[str] | None
) -> Said:
    """Rules say yes or no: their probability is 1 or 0, and nothing where they do not read the language."""
    posts = prepare(_uris(texts), texts, languages)
    yes, read = np.zeros(len(texts)), np.zeros(len(texts), dtype=bool)
    spoken = np.array(posts.column("language").fill_null("").to_pylist(), dtype=object)
    for voice in voices:
        read |= np.isin(spoken, list(voice.languages)) if voice.languages else True
        for row in voice.label(posts).to_pylist():
            if row["label"] == label.name and (asked is None or row["value"] in (*asked, *YES)):
                yes[int(row["subject_uri"])] = 1.0
    return _yes_or_no(yes, ~read, 0.5, (0.0, 0.0))
