"""The robustness gate: a yes or no must not hang on one thread or on one half of the period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import ibis

from seguito.dossier.contract import Check, Claim, Decision, Survival
from seguito.kit.clock import Window
from seguito.measures.estimate import Draft, Estimate, Reason
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space
from seguito.measures.wordings import NearWordings

# A part with fewer than a quarter of the units a measure needs says nothing about the whole.
LEAST = 0.25


@dataclass
class PartOfSpace(Space):
    """A space without one thread, or with the members' comments of one stretch of time.

    The creator's posts and answers stay whole: an answer given after the stretch still answers a comment in it.
    Tables the whole space has prepared are filtered, not worked out again.
    """

    whole: Space | None = None
    without_root: str | None = None
    stretch: Window | None = None

    def _kept(self, rows: Any) -> Any:
        if self.without_root is not None:
            elsewhere = (rows.root_uri != self.without_root).fill_null(True) & (rows.uri != self.without_root)
            rows = rows.filter(elsewhere)
        if self.stretch is not None:
            start_s, end_s = int(self.stretch.start.timestamp()), int(self.stretch.end.timestamp())
            inside = (rows.created_s >= start_s) & (rows.created_s < end_s)
            rows = rows.filter(rows.by_creator | inside.fill_null(False))
        return rows

    def _of(self) -> Space:
        assert self.whole is not None, "a part belongs to a whole"  # noqa: S101
        return self.whole

    @cached_property
    def _batches(self) -> list[Any]:
        return self._of().sources

    @cached_property
    def posts(self) -> Any:
        """The visible posts that are kept."""
        return self._kept(self._of().posts)

    @cached_property
    def comments(self) -> Any:
        """The members' comments that are kept, with their labels."""
        return self._kept(self._of().comments)

    @cached_property
    def near_wordings(self) -> NearWordings:
        """Those of the whole space: what is nearly the same does not depend on the part."""
        return self._of().near_wordings

    @cached_property
    def window(self) -> Window:
        """The stretch, or the whole window."""
        return self.stretch or self._of().window


def parts(space: Space) -> Iterator[tuple[Check, Space]]:
    """The space without its busiest thread, and its two halves (as many seconds each)."""
    here = partial(PartOfSpace, snapshot=space.snapshot, creator_uri=space.creator_uri, zone=space.zone, whole=space)
    comments = space.comments
    sizes = comments.group_by("root_uri").aggregate(n=comments.count()).order_by([ibis.desc("n"), "root_uri"])
    strongest = space.fetch(sizes.limit(1))["root_uri"].to_pylist()
    if strongest:
        yield "without_strongest_thread", here(without_root=strongest[0])
    start, end = space.window.start, space.window.end
    middle = start + (end - start) / 2
    yield "first_half", here(stretch=Window(start, middle))
    yield "second_half", here(stretch=Window(middle, end))


def gate(decision: Decision, space: Space) -> tuple[Decision, tuple[Survival, ...]]:
    """Test what a decision rests on; what does not survive becomes unclear.

    A figure survives when its value stays on its side of the threshold. The interval need not: on half the rows it is
    wider by nature, and asking for it would only ask for four times the data.
    """
    if not decision.claims or decision.verdict not in ("yes", "no"):
        return decision, ()
    found = [
        _survive(claim, check, part)
        for check, part in parts(space)
        for claim in decision.claims
        if claim.measure in MEASURES
    ]
    lost = next((pair for pair in found if pair[1].holds is False), None)
    survival = tuple(one for _, one in found)
    if lost is None:
        return decision, survival
    claim, one = lost
    figures = {
        "measure": one.measure,
        "part": claim.part,
        "check": one.check,
        "value": one.value,
        "threshold": claim.threshold,
        "was": decision.verdict,
    }
    again = Reason("another_period", {"weeks": max(1, round(space.window.days / 7))})
    return replace(decision, verdict="unclear", rule=Reason("not_robust", figures), settle=(again,)), survival


def _survive(claim: Claim, check: Check, part: Space) -> tuple[Claim, Survival]:
    measure = MEASURES[claim.measure]
    value, n = _figure(measure.compute(part), claim.part)
    enough = value is not None and n >= LEAST * measure.min_n
    holds = None
    if enough and value is not None:
        holds = value > claim.threshold if claim.side == "above" else value < claim.threshold
    return claim, Survival(check=check, measure=claim.measure, value=value, n=n, holds=holds)


def _figure(found: Draft | Estimate, part: str) -> tuple[float | None, int]:
    if not part:
        return found.value, found.n
    return next(((one.value, one.n) for one in found.parts if one.key == part), (None, 0))
