"""Which of many short texts are nearly the same: pairs found by set joins on columns, never by comparing all with all.

Two texts are near-identical when their character 3-grams overlap (Jaccard >= ALIKE) or, for texts of several words,
when the words they share make up nearly all of the shorter one (token-set ratio >= TOKENS). Which pairs are compared at
all is found by MinHash sketches in bands (Broder 1997; Leskovec, Rajaraman & Ullman 2014, chapter 3): a pair just as
alike as ALIKE is compared with a chance of .99, one of .7 nearly always. Every pair given was compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.bounds import Bags, may_overlap

ALIKE = 0.6
TOKENS = 85.0
# A word set contained in a longer text says little: "i love this" is in thousands of them.
LEAST_WORDS = 3
SHARE_OF_LONGER = 0.6
LONG = 4
# Of more texts than this that land in one bucket each is compared with so many of the first and of its neighbours only,
# or a page of greetings would take hours.
CROWD, NEIGHBOURS = 30, 8
CHUNK = 4_000_000
# Bands and rows of the sketches, of 3-grams and of words.
GRAM_ROWS, GRAM_BANDS = 4, 32
WORD_ROWS, WORD_BANDS = 2, 16

Indices = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Sets:
    """The features of every text, as sets.

    Attributes:
        features: numbers below 2**31, text after text, sorted within each.
        starts: where each text's features start; one more than there are texts.
    """

    features: Indices
    starts: Indices

    @property
    def sizes(self) -> Indices:
        """How many features each text has."""
        return np.diff(self.starts)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of near-identical texts.

    Attributes:
        left: the earlier text of each pair.
        right: the later one.
        alike: how alike they are, 0 to 1.
        crowded: buckets of sketches so full that not all their texts were compared.
    """

    left: Indices
    right: Indices
    alike: Shares
    crowded: int


@dataclass
class Near:
    """Finds near-identical pairs among normalised texts (letters, digits and single spaces) as they arrive.

    Only new texts are compared, with each other and with all before them. Their numbers count from the first one on.
    """

    _texts: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    _by_grams: Keys = field(default_factory=lambda: np.empty((0, GRAM_BANDS), dtype=np.uint64))
    _by_words: Keys = field(default_factory=lambda: np.empty((0, WORD_BANDS), dtype=np.uint64))

    def add(self, texts: pa.Array) -> Pairs:
        """The pairs whose later text is one of these.

        Args:
            texts: strings without nulls, none of them seen before.
        """
        known = len(self._texts)
        self._texts = pa.concat_arrays([self._texts, texts])
        self._by_grams = np.concatenate([self._by_grams, sketches(grams(texts), GRAM_ROWS, GRAM_BANDS)])
        self._by_words = np.concatenate([self._by_words, sketches(words(texts), WORD_ROWS, WORD_BANDS)])
        by_grams, crowded = self._likely_by_grams(known)
        by_words, more = self._likely_by_words(known)
        return _merged([*by_grams, *by_words], crowded + more)

    def _likely_by_grams(self, known: int) -> tuple[list[tuple[Keys, Shares]], int]:
        candidates, crowded = _candidates(self._by_grams, known)
        found = []
        for left, right in candidates:
            involved, places = np.unique(np.concatenate([left, right]), return_inverse=True)
            sets = grams(self._texts.take(pa.array(involved)))
            jaccard = _jaccard(sets, places[: len(left)], places[len(left) :])
            good = jaccard >= ALIKE
            found.append((_packed(left[good], right[good]), jaccard[good]))
        return found, crowded

    def _likely_by_words(self, known: int) -> tuple[list[tuple[Keys, Shares]], int]:
        from rapidfuzz import fuzz, process

        candidates, crowded = _candidates(self._by_words, known)
        lengths = pc.utf8_length(self._texts).to_numpy(zero_copy_only=False)
        several = pc.greater_equal(pc.count_substring(self._texts, " "), LEAST_WORDS - 1).to_numpy(zero_copy_only=False)
        bags = Bags.of(self._texts)
        found = []
        for left, right in candidates:
            ratio = np.minimum(lengths[left], lengths[right]) / np.maximum(lengths[left], lengths[right])
            kept = (ratio >= SHARE_OF_LONGER) & several[left] & several[right]
            left, right = left[kept], right[kept]
            may = bags.may_share(left, right, TOKENS)
            left, right = left[may], right[may]
            ours, theirs = (self._texts.take(pa.array(one)).to_pylist() for one in (left, right))
            scores = process.cpdist(
                ours, theirs, scorer=fuzz.token_set_ratio, score_cutoff=TOKENS, workers=-1, dtype=np.float64
            )
            good = scores >= TOKENS
            found.append((_packed(left[good], right[good]), scores[good] / 100))
        return found, crowded


