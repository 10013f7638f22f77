"""The questions' rules: the suite over every combination, mutants it must catch, and answers worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from seguito.dossier.contract import Decision, Estimates, Question
from seguito.dossier.figure import figure
from seguito.dossier.questions import QUESTIONS
from seguito.dossier.rules import ANSWERED, COPIED, EMPTY, LOW_EFFORT, RELATE, RETURN, WORRY
from seguito.dossier.settle import CURES, more_rows
from seguito.kit.intervals import Interval
from seguito.measures.codes import REASON_CODES
from seguito.measures.estimate import Estimate, Part, Reason, Sensitivity
from seguito.measures.registry import MEASURES
from seguito.testing.rules import faults, sample


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_combination_misleads_a_question(question: Question) -> None:
    assert faults(question, MEASURES) == []


def test_every_question_asks_measures_that_there_are() -> None:
    assert {name for one in QUESTIONS.values() for name in one.measures} <= set(MEASURES)


def test_for_every_reason_there_is_something_that_would_lift_it() -> None:
    assert set(CURES) == set(REASON_CODES)


# -- mutants --------------------------------------------------------------------------------------------------------


def mutant(decide: Callable[[Estimates, Any], Decision]) -> Question:
    return replace(QUESTIONS["dialogue"], decide=decide)


def yes_without_data(estimates: Estimates, _: Any) -> Decision:
    # Takes "nothing speaks against it" for a yes.
    one = estimates[ANSWERED]
    said = one.interval is not None and one.interval.hi < 0.05
    rule = Reason("below" if said else "above", {"measure": ANSWERED, "part": "", "lo": 0, "hi": 0, "threshold": 0})
    return Decision("no" if said else "yes", rule)


def none_as_zero(estimates: Estimates, _: Any) -> Decision:
    value = figure(estimates, ANSWERED, "questions").value or 0
    rule = Reason("above" if value else "below", {"measure": ANSWERED, "part": "", "lo": 0, "hi": 0, "threshold": 0})
    return Decision("yes" if value > 0.25 else "no", rule)


def value_without_interval(estimates: Estimates, thresholds: Any) -> Decision:
    one = estimates[ANSWERED]
    if one.value is None:
        return QUESTIONS["dialogue"].decide(estimates, thresholds)
    rule = Reason("above", {"measure": ANSWERED, "part": "", "lo": 0, "hi": 0, "threshold": 0})
    return Decision("yes" if one.value > 0.25 else "no", rule)


def unheard_code(estimates: Estimates, thresholds: Any) -> Decision:
    return replace(QUESTIONS["dialogue"].decide(estimates, thresholds), rule=Reason("because"))


def figures_missing(estimates: Estimates, thresholds: Any) -> Decision:
    decision = QUESTIONS["dialogue"].decide(estimates, thresholds)
    return replace(decision, rule=Reason(decision.rule.code))


def open_and_silent(estimates: Estimates, thresholds: Any) -> Decision:
    return replace(QUESTIONS["dialogue"].decide(estimates, thresholds), settle=())


@pytest.mark.parametrize(
    ("decide", "fault"),
    [
        (yes_without_data, "says yes though its first measure says nothing firm"),
        (none_as_zero, "says no though no measure says anything firm"),
        (value_without_interval, "says yes though its first measure says nothing firm"),
        (unheard_code, "speaks in a code that is not listed"),
        (figures_missing, "should carry"),
        (open_and_silent, "does not say what would settle it"),
    ],
)
def test_the_suite_catches(decide: Callable[[Estimates, Any], Decision], fault: str) -> None:
    assert any(fault in one for one in faults(mutant(decide), MEASURES))


# -- by hand --------------------------------------------------------------------------------------------------------


def part(key: str, value: float | None, lo: float, hi: float, n: int = 400) -> Part:
    return Part(key=key, value=value, interval=None if value is None else Interval(lo, hi, "m"), n=n, unit="share")


def shown(measure: str, value: float, lo: float, hi: float, *parts: Part, n: int = 400, **fields: Any) -> Estimate:
    one = replace(sample(MEASURES[measure], "high"), value=value, interval=Interval(lo, hi, "m"), n=n, parts=parts)
    return replace(one, **fields)


def copied(value: float, lo: float, hi: float) -> Estimate:
    return shown(COPIED, value, lo, hi)


def decide(key: str, *estimates: Estimate) -> Decision:
    question = QUESTIONS[key]
    known = {name: sample(MEASURES[name], "not arisen") for name in question.measures}
    return question.decide(known | {one.measure: one for one in estimates}, question.thresholds)


@pytest.mark.parametrize(
    ("lo", "hi", "verdict"),
    [(0.26, 0.5, "yes"), (0.25, 0.5, "unclear"), (0.0, 0.04, "no"), (0.0, 0.05, "unclear"), (0.1, 0.2, "unclear")],
)
def test_a_dialogue_is_decided_by_the_questions_alone(lo: float, hi: float, verdict: str) -> None:
    one = shown(ANSWERED, 0.9, 0.85, 0.95, part("questions", (lo + hi) / 2, lo, hi))
    assert decide("dialogue", one).verdict == verdict


def test_more_rows_by_the_formula() -> None:
    # .30 with a lower bound of .20: the threshold .25 is half as far as the bound, so four times the rows: 300 more.
    one = figure({ANSWERED: shown(ANSWERED, 0.30, 0.20, 0.40, n=100)}, ANSWERED)
    found = more_rows(one, lower=0.05, upper=0.25)
    assert found.code == "more_rows"
    assert found.values["more"] in (300, 301)
    # 100 comments in 52.14 weeks: 300 take about three times that.
    assert found.values["weeks"] in (157, 158)


def test_what_lies_between_the_thresholds_is_not_settled_by_more_of_it() -> None:
    one = figure({ANSWERED: shown(ANSWERED, 0.15, 0.04, 0.30)}, ANSWERED)
    assert more_rows(one, lower=0.05, upper=0.25).code == "value_between"


def test_too_few_rows_say_how_many_are_lacking() -> None:
    few = shown(ANSWERED, 0.5, 0.4, 0.6, part("questions", 0.5, 0.4, 0.6, n=60))
    decision = decide("dialogue", few)
    assert (decision.verdict, decision.rule.code) == ("unclear", "too_little")
    assert decision.settle[0].values["more"] == 40


def test_members_must_relate_and_return() -> None:
    much, some, little = (0.3, 0.2, 0.4), (0.12, 0.08, 0.18), (0.01, 0.0, 0.02)
    for relate, back, verdict, code in (
        (much, much, "yes", "relate_and_return"),
        (little, much, "no", "do_not_relate"),
        (much, little, "no", "do_not_return"),
        (some, much, "unclear", "between"),
        (much, some, "unclear", "between"),
    ):
        decision = decide("relate_and_return", shown(RELATE, *relate), shown(RETURN, *back))
        assert (decision.verdict, decision.rule.code) == (verdict, code)
    unknown = decide("relate_and_return", shown(RELATE, *much), sample(MEASURES[RETURN], "not known"))
    assert unknown.verdict == "not_answerable"
    assert unknown.settle[0].code == "source_with"


def test_one_signal_never_condemns_the_comments() -> None:
    high, low = (0.9, 0.85, 0.95), (0.01, 0.0, 0.02)
    commenters = part("commenters", 0.1, 0.05, 0.15)
    few = shown(EMPTY, 0.5, 0.4, 0.6, commenters)
    assert decide("comments_earned", copied(*high), shown(LOW_EFFORT, *low), few).verdict == "unclear"
    assert decide("comments_earned", copied(*low), shown(LOW_EFFORT, *low), few).verdict == "yes"
    one = decide("comments_earned", copied(*high), shown(LOW_EFFORT, *low), few)
    assert one.settle == (Reason("read_rows", {"measures": [COPIED]}),)
    both = decide("comments_earned", copied(*high), shown(LOW_EFFORT, *high), few)
    assert (both.verdict, both.rule.values["signals"]) == ("no", ["copied", "low_effort"])
    # Followers that look empty are another matter than commenters who do.
    crowd = shown(EMPTY, 0.9, 0.85, 0.95, commenters)
    assert decide("comments_earned", copied(*low), shown(LOW_EFFORT, *low), crowd).verdict == "yes"


def test_other_labeller_errors_can_leave_it_open() -> None:
    firm = shown(LOW_EFFORT, 0.30, 0.27, 0.33)
    few = copied(0.01, 0.0, 0.02)
    assert decide("comments_earned", few, firm).verdict == "yes"
    shaky = replace(firm, sensitivity=(Sensitivity(change="sensitivity_lower", value=0.41),))
    decision = decide("comments_earned", few, shaky)
    assert (decision.verdict, decision.rule.values["open"]) == ("unclear", ["low_effort"])


def test_a_silence_is_met_with_care() -> None:
    def met(answered: Part, explained: float | None, ended: int = 2) -> Decision:
        told = Part(key="explained", value=explained, n=ended, unit="share")
        return decide("silence_with_care", shown(WORRY, 1.0, 0.5, 1.5, answered, told, n=30))

    many, few, some = (part("worried_answered", *one) for one in ((0.5, 0.4, 0.6), (0.0, 0.0, 0.02), (0.2, 0.1, 0.3)))
    assert met(many, 0.0).rule.code == "worried_answered"
    assert met(few, 0.5).rule == Reason("explained", {"explained": 1, "ended": 2})
    assert met(few, 0.0).verdict == "no"
    assert met(some, 0.0).verdict == "unclear"
    # Ignored so far, and what was posted afterwards is not known: that is no no.
    unread = met(few, None, 0)
    assert (unread.verdict, unread.settle[0].code) == ("unclear", "silence_end")
    quiet = decide("silence_with_care", sample(MEASURES[WORRY], "not arisen"))
    assert (quiet.verdict, quiet.rule.code) == ("not_answerable", "no_silence")
    alone = decide("silence_with_care", sample(MEASURES[WORRY], "too few"))
    assert (alone.verdict, alone.rule.values) == ("not_answerable", {"accounts": 9, "needed": 10})


def test_enough_data() -> None:
    names = QUESTIONS["enough_data"].measures

    def asked(coverage: float | None = 1.0, **states: str) -> Decision:
        found = [sample(MEASURES[name], states.get(name.split(".")[1], "wide"), coverage=coverage) for name in names]
        return decide("enough_data", *found)

    assert asked().verdict == "yes"
    assert asked(coverage=0.8).verdict == "yes"
    low = asked(coverage=0.6)
    assert (low.verdict, low.rule.code) == ("no", "coverage_low")
    assert low.settle[0].values == {"what": "comments", "missing": 200, "collected": 600, "declared": 1000}
    assert asked(coverage=None).verdict == "unclear"
    holes = asked(answered_share="not known", return_28d="too few")
    assert (holes.verdict, holes.rule.values["measures"]) == ("no", [ANSWERED, RETURN])
    assert {one.code for one in holes.settle} == {"source_with", "more_rows"}
