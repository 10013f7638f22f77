"""Dialogue: how far the chance of an answer within a day lies from the truth, where nothing and much is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from validation.table import Reached, span
from validation.worlds import Seen, scenarios, vetted

WORLDS = 4
FIGURES = (
    ("reply speed", "dialogue.time_to_answer", "answered_within_24h", "error of the chance of an answer in 24 h"),
    ("answered share", "dialogue.answered_share", "answered_share", "error of the share answered"),
    ("talk between members", "community.member_to_member_share", "member_to_member_share", "error of the share"),
)


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """One row a scenario and figure: the mean absolute error over its worlds."""
    used = seeds[:WORLDS]
    seen = vetted(scenarios(used, release=release))
    for detector, measure, key, metric in FIGURES:
        for scenario in dict.fromkeys(one.scenario for one in seen):
            wrong = errors([one for one in seen if one.scenario == scenario], measure, key)
            yield Reached(
                detector=detector,
                data=f"simulated {scenario}",
                metric=f"mean {metric}",
                value=sum(wrong) / len(wrong) if wrong else None,
                unit="points",
                sign="at_most",
                goal=0.03,
                n=len(wrong),
                seeds=span(used),
                note=f"largest {100 * max(wrong):.1f}" if wrong else "the report gives no value in these worlds",
            )


def errors(seen: Sequence[Seen], measure: str, key: str) -> list[float]:
    """How far a measure lies from the truth in each world where it has a value."""
    found = [(one.value(measure), one.truth[key]) for one in seen]
    return [abs(value - truth) for value, truth in found if value is not None]
