"""How unlikely it is that two accounts met under so many threads by chance: exact tails, and many tests at once.

Two accounts that comment under k and l of P threads, drawn at random, meet under a hypergeometric number of them
(Tumminello et al. 2011). Busy threads are met on more often, so threads are drawn within strata of alike popularity;
the number of meetings is then a sum of independent hypergeometric numbers, whose law is worked out by convolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# A normal tail is used only to leave out pairs: those that are so many times too likely. The exact tail is rarely ten
# times lighter than the normal one, and only where both are below `SURE`; from there on it is always worked out.
SAFE = 100.0
SURE = 1e-6
# Cells of one batch of convolutions: 32 MB.
CELLS = 4_000_000


@dataclass(frozen=True)
class Meetings:
    """Pairs of accounts that met, and what decides how often chance lets them meet.

    Attributes:
        left: the first account of each pair, a row of `margins`.
        right: the second, a higher row.
        met: under how many threads both wrote.
        margins: for every account, under how many threads of each stratum it wrote.
        threads: how many threads each stratum holds.
    """

    left: Whole
    right: Whole
    met: Whole
    margins: Whole
    threads: Whole

    @property
    def tests(self) -> int:
        """All pairs there could be: each is a test, whether they met or not."""
        return math.comb(len(self.margins), 2)

    def chosen(self, which: npt.NDArray[Any]) -> Meetings:
        """Some of the pairs."""
        return Meetings(self.left[which], self.right[which], self.met[which], self.margins, self.threads)


def unlikely(meetings: Meetings, rate: float) -> tuple[Whole, Numbers]:
    """The pairs that chance may not explain, and their exact tails.

    Those are the pairs that may pass at a false discovery rate of `rate` or less, and those of which an account has
    less than one by chance. Others are left out as long as their normal tail is `SAFE` times what as many tests as are
    left could pass.

    Returns:
        Places of the pairs in `meetings`, and P(they meet so often or oftener).
    """
    from scipy.special import ndtr

    mean, variance = _moments(meetings)
    spread = np.sqrt(np.maximum(variance, 1e-12))
    rough = ndtr(-(meetings.met - 0.5 - mean) / spread)
    few = max(SURE, 10 / max(1, len(meetings.margins) - 1))
    left = np.flatnonzero(rough < 0.5)
    while len(left):
        kept = left[rough[left] <= max(few, SAFE * rate * len(left) / meetings.tests)]
        if len(kept) == len(left):
            break
        left = kept
    return left, upper_tails(meetings.chosen(left))


def _moments(meetings: Meetings) -> tuple[Numbers, Numbers]:
    mean, variance = np.zeros(len(meetings.met)), np.zeros(len(meetings.met))
    for stratum, size in enumerate(meetings.threads.tolist()):
        one = meetings.margins[meetings.left, stratum].astype(np.float64)
        other = meetings.margins[meetings.right, stratum].astype(np.float64)
        mean += one * other / size
        if size > 1:
            variance += one * other / size * (size - one) / size * (size - other) / (size - 1)
    return mean, variance


def upper_tails(meetings: Meetings) -> Numbers:
    """For every pair, the probability to meet as often as they did, or oftener."""
    found = np.empty(len(meetings.met))
    most = np.minimum(meetings.margins[meetings.left], meetings.margins[meetings.right]).sum(axis=1)
    # Pairs of alike length share a batch: a batch is as wide as its longest.
    order = np.argsort(most, kind="stable")
    start = 0
    while start < len(order):
        stop = min(len(order), start + max(1, CELLS // (4 * (int(most[order[start]]) + 64))))
        batch = order[start:stop]
        width = 1 << int(most[batch[-1]]).bit_length()
        found[batch] = _batch(meetings.chosen(batch), width)
        start = stop
    return found


def _batch(meetings: Meetings, width: int) -> Numbers:
    from scipy.special import gammaln

    logs = gammaln(np.arange(int(meetings.threads.max()) + 2) + 1.0)
    law = np.ones((len(meetings.met), width // 2 + 1), dtype=np.complex128)
    for stratum, size in enumerate(meetings.threads.tolist()):
        one, other = meetings.margins[meetings.left, stratum], meetings.margins[meetings.right, stratum]
        law *= np.fft.rfft(_hypergeometric(one, other, size, logs), n=width, axis=1)
    weights = np.fft.irfft(law, n=width, axis=1)
    tail = np.where(np.arange(width) >= meetings.met[:, None], weights, 0.0).sum(axis=1)
    found: Numbers = np.clip(tail, 0.0, 1.0)
    return found


def _hypergeometric(one: Whole, other: Whole, size: int, logs: Numbers) -> Numbers:
    """P(x in common) for x from 0 on, one row a pair, for `one` and `other` drawn out of `size`."""
    x = np.arange(int(np.minimum(one, other).max(initial=0)) + 1)
    a, b = one[:, None], other[:, None]
    rest = size - a - b + x
    possible = (x <= np.minimum(a, b)) & (rest >= 0)
    log = (
        logs[a] - logs[x] - logs[np.maximum(a - x, 0)]
        + logs[size - a] - logs[np.maximum(b - x, 0)] - logs[np.clip(rest, 0, size)]
        - (logs[size] - logs[b] - logs[size - b])
    )  # fmt: skip
    return np.where(possible, np.exp(log), 0.0)


def discovered(tails: Numbers, tests: int, rate: float) -> Flags:
    """Which tails pass at a false discovery rate (Benjamini & Hochberg 1995); those not given count as tests too."""
    order = np.sort(tails)
    passing = np.flatnonzero(order <= rate * np.arange(1, len(order) + 1) / max(1, tests))
    limit = order[passing[-1]] if len(passing) else -1.0
    found: Flags = tails <= limit
    return found


def fewest_threads(threads: int, accounts: int, size: int, rate: float) -> int | None:
    """Under how many of `threads` a group must act, always together and never alone, to be told from chance.

    Args:
        threads: how many there are.
        accounts: how many accounts are compared.
        size: how many accounts the group has.
        rate: the false discovery rate.

    Returns:
        The number; `None` where no number would do.
    """
    limit = rate * math.comb(size, 2) / max(1, math.comb(accounts, 2))
    return next((k for k in range(1, threads // 2 + 1) if 1 / math.comb(threads, k) <= limit), None)
