"""The share of followers consistent with fakes: does its interval hold the truth, and how wide is it?

Two ways. On counts: followers and the profiles that the scorer's errors were measured on are drawn at random, and the
interval is computed from them as the measure does it. On worlds: the whole way from files to the dossier, where the
profiles of those who were bought and of those who only look like it are drawn from quantiles of a public set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from seguito.dossier.questions import QUESTIONS
from seguito.kit.intervals import Errors, prevalence
from seguito.measures.profiles.errors import prevalence_of
from validation.table import Reached, counted, span
from validation.worlds import Seen, scenarios, vetted

MEASURE = "authenticity.fake_like_followers"
SENSITIVITY, SPECIFICITY, SHIFT = 0.80, 0.95, 0.05
FOLLOWERS, SORTED = 500, 200
SHARES = (0.02, 0.05, 0.10, 0.20, 0.40)
DRAWS = 2_000
WORLDS = 4
NAIVE = "an interval on the raw share can cover as little as .60 (Reiczigel)"


@dataclass(frozen=True, slots=True)
class Draw:
    """Followers drawn once, and profiles on which the scorer's errors were measured.

    Attributes:
        truth: the true share.
        hits: followers above the threshold.
        errors: what was right and wrong where it was measured.
    """

    truth: float
    hits: int
    errors: Errors


def rows(seeds: Sequence[int], *, release: bool = False) -> Iterator[Reached]:
    """Coverage and half-width on counts, the same where specificity is lower than measured, and on worlds."""
    yield from _on_counts(seeds)
    yield from _shifted(seeds)
    yield from _on_worlds(seeds, release=release)


def _on_counts(seeds: Sequence[int]) -> Iterator[Reached]:
    row = Reached(
        detector="fake share, interval",
        data="drawn counts: 500 followers, 200 sorted profiles of each kind, Se .80, Sp .95",
        metric="",
        value=None,
        goal=0.93,
        n_unit="draws",
        seeds=span(seeds),
        best=NAIVE,
    )
    for share in SHARES:
        drawn = list(draws(share, seeds, specificity=SPECIFICITY))
        found = [(one.truth, prevalence(one.hits, FOLLOWERS, one.errors)) for one in drawn]
        inside = [pair is not None and pair[1].lo <= truth <= pair[1].hi for truth, pair in found]
        yield counted(sum(inside), len(inside), replace(row, metric=f"coverage, {share:.0%} fakes"))
        if share == 0.10:
            halves = [(pair[1].hi - pair[1].lo) / 2 for _, pair in found if pair]
            width = replace(row, metric="half-width, 10 % fakes", unit="points", sign="at_most", goal=0.06)
            yield replace(width, value=float(np.mean(halves)), n=len(halves), best="")


def _shifted(seeds: Sequence[int]) -> Iterator[Reached]:
    """Specificity is .05 lower here than where it was measured: the plain interval, and the hull with its threshold."""
    limit = QUESTIONS["followers_real"].thresholds["fakes"]
    row = Reached(
        detector="fake share, specificity .05 lower than measured",
        data="drawn counts: 500 followers, Sp .90 taken for .95",
        metric="",
        value=None,
        goal=0.90,
        n_unit="draws",
        seeds=span(seeds),
    )
    for share in SHARES:
        drawn = list(draws(share, seeds, specificity=SPECIFICITY - SHIFT))
        told = [prevalence_of(one.hits, FOLLOWERS, one.errors) for one in drawn]
        pairs = [(one.truth, two) for one, two in zip(drawn, told, strict=True) if two is not None]
        hull = [two.hull.lo <= truth <= two.hull.hi or two.hull.lo <= limit <= two.hull.hi for truth, two in pairs]
        plain = [two.interval.lo <= truth <= two.interval.hi for truth, two in pairs]
        beside = f"the plain interval covers {np.mean(plain):.0%}" if plain else ""
        metric = f"hull covers or answer is unclear, {share:.0%} fakes"
        yield counted(sum(hull), len(hull), replace(row, metric=metric, note=beside))


def draws(share: float, seeds: Sequence[int], *, specificity: float) -> Iterator[Draw]:
    """Draw followers with a true share of fakes; errors are measured where specificity is as usual."""
    for seed in seeds:
        rng = np.random.default_rng([seed, round(1000 * share), round(1000 * specificity)])
        for _ in range(DRAWS // len(seeds)):
            found, spared = rng.binomial(SORTED, SENSITIVITY), rng.binomial(SORTED, SPECIFICITY)
            above = share * SENSITIVITY + (1 - share) * (1 - specificity)
            errors = Errors(int(found), int(SORTED - found), int(SORTED - spared), int(spared))
            yield Draw(share, int(rng.binomial(FOLLOWERS, above)), errors)


def _on_worlds(seeds: Sequence[int], *, release: bool) -> Iterator[Reached]:
    used = seeds[:WORLDS]
    seen = vetted(scenarios(used, release=release))
    ways: dict[str, Callable[[Seen], bool | None]] = {"interval": _in_interval, "hull": _in_hull}
    for way, holds in ways.items():
        found = [(one.scenario, holds(one)) for one in seen]
        known = [held for _, held in found if held is not None]
        missed = [name for name, held in found if held is False]
        row = Reached(
            detector="fake share, whole way",
            data="simulated, all scenarios",
            metric=f"the {way} holds the true share",
            value=None,
            goal=0.93 if way == "hull" else None,
            seeds=span(used),
            note=f"missed in {', '.join(missed)}" if missed else "",
        )
        yield counted(sum(known), len(known), row)


def _in_interval(seen: Seen) -> bool | None:
    found = seen.figure(MEASURE)
    if found is None or not found["interval"]:
        return None
    return bool(found["interval"]["lo"] <= seen.truth["bought_share"] <= found["interval"]["hi"])


def _in_hull(seen: Seen) -> bool | None:
    """Whether the truth lies within the interval stretched by every step of a default that was told."""
    found = seen.figure(MEASURE)
    if found is None or not found["interval"]:
        return None
    ends = [found["interval"]["lo"], found["interval"]["hi"]]
    ends += [one["value"] for one in found["sensitivity"] if one["value"] is not None]
    return bool(min(ends) <= seen.truth["bought_share"] <= max(ends))
