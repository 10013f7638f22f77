"""Sets that are for research only, or whose terms are not clear: they never reach the weights that ship."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.documents import Collection, Document, unescaped
from training.targets import XED

_UMSAB = {"italian": "it", "english": "en", "spanish": "es", "french": "fr", "german": "de", "portuguese": "pt"}
_NUMBER = {"it": 0.0, "en": 1.0, "es": 2.0, "fr": 3.0, "de": 4.0, "pt": 5.0}


def _tsv(path: Path, quoting: int = csv.QUOTE_NONE) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=quoting)


def _paired(folder: Path, part: str) -> Iterator[tuple[str, int, int]]:
    """Text, class and place of the sets that keep labels in a second file."""
    texts = (folder / f"{part}_text.txt").read_text(encoding="utf-8").split("\n")
    labels = (folder / f"{part}_labels.txt").read_text(encoding="utf-8").split()
    for place, (text, label) in enumerate(zip(texts, labels, strict=False)):
        yield unescaped(text), int(label), place


def umsab(folder: Path) -> Iterator[Document]:
    """Tweets with three balanced classes in six languages."""
    for name, language in _UMSAB.items():
        for part in ("train", "val"):
            for text, label, place in _paired(folder / name, part):
                targets = {"sentiment": float(label), "language": _NUMBER[language]}
                # In Italian the authors' own development part is made of the same days as the training part.
                aside = part == "val"
                yield Document(text, language, "umsab_xlmt", f"{language}-{part}-{place}", targets, development=aside)


def sentipolc(folder: Path) -> Iterator[Document]:
    """Italian tweets: subjective, positive, negative, ironic, each on its own."""
    with (folder / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, escapechar="\\", doublequote=False))
    for row in rows:
        positive, negative = row["opos"] == "1", row["oneg"] == "1"
        targets = {
            "_subjective": float(row["subj"]),
            "_positive": float(positive),
            "_negative": float(negative),
            "irony": float(row["iro"]),
            "language": 0.0,
        }
        if not (positive and negative):
            targets["sentiment"] = 2.0 if positive else 0.0 if negative else 1.0
        # Tweets of one fortnight are about the same events: a number of 2**50 is about twelve days.
        yield Document(unescaped(row["text"]), "it", "sentipolc16", str(int(row["idtwitter"]) >> 51), targets)


def multiemotions(folder: Path) -> Iterator[Document]:
    """Italian comments under music videos and adverts."""
    for row in _tsv(folder / "youtube_music_and_ads.tsv"):
        targets: dict[str, float] = {"language": 0.0}
        positive, negative = row["POS"] == "1", row["NEG"] == "1"
        if row["UNRELATED"] != "1":
            targets |= {
                "_positive": float(positive),
                "_negative": float(negative),
                "irony": float(row["SARCASM"] == "1"),
            }
            if not (positive and negative):
                targets["sentiment"] = 2.0 if positive else 0.0 if negative else 1.0
            for name, column in zip(XED, _PLUTCHIK, strict=True):
                if row[column] in ("0", "1"):
                    targets[f"_xed:{name}"] = float(row[column])
            targets |= {"love": float("LOVE" in row["EMOTIONS"]), "sadness": float(row["TRISTEZZA"] == "1")}
        yield Document(unescaped(row["comment"]), "it", "multiemotions_it", row["title"].strip(), targets)


_PLUTCHIK = ("RABBIA", "TREPIDAZIONE", "DISGUSTO", "PAURA", "GIOIA", "TRISTEZZA", "SORPRESA", "FIDUCIA")


def ironita(folder: Path) -> Iterator[Document]:
    """Italian tweets, ironic or not."""
    for place, row in enumerate(_tsv(folder / "train.tsv")):
        group = f"{row['topic']}-{place // 100}"
        yield Document(
            unescaped(row["text"]), "it", "ironita18", group, {"irony": float(row["irony"]), "language": 0.0}
        )


def semeval(folder: Path) -> Iterator[Document]:
    """English tweets of four years with three classes."""
    classes = {"negative": 0.0, "neutral": 1.0, "positive": 2.0}
    for row in _tsv(folder / "train.tsv"):
        targets = {"sentiment": classes[row["label"]], "language": 1.0}
        yield Document(unescaped(row["text"]), "en", "semeval2017_4a_en", row["source"], targets)


def tweeteval(folder: Path) -> Iterator[Document]:
    """English tweets of five tasks; the sentiment part here is development only."""
    heads = {
        "sentiment": "sentiment",
        "offensive": "offensive",
        "irony": "irony",
        "emotion": "emotion",
        "hate": "_hate",
    }
    for task, head in heads.items():
        for part in ("train", "val"):
            if not (folder / task / f"{part}_text.txt").exists():
                continue
            for text, label, place in _paired(folder / task, part):
                targets = {head: float(label), "language": 1.0}
                yield Document(text, "en", "tweeteval", f"{task}-{part}-{place}", targets, development=part == "val")


def haspeede(folder: Path) -> Iterator[Document]:
    """Italian comments and tweets, hateful or not."""
    for name in ("FB", "TW"):
        for place, line in enumerate((folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()):
            _, text, label = line.split("\t")
            # Hate is an attack; what is not hateful may still be rude, so a "no" says nothing of offence.
            targets = {"_hate_it": float(label), "language": 0.0}
            if label == "1":
                targets["offensive"] = 1.0
            if name == "TW":
                targets["identity_attack"] = float(label)
            yield Document(unescaped(text), "it", "haspeede18_train", f"{name}-{place // 100}", targets)


def hatebr(folder: Path) -> Iterator[Document]:
    """Brazilian comments under politicians' posts, offensive or not."""
    for row in _tsv(folder / "four_accounts.tsv"):
        targets = {"offensive": float(row["label"]), "language": 5.0}
        yield Document(unescaped(row["text"]), "pt", "hatebr_instagram_pt", row["account"], targets)


