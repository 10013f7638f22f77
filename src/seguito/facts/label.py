"""A label: what a labeller (code or a person) says of one fact. A person's label outranks code's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One labeller's word on one fact.

    Code writes a row only where it found something. That it looked is told by a row with `label` "read", whose `value`
    is the signature of the labellers that looked and whose `reason` is the version of the post they saw. So "not
    found" and "not read" stay different.
    """

    subject_uri: str
    label: str
    value: str
    score: float | None = None
    source: str
    by_person: bool = False
    negated: bool = False
    reason: str | None = None
    observed_at: datetime
    batch_id: str
