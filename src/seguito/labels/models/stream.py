"""Texts as one stream of folded letters: no case, accents, marks, runs, links or names; every text ends in a space.

All steps work on the concatenated letters of many texts at once; no text is looked at by itself.
"""

from __future__ import annotations

import html
import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.models.alphabet import (
    APOSTROPHE,
    DROPPED,
    KIND,
    LINK,
    MENTION,
    PLANES,
    PUNCTUATION,
    SINGLE,
    SPACE,
    UPPER,
    WORD,
    alphabet,
)

# What stands after this many code points of a text is not read, so that no text can take its time.
READ: Final = 2_000
# Spaces before the first text and after the last, so that looking around needs no care.
PAD: Final = 8

# What a page would not show as it stands: tags, and letters written as references.
_MARKED: Final = r"</?[A-Za-z][^<>]{0,300}>|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});"
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,300}>")

# What follows the dot of a link written without a scheme. Those that are also words need a slash after them.
DOMAINS: Final = (
    "com", "net", "org", "info", "shop", "store", "online", "xyz", "site", "it", "fr", "eu", "tv", "ly", "gg", "uk",
    "br", "ru", "pt",
)  # fmt: skip
DOMAINS_BEFORE_SLASH: Final = ("me", "be", "es", "de", "io", "co", "us", "ai", "to", "gl", "app", "link", "live")

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


class Stream(NamedTuple):
    """The folded letters of some texts.

    Attributes:
        codes: a number for each letter (see `alphabet`).
        kinds: its kind, case and script, likewise.
        long: whether it stands for a run of three or more.
        texts: the number of the text it is from.
        n: how many texts there are.
    """

    codes: npt.NDArray[np.uint16]
    kinds: npt.NDArray[np.uint8]
    long: Bools
    texts: npt.NDArray[np.uint16]
    n: int

    def kind(self) -> npt.NDArray[np.uint8]:
        """The kinds alone."""
        return self.kinds & np.uint8(KIND)


def sound(texts: pa.Array) -> pa.Array:
    """Texts as strings that can be read: no nulls, cut at READ code points, broken UTF-8 repaired."""
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = pc.fill_null(texts, "")
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        repaired = [raw.decode("utf-8", "replace") for raw in texts.view(_binary(texts.type)).to_pylist()]
        texts = pa.array(repaired, texts.type)
    if len(texts) and pc.max(pc.binary_length(texts)).as_py() > READ:
        texts = pc.utf8_slice_codeunits(texts, 0, READ)
    return _unmarked(texts)


def _unmarked(texts: pa.Array) -> pa.Array:
    """Texts as they look on a page: some platforms hand them out with `<br />` and `&#39;` in them."""
    might = pc.or_(pc.match_substring(texts, "<"), pc.match_substring(texts, "&"))
    if not pc.any(might).as_py():
        return texts
    marked = pc.and_(might, pc.match_substring_regex(texts, _MARKED))
    if not pc.any(marked).as_py():
        return texts
    shown = [html.unescape(_TAG.sub(" ", text)) for text in texts.filter(marked).to_pylist()]
    return pc.replace_with_mask(texts, marked, pa.array(shown, texts.type))


def _binary(kind: pa.DataType) -> pa.DataType:
    return pa.large_binary() if pa.types.is_large_string(kind) else pa.binary()


def stream(texts: pa.Array) -> Stream:
    """Fold texts that are `sound`; at most 65,536 of them."""
    points, numbers = _points(texts)
    letters, kinds = alphabet()
    codes, kinds = letters[points], kinds[points]
    kept = kinds != DROPPED
    if not kept.all():
        codes, kinds, numbers = codes[kept], kinds[kept], numbers[kept]
    codes, kinds, numbers = _without_links(codes, kinds, numbers)
    return _without_runs(codes, kinds, numbers, len(texts))


