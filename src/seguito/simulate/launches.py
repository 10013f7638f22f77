"""Sales of the creator's product and of others' on each day, and what buyers write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.simulate.cadence import DAY, Posts, start_of
from seguito.simulate.comments import CODE, ROOT, Comments, later, nothing
from seguito.simulate.people import CASUAL, FAN, Members
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Market
from seguito.simulate.scramble import stream

SALES = "sales.csv"
PRODUCT, PEER = "Il libro di Marta (simulated)", "peer {:02} (simulated)"
SHOCK_DAYS = 14
WEEK = np.array([0.0, 0.05, 0.15, 0.1, -0.1, -0.1, -0.05])
# Of the buyers a launch brings, those who say so; of these, those who have something to complain about.
TELL, COMPLAIN = 0.12, 0.25


def lift(market: Market, days: int) -> npt.NDArray[np.float64]:
    """What launches add to the logarithm of each day's sales: lift·e^(-t/τ) for the first τ days of each."""
    found = np.zeros(days)
    for one in market.launches:
        since = np.arange(days) - one.day
        found += np.where((since >= 0) & (since < one.days), one.lift * np.exp(-np.maximum(since, 0) / one.days), 0.0)
    return found


def sold(plan: Plan) -> npt.NDArray[np.int64]:
    """Units a day: one row a product, the creator's first; log S = s0 + weekday + AR(1) + shock + lift."""
    market = plan.market
    assert market is not None  # noqa: S101
    rng = stream(plan.seed, "sales")
    n, days = 1 + market.peers, plan.days
    noise = np.zeros((n, days))
    fresh = rng.normal(0, market.sd * np.sqrt(1 - market.memory**2), (n, days))
    noise[:, 0] = rng.normal(0, market.sd, n)
    for day in range(1, days):
        noise[:, day] = market.memory * noise[:, day - 1] + fresh[:, day]
    since = np.arange(days) - market.shock_day
    shock = np.where((since >= 0) & (since < SHOCK_DAYS), market.shock, 0.0)
    week = WEEK[(start_of(plan) // DAY + np.arange(days)) % 7]
    usual = np.log(market.units) + np.concatenate([[0.0], rng.normal(0, 0.6, market.peers)])
    log = usual[:, None] + week + noise + shock
    log[0] += lift(market, days)
    found: npt.NDArray[np.int64] = np.round(np.exp(log)).astype(np.int64)
    return found


def write(plan: Plan, folder: Path) -> Path:
    """Write sales.csv: date, product, units."""
    from pyarrow import csv

    units = sold(plan)
    n, days = units.shape
    names = [PRODUCT, *(PEER.format(number) for number in range(1, n))]
    first = start_of(plan) // DAY
    table = pa.table(
        {
            "date": pa.array(np.tile(np.arange(first, first + days), n), pa.int32()).cast(pa.date32()),
            "product": pa.array(np.repeat(names, days).tolist(), pa.string()),
            "units": units.ravel(),
        }
    )
    csv.write_csv(table, folder / SALES)
    return folder / SALES


def buyers(plan: Plan, posts: Posts, members: Members) -> Comments:
    """What buyers write under the newest post after each launch: that they bought, and later what went wrong."""
    market = plan.market
    if market is None:
        return nothing()
    rng = stream(plan.seed, "buyers")
    units = np.where(lift(market, plan.days) > 0, sold(plan)[0], 0)
    daily = rng.binomial(units, TELL)
    day = np.repeat(np.arange(plan.days), daily)
    at = start_of(plan) + day * DAY + rng.integers(8 * 3600, DAY, len(day))
    author = rng.choice(members.of(FAN, CASUAL), len(day))
    wrong = rng.random(len(day)) < COMPLAIN
    at = np.where(wrong, later(at, rng, 5 * 24 * 60.0), at)
    post = np.maximum(np.searchsorted(posts.at, at, side="right") - 1, 0)
    intent = np.where(wrong, CODE["complaint"], CODE["order"])
    made = Comments(author, post, np.full(len(day), ROOT), np.maximum(at, posts.at[post] + 60), intent)
    return made.take(np.flatnonzero(members.active(author, made.at)))
