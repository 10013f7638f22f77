"""Sets whose licence lets anyone use weights made from them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from training.documents import Collection, Document, unescaped
from training.targets import CHOICES, GO_REST, RARE, XED, context_of

_PLEASED = {
    "admiration",
    "amusement",
    "approval",
    "caring",
    "desire",
    "excitement",
    "gratitude",
    "joy",
    "love",
    "optimism",
    "pride",
    "relief",
}
_DISPLEASED = {
    "anger",
    "annoyance",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "fear",
    "grief",
    "nervousness",
    "remorse",
    "sadness",
}
_KEPT = ("gratitude", "love", "admiration", "joy", "sadness", "anger", "fear", "optimism")


def _polarity(*, pleased: bool, displeased: bool, neutral: bool) -> dict[str, float]:
    if pleased and displeased:
        return {}
    if pleased:
        return {"sentiment": 2}
    if displeased:
        return {"sentiment": 0}
    return {"sentiment": 1} if neutral else {}


def goemotions(folder: Path) -> Iterator[Document]:
    """Reddit comments with 27 emotions; feelings also say what they weigh, thanks are gratitude said aloud."""
    names = (folder / "labels.txt").read_text(encoding="utf-8").split()
    for part in ("train", "dev"):
        for line in (folder / f"{part}.tsv").read_text(encoding="utf-8").splitlines():
            text, numbers, key = line.split("\t")
            found = {names[int(number)] for number in numbers.split(",")}
            targets: dict[str, float] = {name: float(name in found) for name in _KEPT}
            targets |= {f"_go:{name}": float(name in found) for name in GO_REST}
            targets |= _polarity(
                pleased=bool(found & _PLEASED), displeased=bool(found & _DISPLEASED), neutral=found != {"surprise"}
            )
            targets |= dict.fromkeys(sorted(RARE), 0.0)
            targets["thanks"] = float("gratitude" in found)
            targets["language"] = 1.0
            strongest = [name for name in CHOICES["emotion"] if name in found]
            if len(strongest) == 1:
                targets["emotion"] = float(CHOICES["emotion"].index(strongest[0]))
            yield Document(unescaped(text), "en", "goemotions", key, targets, development=part == "dev")


def davidson(folder: Path) -> Iterator[Document]:
    """English tweets found by slurs: hateful, offensive or neither, as most of their readers said."""
    with (folder / "labeled_data.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = re.sub(r"^[\s!\"]*(RT @\w+:)?\s*", "", unescaped(row["tweet"]))
            partner = re.search(r"@\w+", row["tweet"])
            kind = int(row["class"])
            targets = {
                "offensive": float(kind < 2),
                "_slur": float(kind == 1),
                "_hate": float(kind == 0),
                "language": 1.0,
            }
            yield Document(text, "en", "davidson_hate_en", partner.group() if partner else row[""], targets)


def germeval(folder: Path) -> Iterator[Document]:
    """German tweets, offensive or not, and which kind."""
    for line in (folder / "train.txt").read_text(encoding="utf-8").splitlines():
        text, coarse, fine = line.split("\t")
        partner = re.search(r"@\w+", text)
        targets = {"offensive": float(coarse == "OFFENSE"), "_hate": float(fine == "ABUSE"), "language": 4.0}
        text = text.replace("|LBR|", " ")
        yield Document(unescaped(text), "de", "germeval2018_de", partner.group() if partner else text, targets)


def xed(folder: Path) -> Iterator[Document]:
    """Subtitle lines with Plutchik's emotions; people read the English ones, the others are their translations."""
    numbered = {"it": 0, "en": 1, "es": 2, "fr": 3, "de": 4, "pt": 5, "nl": 6, "pl": 6}
    for language, number in numbered.items():
        name = "en-annotated.tsv" if language == "en" else f"{language}-projections.tsv"
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines):
            found = re.fullmatch(r"([^\t]+)\t([\d, ]+)", line)
            if found is None or len(found.group(1)) < 2:
                continue
            yield _subtitle(found.group(1), found.group(2), language, number, place)
    for place, line in enumerate((folder / "neu_en.txt").read_text(encoding="utf-8").splitlines()):
        yield _subtitle(line.partition("\t")[2], "0", "en", 1, place, "neutral")


def _subtitle(text: str, numbers: str, language: str, number: int, place: int, film: str = "film") -> Document:
    group = f"{film}-{language}-{place // 150}"
    if number == 6:
        return Document(unescaped(text), "other", "xed_emotions", group, {"language": 6.0})
    found = {int(one) for one in numbers.split(",")}
    targets: dict[str, float] = {f"_xed:{name}": float(at in found) for at, name in enumerate(XED, start=1)}
    targets |= _polarity(
        pleased=bool(found & {5, 8}), displeased=bool(found & {1, 3, 4, 6}), neutral=found <= {0, 2, 7}
    )
    targets |= dict.fromkeys(("spam", "purchase_intent", "collaboration_offer"), 0.0)
    targets["language"] = float(number)
    return Document(unescaped(text), language, "xed_emotions", group, targets)


def customer_care(folder: Path) -> Iterator[Document]:
    """Tweets of customers to 25 companies: what they write first asks for help."""
    with (folder / "dev.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["role"] != "client":
                continue
            targets: dict[str, float] = {
                "language": 1.0,
                "collaboration_offer": 0.0,
                "worry": 0.0,
                "content_request": 0.0,
            }
            if row["turn"] == "0":
                targets["service_request"] = 1.0
            text = unescaped(row["message"])
            yield Document(
                text, "en", "ibm_customer_care_tweets", row["company"], targets, context_of("company", "creator", None)
            )


COLLECTIONS: Iterable[Collection] = (
    Collection(
        "goemotions", "open", "Apache-2.0 (mirror; the original is CC BY 4.0)", "Demszky et al. 2020",
        "the authors' development part", goemotions,
    ),
    Collection("davidson_hate_en", "open", "MIT", "Davidson et al. 2017", "whom a tweet speaks to", davidson),
    Collection("germeval2018_de", "open", "CC BY 4.0", "Wiegand et al. 2018", "whom a tweet speaks to", germeval),
    Collection("xed_emotions", "open", "CC BY 4.0", "Öhman et al. 2020", "stretches of 150 lines", xed),
    Collection("ibm_customer_care_tweets", "open", "Apache-2.0", "Ganhotra et al. 2020", "company", customer_care),
)  # fmt: skip
