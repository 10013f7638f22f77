"""Where signals agree: accounts that show two of four, and the groups they form. Arrays in, arrays out.

What is said of an account here never leaves: only shares, sizes of groups and threads do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.measures.coordination.tails import Meetings, discovered

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SIGNALS = ("validated", "early", "generic", "reciprocal")
MINUTES = (15, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The defaults; each is stepped once each way by the measure.

    Attributes:
        partners: an account counts as meeting others oftener than by chance from so many such others on.
        false_links: false discovery rate of meetings.
        minutes: a comment is early until so long after the post.
        arrivals: an account's earliness is judged alone from so many threads on.
        early_tail, generic_tail: the tails of the binomial below which a share is more than chance.
        odds: how many times the community's odds a share must have besides: what is certain may still be small.
        by_chance: comments of those count together that met so often that chance would bring an account so many.
        lenders: and from how many such partners on.
        together: the share of threads that two early and generic accounts met on, of whichever wrote under more.
        copies: whether a wording used under several threads is generic.
        returned: of another's last 25 posts, how many each must have commented on.
        returned_partners: with how many others.
        agree: how many signals must agree.
        size: a group has at least so many accounts.
    """

    partners: int = 5
    false_links: float = 0.01
    minutes: int = 30
    arrivals: int = 10
    early_tail: float = 1e-3
    generic_tail: float = 1e-2
    odds: float = 2.0
    by_chance: float = 0.5
    lenders: int = 3
    together: float = 1 / 3
    copies: bool = True
    returned: int = 8
    returned_partners: int = 3
    agree: int = 2
    size: int = 6


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of how many, for every regular account and for the whole community."""

    hits: Whole
    of: Whole
    all_hits: int
    all_of: int

    def usual(self, least: int) -> float:
        """What is usual: the median over accounts with `least` or more, or the share over all if that is higher."""
        enough = self.of >= least
        pooled = self.all_hits / self.all_of if self.all_of else 1.0
        return max(pooled, float(np.median(self.hits[enough] / self.of[enough]))) if enough.any() else pooled


@dataclass(frozen=True)
class Crowd:
    """What was counted of the regular accounts of a space, those under four threads or more.

    Attributes:
        accounts: their uris, sorted; the rows of every array.
        comments: how many comments each wrote.
        threads: under how many threads each was paired.
        early: by minutes, how many of its first comments under a thread came so soon after the post.
        short: comments of little effort or too short to have a wording, of those that were read.
        generic: the same, and those whose wording stands under several threads.
        meetings: pairs that met under four threads or more.
        candidates: places in `meetings` of those that chance may not explain.
        tails: their exact tails.
        returned: pairs of accounts (two columns) that have spaces of their own, and on how many of the other's last
            25 posts the less eager one commented (third column).
        readable: the signals that these data can show.
    """

    accounts: tuple[str, ...]
    comments: Whole
    threads: Whole
    early: Mapping[int, Shares]
    short: Shares
    generic: Shares
    meetings: Meetings
    candidates: Whole
    tails: Numbers
    returned: Whole
    readable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was found.

    Attributes:
        signals: for every signal, which accounts show it.
        group: for every account the number of its group, from 1, largest first; 0 where it is in none.
    """

    signals: Mapping[str, Flags]
    group: Whole

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=0))

    def agreeing(self, number: int) -> int:
        """How many signals most accounts of a group show."""
        mine = self.group == number
        return sum(int(2 * flags[mine].sum() >= mine.sum()) for flags in self.signals.values())


