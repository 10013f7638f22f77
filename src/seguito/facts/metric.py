"""Counters and sales: numbers with a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seguito.facts.account import CountState


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A counter of one account or post as seen at `observed_at`; hidden or missing counters have a state, no value.

    `metric` is one of likes, comments, reposts, quotes, views, shares, saves, bookmarks. Of an account it may also be
    what one day brought (daily_likes, daily_comments, daily_views, daily_impressions), and a cause of growth that was
    logged: cause_press, cause_collaboration, cause_advert, cause_import, cause_giveaway or cause_purge, 1 at its day
    and 0 once it is over.
    """

    subject_uri: str
    metric: str
    value: int | None = None
    state: CountState = "known"
    observed_at: datetime
    batch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A dated number of units, or a rank, of one product; from a file the owner supplies."""

    product: str
    at: datetime
    units: float | None = None
    rank: int | None = None
    observed_at: datetime
    batch_id: str
