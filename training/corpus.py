"""All documents of some weights, as one table: copies made one, a development part set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from training.documents import Document, normal, share

# Of the groups of a set whose authors put nothing aside, this share is development.
ASIDE = 0.12
# Shorter texts are met by chance, not copied.
CHANCE = 12


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents that train, and documents that measure.

    Attributes:
        training: what the weights are made from.
        development: what choices are made on; no text of it is in the training part.
    """

    training: Sequence[Document]
    development: Sequence[Document]


def is_development(document: Document) -> bool:
    """Whether a document is put aside, by its authors or by its group."""
    if document.development is not None:
        return document.development
    return share(f"{document.collection}:{document.group}") < ASIDE


def merged(documents: Iterable[Document], barred: Iterable[str] = ()) -> Corpus:
    """Documents with copies made one; a text with a copy in the development part does not train.

    Args:
        documents: of all sets.
        barred: texts on which something is reported; neither they nor copies of them are kept.
    """
    closed = {key for text in barred if len(key := normal(text)) >= CHANCE}
    found: dict[str, list[Document]] = {}
    for document in documents:
        key = normal(document.text)
        if key in closed:
            continue
        if len(key) < CHANCE:
            key = f"{document.collection} {document.language} {' '.join(document.text.casefold().split())}"
        found.setdefault(key, []).append(document)
    training, development = [], []
    for copies in found.values():
        one = _one(copies)
        (development if any(is_development(copy) for copy in copies) else training).append(one)
    return Corpus(training, development)


def _one(copies: Sequence[Document]) -> Document:
    """The first of some copies, with what all of them know; where they disagree, nothing is known."""
    if len(copies) == 1:
        return copies[0]
    known: dict[str, set[float]] = {}
    for copy in copies:
        for name, value in copy.targets.items():
            known.setdefault(name, set()).add(value)
    targets = {name: next(iter(values)) for name, values in known.items() if len(values) == 1}
    # The strictest tier of all: a copy may have been labelled by a set that is for research only.
    tier = max((copy.tier for copy in copies), key=("written", "open", "research").index)
    return replace(copies[0], targets=targets, tier=tier)
