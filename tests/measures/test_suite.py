"""The contract suite itself: it passes a right measure, and every wrong one fails the rule that is meant for it."""

from __future__ import annotations

import pytest

from seguito.measures.contract import Measure
from seguito.testing.grounds import Grounds
from seguito.testing.measures import RULES, check, problems

from . import wrong

MUTANTS = list(wrong.mutants())


def test_a_right_measure_has_no_problem(grounds: Grounds) -> None:
    assert problems(wrong.RIGHT, grounds) == []


@pytest.mark.parametrize(("rule", "mutant"), MUTANTS, ids=[f"{rule}-{at}" for at, (rule, _) in enumerate(MUTANTS)])
def test_a_wrong_measure_fails_the_rule_meant_for_it(rule: str, mutant: Measure, grounds: Grounds) -> None:
    assert problems(mutant, grounds, {rule: RULES[rule]}), f"{rule} lets {mutant.compute.__name__} pass"


def test_the_fault_is_told_by_name(grounds: Grounds) -> None:
    mutant = next(one for rule, one in MUTANTS if rule == "silence")
    with pytest.raises(AssertionError, match=r"(?s)dialogue.asked_share.*silence: empty: the value is 0.0 of nothing"):
        check(mutant, grounds)


def test_every_rule_has_a_mutant() -> None:
    # A measure cannot escape the check of capabilities: it happens before it is asked.
    assert {rule for rule, _ in MUTANTS} == set(RULES) - {"capabilities"}
