"""Errors measured elsewhere may be others here: how far they are moved to see whether an answer still stands."""

from __future__ import annotations

from typing import Final

# (name of the change, added to the sensitivity, added to the specificity).
SHIFTS: Final = (
    ("specificity_lower", 0.0, -0.03),
    ("specificity_higher", 0.0, 0.03),
    ("sensitivity_lower", -0.10, 0.0),
    ("sensitivity_higher", 0.10, 0.0),
)
