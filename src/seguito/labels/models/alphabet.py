"""What every code point is to the reader: the letter it is folded to, and its kind.

The table is kept as a file rather than worked out at run time: Python versions know different versions of Unicode, and
the same text must give the same keys under all of them. `python -m seguito.labels.models.alphabet` writes it anew.
"""

from __future__ import annotations

import unicodedata
import zlib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

FILE: Final = Path(__file__).with_name("alphabet.bin")

# Code points below this have an entry each; above, one entry for each plane of 65,536 stands at PLANES + plane.
PLANES: Final = 0x20000
SIZE: Final = PLANES + 17

# Kinds, in the three low bits. Marks and invisible signs are dropped; a single sign is a token of its own (an emoji,
# a link, a mention).
DROPPED, SPACE, WORD, PUNCTUATION, SINGLE, APOSTROPHE = range(6)
KIND: Final = 0b111
UPPER: Final = 0b1000
# The four high bits: 0 for Latin letters, digits and signs, else the number of the script in SCRIPTS.
SCRIPT: Final = 4
SCRIPTS: Final = (
    "latin", "cyrillic", "greek", "arabic", "hebrew", "devanagari", "han", "kana", "hangul", "thai", "other",
)  # fmt: skip

# Codes of what has no room among the first 65,536: emoji of the first supplementary plane, letters of rare scripts,
# and what links and mentions become. The private use area is free for them: what stands there is dropped.
EMOJI: Final = 0xE000
RARE: Final = 0xF000
LINK: Final = 0xF001
MENTION: Final = 0xF002

_EMOJI_BLOCKS = ((0x1F000, 0x1FB00),)
_SYMBOL_BLOCKS = ((0x2300, 0x2400), (0x2600, 0x27C0), (0x2B00, 0x2C00), (0x3297, 0x329A))
_SIGNS = frozenset("©®™")
_APOSTROPHES = frozenset("'\u2018\u2019\u02bc\u00b4\u0060\u2032\u02b9\uff07")
_ALIKE = {"♥": "❤", "\u0131": "i"}
_SKIN = range(0x1F3FB, 0x1F400)


class Alphabet(NamedTuple):
    """Two columns with an entry for each code point (see `PLANES`)."""

    letters: npt.NDArray[np.uint16]
    kinds: npt.NDArray[np.uint8]


@cache
def alphabet() -> Alphabet:
    """The table of the file."""
    raw = zlib.decompress(FILE.read_bytes())
    # Neighbours are mostly folded to neighbours: their steps pack well.
    letters = np.cumsum(np.frombuffer(raw, dtype="<u2", count=SIZE), dtype=np.uint16)
    return Alphabet(letters, np.frombuffer(raw, dtype=np.uint8, offset=2 * SIZE, count=SIZE))


def build() -> Alphabet:
    """Work the table out from the Unicode database of this Python."""
    letters, kinds = np.zeros(SIZE, dtype=np.uint16), np.zeros(SIZE, dtype=np.uint8)
    for point in range(PLANES):
        letters[point], kinds[point] = _entry(point)
    for plane in (2, 3):
        letters[PLANES + plane], kinds[PLANES + plane] = RARE, WORD | SCRIPTS.index("han") << SCRIPT
    return Alphabet(letters, kinds)


def _entry(point: int) -> tuple[int, int]:
    letter = chr(point)
    category = unicodedata.category(letter)
    if letter in _APOSTROPHES:
        return ord("'"), APOSTROPHE
    if category in {"Mn", "Me", "Cf", "Cs", "Co"} or point in _SKIN:
        return 0, DROPPED
    if any(low <= point < high for low, high in _EMOJI_BLOCKS):
        return EMOJI + point - 0x1F000, SINGLE
    if category in {"Zs", "Zl", "Zp", "Cc", "Cn"}:
        return ord(" "), SPACE
    folded = _ALIKE.get(letter) or _folded(letter)
    upper = UPPER if category in {"Lu", "Lt"} or unicodedata.category(_compatible(letter)) == "Lu" else 0
    return _of_folded(folded) if not upper else _with(_of_folded(folded), upper)


def _with(entry: tuple[int, int], flag: int) -> tuple[int, int]:
    code, kind = entry
    return code, kind | flag if kind & KIND == WORD else kind


def _compatible(letter: str) -> str:
    form = unicodedata.normalize("NFKD", letter)
    return form if len(form) == 1 else " "


def _folded(letter: str) -> str:
    """Lower case without marks; the letter itself where that would be more than one."""
    if letter in _SIGNS:
        return letter
    parts = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    if len(parts) != 1 or unicodedata.category(parts[0])[0] == "Z":
        lower = letter.lower()
        return lower if len(lower) == 1 else letter
    lower = parts[0].lower()
    return lower if len(lower) == 1 else parts[0]


def _of_folded(letter: str) -> tuple[int, int]:
    """Code and kind of a folded letter: the same whatever was folded to it, so that equal codes are of equal kind."""
    point, category = ord(letter), unicodedata.category(letter)
    if letter in _APOSTROPHES:
        return ord("'"), APOSTROPHE
    if category[0] in "LN" or category == "Mc":
        script = _script(letter)
        return (point if point < 0x10000 else RARE), WORD | (script << SCRIPT)
    if category[0] in "PS":
        symbol = any(low <= point < high for low, high in _SYMBOL_BLOCKS) or letter in _SIGNS
        return (point if point < 0x10000 else RARE + 3), SINGLE if symbol or point >= 0x10000 else PUNCTUATION
    return (ord(" "), SPACE) if category[0] in "ZC" else (0, DROPPED)


def _script(letter: str) -> int:
    if letter.isascii():
        return 0
    if ord(letter) >= 0x10000:
        return SCRIPTS.index("other")
    name = unicodedata.name(letter, "")
    for words, script in (
        (("LATIN", "MODIFIER", "FEMININE", "MASCULINE", "SUPERSCRIPT", "SUBSCRIPT", "VULGAR", "MICRO"), "latin"),
        (("CYRILLIC",), "cyrillic"),
        (("GREEK",), "greek"),
        (("ARABIC",), "arabic"),
        (("HEBREW",), "hebrew"),
        (("DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "GUJARATI", "GURMUKHI", "KANNADA", "MALAYALAM"), "devanagari"),
        (("CJK", "IDEOGRAPHIC"), "han"),
        (("HIRAGANA", "KATAKANA"), "kana"),
        (("HANGUL",), "hangul"),
        (("THAI", "LAO"), "thai"),
    ):
        if name.startswith(words):
            return SCRIPTS.index(script)
    return SCRIPTS.index("other") if unicodedata.category(letter)[0] in "LM" else 0


def write() -> None:
    """Write the table to the file."""
    table = build()
    steps = np.diff(table.letters, prepend=np.uint16(0))
    raw = steps.astype("<u2").tobytes() + table.kinds.tobytes()
    FILE.write_bytes(zlib.compress(raw, 9))


if __name__ == "__main__":
    write()
