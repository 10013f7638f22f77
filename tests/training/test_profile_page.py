"""The page on the points shows every point, and its figures are those of the set."""

from __future__ import annotations

import pytest

from seguito.measures.profiles.scorer import Scorer
from training import profile_page, profiles


def test_every_quantity_has_a_row_with_as_many_points_as_steps() -> None:
    scorer = Scorer.load()
    rows = list(profile_page.points_rows(scorer))
    assert len(rows) == len(scorer.evidence)
    for row, one in zip(rows, scorer.evidence, strict=True):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4
        assert cells[2].count(",") == len(one.points) - 1
        assert row in profile_page.PAGE.read_text(encoding="utf-8")


def test_what_each_source_can_see_is_on_the_page() -> None:
    text = profile_page.PAGE.read_text(encoding="utf-8")
    for row in profile_page.source_rows(Scorer.load()):
        assert row in text


@pytest.mark.data
def test_the_figures_on_the_page_are_those_of_the_set() -> None:
    row = profile_page.open_row(Scorer.load(), *profiles.instafake())
    assert row in profile_page.PAGE.read_text(encoding="utf-8")
    assert float(row.split("|")[2].split()[0]) >= 0.97
