"""How well profiles of sold followers are told from others, on a public set; nothing is simulated.

Read off the page that `python -m training.profile_page --write` writes; no point set by hand was fitted to the set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from validation.table import Reached

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "profile-scorer.md"
SET = "InstaFake: 200 accounts sold as followers, 994 others"
ACCOUNTS = 1194
# The row on the page, the column, what it is, the goal, the best published.
FIGURES = (
    ("set by hand", 1, "AUC", 0.97, ".988 (fitted to the set, 10 x 10-fold)"),
    ("set by hand", 2, "sensitivity at the threshold", None, ""),
    ("set by hand", 3, "specificity at the threshold", None, ""),
    ("set by hand", 4, "PPV where 5 % are fakes", None, ""),
    ("set by hand", 5, "PPV where 10 % are fakes", 0.80, ".83 (fitted to the set, 10 x 10-fold)"),
    ("set by hand", 6, "PPV where 20 % are fakes", None, ""),
    ("fitted", 1, "AUC, 10 x 10-fold", 0.985, "96 % of accounts right (Akyon & Kalfaoglu 2019)"),
)
NOTES = {
    "set by hand": "set by hand from what others published, fitted to no set; on other platforms the errors differ",
    "fitted": "built by the user's own command, for research only",
}
_CELL = re.compile(r"(\d*\.\d+)(?: \((\d*\.\d+)–(\d*\.\d+)\))?")


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """One row a figure; no seed is used."""
    del seeds, release
    table = figures(PAGE.read_text(encoding="utf-8"))
    for points, column, metric, goal, best in FIGURES:
        value, interval = table.get((points, column), (None, None))
        yield Reached(
            detector=f"profile scorer, {points}",
            data=SET,
            metric=metric,
            value=value,
            unit="number" if "AUC" in metric else "share",
            goal=goal,
            interval=interval,
            n=ACCOUNTS,
            n_unit="accounts",
            best=best,
            note=NOTES[points],
            command="make points",
        )


def figures(page: str) -> dict[tuple[str, int], tuple[float, tuple[float, float] | None]]:
    """The figures of the page's table, by the points and the number of the column."""
    found = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] not in NOTES:
            continue
        for column, cell in enumerate(cells[1:], start=1):
            told = _CELL.fullmatch(cell)
            if told:
                ends = (float(told[2]), float(told[3])) if told[2] else None
                found[cells[0], column] = float(told[1]), ends
    return found
