"""A creator's figures beside those of a cohort's peers: the dots, the place among them, and the figure drawn to them.

Like is compared with like: peers of the same platform and, where followers are counted on both sides, the same tier;
figures of the same definition, over windows of much the same length and time. What cannot be compared is counted, with
the reason. Nothing is ranked over measures and no peer is named.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from seguito.dossier.cohort import Cohort, Peer, Told
from seguito.kit.clock import Window
from seguito.kit.intervals import LEVEL, Interval, Z
from seguito.kit.shrinkage import METHOD, drawn, middle_of, position, rank
from seguito.measures.estimate import Estimate

# Below this many peers a percentile's interval spans more than a third of the scale: the dots say more.
LEAST_FOR_PERCENTILE = 30
# Windows may differ in length by this factor, and their ends by so many days.
LENGTHS = 2.0
APART_DAYS = 366
# Upper ends of the tiers, by followers: cuts for display, with no meaning of their own.
TIERS = (
    ("under_1k", 1_000),
    ("1k_10k", 10_000),
    ("10k_100k", 100_000),
    ("100k_500k", 500_000),
    ("500k_1m", 1_000_000),
    ("over_1m", math.inf),
)
USABLE = ("ok", "weak")
# Why a creator of the cohort is no peer of this one, and why a peer's figure cannot be compared.
LEFT_OUT = frozenset({"same_creator", "simulated", "other_platform", "tier_unknown", "other_tier"})
NOT_COMPARED = frozenset({"not_known", "other_definition", "other_window"})
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dot:
    """One peer's figure; `name` only where the owner asked for names."""

    value: float
    is_weak: bool
    name: str | None


@dataclass(frozen=True, slots=True)
class Pulled:
    """A figure drawn towards its peers'.

    Attributes:
        value: where it then lies.
        interval: what is not ruled out, with what the peers tell.
        pull: the share of the way from the figure to the middle that it went.
        middle: where the peers lie.
        peers: how many of them have an interval, without which they cannot be weighed.
        scale: `log` or `angle` (arcsine of the root, for shares): the scale on which errors are alike.
    """

    value: float
    interval: Interval
    pull: float
    middle: float
    peers: int
    scale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure's figure beside the peers'.

    Attributes:
        measure: which.
        dots: the peers' figures, the lowest first.
        percentile: the share of peers below; `None` with fewer than 30 of them.
        percentile_interval: a binomial interval on the rank.
        drawn: the figure drawn towards the peers; `None` with fewer than five that have an interval.
        times: by which factor the figure drawn towards the peers differs from their middle; on a log scale only.
        times_interval: what is not ruled out of that.
        not_compared: peers whose figure cannot be compared, by reason.
    """

    measure: str
    dots: tuple[Dot, ...]
    percentile: float | None = None
    percentile_interval: Interval | None = None
    drawn: Pulled | None = None
    times: float | None = None
    times_interval: Interval | None = None
    not_compared: Counts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A creator beside a cohort.

    Attributes:
        cohort: the cohort's name.
        sha256: a digest of what it held.
        platform: of the peers that were used.
        tier: of the peers that were used; `None` where the creator's followers are not known.
        peers: how many were used.
        left_out: how many were not, by reason.
        comparisons: one for every measure with a figure.
    """

    cohort: str
    sha256: str
    platform: str
    tier: str | None
    peers: int
    left_out: Counts
    comparisons: tuple[Comparison, ...]


def tier_of(followers: int | None) -> str | None:
    """The tier of a number of followers; `None` where it is not known."""
    return None if followers is None else next(name for name, end in TIERS if followers < end)


def compare(
    estimates: Iterable[Estimate],
    cohort: Cohort,
    *,
    creator_uri: str,
    platform: str,
    followers: int | None,
    is_simulated: bool,
    show_names: bool = False,
) -> Compared:
    """Put a creator's figures beside those of a cohort.

    Args:
        estimates: the creator's.
        cohort: the peers.
        creator_uri: the creator, who is no peer of their own.
        platform: where the creator is.
        followers: how many followers the creator has; `None` where it is not known.
        is_simulated: whether the creator was invented by a program.
        show_names: whether the dots carry the peers' names.
    """
    tier = tier_of(followers)
    reasons = {
        one.creator_uri: _stranger(one, creator_uri, platform, tier, is_simulated=is_simulated) for one in cohort.peers
    }
    used = [one for one in cohort.peers if not reasons[one.creator_uri]]
    return Compared(
        cohort=cohort.name,
        sha256=cohort.sha256,
        platform=platform,
        tier=tier,
        peers=len(used),
        left_out=_counted(reasons.values()),
        comparisons=tuple(
            _comparison(one, one.value, used, show_names=show_names)
            for one in estimates
            if one.usable and one.value is not None
        ),
    )


