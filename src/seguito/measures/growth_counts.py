"""From the lake: how many followed the creator on each day, what people did on it, and the causes that were logged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from seguito.measures.growth_around import Around, Defaults
from seguito.measures.growth_jumps import Jump, days_of, drops
from seguito.measures.growth_series import Days, Found, Growth, Numbers
from seguito.measures.prepare import seconds
from seguito.measures.space import DAY, Space, details

CAUSE, DAILY = "cause_", "daily_"
# What people do, the best first: followers answer to what they see less directly than to what moves them to act.
DID = (("daily_likes", "daily_comments"), ("daily_impressions",), ("daily_views",))
# A counter known on fewer days than this share of the best known one is left out rather than costing the others' days.
KNOWN_ON = 0.8
# Platforms that round show three figures: of exact counts of four and more, one in ten looks like that by chance.
FIGURES = 3
FEWEST_PEERS = 3
# A series of another account tells of a purge when so many of its days were counted.
LEAST_PEER_DAYS = 90
MOST_PEERS = 50

Dated = dict[int, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known of a creator's growth.

    Attributes:
        growth: the counts, one a day.
        around: what people did and which causes were logged.
        rounded: days whose count the source gives in round figures only.
    """

    growth: Growth
    around: Around
    rounded: int

    @property
    def in_row(self) -> Found:
        """Counts that lie near the one before or after them, as daily counts do."""
        near = self.growth.gap <= Defaults().joined
        found: Found = np.concatenate([[False], near]) | np.concatenate([near, [False]])
        return found[: len(self.growth.days)]

    @property
    def daily(self) -> int:
        """How many daily counts there are."""
        return int(self.in_row.sum())

    @property
    def is_round(self) -> bool:
        """Whether all counts look rounded by the platform: growth then comes in steps that are none."""
        large = self.growth.followers[self.growth.followers >= 10**FIGURES]
        step = 10.0 ** (np.floor(np.log10(large)) + 1 - FIGURES) if len(large) else large
        return 2 * len(large) > len(self.growth.days) and bool((large % step == 0).all())


def counts(space: Space) -> Counts:
    """The creator's dated follower counts and what was seen around them."""
    rows = _observed(space)
    read = _days_read(space)
    exact = _filled({row["day"]: row["followers"] for row in rows if row["is_exact"]}, read.get("followers", ()))
    days = np.array(sorted(exact), dtype=np.int64)
    growth = Growth(days, np.array([exact[day] for day in days.tolist()], dtype=np.float64))
    rounded = {row["day"] for row in rows} - set(exact)
    return Counts(growth, _around(space, read), len(rounded))


def _observed(space: Space) -> list[dict[str, Any]]:
    """Every observation of the creator's followers, the one that counts for a day last."""
    profiles = space.snapshot.table("profiles")
    mine = profiles.filter((profiles.account_uri == space.creator_uri) & profiles.followers.notnull())
    mine = mine.filter(mine.followers_state.isin(["known", "rounded"]) & (mine.followers >= 0))
    table = mine.select(
        "followers", "batch_id", at_s=seconds(mine.observed_at), is_exact=mine.followers_state == "known"
    )
    rows: list[dict[str, Any]] = space.fetch(table).to_pylist()
    return _in_order(space, rows, "followers")


