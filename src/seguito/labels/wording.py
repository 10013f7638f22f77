"""A key that texts with the same wording share, whoever typed them and however.

Two texts get the same key when they hold the same words: order, repeats, case, accents, links, mentions, emoji and
figures do not count. That is decided from each text alone, so that a key never depends on what else was read. Near
duplicates (a word more, a word changed) need to be compared with each other, which is a measure's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels import folding
from seguito.labels.contract import Row, found

# Shorter texts are alike by chance: "che bella!" is written by thousands who never met.
SHORTEST = 12


@dataclass(frozen=True)
class Wording:
    """Gives every text of at least SHORTEST normalised characters the key of its wording: 16 hexadecimal digits."""

    name: str = "wording"
    revision: str = f"2.{folding.REVISION}"
    labels: dict[str, frozenset[str] | None] = field(default_factory=lambda: {"wording": None})
    languages: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    @property
    def rows(self) -> tuple[Row, ...]:
        """One key for one wording, none for the short."""
        key = key_of("a cosa e la dove felpa quella si trova")
        return (
            Row("Quella felpa a cosa è? e dove si trova la felpaaa", "it", "wording", key),
            Row("@marta QUELLA FELPA dove si trova e a cosa è, la felpa 😍😍 https://esempio.it", "it", "wording", key),
            Row("che bella!! 😍😍😍😍😍😍😍😍", "it", "wording", None),
        )

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """The key of every text that is long enough."""
        texts = pc.replace_substring_regex(pc.fill_null(posts.column("plain"), ""), r"[^\p{L}\p{N}]+", " ")
        texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), r"\p{Nd}+", "0")
        long_enough = pc.greater_equal(pc.utf8_length(texts), SHORTEST)
        keys = [key_of(text) for text in texts.filter(long_enough).to_pylist()]
        return found(posts.column("uri").filter(long_enough), "wording", pa.array(keys, pa.string()))


def key_of(text: str) -> str:
    """The key of a normalised text: a digest of its words as a set."""
    return blake2b(" ".join(sorted(set(text.split()))).encode(), digest_size=8).hexdigest()


WORDING = Wording()
