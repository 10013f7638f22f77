"""Texts as rules read them: one spelling for what people type in many.

Everything works on whole Arrow columns. Nothing here depends on the language.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.ngrams import buffers

# Changes whenever `bare` or `plain` may give another text; part of the revision of every labeller that reads them.
REVISION = "1"

# Comments are short. What stands after this many characters is not read, so that no text can take its time.
READ = 2_000

_LINK = r"(?i)\bhttps?\b(?:://\S*)?|\bwww\.\S+|\b(?:[a-z0-9-]+\.)+(?:com|it|net|org|be|ly|me|tv|gg|io|co|link|shop)\b(?:/\S*)?"
_LINK_HINT = r"(?i)http|www\.|\.[a-z]{2,4}\b"
_MENTION = r"(^|[^\w@])@[\w.\-]+(?:@[\w.\-]+)?"
_APOSTROPHE = "[\u2018\u2019\u02bc\u00b4\u0060\u2032]"
_SPACE = r"[\s\p{Z}]+"


def bare(texts: pa.Array) -> pa.Array:
    """The text itself: cut, without links, mentions and the sign of tags, spaces single; null becomes empty."""
    cut = pc.utf8_slice_codeunits(pc.fill_null(texts, ""), 0, READ)
    cut = _where(cut, pc.match_substring_regex(cut, _LINK_HINT), _LINK, " ")
    cut = _where(cut, pc.match_substring(cut, "@"), _MENTION, r"\1 ")
    cut = _where(cut, pc.match_substring(cut, "#"), "#", " ")
    return _spaced(cut)


def plain(bared: pa.Array) -> pa.Array:
    """A bare text in lower case, without accents, styled letters or runs: `GRAZIEEE!!!` becomes `grazie!`.

    Three or more of the same letter or sign become one; two stay two.

    Args:
        bared: what `bare` gave.
    """
    foreign = pc.invert(pc.string_is_ascii(bared))
    text = bared
    if pc.any(foreign).as_py():
        # Apostrophes first: the compatibility form of some of them is a space with a mark.
        rest = pc.replace_substring_regex(bared.filter(foreign), _APOSTROPHE, "'")
        rest = pc.replace_substring_regex(pc.utf8_normalize(rest, form="NFKD"), r"\p{Mn}+", "")
        text = pc.replace_with_mask(text, foreign, rest)
    return _spaced(squeezed(pc.utf8_lower(text)))


def squeezed(texts: pa.Array) -> pa.Array:
    """Texts whose runs of three or more of one ASCII letter or sign are one long."""
    offsets, letters = buffers(texts)
    start, end = int(offsets[0]), int(offsets[-1])
    read = letters[start:end]
    kept = _kept(read, offsets[:-1] - start)
    if kept.all():
        return texts
    before = np.concatenate([[0], np.cumsum(kept)])
    return pa.LargeStringArray.from_buffers(
        len(texts), pa.py_buffer(before[offsets - start].astype(np.int64)), pa.py_buffer(read[kept])
    ).cast(pa.string())


def _kept(read: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which bytes stay: all but the second and later ones of a run of three or more."""
    alike = np.zeros(len(read) + 2, dtype=np.bool_)
    alike[1 : len(read)] = read[1:] == read[:-1]
    # A run does not go on from one text into the next; digits, and bytes of other alphabets, are no runs.
    alike[starts] = False
    alike[: len(read)] &= (read < 128) & ~((read >= 48) & (read <= 57))
    here, after = alike[:-2], alike[1:-1]
    second_of_two = here & ~after & ~np.concatenate([[False], here[:-1]])
    return cast("npt.NDArray[np.bool_]", ~here | second_of_two)


def replaced(texts: pa.Array, pattern: str, by: str) -> pa.Array:
    """Texts with a pattern replaced."""
    return _where(texts, pc.match_substring_regex(texts, pattern), pattern, by)


def _where(texts: pa.Array, mask: pa.Array, pattern: str, by: str) -> pa.Array:
    """Replace a pattern in the rows of a mask only: most rows have nothing to replace, and looking is cheap."""
    if not pc.any(mask).as_py():
        return texts
    return pc.replace_with_mask(texts, mask, pc.replace_substring_regex(texts.filter(mask), pattern, by))


def _spaced(texts: pa.Array) -> pa.Array:
    odd = pc.match_substring_regex(texts, r"[\s\p{Z}]{2}|[\t\n\r\f\v\x{a0}\x{2000}-\x{200a}\x{2028}\x{3000}]")
    return pc.utf8_trim_whitespace(_where(texts, odd, _SPACE, " "))