def agree(crowd: Crowd, rules: Rules) -> Agreed:
    """Which accounts show which signals, and the groups of those that show enough of them."""
    size = len(crowd.accounts)
    meetings = crowd.meetings
    passed = crowd.candidates[discovered(crowd.tails, meetings.tests, rules.false_links)]
    met = _graph(meetings.left[passed], meetings.right[passed], size)
    # Whose comments are looked at together is decided by meetings alone, so it need not be certain who they are.
    near = crowd.candidates[crowd.tails <= rules.by_chance / max(1, size - 1)]
    partners = _among_enough(_graph(meetings.left[near], meetings.right[near], size), rules.lenders)
    early = _raised(crowd.early[rules.minutes], partners, rules.arrivals, rules.early_tail, rules.odds)
    generic = _raised(crowd.generic if rules.copies else crowd.short, partners, 4, rules.generic_tail, rules.odds)
    back = crowd.returned[crowd.returned[:, 2] >= rules.returned]
    # The creator may be a partner and stands in the last row, for this only.
    returned = _graph(back[:, 0], back[:, 1], size + 1)
    unread = np.zeros(size, dtype=np.bool_)
    signals = {
        "validated": _degree(met) >= rules.partners,
        "early": early if "early" in crowd.readable else unread,
        "generic": generic if "generic" in crowd.readable else unread,
        "reciprocal": _degree(returned)[:size] >= rules.returned_partners,
    }
    enough = np.sum(list(signals.values()), axis=0) >= rules.agree
    links = met + partners + returned[:size][:, :size] + _together(crowd, signals["early"] & signals["generic"], rules)
    return Agreed(signals, _groups(links, enough, rules.size))


def _together(crowd: Crowd, both: Flags, rules: Rules) -> Any:
    """Links between early and generic accounts that are mostly under the same threads, each with enough such others."""
    meetings, wrote = crowd.meetings, crowd.threads
    more = np.maximum(wrote[meetings.left], wrote[meetings.right])
    chosen = both[meetings.left] & both[meetings.right] & (meetings.met >= rules.together * more)
    return _among_enough(_graph(meetings.left[chosen], meetings.right[chosen], len(wrote)), rules.partners)


def _graph(left: Whole, right: Whole, size: int) -> Any:
    from scipy.sparse import csr_array

    ones = np.ones(2 * len(left), dtype=np.int64)
    return csr_array((ones, (np.concatenate([left, right]), np.concatenate([right, left]))), shape=(size, size))


def _degree(graph: Any) -> Whole:
    found: Whole = np.asarray(graph.sum(axis=1)).ravel().astype(np.int64)
    return found


def _among_enough(graph: Any, least: int) -> Any:
    """The links between accounts that have `least` links or more."""
    from scipy.sparse import diags_array

    kept = diags_array((_degree(graph) >= least).astype(np.int64), dtype=np.int64)
    return (kept @ graph @ kept).tocsr()


def _raised(shares: Shares, partners: Any, least: int, tail: float, odds: float) -> Flags:
    """Whose share is higher than the community's: by their own count, or by theirs and their partners' together.

    A group that acts under few threads leaves each of its accounts too few comments to judge it by. Its partners, found
    by their meetings alone, lend theirs; the account's own share must then lie above the usual too.
    """
    usual = shares.usual(10)
    own = _tail(shares.hits, shares.of, usual, tail) & _higher(shares.hits, shares.of, usual, odds)
    hits, of = shares.hits + partners @ shares.hits, shares.of + partners @ shares.of
    lent = (_degree(partners) > 0) & _tail(hits, of, usual, tail) & _higher(hits, of, usual, odds)
    found: Flags = ((shares.of >= least) & own) | (lent & _higher(shares.hits, shares.of, usual, 1.0))
    return found


def _tail(hits: Whole, of: Whole, usual: float, limit: float) -> Flags:
    from scipy.special import bdtrc

    # bdtrc(k, n, p) is P(more than k of n); P(hits or more) needs hits - 1.
    chance = np.where(hits > 0, bdtrc(np.maximum(hits - 1, 0), np.maximum(of, 1), usual), 1.0)
    found: Flags = chance < limit
    return found


def _higher(hits: Whole, of: Whole, usual: float, odds: float) -> Flags:
    found: Flags = (hits > 0) & (hits * (1 - usual) >= odds * usual * (of - hits))
    return found


def _groups(links: Any, enough: Flags, least: int) -> Whole:
    """Connected groups of `least` or more among accounts that show enough signals, numbered by size."""
    from scipy.sparse.csgraph import connected_components

    found = np.zeros(len(enough), dtype=np.int64)
    chosen = np.flatnonzero(enough)
    if not len(chosen):
        return found
    _, part = connected_components(links[chosen][:, chosen], directed=False)
    sizes = np.bincount(part)
    # Largest first; of two alike the one whose first account comes first.
    order = [one for one in np.argsort(-sizes, kind="stable").tolist() if sizes[one] >= least]
    for number, one in enumerate(order, start=1):
        found[chosen[part == one]] = number
    return found
