"""A key that texts with the same wording share, whoever typed them and however.

Two texts get the same key when they hold the same words: order, repeats, case, accents, links, mentions, emoji and
figures do not count. That is decided from each text alone, so that a key never depends on what else was read. Near
duplicates (a word more, a word changed) need to be compared with each other, which is a measure's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels import folding
from seguito.labels.contract import Row, found
from seguito.labels.ngrams import buffers

# Shorter texts are alike by chance: "che bella!" is written by thousands who never met.
SHORTEST = 12


@dataclass(frozen=True)
class Wording:
    """Gives every text of at least SHORTEST normalised characters the key of its wording: 16 hexadecimal digits."""

    name: str = "wording"
    revision: str = f"3.{folding.REVISION}"
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
        texts = words_of(pc.fill_null(posts.column("plain"), ""))
        long_enough = pc.greater_equal(pc.utf8_length(texts), SHORTEST)
        return found(posts.column("uri").filter(long_enough), "wording", keys_of(texts.filter(long_enough)))


def words_of(plain: pa.Array) -> pa.Array:
    """The words of plain texts, single spaces between them; every figure is 0."""
    texts = _ascii_words(plain)
    foreign = pc.invert(pc.string_is_ascii(plain))
    if pc.any(foreign).as_py():
        rest = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain.filter(foreign), r"[^\p{L}\p{N}]+", " "))
        texts = pc.replace_with_mask(texts, foreign, folding.replaced(rest, r"\p{Nd}+", "0"))
    return texts


def _ascii_words(texts: pa.Array) -> pa.Array:
    """The same for texts of ASCII letters, all at once; what else there is comes out in some way."""
    offsets, letters = buffers(texts)
    start = int(offsets[0])
    read = _LETTERS[letters[start : int(offsets[-1])]]
    before = np.empty(len(read) + 1, dtype=np.uint8)
    before[1:] = read
    before[offsets[:-1] - start] = _SPACE
    kept = (read != before[:-1]) | ((read != _SPACE) & (read != _FIGURE))
    places = np.concatenate([[0], np.cumsum(kept)])
    whole = pa.LargeStringArray.from_buffers(
        len(texts), pa.py_buffer(places[offsets - start].astype(np.int64)), pa.py_buffer(read[kept])
    )
    return pc.ascii_trim_whitespace(whole.cast(pa.string()))


def keys_of(texts: pa.Array) -> pa.Array:
    """The keys of normalised texts: what their words, each once, come to in any order."""
    words = pc.split_pattern(texts, " ")
    encoded = words.flatten().dictionary_encode()
    digests = np.array([_digest(word) for word in encoded.dictionary.to_pylist()], dtype=np.uint64)
    pairs = np.repeat(np.arange(len(texts), dtype=np.int64), pc.list_value_length(words).to_numpy())
    pairs = np.sort(pairs << 32 | encoded.indices.to_numpy().astype(np.int64))
    once = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if len(pairs) else pairs
    sums = np.zeros(len(once) + 1, dtype=np.uint64)
    np.cumsum(digests[once & 0xFFFFFFFF], out=sums[1:])
    ends = np.searchsorted(once >> 32, np.arange(len(texts) + 1))
    return _hexadecimal(np.diff(sums[ends]))


def key_of(text: str) -> str:
    """The key of one normalised text."""
    key: str = keys_of(pa.array([text], pa.string()))[0].as_py()
    return key


@lru_cache(maxsize=100_000)
def _digest(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")


def _hexadecimal(numbers: npt.NDArray[np.uint64]) -> pa.Array:
    """Sixteen digits each."""
    octets = numbers.astype(">u8").view(np.uint8)
    letters = np.ascontiguousarray(_DIGITS[np.stack([octets >> 4, octets & 15], axis=1)])
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * 16
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(letters))


_DIGITS = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_SPACE, _FIGURE = ord(" "), ord("0")
# What each byte is read as: letters as they are, figures as 0, all else of ASCII as a space.
_LETTERS = np.array(
    [_FIGURE if chr(n).isdigit() else n if chr(n).isalpha() else _SPACE for n in range(128)] + list(range(128, 256)),
    dtype=np.uint8,
)

WORDING = Wording()
