"""The rules of the dossier's questions. Each reads estimates and thresholds, and says which line decided.

A rule never reads a value without its interval, never an estimate that is not usable, and never takes an unknown for
a zero; `seguito.testing` holds the suite that every rule must pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from seguito.dossier.authenticity import COPIED, LOW_EFFORT
from seguito.dossier.contract import Decision, Estimates
from seguito.dossier.figure import Figure, claim_of, figure
from seguito.dossier.settle import (
    collect_more,
    declared_counts,
    from_reasons,
    more_rows,
    more_until_enough,
    settle_one,
)
from seguito.measures.estimate import Covered, Estimate, Reason

ANSWERED = "dialogue.answered_share"
RELATE = "community.member_to_member_share"
RETURN = "community.return_28d"
CADENCE = "conduct.cadence"
WORRY = "climate.worry_per_silent_day"
Thresholds = Mapping[str, float]


# -- one figure against two thresholds ------------------------------------------------------------------------------


def decide_share(one: Figure, *, yes: float, no: float) -> Decision:
    """Yes when the whole range lies above `yes`, no when it lies below `no`, unclear otherwise."""
    name = one.estimate.measure
    place = one.place(lower=no, upper=yes)
    if place in ("unknown", "not_arisen"):
        return Decision("not_answerable", Reason("cannot_know", {"measure": name}), from_reasons([one.estimate]))
    if place in ("too_little", "no_range"):
        return Decision("unclear", one.too_little(), (more_until_enough(one),))
    figures = {**one.named, **one.range()}
    if place == "above":
        return Decision("yes", Reason("above", {**figures, "threshold": yes}), claims=(claim_of(one, "above", yes),))
    if place == "below":
        return Decision("no", Reason("below", {**figures, "threshold": no}), claims=(claim_of(one, "below", no),))
    return Decision(
        "unclear", Reason("between", {**figures, "yes": yes, "no": no}), (more_rows(one, lower=no, upper=yes),)
    )


# -- are there enough data? -----------------------------------------------------------------------------------------


def enough_data(estimates: Estimates, thresholds: Thresholds) -> Decision:
    """Yes when every figure that decides a question stands and four in five of the declared comments were read.

    No names what is missing: a figure without enough rows, without an interval or without what it needs; or comments
    that were declared and not read. Unclear when all figures stand but nothing declares how many comments there are.
    The silence is not asked for: that there was none is no hole.
    """
    figures = [
        figure(estimates, ANSWERED, "questions"),
        *(figure(estimates, name) for name in (RELATE, RETURN, LOW_EFFORT, COPIED)),
    ]
    used = [one.estimate for one in figures]
    comments = _comments(used)
    collected = 0 if comments is None else comments.collected
    if collected == 0 and all(one.n == 0 for one in used):
        return Decision("no", Reason("nothing_collected"), from_reasons(used))
    holes = [one for one in figures if one.place(lower=0, upper=1) not in ("above", "below", "between")]
    if holes:
        settle = tuple(cure for one in holes for cure in settle_one(one, lower=0, upper=1))
        return Decision("no", Reason("holes", {"measures": [one.estimate.measure for one in holes]}), settle)
    if comments is None or comments.share is None:
        rule = Reason("coverage_unknown", {"what": "comments", "collected": collected})
        return Decision("unclear", rule, (declared_counts("comments"),))
    if comments.share < thresholds["coverage"] and comments.sampling != "random":
        missed = {"what": "comments", "share": comments.share, "threshold": thresholds["coverage"]}
        more = collect_more("comments", comments.collected, comments.declared)
        return Decision("no", Reason("coverage_low", missed), (more,))
    return Decision("yes", Reason("enough", {"comments": comments.collected, "coverage": comments.share}))


def _comments(estimates: Sequence[Estimate]) -> Covered | None:
    return next((one for each in estimates for one in each.coverage if one.what == "comments"), None)


# -- is there a dialogue? -------------------------------------------------------------------------------------------


def dialogue(estimates: Estimates, thresholds: Thresholds) -> Decision:
    """Yes when more than a quarter of the members' questions got an answer, no when fewer than one in twenty did.

    Questions and not all comments, because a heart asks for no answer; the whole interval must lie on one side.
    """
    return decide_share(figure(estimates, ANSWERED, "questions"), yes=thresholds["yes"], no=thresholds["no"])


# -- do members relate and return? ----------------------------------------------------------------------------------


def relate_and_return(estimates: Estimates, thresholds: Thresholds) -> Decision:
    """Yes needs both: comments that go to other members above 15 %, and commenters who come back above 10 %.

    No needs one: hardly any comment goes to another member (below 5 %), or hardly anybody comes back (below 3 %).
    The first pair is the reference's; the second has no published norm without peers and is an assumption: where
    nine in ten never come back, "members" are passers-by.
    """
    relate, back = figure(estimates, RELATE), figure(estimates, RETURN)
    pairs = (
        (relate, "do_not_relate", thresholds["relate_yes"], thresholds["relate_no"]),
        (back, "do_not_return", thresholds["return_yes"], thresholds["return_no"]),
    )
    for one, code, yes, no in pairs:
        if one.place(lower=no, upper=yes) == "below":
            rule = Reason(code, {**one.range(), "threshold": no})
            return Decision("no", rule, claims=(claim_of(one, "below", no),))
    alone = [decide_share(one, yes=yes, no=no) for one, _, yes, no in pairs]
    for verdict in ("not_answerable", "unclear"):
        lacking = [one for one in alone if one.verdict == verdict]
        if lacking:
            settle = tuple(cure for one in lacking for cure in one.settle)
            return replace(lacking[0], settle=settle)
    both = {"relate_lo": relate.lo, "relate_hi": relate.hi, "return_lo": back.lo, "return_hi": back.hi}
    asked = {key: thresholds[key] for key in ("relate_yes", "return_yes")}
    return Decision("yes", Reason("relate_and_return", {**both, **asked}), claims=alone[0].claims + alone[1].claims)


# -- was a silence met with care? -----------------------------------------------------------------------------------


def silence_with_care(estimates: Estimates, thresholds: Thresholds) -> Decision:
    """Yes when over a quarter of the worried comments were answered, or half the silences explained afterwards.

    No when hardly any was answered (below 5 %) and fewer silences explained. Not answerable where the creator was
    never silent, or where fewer than ten accounts worried aloud: nobody was left waiting. The counts speak of the
    silences there were, so no part of the period is left out to test them.
    """
    estimate = estimates[WORRY]
    if estimate.status in ("not_applicable", "not_identified"):
        silent = next((one for one in estimate.reasons if one.code == "no_silence"), None)
        rule = silent or Reason("cannot_know", {"measure": WORRY})
        return Decision("not_answerable", rule, from_reasons([estimate]))
    if not estimate.usable:
        rule = Reason("few_worried", {"accounts": estimate.n, "needed": estimate.n_required})
        return Decision("not_answerable", rule, from_reasons([estimate]))
    parts = {one.key: one for one in estimate.parts}
    explained = parts.get("explained")
    if explained is not None and explained.value is not None and explained.value >= thresholds["explained"]:
        figures = {"explained": round(explained.value * explained.n), "ended": explained.n}
        return Decision("yes", Reason("explained", figures))
    answered = figure(estimates, WORRY, "worried_answered")
    ranged = {**answered.named, **answered.range()}
    yes, no = thresholds["yes"], thresholds["no"]
    place = answered.place(lower=no, upper=yes)
    if place == "above":
        return Decision("yes", Reason("worried_answered", {**ranged, "threshold": yes}))
    if place == "below" and explained is not None and explained.value is not None:
        return Decision("no", Reason("worried_ignored", {**ranged, "threshold": no}))
    if place in ("too_little", "no_range"):
        return Decision("unclear", answered.too_little(), (more_until_enough(answered),))
    rule = Reason("worried_partly", {**ranged, "yes": yes, "no": no})
    # Ignored so far; but while the silence lasts, or its end was not read, an explanation may still be there.
    cure = Reason("silence_end") if place == "below" else more_rows(answered, lower=no, upper=yes)
    return Decision("unclear", rule, (cure,))
