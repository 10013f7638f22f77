"""Text from anywhere made safe to look at: nothing in it can hide, reorder or flood what stands around it."""

from __future__ import annotations

import re

LONGEST = 600
# Control characters, marks that reorder text, byte order marks, and halves of surrogate pairs.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_HALVES = re.compile(r"[\ud800-\udfff]")


def plain(text: str, longest: int = LONGEST) -> str:
    """The text without what is not seen, cut at `longest` characters."""
    cleaned = _HALVES.sub("\ufffd", _UNSEEN.sub("", text[: longest * 4]))
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1].rstrip() + "…"
