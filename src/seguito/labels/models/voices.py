"""Who decides for a label: from which probability on the reader does, and where the patterns of a rule are asked too.

`voices.toml` holds what differs from what the weights say; `python -m training.voices` writes it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from seguito.labels.catalogue import LABELS
from seguito.labels.models.header import Head

NEVER = 2.0
# The texts of a chosen label all have one of its values; this one says nothing, and no row is written for it.
_SILENT = {"sentiment": ("neutral",)}
# Heads that may be asked, but of which no rows are written: the language has rows of its own; the strongest of four
# feelings says nothing of whether there is one; irony is a hint for weighing others, and what is off topic cannot be
# told from the text alone.
UNWRITTEN = ("language", "emotion", "irony", "off_topic")
# Labels each of whose values has a rule of its own.
APART = ("criticism",)


@dataclass(frozen=True, slots=True)
class Voice:
    """How one value of a label is decided.

    Attributes:
        label: the label.
        value: the value.
        threshold: from this probability on the reader gives it; above 1: never by itself.
        gate: from this probability on its rule is asked, and gives it; `None`: there is none.
        languages: in which it is given; empty when language does not matter.
    """

    label: str
    value: str
    threshold: float
    gate: float | None
    languages: frozenset[str]

    @property
    def rule(self) -> str:
        """The name of the rule that may speak for it."""
        return rule_of(self.label, self.value)


def rule_of(label: str, value: str) -> str:
    """The name of the rule that may speak for a value: its label's, or its own where each value has one."""
    return f"{label}_{value}" if label in APART else label


def voices(heads: Mapping[str, Head], told: Mapping[str, Any] | None = None) -> tuple[Voice, ...]:
    """The voices of weights, in the order of the catalogue.

    Args:
        heads: the heads of the weights.
        told: what `voices.toml` says; another saying for a trial.
    """
    told = written() if told is None else told
    found = []
    for name in LABELS:
        if name not in heads or name in UNWRITTEN:
            continue
        head = heads[name]
        for value, limit in zip(head.values, head.thresholds or (0.5,) * len(head.values), strict=True):
            if value in _SILENT.get(name, ()):
                continue
            own: dict[str, Any] = told.get(name, {})
            spoken = frozenset(own.get("languages", head.languages))
            here: dict[str, Any] = own.get(value, {})
            if not here.get("given", True):
                continue
            found.append(Voice(name, value, float(here.get("threshold", limit)), here.get("gate"), spoken))
    return tuple(found)


def written() -> dict[str, Any]:
    """What `voices.toml` says: for a label `languages`, for each value `threshold`, `gate`, `given`."""
    return tomllib.loads((files(__package__) / "voices.toml").read_text(encoding="utf-8"))
