"""Conduct: does the creator keep a rhythm, and when did they fall silent?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import ibis
import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import Interval, block_mean, seed_of
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason, Series
from seguito.measures.space import DAY, Space

WEEK = 7 * DAY
# With fewer gaps than this, their 95th percentile is simply the longest.
LEAST_GAPS = 20
# A gap this many times the usual one is long for anybody who keeps a rhythm.
TIMES_MEDIAN = 3
# In less than two days there is no whole day on which the creator could be missed.
LEAST_SILENCE_S = 2 * DAY
WEEKS_SHOWN = 156

Seconds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without a post of the creator's, in seconds since 1970. `is_over` tells whether a post ended it."""

    start_s: int
    end_s: int
    is_over: bool

    @property
    def days(self) -> float:
        """Its length."""
        return (self.end_s - self.start_s) / DAY


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the creator posted.

    Attributes:
        times: seconds since 1970 of every dated post, in order.
        end_s: up to when the creator was watched.
        undated: posts whose time is unknown.
    """

    times: Seconds
    end_s: int
    undated: int

    @property
    def gaps(self) -> Seconds:
        """Seconds between one post and the next."""
        return np.diff(self.times)

    @property
    def now_s(self) -> int:
        """Seconds since the last post: a gap that is not over."""
        return max(0, self.end_s - int(self.times[-1])) if len(self.times) else 0

    @property
    def usual_s(self) -> float:
        """The median gap."""
        return float(np.median(self.gaps))

    @property
    def long_s(self) -> int:
        """The 95th percentile of the gaps: the shortest gap that 95 % of them do not exceed."""
        ordered = np.sort(self.gaps)
        return int(ordered[math.ceil(0.95 * len(ordered)) - 1])

    @property
    def is_known(self) -> bool:
        """Whether there are gaps enough to call one of them long."""
        return len(self.times) > LEAST_GAPS

    def silences(self) -> list[Silence]:
        """Gaps above the 95th percentile, at least three times the median and two days long; the last may go on.

        The percentile alone would find a silence in one gap out of twenty however steady the creator; the median alone
        would find many where the rhythm is ragged. A gap must be long by both.
        """
        long_s, least = self.long_s, max(TIMES_MEDIAN * self.usual_s, LEAST_SILENCE_S)
        starts, ends = self.times, np.append(self.times[1:], self.times[-1] + self.now_s)
        return [
            Silence(int(start), int(end), is_over=at < len(starts) - 1)
            for at, (start, end) in enumerate(zip(starts, ends, strict=True))
            if end - start > long_s and end - start >= least
        ]

    @property
    def limit_days(self) -> float:
        """How long a gap must be to count as a silence."""
        return max(self.long_s, TIMES_MEDIAN * self.usual_s, LEAST_SILENCE_S) / DAY


def rhythm(space: Space) -> Rhythm:
    """When the creator opened threads (reposts of others left out)."""
    own = space.own
    table = space.fetch(own.select("created_s").order_by("created_s"))
    column = table["created_s"]
    times = column.drop_null().to_numpy().astype(np.int64)
    return Rhythm(times, space.end_s, column.null_count)


def cadence(space: Space) -> Draft:
    """Posts a week, the gaps between them, and the longest silences.

    Question: How often does the creator post, and how long is it quiet between posts?
    Definition: posts that open a thread (reposts of others left out) per week, from the day of the first to the end of
        the window. Parts give the median and the 95th percentile of the gaps between one post and the next, the
        longest gap, the gap since the last post with the share of own gaps that were shorter, and the silences: gaps
        above the 95th percentile, at least three times the median and at least two days long.
    Interval: moving blocks of seven days, because days of one week hang together.
    Reference: Künsch 1989 for blocks; the 95th percentile of own gaps as the mark of a silence is this project's.
    Needs: creator, times.
    Minimum: 21 posts, so that there are 20 gaps.
    Not: stories, live broadcasts and other platforms are not seen; a pause is no fault, and what was taken down
        since leaves a gap that was none.
    """
    found = rhythm(space)
    posts = len(found.times)
    if not posts and found.undated:
        return Draft(
            value=None, n=0, barred=Reason("times_unknown", {"posts": found.undated, "unknown": found.undated})
        )
    if not found.is_known:
        return Draft(value=None, n=posts)
    daily = np.bincount((found.times - found.times[0]) // DAY, minlength=_days(found))
    everything = posts + found.undated
    doubt = Reason("times_unknown", {"posts": everything, "unknown": found.undated})
    own = space.own.filter(space.own.created_s.notnull())
    return Draft(
        value=float(daily.mean()) * 7,
        n=posts,
        interval=_weekly(daily),
        parts=_gaps(found),
        series=_by_week(found),
        evidence_for=space.uris(own.order_by([ibis.desc("created_s"), "uri"])),
        evidence_against=_broken(space, found),
        reasons=(doubt,) if found.undated * 5 > everything else (),
        notes=(
            Reason(
                "silence_limit",
                {
                    "days": found.limit_days,
                    "median_days": found.usual_s / DAY,
                    "percentile_days": found.long_s / DAY,
                },
            ),
        ),
    )


def _days(found: Rhythm) -> int:
    return max(1, math.ceil((found.end_s - int(found.times[0])) / DAY))


def _weekly(daily: npt.NDArray[np.int64]) -> Interval | None:
    found = block_mean(daily, block=7, seed=seed_of("conduct.cadence"))
    return None if found is None else Interval(found.lo * 7, found.hi * 7, found.method)


def _gaps(found: Rhythm) -> tuple[Part, ...]:
    n, silences = len(found.gaps), found.silences()
    shorter = float((found.gaps < found.now_s).mean())
    longest = max(int(found.gaps.max()), found.now_s)
    return (
        Part(key="median_gap", value=found.usual_s / DAY, n=n, unit="days"),
        Part(key="gap_95", value=found.long_s / DAY, n=n, unit="days"),
        Part(key="longest_gap", value=longest / DAY, n=n, unit="days"),
        Part(key="since_last_post", value=found.now_s / DAY, n=n, unit="days"),
        Part(key="shorter_gaps", value=shorter, n=n, unit="share"),
        Part(key="silences", value=len(silences), n=n, unit="count"),
    )


def _by_week(found: Rhythm) -> Series:
    first = int(found.times[0]) // DAY * DAY
    counts = np.bincount((found.times - first) // WEEK, minlength=(found.end_s - first) // WEEK + 1)
    rows = [(day_of(first + week * WEEK), int(n)) for week, n in enumerate(counts)]
    return Series(kind="bars", columns=("week", "posts"), rows=tuple(rows[-WEEKS_SHOWN:]))


def _broken(space: Space, found: Rhythm) -> tuple[str, ...]:
    """The posts that ended the longest silences, longest first."""
    over = sorted((one for one in found.silences() if one.is_over), key=lambda one: (-one.days, one.start_s))[:5]
    return tuple(uri for one in over for uri in first_after(space, one.end_s))


def first_after(space: Space, at_s: int) -> tuple[str, ...]:
    """The creator's post at that very second, as evidence of what ended a silence."""
    return space.uris(space.own.filter(space.own.created_s == at_s).order_by("uri"), limit=1)


def day_of(at_s: int) -> str:
    """The UTC date of a moment, as text."""
    return datetime.fromtimestamp(at_s, UTC).date().isoformat()


CADENCE = Measure(
    name="conduct.cadence",
    unit="posts_per_week",
    n_unit="posts",
    min_n=LEAST_GAPS + 1,
    needs=frozenset({"creator", "times"}),
    covers=("posts",),
    compute=cadence,
)
