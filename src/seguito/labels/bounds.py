"""Which pairs of texts cannot be alike: told by counting at a glance, before any pair is compared letter by letter.

Every bound errs on one side only: a pair it rules out is certain to fall short, one it lets pass is compared exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LETTERS, WORDS = 64, 128
MARKS = 1024
# Pairs looked at together: their rows then stay in the processor's cache.
STEP = 16_384
_MOST = 255


def may_overlap(sets: Any, left: Indices, right: Indices, share: float) -> Flags:
    """Whether two sets may have a Jaccard coefficient of `share`.

    Every feature sets one of `MARKS` bits, and every bit that only one of the two has is a feature only one has.

    Args:
        sets: as in `pairs.Sets`.
        left, right: numbers of the sets of each pair.
        share: 0 to 1.
    """
    sizes, marks = sets.sizes, _marks(sets)
    may = np.zeros(len(left), dtype=bool)
    for part in _steps(len(left)):
        ours, theirs = left[part], right[part]
        apart = np.bitwise_count(marks[ours] ^ marks[theirs]).sum(axis=1, dtype=np.int64)
        both = sizes[ours] + sizes[theirs]
        may[part] = (both - apart) / 2 >= share / (1 + share) * both - 1e-9
    return may


def _marks(sets: Any) -> npt.NDArray[np.uint64]:
    whose = np.repeat(np.arange(len(sets.sizes)), sets.sizes)
    mixed = sets.features.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits = (mixed >> np.uint64(40)).astype(np.int64) % MARKS
    marks = np.zeros((len(sets.sizes), MARKS // 64), dtype=np.uint64)
    np.bitwise_or.at(marks, (whose, bits >> 6), np.uint64(1) << (bits & 63).astype(np.uint64))
    return marks


@dataclass(frozen=True)
class Bags:
    """Texts as heaps of letters and of words, whatever their order.

    Attributes:
        lengths: characters of each text's different words, joined by spaces.
        letters: how often each text has each letter, letters being dealt to `LETTERS` heaps.
        words: how many characters (and a space each) its words take, words being dealt to `WORDS` heaps.
        is_full: whether a heap holds more than can be counted; nothing is said of such a text.
    """

    lengths: Indices
    letters: npt.NDArray[np.uint8]
    words: npt.NDArray[np.uint8]
    is_full: Flags

    @classmethod
    def of(cls, texts: pa.Array) -> Bags:
        """The bags of texts whose words are separated by single spaces."""
        split = pc.split_pattern(texts, " ")
        flat, whose = pc.list_flatten(split).dictionary_encode(), pc.list_parent_indices(split)
        coded = pa.table({"text": whose, "word": flat.indices}).group_by(["text", "word"]).aggregate([])
        text, word = (coded[name].to_numpy().astype(np.int64) for name in ("text", "word"))
        sizes = pc.utf8_length(flat.dictionary).to_numpy(zero_copy_only=False).astype(np.int64)
        count = len(texts)
        lengths = np.bincount(text, sizes[word] + 1, minlength=count).astype(np.int64) - 1
        words = _heaps(text, word % WORDS, sizes[word] + 1, count, WORDS)
        points = np.frombuffer("".join(flat.dictionary.to_pylist()).encode("utf-32-le"), dtype=np.uint32)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        repeated = sizes[word]
        within = np.arange(int(repeated.sum())) - np.repeat(np.cumsum(repeated) - repeated, repeated)
        letter = points[np.repeat(starts[word], repeated) + within] % LETTERS
        letters = _heaps(np.repeat(text, repeated), letter.astype(np.int64), None, count, LETTERS)
        letters[:, ord(" ") % LETTERS] += np.maximum(np.bincount(text, minlength=count) - 1, 0)
        is_full: Flags = np.asarray((letters > _MOST).any(axis=1) | (words > _MOST).any(axis=1))
        return cls(lengths, _clipped(letters), _clipped(words), is_full)

    def may_share(self, left: Indices, right: Indices, score: float) -> Flags:
        """Whether the token-set ratio of two texts may reach `score` (0 to 100).

        The ratio compares the words both have with either text, and both texts with the words only one has moved to
        the end. What both have is no longer than the words in common; and no two texts, in whatever order, have more
        letters in sequence in common than they have letters in common.
        """
        least = score / 100 - 1e-6
        may = self.is_full[left] | self.is_full[right]
        for part in _steps(len(left)):
            ours, theirs = left[part], right[part]
            shorter = np.minimum(self.lengths[ours], self.lengths[theirs])
            words = _common(self.words[ours], self.words[theirs])
            letters = _common(self.letters[ours], self.letters[theirs])
            may[part] |= 2 * words >= least * (words + shorter)
            may[part] |= 2 * letters >= least * (self.lengths[ours] + self.lengths[theirs])
        return may


def _steps(count: int) -> list[slice]:
    return [slice(start, start + STEP) for start in range(0, count, STEP)]


def _heaps(text: Indices, heap: Indices, weight: Indices | None, texts: int, heaps: int) -> Indices:
    counted = np.bincount(text * heaps + heap, weight, minlength=texts * heaps)
    return counted.astype(np.int64).reshape(texts, heaps)


def _clipped(heaps: Indices) -> npt.NDArray[np.uint8]:
    return np.minimum(heaps, _MOST).astype(np.uint8)


def _common(ours: npt.NDArray[np.uint8], theirs: npt.NDArray[np.uint8]) -> Indices:
    common: Indices = np.minimum(ours, theirs).sum(axis=1, dtype=np.int64)
    return common
