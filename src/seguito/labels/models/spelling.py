"""What keys stand for: n-grams as a person reads them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pyarrow as pa

from seguito.labels.models.alphabet import EMOJI, LINK, MENTION, RARE, SCRIPTS, WORD
from seguito.labels.models.features import AT_ONCE, CAPITALS, FIRST_SCRIPT, LENGTHS, LONG, Piece, Tokens
from seguito.labels.models.features import pieces as all_pieces
from seguito.labels.models.features import tokens as all_tokens
from seguito.labels.models.stream import Stream, sound, stream

EDGE = "_"


def names(texts: pa.Array | pa.ChunkedArray, keys: Collection[int] | None = None) -> dict[int, str]:
    """What the n-grams of some texts are, by key; where two n-grams share a key, the one that occurs first.

    Args:
        texts: texts in which the n-grams occur.
        keys: only these; all where `None`.
    """
    ready, found = sound(texts), {}
    wanted = None if keys is None else np.unique(np.fromiter(keys, dtype=np.uint32, count=len(keys)))
    for begin in range(0, len(ready), AT_ONCE):
        of = stream(ready.slice(begin, AT_ONCE))
        tokens = all_tokens(of)
        for piece in all_pieces(of):
            unique, first = np.unique(piece.keys, return_index=True)
            if wanted is not None:
                inside = np.isin(unique, wanted, assume_unique=True)
                unique, first = unique[inside], first[inside]
            for key, n in zip(unique.tolist(), first.tolist(), strict=True):
                if key not in found:
                    found[key] = name(of, tokens, piece, n)
    return found


def name(of: Stream, tokens: Tokens, piece: Piece, n: int) -> str:
    """The `n`th n-gram of a piece; edges of words are shown as `_`."""
    at = int(piece.at[n])
    if piece.sort == "sign":
        return sign(at)
    if piece.sort == "pair":
        text = int(piece.texts[n])
        return " ".join(_token(of, tokens, one, text) or EDGE for one in (at, at + 1))
    if piece.sort == "negated":
        return f"not {_token(of, tokens, at, int(piece.texts[n]))}"
    if piece.sort == "word":
        return _token(of, tokens, at, int(piece.texts[n]))
    codes = of.codes[at : at + int(piece.sort)]
    inside = of.kind()[at : at + int(piece.sort)] == WORD
    return "".join(letter(code) if word else EDGE for code, word in zip(codes.tolist(), inside.tolist(), strict=True))


def _token(of: Stream, tokens: Tokens, at: int, text: int) -> str:
    """A token of a text; empty before its first and after its last."""
    if not 0 <= at < len(tokens.begin) or int(tokens.texts[at]) != text:
        return ""
    return "".join(letter(code) for code in of.codes[tokens.begin[at] : tokens.end[at]].tolist())


def letter(code: int) -> str:
    """A folded letter as text."""
    if code == LINK:
        return "<link>"
    if code == MENTION:
        return "<mention>"
    if EMOJI <= code < RARE:
        return chr(code - EMOJI + 0x1F000)
    return "\ufffd" if code >= RARE and code < RARE + 16 else chr(code)


def sign(number: int) -> str:
    """A sign that stands beside the words."""
    if number < CAPITALS:
        low = LENGTHS[number - 1] + 1 if number else 1
        return f"<{low} or more words>" if number == len(LENGTHS) else f"<{low} to {LENGTHS[number]} words>"
    if number == CAPITALS:
        return "<capitals>"
    return "<drawn out>" if number == LONG else f"<{SCRIPTS[number - FIRST_SCRIPT]} script>"
