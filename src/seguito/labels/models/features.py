"""Texts as counted n-grams: words and pairs of words in one block, runs of three to five letters in another.

A key of 32 bits stands for an n-gram; its lowest bit is the block. `counts` gives the keys of texts, `spelling.names`
what they stand for. Equal texts give equal keys on every machine, under every Python and in every batch.

What is counted of `Non mi piace PER NIENTE!!`:

- words, and what else is a token: each run of punctuation, emoji, link, mention (`non`, `mi`, `!!`);
- pairs of neighbouring tokens, the start and the end of the text among them;
- words within three words after a negation, again as negated words;
- signs: a word in capitals, a word drawn out, a word in another script, how many tokens there are;
- three, four and five letters within a word, its edges included (`_pi`, `piac`, `iace_`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.labels.models import hashing
from seguito.labels.models.alphabet import SCRIPT, SCRIPTS, SINGLE, WORD
from seguito.labels.models.hashing import LETTER_BLOCK, WORD_BLOCK, Words
from seguito.labels.models.stream import Places, Stream, sound, stream, upper

# Changes whenever a text may get other keys; weight files name the one they were made with.
REVISION: Final = 1

# How many words after a negation are negated, if no punctuation comes before.
SCOPE: Final = 3
# Longest number of tokens of each class of length but the last.
LENGTHS: Final = (1, 2, 4, 8, 16, 32)
# Signs beside the words, by number: the classes of length, capitals, drawn-out words, then a script each.
CAPITALS: Final = len(LENGTHS) + 1
LONG: Final = CAPITALS + 1
FIRST_SCRIPT: Final = LONG + 1
SIGNS: Final = FIRST_SCRIPT + len(SCRIPTS)

# Texts worked on together: enough to make the steps worth their while, few enough to stay near the processor.
AT_ONCE: Final = 1_024


class Piece(NamedTuple):
    """Keys of one sort.

    Attributes:
        sort: `word`, `pair`, `negated`, `sign`, or the number of letters.
        keys: the keys.
        texts: the number of the text of each.
        at: the token it begins with (a pair with the start of the text: one before), the number of a sign, or, for
            letters, the place in the stream.
    """

    sort: str
    keys: Words
    texts: npt.NDArray[np.uint16]
    at: Places


class Tokens(NamedTuple):
    """The tokens of a stream: where each begins and ends, its hash, whether it is a word, and its text's number."""

    begin: Places
    end: Places
    hashes: Words
    word: npt.NDArray[np.bool_]
    texts: npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Counts:
    """N-grams of texts, counted.

    Attributes:
        offsets: text `i` has the keys from `offsets[i]` to `offsets[i + 1]`.
        keys: ascending within each text, each once.
        counts: how often it occurs in the text.
    """

    offsets: npt.NDArray[np.int64]
    keys: Words
    counts: npt.NDArray[np.uint16]


def counts(texts: pa.Array | pa.ChunkedArray) -> Counts:
    """Count the n-grams of texts of any number; nulls are empty, and what lies after READ code points is not read."""
    ready = sound(texts)
    per_text, found, often = [np.zeros(1, dtype=np.int64)], [], []
    for begin in range(0, len(ready), AT_ONCE):
        part = ready.slice(begin, AT_ONCE)
        gathered = pieces(stream(part))
        number = np.concatenate([piece.texts for piece in gathered]).astype(np.uint64)
        both = np.sort(number << np.uint64(32) | np.concatenate([piece.keys for piece in gathered]))
        first = np.flatnonzero(np.concatenate([[True], both[1:] != both[:-1]])) if len(both) else both.astype(np.int64)
        single = both[first]
        found.append(single.astype(np.uint32))
        often.append(np.diff(first, append=len(both)).astype(np.uint16))
        per_text.append(np.bincount((single >> np.uint64(32)).astype(np.int64), minlength=len(part)))
    return Counts(
        np.cumsum(np.concatenate(per_text)),
        np.concatenate(found) if found else np.empty(0, dtype=np.uint32),
        np.concatenate(often) if often else np.empty(0, dtype=np.uint16),
    )


def pieces(of: Stream) -> list[Piece]:
    """All keys of a stream, sort by sort."""
    word = of.kind() == WORD
    values = hashing.mixed(of.codes)
    found = tokens(of, values)
    return [
        Piece("word", hashing.keys(found.hashes.copy(), hashing.UNIGRAM_SEED, WORD_BLOCK), found.texts, _all(found)),
        *_pairs(found),
        _negated(found),
        *_signs(of, found),
        *_letters(of, word, values),
    ]


def _all(of: Tokens) -> Places:
    return np.arange(len(of.begin), dtype=np.int64)


@cache
def _powers(n: int) -> tuple[Words, Words]:
    """Powers of the base and of its inverse, for streams of up to `n` letters."""
    return hashing.powers(hashing.BASE, n), hashing.powers(hashing.inverse(hashing.BASE), n)


def tokens(of: Stream, values: Words | None = None) -> Tokens:
    """Runs of letters, runs of punctuation, and single signs.

    Args:
        of: a stream.
        values: its codes, mixed, if that was done before.
    """
    kind = of.kind()
    word = kind == WORD
    values = hashing.mixed(of.codes) if values is None else values
    token = (kind >= WORD) & (kind <= SINGLE)
    change = np.ones(len(kind), dtype=np.bool_)
    change[1:] = (kind[1:] != kind[:-1]) | (kind[1:] == SINGLE)
    edges = np.flatnonzero(change)
    chosen = token[edges]
    begin = edges[chosen]
    end = np.append(edges[1:], len(kind))[chosen]
    n = 1 << max(16, len(kind).bit_length())
    up, down = _powers(n)
    total = np.zeros(len(kind) + 1, dtype=np.uint32)
    np.cumsum(values * up[: len(kind)], dtype=np.uint32, out=total[1:])
    hashes = (total[end] - total[begin]) * down[begin]
    return Tokens(begin, end, hashes, word[begin], of.texts[begin])


