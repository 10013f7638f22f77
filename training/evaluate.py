"""What weights do on the development parts, on hand-labelled comments and on spam: none of it trained them.

    python -m training.evaluate open [--weights FILE] [--write]
    python -m training.evaluate research [--weights FILE] [--write]

`--write` puts the table into the model card. These figures led the choices that were made, so they are a little kind;
official tests are for `seguito score-labeller`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.kit.intervals import wilson
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.scoring import auc, expected_calibration_error
from training import card, sets
from training.documents import Document
from training.targets import ACTS, CHOICES, COLUMNS, CONTEXT, context_of

Floats = npt.NDArray[np.float64]

# Fewer documents, or fewer that hold a yes/no label, and a row would be noise.
FEWEST, POSITIVES = 40, 10
_SPACES = {"Instagram brand": "brand", "YouTube Ad": "brand", "tweet to a company": "company"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a label on a set in a language.

    Attributes:
        n: texts.
        positives: those that hold the label; n where it is a choice.
        f1: of the label, or the mean over the classes of a choice.
        precision: share of those found that are right, with its interval; accuracy where it is a choice.
        recall: share of the positives that were found; mean over the classes where it is a choice.
        area: under the ROC curve; None where it is a choice.
        error: expected calibration error.
    """

    label: str
    collection: str
    language: str
    n: int
    positives: int
    f1: float
    precision: tuple[float, float, float]
    recall: float
    area: float | None
    error: float


def contexts(documents: Sequence[Document]) -> pa.RecordBatch:
    """The context of documents as the reader takes it: days, not shares of steps."""
    columns = {}
    for name, steps in CONTEXT.items():
        values = [one.context.get(name) for one in documents]
        if steps:
            reached = (0.0, *steps)
            values = [None if value is None else reached[round(value * len(steps))] for value in values]
        columns[name] = pa.array(values, pa.float64())
    return pa.RecordBatch.from_pydict(columns)


def read(reader: Reader, documents: Sequence[Document]) -> dict[str, Floats]:
    """Calibrated probabilities; languages are looked for by the reader itself, as in real use."""
    texts = pa.array([one.text for one in documents], pa.string())
    return reader.read(texts, context=contexts(documents))


def lines(reader: Reader, documents: Sequence[Document]) -> Iterator[Line]:
    """A line for every label, set and language with enough documents."""
    said = read(reader, documents)
    places: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(documents):
        places.setdefault((one.collection, one.language), []).append(at)
    for label in (*CHOICES, *COLUMNS):
        for (collection, language), rows in sorted(places.items()):
            known = [at for at in rows if label in documents[at].targets]
            gold = np.array([documents[at].targets[label] for at in known])
            if len(known) < FEWEST:
                continue
            if label in CHOICES:
                yield _choice(label, collection, language, gold.astype(np.int64), said[label][known])
            elif gold.sum() >= POSITIVES and len(gold) - gold.sum() >= POSITIVES:
                yield _column(reader, label, collection, language, gold > 0.5, said, known)


def _choice(label: str, collection: str, language: str, gold: npt.NDArray[np.int64], scores: Floats) -> Line:
    filled = np.nan_to_num(scores, nan=-1.0)
    decided = np.where(filled.max(axis=1) < 0, -1, filled.argmax(axis=1))
    kinds = range(scores.shape[1])
    present = [kind for kind in kinds if (gold == kind).any()]
    f1 = [_f1(gold == kind, decided == kind) for kind in present]
    recall = [float((decided[gold == kind] == kind).mean()) for kind in present]
    right = int((gold == decided).sum())
    certain = decided >= 0
    error = expected_calibration_error(filled.max(axis=1)[certain], (gold == decided)[certain])
    bounds = wilson(right, len(gold))
    accuracy = (right / len(gold), bounds.lo, bounds.hi)
    return Line(
        label,
        collection,
        language,
        len(gold),
        len(gold),
        float(np.mean(f1)),
        accuracy,
        float(np.mean(recall)),
        None,
        error,
    )


