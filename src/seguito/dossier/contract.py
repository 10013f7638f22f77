"""The contract of a question: measures, and a rule that turns their estimates into one of four answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from seguito.dossier.peers import Compared
from seguito.kit.clock import Window
from seguito.measures.estimate import Covered, Estimate, Reason

Verdict = Literal["yes", "no", "unclear", "not_answerable"]
# What the figure that decided must survive before an answer stands.
Check = Literal[
    "without_strongest_thread",
    "without_strongest_day",
    "without_strongest_account",
    "first_half",
    "second_half",
    "one_step",
]
# What a figure counts, which tells what can move it.
Basis = Literal["comments", "followers", "follower_counts"]
Estimates = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One figure that a decision rests on, and the side of the threshold it must stay on.

    `part` names a piece of the estimate; empty means its headline. `rests_on` says what the figure counts.
    """

    measure: str
    part: str = ""
    side: Literal["above", "below"]
    threshold: float
    rests_on: Basis = "comments"

    def holds(self, value: float) -> bool:
        """Whether a value lies on the claim's side of the threshold; "below" takes the threshold in.

        A count that may not exceed nothing, such as that of unexplained jumps, is 0 where it holds.
        """
        return value > self.threshold if self.side == "above" else value <= self.threshold


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided, by which line of the rule, and what would settle it if it is open.

    `rule` and the codes in `settle` (`seguito.dossier.codes`) are put into words by the reports. `claims` are the
    figures that a yes or no must not lose on part of the rows.
    """

    verdict: Verdict
    rule: Reason
    settle: tuple[Reason, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the dossier.

    Attributes:
        key: its name.
        measures: the measures it rests on, the deciding one first.
        thresholds: the figures its rule compares with, printed beside the answer.
        about_data: whether it asks about the data themselves, so that having none is an answer.
        decide: the rule.
    """

    key: str
    measures: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    about_data: bool = False
    decide: Callable[[Estimates, Mapping[str, float]], Decision]


Untried = Literal["cannot_move", "no_part", "no_step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """The figure that decided, worked out again on part of the rows, or with one default a step further.

    `part` names a piece of the estimate; empty means its headline. `change` is what was done differently in the check
    `one_step`, the step that comes nearest to the threshold or crosses it furthest. `value` is null where too few rows
    are left; `holds` is null where that leaves the check undone. `untried` says why a check was not made at all: the
    figure counts what it leaves alone (`cannot_move`), the data hold no such part (`no_part`), or the measure told of
    nothing done differently (`no_step`); it is empty where the check was made.
    """

    check: Check
    measure: str
    part: str = ""
    change: str = ""
    value: float | None
    n: int
    holds: bool | None
    untried: Untried | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question with its verdict.

    `evidence_for` and `evidence_against` are references of rows of the dossier, the strongest first.
    """

    question: str
    verdict: Verdict
    rule: Reason
    settle: tuple[Reason, ...]
    measures: tuple[str, ...]
    thresholds: Mapping[str, float]
    survival: tuple[Survival, ...] = ()
    evidence_for: tuple[str, ...] = ()
    evidence_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of evidence, ready to be shown: nothing in it names a person."""

    reference: str
    author: str
    at: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What the answers rest on, in counts; null where the source does not tell."""

    posts: int
    comments: int
    members: int | None
    answers: int | None
    comments_read: int
    followers_listed: int | None
    followers_declared: int | None
    coverage: tuple[Covered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything a report shows. No clock of this machine is in it, so the same lake gives the same dossier.

    `right_of_reply` is the creator's own text: empty until they write one, and never edited by us. `peers` is there
    where a cohort was named to compare with.
    """

    creator: Mapping[str, Any]
    sequence: int
    versions: Mapping[str, int]
    window: Window
    sources: tuple[Mapping[str, Any], ...]
    is_simulated: bool
    answers: tuple[Answer, ...]
    estimates: tuple[Estimate, ...]
    rows: Mapping[str, Row]
    looked_at: LookedAt
    show_names: bool = False
    right_of_reply: str = ""
    peers: Compared | None = None
