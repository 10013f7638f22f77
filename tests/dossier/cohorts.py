"""Peers made up for tests: a cohort of any size whose figures are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from seguito.dossier.cohort import Cohort, Ends, Peer, Span, Told

END = datetime(2026, 8, 30, tzinfo=UTC)


def told(
    measure: str,
    value: float | None,
    ends: Sequence[float] | None = None,
    *,
    unit: str = "share",
    version: int = 1,
    status: str = "ok",
    n: int = 100,
) -> Told:
    interval = None if ends is None else Ends(ends[0], ends[1], 0.95)
    return Told(measure=measure, version=version, status=status, value=value, unit=unit, n=n, interval=interval)


def peer(
    name: str,
    *estimates: Told,
    platform: str = "bluesky",
    followers: int | None = 18_400,
    days: float = 180,
    end: datetime = END,
    is_simulated: bool = False,
) -> Peer:
    return Peer(
        creator_uri=f"{platform}:account:{name}",
        name=name,
        platform=platform,
        followers=followers,
        window=Span(end - timedelta(days=days), end),
        is_simulated=is_simulated,
        report_sha256="0" * 64,
        estimates=tuple(estimates),
    )


def cohort(peers: Iterable[Peer], name: str = "food-it") -> Cohort:
    return Cohort(name, ()).with_peers(list(peers))
