"""Our own written comments and word lists; they may train everything, and are never a test."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from training import comments
from training.documents import Collection, Document
from training.targets import ACTS, CHOICES, FEELINGS, LANGUAGES, WORDING, context_of

_SENTIMENT = {"neg": 0.0, "neu": 1.0, "pos": 2.0}


def written(folder: Path) -> Iterator[Document]:
    """Invented comments, known in full: what is not marked does not hold."""
    for one in comments.load(folder):
        targets: dict[str, float] = {column: float(act in one.acts) for act, column in ACTS.items()}
        targets |= {name: float(name in one.wording) for name in WORDING}
        targets["threat"] = float("threat" in one.wording or "threat" in one.acts)
        targets |= {name: float(name in one.emotions) for name in FEELINGS}
        targets["irony"] = float(one.irony)
        hostile = {"host_target_creator", "host_target_member", "host_target_group"} & one.acts
        targets["hostility:nobody"] = float("offensive" in one.wording and not hostile)
        if one.polarity in _SENTIMENT:
            targets["sentiment"] = _SENTIMENT[one.polarity]
        strongest = [name for name in CHOICES["emotion"] if name in one.emotions]
        if len(strongest) == 1:
            targets["emotion"] = float(CHOICES["emotion"].index(strongest[0]))
        targets["language"] = float(LANGUAGES.index(one.language))
        context = context_of(one.space, one.to, one.silence)
        aside = one in comments.split([one])[1]
        yield Document(one.text, one.language, "comments", one.voice, targets, context, development=aside)


def words(folder: Path) -> Iterator[Document]:
    """Words and short phrases that judge well or badly on their own."""
    for row in _rows(folder / "polarity_words.tsv"):
        weight = int(row["polarity"])
        side = 2.0 if weight > 0 else 0.0 if weight < 0 else 1.0
        targets = {"sentiment": side, "_strong": float(abs(weight) > 1)}
        yield Document(row["entry"], row["language"], "polarity_words", row["entry"], targets, development=False)


def languages(folder: Path) -> Iterator[Document]:
    """Short lines in many languages, dialects and closely related ones among them."""
    for place, row in enumerate(_rows(folder / "other_languages.tsv")):
        number = float(LANGUAGES.index(row["language"]) if row["language"] in LANGUAGES else len(LANGUAGES))
        language = row["language"] if row["language"] in LANGUAGES else "other"
        group = f"{row['language']}-{place // 10}"
        yield Document(row["text"], language, "other_languages", group, {"language": number})


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


_OURS = "Apache-2.0, part of this project"
COLLECTIONS: Iterable[Collection] = (
    Collection("comments", "written", _OURS, "the Seguito developers", "author voice", written),
    Collection("polarity_words", "written", _OURS, "the Seguito developers", "none: it only trains", words),
    Collection("other_languages", "written", _OURS, "the Seguito developers", "stretches of ten lines", languages),
)
