"""One tool reading comments, in a process and on a thread of its own: `python -m benchmarks.tools TOOL`.

Prints JSON: comments a second of processor time, on simulated comments and, where SEGUITO_DATA names the public data
sets, on real ones; and, there, how well the tool tells English sentiment.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.csv as pcsv  # noqa: E402

from benchmarks import world  # noqa: E402

PASSES = 3
# VADER takes too long for all, and a thousand single comments for some.
FEW, LONG_ENOUGH_S = 4_000, 1.0
VALUES = ("negative", "neutral", "positive")
# As many words and columns as fastText takes by default; fewer buckets than its two million, which add only memory.
FASTTEXT = {"dim": 100, "wordNgrams": 2, "epoch": 5, "lr": 0.1, "bucket": 200_000, "thread": 1, "seed": 1, "verbose": 0}

Read = Callable[[pa.Array], Any]


def data() -> Path | None:
    """The folder of the public data sets, if SEGUITO_DATA names one."""
    named = os.environ.get("SEGUITO_DATA")
    return Path(named) if named else None


def simulated(n: int, cache: Path) -> pa.Array:
    """Comments of a simulated community."""
    first, _ = world.files(n, cache)
    return pcsv.read_csv(first / "comments.csv")["text"].cast(pa.string()).combine_chunks()


def real(n: int) -> pa.Array | None:
    """Comments that people wrote under popular videos, where they are at hand; as many as there are, at most `n`."""
    place = data() and Path(str(data())) / "evaluate" / "youtube_corpus_2013" / "comments.tsv.gz"
    if not place or not place.exists():
        return None
    with gzip.open(place, "rt", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return pa.array([row["content"] for _, row in zip(range(n), rows, strict=False)], pa.string())


def sentiment_set() -> tuple[list[str], list[int]] | None:
    """English tweets with what people said of them: the development part that its authors set aside (TweetEval)."""
    folder = data() and Path(str(data())) / "research" / "tweeteval" / "sentiment"
    if not folder or not folder.exists():
        return None
    texts = (folder / "val_text.txt").read_text(encoding="utf-8").split("\n")
    labels = (folder / "val_labels.txt").read_text(encoding="utf-8").split()
    return texts[: len(labels)], [int(label) for label in labels]


def rate(read: Read, texts: pa.Array) -> float:
    """Comments a second of processor time: the best of a few passes, which other programs disturbed least."""
    read(texts.slice(0, 500))
    taken = []
    for _ in range(PASSES):
        begun = time.process_time()
        read(texts)
        taken.append(time.process_time() - begun)
    return len(texts) / min(taken)


def labels() -> tuple[Read, Read]:
    """All labels, from Arrow to Arrow, in parts as the product reads them; and sentiment alone, as numbers."""
    from seguito.labels.models.reader import Reader
    from seguito.labels.pool import PART
    from seguito.labels.reading import prepare
    from seguito.labels.registry import labellers

    chosen, reader = labellers(), Reader.load("open")

    def everything(texts: pa.Array) -> pa.Table:
        uris = pa.array([str(number) for number in range(len(texts))])
        found = []
        for begin in range(0, len(texts), PART):
            posts = prepare(uris.slice(begin, PART), texts.slice(begin, PART))
            found += [one.label(posts) for one in chosen]
        return pa.Table.from_batches(found)

    def sentiment(texts: pa.Array) -> Any:
        return np.nan_to_num(reader.read(texts, ["sentiment"])["sentiment"]).argmax(axis=1)

    return everything, sentiment


def reader() -> tuple[Read, Read]:
    """The compact reader alone: the probability of every value of every label; and sentiment."""
    from seguito.labels.models.reader import Reader

    return Reader.load("open").columns, labels()[1]


def alone(read: Read, texts: pa.Array) -> float:
    """Microseconds of processor time for one comment by itself, from a Python text: the mean."""
    begun, read_ones = time.process_time(), 0
    for text in texts.slice(0, 1_000).to_pylist():
        read(pa.array([text]))
        read_ones += 1
        if time.process_time() - begun > LONG_ENOUGH_S:
            break
    return (time.process_time() - begun) / read_ones * 1e6


def fasttext() -> tuple[Read, Read]:
    """FastText's classifier (floret's copy of it), trained now on the rows that taught the reader sentiment."""
    import tempfile

    import floret

    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.txt"
        with rows.open("w", encoding="utf-8") as file:
            file.writelines(f"__label__{VALUES[label]} {_line(text)}\n" for text, label in taught())
        model = floret.train_supervised(str(rows), **FASTTEXT)

    def sentiment(texts: pa.Array) -> Any:
        said, _ = model.predict([_line(text) for text in texts.to_pylist()])
        return np.array([VALUES.index(one[0].removeprefix("__label__")) if one else 1 for one in said])

    return sentiment, sentiment


def taught() -> list[tuple[str, int]]:
    """Texts with a sentiment that the shipped weights learnt from; our own comments where the others are not there."""
    from training.documents import WRITTEN
    from training.readers.written import written

    from training import sets

    folder = data()
    documents = sets.corpus("open", folder).training if folder else list(written(WRITTEN))
    return [(one.text, int(one.targets["sentiment"])) for one in documents if "sentiment" in one.targets]


def vader() -> tuple[Read, Read]:
    """VADER, with the limits its authors give."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyse = SentimentIntensityAnalyzer().polarity_scores

    def sentiment(texts: pa.Array) -> Any:
        said = np.array([analyse(text)["compound"] for text in texts.to_pylist()])
        return np.where(said >= 0.05, 2, np.where(said <= -0.05, 0, 1))

    return sentiment, sentiment


TOOLS = {"labels": labels, "reader": reader, "fasttext": fasttext, "vader": vader}


def _line(text: str) -> str:
    return " ".join(text.split())


def scored(sentiment: Read) -> dict[str, Any] | None:
    """Accuracy and mean recall (the official figure of that set) with intervals."""
    from seguito.labels.scoring import Said, score

    found = sentiment_set()
    if found is None:
        return None
    texts, gold = found
    decided = sentiment(pa.array(texts)).astype(np.int64)
    said = Said(VALUES, np.eye(3)[decided], decided, np.zeros(len(texts), dtype=np.bool_))
    of = score(np.array(gold), said)
    return {"n": of.n, "accuracy": _figure(of.accuracy), "macro_recall": _figure(of.macro_recall)}


def _figure(of: Any) -> list[float]:
    return [of.value, of.interval.lo, of.interval.hi]


def main(words: Sequence[str] | None = None) -> None:
    """Read with one tool and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=sorted(TOOLS))
    parser.add_argument("--comments", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    asked = parser.parse_args(words)
    pa.set_cpu_count(1)
    read, sentiment = TOOLS[asked.tool]()
    few = min(asked.comments, FEW) if asked.tool == "vader" else asked.comments
    texts, others = simulated(asked.comments, asked.cache).slice(0, few), real(few)
    told = {
        "simulated": rate(read, texts),
        "real": None if others is None else rate(read, others),
        "alone_us": alone(read, texts),
        "scored": scored(sentiment),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
