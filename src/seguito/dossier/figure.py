"""One figure of an estimate, its headline or one part, and where it stands against two thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seguito.dossier.contract import Basis, Claim, Estimates
from seguito.measures.estimate import Estimate, Reason

# above, below: the whole range lies on one side. between: it does not. too_little: not enough rows to say.
# no_range: rows enough, but all in one thread, so that nothing tells how far the figure may be off.
# unknown: these data cannot tell, whatever their number. not_arisen: there was nothing to ask about.
Place = Literal["above", "below", "between", "too_little", "no_range", "unknown", "not_arisen"]

# Changes that ask what the figure were if the labeller erred otherwise here than where it was tested.
TRANSPORT = ("specificity_", "sensitivity_")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a rule looks at.

    Attributes:
        estimate: where it comes from.
        part: the part's key; empty for the headline.
        value: the figure; `None` when unknown.
        lo: the lowest value not ruled out, over the interval and over other plausible labeller errors.
        hi: the highest.
        n: units it rests on.
        needed: units below which it says nothing.
    """

    estimate: Estimate
    part: str
    value: float | None
    lo: float | None
    hi: float | None
    n: int
    needed: int

    @property
    def weeks(self) -> float:
        """Length of the window it was worked out in."""
        return self.estimate.window.days / 7

    @property
    def named(self) -> dict[str, str]:
        """The measure and the part, for a reason; a report shows this figure first."""
        return {"measure": self.estimate.measure, "part": self.part}

    def range(self) -> dict[str, float | None]:
        """Its bounds, for a reason."""
        return {"lo": self.lo, "hi": self.hi}

    def place(self, *, lower: float, upper: float) -> Place:
        """Where it stands: above `upper`, below `lower`, or neither."""
        if self.estimate.status == "not_applicable":
            return "not_arisen"
        if self.estimate.status == "not_identified":
            return "unknown"
        if not self.estimate.usable or self.n < self.needed or self.value is None:
            return "too_little"
        if self.lo is None or self.hi is None:
            return "no_range"
        if self.lo > upper:
            return "above"
        return "below" if self.hi < lower else "between"

    def too_little(self) -> Reason:
        """The line of a rule that says there is too little to go by."""
        if self.n >= self.needed:
            return Reason("no_range", {**self.named, "n": self.n, "unit": self.estimate.n_unit})
        return Reason("too_little", {**self.named, "n": self.n, "needed": self.needed, "unit": self.estimate.n_unit})


def figure(estimates: Estimates, measure: str, part: str = "") -> Figure:
    """The headline of a measure, or one of its parts; a part needs as many units as the measure does."""
    estimate = estimates[measure]
    if not part:
        interval, value, n = estimate.interval, estimate.value, estimate.n
    else:
        found = next((one for one in estimate.parts if one.key == part), None)
        interval, value, n = (found.interval, found.value, found.n) if found else (None, None, 0)
    lo, hi = (None, None) if interval is None else (interval.lo, interval.hi)
    if lo is not None and hi is not None:
        shifted = _transported(estimate, part)
        lo, hi = min([lo, *shifted]), max([hi, *shifted])
    return Figure(estimate, part, value, lo, hi, n, estimate.n_required)


def claim_of(one: Figure, side: Literal["above", "below"], threshold: float, rests_on: Basis = "comments") -> Claim:
    """That a figure stays on its side of a threshold."""
    return Claim(measure=one.estimate.measure, part=one.part, side=side, threshold=threshold, rests_on=rests_on)


def _transported(estimate: Estimate, part: str) -> Sequence[float]:
    return [
        one.value
        for one in estimate.sensitivity
        if one.value is not None and one.part == part and one.change.startswith(TRANSPORT)
    ]