def _in_order(space: Space, rows: list[dict[str, Any]], value: str) -> list[dict[str, Any]]:
    """Rows by time; of the same moment, those of later batches last. Each gets its `day`, counted from 1970."""
    number = {batch.batch_id: batch.sequence for batch in space.snapshot.batches}
    rows = sorted(rows, key=lambda row: (row["at_s"], number.get(row["batch_id"], 0), row[value]))
    return [{**row, "day": row["at_s"] // DAY} for row in rows]


def _days_read(space: Space) -> dict[str, set[int]]:
    """Days on which files of daily counters tell a number, by what is counted: those that repeat leave no row."""
    found: dict[str, set[int]] = defaultdict(set)
    for batch in space.sources:
        told = details(batch)
        if told.get("record") == "counters" and batch.creator_uri == space.creator_uri:
            for name, stretches in told.get("counted", {}).items():
                found[name].update(day for stretch in stretches for day in _between(*stretch))
    return found


def _between(first: str, last: str) -> Iterator[int]:
    epoch = date(1970, 1, 1).toordinal()
    yield from range(date.fromisoformat(first).toordinal() - epoch, date.fromisoformat(last).toordinal() - epoch + 1)


def _filled(told: Dated, read: Sequence[int] | set[int]) -> Dated:
    """Values by day, with those of days that were read and said the same as the day before."""
    found, value = {}, None
    for day in sorted({*told, *read}):
        value = told.get(day, value)
        if value is not None:
            found[day] = value
    return found


# -- around it ------------------------------------------------------------------------------------------------------


def _around(space: Space, read: dict[str, set[int]]) -> Around:
    metrics = space.snapshot.table("metrics")
    mine = metrics.filter((metrics.subject_uri == space.creator_uri) & (metrics.value >= 0))
    mine = mine.filter(mine.metric.startswith(DAILY) | mine.metric.startswith(CAUSE))
    table = mine.select("metric", "value", "batch_id", at_s=seconds(mine.observed_at))
    told: dict[str, Dated] = defaultdict(dict)
    causes: dict[int, set[str]] = defaultdict(set)
    for row in _in_order(space, space.fetch(table).to_pylist(), "value"):
        if row["metric"].startswith(DAILY):
            told[row["metric"]][row["day"]] = row["value"]
        elif row["value"] > 0:
            causes[row["day"]].add(row["metric"].removeprefix(CAUSE))
    every = {name: _filled(days, read.get(name.removeprefix(DAILY), ())) for name, days in told.items()}
    did = _did(every) or _comments(space)
    start, engagement = _dense(did)
    return Around(engagement, start, {day: frozenset(kinds) for day, kinds in causes.items()})


def _did(every: dict[str, Dated]) -> Dated:
    """What people did on each day: the best counters there are, on days on which all of them are known."""
    for names in DID:
        most = max((len(every.get(name, ())) for name in names), default=0)
        used = [every[name] for name in names if most and len(every.get(name, ())) >= KNOWN_ON * most]
        if used:
            days = set.intersection(*(set(one) for one in used))
            return {day: sum(one[day] for one in used) for day in days}
    return {}


def _comments(space: Space) -> Dated:
    """Comments by members on each day from the first to the last of them."""
    dated = space.signed.filter(space.signed.created_s.notnull())
    by_day = dated.group_by(day=dated.created_s // DAY).aggregate(n=dated.count())
    told = {int(row["day"]): row["n"] for row in space.fetch(by_day).to_pylist()}
    return {day: told.get(day, 0) for day in range(min(told), max(told) + 1)} if told else {}


def _dense(did: Dated) -> tuple[int, Numbers]:
    if not did:
        return 0, np.zeros(0)
    start = min(did)
    found = np.full(max(did) - start + 1, np.nan)
    for day, n in did.items():
        found[day - start] = n
    return start, found


# -- purges ---------------------------------------------------------------------------------------------------------


def purges(space: Space, found: Sequence[Jump], around: Around) -> list[Jump]:
    """Those of the drops that are the platform's own: a purge was logged, or most other accounts fell with them.

    Other accounts are those of this workspace whose followers were counted on enough days.
    """
    logged = {day for day, kinds in around.causes.items() if "purge" in kinds}
    peers = [days_of(drops(growth)) for growth in _peers(space)] if found else []
    together = []
    for one in found:
        days = set(range(one.first - 1, one.last + 2))
        fell = sum(bool(days & of_peer) for of_peer in peers)
        if days & logged or (len(peers) >= FEWEST_PEERS and 2 * fell > len(peers)):
            together.append(one)
    return together


def _peers(space: Space) -> list[Growth]:
    profiles = space.snapshot.table("profiles")
    known = profiles.filter((profiles.followers_state == "known") & (profiles.followers >= 0))
    known = known.filter(known.account_uri != space.creator_uri)
    counted = known.mutate(at_s=seconds(known.observed_at)).mutate(day=lambda rows: rows.at_s // DAY)
    sizes = counted.group_by("account_uri").aggregate(days=counted.day.nunique())
    chosen = sizes.filter(sizes.days >= LEAST_PEER_DAYS).order_by("account_uri").limit(MOST_PEERS)
    rows = space.fetch(counted.semi_join(chosen, "account_uri").select("account_uri", "day", "at_s", "followers"))
    series: dict[str, Dated] = defaultdict(dict)
    for row in sorted(rows.to_pylist(), key=lambda row: (row["account_uri"], row["at_s"], row["followers"])):
        series[row["account_uri"]][row["day"]] = row["followers"]
    return [Growth(*_arrays(days)) for _, days in sorted(series.items())]


def _arrays(told: Dated) -> tuple[Days, Numbers]:
    days = sorted(told)
    return np.array(days, dtype=np.int64), np.array([told[day] for day in days], dtype=np.float64)
