"""The boundary "texts in, calibrated scores out": what the compact reader and any larger model have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.labels.models.header import Head

Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Classifier(Protocol):
    """Whatever reads texts for one label or many."""

    @property
    def revision(self) -> str:
        """Changes whenever its answers may change."""

    @property
    def heads(self) -> Mapping[str, Head]:
        """The labels it reads, by name."""

    def read(
        self,
        texts: pa.Array | pa.ChunkedArray,
        heads: Iterable[str] | None = None,
        languages: pa.Array | pa.ChunkedArray | None = None,
        context: pa.RecordBatch | None = None,
    ) -> dict[str, Scores]:
        """Probabilities: for each head a row for each text, a column for each value; NaN where not read."""


@dataclass(frozen=True)
class Unsure:
    """Tells where a first classifier is not sure of a label, so that a second one is asked.

    Decided from each text alone: a share of texts to be asked cannot be promised, only a certainty below which a text
    is handed on.

    Attributes:
        first: the classifier that reads everything.
        label: the label in question.
        below: the certainty below which it is not sure; `None` for the band that its head declares.
    """

    first: Classifier
    label: str
    below: float | None = None

    @property
    def revision(self) -> str:
        """Changes whenever other texts may be handed on."""
        head = self.first.heads[self.label]
        return f"{self.first.revision}:{self.below if self.below is not None else head.band}"

    def of(self, texts: pa.Array, languages: pa.Array | None = None, context: pa.RecordBatch | None = None) -> Mask:
        """Which texts it is not sure of; what it did not read is among them."""
        return self.within(self.first.read(texts, [self.label], languages, context)[self.label])

    def within(self, scores: Scores) -> Mask:
        """Which rows of the scores that it gave are not sure."""
        head = self.first.heads[self.label]
        missing: Mask = np.asarray(np.isnan(scores).any(axis=1))
        if self.below is not None:
            return missing | (certainty(head, scores) < self.below)
        return missing | head.decide(scores)[1]


def certainty(head: Head, scores: Scores) -> Scores:
    """How sure a classifier is of what it settles on: the probability of its likeliest answer, "none of them" included.

    Args:
        head: the head that was read.
        scores: what it gave; 0 comes of a row of NaN.
    """
    known = np.nan_to_num(scores, nan=0.5 if head.kind == "sigmoid" else 0.0)
    if head.kind == "sigmoid":
        # Several questions, each yes or no: as sure as of the least sure one.
        sure: Scores = np.maximum(known, 1 - known).min(axis=1)
    else:
        rest = np.clip(1 - known.sum(axis=1), 0, 1) if head.none or len(head.values) == 1 else np.zeros(len(known))
        sure = np.maximum(known.max(axis=1), rest)
    return np.where(np.isnan(scores).any(axis=1), 0.0, sure)


@dataclass(frozen=True)
class Cascade:
    """Two classifiers as one: the second answers where the first is not sure, the first everywhere else.

    Attributes:
        unsure: the first one, and where it hands on.
        second: the one that is asked then.
    """

    unsure: Unsure
    second: Classifier

    @property
    def revision(self) -> str:
        """Changes with either."""
        return f"{self.unsure.revision}:{self.second.revision}"

    @property
    def heads(self) -> Mapping[str, Head]:
        """The one label both read, as the first declares it."""
        return {self.unsure.label: self.unsure.first.heads[self.unsure.label]}

    def read(
        self,
        texts: pa.Array | pa.ChunkedArray,
        heads: Iterable[str] | None = None,
        languages: pa.Array | pa.ChunkedArray | None = None,
        context: pa.RecordBatch | None = None,
    ) -> dict[str, Scores]:
        """Probabilities, in the columns of the first one; values the second does not know get 0 from it."""
        label = self.unsure.label
        if heads is not None and label not in set(heads):
            return {}
        found = self.unsure.first.read(texts, [label], languages, context)[label].copy()
        asked = self.unsure.within(found)
        mask = pa.array(asked)
        given = self.second.read(texts.filter(mask), [label], None if languages is None else languages.filter(mask))
        found[asked] = columns_of(given[label], self.second.heads[label].values, self.heads[label].values, found[asked])
        return {label: found}


def columns_of(scores: Scores, given: tuple[str, ...], wanted: tuple[str, ...], otherwise: Scores) -> Scores:
    """Scores with the columns of another classifier; rows that were not read keep what stood there."""
    placed = np.zeros_like(otherwise)
    for column, value in enumerate(given):
        if value in wanted:
            placed[:, wanted.index(value)] = scores[:, column]
    missing: Mask = np.asarray(np.isnan(scores).any(axis=1))
    return np.where(missing[:, None], otherwise, placed)
