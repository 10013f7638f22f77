"""The contract of a question: measures, and a rule that turns their estimates into one of four answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from seguito.kit.clock import Window
from seguito.measures.estimate import Estimate, Reason

Verdict = Literal["yes", "no", "unclear", "not_answerable"]
Estimates = Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided, by which line of the rule, and what would settle it if it is open.

    `rule` and the codes in `settle` are put into words by the reports.
    """

    verdict: Verdict
    rule: Reason
    settle: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the dossier.

    Attributes:
        key: its name.
        measures: the measures it rests on, the deciding one first.
        thresholds: the figures its rule compares with, printed beside the answer.
        decide: the rule.
    """

    key: str
    measures: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    decide: Callable[[Estimates, Mapping[str, float]], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question with its verdict."""

    question: str
    verdict: Verdict
    rule: Reason
    settle: tuple[Reason, ...]
    measures: tuple[str, ...]
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of evidence, ready to be shown: nothing in it names a person."""

    reference: str
    author: str
    at: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything a report shows. No clock of this machine is in it, so the same lake gives the same dossier."""

    creator: Mapping[str, Any]
    sequence: int
    versions: Mapping[str, int]
    window: Window
    sources: tuple[Mapping[str, Any], ...]
    is_simulated: bool
    answers: tuple[Answer, ...]
    estimates: tuple[Estimate, ...]
    rows: Mapping[str, Row]
