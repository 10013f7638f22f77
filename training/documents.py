"""What training reads: one text with what is known of it."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Which tiers may make which weights. `evaluate/` and `intents/` are in neither list: they never train anything.
ALLOWED: Mapping[str, frozenset[str]] = {
    "open": frozenset({"open", "written"}),
    "research": frozenset({"open", "written", "research"}),
}


# Where our own comments and word lists stand.
WRITTEN = Path(__file__).parent / "written"


class ForbiddenTier(Exception):
    """A set was asked to train weights that its licence does not allow."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text for training or development.

    Attributes:
        text: as it was written, with the escapes of its file undone.
        language: it, en, es, fr, de, pt or other; empty when not known.
        collection: name of the set.
        group: what must stay on one side of a split: a video, a voice, a partner of a talk, a stretch of a film.
        targets: head (or head:value) to what is known: 1.0 yes, 0.0 no, or the number of a class. Absent is unknown.
        context: numbers by name (`context.NAMES`); absent is unknown.
        development: what the authors of the set already put aside; None lets the group decide.
        tier: filled in when a collection is read.
    """

    text: str
    language: str
    collection: str
    group: str
    targets: Mapping[str, float]
    context: Mapping[str, float] = field(default_factory=dict)
    development: bool | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A set of documents that other people made, or our own.

    Attributes:
        name: its folder under its tier.
        tier: open, research or written.
        licence: as its README states it.
        cite: whom to name.
        split: by what its development part is set apart, in words.
        read: gives its documents from its folder.
    """

    name: str
    tier: str
    licence: str
    cite: str
    split: str
    read: Callable[[Path], Iterable[Document]]


def documents_of(collections: Iterable[Collection], data: Path, weights: str) -> Iterator[Document]:
    """The documents of collections that may train some weights.

    Args:
        collections: what to read.
        data: the folder that holds the tiers.
        weights: "open" or "research".

    Raises:
        ForbiddenTier: a collection's tier may not train these weights.
    """
    for one in collections:
        if one.tier not in ALLOWED[weights]:
            raise ForbiddenTier(f"{one.name} is of tier {one.tier}, which may not train the {weights} weights.")
        for document in one.read(WRITTEN if one.tier == "written" else data / one.tier / one.name):
            yield Document(
                text=document.text,
                language=document.language,
                collection=one.name,
                group=document.group,
                targets=document.targets,
                context=document.context,
                development=document.development,
                tier=one.tier,
            )


_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+|\b(?:user|link|url|rt)\b", re.IGNORECASE)
_NOT_LETTER = re.compile(r"[\W_]+")


def normal(text: str) -> str:
    """A text without case, accents, links, handles, signs and spaces: two spellings of one text are equal."""
    plain = unicodedata.normalize("NFKD", _ADDRESS.sub(" ", text)).casefold()
    return _NOT_LETTER.sub("", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def unescaped(text: str) -> str:
    """A text with HTML entities and backslash-u escapes undone."""
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), text)
    return html.unescape(text).strip()


def share(key: str, salt: str = "development") -> float:
    """A number in [0, 1) that depends on a key alone."""
    return int.from_bytes(hashlib.sha256(f"{salt}\t{key}".encode()).digest()[:8]) / 2**64
