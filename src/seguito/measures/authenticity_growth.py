"""Authenticity: did followers come in jumps that nothing explains?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import ibis
import numpy as np

from seguito.kit.intervals import counted_rate, seed_of
from seguito.measures.conduct import day_of
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity, Series
from seguito.measures.growth_around import DEFAULTS, Defaults
from seguito.measures.growth_counts import Counts, counts, purges
from seguito.measures.growth_jumps import MONTH, Jump, days_of, drops, jumps, lost_after
from seguito.measures.growth_levels import Rise, rises
from seguito.measures.growth_planted import RECALL, smallest
from seguito.measures.space import DAY, Space

GROWTH_NAME = "authenticity.growth_jumps"
# Half a year of counts tells what is usual on every day of the week; a quarter says it badly.
FULL, FEWEST = 180, 90
YEAR = 365.25
# Of the days from the first count to the last, so many must be counted.
COUNTED_SHARE = 0.8
# Purchases that come within these days are jumps; over a month they are a slow change.
SPREADS = (1, 5)
STEPS = {
    "jumps_from_3_deviations": replace(DEFAULTS, k=3.0),
    "jumps_from_4_deviations": replace(DEFAULTS, k=4.0),
    "explained_from_1_25_times": replace(DEFAULTS, factor=1.25),
    "explained_from_1_75_times": replace(DEFAULTS, factor=1.75),
    "explained_up_to_10_times": replace(DEFAULTS, carried=10.0),
    "explained_up_to_40_times": replace(DEFAULTS, carried=40.0),
}
DAYS_SHOWN = 365
DATES_TOLD = 10


def growth_jumps(space: Space) -> Draft:
    """Jumps in the number of followers that nothing explains, a year.

    Question: Do followers come in jumps that neither what people do nor a logged cause explains?
    Definition: daily growth as a share of the followers, in logarithms (asinh where followers were lost), less the
        median of its day of the week and of the half-year around it, over 1.4826 times the median deviation. Days
        above 3.5 are jumps; those at most three days apart are one. A jump is explained when likes and comments (else
        impressions, views, or the comments collected) from a day before to a day after it were at least 1.5 times the
        median of the four weeks before, more than those weeks vary by themselves, and in keeping with the followers:
        days as busy as the busiest of those weeks explain up to 20 times the usual growth beyond it, days twice as busy
        40 times (of a slow change: days as busy as usual).
        A logged cause (press, a collaboration, an advert, an import, a giveaway) explains any number. Parts: jumps of
        each kind; slow changes, found by dividing the weeks into stretches; the share of a jump's followers gone again
        a month later. A day without a count is unknown, never growth of zero.
    Interval: exact Poisson limits of the number of jumps (Garwood 1936).
    Reference: Stringhini and others 2013 for what bought followers do to a count; Killick, Fearnhead and Eckley 2012
        for changes of level; the rest was chosen in this project's own trials (`python -m validation.growth`).
    Needs: follower_counts.
    Minimum: 90 daily counts; below 180 the answer is weak.
    Not: a jump is no purchase: news that nobody logged and a gift of the platform's look alike. Purchases below the
        sizes that stand beside the figure are not seen; on a day of real news, neither are those that bring no more
        than such news can.
    """
    seen = counts(space)
    if seen.daily + seen.rounded >= FEWEST and (seen.daily < FEWEST or seen.is_round):
        return Draft(value=None, n=seen.daily, barred=Reason("counts_rounded", {"days": seen.daily + seen.rounded}))
    if seen.daily < FEWEST:
        return Draft(value=None, n=seen.daily)
    found = _Found(seen)
    open_days, explained_days = found.days(explained=False), found.days(explained=True)
    return Draft(
        value=found.a_year(DEFAULTS),
        n=seen.daily,
        interval=counted_rate(len(found.unexplained), found.years),
        parts=_parts(found),
        series=_drawn(found),
        evidence_for=_posts(space, open_days),
        evidence_against=_posts(space, explained_days - open_days),
        sensitivity=tuple(Sensitivity(change=name, value=found.a_year(how)) for name, how in STEPS.items()),
        unseen=_unseen(found),
        reasons=_doubts(found),
        notes=_notes(space, found),
    )


@dataclass(frozen=True)
class _Found:
    """What the counts of one creator show."""

    seen: Counts

    @cached_property
    def jumps(self) -> list[Jump]:
        return jumps(self.seen.growth, self.seen.around)

    @cached_property
    def rises(self) -> list[Rise]:
        return rises(self.seen.growth, self.seen.around)

    @property
    def unexplained(self) -> list[Jump]:
        return [one for one in self.jumps if not one.why]

    @property
    def years(self) -> float:
        return self.seen.growth.watched / YEAR

    def a_year(self, how: Defaults) -> float:
        again = jumps(self.seen.growth, self.seen.around, how)
        return sum(not one.why for one in again) / self.years

    def days(self, *, explained: bool) -> set[int]:
        """The days of jumps, and the day before each: what was posted then may have brought them."""
        chosen = [one for one in self.jumps if bool(one.why) == explained]
        return days_of(chosen) | {one.first - 1 for one in chosen}

    def lost(self, some: Sequence[Jump]) -> tuple[float | None, int]:
        """The median share of their followers that was gone a month later, and over how many jumps."""
        shares = [lost_after(self.seen.growth, one, self.jumps) for one in some]
        known = [one for one in shares if one is not None]
        return (float(np.median(known)) if known else None), len(known)


def _parts(found: _Found) -> tuple[Part, ...]:
    n, open_ones = found.seen.daily, found.unexplained
    explained = [one for one in found.jumps if one.why]
    (lost, lost_n), (kept, kept_n) = found.lost(open_ones), found.lost(explained)
    slow = sum(not one.why for one in found.rises)
    followers = float(found.seen.growth.followers[-1])
    came = min(1.0, sum(one.gain for one in open_ones) / followers) if followers else None
    return (
        Part(key="unexplained", value=len(open_ones), n=n, unit="count"),
        Part(key="explained_by_engagement", value=_count(explained, "engagement"), n=n, unit="count"),
        Part(key="explained_by_cause", value=_count(explained, "cause"), n=n, unit="count"),
        Part(key="slow_changes", value=slow, n=n, unit="count"),
        Part(key="came_in_jumps", value=came, n=n, unit="share"),
        Part(key="churn_after", value=lost, n=lost_n, unit="share"),
        Part(key="churn_after_explained", value=kept, n=kept_n, unit="share"),
    )


def _count(some: Sequence[Jump], why: str) -> int:
    return sum(one.why == why for one in some)


def _posts(space: Space, days: set[int]) -> tuple[str, ...]:
    """The creator's posts of some days, the newest first."""
    own = space.own.filter(space.own.created_s.notnull())
    if not days:
        return ()
    chosen = own.filter((own.created_s // DAY).isin(sorted(days)))
    return space.uris(chosen.order_by([ibis.desc("created_s"), "uri"]))


def _drawn(found: _Found) -> Series:
    """The followers over time with the days of jumps marked; thinned where there are many days, but for those."""
    growth = found.seen.growth
    marks = {step + 1: "explained" if one.why else "unexplained" for one in found.jumps for step in one.steps}
    every = max(1, len(growth.days) // DAYS_SHOWN)
    rows = [
        (day_of(int(day) * DAY), int(followers), marks.get(at, ""))
        for at, (day, followers) in enumerate(zip(growth.days, growth.followers, strict=True))
        if at % every == 0 or at in marks or at == len(growth.days) - 1
    ]
    return Series(kind="line", columns=("day", "followers", "jump"), rows=tuple(rows))


def _unseen(found: _Found) -> tuple[Reason, ...]:
    growth, around, seed = found.seen.growth, found.seen.around, seed_of(GROWTH_NAME)
    fast = [
        Reason(
            "smallest_jump", {"share": smallest(growth, around, days=days, seed=seed), "days": days, "recall": RECALL}
        )
        for days in SPREADS
    ]
    slow = smallest(growth, around, days=MONTH, seed=seed)
    return (*fast, Reason("slow_purchase", {"share": slow, "days": MONTH}))


def _doubts(found: _Found) -> tuple[Reason, ...]:
    seen, reasons = found.seen, []
    span = int(seen.growth.days[-1] - seen.growth.days[0]) + 1
    if seen.daily < FULL:
        reasons.append(Reason("few_daily_counts", {"days": seen.daily, "needed": FULL}))
    if len(seen.growth.days) < COUNTED_SHARE * span:
        reasons.append(Reason("days_missing", {"counted": len(seen.growth.days), "of": span}))
    silent = sum(not seen.around.tells(one.first, one.last) for one in found.unexplained)
    if silent:
        reasons.append(Reason("engagement_unknown", {"silent": silent, "of": len(found.unexplained)}))
    return tuple(reasons)


def _notes(space: Space, found: _Found) -> tuple[Reason, ...]:
    days = found.seen.growth.days
    span = {"first": day_of(int(days[0]) * DAY), "last": day_of(int(days[-1]) * DAY)}
    notes = [Reason("counted_days", {"counted": len(days), "of": int(days[-1] - days[0]) + 1, **span})]
    if found.unexplained:
        notes.append(Reason("jumps_on", _dates([one.first for one in found.unexplained])))
    slow = [one.first for one in found.rises if not one.why]
    if slow:
        notes.append(Reason("slow_from", _dates(slow)))
    fallen = drops(found.seen.growth)
    if fallen:
        told = {"drops": len(fallen), "purges": len(purges(space, fallen, found.seen.around))}
        notes.append(Reason("drops_seen", told))
    return tuple(notes)


def _dates(days: Sequence[int]) -> dict[str, Any]:
    """Days as dates, the newest few."""
    return {"dates": [day_of(day * DAY) for day in days[-DATES_TOLD:]], "of": len(days)}


GROWTH_JUMPS = Measure(
    name=GROWTH_NAME,
    version=2,
    unit="per_year",
    n_unit="daily_counts",
    min_n=FEWEST,
    needs=frozenset({"follower_counts"}),
    compute=growth_jumps,
)
