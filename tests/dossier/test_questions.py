"""The questions' rules: the suite over every combination, mutants it must catch, and answers worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from seguito.dossier.authenticity import BALANCE, COORDINATED, COPIED, EMPTY, FAKE, JUMPS, LOW_EFFORT, MASS, NEWBORN
from seguito.dossier.contract import Decision, Estimates, Question
from seguito.dossier.figure import figure
from seguito.dossier.questions import QUESTIONS
from seguito.dossier.rules import ANSWERED, RELATE, RETURN, WORRY
from seguito.dossier.settle import CURES, more_rows
from seguito.kit.intervals import Interval
from seguito.measures.codes import REASON_CODES
from seguito.measures.contract import Measure
from seguito.measures.estimate import Estimate, Part, Reason, Sensitivity
from seguito.measures.registry import MEASURES
from seguito.testing.rules import HEAD, faults, sample

# Rules are tried on what measures may answer, so that those that are not registered can be asked too.
_NAMED: dict[str, Measure] = {
    FAKE: replace(MEASURES[EMPTY], name=FAKE),
    NEWBORN: replace(MEASURES[EMPTY], name=NEWBORN),
    MASS: replace(MEASURES[EMPTY], name=MASS),
    BALANCE: replace(MEASURES[EMPTY], name=BALANCE, unit="ratio", n_unit="posts"),
}
KNOWN = {**_NAMED, **MEASURES}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_combination_misleads_a_question(question: Question) -> None:
    # Shares that only stand beside the answer are given one state: they must not count, and would multiply the others.
    asked = tuple(name for name in question.measures if name not in (NEWBORN, MASS))
    assert faults(replace(question, measures=asked), KNOWN) == []


def test_every_question_asks_measures_that_there_are() -> None:
    assert {name for one in QUESTIONS.values() for name in one.measures} <= set(KNOWN)


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


def decides(key: str, verdict: str) -> Question:
    """A rule that decides where its question's own leaves it open."""

    def rule(estimates: Estimates, thresholds: Any) -> Decision:
        decision = QUESTIONS[key].decide(estimates, thresholds)
        return replace(decision, verdict=verdict) if decision.verdict == "unclear" else decision

    return replace(QUESTIONS[key], measures=QUESTIONS[key].measures[:3], decide=rule)


def believes_the_head(estimates: Estimates, thresholds: Any) -> Decision:
    fair = {name: replace(one, status="ok") if one.status == "weak" else one for name, one in estimates.items()}
    return QUESTIONS["followers_real"].decide(fair, thresholds)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (decides("followers_real", "yes"), "says yes though"),
        (decides("followers_real", "no"), "says no though only 0 of 1 speak for it"),
        (decides("engagement_earned", "yes"), "says yes though"),
        (decides("engagement_earned", "no"), "says no though only 1 of 2 speak for it"),
        (replace(QUESTIONS["followers_real"], measures=(FAKE,), decide=believes_the_head), HEAD),
    ],
    ids=lambda one: one.key if isinstance(one, Question) else "",
)
def test_the_suite_catches_what_no_figure_speaks_for(wrong: Question, fault: str) -> None:
    assert any(fault in one for one in faults(wrong, KNOWN))


# -- by hand --------------------------------------------------------------------------------------------------------


def part(key: str, value: float | None, lo: float, hi: float, n: int = 400) -> Part:
    return Part(key=key, value=value, interval=None if value is None else Interval(lo, hi, "m"), n=n, unit="share")


def shown(measure: str, value: float, lo: float, hi: float, *parts: Part, n: int = 400, **fields: Any) -> Estimate:
    one = replace(sample(KNOWN[measure], "high"), value=value, interval=Interval(lo, hi, "m"), n=n, parts=parts)
    return replace(one, **fields)


def copied(value: float, lo: float, hi: float) -> Estimate:
    return shown(COPIED, value, lo, hi)


def decide(key: str, *estimates: Estimate) -> Decision:
    question = QUESTIONS[key]
    known = {name: sample(KNOWN[name], "not arisen") for name in question.measures}
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
    unknown = decide("relate_and_return", shown(RELATE, *much), sample(KNOWN[RETURN], "not known"))
    assert unknown.verdict == "not_answerable"
    assert unknown.settle[0].code == "source_with"