def _points(texts: pa.Array) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint16]]:
    """The places of all code points in the alphabet, each text followed by a space, and the texts they are from."""
    if not len(texts):
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint16)
    # Not by `to_numpy`, which loads pandas where it is installed.
    counted = pc.utf8_length(texts)
    kind = np.int64 if pa.types.is_int64(counted.type) else np.int32
    lengths = np.frombuffer(counted.buffers()[1], dtype=kind)[counted.offset :][: len(texts)].astype(np.int64) + 1
    letter = np.ones(int(lengths.sum()) + 2 * PAD, dtype=np.bool_)
    letter[:PAD] = letter[-PAD:] = False
    letter[PAD - 1 + np.cumsum(lengths)] = False
    points = np.full(len(letter), ord(" "), dtype=np.uint32)
    points[letter] = np.frombuffer(_content(texts).encode("utf-32-le"), dtype="<u4")
    lengths[0] += PAD
    lengths[-1] += PAD
    numbers = np.repeat(np.arange(len(lengths), dtype=np.uint16), lengths)
    if points.max() >= PLANES:
        points = np.where(points < PLANES, points, np.uint32(PLANES) + (points >> np.uint32(16)))
    return points, numbers


def _content(texts: pa.Array) -> str:
    """All texts behind one another."""
    wide = pa.types.is_large_string(texts.type)
    _, offsets, content = texts.buffers()
    if content is None:
        return ""
    bounds = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(content)[int(bounds[0]) : int(bounds[-1])].tobytes().decode("utf-8")


def _is(kinds: npt.NDArray[np.uint8], kind: int) -> Bools:
    alike: Bools = (kinds & np.uint8(KIND)) == kind
    return alike


def _after(flags: Bools, n: int = 1) -> Bools:
    """Moved so that place `i` says what held `n` places further on."""
    moved = np.zeros_like(flags)
    moved[: len(flags) - n] = flags[n:]
    return moved


def _before(flags: Bools) -> Bools:
    moved = np.zeros_like(flags)
    moved[1:] = flags[:-1]
    return moved


def _without_links(
    codes: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8], numbers: npt.NDArray[np.uint16]
) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
    """Put one sign in the place of every mention and every link."""
    mentioned, mentions = _mentions(codes, kinds)
    linked, links = _links(codes, kinds, mentioned)
    if not len(mentions) and not len(links):
        return codes, kinds, numbers
    mentions = mentions[~linked[mentions]]
    codes, kinds = codes.copy(), kinds.copy()
    codes[mentions], codes[links] = MENTION, LINK
    kinds[mentions] = kinds[links] = SINGLE
    gone = mentioned | linked
    gone[mentions] = gone[links] = False
    return codes[~gone], kinds[~gone], numbers[~gone]


def _mentions(codes: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8]) -> tuple[Bools, Places]:
    """What belongs to mentions, and where each begins: `@name`, not after a letter."""
    at = np.flatnonzero(codes == ord("@"))
    nothing = np.zeros(len(codes), dtype=np.bool_)
    if not len(at):
        return nothing, at
    name = _is(kinds, WORD) | np.isin(codes, np.array([ord(sign) for sign in "_.-@"], dtype=np.uint16))
    begin = at[~name[at - 1] & (_is(kinds[at + 1], WORD) | (codes[at + 1] == ord("_")))]
    return _until(begin, ~name), begin


def _until(begin: Places, stop: Bools) -> Bools:
    """Places from each beginning on, up to the next stop."""
    last = np.zeros(len(stop), dtype=np.int32)
    last[begin] = begin
    stops = np.flatnonzero(stop)
    ended = np.zeros(len(stop), dtype=np.int32)
    ended[stops] = stops
    inside: Bools = np.maximum.accumulate(last) > np.maximum.accumulate(ended)
    return inside


def _links(codes: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8], mentioned: Bools) -> tuple[Bools, Places]:
    """What belongs to links, and where each begins; a link goes on up to the next space."""
    space = _is(kinds, SPACE)
    places = np.concatenate([_schemes(codes), _www(codes, kinds)])
    places = np.sort(places[~mentioned[places]])
    linked = _until(places, space) if len(places) else np.zeros(len(codes), dtype=np.bool_)
    dots = np.flatnonzero(codes == ord("."))
    dots = dots[~mentioned[dots] & ~linked[dots] & _is(kinds[dots - 1], WORD) & _is(kinds[dots + 1], WORD)]
    dots = dots[_domains(codes, kinds, dots)] if len(dots) else dots
    if len(dots):
        # Such a link begins where the word does.
        spaces = np.flatnonzero(space)
        places = np.unique(np.concatenate([places, spaces[np.searchsorted(spaces, dots) - 1] + 1]))
        linked = _until(places, space)
    return linked, places[~linked[places - 1]]


