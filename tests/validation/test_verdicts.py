"""How wrong answers are counted, and what a world deserves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from validation.verdicts import Told, cases_of, deserved, place

from seguito.simulate.plan import Plan

WORLD = {"bought_share": 0.0, "questions_answered": 0.8, "pod": None, "silences": [], "worried_answered": 0.0}


@pytest.mark.parametrize(("value", "right"), [(0.3, "yes"), (0.25, "neither"), (0.05, "neither"), (0.04, "no")])
def test_what_a_true_share_deserves(value: float, right: str) -> None:
    assert place(value, yes=0.25, no=0.05) == right


@pytest.mark.parametrize(
    ("verdict", "right", "wrong_yes", "wrong_no"),
    [
        ("yes", "yes", False, False),
        ("yes", "no", True, False),
        ("yes", "neither", True, False),
        ("no", "no", False, False),
        ("no", "yes", False, True),
        ("no", "neither", False, True),
        ("unclear", "yes", False, False),
        ("not_answerable", "no", False, False),
    ],
)
def test_open_answers_are_never_wrong_and_decided_ones_may_be(
    verdict: str, right: str, wrong_yes: bool, wrong_no: bool
) -> None:
    told = Told("dialogue", "made up", 1_000, verdict, right)  # type: ignore[arg-type]
    assert (told.is_wrong_yes, told.is_wrong_no) == (wrong_yes, wrong_no)


def test_a_clean_world_deserves_three_yes() -> None:
    assert deserved(WORLD, Plan(bought_share=0.0)) == {
        "dialogue": "yes",
        "followers_real": "yes",
        "engagement_earned": "yes",
    }


@pytest.mark.parametrize(
    ("bought", "of_base", "days", "right"),
    [(0.21, 0.0, 1, "no"), (0.20, 0.0, 30, "yes"), (0.06, 0.07, 1, "neither"), (0.03, 0.04, 1, "yes")],
)
def test_what_purchases_deserve(bought: float, of_base: float, days: int, right: str) -> None:
    plan = replace(Plan(), bought_of_base=of_base, bought_days=days)
    assert deserved({**WORLD, "bought_share": bought}, plan)["followers_real"] == right


@pytest.mark.parametrize(
    ("authors", "answered", "explains", "right"),
    [
        (9, 0.0, False, None),
        (10, 0.0, False, "no"),
        (10, 0.3, False, "yes"),
        (10, 0.1, False, "neither"),
        (10, 0.0, True, "yes"),
    ],
)
def test_what_a_silence_deserves(authors: int, answered: float, explains: bool, right: str | None) -> None:
    silence = {"worried_authors": authors, "announced": False}
    found = deserved({**WORLD, "silences": [silence], "worried_answered": answered}, replace(Plan(), explains=explains))
    assert found.get("silence_with_care") == right


@pytest.mark.parametrize(("pod", "right"), [(0.01, "yes"), (0.03, "neither"), (0.06, "no")])
def test_what_a_pod_deserves(pod: float, right: str) -> None:
    assert deserved({**WORLD, "pod": {"share_of_comments": pod}}, Plan())["engagement_earned"] == right


def test_where_answers_fell() -> None:
    told = [Told("dialogue", case, 1_000, "no", "yes") for case in ("S2", "S0", "S2")]
    assert cases_of(told) == "S2 (2), S0 (1)"
    assert cases_of([]) == ""
