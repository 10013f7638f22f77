"""The rows of the scorer of profiles are those of its page."""

from __future__ import annotations

from validation import profiles


def test_figures_are_read_off_the_table() -> None:
    lines = [
        "| points | AUC |",
        "|---|---|",
        "| set by hand | 0.979 (0.969–0.989) | 0.615 |",
        "| fitted | 0.9917 | – |",
    ]
    page = "\n".join([*lines, "| other | 1.0 |"])
    assert profiles.figures(page) == {
        ("set by hand", 1): (0.979, (0.969, 0.989)),
        ("set by hand", 2): (0.615, None),
        ("fitted", 1): (0.9917, None),
    }


def test_every_figure_is_on_the_page_and_reaches_its_goal() -> None:
    found = list(profiles.rows([]))
    assert len(found) == len(profiles.FIGURES)
    assert {row.state for row in found if row.goal is not None} == {"reached"}
    assert all(row.value is not None for row in found)
