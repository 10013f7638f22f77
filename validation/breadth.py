"""Breadth: the same creator, with the same people, writing sixty times as much, should not look broader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from seguito.measures.influence import rarefied
from validation.table import Reached, span

MEMBERS, FEW, TIMES = 800, 200, 60


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """One row: how far the mean over worlds moves when the creator answers sixty times as often."""
    del release
    few, many = np.asarray([_pair(seed) for seed in seeds]).T
    yield Reached(
        detector="breadth",
        data=f"generated, {FEW} answers against {FEW * TIMES:,} to the same {MEMBERS} people",
        metric="change of the mean over worlds",
        value=abs(float(many.mean() / few.mean()) - 1),
        sign="at_most",
        goal=0.05,
        n=len(seeds),
        seeds=span(seeds),
        best="0 (rarefied), 11 times as large (not rarefied), our own first look",
        note=f"one creator with {FEW} answers lies {float(np.std(few / many)):.0%} (standard deviation) from the other",
        command="python -m validation.run --only breadth",
    )


def _pair(seed: int) -> tuple[float, float]:
    """Breadth after few and after many answers, to people who are answered with heavy-tailed chances."""
    rng = np.random.default_rng([seed, 1])
    weight = rng.pareto(1.3, MEMBERS) + 0.1
    drawn = [rarefied(rng.multinomial(count, weight / weight.sum())) for count in (FEW, FEW * TIMES)]
    return drawn[0] or 0.0, drawn[1] or 0.0