def _merged(found: list[tuple[Keys, Shares]], crowded: int) -> Pairs:
    """Every pair once, with the higher of its two likenesses."""
    keys = np.concatenate([np.empty(0, dtype=np.uint64), *(one for one, _ in found)])
    alike = np.concatenate([np.empty(0), *(two for _, two in found)])
    order = np.lexsort((-alike, keys))
    keys, alike = keys[order], alike[order]
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    left, right = _unpacked(keys[first])
    return Pairs(left, right, alike[first], crowded)


def grams(texts: pa.Array) -> Sets:
    """The character 3-grams of every text, with a space before and after it."""
    padded = pc.binary_join_element_wise(" ", texts, " ", "")
    lengths = pc.utf8_length(padded).to_numpy(zero_copy_only=False).astype(np.int64)
    points = np.frombuffer("".join(padded.to_pylist()).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    ends = np.cumsum(lengths)
    hashed = _mixed(points[:-2] + (points[1:-1] << np.uint64(21)) + (points[2:] << np.uint64(42)))
    whose = np.repeat(np.arange(len(texts)), lengths)[: len(hashed)]
    inside = np.ones(len(hashed), dtype=bool)
    # A 3-gram does not go on from one text into the next.
    inside[ends[:-1] - 1] = False
    inside[ends[:-1] - 2] = False
    return _sets(whose[inside], hashed[inside], len(texts))


def words(texts: pa.Array) -> Sets:
    """The words of every text that have LONG letters or more: sharing the little ones tells nothing.

    What counts depends on the text alone, so that it makes no difference in how many steps texts arrive.
    """
    split = pc.split_pattern(texts, " ")
    flat = pc.list_flatten(split)
    told = pc.greater_equal(pc.utf8_length(flat), LONG).to_numpy(zero_copy_only=False)
    whose = pc.list_parent_indices(split).to_numpy(zero_copy_only=False).astype(np.int64)
    coded = pc.dictionary_encode(flat)
    digests = [blake2b(word.encode(), digest_size=8).digest() for word in coded.dictionary.to_pylist()]
    hashed = np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64) >> np.uint64(33)
    return _sets(whose[told], hashed[coded.indices.to_numpy(zero_copy_only=False)][told], len(texts))


def _mixed(keys: Keys) -> Keys:
    mixed = keys * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(29))) >> np.uint64(33)


def _mixed_wide(keys: Keys) -> Keys:
    mixed = keys * np.uint64(0x9E3779B97F4A7C15)
    return mixed ^ (mixed >> np.uint64(31))


def _sets(whose: Indices, features: Keys, texts: int) -> Sets:
    """Sets from (text, feature) pairs that may repeat; features are below 2**31."""
    pairs = np.sort((whose.astype(np.uint64) << np.uint64(32)) | features)
    left, right = _unpacked(_once(pairs))
    return Sets(right, np.concatenate([[0], np.cumsum(np.bincount(left, minlength=texts))]))


