"""The contract of a labeller. Read this and `registry.py`, and you can write one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

# Languages the rules and models can read. Anything else is "not read", never guessed.
LANGUAGES = ("it", "en", "es", "fr", "de", "pt")

# What a labeller is given: one row a post.
POSTS = pa.schema([("uri", pa.string()), ("text", pa.string()), ("language", pa.string())])

# What a labeller gives: one row for each thing it found; nothing where it found nothing.
FOUND = pa.schema(
    [
        ("subject_uri", pa.string()),
        ("label", pa.string()),
        ("value", pa.string()),
        ("score", pa.float64()),
        ("reason", pa.string()),
    ]
)


class Labeller(Protocol):
    """Reads posts in batches, lists in and lists out, and says what it found.

    Attributes:
        name: what it is called in the registry.
        revision: changes whenever its answers may change; `name@revision` is the source of its labels.
        labels: the labels it may give, each with the values it may take.
        languages: the languages it reads; empty when language does not matter to it.
    """

    name: str
    revision: str
    labels: dict[str, frozenset[str] | None]
    languages: frozenset[str]

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
