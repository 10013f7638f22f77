"""What a measure's docstring tells: the same six lines for every measure, read by the docs and by the report."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from seguito.measures.contract import Measure

LINES = ("Question", "Definition", "Interval", "Reference", "Needs", "Minimum", "Not")
_LINE = re.compile(rf"^({'|'.join(LINES)}): ?(.*)$")


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one measure.

    Attributes:
        summary: the first line of the docstring.
        question: what it asks.
        definition: what is counted, over what.
        interval: how its uncertainty is found, and why so.
        reference: where the method comes from.
        needs: what the source must show.
        minimum: how many units it takes.
        is_not: what it does not mean, and its false positives.
    """

    summary: str
    question: str
    definition: str
    interval: str
    reference: str
    needs: str
    minimum: str
    is_not: str


def page(measure: Measure) -> Page:
    """Read a measure's docstring.

    Raises:
        ValueError: one of the lines is missing; a measure without its page is not finished.
    """
    text = inspect.getdoc(measure.compute) or ""
    summary, _, body = text.partition("\n")
    found = _sections(body)
    missing = [line for line in LINES if not found.get(line)]
    if missing:
        raise ValueError(f"the docstring of {measure.name} lacks: {', '.join(missing)}")
    return Page(summary.strip(), *(found[line] for line in LINES))


def _sections(body: str) -> dict[str, str]:
    found: dict[str, str] = {}
    current = ""
    for line in body.splitlines():
        named = _LINE.match(line)
        if named:
            current = named[1]
            found[current] = named[2].strip()
        elif current and line.strip():
            found[current] += " " + line.strip()
    return found
