"""What vendors published for creators of this size on this platform: drawn in grey, and never decided by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from seguito.reports.words import Words


@dataclass(frozen=True, slots=True)
class Published:
    """One published range.

    Attributes:
        lo, hi: the lowest and the highest figure told, in the unit of the measure.
        vendor: who published it.
        where: of whom.
        year: of when.
        source: where it was read.
    """

    lo: float
    hi: float
    vendor: str
    where: str
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Band:
    """All that was published for such creators, as one stretch of the axis with its label."""

    lo: float
    hi: float
    label: str


@cache
def _rows() -> tuple[Mapping[str, Any], ...]:
    text = files("seguito.reports").joinpath("bands.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["band"])


def published(measure: str, platform: str, followers: int | None) -> list[Published]:
    """The ranges published for a creator's platform and number of followers, the newest first; none where unknown."""
    if followers is None:
        return []
    found = [
        Published(row["per_100"][0], row["per_100"][1], row["vendor"], row["where"], row["year"], row["source"])
        for row in _rows()
        if (row["measure"], row["platform"]) == (measure, platform) and _holds(row["followers"], followers)
    ]
    return sorted(found, key=lambda one: (-one.year, one.vendor, one.where))


def _holds(ends: Sequence[int], followers: int) -> bool:
    return ends[0] <= followers and (len(ends) < 2 or followers < ends[1])


def for_estimate(document: Mapping[str, Any], estimate: Mapping[str, Any]) -> list[Published]:
    """What was published for the creator of a report, for one measure."""
    told = [note["values"]["followers"] for note in estimate.get("notes", ()) if note["code"] == "followers_at"]
    return published(estimate["measure"], str(document["creator"]["platform"]), told[0] if told else None)


def band(found: Sequence[Published]) -> Band | None:
    """One grey stretch over published ranges, labelled with who published them and of when; `None` without any."""
    if not found:
        return None
    years: dict[str, list[int]] = {}
    for one in found:
        years.setdefault(one.vendor, []).append(one.year)
    label = "; ".join(f"{vendor} {', '.join(map(str, sorted(set(of))))}" for vendor, of in sorted(years.items()))
    return Band(min(one.lo for one in found), max(one.hi for one in found), label)


def told(found: Sequence[Published], words: Words) -> list[str]:
    """Every published range in words, with where it was read; nothing without any."""
    if not found:
        return []
    numbers = words.numbers
    each = [
        words.label(
            "band_of",
            vendor=one.vendor,
            where=words.value(one.where),
            year=str(one.year),
            figures=numbers.plain(one.lo) if one.lo == one.hi else f"{numbers.plain(one.lo)}–{numbers.plain(one.hi)}",
            source=one.source,
        )
        for one in found
    ]
    return [words.label("bands_lead"), *each]
