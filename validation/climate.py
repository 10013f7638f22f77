"""Concern: are the silences in which many worried told from the others?

The wording of simulated worry comes from templates, so what is tested is how episodes are made of worried comments, not
how worry is read; the figure is an upper bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from validation.table import Reached, counted, span
from validation.worlds import Seen, scenarios, vetted

WORLDS = 4
WORRY = "climate.worry_per_silent_day"
# As many worried accounts make an episode, here and in the measure.
MANY = 10


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """Recall and precision by episode, over the worlds of all scenarios."""
    used = seeds[:WORLDS]
    pairs = [episodes(one) for one in vetted(scenarios(used, release=release))]
    row = Reached(
        detector="concern wave",
        data="simulated, all scenarios",
        metric="recall by episode",
        value=None,
        goal=0.9,
        n_unit="episodes",
        seeds=span(used),
        best="none found",
        note="an upper bound: simulated worry is worded from templates",
    )
    planted = [found for truth, found in pairs if truth]
    told = [truth for truth, found in pairs if found]
    yield counted(sum(planted), len(planted), row)
    yield counted(sum(told), len(told), replace(row, metric="precision by episode"))


def episodes(seen: Seen) -> tuple[bool, bool]:
    """Whether many worried in a silence of this world, and whether the measure says so.

    The measure says so when it counts as many worried accounts and the rate in silences is surely above the ordinary.
    """
    planted = any(one["worried_authors"] >= MANY for one in seen.truth["silences"])
    estimate, ratio = seen.figure(WORRY), seen.figure(WORRY, "ratio")
    if estimate is None or estimate["value"] is None or estimate["n"] < MANY:
        return planted, False
    # Where hardly anybody worries in ordinary times the ratio has no upper end worth printing, and is high.
    interval = ratio["interval"] if ratio else None
    return planted, interval is None or interval["lo"] > 1
