"""Which collections make which weights, and what is never trained on."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from training.corpus import Corpus, merged
from training.documents import Collection, Document, documents_of, share
from training.readers import open as free
from training.readers import research, written

ROOT = Path(__file__).parent.parent
# Of the documents whose language is known, this share is cut to a few words once more, for the language head alone.
CUT = 0.25
WORDS_OF_A_CUT = 4
# Of the documents that are no tweets, this share is read once more with what tweets have and judgement does not.
DRESSED = 0.06
_BEFORE = ("@user ", "@user @user ", "RT @user: ", "")
_AFTER = (" http", " https://t.co/xYz12", " http", "", " #")
_PLAIN = ("goemotions", "xed_emotions", "comments", "multiemotions_it", "other_languages")


def data_folder() -> Path:
    """The folder of the public data sets: SEGUITO_DATA, or beside the checkout."""
    return Path(os.environ.get("SEGUITO_DATA") or ROOT.parent / "shared" / "data")


def collections(weights: str) -> tuple[Collection, ...]:
    """What makes the weights `open` or `research`."""
    shared = (*written.COLLECTIONS, *free.COLLECTIONS)
    return shared if weights == "open" else (*shared, *research.COLLECTIONS)


def corpus(weights: str, data: Path) -> Corpus:
    """The documents of some weights, split; texts on which something is reported are left out."""
    return merged(documents_of(collections(weights), data, weights), reported(data))


def measured(weights: str, data: Path) -> Sequence[Document]:
    """Development documents of sets that may measure these weights, though they may not train them."""
    if weights == "research":
        return ()
    return merged(documents_of(research.COLLECTIONS, data, "research"), reported(data)).development


def reported(data: Path) -> Iterator[str]:
    """Texts that were labelled by hand, and spam: they measure and never train."""
    with (data / "intents" / "labels.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["text"]


def cut(documents: Sequence[Document]) -> list[Document]:
    """Four words of some documents, of which nothing but the language is known."""
    out = []
    for document in documents:
        words = document.text.split()
        if "language" not in document.targets or len(words) <= WORDS_OF_A_CUT or share(document.text, "cut") >= CUT:
            continue
        last = len(words) - WORDS_OF_A_CUT
        begin = int(share(document.text, "where") * (last + 1)) if share(document.text, "begin") < 0.5 else 0
        text = " ".join(words[begin : begin + WORDS_OF_A_CUT])
        out.append(replace(document, text=text, targets={"language": document.targets["language"]}, context={}))
    return out


def dressed(documents: Sequence[Document]) -> list[Document]:
    """Some documents with mentions and links put on: they say nothing of the language, and little of judgement."""
    out = []
    for document in documents:
        kept = {name: value for name, value in document.targets.items() if name in ("language", "sentiment")}
        if document.collection not in _PLAIN or not kept or share(document.text, "dressed") >= DRESSED:
            continue
        before = _BEFORE[int(share(document.text, "before") * len(_BEFORE))]
        after = _AFTER[int(share(document.text, "after") * len(_AFTER))]
        out.append(replace(document, text=before + document.text + after, targets=kept))
    return out