def sketches(sets: Sets, rows: int, bands: int) -> Keys:
    """A MinHash sketch of every text: one key a band, each made of the smallest of `rows` hashes; 0 for empty sets."""
    keys = np.zeros((len(sets.sizes), bands), dtype=np.uint64)
    held = np.flatnonzero(sets.sizes > 0)
    if not len(held):
        return keys
    features, starts = _mixed(sets.features.astype(np.uint64)).astype(np.uint32), sets.starts[held]
    for band in range(bands):
        key = np.full(len(held), band + 1, dtype=np.uint64)
        for row in range(rows):
            # A random affine map of 32 bits, odd factor: which feature comes out smallest is as good as drawn by lot.
            factor, shift = np.random.default_rng([band, row]).integers(0, 1 << 32, 2, dtype=np.uint32)
            smallest = np.minimum.reduceat(features * (factor | np.uint32(1)) + shift, starts)
            key = _mixed_wide(key ^ smallest)
        keys[held, band] = key | np.uint64(1)
    return keys


def _candidates(sketched: Keys, known: int) -> tuple[Iterator[tuple[Indices, Indices]], int]:
    """Pairs worth comparing, in chunks, the later one from `known` on: their sketches agree in a whole band."""
    found, crowded = [np.empty(0, dtype=np.uint64)], 0
    for band in range(sketched.shape[1]):
        keys = sketched[:, band]
        texts = np.flatnonzero(keys > 0) if not known else np.flatnonzero((keys > 0) & np.isin(keys, keys[known:]))
        pairs, too_many = _bucketed(texts, keys[texts])
        found.append(pairs[(pairs & np.uint64(0xFFFFFFFF)) >= known])
        crowded += too_many
    every = _once(np.sort(np.concatenate(found)))
    return (_unpacked(every[start : start + CHUNK]) for start in range(0, len(every), CHUNK)), crowded


def _bucketed(texts: Indices, key: Keys) -> tuple[Keys, int]:
    """Pairs of texts with the same key; in a crowded bucket each is paired with the first ones and its neighbours."""
    order = np.lexsort((texts, key))
    sorted_key, sorted_text = key[order], texts[order]
    n = len(order)
    start = np.searchsorted(sorted_key, sorted_key, side="left")
    end = np.searchsorted(sorted_key, sorted_key, side="right")
    place = np.arange(n)
    found = []
    crowd = end - start > CROWD
    for step in range(1, CROWD):
        later = place[: n - step][place[: n - step] + step < end[: n - step]]
        if not len(later):
            break
        if step > NEIGHBOURS:
            later = later[~crowd[later]]
        found.append(_packed(sorted_text[later], sorted_text[later + step]))
    for step in range(NEIGHBOURS):
        in_crowd = place[crowd & (place - start > step + NEIGHBOURS)]
        found.append(_packed(sorted_text[start[in_crowd] + step], sorted_text[in_crowd]))
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64), int((crowd & (place == start)).sum())


def _jaccard(sets: Sets, left: Indices, right: Indices) -> Shares:
    """How much the texts of each pair overlap; 0 where their bits tell that it cannot be ALIKE."""
    sizes = sets.sizes
    jaccard = np.zeros(len(left))
    may = np.flatnonzero(may_overlap(sets, left, right, ALIKE))
    shared = _shared(sets, left[may], right[may])
    jaccard[may] = shared / (sizes[left[may]] + sizes[right[may]] - shared)
    return jaccard


def _shared(sets: Sets, left: Indices, right: Indices) -> Indices:
    """How many features the texts of each pair share."""
    from scipy.sparse import csr_array

    ones = np.ones(len(sets.features), dtype=np.int32)
    table = csr_array((ones, sets.features, sets.starts), shape=(len(sets.sizes), 1 << 31))
    shared = np.zeros(len(left), dtype=np.int64)
    step = 200_000
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        shared[part] = table[left[part]].multiply(table[right[part]]).sum(axis=1)
    return shared


def _once(ordered: Keys) -> Keys:
    """Sorted keys without repeats; faster here than NumPy's own, which hashes."""
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def _packed(left: Indices, right: Indices) -> Keys:
    low, high = np.minimum(left, right).astype(np.uint64), np.maximum(left, right).astype(np.uint64)
    packed: Keys = (low << np.uint64(32)) | high
    return packed


def _unpacked(keys: Keys) -> tuple[Indices, Indices]:
    return (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