def _column(
    reader: Reader,
    label: str,
    collection: str,
    language: str,
    gold: npt.NDArray[np.bool_],
    said: dict[str, Floats],
    rows: Sequence[int],
) -> Line:
    name, _, value = label.partition(":")
    head = reader.heads[name]
    at = head.values.index(value or "yes")
    scores = np.nan_to_num(said[name][rows, at], nan=0.0)
    found = scores >= (head.thresholds or (0.5,) * len(head.values))[at]
    hits = int((found & gold).sum())
    precision = hits / int(found.sum()) if found.any() else float("nan")
    bounds = wilson(hits, int(found.sum())) if found.any() else None
    interval = (precision, bounds.lo if bounds else float("nan"), bounds.hi if bounds else float("nan"))
    error = expected_calibration_error(np.maximum(scores, 1 - scores), (scores >= 0.5) == gold)
    area = auc(scores, gold).value
    return Line(
        label,
        collection,
        language,
        len(gold),
        int(gold.sum()),
        _f1(gold, found),
        interval,
        hits / int(gold.sum()),
        area,
        error,
    )


def _f1(gold: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]) -> float:
    both = int(gold.sum()) + int(found.sum())
    return 2 * int((gold & found).sum()) / both if both else 0.0


def hand_labelled(data: Path) -> list[Document]:
    """Real comments with the acts that people found in them; only looked at."""
    polarity = {"neg": 0.0, "neu": 1.0, "pos": 2.0}
    out = []
    with (data / "intents" / "labels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            acts = row["acts"].split(";")
            targets = {column: float(act in acts) for act, column in ACTS.items()}
            targets["threat"] = float("threat" in acts)
            if row["polarity"] in polarity:
                targets["sentiment"] = polarity[row["polarity"]]
            space = _SPACES.get(row["kind"], "creator")
            context = context_of(space, "creator" if space == "company" else "post", None)
            out.append(
                Document(row["text"], row["language"], f"intents: {row['set']}", row["context"], targets, context)
            )
    return out


def spam(data: Path) -> list[Document]:
    """Comments under YouTube videos, spam or not, of two years; only looked at."""
    out = []
    for path in sorted((data / "evaluate" / "youtube_spam_uci").glob("0*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                found = {"spam": float(row["class"])}
                out.append(Document(row["content"], "", "youtube_spam_uci", path.stem, found))
    with (data / "evaluate" / "youtube_spam_2023" / "train_90videos.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["class"] in ("ham", "neutral", "spam"):
                found = {"spam": float(row["class"] == "spam")}
                out.append(Document(row["comment"] or "", "", "youtube_spam_2023", row["video_id"], found))
    return out


def gathered(name: str, data: Path) -> list[Document]:
    """All documents on which weights are measured here."""
    development = list(sets.corpus(name, data).development)
    cut = [
        Document(one.text, one.language, f"{one.collection}, four words", one.group, one.targets)
        for one in sets.cut(development)
    ]
    return [*development, *cut, *sets.measured(name, data), *hand_labelled(data), *spam(data)]


def main(arguments: Sequence[str] | None = None, write: Callable[[str], object] = sys.stdout.write) -> int:
    """Print the table of some weights."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description="Measure weights.")
    parser.add_argument("name", choices=["open", "research"])
    parser.add_argument("--weights", type=Path, help="a weight file; by default the one in its place")
    parser.add_argument("--write", action="store_true", help="put the table into the model card")
    asked = parser.parse_args(arguments)
    data = sets.data_folder()
    reader = Reader.load(asked.weights or asked.name)
    documents = gathered(asked.name, data)
    found = list(lines(reader, documents))
    if asked.write:
        from training import given

        beside = (given.table, given.spam_table) if asked.name == OPEN else ()
        card.write(asked.name, reader, found, *(one(reader, documents) for one in beside))
    write(card.table(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
