"""The contract of a measure. Read this and `dialogue.py`, and you can write one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from seguito.measures.estimate import Covered, Draft, Estimate, Reason, Status, Unit
from seguito.measures.space import Space

ENOUGH_COVERAGE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A question with a definition.

    Attributes:
        name: `family.what_it_counts`.
        version: changes whenever the same rows may give another answer.
        unit: of the value.
        n_unit: what `n` counts, in words of the words page.
        min_n: below this many units there is no answer.
        needs: what the source must be able to show.
        covers: what must have been collected nearly whole for the answer to stand.
        labels: labels it reads; posts not read by their labellers are left out, not counted as without.
        compute: works it out from a creator's space. Its docstring is the measure's page.
        begin: where it takes long, begins what can be worked out beside other measures.
    """

    name: str
    version: int = 1
    unit: Unit
    n_unit: str
    min_n: int
    needs: frozenset[str]
    covers: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    compute: Callable[[Space], Draft]
    begin: Callable[[Space], None] | None = None

    @property
    def family(self) -> str:
        """The family it belongs to."""
        return self.name.split(".")[0]


def begin(measures: Iterable[Measure], space: Space) -> None:
    """Begin what can be worked out beside other measures, for those that the sources can answer."""
    for measure in measures:
        if measure.begin is not None and measure.needs <= space.capabilities:
            measure.begin(space)


def answer(measure: Measure, space: Space) -> Estimate:
    """Work out a measure and say how far the answer can be trusted."""
    covered = tuple(space.covered(what) for what in measure.covers)
    lacking = sorted(measure.needs - space.capabilities)
    if lacking:
        draft = Draft(value=None, n=0, barred=Reason("source_lacks", {"capabilities": lacking}))
    else:
        draft = measure.compute(space)
    status, reasons = _judge(measure, draft, covered)
    shown = status in ("ok", "weak")
    return Estimate(
        measure=measure.name,
        version=measure.version,
        status=status,
        reasons=reasons,
        value=draft.value if shown else None,
        unit=measure.unit,
        interval=draft.interval if shown else None,
        n=draft.n,
        n_unit=measure.n_unit,
        n_required=measure.min_n,
        window=space.window,
        coverage=covered,
        # Pieces that these data do show stand even where the headline cannot be known.
        parts=draft.parts if shown or status == "not_identified" else (),
        series=draft.series if shown else None,
        evidence_for=draft.evidence_for if shown else (),
        evidence_against=draft.evidence_against if shown else (),
        sensitivity=draft.sensitivity if shown else (),
        notes=draft.notes if shown or status == "not_identified" else (),
        unseen=draft.unseen if shown or status == "not_identified" else (),
    )


def _judge(measure: Measure, draft: Draft, covered: tuple[Covered, ...]) -> tuple[Status, tuple[Reason, ...]]:
    if draft.not_applicable is not None:
        return "not_applicable", (draft.not_applicable,)
    if draft.barred is not None:
        return "not_identified", (draft.barred,)
    if draft.n < measure.min_n or draft.value is None:
        return "insufficient", (Reason("too_few", {"n": draft.n, "needed": measure.min_n, "unit": measure.n_unit}),)
    reasons = (*draft.reasons, *(reason for one in covered if (reason := _doubt(one)) is not None))
    return ("weak" if reasons else "ok"), reasons


def _doubt(covered: Covered) -> Reason | None:
    if covered.sampling == "random":
        return None
    if covered.share is None:
        return Reason("coverage_unknown", {"what": covered.what, "collected": covered.collected})
    if covered.share < ENOUGH_COVERAGE:
        return Reason(
            "coverage_low",
            {
                "what": covered.what,
                "share": covered.share,
                "declared": covered.declared,
                "collected": covered.collected,
            },
        )
    return None
