"""Whom the workspace must forget: a list of keyed fingerprints, and nothing that names anybody.

The same list serves twice. While an account is erased it tells which rows and words go; afterwards it tells what an
import must not bring back. Both ways through the same code, so that a post cleaned at erasure and the same post
cleaned when it is read again are the same post.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from seguito.facts.keys import platform_of
from seguito.kit.pseudonym import fingerprint

MARK = "[erased]"
ANYWHERE = "*"  # stands for any platform, where a text does not tell
Kind = Literal["account", "post", "exchange", "handle", "word", "name_start", "name"]

# What may name somebody inside a text: anything like an address or a handle; inside of it, its parts; plain words.
_RUN = re.compile(r"[^\W_][\w.:\-]*\w|\w")
_PART = re.compile(r"[^\W_][\w.\-]*\w|\w")
_WORD = re.compile(r"\w+")
_SEAM = re.compile(r"([^\w]|_)")
_ADDRESS = re.compile(r"(?:https?|at)://\S+")
_LONG, _TELLING = 8, re.compile(r"[\d._\-]")
_SHORTEST_ID, _SHORTEST_NAME = 6, 3


class Erased:
    """The list of one workspace.

    Args:
        key: the workspace's secret key.
        fingerprints: what the list holds.
    """

    def __init__(self, key: bytes, fingerprints: Iterable[str] = ()) -> None:
        self._key = key
        self.fingerprints = set(fingerprints)
        self._known: dict[str, bool] = {}
        self._names: dict[str, bool] = {}

    def __bool__(self) -> bool:
        return bool(self.fingerprints)

    def add(self, kind: Kind, text: str) -> None:
        """Put one identifier on the list."""
        self.fingerprints.add(self._fingerprint(kind, text))
        self._known.clear()
        self._names.clear()

    def has(self, kind: Kind, text: str) -> bool:
        """Whether an identifier is on the list."""
        tagged = f"{kind}:{text}"
        found = self._known.get(tagged)
        if found is None:
            found = self._known[tagged] = self._fingerprint(kind, text) in self.fingerprints
        return found

    def _fingerprint(self, kind: Kind, text: str) -> str:
        return fingerprint(self._key, f"erased:{kind}:{text}")

    # -- people and rows ----------------------------------------------------------------------------------------

    def add_account(self, uri: str, native_id: str, handles: Iterable[str], names: Iterable[str]) -> None:
        """Put a person on the list: their account, and all they were called."""
        self.add("account", uri)
        self._add_word(uri)
        if len(native_id) >= _SHORTEST_ID:
            self._add_word(native_id)
        for handle in handles:
            self.add("handle", f"{platform_of(uri)}:{_plain(handle)}")
            self.add("handle", f"{ANYWHERE}:{_plain(handle)}")
            if len(handle) >= _LONG or _TELLING.search(handle):
                self._add_word(handle)
        for name in names:
            self._add_name(name)

    def _add_word(self, text: str) -> None:
        """A word that names somebody wherever it stands."""
        self.add("word", _plain(text).strip(".:-"))

    def _add_name(self, name: str) -> None:
        words = _words(name)
        if words and len("".join(words)) >= _SHORTEST_NAME:
            self.add("name_start", words[0])
            self.add("name", " ".join(words))

    def add_post(self, uri: str, reference: str) -> None:
        """Put a post on the list, and the name reports give to it."""
        self.add("post", uri)
        self._add_word(reference)

    def has_account(self, uri: str) -> bool:
        """Whether an account is to be forgotten, by its key or (where files know no ids) by the handle in it."""
        return self.has("account", uri) or self.has_handle(platform_of(uri), uri.rsplit(":", 1)[-1])

    def has_handle(self, platform: str, handle: str) -> bool:
        """Whether a handle on a platform is somebody's who is to be forgotten."""
        return self.has("handle", f"{platform}:{_plain(handle)}")

    def speaks_of(self, uri: str) -> bool:
        """Whether a key names an account to be forgotten, or something of theirs."""
        return self.has("post", uri) or self.has("exchange", uri) or self.has_account(uri) or self.is_in_key(uri)

    def is_in_key(self, text: str) -> bool:
        """Whether a key or an id holds the id or handle of somebody on the list; what people are called is no key."""
        return next(self._words(text, ""), None) is not None

    def is_in_name(self, text: str) -> bool:
        """Whether the name of a batch or a file is built from somebody's id or handle."""
        if text not in self._names:
            parts = [part for part in _SEAM.split(text) if part]
            spans = ((first, last) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
            joined = ("".join(parts[first:last]) for first, last in spans if last - first < 12)
            self._names[text] = any(self._is_word(one) or self.has_handle(ANYWHERE, one) for one in joined)
        return self._names[text]

    def mark(self, uri: str) -> str:
        """A key in place of one that would name somebody: always the same for the same, and telling nothing."""
        parts = uri.split(":", 2)
        place = ":".join(parts[:2]) if len(parts) == 3 else "unknown"
        return f"{place}:erased-{fingerprint(self._key, 'mark:' + uri)[:16]}"

    # -- texts --------------------------------------------------------------------------------------------------

    def clean(self, text: str, platform: str = "") -> str:
        """The text without what names somebody; the very same object where nothing does."""
        spans = sorted(self._spans(text, platform), key=lambda span: (span[0], -span[1]))
        if not spans:
            return text
        out, at = [], 0
        for start, end in spans:
            if start >= at:
                out += [text[at:start], MARK]
                at = end
        return "".join([*out, text[at:]])

    def _spans(self, text: str, platform: str) -> Iterator[tuple[int, int]]:
        # An address leads to the person by more than their name: it goes whole.
        for address in _ADDRESS.finditer(text) if "://" in text else ():
            if self.is_in_key(address.group()):
                yield address.span()
        yield from self._words(text, platform)
        yield from self._named(text)

    def _words(self, text: str, platform: str) -> Iterator[tuple[int, int]]:
        for run in _RUN.finditer(text):
            if ":" in run.group():
                yield from self._inside(run.group(), run.start())
            for part in _PART.finditer(text, *run.span()):
                if self._is_word(part.group()) or (
                    platform
                    and text[part.start() - 1 : part.start()] == "@"
                    and self.has_handle(platform, part.group())
                ):
                    yield part.span()

    def _inside(self, run: str, at: int) -> Iterator[tuple[int, int]]:
        """Ids with colons of their own (did:plc:…) inside longer keys."""
        ends = [found.start() for found in re.finditer(":", run)] + [len(run)]
        for start in [0, *(end + 1 for end in ends[:-1])][:8]:
            for end in ends[:8]:
                if end > start and ":" in run[start:end] and self._is_word(run[start:end]):
                    yield at + start, at + end

    def _is_word(self, found: str) -> bool:
        return self.has("word", _plain(found).strip(".:-"))

    def _named(self, text: str) -> Iterator[tuple[int, int]]:
        words = [(_plain(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]
        for first, (word, start, _) in enumerate(words):
            if not self.has("name_start", word):
                continue
            for last in range(min(len(words), first + 8), first, -1):
                if self.has("name", " ".join(one for one, _, _ in words[first:last])):
                    yield start, words[last - 1][2]
                    break

    # -- kept ---------------------------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: Path, key: bytes) -> Erased:
        """Read the list; empty where nobody was erased."""
        try:
            lines = path.read_text().splitlines()
        except FileNotFoundError:
            return cls(key)
        return cls(key, (json.loads(line)["fingerprint"] for line in lines if line))

    def save(self, path: Path) -> None:
        """Write the list, whole or not at all."""
        half = path.with_suffix(".part")
        with half.open("w") as file:
            file.writelines(json.dumps({"fingerprint": one}) + "\n" for one in sorted(self.fingerprints))
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)


def _plain(text: str) -> str:
    return text if text.isascii() and text.islower() else unicodedata.normalize("NFC", text).casefold()


def _words(name: str) -> list[str]:
    return [_plain(found) for found in _WORD.findall(name)][:8]
