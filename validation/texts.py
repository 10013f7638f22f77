"""How well texts are read, from the page of label benchmarks: public sets only, never simulated texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from validation.table import Reached

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "label-benchmarks.md"
# The detector's name, the label, the set, its language, the goal, the best published.
FIGURES = (
    ("sentiment, Italian", "sentiment", "sentipolc16", "it", 0.60, ".715 (UMSAB, Italian)"),
    ("sentiment, Italian", "sentiment", "umsab_xlmt", "it", 0.60, ".715 (UMSAB, Italian)"),
    ("hate, Italian", "identity_attack", "haspeede18_train", "it", 0.70, ".81 and .77 (HaSpeeDe 2, tweets and news)"),
)


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """One row a figure; nothing is simulated and no seed is used."""
    del seeds, release
    table = figures(PAGE.read_text(encoding="utf-8"))
    for detector, label, name, language, goal, best in FIGURES:
        found = table.get((label, name, language))
        value, interval, n = found or (None, None, 0)
        yield Reached(
            detector=detector,
            data=f"{name} ({language})",
            metric="macro-F1",
            value=value,
            unit="number",
            goal=goal,
            interval=interval,
            n=n,
            n_unit="texts",
            best=best,
            note="the compact reader that ships, on the part of the set kept from its making; larger models reach more",
            command="make benchmark-labels",
        )


def figures(page: str) -> dict[tuple[str, str, str], tuple[float, tuple[float, float], int]]:
    """The macro-F1 of the first weights on the page, its interval and n, by label, set and language."""
    shipped = page.split("\n## ")[1]
    found = {}
    for line in shipped.splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        macro = re.match(r"([\d.]+) \(([\d.]+)–([\d.]+)\)", cells[4]) if len(cells) > 4 else None
        if macro:
            value, lo, hi = map(float, macro.groups())
            found[cells[0], cells[1], cells[2]] = value, (lo, hi), int(cells[3].split()[0].replace(",", ""))
    return found
