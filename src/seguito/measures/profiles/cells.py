"""Cells of a table in the numbers the scorer reads; what cannot be read is unknown, never zero."""

from __future__ import annotations

import re
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
# Counts as pages show them: 1,234 and 12.3K.
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_SHORT = re.compile(r"(\d+(?:\.\d+)?)\s*([km])", re.IGNORECASE)
_TIMES = {"k": 1_000, "m": 1_000_000}
# Parts of the addresses under which platforms keep the picture of those who chose none (Twitter, Instagram, Mastodon).
_DEFAULT_PICTURES = ("default_profile", "44884218_345707102882519", "missing.png", "default_avatar", "default-avatar")
# Twitter wrote dates so from 2006 on: Tue Mar 24 10:51:20 +0000 2009.
_TWITTER = "%a %b %d %H:%M:%S %z %Y"
_FIRST, _LAST = 946_684_800, 4_102_444_800  # 2000 to 2100
# Where only the share of digits in a username is told, they are counted as in a name of so many letters.
USUAL_NAME = 10
# Columns of numbers and flags, and the column of a profile that each fills.
_FILLS: Mapping[str, str] = {
    **{name: name for name in ("followers", "following", "posts", "username_length", "username_digits", "age")},
    "private": "private",
    "picture": "picture",
    "no_picture": "picture",
    "bio_length": "bio",
    "has_bio": "bio",
}


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
    if "private" in columns:
        found["private"] = _flags(columns["private"])
    picture, bio = _pictures(columns), _bios(columns)
    found |= {"picture": picture} if picture is not None else {}
    found |= {"bio": bio} if bio is not None else {}
    if not {"username_length", "username_digits"} <= set(found):
        found |= _names(columns)
    if "age" not in found and "created_at" in columns:
        found["age"] = _ages(columns, rows, seen_at)
    return Profiles(rows, found)


def unreadable(columns: Mapping[str, pa.ChunkedArray], profiles: Profiles) -> dict[str, int]:
    """How many cells of each column hold something that is no number and no yes or no; these count as unknown."""
    found = {}
    for name, fills in _FILLS.items():
        if name in columns and fills in profiles.columns:
            cells = columns[name]
            filled = _each(cells, lambda cell: int(cell.strip().casefold() not in _NOTHING)) == 1
            found[name] = int((filled & (profiles.columns[fills] == UNKNOWN)).sum())
    return {name: cells for name, cells in found.items() if cells}


def _pictures(columns: Mapping[str, pa.ChunkedArray]) -> Ints | None:
    """Whether there is a picture; a column of addresses tells it by the cells that hold none, or a platform's own."""
    for name in ("picture", "no_picture", "picture_url"):
        if name not in columns:
            continue
        told = _flags(columns[name])
        is_address = name == "picture_url" or (name == "picture" and not (told != UNKNOWN).any())
        if is_address:
            told = _each(columns[name], _address)
        elif name == "no_picture":
            told = np.where(told == UNKNOWN, UNKNOWN, 1 - told)
        if not (told != UNKNOWN).any():
            continue
        return np.where(told == UNKNOWN, 0, told) if is_address else told
    return None


def _address(cell: str) -> int:
    if cell.strip().casefold() in _NOTHING:
        return UNKNOWN
    return 0 if any(part in cell for part in _DEFAULT_PICTURES) else 1


def _bios(columns: Mapping[str, pa.ChunkedArray]) -> Ints | None:
    if "bio_length" in columns:
        return _counts(columns["bio_length"])
    if "bio" in columns:
        words = _each(columns["bio"], lambda cell: len(cell.strip()) if cell.strip().casefold() not in _NOTHING else 0)
        # An empty cell is no words, unless the column is empty throughout: then the file does not tell.
        return np.where(words == UNKNOWN, 0, words) if (words > 0).any() else np.full_like(words, UNKNOWN)
    # Whether there are words, not how many: the shortest is taken.
    return _flags(columns["has_bio"]) if "has_bio" in columns else None


def _counts(column: pa.ChunkedArray) -> Ints:
    """Whole numbers; negative ones and words are unknown."""
    return _each(column, _count)


def _count(cell: str) -> int:
    text = cell.strip()
    short = _SHORT.fullmatch(text)
    try:
        number = float(short[1]) * _TIMES[short[2].casefold()] if short else float(_ungrouped(text))
    except ValueError:
        return UNKNOWN
    return int(min(number, LARGEST)) if 0 <= number < float("inf") else UNKNOWN


def _ungrouped(text: str) -> str:
    return text.replace(",", "") if _GROUPED.fullmatch(text) else text


def _flags(column: pa.ChunkedArray) -> Ints:
    """Yes or no. Where a column never says no in so many words, an empty cell is its no: some exports write it so."""
    said = _each(column, _flag)
    silent = _each(column, lambda cell: int(cell.strip().casefold() not in _NOTHING)) != 1
    return np.where(silent, 0, said) if (said == 1).any() and not (said == 0).any() else said


def _flag(cell: str) -> int:
    key = cell.strip().casefold()
    return 1 if key in _YES else 0 if key in _NO else UNKNOWN


def _names(columns: Mapping[str, pa.ChunkedArray]) -> dict[str, Ints]:
    """Length and digits of usernames."""
    if "username" in columns:
        cells = columns["username"]
        return {
            "username_length": _each(cells, lambda cell: len(bare(cell)) or UNKNOWN),
            "username_digits": _each(cells, lambda cell: digits(bare(cell)) if bare(cell) else UNKNOWN),
        }
    if "username_digit_share" not in columns:
        return {}
    length = _counts(columns["username_length"]) if "username_length" in columns else None
    share = _each(columns["username_digit_share"], _thousandths)
    named = np.full(len(share), USUAL_NAME, dtype=np.int64) if length is None else length
    known = (share != UNKNOWN) & (named != UNKNOWN)
    counted = np.where(known, (share * named + 500) // 1000, UNKNOWN)
    return {"username_digits": counted, "username_length": np.where(known, named, UNKNOWN)}


def _thousandths(cell: str) -> int:
    try:
        share = float(cell)
    except ValueError:
        return UNKNOWN
    return round(1000 * share) if 0 <= share <= 1 else UNKNOWN


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
    try:
        number = float(cell.strip().rstrip("L"))
    except ValueError:
        number = 0.0
    if _FIRST < number < 1000 * _LAST:
        whole = int(number)
        return whole // 1000 if whole > _LAST else whole
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