def fakes(value: float, lo: float, hi: float, *hull: float, **fields: Any) -> Estimate:
    steps = tuple(Sensitivity(change="specificity_lower", value=one) for one in hull)
    return shown(FAKE, value, lo, hi, n=500, sensitivity=steps, **fields)


def jumps(a_year: float, *, slow: int = 0) -> Estimate:
    rises = Part(key="slow_changes", value=float(slow), n=365, unit="count")
    return shown(JUMPS, a_year, a_year, a_year + 1, n=365, parts=(rises,))


HEAD_ONLY = {"status": "weak", "reasons": (Reason("head_sample", {"what": "followers", "sampling": "newest"}),)}


@pytest.mark.parametrize(
    ("estimates", "verdict", "code", "cures"),
    [
        # The whole range counts: the interval, and what other errors of the scorer would make of it.
        ((fakes(0.05, 0.03, 0.08, 0.0, 0.12), jumps(0)), "yes", "few_fakes", []),
        ((fakes(0.05, 0.03, 0.08, 0.0, 0.21), jumps(0)), "unclear", "holds_threshold", ["judge_followers"]),
        # People who only read look like sold ones: up to a half, a no needs growth to agree.
        ((fakes(0.30, 0.26, 0.35, 0.22, 0.4), jumps(0)), "unclear", "many_fakes_alone", ["judge_followers"]),
        ((fakes(0.30, 0.26, 0.35, 0.22, 0.4),), "unclear", "many_fakes_alone", ["judge_followers"]),
        ((fakes(0.30, 0.26, 0.35, 0.22, 0.4), jumps(0, slow=1)), "no", "many_fakes_and_rises", []),
        ((fakes(0.60, 0.55, 0.65, 0.49, 0.7), jumps(0)), "unclear", "many_fakes_alone", ["judge_followers"]),
        ((fakes(0.60, 0.55, 0.65, 0.51, 0.7), jumps(0)), "no", "many_fakes", []),
        ((fakes(0.30, 0.26, 0.35, 0.22, 0.4), jumps(2)), "no", "many_fakes_and_jumps", []),
        ((fakes(0.30, 0.26, 0.35, 0.19, 0.4), jumps(2)), "unclear", "holds_threshold", ["judge_followers"]),
        # .25 with a lower bound of .19: the threshold is .05 away and the bound .06, so (6/5)² times the 500: 220 more.
        ((fakes(0.25, 0.19, 0.31), jumps(0)), "unclear", "holds_threshold", ["more_rows"]),
        ((fakes(0.25, 0.19, 0.31, 0.1), jumps(0)), "unclear", "holds_threshold", ["more_rows", "judge_followers"]),
        # Jumps alone never say no; while one is unexplained there is no yes.
        ((fakes(0.05, 0.03, 0.08), jumps(1)), "unclear", "few_fakes_but_jumps", ["cause_of_jumps"]),
        ((jumps(1),), "unclear", "jumps_alone", ["cause_of_jumps", "a_silence"]),
        ((jumps(0),), "not_answerable", "cannot_know", ["a_silence"]),
        # Without daily counts a yes can stand, and says so.
        ((fakes(0.05, 0.03, 0.08),), "yes", "few_fakes_growth_unknown", []),
        # The newest followers are not the audience, whatever they look like.
        ((fakes(0.60, 0.55, 0.65, **HEAD_ONLY), jumps(3)), "unclear", "weakened", ["full_list"]),
        ((fakes(0.01, 0.0, 0.02, **HEAD_ONLY), jumps(0)), "unclear", "weakened", ["full_list"]),
    ],
)
def test_followers_are_real(estimates: tuple[Estimate, ...], verdict: str, code: str, cures: list[str]) -> None:
    decision = decide("followers_real", *estimates)
    assert (decision.verdict, decision.rule.code) == (verdict, code)
    assert [one.code for one in decision.settle if one.code != "daily_counts"] == cures


def test_what_more_followers_would_settle_is_counted_without_the_scorers_errors() -> None:
    more, judged = decide("followers_real", fakes(0.25, 0.19, 0.31, 0.1)).settle[:2]
    assert more.values["more"] in (220, 221)
    assert judged.values == {"rows": 200}


