"""Take out of a text what names or reaches a person, before it is shown to anybody but the owner."""

from __future__ import annotations

import re

LONGEST = 280

_PATTERNS = (
    (re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"(?<!\w)@[\w.\-:]+"), "@[…]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){3,7}\b"), "[account number]"),
    (re.compile(r"(?<!\w)\+?\d[\d ().\-/]{7,}\d"), "[number]"),
)
_CONTROL = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def redact(text: str) -> str:
    """Replace links, addresses, mentions and long numbers; drop invisible characters; cut at 280 characters."""
    cleaned = _CONTROL.sub("", text[: LONGEST * 20])
    for pattern, replacement in _PATTERNS:
        cleaned = pattern.sub(replacement, cleaned)
    cleaned = " ".join(cleaned.split())
    return cleaned if len(cleaned) <= LONGEST else cleaned[: LONGEST - 1].rstrip() + "…"
