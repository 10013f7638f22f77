"""Columns of counters as text to whole numbers, each with its state: unknown is never 0."""

from __future__ import annotations

import re

import pyarrow as pa

from seguito.facts.account import CountState

_PLAIN = r"^\d{1,18}$"
_GROUPED = re.compile(r"^\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+$")
_DECIMAL = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(k|mila|mln|mio|m|million[ei]?|mrd|b|miliard[oi])?\.?$", re.IGNORECASE)
_WHOLE = re.compile(r"^\d{1,18}[.,]0+$")
_FACTORS = {"k": 10**3, "mila": 10**3, "b": 10**9, "mrd": 10**9, "miliardo": 10**9, "miliardi": 10**9}
HIDDEN = frozenset({"-", "—", "–", "n/a", "na", "n.d.", "nd", "hidden", "nascosto", "null", "none", "nan"})


def read_counts(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Counters and their states: known, rounded (`12,5K`), hidden (a dash, `N/A`), unknown (empty or unreadable)."""
    import pyarrow.compute as pc

    column = pc.utf8_trim_whitespace(column)
    plain = pc.match_substring_regex(column, _PLAIN)
    if pc.all(pc.fill_null(plain, True)).as_py():
        state = pc.if_else(pc.is_valid(column), "known", "unknown")
        return column.cast(pa.int64()), state
    words = column.dictionary_encode()
    read = [read_count(text) for text in words.dictionary.to_pylist()]
    value = pa.array([one[0] for one in read], pa.int64()).take(words.indices)
    state = pa.array([one[1] for one in read], pa.string()).take(words.indices)
    return value, pc.fill_null(state, "unknown")


def read_count(text: str | None) -> tuple[int | None, CountState]:
    """One counter: `1.234` and `1,234` are groups of thousands, `12,5K` is rounded."""
    if text is None or not text.strip():
        return None, "unknown"
    text = text.strip()
    if text.isascii() and text.isdigit():
        return (int(text), "known") if len(text) <= 18 else (None, "unknown")
    if text.casefold() in HIDDEN:
        return None, "hidden"
    if _GROUPED.match(text) and len(text) <= 23:
        return int(re.sub(r"\D", "", text)), "known"
    if _WHOLE.match(text):
        return int(re.split(r"[.,]", text)[0]), "known"
    found = _DECIMAL.match(text)
    if found and found[2]:
        factor = _FACTORS.get(found[2].casefold(), 10**6)
        value = float(found[1].replace(",", ".")) * factor
        return (round(value), "rounded") if value < 10**17 else (None, "unknown")
    return None, "unknown"


def read_amounts(column: pa.Array) -> pa.Array:
    """Amounts that need not be whole (units of a sale): a decimal point or comma; null where it is none."""
    words = column.dictionary_encode()
    return pa.array([_amount(text) for text in words.dictionary.to_pylist()], pa.float64()).take(words.indices)


def _amount(text: str) -> float | None:
    text = re.sub(r"[\s€$£\u00a0\u202f]", "", text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text) and ("," in text or text.count(".") > 1):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", text):
        text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text) else None
