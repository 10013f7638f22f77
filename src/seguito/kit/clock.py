"""Aware UTC times only: now, parsing, days and windows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FRACTION = re.compile(r"\.(\d+)")
_COMPACT_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")

# Facts dated before the first social network or this far after the observation are a broken clock, not history.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
TOLERATED_FUTURE = timedelta(days=1)


def now() -> datetime:
    """The present moment, UTC, in whole microseconds."""
    return datetime.now(UTC)


def parse_iso(text: str) -> datetime | None:
    """Read an ISO 8601 time with an offset or `Z`; `None` when it is not one (or has no zone)."""
    cleaned = _COMPACT_OFFSET.sub(r"\1:\2", text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
    cleaned = _FRACTION.sub(lambda found: "." + found.group(1)[:6].ljust(6, "0"), cleaned, count=1)
    try:
        at = datetime.fromisoformat(cleaned)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: float) -> datetime | None:
    """The UTC time of an epoch in seconds; `None` when it is outside what a calendar holds."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def is_plausible(at: datetime, *, seen: datetime) -> bool:
    """Whether a fact seen at `seen` can have happened at `at` (not before 1995, not after tomorrow)."""
    return EARLIEST <= at <= seen + TOLERATED_FUTURE


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open stretch of time: `start` is inside, `end` is not."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"a window cannot end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.end - self.start) / timedelta(days=1)
