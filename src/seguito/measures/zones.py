"""Hours and weekdays in a time zone, by plain arithmetic: how far its clocks were ahead, and from when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis

from seguito.kit.errors import UsageError

_STEP = 86_400


def changes(zone: str, start_s: int, end_s: int) -> list[tuple[int, int]]:
    """From which second on the clocks of `zone` are how many seconds ahead of UTC, within a stretch of time.

    Raises:
        UsageError: there is no such zone.
    """
    try:
        clocks = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"There is no time zone '{zone}'.", "Name one like Europe/Rome.") from error

    def ahead(at_s: int) -> int:
        offset = datetime.fromtimestamp(at_s, UTC).astimezone(clocks).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())

    found = [(start_s, ahead(start_s))]
    at_s = start_s
    while at_s < end_s:
        before, at_s = at_s, min(at_s + _STEP, end_s)
        if ahead(at_s) == found[-1][1]:
            continue
        low, high = before, at_s
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead(middle) == found[-1][1] else (low, middle)
        found.append((high, ahead(high)))
    return found


def offsets(zone: str, at_s: Any, start_s: int, end_s: int) -> Any:
    """How many seconds the clocks of `zone` were ahead at `at_s`, as an Ibis expression."""
    if zone == "UTC":
        return ibis.literal(0, type="int64")
    (_, first), *later = changes(zone, start_s, end_s)
    if not later:
        return ibis.literal(first, type="int64")
    branches = [(at_s >= since, ibis.literal(ahead, type="int64")) for since, ahead in reversed(later)]
    return ibis.cases(*branches, else_=ibis.literal(first, type="int64"))
