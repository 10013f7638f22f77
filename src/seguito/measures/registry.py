"""Every measure, one line each, in the order reports show them."""

from __future__ import annotations

from seguito.measures.contract import Measure
from seguito.measures.dialogue import ANSWERED_SHARE

MEASURES: dict[str, Measure] = {measure.name: measure for measure in (ANSWERED_SHARE,)}
