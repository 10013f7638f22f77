"""The posts whose reactions can be counted, and what measures of engagement share: means, typical posts, steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.kit.intervals import LEVEL, Interval, bootstrap_t, seed_of
from seguito.measures.conduct import day_of
from seguito.measures.estimate import Part, Reason, Sensitivity, Series, Unit
from seguito.measures.space import DAY, Space

# Likes and comments keep coming for days; younger posts would count as weak ones.
YOUNG_DAYS = 3
# The steps of that default.
YOUNGER, OLDER = 1, 7
# A counter that fewer posts than this share show is left out of the sum rather than costing the other posts.
SHOWN_BY = 0.9
COUNTED = ("known", "rounded")
READ = ("likes", "comments", "reposts", "views")
POSTS_SHOWN = 300
# Added to a post's count before its logarithm, so that a post without any has one (Anscombe 1948 for counts).
HALF = 0.5

Counts = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is counted of a post, and which posts are.

    Attributes:
        required: counters a post must show.
        summed: the required ones that count as reactions.
        optional: counters that count as reactions where nine posts in ten show them.
        young_days: posts younger than this at the window's end are left out.
        with_pinned: whether pinned posts are counted, which are on show for longer than others.
    """

    required: tuple[str, ...] = ("likes",)
    summed: tuple[str, ...] = ("likes",)
    optional: tuple[str, ...] = ("comments", "reposts")
    young_days: int = YOUNG_DAYS
    with_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """Posts that show all the counters asked for.

    Attributes:
        uris: the posts, oldest first.
        created_s: when each was written, in seconds since 1970.
        counters: every counter that was asked for, one number a post.
        reactions: the sum of those that count as reactions.
        everything: how many posts the creator has in all.
        notes: what was counted and what was left out.
    """

    uris: npt.NDArray[np.str_]
    created_s: Counts
    counters: Mapping[str, Counts]
    reactions: Counts
    everything: int
    notes: tuple[Reason, ...]

    def __len__(self) -> int:
        return len(self.uris)

    def where(self, kept: npt.NDArray[np.bool_], *notes: Reason) -> Counted:
        """Only some of the posts, with what is to be told of the others."""
        return replace(
            self,
            uris=self.uris[kept],
            created_s=self.created_s[kept],
            counters={name: counts[kept] for name, counts in self.counters.items()},
            reactions=self.reactions[kept],
            notes=(*self.notes, *notes),
        )


def rows_of(space: Space) -> Rows:
    """The creator's own posts, oldest first, with every counter of `READ` that is known."""
    metrics = space.metrics
    known = metrics.filter(metrics.value.notnull() & metrics.state.isin(COUNTED) & (metrics.value >= 0))
    wide = known.group_by("subject_uri").aggregate(
        **{name: known.value.max(where=known.metric == name) for name in READ}
    )
    own = space.own.select("uri", "created_s", "is_pinned")
    joined = own.left_join(wide, own.uri == wide.subject_uri).drop("subject_uri")
    rows: Rows = space.fetch(joined.order_by(["created_s", "uri"])).to_pylist()
    return rows


def counted(rows: Rows, end_s: int, choice: Choice) -> Counted:
    """Those posts that show what `choice` asks for, at a window's end."""
    pinned = [] if choice.with_pinned else [row for row in rows if row["is_pinned"] == "yes"]
    rest = [row for row in rows if choice.with_pinned or row["is_pinned"] != "yes"]
    ripe_s = end_s - choice.young_days * DAY
    ripe = [row for row in rest if row["created_s"] is not None and row["created_s"] <= ripe_s]
    young = [row for row in rest if row["created_s"] is not None and row["created_s"] > ripe_s]
    shown = [row for row in ripe if all(row[name] is not None for name in choice.required)]
    optional = [
        name
        for name in choice.optional
        if shown and sum(row[name] is not None for row in shown) >= SHOWN_BY * len(shown)
    ]
    whole = [row for row in shown if all(row[name] is not None for name in optional)]
    notes = [Reason("counted", {"metrics": [*choice.summed, *optional]})]
    if pinned:
        notes.append(Reason("left_out_pinned", {"posts": len(pinned)}))
    if young:
        notes.append(Reason("left_out_young", {"posts": len(young), "days": choice.young_days}))
    if len(rest) - len(young) > len(whole):
        notes.append(Reason("left_out_uncounted", {"posts": len(rest) - len(young) - len(whole)}))
    names = tuple(dict.fromkeys([*choice.required, *optional]))
    counters = {name: np.array([row[name] for row in whole], dtype=np.int64) for name in names}
    return Counted(
        uris=np.array([row["uri"] for row in whole], dtype=np.str_),
        created_s=np.array([row["created_s"] for row in whole], dtype=np.int64),
        counters=counters,
        reactions=sum((counters[name] for name in (*choice.summed, *optional)), np.zeros(len(whole), np.int64)),
        everything=len(rows),
        notes=tuple(notes),
    )


