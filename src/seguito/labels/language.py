"""Which language a text is in: one of those we read, another, or too little to tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.contract import LANGUAGES, Source

SHORT = 12
UNKNOWN = "und"
NO_WORDS = "zxx"


@dataclass
class Language:
    """Identifies languages with py3langid, on texts stripped of links, mentions and tags.

    Values: one of LANGUAGES, another ISO 639-1 code, `und` (too short to tell), `zxx` (no words).
    """

    name: str = "language"
    revision: str = "1"

    @property
    def source(self) -> Source:
        """Name and revision."""
        return Source(self.name, self.revision)

    @cached_property
    def _identifier(self) -> Any:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def read(self, texts: pa.Array) -> pa.Array:
        """The language of every text."""
        cleaned = pc.replace_substring_regex(pc.fill_null(texts, ""), r"https?://\S+|[@#]\S+", " ")
        cleaned = pc.utf8_trim_whitespace(cleaned)
        return pa.array([self._one(text) for text in cleaned.to_pylist()], pa.string())

    def _one(self, text: str) -> str:
        if not any(character.isalpha() for character in text):
            return NO_WORDS
        if len(text) < SHORT:
            return UNKNOWN
        found: str = self._identifier.classify(text)[0]
        return found


LANGUAGE = Language()
READABLE = frozenset(LANGUAGES)
