"""What the engine counts for coordination: who wrote under which thread, how soon, how generic, and which pairs met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.measures.coordination.agreement import MINUTES, Crowd, Rules, Shares
from seguito.measures.coordination.reciprocity import returned
from seguito.measures.coordination.tails import Meetings, fewest_threads, unlikely
from seguito.measures.space import Space

Whole = npt.NDArray[np.int64]
# An account is regular, and may be paired, from so many threads on; a pair is looked at from so many meetings on.
REGULAR = 4
# So many regulars of a thread are paired, the most regular first, or fewer where all pairs would be more than `PAIRS`.
PAIRED = (1_500, 1_000, 700, 500, 300, 200, 100, 50)
PAIRS = 60_000_000
MOST_STRATA = 10
# The loosest false discovery rate that a step asks for.
LOOSEST = 0.05
# Below this share of first comments with known times, earliness is not judged.
TIMED = 0.5


@dataclass(frozen=True, slots=True)
class Bound:
    """How far pairs were counted.

    Attributes:
        most: so many accounts of one thread are paired at most.
        threads: under how many threads that left some out.
        paired: of all meetings of regular accounts, the share that was counted.
    """

    most: int
    threads: int
    paired: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Who is paired under which thread: an Ibis table (number of the account, thread), and every thread's stratum."""

    rows: Any
    strata: Whole


@dataclass(frozen=True)
class Counted:
    """The crowd, and how it was counted.

    Attributes:
        crowd: what was counted of regular accounts.
        presence: an Ibis table, one row for every account and thread: account_uri, root_uri, comments.
        comments: all comments whose author is known.
        read: how many of them were read by a labeller.
        arrivals: accounts times threads: first comments under a thread.
        timed: how many of these have a known time after a post with a known time.
        threads: how many threads there are.
        regulars: how many accounts were compared.
        bound: how far pairs were counted.
        spaces: how many commenters have spaces of their own that were read.
        fewest: under how many threads a group of ten must act to be seen by its meetings alone, about.
    """

    crowd: Crowd
    presence: Any
    comments: int
    read: int
    arrivals: int
    timed: int
    threads: int
    regulars: int
    bound: Bound
    spaces: int
    fewest: int | None


def count(space: Space) -> Counted:
    """Count everything that the signals need."""
    engine = space.snapshot.engine
    presence = engine.keep(_presence(space))
    accounts = presence.group_by("account_uri").aggregate(
        threads=presence.count(), **{name: presence[name].sum() for name in _COUNTS}
    )
    accounts = engine.keep(accounts)
    totals = _totals(space, presence, accounts)
    regular = accounts.filter(accounts.threads >= REGULAR)
    numbered = regular.mutate(number=(ibis.row_number().over(order_by="account_uri")).cast("int32"))
    numbered = engine.keep(numbered)
    table = space.fetch(numbered.order_by("number"))
    placed, bound = _placed(space, presence, numbered)
    uris = table["account_uri"].to_pylist()
    meetings = _meetings(space, placed, len(uris))
    back, spaces = returned(space, uris, numbered)
    compared = int((meetings.margins.sum(axis=1) >= REGULAR).sum())
    fewest = fewest_threads(int(meetings.threads.sum()), compared, 10, Rules().false_links)
    candidates, tails = unlikely(meetings, LOOSEST)
    fewest = None if fewest is None else max(fewest, REGULAR)
    readable = {
        "validated": fewest is not None and compared > Rules().partners,
        "early": totals["arrivals_timed"] >= TIMED * max(1, totals["arrivals"]),
        "generic": totals["read"] > 0,
        "reciprocal": spaces > 0,
    }
    crowd = Crowd(
        accounts=tuple(uris),
        comments=_column(table, "comments"),
        threads=meetings.margins.sum(axis=1),
        early={m: _shares(table, totals, f"early_{m}", "timed") for m in MINUTES},
        short=_shares(table, totals, "short", "read"),
        generic=_shares(table, totals, "generic", "read"),
        meetings=meetings,
        candidates=candidates,
        tails=tails,
        returned=back,
        readable=frozenset(name for name, is_known in readable.items() if is_known),
    )
    return Counted(
        crowd=crowd,
        presence=presence,
        comments=totals["comments"],
        read=totals["read"],
        arrivals=totals["arrivals"],
        timed=totals["arrivals_timed"],
        threads=totals["threads"],
        regulars=len(uris),
        bound=bound,
        spaces=spaces,
        fewest=fewest,
    )


_COUNTS = ("comments", "timed", *(f"early_{m}" for m in MINUTES), "read", "short", "generic")


