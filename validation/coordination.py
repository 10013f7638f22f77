"""Groups that act together, beside those that only look like it: `python -m validation.run --only coordination`.

The worlds are those of `validation.planted`: a pod of fifteen among 60 superfans, 3,000 casual members and six kinds
of honest groups. What is counted is who stands in a group that would be shown. Simulated success means: it works if the
world is like this; the text is not written but drawn, and real pods may write better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from seguito.measures.coordination.agreement import Rules, agree
from validation.planted import HONEST, POD, SUBSET, Planted, community
from validation.table import Reached, counted, span

COMMAND = "python -m validation.run --only coordination"
BEST = "AUC .91 and .94, two trained models (Weerasinghe et al. 2020); another task"
WORDED = replace(SUBSET, generic=(0.05, 0.35))


@dataclass
class Tally:
    """How many of each kind there were, stand in a shown group, and met others oftener than by chance."""

    all: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    def add(self, world: Planted) -> None:
        """Look for groups in one world."""
        found = agree(world.crowd, Rules())
        self.all.update(dict(world.left))
        self.shown.update(world.kind[found.group > 0].tolist())
        self.met.update(world.kind[found.signals["validated"]].tolist())


def _bought(seed: int) -> int:
    """Under how many of sixty posts a pod acts: nine to twenty."""
    return int(np.random.default_rng([seed, 9]).integers(9, 21))


WORLDS: dict[str, Callable[[int], Planted]] = {
    "nobody acts together": community,
    "a pod on 9 to 20 of 60 posts": lambda seed: community(seed, pod=SUBSET, bought=_bought(seed)),
    "a pod on 9 of 60 posts": lambda seed: community(seed, pod=SUBSET, bought=9),
    "a pod on 9 of 30 posts": lambda seed: community(seed, threads=30, pod=SUBSET, bought=9),
    "a pod on 18 of 120 posts": lambda seed: community(seed, threads=120, pod=SUBSET, bought=18),
    "a pod on 9 to 20 of 60 posts, in words of its own": lambda seed: community(seed, pod=WORDED, bought=_bought(seed)),
    "a pod on all of 60 posts, its spaces read": lambda seed: community(seed, pod=POD, reciprocal=True),
    "a pod on all of 60 posts": lambda seed: community(seed, pod=POD),
}
GOALS = {
    "a pod on 9 to 20 of 60 posts": (0.9, 0.85),
    "a pod on all of 60 posts, its spaces read": (0.9, 0.8),
}
NOTES = {
    "a pod on 9 of 60 posts": "half of the pod wrote six times or less: too few to be met oftener than by chance",
    "a pod on 9 of 30 posts": "of thirty posts nine are no small part: chance brings members together nearly as often",
    "a pod on 9 to 20 of 60 posts, in words of its own": "one signal less: only meetings and times are left",
    "a pod on all of 60 posts": "only texts and times are left; who is neither very early nor very generic is missed",
}


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """Precision and recall of shown groups, and how many of each honest kind stand in one.

    Args:
        seeds: one seed, one world of every condition.
        release: nothing here is kept for releases.
    """
    del release
    for name, make in WORLDS.items():
        tally = Tally()
        for seed in seeds:
            tally.add(make(seed))
        base = Reached(
            detector="coordinated comments",
            data=f"planted: {name}",
            metric="",
            value=None,
            n_unit="accounts",
            seeds=span(seeds),
            command=COMMAND,
            note=NOTES.get(name, ""),
        )
        if "pod" in tally.all:
            yield from _of_a_pod(tally, replace(base, best=BEST), *GOALS.get(name, (None, None)))
        if name in ("nobody acts together", *GOALS):
            yield from _of_the_honest(tally, base)


def _of_a_pod(tally: Tally, base: Reached, precision: float | None, recall: float | None) -> Iterator[Reached]:
    shown, pod, everybody = tally.shown["pod"], tally.all["pod"], sum(tally.shown.values())
    yield counted(shown, everybody, replace(base, metric="precision of shown groups", goal=precision))
    yield counted(shown, pod, replace(base, metric="recall of shown groups", goal=recall))
    met = sum(tally.met.values())
    yield counted(tally.met["pod"], met, replace(base, metric="precision of meetings alone", note=""))
    yield counted(tally.met["pod"], pod, replace(base, metric="recall of meetings alone", note=""))


def _of_the_honest(tally: Tally, base: Reached) -> Iterator[Reached]:
    for kind in (*HONEST, "casual"):
        metric = f"in a shown group: {kind}"
        goal = 0.01 if kind == "superfans" else None
        yield counted(
            tally.shown[kind], tally.all[kind], replace(base, metric=metric, goal=goal, sign="at_most", note="")
        )