def _pairs(found: Tokens) -> tuple[Piece, Piece]:
    """Each token with the one before it, or with the start; and the last of each text with the end."""
    first = np.ones(len(found.texts), dtype=np.bool_)
    first[1:] = found.texts[1:] != found.texts[:-1]
    before = np.empty_like(found.hashes)
    before[1:] = found.hashes[:-1]
    before[first] = hashing.START
    last = np.flatnonzero(np.append(first[1:], True)) if len(first) else np.empty(0, dtype=np.int64)
    many = np.uint32(hashing.BIGRAM)
    pairs = hashing.keys(before * many + found.hashes, hashing.BIGRAM_SEED, WORD_BLOCK)
    closing = hashing.keys(found.hashes[last] * many + np.uint32(hashing.END), hashing.BIGRAM_SEED, WORD_BLOCK)
    return (
        Piece("pair", pairs, found.texts, _all(found) - 1),
        Piece("pair", closing, found.texts[last], last.astype(np.int64)),
    )


@cache
def negations() -> Words:
    """The hashes of words that negate what follows, ascending."""
    lists = tomllib.loads((files(__package__) / "negation.toml").read_text(encoding="utf-8"))
    return np.unique(np.array([hash_of(word) for words in lists.values() for word in words], dtype=np.uint32))


def hash_of(word: str) -> int:
    """The hash of a word that needs no folding."""
    codes = np.frombuffer(word.encode("utf-16-le"), dtype="<u2")
    terms = hashing.mixed(codes) * hashing.powers(hashing.BASE, len(codes))
    return int(terms.sum(dtype=np.uint32))


def _negated(found: Tokens) -> Piece:
    """Words up to SCOPE words after a negation, unless something other than a word comes between."""
    negates = found.word & _among(found.hashes, negations())
    linked = found.word.copy()
    linked[:1] = False
    linked[1:] &= found.word[:-1] & (found.texts[1:] == found.texts[:-1])
    reached, negated = negates, np.zeros_like(negates)
    if negates.any():
        for _ in range(SCOPE):
            reached = np.concatenate([[False], reached[:-1]]) & linked
            negated |= reached
    at = np.flatnonzero(negated)
    return Piece("negated", hashing.keys(found.hashes[at], hashing.NEGATED_SEED, WORD_BLOCK), found.texts[at], at)


def _among(hashes: Words, few: Words) -> npt.NDArray[np.bool_]:
    places = np.minimum(np.searchsorted(few, hashes), len(few) - 1)
    among: npt.NDArray[np.bool_] = few[places] == hashes
    return among


@cache
def signs() -> Words:
    """The keys of all signs, by number."""
    return hashing.keys(np.arange(SIGNS, dtype=np.uint32), hashing.FLAG_SEED, WORD_BLOCK)


def _signs(of: Stream, found: Tokens) -> list[Piece]:
    """What is said of whole texts, and of words beside what they mean."""
    words = np.flatnonzero(found.word)
    begin, end = found.begin[words], found.end[words]
    big = upper(of.kinds)
    number = np.zeros(len(of.codes) + 1, dtype=np.int32)
    np.cumsum(big, out=number[1:])
    bigs = number[end] - number[begin]
    digit = (of.codes >= ord("0")) & (of.codes <= ord("9"))
    np.cumsum(big | digit, out=number[1:])
    capitals = words[(bigs >= 2) & (number[end] - number[begin] == end - begin)]
    drawn = np.unique(np.searchsorted(found.begin, np.flatnonzero(of.long), side="right") - 1)
    script = of.kinds[begin] >> np.uint8(SCRIPT)
    foreign = np.flatnonzero(script)
    tally = np.bincount(found.texts, minlength=of.n)
    written = np.flatnonzero(tally)
    sizes = np.searchsorted(np.array(LENGTHS), tally[written])
    return [
        _sign(sizes, written.astype(np.uint16)),
        _sign(np.full(len(capitals), CAPITALS), found.texts[capitals]),
        _sign(np.full(len(drawn), LONG), found.texts[drawn]),
        _sign(FIRST_SCRIPT + script[foreign].astype(np.int64), found.texts[words[foreign]]),
    ]


def _sign(numbers: Places, texts: npt.NDArray[np.uint16]) -> Piece:
    return Piece("sign", signs()[numbers], texts, numbers)


def _letters(of: Stream, word: npt.NDArray[np.bool_], values: Words) -> list[Piece]:
    """Three, four and five places, of which all but the first and the last are in one word."""
    m: Words = np.where(word, values, np.uint32(hashing.BOUNDARY)).astype(np.uint32, copy=False)
    inner, total = word, m
    gathered = []
    for n, seed in enumerate(hashing.GRAM_SEEDS, start=3):
        if n == 3:
            total = m[:-2] + m[1:-1] * _power(1) + m[2:] * _power(2)
            inner = word[1:-1]
        else:
            total = total[:-1] + m[n - 1 :] * _power(n - 1)
            inner = inner[:-1] & word[n - 2 : len(word) - 1]
        at = np.flatnonzero(inner)
        gathered.append(Piece(str(n), hashing.keys(total[at], seed, LETTER_BLOCK), of.texts[at + 1], at))
    return gathered


def _power(n: int) -> Words:
    return np.array(pow(hashing.BASE, n, 1 << 32), dtype=np.uint32)
