"""Cells of a table in the numbers the scorer reads; what cannot be read is unknown, never zero."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.measures.profiles.fields import LARGEST, UNKNOWN, Ints, Profiles

DAY = 86_400
_YES, _NO = (
    frozenset({"1", "1.0", "true", "yes", "y", "t", "si", "sì"}),
    frozenset({"0", "0.0", "false", "no", "n", "f"}),
)
# What tools write for nothing.
_NOTHING = frozenset({"", "null", "none", "nan", "na", "n/a", "\\n"})
# Twitter wrote dates so from 2006 on: Tue Mar 24 10:51:20 +0000 2009.
_TWITTER = "%a %b %d %H:%M:%S %z %Y"
_FIRST, _LAST = 946_684_800, 4_102_444_800  # 2000 to 2100


def profiles_of(columns: Mapping[str, pa.ChunkedArray], rows: int, seen_at: datetime | None = None) -> Profiles:
    """Profiles from the columns of a table, named as in `columns.NAMES`.

    Args:
        columns: text by what it holds; null is an empty cell.
        rows: how many rows.
        seen_at: when the profiles were seen, where no column tells; without either, ages are unknown.
    """
    found: dict[str, Ints] = {}
    for name in ("followers", "following", "posts", "username_length", "username_digits", "age"):
        if name in columns:
            found[name] = _counts(columns[name])
    for name in ("private", "picture"):
        if name in columns:
            found[name] = _flags(columns[name])
    if "no_picture" in columns and "picture" not in found:
        told = _flags(columns["no_picture"])
        found["picture"] = np.where(told == UNKNOWN, UNKNOWN, 1 - told)
    if "picture_url" in columns and "picture" not in found:
        found["picture"] = _there(columns["picture_url"])
    if "bio_length" in columns:
        found["bio"] = _counts(columns["bio_length"])
    elif "bio" in columns:
        found["bio"] = _lengths(columns["bio"], blank=0)
    if "username" in columns and not {"username_length", "username_digits"} <= set(found):
        found |= _usernames(columns["username"])
    if "age" not in found and "created_at" in columns:
        found["age"] = _ages(columns, rows, seen_at)
    return Profiles(rows, found)


def _counts(column: pa.ChunkedArray) -> Ints:
    """Whole numbers; negative ones and words are unknown."""
    return _each(column, _count)


def _count(cell: str) -> int:
    try:
        number = float(cell)
    except ValueError:
        return UNKNOWN
    return int(min(number, LARGEST)) if 0 <= number < float("inf") else UNKNOWN


def _flags(column: pa.ChunkedArray) -> Ints:
    """Yes or no. Where a column never says no in so many words, an empty cell is its no: some exports write it so."""
    said = _each(column, lambda cell: 1 if cell.casefold() in _YES else 0 if cell.casefold() in _NO else UNKNOWN)
    silent = pc.is_null(column).to_numpy()
    return np.where(silent, 0, said) if (said == 1).any() and not (said == 0).any() else said


def _there(column: pa.ChunkedArray) -> Ints:
    """Whether a cell holds anything; unknown for all where the column is empty throughout."""
    return np.minimum(_lengths(column, blank=0), 1)


def _lengths(column: pa.ChunkedArray, *, blank: int) -> Ints:
    """Characters; an empty cell is `blank`, or unknown where the column is empty throughout."""
    words = _each(column, lambda cell: UNKNOWN if cell.casefold() in _NOTHING else len(cell))
    return np.where(words == UNKNOWN, blank, words) if (words != UNKNOWN).any() else words


def _usernames(column: pa.ChunkedArray) -> dict[str, Ints]:
    return {
        "username_length": _each(column, lambda cell: len(bare(cell)) or UNKNOWN),
        "username_digits": _each(column, lambda cell: digits(bare(cell)) if bare(cell) else UNKNOWN),
    }


def bare(handle: str) -> str:
    """The part of a handle that its owner chose: without "@", a server's name, or the ending that Bluesky gives."""
    return handle.strip().removeprefix("@").split("@")[0].removesuffix(".bsky.social")


def digits(name: str) -> int:
    """How many digits a name has."""
    return sum(letter in "0123456789" for letter in name)


def _ages(columns: Mapping[str, pa.ChunkedArray], rows: int, seen_at: datetime | None) -> Ints:
    made = _each(columns["created_at"], seconds)
    fixed = UNKNOWN if seen_at is None else int(seen_at.timestamp())
    seen = _each(columns["seen_at"], seconds) if "seen_at" in columns else np.full(rows, fixed, dtype=np.int64)
    known = (made != UNKNOWN) & (seen != UNKNOWN) & (made <= seen)
    return np.where(known, (seen - made) // DAY, UNKNOWN)


def seconds(cell: str) -> int:
    """Seconds since 1970 of a time as platforms and public sets write it; unknown where it is none."""
    number = _count(cell.rstrip("L"))
    if number != UNKNOWN and float(cell.rstrip("L")) > _FIRST:
        whole = int(float(cell.rstrip("L")))
        whole = whole // 1000 if whole > _LAST else whole
        return whole if _FIRST < whole < _LAST else UNKNOWN
    for read in (datetime.fromisoformat, _of_twitter, parsedate_to_datetime):
        try:
            at = read(cell.strip())
        except (ValueError, TypeError, IndexError):
            continue
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return int(at.timestamp()) if at.year >= 1970 else UNKNOWN
    return UNKNOWN


def _of_twitter(text: str) -> datetime:
    return datetime.strptime(text, _TWITTER)  # noqa: DTZ007  (the format holds %z)


def _each(column: pa.ChunkedArray, number: Callable[[str], int]) -> Ints:
    """A number for every cell, through the different cells there are; empty ones are unknown."""
    coded = pc.dictionary_encode(column).combine_chunks()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    if not len(coded):
        return np.zeros(0, dtype=np.int64)
    table = np.array([*(number(cell) for cell in coded.dictionary.to_pylist()), UNKNOWN], dtype=np.int64)
    places = coded.indices.fill_null(len(table) - 1).to_numpy(zero_copy_only=False)
    numbers: Ints = table[places]
    return numbers