def _presence(space: Space) -> Any:
    """One row for every account and thread, with counts of its comments there and how soon the first came."""
    signed = space.signed.select("account_uri", "root_uri", "exact_s", "is_read", "low_effort", "wording")
    leads = space.near_wordings.leads
    if leads is not None:
        signed = signed.left_join(leads, signed.wording == leads.near)
        signed = signed.mutate(wording=ibis.coalesce(signed.leads, signed.wording)).drop("near", "leads")
    under = signed.filter(signed.wording.notnull()).select("wording", "root_uri").distinct()
    told = under.group_by("wording").aggregate(threads=under.count())
    several = told.filter(told.threads > 1).select(copied="wording")
    rows = signed.left_join(several, signed.wording == several.copied)
    is_short = rows.is_read & (rows.low_effort.fill_null(False) | rows.wording.isnull())
    rows = rows.mutate(is_short=is_short, is_generic=is_short | (rows.is_read & rows.copied.notnull()))
    each = rows.group_by("account_uri", "root_uri").aggregate(
        comments=rows.count(),
        first_s=rows.exact_s.min(),
        read=rows.is_read.sum(),
        short=rows.is_short.sum(),
        generic=rows.is_generic.sum(),
    )
    opened = space.own.select(opened_uri="uri", opened_s="exact_s")
    joined = each.left_join(opened, each.root_uri == opened.opened_uri)
    # A first comment before the post is a wrong clock, and says nothing of who came early.
    after = (joined.first_s - joined.opened_s).cast("int64")
    timed = (after >= 0).fill_null(False)
    early = {f"early_{m}": (timed & (after <= 60 * m)).fill_null(False).cast("int64") for m in MINUTES}
    return joined.mutate(timed=timed.cast("int64"), **early).select("account_uri", "root_uri", *_COUNTS)


def _totals(space: Space, presence: Any, accounts: Any) -> dict[str, int]:
    sums = space.fetch(accounts.aggregate(arrivals=accounts.threads.sum(), **{n: accounts[n].sum() for n in _COUNTS}))
    found = {name: int(value or 0) for name, value in sums.to_pylist()[0].items()}
    threads = presence.select("root_uri").distinct()
    found["threads"] = int(space.fetch(threads.aggregate(n=threads.count()))["n"][0].as_py())
    return {**found, "arrivals_timed": found["timed"]}


def _placed(space: Space, presence: Any, numbered: Any) -> tuple[Placed, Bound]:
    """Regular accounts by thread (number, thread), of a thread no more than can be paired.

    The most regular come first, whatever they wrote and whenever: what bounds the pairs must not favour a signal.
    """
    engine = space.snapshot.engine
    who = numbered.select("number", "threads", who="account_uri")
    every = presence.left_join(who, presence.account_uri == who.who).select("number", "threads", "root_uri")
    sizes = every.group_by("root_uri").aggregate(size=every.number.count(), others=every.number.isnull().sum())
    sizes = sizes.filter(sizes["size"] > 0)
    sizes = engine.keep(sizes.mutate(thread=ibis.row_number().over(order_by="root_uri").cast("int32")))
    known = space.fetch(sizes.select("thread", "size", "others").order_by("thread"))
    bound = _bound(_column(known, "size"))
    rows = every.filter(every.number.notnull()).inner_join(sizes, "root_uri").select("number", "threads", "thread")
    if bound.threads:
        first = ibis.window(group_by="thread", order_by=[ibis.desc("threads"), "number"])
        rows = rows.mutate(place=ibis.row_number().over(first))
        rows = rows.filter(rows.place < bound.most)
        left = rows.group_by("number").aggregate(kept=rows.count())
        rows = rows.semi_join(left.filter(left.kept >= REGULAR), "number")
    return Placed(engine.keep(rows.select("number", "thread")), strata_of(_column(known, "others"))), bound


def _bound(sizes: Whole) -> Bound:
    for most in PAIRED:
        cut = np.minimum(sizes, most)
        pairs = int((cut * (cut - 1) // 2).sum())
        if pairs <= PAIRS:
            break
    every = int((sizes * (sizes - 1) // 2).sum())
    return Bound(most, int((sizes > most).sum()), pairs / every if every else 1.0)


def _meetings(space: Space, placed: Placed, size: int) -> Meetings:
    """Which pairs met under `REGULAR` threads or more, and under how many threads of each stratum everybody wrote."""
    rows = space.fetch(placed.rows)
    margins = np.zeros((size, int(placed.strata.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(margins, (_column(rows, "number"), placed.strata[_column(rows, "thread")]), 1)
    one, other = placed.rows.select("thread", left="number"), placed.rows.select("thread", right="number")
    met = one.inner_join(other, [one.thread == other.thread, one.left < other.right])
    counted = met.group_by("left", "right").aggregate(met=met.count())
    pairs = space.fetch(counted.filter(counted.met >= REGULAR))
    left, right = _column(pairs, "left"), _column(pairs, "right")
    order = np.lexsort((right, left))
    threads = np.bincount(placed.strata, minlength=margins.shape[1])
    return Meetings(left[order], right[order], _column(pairs, "met")[order], margins, threads)


def strata_of(popularity: Whole) -> Whole:
    """The stratum of every thread: thirds by popularity, finer from a hundred threads on (25 in each).

    Popularity is how many wrote there who are not compared: a group that acts makes its threads look popular, and would
    hide behind that.
    """
    threads = len(popularity)
    parts = min(MOST_STRATA, max(3, threads // 25))
    ranks = np.empty(threads, dtype=np.int64)
    ranks[np.argsort(popularity, kind="stable")] = np.arange(threads)
    found: Whole = ranks * parts // max(1, threads)
    return found


def _column(table: pa.Table, name: str) -> Whole:
    found: Whole = table[name].fill_null(0).to_numpy().astype(np.int64)
    return found


def _shares(table: pa.Table, totals: dict[str, int], hits: str, of: str) -> Shares:
    return Shares(_column(table, hits), _column(table, of), totals[hits], totals[of])
