"""Daily counters of the creator: followers at noon, what people did each day, and the causes the creator logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from seguito.simulate.cadence import DAY, Posts, pulse_posts, start_of
from seguito.simulate.community import Community
from seguito.simulate.followers import daily_followers, noons
from seguito.simulate.observation import days_counted
from seguito.simulate.scramble import Ints

DAILY = "daily.csv"
# Half of what a post gets comes within two hours, and its tail dies like t to the power of this.
MEDIAN_S, POWER, SPAN = 7_200, 1.2, 14


def write(table: pa.Table, folder: Path) -> Path:
    """Write daily.csv into `folder`; returns its path."""
    from pyarrow import csv

    csv.write_csv(table, folder / DAILY)
    return folder / DAILY


def daily(community: Community, account: str, platform: str, *, liked: Ints, viewed: Ints | None = None) -> pa.Table:
    """One row a day, as the counters' importer reads it.

    Args:
        community: the world.
        account: the creator's key on the platform.
        platform: its name.
        liked: likes of each day.
        viewed: views of each day, where the platform tells.
    """
    plan = community.plan
    days = noons(plan) // DAY
    commented = per_day(community, community.comments.at[community.by_member])
    cause = np.full(len(days), "", dtype=object)
    for pulse, post in zip(plan.pulses, pulse_posts(plan, community.posts.at), strict=True):
        if pulse.logged:
            cause[int(community.posts.at[post] // DAY - days[0])] = LOGGED[pulse.kind]
    columns: dict[str, Any] = {
        "date": pa.array(days, pa.int64()).cast(pa.int32()).cast(pa.date32()),
        "account": pa.repeat(account, len(days)),
        "platform": pa.repeat(platform, len(days)),
        "followers": daily_followers(plan, community.members, community.passing),
        "likes": liked,
        "comments": commented,
    }
    if viewed is not None:
        columns["views"] = viewed
    table = pa.table({**columns, "cause": pa.array(cause.tolist(), pa.string())})
    return table.filter(pa.array(days_counted(plan, len(days))))


LOGGED = {"giveaway": "giveaway", "viral": "press"}


def per_day(community: Community, at: Ints) -> Ints:
    """How many moments fall on each day of the world."""
    days = noons(community.plan) // DAY
    return np.bincount(at // DAY - days[0], minlength=len(days))[: len(days)].astype(np.int64)


def spread(community: Community, totals: Ints) -> Ints:
    """What each post got in the end, laid over the days on which it came, in whole numbers."""
    return _spread(community.posts, totals, start_of(community.plan) // DAY, len(noons(community.plan)))


def _spread(posts: Posts, totals: Ints, first: int, n: int) -> Ints:
    midnight = (posts.at // DAY + 1) * DAY
    ends = midnight[:, None] + np.arange(SPAN) * DAY - posts.at[:, None]
    share = 1 / (1 + (ends / MEDIAN_S) ** -POWER)
    share[:, -1] = 1.0
    so_far = np.floor(share * totals[:, None]).astype(np.int64)
    added = np.diff(so_far, prepend=0)
    day = posts.at[:, None] // DAY - first + np.arange(SPAN)
    found: Ints = np.bincount(np.minimum(day, n).ravel(), weights=added.ravel(), minlength=n + 1)[:n].astype(np.int64)
    return found