def ilisten(folder: Path) -> Iterator[Document]:
    """What people said to an adviser on food: which turns ask for something."""
    tree = ElementTree.parse(folder / "training.xml")  # noqa: S314  a file that the reader of this code chose
    for number, dialogue in enumerate(tree.getroot()):
        for turn in dialogue:
            if "_U" in turn.get("id", "") and turn.text:
                asks = turn.get("act") in ("INFO-REQUEST", "SOLICITATION-REQ_CLARIFICATION")
                targets = {"question:genuine": float(asks), "language": 0.0, "spam": 0.0}
                yield Document(unescaped(turn.text), "it", "ilisten18", str(number), targets)


_PERMIT_NC = "CC BY-NC-SA 4.0"
COLLECTIONS: Iterable[Collection] = (
    Collection(
        "umsab_xlmt",
        "research",
        "terms of the tasks and of Twitter",
        "Barbieri et al. 2022",
        "the authors' part",
        umsab,
    ),
    Collection("sentipolc16", "research", "CC BY-NC-SA 3.0 IT", "Barbieri et al. 2016", "twelve days", sentipolc),
    Collection("multiemotions_it", "research", _PERMIT_NC, "Sprugnoli 2020", "video", multiemotions),
    Collection(
        "ironita18", "research", "CC BY-NC-SA 3.0 IT", "Cignarella et al. 2018", "stretches of 100 rows", ironita
    ),
    Collection("semeval2017_4a_en", "research", "terms of Twitter", "Rosenthal et al. 2017", "source", semeval),
    Collection(
        "tweeteval",
        "research",
        "terms of the tasks and of Twitter",
        "Barbieri et al. 2020",
        "the authors' part",
        tweeteval,
    ),
    Collection("haspeede18_train", "research", _PERMIT_NC, "Bosco et al. 2018", "stretches of 100 rows", haspeede),
    Collection("hatebr_instagram_pt", "research", "CC BY-NC 4.0", "Vargas et al. 2022", "account", hatebr),
    Collection("ilisten18", "research", "CC BY-NC-SA 3.0 IT", "Basile and Novielli 2018", "dialogue", ilisten),
)
