"""Polarity words as n-grams: rows of the table that no number of documents has to earn, and what they say."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.labels.models.features import AT_ONCE, pieces, tokens
from seguito.labels.models.stream import sound, stream
from training.targets import LANGUAGES

Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint32]

ANY = "any"
# A word that negates, in each language. A negated word stands in a text twice, as itself and as negated: both together
# say the contrary, more weakly.
_NEGATION: Mapping[str, str] = {"it": "non", "en": "not", "es": "no", "fr": "pas", "de": "nicht", "pt": "não"}
_TURNED = -1.6
# How much a strong word counts beside a plain one.
_STRONG = 1.6


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words say of judgement, by language.

    Attributes:
        keys: of the n-grams, ascending.
        says: for each language and key, how well (above 0) or badly it speaks; 0 where it does not.
    """

    keys: Keys
    says: Mapping[str, Floats]


def lexicon(path: Path) -> Lexicon:
    """The word lists as n-grams; entries of more than two tokens are left to the documents."""
    listed: dict[str, dict[int, list[float]]] = {language: {} for language in LANGUAGES}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for language in LANGUAGES:
        mine = [(row["entry"], _value(int(row["polarity"]))) for row in rows if row["language"] in (language, ANY)]
        entries = [entry for entry, _ in mine]
        values = np.array([value for _, value in mine])
        for key, at in _plain(entries):
            listed[language].setdefault(key, []).append(float(values[at]))
        judging = [at for at, value in enumerate(values) if value]
        for key, at in _negated([f"{_NEGATION[language]} {entries[at]}" for at in judging]):
            listed[language].setdefault(key, []).append(_TURNED * float(values[judging[at]]))
    keys = np.array(sorted({key for found in listed.values() for key in found}), dtype=np.uint32)
    says = {
        language: np.array([np.mean(found.get(int(key), [0.0])) for key in keys], dtype=np.float32)
        for language, found in listed.items()
    }
    return Lexicon(keys, says)


def _value(polarity: int) -> float:
    return float(np.sign(polarity) * (_STRONG if abs(polarity) > 1 else 1.0))


def _plain(entries: list[str]) -> list[tuple[int, int]]:
    """The key of every entry of one token or two, with the entry's number."""
    out = []
    for begin in range(0, len(entries), AT_ONCE):
        of = stream(sound(pa.array(entries[begin : begin + AT_ONCE])))
        found = tokens(of)
        number = np.bincount(found.texts, minlength=of.n)
        first = np.searchsorted(found.texts, np.arange(of.n))
        for piece in pieces(of):
            for key, text, at in zip(
                piece.keys.tolist(), piece.texts.tolist(), np.asarray(piece.at).tolist(), strict=True
            ):
                alone = piece.sort == "word" and number[text] == 1
                both = piece.sort == "pair" and number[text] == 2 and at == first[text]
                if alone or both:
                    out.append((key, begin + text))
    return out


def _negated(phrases: list[str]) -> list[tuple[int, int]]:
    out = []
    for begin in range(0, len(phrases), AT_ONCE):
        of = stream(sound(pa.array(phrases[begin : begin + AT_ONCE])))
        number = np.bincount(tokens(of).texts, minlength=of.n)
        for piece in pieces(of):
            if piece.sort == "negated":
                rows = zip(piece.keys.tolist(), piece.texts.tolist(), strict=True)
                out += [(key, begin + text) for key, text in rows if number[text] == 2]
    return out
