"""What is an episode of worry, planted and told; and how figures of texts are read from their page."""

from __future__ import annotations

from typing import Any

import pytest
from validation.worlds import Seen

from validation import climate, texts


def seen(worried: int, n: int | None, lo: float | None) -> Seen:
    ratio = {"key": "ratio", "interval": None if lo is None else {"lo": lo, "hi": 99.0}}
    estimate: dict[str, Any] = {"value": None if n is None else 1.0, "n": n or 0, "parts": [ratio]}
    return Seen("S4", 0, {"silences": [{"worried_authors": worried}]}, {}, {climate.WORRY: estimate})


@pytest.mark.parametrize(
    ("worried", "n", "lo", "planted", "told"),
    [
        (10, 10, 1.5, True, True),
        (9, 10, 1.5, False, True),
        (10, 9, 1.5, True, False),
        (10, 10, 0.9, True, False),
        (10, 12, None, True, True),
        (10, None, None, True, False),
    ],
)
def test_episodes(worried: int, n: int | None, lo: float | None, planted: bool, told: bool) -> None:
    assert climate.episodes(seen(worried, n, lo)) == (planted, told)


def test_figures_are_those_of_the_weights_that_ship() -> None:
    row = "| `sentiment` | made_up | it | 1,200 (3 yes) | 0.{0}00 (0.{0}0–0.{0}9) |"
    page = f"# P\n\n## Weights `open`\n\n{row.format(5)}\n| x | y |\n\n## Weights `research`\n\n{row.format(6)}\n"
    assert texts.figures(page) == {("sentiment", "made_up", "it"): (0.5, (0.5, 0.59), 1200)}


def test_every_figure_is_on_the_page() -> None:
    assert all(one.value is not None for one in texts.rows([]))
