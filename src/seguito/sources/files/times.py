"""Columns of times as text to UTC, each with how exact it is and what it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seguito.facts.schema import TIME
from seguito.facts.times import Basis
from seguito.kit import clock
from seguito.kit.errors import UsageError

_ISO = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$"
_ZONED = r"(Z|:\d{2}[+-]\d{2}:?\d{2}|\.\d+[+-]\d{2}:?\d{2})$"
_EPOCH = r"^\d{9,10}(\.0+)?$|^\d{12,13}$|^\d{15,16}$"
_DAYS = re.compile(
    r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})"
    r"(?:[ T,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_WORDS = ("%a %b %d %H:%M:%S %z %Y", "%d %b %Y %H:%M:%S", "%b %d, %Y %I:%M %p", "%d %B %Y", "%B %d, %Y", "%b %d, %Y")
Parsed = tuple[datetime, str, Basis]


@dataclass
class TimeColumn:
    """Reads one column of times; first `look` at all of it, then `read` it.

    Args:
        zone: the zone of times without one; `None` reads them as UTC and says so.
        basis: what times without a zone rest on.
        day_first: whether 03/04 is the third of April; `None` decides over the whole column.
    """

    zone: str | None = None
    basis: Basis = "naive_assumed"
    day_first: bool | None = None
    naive: bool = False
    slashed: bool = False
    _first_big: bool = False
    _second_big: bool = False

    def __post_init__(self) -> None:
        if self.zone is not None:
            try:
                import zoneinfo

                zoneinfo.ZoneInfo(self.zone)
            except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
                raise UsageError(
                    f"There is no time zone '{self.zone}'.", "Name one such as Europe/Rome or UTC."
                ) from error

    @property
    def is_day_first(self) -> bool | None:
        """Whether days stand before months in dates such as 03/04/2024; `None` when nothing tells."""
        if self.day_first is not None:
            return self.day_first
        if self._first_big != self._second_big:
            return self._first_big
        return None

    def look(self, column: pa.Array) -> None:
        """Learn from a stretch of the column."""
        import pyarrow.compute as pc

        plain = pc.or_kleene(pc.match_substring_regex(column, _ISO), pc.match_substring_regex(column, _EPOCH))
        self.naive = self.naive or bool(
            pc.any(
                pc.and_(pc.match_substring_regex(column, _ISO), pc.invert(pc.match_substring_regex(column, _ZONED)))
            ).as_py()
        )
        for text in pc.unique(column.filter(pc.invert(pc.fill_null(plain, True)))).to_pylist():
            found = _DAYS.match(text.strip())
            if found and len(found[1]) <= 2:
                self.slashed = True
                self.naive = self.naive or not found[9]
                self._first_big = self._first_big or int(found[1]) > 12
                self._second_big = self._second_big or int(found[2]) > 12

    def read(self, column: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Times (UTC, null where there is none), their precision and their basis."""
        import pyarrow.compute as pc

        column = pc.utf8_trim_whitespace(column)
        iso = pc.fill_null(pc.match_substring_regex(column, _ISO), False)
        if pc.all(iso).as_py() and len(column):
            return self._iso(column)
        epoch = pc.fill_null(pc.match_substring_regex(column, _EPOCH), False)
        other = pc.and_(pc.is_valid(column), pc.invert(pc.or_(iso, epoch)))
        parts = [self._iso(_only(column, iso)), _epochs(_only(column, epoch)), self._others(_only(column, other))]
        merged = [pc.coalesce(*(part[at] for part in parts)) for at in range(3)]
        return merged[0], merged[1], merged[2]

    def _iso(self, column: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
        import pyarrow.compute as pc

        column = pc.replace_substring_regex(column, r"(\.\d{6})\d+", r"\1")
        zoned = pc.match_substring_regex(column, _ZONED)
        with_zone = _cast(_only(column, zoned), TIME)
        plain = _cast(_only(column, pc.invert(zoned)), pa.timestamp("us"))
        local = pc.assume_timezone(plain, self.zone or "UTC", ambiguous="earliest", nonexistent="latest").cast(TIME)
        at = pc.coalesce(with_zone, local)
        length = pc.utf8_length(pc.replace_substring_regex(column, r"(Z|[+-]\d{2}:?\d{2})$", ""))
        # After the cut of the zone: date and minutes 16, seconds 19, milliseconds up to 23. A date's "-02" is no zone
        # here, for every text of this form has minutes.
        precision = pc.if_else(
            pc.less_equal(length, 16),
            "min",
            pc.if_else(pc.less_equal(length, 19), "s", pc.if_else(pc.less_equal(length, 23), "ms", "us")),
        )
        basis = pc.if_else(zoned, "offset", self.basis)
        known = pc.is_valid(at)
        return at, _where(precision, known), _where(basis, known)

    def _others(self, column: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
        import pyarrow.compute as pc

        words = column.dictionary_encode()
        read = [self._one(text) for text in words.dictionary.to_pylist()]
        at = pa.array([one and one[0] for one in read], TIME)
        precision = pa.array([one and one[1] for one in read], pa.string())
        basis = pa.array([one and one[2] for one in read], pa.string())
        return tuple(pc.take(part, words.indices) for part in (at, precision, basis))

    def _one(self, text: str) -> Parsed | None:
        found = _DAYS.match(text)
        try:
            return self._from_days(found) if found else self._from_words(text)
        except (ValueError, OverflowError):
            return None

    def _from_days(self, found: re.Match[str]) -> Parsed | None:
        first, second, third = (int(found[at]) for at in (1, 2, 3))
        if len(found[1]) == 4:
            year, month, day = first, second, third
        else:
            year = third if third > 99 else 2000 + third
            # Where nothing in the column tells, days come first, as in most of the world; the batch carries a note.
            day, month = (second, first) if self.is_day_first is False else (first, second)
        if found[4] is None:
            return self._placed(datetime(year, month, day), "day", None)  # noqa: DTZ001
        hour = int(found[4])
        if found[8]:
            hour = hour % 12 + (12 if found[8].lower() == "p" else 0)
        at = datetime(year, month, day, hour, int(found[5]), int(found[6] or 0))  # noqa: DTZ001
        return self._placed(at, "s" if found[6] else "min", found[9])

    def _from_words(self, text: str) -> Parsed | None:
        for form in _WORDS:
            try:
                at = datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
            if at.tzinfo:
                return at.astimezone(UTC), "s", "offset"
            return self._placed(at, "s" if "%S" in form else "min" if "%M" in form else "day", None)
        return None

    def _placed(self, at: datetime, precision: str, offset: str | None) -> Parsed:
        if offset:
            if offset[0] in "+-":
                digits = offset[1:].replace(":", "")
                shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
                at -= shift if offset[0] == "+" else -shift
            return at.replace(tzinfo=UTC), precision, "offset"
        import zoneinfo

        zone = zoneinfo.ZoneInfo(self.zone) if self.zone else UTC
        return at.replace(tzinfo=zone).astimezone(UTC), precision, self.basis


def plausible(at: pa.Array) -> pa.Array:
    """The times that can be true (not before 1995, not after tomorrow); null for the others."""
    import pyarrow.compute as pc

    latest = clock.now() + clock.TOLERATED_FUTURE
    fits = pc.and_(pc.less_equal(at, latest), pc.greater_equal(at, clock.EARLIEST))
    return _only(at, pc.fill_null(fits, False))


def _epochs(column: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Whole numbers since 1970: 9-10 digits are seconds, 12-13 milliseconds, 15-16 microseconds."""
    import pyarrow.compute as pc

    digits = pc.replace_substring_regex(column, r"\.0+$", "")
    length, value = pc.utf8_length(digits), digits.cast(pa.int64())
    factor = pc.if_else(pc.less_equal(length, 10), 1_000_000, pc.if_else(pc.less_equal(length, 13), 1_000, 1))
    at = pc.multiply(value, factor).cast(pa.timestamp("us")).cast(TIME)
    precision = pc.if_else(pc.less_equal(length, 10), "s", pc.if_else(pc.less_equal(length, 13), "ms", "us"))
    known = pc.is_valid(at)
    return at, _where(precision, known), _where(pa.repeat("epoch", len(column)), known)


def _only(column: pa.Array, mask: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.if_else(mask, column, pa.scalar(None, column.type))


def _where(values: Any, mask: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.if_else(mask, values, pa.scalar(None, pa.string()))


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """Text to times, all at once; where one text is no time (month 13), one by one."""
    try:
        return column.cast(kind)
    except pa.ArrowInvalid:
        words = column.dictionary_encode()
        values = [_cast_one(text, kind) for text in words.dictionary.to_pylist()]
        return pa.array(values, kind).take(words.indices)


def _cast_one(text: str, kind: pa.DataType) -> Any:
    try:
        return pa.array([text]).cast(kind)[0].as_py()
    except (pa.ArrowInvalid, ValueError, OverflowError):
        return None
