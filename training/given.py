"""What labels come to on written comments of voices that trained nothing: not a test, but all there is for some labels.

The reader was fitted on the comments of other voices. The rules were not: whoever wrote them had read some of these
comments. And they are invented: people write them so that they hold what is asked, which real comments seldom do.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from seguito.kit.intervals import wilson
from seguito.labels.models.labeller import ReaderLabels
from seguito.labels.models.reader import Reader
from seguito.labels.reading import prepare
from training.documents import Document
from training.evaluate import contexts
from training.targets import ACTS

WRITTEN = "comments"
LANGUAGES = ("it", "en")
# Fewer written comments that hold a label, and the row would be noise.
POSITIVES = 5
SPAM = ("youtube_spam_uci", "youtube_spam_2023")
HEAD = (
    "| label | of | with it | given | of these right | precision (95 %) | recall | F1 |",
    "|---|---|---:|---:|---:|---|---:|---:|",
)


def table(reader: Reader, documents: Sequence[Document]) -> str:
    """For every act and language: how many have it, how many were given it, and how many of these rightly."""
    chosen = [one for one in documents if one.collection == WRITTEN and one.language in LANGUAGES]
    labeller = ReaderLabels(given=reader)
    found = _given(labeller, chosen)
    lines = list(HEAD)
    for column in dict.fromkeys(ACTS.values()):
        if column.partition(":")[0] not in labeller.labels:
            continue
        for language in LANGUAGES:
            here = {at for at, one in enumerate(chosen) if one.language == language and column in one.targets}
            gold = {at for at in here if chosen[at].targets[column] > 0.5}
            if len(gold) >= POSITIVES:
                lines.append(_line(column, language, gold, found.get(column, set()) & here))
    return "\n".join(lines)


def spam_table(reader: Reader, documents: Sequence[Document]) -> str:
    """The same of spam, on comments under videos that people sorted."""
    lines = list(HEAD)
    for name in SPAM:
        chosen = [one for one in documents if one.collection == name]
        gold = {at for at, one in enumerate(chosen) if one.targets["spam"] > 0.5}
        lines.append(_line("spam", name, gold, _given(ReaderLabels(given=reader), chosen).get("spam", set())))
    return "\n".join(lines)


def _given(labeller: ReaderLabels, documents: Sequence[Document]) -> dict[str, set[int]]:
    """For every column the numbers of the documents that are given it."""
    uris = pa.array([str(at) for at in range(len(documents))])
    texts = pa.array([one.text for one in documents], pa.string())
    posts = prepare(uris, texts, context=contexts(documents), reader=labeller.reader)
    found: dict[str, set[int]] = {}
    for row in labeller.label(posts).to_pylist():
        column = row["label"] if row["value"] == "yes" else f"{row['label']}:{row['value']}"
        found.setdefault(column, set()).add(int(row["subject_uri"]))
    return found


def _line(column: str, of: str, gold: set[int], given: set[int]) -> str:
    right = len(gold & given)
    precision = "none given"
    if given:
        bounds = wilson(right, len(given))
        precision = f"{right / len(given):.2f} ({bounds.lo:.2f} to {bounds.hi:.2f})"
    recall, f1 = right / len(gold), 2 * right / (len(gold) + len(given))
    return f"| {column} | {of} | {len(gold)} | {len(given)} | {right} | {precision} | {recall:.2f} | {f1:.3f} |"
