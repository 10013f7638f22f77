"""The dossier's questions, in the order reports show them. Add one here, and its rule in a module beside it."""

from __future__ import annotations

from seguito.dossier.authenticity import (
    BALANCE,
    COORDINATED,
    COPIED,
    EMPTY,
    FAKE,
    JUMPS,
    LOW_EFFORT,
    MASS,
    NEWBORN,
    engagement_earned,
    followers_real,
)
from seguito.dossier.contract import Question
from seguito.dossier.rules import (
    ANSWERED,
    CADENCE,
    RELATE,
    RETURN,
    WORRY,
    dialogue,
    enough_data,
    relate_and_return,
    silence_with_care,
)

QUESTIONS: dict[str, Question] = {
    question.key: question
    for question in (
        Question(
            key="enough_data",
            measures=(ANSWERED, RELATE, RETURN, LOW_EFFORT, COPIED),
            thresholds={"coverage": 0.8},
            about_data=True,
            decide=enough_data,
        ),
        Question(
            key="dialogue",
            measures=(ANSWERED,),
            thresholds={"yes": 0.25, "no": 0.05},
            decide=dialogue,
        ),
        Question(
            key="relate_and_return",
            measures=(RELATE, RETURN),
            thresholds={"relate_yes": 0.15, "relate_no": 0.05, "return_yes": 0.10, "return_no": 0.03},
            decide=relate_and_return,
        ),
        Question(
            key="followers_real",
            measures=(FAKE, JUMPS, EMPTY, NEWBORN, MASS),
            thresholds={"fakes": 0.20, "fakes_alone": 0.50, "jumps": 0},
            decide=followers_real,
        ),
        Question(
            key="engagement_earned",
            measures=(COPIED, LOW_EFFORT, COORDINATED, EMPTY, BALANCE),
            thresholds={
                "copied_clear": 0.05,
                "copied_raised": 0.10,
                "low_effort_clear": 0.40,
                "low_effort_raised": 0.60,
                "coordinated_clear": 0.02,
                "coordinated_raised": 0.05,
                "empty_clear": 0.20,
                "empty_raised": 0.40,
                "balance_clear": 2,
                "balance_raised": 5,
                "signals": 2,
            },
            decide=engagement_earned,
        ),
        Question(
            key="silence_with_care",
            measures=(WORRY, CADENCE),
            thresholds={"yes": 0.25, "no": 0.05, "explained": 0.5},
            decide=silence_with_care,
        ),
    )
}
