"""Numbers and dates as people of a language write them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "it": ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"),
}
_WORDS = {
    "en": {
        "per_100": "per 100",
        "hours": "h",
        "minutes": "min",
        "days": "days",
        "per_day": "a day",
        "per_year": "a year",
        "posts_per_week": "posts a week",
    },
    "it": {
        "per_100": "su 100",
        "hours": "ore",
        "minutes": "min",
        "days": "giorni",
        "per_day": "al giorno",
        "per_year": "all'anno",
        "posts_per_week": "post a settimana",
    },
}
UNKNOWN = "–"
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes figures in one language: `it` with a decimal comma, `en` with a point."""

    lang: str

    def plain(self, value: float | None, digits: int | None = None) -> str:
        """A number with thousands apart; about three significant digits unless `digits` after the point are asked."""
        if value is None:
            return UNKNOWN
        if digits is None:
            digits = 0 if float(value).is_integer() else _digits(abs(value))
        text = f"{abs(value):,.{digits}f}"
        if self.lang == "it":
            text = text.translate(str.maketrans(",.", ".,"))
        return (MINUS if value < 0 and any(c in "123456789" for c in text) else "") + text

    def share(self, value: float | None) -> str:
        """A share as per cent; what is not zero never reads as zero, what is not all never reads as all."""
        if value is None:
            return UNKNOWN
        percent = value * 100
        if 0 < percent < 0.1:
            return "<" + self.plain(0.1, 1) + "%"
        if 99.9 < percent < 100:
            return ">" + self.plain(99.9, 1) + "%"
        whole = percent == round(percent) or 10 <= percent <= 99
        return self.plain(percent, 0 if whole else 1) + "%"

    def figure(self, value: float | None, unit: str) -> str:
        """A value with its unit."""
        if value is None:
            return UNKNOWN
        if unit == "share":
            return self.share(value)
        if unit == "hours":
            return self._duration(value)
        words = _WORDS[self.lang].get(unit)
        return self.plain(value) + (f" {words}" if words else "")

    def span(self, lo: float, hi: float, unit: str) -> str:
        """An interval, its unit written once."""
        between = " to " if self.lang == "en" else " – "
        if unit == "share":
            return f"{self.share(lo)}{between}{self.share(hi)}"
        if unit == "hours":
            size, digits, word = _scale(hi)
            unit, ends = word, [self.plain(end * size, digits) for end in (lo, hi)]
        else:
            size = max(abs(lo), abs(hi))
            ends = [
                self.plain(end, 0 if float(size).is_integer() and float(end).is_integer() else _digits(size))
                for end in (lo, hi)
            ]
        words = _WORDS[self.lang].get(unit)
        return between.join(ends) + (f" {words}" if words else "")

    def _duration(self, hours: float) -> str:
        size, digits, word = _scale(hours)
        return f"{self.plain(hours * size, digits)} {_WORDS[self.lang][word]}"

    def date(self, moment: str | datetime | None) -> str:
        """A day, such as `2 Mar 2026`."""
        if moment is None:
            return UNKNOWN
        at = datetime.fromisoformat(moment.replace("Z", "+00:00")) if isinstance(moment, str) else moment
        return f"{at.day} {_MONTHS[self.lang][at.month - 1]} {at.year}"

    def moment(self, text: str | None) -> str:
        """A day and an hour in UTC, such as `2 Mar 2026, 09:15`."""
        return f"{self.date(text)}, {text[11:16]}" if text else UNKNOWN


def _scale(hours: float) -> tuple[float, int, str]:
    """How a duration is best written: by what to multiply, digits after the point, and the unit."""
    if abs(hours) < 1:
        return 60, 0, "minutes"
    return (1 / 24, 1, "days") if abs(hours) >= 72 else (1, 1, "hours")


def _digits(size: float) -> int:
    if size == 0 or not math.isfinite(size):
        return 0
    return max(0, min(4, 2 - math.floor(math.log10(size))))
