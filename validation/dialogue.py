"""Dialogue: how far the chance of an answer within a day lies from the truth, where nothing and much is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from seguito.simulate.scenarios import SCENARIOS
from validation.table import Reached, span
from validation.worlds import Seen, scenarios, vetted

WORLDS = 4
FIGURES = (
    ("reply speed", "dialogue.time_to_answer", "answered_within_24h", "error of the chance of an answer in 24 h"),
    ("answered share", "dialogue.answered_share", "answered_share", "error of the share answered"),
    ("talk between members", "community.member_to_member_share", "member_to_member_share", "error of the share"),
)


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """One row a figure: the mean absolute error over the worlds of the scenario where it is largest, and over all."""
    used = seeds[:WORLDS]
    seen = vetted(scenarios(used, release=release))
    for detector, measure, key, metric in FIGURES:
        found = {name: errors([one for one in seen if one.scenario == name], measure, key) for name in SCENARIOS}
        known = {name: wrong for name, wrong in found.items() if wrong}
        row = Reached(
            detector=detector,
            data="simulated, all scenarios",
            metric=f"mean {metric}",
            value=None,
            unit="points",
            sign="at_most",
            goal=0.03,
            seeds=span(used),
            note="" if known else "the report gives no value in these worlds",
        )
        yield _mean([one for wrong in known.values() for one in wrong], row)
        if known:
            worst = max(known, key=lambda name: sum(known[name]) / len(known[name]))
            yield _mean(known[worst], replace(row, data=f"simulated {worst}, the worst: {SCENARIOS[worst].plants}"))


def _mean(wrong: Sequence[float], row: Reached) -> Reached:
    if not wrong:
        return row
    return replace(row, value=sum(wrong) / len(wrong), n=len(wrong), note=f"largest {100 * max(wrong):.1f}")


def errors(seen: Sequence[Seen], measure: str, key: str) -> list[float]:
    """How far a measure lies from the truth in each world where it has a value."""
    found = [(one.value(measure), one.truth[key]) for one in seen]
    return [abs(value - truth) for value, truth in found if value is not None]