def mean_of(values: Rates | Counts, name: str, scale: float = 1.0) -> tuple[float, Interval | None]:
    """The mean over posts times `scale`, with a studentized bootstrap interval; its seed belongs to `name`."""
    return float(values.mean()) * scale, scaled(bootstrap_t(values, seed=seed_of(name)), scale)


def times(posts: Counted, scale: float) -> Rates:
    """The reactions of each post, times `scale`."""
    rates: Rates = posts.reactions.astype(np.float64) * scale
    return rates


def scaled(interval: Interval | None, scale: float) -> Interval | None:
    """An interval of a count or rate in another unit; what cannot be negative is not."""
    return None if interval is None else Interval(max(0.0, interval.lo) * scale, interval.hi * scale, interval.method)


def typical_ratio(logs: Rates, scale: float = 1.0) -> tuple[float, Interval | None]:
    """What a typical post brings: exp of the mean of logs, times `scale`, with a t interval on the logs.

    No interval with fewer than three posts or when all are alike.
    """
    middle, n = float(logs.mean()), len(logs)
    if n < 3 or logs.min() == logs.max():
        return math.exp(middle) * scale, None
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * float(logs.std(ddof=1)) / math.sqrt(n)
    ends = Interval(math.exp(middle - half) * scale, math.exp(middle + half) * scale, "t on logs")
    return math.exp(middle) * scale, ends


def part(key: str, found: tuple[float, Interval | None], n: int, unit: Unit) -> Part:
    """A named piece from a figure with its interval."""
    return Part(key=key, value=found[0], interval=found[1], n=n, unit=unit)


def unseen(n: int) -> tuple[Reason, ...]:
    """Which kinds of post may be missing among `n`: those rarer than this are absent with a chance of 5 % or more."""
    return (Reason("rare_posts", {"share": 1 - 0.05 ** (1 / n), "n": n}),)


def over_time(posts: Counted, values: Rates, column: str) -> Series:
    """One dot a post, the newest of them."""
    rows = [(day_of(int(at)), float(value)) for at, value in zip(posts.created_s, values, strict=True)]
    return Series(kind="dots", columns=("day", column), rows=tuple(rows[-POSTS_SHOWN:]))


def strongest(space: Space, posts: Counted, values: Rates | Counts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Evidence: the posts that bring most, and those that bring least; none of them twice."""
    if space.only_figures:
        return (), ()
    ranked = [str(uri) for uri in posts.uris[np.lexsort((posts.uris, -values))]]
    return tuple(ranked[:5]), tuple(ranked[::-1][: min(5, max(0, len(ranked) - 5))])


def steps(
    space: Space,
    rows: Rows,
    choice: Choice,
    values_of: Callable[[Counted], Rates],
    value_of: Callable[[Rates], float] = lambda values: float(values.mean()),
) -> Iterator[Sensitivity]:
    """What the headline becomes with one default of the counting a step further.

    Args:
        space: whose window ends it all; nothing is stepped where only figures are asked for.
        rows: as from `rows_of`.
        choice: the defaults.
        values_of: what each post brings.
        value_of: the headline from that.
    """
    if space.only_figures:
        return
    end_s = space.end_s
    changed = {
        f"young_{YOUNGER}_day": replace(choice, young_days=YOUNGER),
        f"young_{OLDER}_days": replace(choice, young_days=OLDER),
    }
    if any(row["is_pinned"] == "yes" for row in rows):
        changed["with_pinned"] = replace(choice, with_pinned=True)
    as_it_is = counted(rows, end_s, choice)
    if set(as_it_is.counters) & set(choice.optional):
        changed["likes_alone"] = replace(choice, optional=())
    for change, other in changed.items():
        values = values_of(counted(rows, end_s, other))
        yield Sensitivity(change=change, value=value_of(values) if len(values) else None)
    rest: Rates = np.sort(values_of(as_it_is))[:-1]
    yield Sensitivity(change="without_strongest_post", value=value_of(rest) if len(rest) else None)
