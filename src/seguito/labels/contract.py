"""The contract of a labeller. Read this and `registry.py`, and you can write one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

# Languages in which labels that depend on words are given. A post in any other is "not read" for them, never guessed.
LANGUAGES = ("it", "en")

# What is known of a post beside its text when it is read; null where it is not known.
CONTEXT = pa.schema(
    [
        # Whose space it stands in, and what it answers: 1 for yes, 0 for no.
        ("space_creator", pa.float64()),
        ("space_brand", pa.float64()),
        ("space_company", pa.float64()),
        ("to_post", pa.float64()),
        ("to_creator", pa.float64()),
        ("to_member", pa.float64()),
        # Days since the creator last posted, and whether that is known.
        ("silence_days", pa.float64()),
        ("silence_known", pa.float64()),
        # Days since the author's first comment in this space; whether the author is the creator; answers above it.
        ("tenure_days", pa.float64()),
        ("by_creator", pa.float64()),
        ("depth", pa.float64()),
    ]
)

# What a labeller is given: one row a post. `plain` is the text as rules read it: lower case, without links, mentions,
# accents and runs (see `folding.py`). `text` may be null or empty; `language` is null where nobody looked. `scores` is
# what the shipped reader says: the probability of every value of every head, side by side (see `Reader.spans`).
POSTS = pa.schema(
    [
        ("uri", pa.string()),
        ("text", pa.string()),
        ("language", pa.string()),
        ("plain", pa.string()),
        *CONTEXT,
        ("scores", pa.list_(pa.float64())),
    ]
)

# What a labeller gives: at most one row for each label and post; nothing where it found nothing.
FOUND = pa.schema(
    [
        ("subject_uri", pa.string()),
        ("label", pa.string()),
        ("value", pa.string()),
        ("score", pa.float64()),
        ("reason", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Row:
    """A text that shows what a labeller must do.

    Attributes:
        text: as somebody would type it.
        language: the language it is in; "" where that does not matter.
        label: the label in question.
        value: the value it must get; `None` when the label must not be given.
        reason: the reason that must be behind it (or must not be), if it is about one.
    """

    text: str
    language: str
    label: str
    value: str | None
    reason: str | None = None


class Labeller(Protocol):
    """Reads posts in batches, lists in and lists out, and says what it found.

    It must survive pickling: each labelling process holds its own.
    """

    @property
    def name(self) -> str:
        """What it is called in the registry."""

    @property
    def revision(self) -> str:
        """Changes whenever its answers may change; `name@revision` is the source of its labels."""

    @property
    def labels(self) -> Mapping[str, frozenset[str] | None]:
        """The labels it may give, each with the values it may take (`None`: any)."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages it reads; empty when language does not matter to it.

        A labeller of several labels that are not all read in the same ones may say so by `languages_by_label`.
        """

    @property
    def reasons(self) -> frozenset[str]:
        """The reasons it may give, such as ids of patterns; empty when it gives none."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Texts that it must and must not label: at least one of each."""

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """Read posts (schema `POSTS`) and return what was found (schema `FOUND`).

        Must not depend on the order of rows nor on what else is in the batch.
        """


@dataclass(frozen=True, slots=True)
class Source:
    """Name and revision of a labeller, as written into its labels."""

    name: str
    revision: str

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}"


def source_of(labeller: Labeller) -> str:
    """What stands as `source` in the labels of a labeller."""
    return str(Source(labeller.name, labeller.revision))


def found(uris: Any, label: str, value: Any, *, score: Any = None, reason: Any = None) -> pa.RecordBatch:
    """What was found, as `FOUND`: arrays for what differs from post to post, single values for what does not."""
    columns = {"subject_uri": uris, "label": label, "value": value, "score": score, "reason": reason}
    n = len(uris)
    arrays = [
        pa.repeat(pa.scalar(columns[column.name], column.type), n)
        if columns[column.name] is None or isinstance(columns[column.name], str | float)
        else _array(columns[column.name], column.type)
        for column in FOUND
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=FOUND)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) and values.type == kind else pa.array(values, kind)
