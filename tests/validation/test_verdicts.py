"""How wrong answers are counted; and one small world vetted as a real one is."""

from __future__ import annotations

import pytest
from validation.verdicts import Row, place, run, shares, tally


@pytest.mark.parametrize(("value", "right"), [(0.3, "yes"), (0.25, "neither"), (0.05, "neither"), (0.04, "no")])
def test_what_a_true_share_deserves(value: float, right: str) -> None:
    assert place(value, yes=0.25, no=0.05) == right


def test_open_answers_are_never_wrong_and_decided_ones_may_be() -> None:
    row = tally(
        "dialogue",
        "made up",
        1000,
        [
            ("yes", "yes"),
            ("yes", "no"),
            ("yes", "neither"),
            ("no", "no"),
            ("no", "yes"),
            ("unclear", "yes"),
            ("not_answerable", "no"),
        ],
    )
    assert row == Row("dialogue", "made up", 1000, 7, 3, 2, 1, 1, wrong_yes=2, wrong_no=1)
    found = shares([row, row])["dialogue"]
    assert found == {"wrong_yes": 2 / 7, "wrong_no": 1 / 7, "unclear": 1 / 7, "not_answerable": 1 / 7}


def test_one_world_is_vetted_as_a_real_one_is() -> None:
    rows = {row.question: row for row in run([0], cases=["nothing"], sizes=[1_000])}
    assert set(rows) == {"dialogue", "followers_real", "engagement_earned"}
    assert all(row.worlds == 1 and row.wrong_yes == row.wrong_no == 0 for row in rows.values())
    # The creator answers most of the questions.
    assert rows["dialogue"].yes == 1
