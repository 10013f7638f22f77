"""Documents as numbers: wanted probabilities, how much each counts, and context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.documents import Document
from training.network import Layout
from training.targets import CHOICES, COLUMNS, CONTEXT, HELPERS, LANGUAGES, RARE

Floats = npt.NDArray[np.float32]

# Places of every head among the columns. A sentiment of each language's own helps the shared layer.
OWN = {language: f"_sentiment_{language}" for language in LANGUAGES}
_HEADS: Mapping[str, tuple[str, ...]] = {**CHOICES, **dict.fromkeys(OWN.values(), CHOICES["sentiment"])}


def _places() -> dict[str, tuple[int, int]]:
    places, at = {}, 0
    for name, values in _HEADS.items():
        places[name] = (at, at + len(values))
        at += len(values)
    for name in (*COLUMNS, *HELPERS):
        places[name] = (at, at + 1)
        at += 1
    return places


PLACES: Mapping[str, tuple[int, int]] = _places()
_CHOSEN = tuple(PLACES[name] for name in _HEADS)
LAYOUT = Layout(
    columns=tuple(
        f"{name}:{n}" if end - begin > 1 else name for name, (begin, end) in PLACES.items() for n in range(end - begin)
    ),
    choices=_CHOSEN,
)

# How much a head counts; helpers little, since nobody asks them.
_WEIGHT: Mapping[str, float] = {"sentiment": 1.0, "language": 0.8, "emotion": 0.7, "offensive": 0.7, "irony": 0.7}
# How much a set counts for a head: what was said of feelings says less of judgement; word lists least.
_TRUST: Mapping[tuple[str, str], float] = {
    ("goemotions", "sentiment"): 0.35,
    ("xed_emotions", "sentiment"): 0.3,
    ("polarity_words", "sentiment"): 0.3,
    ("goemotions", "emotion"): 0.15,
    ("davidson_hate_en", "offensive"): 0.5,
    ("umsab_xlmt", "sentiment"): 2.0,
    ("sentipolc16", "sentiment"): 1.5,
    ("other_languages", "language"): 8.0,
}
_WRITTEN = 2.0
# Sets on general subjects say "no" to rare acts only because those are rare: a faint no.
_FAINT = 0.05
_GENERAL = ("goemotions", "xed_emotions", "ibm_customer_care_tweets")
# Labelled documents at which a head needs no lift, and the greatest lift of one that has fewer.
_FULL, _LIFT = 40_000.0, 4.0


@dataclass(frozen=True, slots=True)
class Examples:
    """Documents as arrays, a row each.

    Attributes:
        targets: wanted probabilities, a column for each of `LAYOUT`.
        masses: how much each counts; 0 where nothing is known.
        context: a column for each of `CONTEXT`, 0 where unknown.
    """

    targets: Floats
    masses: Floats
    context: Floats


def examples(documents: Sequence[Document], *, balanced: bool = True) -> Examples:
    """Documents as arrays.

    Args:
        documents: what is known.
        balanced: let rare classes and small heads count for more; without it every known answer counts 1.
    """
    columns = len(LAYOUT.columns)
    targets = np.zeros((len(documents), columns), np.float32)
    masses = np.zeros((len(documents), columns), np.float32)
    context = np.zeros((len(documents), len(CONTEXT)), np.float32)
    numbers = {name: place for place, name in enumerate(CONTEXT)}
    for row, document in enumerate(documents):
        for name, value in document.context.items():
            context[row, numbers[name]] = value
        for name, value in document.targets.items():
            trust = _trust(document, name) if balanced else 1.0
            heads = [name, OWN[document.language]] if name == "sentiment" and document.language in OWN else [name]
            for head in heads:
                begin, end = PLACES[head]
                masses[row, begin:end] = trust
                targets[row, begin + int(value) if end - begin > 1 else begin] = 1.0 if end - begin > 1 else value
    if balanced:
        for name, place in PLACES.items():
            _balance(name, place, targets, masses)
    return Examples(targets, masses, context)


def _trust(document: Document, name: str) -> float:
    if name == "language" and document.language == "other" and document.collection == "xed_emotions":
        # Two languages of many thousand lines each must not be all that "other" is.
        return 0.3
    if (document.collection, name) in _TRUST:
        return _TRUST[document.collection, name]
    if document.collection in _GENERAL and name == "spam":
        # Nobody looked for it there, and thanks are as frequent in it as elsewhere.
        return 0.0
    if document.collection in _GENERAL and name in RARE and not document.targets[name]:
        return _FAINT
    return _WRITTEN if document.tier == "written" else 1.0


def _balance(name: str, place: tuple[int, int], targets: Floats, masses: Floats) -> None:
    """Scale one head's masses: small heads up, rare classes up."""
    begin, end = place
    known = masses[:, begin].copy()
    total = float(known.sum())
    if not total:
        return
    scale = (_WEIGHT.get(name, 0.5) if not name.startswith("_") else 0.5 if end - begin > 1 else 0.12) * min(
        _LIFT, (_FULL / total) ** 0.5
    )
    if end - begin > 1:
        each = np.maximum(known @ targets[:, begin:end], 1.0)
        power = 1.0 if "sentiment" in name else 0.5
        lift = np.clip(total / (end - begin) / each, 0.3, 3.0) ** power
        masses[:, begin:end] *= (scale * (targets[:, begin:end] @ lift.astype(np.float32)))[:, None]
        return
    share = float(known @ targets[:, begin]) / total
    lift = min(((1 - share) / max(share, 1e-4)) ** 0.5, 4.0)
    masses[:, begin] *= np.where(targets[:, begin] > 0.5, scale * lift, scale).astype(np.float32)
