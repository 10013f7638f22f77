"""What the creator's posts are about and who paid for them: the usual subjects, a change of subject, adverts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from seguito.simulate.plan import Plan
from seguito.simulate.scramble import Ints, stream

Bools = npt.NDArray[np.bool_]
# Subjects below this are the usual ones; those of a new direction are numbered from here on.
SUBJECTS, NEW_SUBJECTS = 600, 120
# How many posts before a change the creator tells of it.
NOTICE = (3, 9)


def adverts(plan: Plan, ordinary: Ints, n: int) -> tuple[Bools, Bools]:
    """Which of `n` posts were paid for, and which of these say so: as many as planned, by chance among `ordinary`."""
    paid, disclosed = np.zeros(n, bool), np.zeros(n, bool)
    if plan.adverts is not None:
        rng = stream(plan.seed, "adverts")
        some = rng.permutation(ordinary)[: round(plan.adverts.share * len(ordinary))]
        paid[some] = True
        disclosed[some[: round(plan.adverts.disclosed * len(some))]] = True
    return paid, disclosed


def turned(plan: Plan, subject: Ints) -> Ints:
    """The subjects once some of them are those of a new direction: s(t) = moved / (1 + e^(-(t - at) / width))."""
    pivot = plan.pivot
    if pivot is None:
        return subject
    rng = stream(plan.seed, "pivot")
    place = np.arange(len(subject)) - turning_post(plan, len(subject))
    share = (place >= 0) * 1.0 if pivot.width == 0 else 1 / (1 + np.exp(-np.clip(place / pivot.width, -50, 50)))
    is_new = rng.random(len(subject)) < pivot.moved * share
    return np.where(is_new, SUBJECTS + rng.integers(0, NEW_SUBJECTS, len(subject)), subject)


def turning_post(plan: Plan, n: int) -> int:
    """The post at the middle of a change of subject, of `n`."""
    return round(plan.pivot.at * n) if plan.pivot else n


def announcing_post(plan: Plan, n: int) -> int | None:
    """The post that tells of the change before it happens, or null."""
    if plan.pivot is None or not plan.pivot.announced:
        return None
    early = int(stream(plan.seed, "notice").integers(*NOTICE))
    return max(0, turning_post(plan, n) - early - round(2.2 * plan.pivot.width))
