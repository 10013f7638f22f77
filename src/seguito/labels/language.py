"""Which language a text is in: one of those we read, another, or too little to tell."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels import folding, ngrams
from seguito.labels.contract import LANGUAGES, Source

# Those that people write most on the same platforms as ours, the next ones to be read first: a language must have a
# name of its own to go to, or it is mistaken for one of ours.
OTHERS = (
    *("es", "fr", "de", "pt"),
    *("nl", "pl", "ro", "ca", "tr", "ru", "uk", "bg", "sr", "hr", "sl", "cs", "sk", "hu", "el", "sq", "sv", "da", "no"),
    *("fi", "et", "lv", "lt", "ar", "fa", "ur", "he", "hi", "bn", "ta", "te", "th", "vi", "id", "tl", "ja", "ko", "zh"),
)

UNKNOWN = "und"
NO_WORDS = "zxx"

# More than this many characters tell nothing new about the language, and cost time.
READ = 200
# Below this probability the answer is UNKNOWN. On tweets and subtitles of 8 to 12 letters, 9 in 10 of the answers
# that remain are right; from 20 letters on, 98 in 100.
SURE = 0.5
# Laughter is in no language, and looks to the n-grams as if it were in Tagalog.
_LAUGHTER = r"\b(?:(?:[ae]h+){2,}[ae]?|(?:[hj]+[aei]+){2,}[hj]*)\b"


@dataclass(frozen=True)
class Language:
    """Identifies languages by byte n-grams and, where a text is too short for them, by words no other language has.

    Values: one of LANGUAGES, one of OTHERS, `und` (too little to tell), `zxx` (no words). A text in two languages
    gets the one that most of it is in.
    """

    name: str = "language"
    revision: str = "2"

    @property
    def source(self) -> Source:
        """Name and revision."""
        return Source(self.name, self.revision)

    @cached_property
    def _ngrams(self) -> ngrams.Ngrams:
        return ngrams.load((*LANGUAGES, *OTHERS))

    @cached_property
    def _words(self) -> dict[str, str]:
        text = (files("seguito.labels") / "rules" / "language.toml").read_text(encoding="utf-8")
        return {
            language: rf"(?:^|[^\p{{L}}])(?:{'|'.join(words)})(?:$|[^\p{{L}}])"
            for language, words in tomllib.loads(text)["words"].items()
        }

    def read(self, texts: pa.Array) -> pa.Array:
        """The language of every text."""
        return self.identify(folding.bare(texts))

    def identify(self, bare: pa.Array) -> pa.Array:
        """The language of every bare text (see `folding.bare`); equal texts are read once."""
        encoded = bare.dictionary_encode()
        return self._identify(encoded.dictionary).take(encoded.indices)

    def _identify(self, bare: pa.Array) -> pa.Array:
        texts = pc.utf8_lower(pc.utf8_slice_codeunits(bare, 0, READ))
        foreign = pc.invert(pc.string_is_ascii(texts))
        if pc.any(foreign).as_py():
            # Compatibility forms only for letters that are styled: the model has read ordinary ones.
            clean = pc.utf8_normalize(texts.filter(foreign), form="NFKC")
            clean = pc.replace_substring_regex(clean, r"[^\p{L}\p{M}\p{N}'’.,!?\s-]+", " ")
            texts = pc.replace_with_mask(texts, foreign, clean)
        texts = folding.replaced(folding.squeezed(texts), _LAUGHTER, " ")
        scores = self._ngrams.score(texts)
        best = pa.array(self._ngrams.languages, pa.string()).take(pa.array(scores.argmax(axis=1)))
        found = pc.if_else(pa.array(scores.max(axis=1, initial=0) >= np.float32(SURE)), best, UNKNOWN)
        found = self._by_words(texts, found)
        return pc.if_else(pc.match_substring_regex(texts, r"\p{L}"), found, NO_WORDS)

    def _by_words(self, texts: pa.Array, found: pa.Array) -> pa.Array:
        """Settle what is unknown where the words of exactly one language occur."""
        open_ones = pc.equal(found, UNKNOWN)
        rest = texts.filter(open_ones)
        hits = np.column_stack(
            [pc.match_substring_regex(rest, words).to_numpy(zero_copy_only=False) for words in self._words.values()]
        )
        one = pa.array(list(self._words), pa.string()).take(pa.array(hits.argmax(axis=1)))
        return pc.replace_with_mask(found, open_ones, pc.if_else(pa.array(hits.sum(axis=1) == 1), one, UNKNOWN))


LANGUAGE = Language()
