"""The dossier's questions and their rules."""

from __future__ import annotations

from collections.abc import Mapping

from seguito.dossier.contract import Decision, Estimates, Question
from seguito.measures.estimate import Estimate, Reason


def decide_share(estimate: Estimate, *, yes: float, no: float) -> Decision:
    """Yes when the whole interval lies above `yes`, no when it lies below `no`, unclear otherwise."""
    if estimate.status in ("not_identified", "not_applicable"):
        return Decision("not_answerable", Reason("cannot_know", {"measure": estimate.measure}), estimate.reasons)
    if estimate.value is None or estimate.interval is None:
        return Decision("unclear", Reason("too_little", {"measure": estimate.measure}), estimate.reasons)
    figures = {"measure": estimate.measure, "lo": estimate.interval.lo, "hi": estimate.interval.hi}
    if estimate.interval.lo > yes:
        return Decision("yes", Reason("above", {**figures, "threshold": yes}))
    if estimate.interval.hi < no:
        return Decision("no", Reason("below", {**figures, "threshold": no}))
    return Decision("unclear", Reason("between", {**figures, "yes": yes, "no": no}), (Reason("more_rows", figures),))


def _dialogue(estimates: Estimates, thresholds: Mapping[str, float]) -> Decision:
    return decide_share(estimates["dialogue.answered_share"], yes=thresholds["yes"], no=thresholds["no"])


QUESTIONS: dict[str, Question] = {
    question.key: question
    for question in (
        Question(
            key="dialogue",
            measures=("dialogue.answered_share",),
            thresholds={"yes": 0.25, "no": 0.05},
            decide=_dialogue,
        ),
    )
}