def _spelt(codes: npt.NDArray[np.uint16], places: Places, word: str) -> Bools:
    alike = np.ones(len(places), dtype=np.bool_)
    for n, letter in enumerate(word):
        alike &= codes[np.minimum(places + n, len(codes) - 1)] == ord(letter)
    return alike


def _schemes(codes: npt.NDArray[np.uint16]) -> Places:
    """Where `http://` and `https://` begin."""
    colons = np.flatnonzero(codes == ord(":"))
    colons = colons[_spelt(codes, colons, "://")]
    plain = colons[_spelt(codes, colons - 4, "http")] - 4
    secure = colons[_spelt(codes, colons - 5, "https")] - 5
    return np.concatenate([plain, secure])


def _www(codes: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8]) -> Places:
    """Where `www.` begins, not within a word."""
    dots = np.flatnonzero(codes == ord("."))
    begin = dots[_spelt(codes, dots - 3, "www.")] - 3
    return begin[~_is(kinds[begin - 1], WORD)]


def packed(word: str) -> int:
    """A short word as one number."""
    return sum(ord(letter) << 8 * n for n, letter in enumerate(word))


def _domains(codes: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8], dots: Places) -> Bools:
    """Whether each dot is followed by the last part of a domain."""
    name = np.zeros(len(dots), dtype=np.int64)
    going = np.ones(len(dots), dtype=np.bool_)
    ascii_ = np.ones(len(dots), dtype=np.bool_)
    after = np.zeros(len(dots), dtype=np.uint16)
    for n in range(7):
        at = np.minimum(dots + 1 + n, len(codes) - 1)
        word = _is(kinds[at], WORD)
        after[going & ~word] = codes[at][going & ~word]
        going &= word
        if n < 6:
            name[going] |= codes[at][going].astype(np.int64) << 8 * n
        ascii_ &= ~going | (codes[at] < 128)
    slash = np.isin(name, [packed(one) for one in DOMAINS_BEFORE_SLASH]) & (after == ord("/"))
    found: Bools = ~going & ascii_ & (np.isin(name, [packed(one) for one in DOMAINS]) | slash)
    return found


def _without_runs(
    codes: npt.NDArray[np.uint16], kinds: npt.NDArray[np.uint8], numbers: npt.NDArray[np.uint16], n: int
) -> Stream:
    """Shorten runs, and join or part words at apostrophes.

    Three or more of a letter become one; of another sign, two. `c'è` and `don't` become one word, `l'amica` two: what
    follows the apostrophe is a word of its own from three letters on.
    """
    kind = kinds & np.uint8(KIND)
    word = kind == WORD
    letter = word & ((codes < ord("0")) | (codes > ord("9")))
    again = np.zeros(len(codes), dtype=np.bool_)
    again[1:] = codes[1:] == codes[:-1]
    again_after = _after(again)
    third = again & _before(again)
    gone = letter & again & (third | again_after)
    gone |= third & ((kind == PUNCTUATION) | (kind == SINGLE))
    long = letter & ~again & again_after & _after(again, 2)
    marks = np.flatnonzero(kind == APOSTROPHE)
    if len(marks):
        kinds = kinds.copy()
        inside = marks[word[marks - 1] & word[marks + 1]]
        gone[inside[~(word[inside + 2] & word[inside + 3])]] = True
        kinds[marks] = SPACE
    if gone.any():
        kept = ~gone
        codes, kinds, numbers, long = codes[kept], kinds[kept], numbers[kept], long[kept]
    return Stream(codes, kinds, long, numbers, n)


def upper(kinds: npt.NDArray[np.uint8]) -> Bools:
    """Which letters were typed in upper case."""
    big: Bools = (kinds & np.uint8(UPPER)) != 0
    return big
