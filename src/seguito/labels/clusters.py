"""Messages that say the same in nearly the same words, gathered so that one answer can serve many.

A cluster is led by its first message. A later one joins the cluster of the earlier message it is most like, as long as
it is still like the leader too, so that clusters do not drift from word to word into another meaning. What was decided
is never changed by what arrives later.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels import folding
from seguito.labels.pairs import Near, Pairs

# Shorter texts are alike by chance when a letter differs: they join only those that are the same.
SHORTEST = 12
# How much of a message must still be in the leader's words (token-set ratio, 0 to 100).
HOLD = 70.0

TABLE = pa.schema([("uri", pa.string()), ("cluster", pa.string()), ("alike", pa.float64())])


def normalised(texts: pa.Array) -> pa.Array:
    """Texts as they are compared: words and figures in lower case, without links, mentions, emoji, accents and runs."""
    plain = folding.plain(folding.bare(texts))
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"[^\p{L}\p{N}]+", " "))


@dataclass
class Clusters:
    """Clusters of messages by their wording, growing as messages arrive.

    The same messages in the same order give the same clusters; feed them by time, then by key.
    """

    _uris: list[str] = field(default_factory=list)
    # The number of every message's text among the different ones; -1 for a text without words.
    _text_of: list[int] = field(default_factory=list)
    # The different texts, their first message, the text that leads their cluster, and how like it they are.
    _texts: list[str] = field(default_factory=list)
    _number: dict[str, int] = field(default_factory=dict)
    _first: list[int] = field(default_factory=list)
    _leader: list[int] = field(default_factory=list)
    _alike: list[float] = field(default_factory=list)
    # Which texts `_near` knows by which number: short ones are not compared.
    _long: list[int] = field(default_factory=list)
    _near: Near = field(default_factory=Near)

    def add(self, uris: pa.Array, texts: pa.Array) -> None:
        """Take in messages that came after all earlier ones.

        Args:
            uris: their keys.
            texts: as written; may hold nulls. A text without letters or figures stands in no cluster.
        """
        known = len(self._texts)
        self._text_of.extend(self._numbered(normalised(texts), len(self._uris)))
        self._uris.extend(uris.to_pylist())
        new = [one for one in range(known, len(self._texts)) if len(self._texts[one]) >= SHORTEST]
        self._long.extend(new)
        self._join(self._near.add(pa.array([self._texts[one] for one in new], pa.string())))
        self._measure(known)

    def _numbered(self, plain: pa.Array, start: int) -> list[int]:
        """The number of every text among the different ones; -1 for texts without words."""
        numbers = []
        for place, text in enumerate(plain.to_pylist(), start=start):
            if not text:
                numbers.append(-1)
                continue
            number = self._number.get(text)
            if number is None:
                number = self._number[text] = len(self._texts)
                self._texts.append(text)
                self._first.append(place)
                self._leader.append(number)
            numbers.append(number)
        return numbers

    def _join(self, pairs: Pairs) -> None:
        """Put every new text into the cluster of the earlier one it is most like, if the leader still holds it."""
        from rapidfuzz import fuzz

        order = np.lexsort((pairs.left, -pairs.alike, pairs.right))
        for left, right in zip(pairs.left[order].tolist(), pairs.right[order].tolist(), strict=True):
            ours, theirs = self._long[right], self._long[left]
            leader = self._leader[theirs]
            if self._leader[ours] == ours and fuzz.token_set_ratio(self._texts[leader], self._texts[ours]) >= HOLD:
                self._leader[ours] = leader

    def _measure(self, known: int) -> None:
        """How like its leader every new text is, letter by letter: 1 for the leader itself."""
        from rapidfuzz import fuzz, process

        ours = self._texts[known:]
        leaders = [self._texts[one] for one in self._leader[known:]]
        if ours:
            scores = process.cpdist(ours, leaders, scorer=fuzz.ratio, workers=-1, dtype=np.float64)
            self._alike.extend((scores / 100).tolist())

    def table(self) -> pa.Table:
        """One row a message (schema `TABLE`): its cluster, named by the first message; how like that one it is, 0 to 1.

        `cluster` is null for a message without words.
        """
        leads = [self._uris[self._first[one]] for one in self._leader]
        names = [None if one < 0 else leads[one] for one in self._text_of]
        alike = [None if one < 0 else self._alike[one] for one in self._text_of]
        return pa.table([self._uris, names, alike], schema=TABLE)
