"""A figure beside its peers' on a page: where the dots lie, what is said of them, and the table behind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seguito.dossier.peers import LEAST_FOR_PERCENTILE
from seguito.reports.plain import plain
from seguito.reports.ranges import axis
from seguito.reports.words import Words
from seguito.reports.written import Document

# More dots than this are thinned out evenly: nobody could tell them apart.
MOST_DOTS = 300
# Dots share so many lines, so that equal figures do not hide each other.
LINES = 3
# From this factor between the largest and the smallest figure on, the axis is logarithmic.
WIDE = 20.0


@dataclass(frozen=True, slots=True)
class PeerDot:
    """One peer: its place in per cent of the axis, its line, and whether something weakens its figure."""

    place: float
    line: int
    is_weak: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """Dots on an axis.

    Attributes:
        dots: the peers.
        value: the creator's figure, in per cent of the axis.
        drawn: that figure drawn towards the peers; `None` where there is none.
        start, width: its interval.
        left, right: what stands at the ends of the axis.
        told: the same in words, for those who do not see it.
    """

    dots: tuple[PeerDot, ...]
    value: float
    drawn: float | None
    start: float
    width: float
    left: str
    right: str
    told: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown of one measure beside its peers: sentences, the strip, and the peers' figures in a table."""

    sentences: tuple[str, ...]
    strip: Strip | None
    rows: tuple[tuple[str, str, str], ...]
    has_names: bool


def beside(document: Document, estimate: Mapping[str, Any], words: Words) -> Beside | None:
    """One measure beside its peers; `None` where no cohort was named or there is nothing to say."""
    compared = document.get("peers")
    if not compared or estimate["value"] is None:
        return None
    found = next((one for one in compared["comparisons"] if one["measure"] == estimate["measure"]), None)
    if found is None or not (found["dots"] or found["not_compared"]):
        return None
    unit = estimate["unit"]
    sentences = tuple(_sentences(found, estimate, words))
    told = " ".join(sentences)
    names = any(dot["name"] for dot in found["dots"])
    return Beside(
        sentences=sentences,
        strip=_strip(found, estimate, told, words) if found["dots"] else None,
        rows=tuple(_row(dot, unit, words) for dot in found["dots"]),
        has_names=names,
    )


def who(document: Document, words: Words) -> list[str]:
    """Which creators of a cohort the figures stand beside, in sentences; none where no cohort was named."""
    compared = document.get("peers")
    if not compared:
        return []
    platform = words.get("platforms", compared["platform"])
    tier = words.get("tiers", compared["tier"]) if compared["tier"] else words.label("peers_any_tier")
    told = [words.label("peers_used", n=compared["peers"], cohort=compared["cohort"], platform=platform, tier=tier)]
    if compared["left_out"]:
        told.append(words.label("peers_left_out", reasons=_reasons(compared["left_out"], words)))
    told.append(words.label("peers_method", least=LEAST_FOR_PERCENTILE))
    return told


def _reasons(counts: Mapping[str, int], words: Words) -> str:
    return "; ".join(f"{words.get('peers', reason)}: {words.numbers.plain(n)}" for reason, n in counts.items())


def _sentences(found: Mapping[str, Any], estimate: Mapping[str, Any], words: Words) -> Sequence[str]:
    unit, numbers, told = estimate["unit"], words.numbers, []
    dots, ends, drawn = len(found["dots"]), found["percentile_interval"], found["drawn"]
    if found["percentile"] is not None and ends:
        span = numbers.span(ends["lo"], ends["hi"], "share")
        told.append(words.label("peers_rank", share=found["percentile"], n=dots, span=span))
    elif dots:
        told.append(words.label("peers_few", n=dots, least=LEAST_FOR_PERCENTILE))
    if drawn:
        inner = drawn["interval"]
        told.append(
            words.label(
                "peers_drawn",
                drawn=numbers.figure(drawn["value"], unit),
                span=numbers.span(inner["lo"], inner["hi"], unit),
                share=drawn["pull"],
                raw=numbers.figure(estimate["value"], unit),
                middle=numbers.figure(drawn["middle"], unit),
            )
        )
    if found["times"] is not None and found["times_interval"]:
        inner = found["times_interval"]
        span = numbers.span(inner["lo"], inner["hi"], "ratio")
        told.append(words.label("peers_times", times=numbers.plain(found["times"]), span=span))
    if found["not_compared"]:
        told.append(words.label("peers_not_compared", reasons=_reasons(found["not_compared"], words)))
    return told


def _row(dot: Mapping[str, Any], unit: str, words: Words) -> tuple[str, str, str]:
    weak = words.get("statuses", "weak") if dot["is_weak"] else ""
    return plain(str(dot["name"] or ""), 80), words.numbers.figure(dot["value"], unit), weak


def _strip(found: Mapping[str, Any], estimate: Mapping[str, Any], told: str, words: Words) -> Strip:
    unit, drawn = estimate["unit"], found["drawn"]
    ends = [drawn["interval"]["lo"], drawn["interval"]["hi"], drawn["value"]] if drawn else []
    marks = [*(dot["value"] for dot in found["dots"]), estimate["value"], *ends]
    is_log = min(marks) > 0 and max(marks) / min(marks) >= WIDE and unit != "share"
    lo, hi = (min(marks), max(marks)) if is_log else axis(marks, unit)

    def place(at: float) -> float:
        share = math.log(at / lo) / math.log(hi / lo) if is_log else (at - lo) / (hi - lo)
        return round(100 * share, 2)

    step = math.ceil(len(found["dots"]) / MOST_DOTS)
    shown = found["dots"][::step]
    numbers = words.numbers
    start = place(ends[0]) if ends else 0.0
    return Strip(
        dots=tuple(PeerDot(place(dot["value"]), at % LINES, dot["is_weak"]) for at, dot in enumerate(shown)),
        value=place(estimate["value"]),
        drawn=place(ends[2]) if ends else None,
        start=start,
        width=round(place(ends[1]) - start, 2) if ends else 0.0,
        left=numbers.figure(lo, unit) if unit == "share" else numbers.plain(lo),
        right=numbers.figure(hi, unit) if unit == "share" else numbers.plain(hi),
        told=f"{told} {words.label('peers_log_axis')}" if is_log else told,
    )
