"""When the creator publishes: a regular rhythm, with silences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seguito.simulate.plan import Plan
from seguito.simulate.planted import Silence
from seguito.simulate.scramble import Ints, stream
from seguito.simulate.subjects import SUBJECTS, Bools, adverts, announcing_post, turned

DAY = 86_400
EVENING = 18.0
ORDINARY, PAUSE, BACK, LATE, NOTICE, LAUNCH = range(6)
# By how much a post that goes round, or draws a prize, is looked at more than others.
PULL = {"viral": 9.0, "giveaway": 5.0}


@dataclass(frozen=True, slots=True)
class Posts:
    """The creator's own posts, oldest first.

    Attributes:
        at: when, in seconds since 1970.
        subject: what each is about, as a number.
        appeal: how much attention it draws, 1 on average.
        paid, disclosed: whether a brand paid for it, and whether it says so.
        kind: ORDINARY, PAUSE (announces a silence), BACK (the first after a silence, and says why), LATE (the first,
            and does not), NOTICE (announces another subject) or LAUNCH (of a product).
    """

    at: Ints
    subject: Ints
    appeal: npt.NDArray[np.float64]
    kind: Ints
    paid: Bools
    disclosed: Bools

    def __len__(self) -> int:
        return len(self.at)


def end_of(plan: Plan) -> int:
    """The world's last moment, in seconds since 1970."""
    return int(plan.end.timestamp())


def start_of(plan: Plan) -> int:
    """The world's first moment: a midnight, `plan.days` before the end."""
    return end_of(plan) // DAY * DAY - plan.days * DAY


def publish(plan: Plan) -> Posts:
    """The posts of one world."""
    rng = stream(plan.seed, "cadence")
    quiet = sorted((round(one.start_day), round(one.start_day + one.days), one.announced) for one in plan.silences)
    active = plan.days - sum(end - start for start, end, _ in quiet)
    gaps = rng.gamma(plan.rhythm, active / max(1, plan.posts) / plan.rhythm, size=plan.posts * 2 + 20)
    days = np.cumsum(gaps)
    days = np.floor(days[days < active - 0.8])
    for start, end, _ in quiet:
        days = np.where(days >= start, days + (end - start), days)
    at = start_of(plan) + (days * DAY + np.clip(rng.normal(EVENING, 1.3, len(days)), 8, 22) * 3600).astype(np.int64)
    announced = [start_of(plan) + (start - 1) * DAY + 19 * 3600 for start, _, told in quiet if told]
    times = np.unique(np.concatenate([at, np.array(announced, dtype=np.int64)]))
    kind = np.where(np.isin(times, announced), PAUSE, ORDINARY)
    for _, end, told in quiet:
        later = np.flatnonzero(times >= start_of(plan) + end * DAY)
        if len(later):
            kind[later[0]] = BACK if told or plan.explains else LATE
    appeal = rng.lognormal(0.0, 0.5, len(times))
    appeal *= np.where(kind >= BACK, 1.8, 1.0)
    appeal[pulse_posts(plan, times)] *= [PULL[one.kind] for one in plan.pulses]
    subject = turned(plan, rng.integers(0, SUBJECTS, len(times)))
    kind, appeal = _told(plan, times, kind, appeal)
    paid, disclosed = adverts(plan, np.flatnonzero(kind == ORDINARY), len(kind))
    return Posts(times, subject, appeal / appeal.mean(), kind, paid, disclosed)


def _told(plan: Plan, times: Ints, kind: Ints, appeal: npt.NDArray[np.float64]) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Posts that tell of a change of subject or of a launch."""
    kind, appeal = kind.copy(), appeal.copy()
    notice = announcing_post(plan, len(times))
    if notice is not None:
        kind[notice] = NOTICE
    for one in launch_days(plan):
        post = int(np.argmin(np.abs(times - one)))
        kind[post] = LAUNCH
        appeal[post] *= 2.0
    return kind, appeal


def launch_days(plan: Plan) -> list[int]:
    """When products go on sale, in seconds since 1970."""
    return [start_of(plan) + int(one.day * DAY) for one in (plan.market.launches if plan.market else ())]


def regular(plan: Plan, n: int, rng: np.random.Generator) -> Posts:
    """Posts of somebody else, on days by chance and about anything."""
    days = np.sort(rng.choice(plan.days - 1, min(n, plan.days - 1), replace=False))
    at = start_of(plan) + days * DAY + (np.clip(rng.normal(EVENING, 2.0, len(days)), 8, 22) * 3600).astype(np.int64)
    appeal = rng.lognormal(0.0, 0.5, len(days))
    no = np.zeros(len(days), bool)
    return Posts(at, rng.integers(0, SUBJECTS, len(days)), appeal / appeal.mean(), np.full(len(days), ORDINARY), no, no)


def pulse_posts(plan: Plan, at: Ints) -> list[int]:
    """The post that each honest wave comes from: the one nearest to its day."""
    return [int(np.argmin(np.abs(at - (start_of(plan) + one.day * DAY)))) for one in plan.pulses]


def quiet_times(plan: Plan, posts: Posts) -> list[tuple[Silence, int, int]]:
    """Every silence with the last post before it and the first after it, in seconds (the world's end when none)."""
    found = []
    for one in plan.silences:
        middle = start_of(plan) + int((round(one.start_day) + one.days / 2) * DAY)
        before, after = posts.at[posts.at < middle], posts.at[posts.at >= middle]
        if len(before):
            found.append((one, int(before[-1]), int(after[0]) if len(after) else end_of(plan)))
    return found
