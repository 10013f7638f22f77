"""Why a text got its labels: the probabilities, the band of doubt, the patterns that matched, the words that spoke."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from seguito.labels.catalogue import LABELS, resolve
from seguito.labels.models.labeller import READER, ReaderLabels
from seguito.labels.models.voices import UNWRITTEN
from seguito.labels.reading import prepare, scores_of
from seguito.labels.shown import is_shown

WORDS = 5
# Without a label asked for, values of at least this probability are told of.
WORTH_TELLING = 0.05


@dataclass(frozen=True, slots=True)
class Explained:
    """What is behind one value of one label.

    Attributes:
        label: the label.
        value: the value.
        given: whether the text gets it.
        score: its calibrated probability; `None` where the text was not read.
        threshold: from which probability on the reader gives it by itself; above 1: never; `None`: no row is written.
        unsure: whether the probability lies where the label says "not sure".
        shown: whether it may be shown on a message; if not, it only feeds shares corrected for its errors.
        languages: in which it is read; empty for any.
        rule: the id of the pattern that matched, if one was asked and did.
        words: what in the text spoke most for it or against it, with its share of the log odds.
    """

    label: str
    value: str
    given: bool
    score: float | None
    threshold: float | None
    unsure: bool
    shown: bool
    languages: tuple[str, ...]
    rule: str | None
    words: tuple[tuple[str, float], ...]


def explain(
    text: str, *, label: str | None = None, words: int = WORDS, labeller: ReaderLabels = READER
) -> tuple[str | None, tuple[Explained, ...]]:
    """The language of a text, and what is behind each label worth telling of, the likeliest first.

    Args:
        text: the text.
        label: only this label or value of it (`question=rhetorical`), whatever its probability.
        words: how many words of the text are named for each.
        labeller: who gives the labels.

    Raises:
        UsageError: there is no such label.
    """
    wanted = None if label is None else resolve(label)
    posts = prepare(pa.array(["text"]), pa.array([text], pa.string()), reader=labeller.reader)
    scores = scores_of(posts, labeller.reader)[0]
    given = {(row["label"], row["value"]): row for row in labeller.label(posts).to_pylist()}
    found = []
    for name, head in labeller.reader.heads.items():
        if wanted is not None and wanted[0].name != name:
            continue
        for value in head.values:
            score = float(scores[labeller.reader.spans[name][0] + head.values.index(value)])
            told = (name, value) in given or (score >= WORTH_TELLING and name not in UNWRITTEN)
            if told if wanted is None else wanted[1] in {None, value}:
                found.append(_of(text, posts, labeller, name, value, score, (name, value) in given, words))
        if head.kind == "softmax" and len(head.values) > 1:
            # Of values that exclude each other only the likeliest can be in doubt.
            likeliest = max((one.score or 0 for one in found if one.label == name), default=0)
            found = [
                replace(one, unsure=one.unsure and one.score == likeliest) if one.label == name else one
                for one in found
            ]
    return posts.column("language")[0].as_py(), tuple(sorted(found, key=lambda one: (not one.given, -(one.score or 0))))


def _of(
    text: str,
    posts: pa.RecordBatch,
    labeller: ReaderLabels,
    name: str,
    value: str,
    score: float,
    given: bool,  # noqa: FBT001, one of the columns
    words: int,
) -> Explained:
    voice = next((one for one in labeller.voices if (one.label, one.value) == (name, value)), None)
    rule = labeller.rules.get(voice.rule) if voice is not None and voice.gate is not None else None
    matched = rule.label(posts).to_pylist() if rule is not None else []
    low, high = labeller.reader.heads[name].band
    return Explained(
        label=name,
        value=value,
        given=given,
        score=None if np.isnan(score) else score,
        threshold=None if voice is None else voice.threshold,
        unsure=bool(low <= score < high),
        shown=is_shown(name, value),
        languages=tuple(sorted(voice.languages)) if voice is not None else (),
        rule=matched[0]["reason"] if matched else None,
        words=tuple(labeller.reader.explain(text, name, value, words)),
    )


def says(name: str) -> str:
    """What a post with a label does, in words."""
    return LABELS[name].says