def test_without_daily_counts_they_are_asked_for() -> None:
    decision = decide("followers_real", fakes(0.25, 0.19, 0.31), sample(KNOWN[JUMPS], "too few"))
    assert decision.settle[-1] == Reason("daily_counts", {"days": 180})


def test_what_was_not_measured_is_asked_for() -> None:
    for key, measure in (("followers_real", FAKE), ("engagement_earned", COPIED)):
        decision = QUESTIONS[key].decide({}, QUESTIONS[key].thresholds)
        assert (decision.verdict, decision.rule) == ("not_answerable", Reason("not_measured", {"measure": measure}))
        assert decision.settle == (Reason("measure_first", {"measure": measure}),)


def test_groups_that_write_together_are_one_signal_more() -> None:
    high, low = (0.2, 0.15, 0.25), (0.01, 0.0, 0.015)
    little, much = shown(LOW_EFFORT, *low), shown(LOW_EFFORT, 0.7, 0.65, 0.75)
    group, none = shown(COORDINATED, *high), shown(COORDINATED, *low)
    assert decide("engagement_earned", copied(*low), little, none).verdict == "yes"
    alone = decide("engagement_earned", copied(*low), little, group)
    assert (alone.verdict, alone.rule.values["raised"]) == ("unclear", ["coordinated"])
    assert [one.code for one in alone.settle] == ["read_rows", "another_space"]
    both = decide("engagement_earned", copied(*low), much, group)
    assert (both.verdict, both.rule.values["signals"]) == ("no", ["low_effort", "coordinated"])
    # Where it cannot be seen whether people write together, nothing is earned for certain.
    unseen = decide("engagement_earned", copied(*low), little, sample(KNOWN[COORDINATED], "not known"))
    assert (unseen.verdict, unseen.rule.values["open"]) == ("unclear", ["coordinated"])


def test_one_signal_never_condemns_the_comments() -> None:
    high, low = (0.9, 0.85, 0.95), (0.01, 0.0, 0.02)
    commenters = part("commenters", 0.1, 0.05, 0.15)
    few, calm = shown(EMPTY, 0.5, 0.4, 0.6, commenters), shown(COORDINATED, 0.01, 0.0, 0.015)
    assert decide("engagement_earned", copied(*low), shown(LOW_EFFORT, *low), few, calm).verdict == "yes"
    one = decide("engagement_earned", copied(*high), shown(LOW_EFFORT, *low), few, calm)
    assert (one.verdict, one.settle) == ("unclear", (Reason("read_rows", {"measures": [COPIED]}),))
    both = decide("engagement_earned", copied(*high), shown(LOW_EFFORT, *high), few, calm)
    assert (both.verdict, both.rule.values["signals"]) == ("no", ["copied", "low_effort"])
    # Followers that look empty are another matter than commenters who do.
    crowd = shown(EMPTY, 0.9, 0.85, 0.95, commenters)
    assert decide("engagement_earned", copied(*low), shown(LOW_EFFORT, *low), crowd, calm).verdict == "yes"


def test_other_labeller_errors_can_leave_it_open() -> None:
    firm = shown(LOW_EFFORT, 0.30, 0.27, 0.33)
    few, calm = copied(0.01, 0.0, 0.02), shown(COORDINATED, 0.01, 0.0, 0.015)
    assert decide("engagement_earned", few, firm, calm).verdict == "yes"
    shaky = replace(firm, sensitivity=(Sensitivity(change="sensitivity_lower", value=0.41),))
    decision = decide("engagement_earned", few, shaky, calm)
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
    quiet = decide("silence_with_care", sample(KNOWN[WORRY], "not arisen"))
    assert (quiet.verdict, quiet.rule.code) == ("not_answerable", "no_silence")
    alone = decide("silence_with_care", sample(KNOWN[WORRY], "too few"))
    assert (alone.verdict, alone.rule.values) == ("not_answerable", {"accounts": 9, "needed": 10})


def test_enough_data() -> None:
    names = QUESTIONS["enough_data"].measures

    def asked(coverage: float | None = 1.0, **states: str) -> Decision:
        found = [sample(KNOWN[name], states.get(name.split(".")[1], "wide"), coverage=coverage) for name in names]
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