def _stranger(peer: Peer, creator_uri: str, platform: str, tier: str | None, *, is_simulated: bool) -> str:
    """Why a creator of the cohort is no peer of this one; empty where they are."""
    if peer.creator_uri == creator_uri:
        return "same_creator"
    if peer.is_simulated != is_simulated:
        return "simulated"
    if peer.platform != platform:
        return "other_platform"
    if tier is not None and peer.followers is None:
        return "tier_unknown"
    return "other_tier" if tier is not None and tier_of(peer.followers) != tier else ""


def _counted(reasons: Iterable[str]) -> Counts:
    return dict(sorted(Counter(reason for reason in reasons if reason).items()))


def _comparison(one: Estimate, value: float, peers: Sequence[Peer], *, show_names: bool) -> Comparison:
    told = [(peer, next((each for each in peer.estimates if each.measure == one.measure), None)) for peer in peers]
    reasons = [_incomparable(one, peer, theirs) for peer, theirs in told]
    kept = [
        (peer.name, theirs)
        for (peer, theirs), reason in zip(told, reasons, strict=True)
        if theirs is not None and not reason
    ]
    dots = [Dot(theirs.value or 0.0, theirs.status == "weak", name if show_names else None) for name, theirs in kept]
    values = [dot.value for dot in dots]
    enough = len(values) >= LEAST_FOR_PERCENTILE
    pulled, times, span = _drawn(one, [theirs for _, theirs in kept])
    return Comparison(
        measure=one.measure,
        dots=tuple(sorted(dots, key=lambda dot: (dot.value, dot.is_weak, dot.name or ""))),
        percentile=position(value, values) if enough else None,
        percentile_interval=rank(value, values) if enough else None,
        drawn=pulled,
        times=times,
        times_interval=span,
        not_compared=_counted(reasons),
    )


def _incomparable(one: Estimate, peer: Peer, theirs: Told | None) -> str:
    if theirs is None or theirs.value is None or theirs.status not in USABLE:
        return "not_known"
    if (theirs.unit, theirs.version) != (one.unit, one.version):
        return "other_definition"
    return "" if _alike(one.window, peer) else "other_window"


def _alike(window: Window, peer: Peer) -> bool:
    mine, theirs = window.days, peer.window.days
    apart = abs((window.end - peer.window.end).total_seconds()) / 86_400
    return min(mine, theirs) * LENGTHS >= max(mine, theirs) and apart <= APART_DAYS


# -- drawn towards the peers ----------------------------------------------------------------------------------------


def _drawn(one: Estimate, peers: Sequence[Told]) -> tuple[Pulled | None, float | None, Interval | None]:
    scale = "angle" if one.unit == "share" else "log"
    ends = one.interval
    mine = None if ends is None else _on_scale(one.value, ends.lo, ends.hi, ends.level, scale)
    placed = [
        _on_scale(each.value, each.interval.lo, each.interval.hi, each.interval.level, scale)
        for each in peers
        if each.interval is not None
    ]
    known = [found for found in placed if found is not None]
    middle = middle_of([value for value, _ in known], [variance for _, variance in known])
    if mine is None or middle is None:
        return None, None, None
    found = drawn(*mine, middle)
    lo, hi = found.interval()
    pulled = Pulled(
        value=_back(found.value, scale),
        interval=Interval(_back(lo, scale), _back(hi, scale), METHOD),
        pull=found.pull,
        middle=_back(middle.value, scale),
        peers=middle.peers,
        scale=scale,
    )
    if scale == "angle":
        return pulled, None, None
    lo, hi = found.interval(middle.variance)
    away = Interval(math.exp(lo - middle.value), math.exp(hi - middle.value), METHOD)
    return pulled, math.exp(found.value - middle.value), away


def _on_scale(value: float | None, lo: float, hi: float, level: float, scale: str) -> tuple[float, float] | None:
    """A figure and its variance on a scale where its error does not hang on its size; `None` where it has no place.

    A figure of 0 has no logarithm and is left out. An interval that reaches 0 has no lower end there either, so its
    width is taken in proportion to the figure.
    """
    if value is None or level != LEVEL or value < 0 or (scale == "log" and value == 0):
        return None
    if scale == "angle":
        width = _angle(hi) - _angle(lo)
        return (_angle(value), (width / (2 * Z)) ** 2) if width > 0 else None
    width = math.log(hi / lo) if lo > 0 else (hi - lo) / value
    return (math.log(value), (width / (2 * Z)) ** 2) if width > 0 else None


def _angle(share: float) -> float:
    return math.asin(math.sqrt(min(1.0, max(0.0, share))))


def _back(place: float, scale: str) -> float:
    if scale == "log":
        return math.exp(place)
    return math.sin(min(math.pi / 2, max(0.0, place))) ** 2


def times_of(compared: Compared, measure: str) -> tuple[float, Interval, int] | None:
    """By which factor a creator's figure differs from the peers', where there are peers enough to tell."""
    found: Mapping[str, Comparison] = {one.measure: one for one in compared.comparisons}
    one = found.get(measure)
    if one is None or one.times is None or one.times_interval is None or one.drawn is None:
        return None
    return (one.times, one.times_interval, one.drawn.peers) if one.drawn.peers >= LEAST_FOR_PERCENTILE else None
