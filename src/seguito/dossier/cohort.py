"""A cohort: creators vetted before, kept in a plain file, to compare a creator with.

One line a peer, JSON; the first line says what the file is. It holds what the peers' own reports said, and nothing of
it leaves the workspace: a report shows the peers' figures as dots, without names unless its owner asks.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from seguito.kit.errors import BadInput, DiskFull, NotFound, Refused, UsageError

FORMAT = "seguito-cohort-1"
REPORT = "seguito-report-1"
ENDING = ".jsonl"
LARGEST_REPORT = 64 * 1024 * 1024
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_MEASURE = re.compile(r"[a-z]+\.[a-z0-9_]{1,60}")


class Ends(msgspec.Struct, frozen=True):
    """An interval as a report tells it."""

    lo: float
    hi: float
    level: float


class Told(msgspec.Struct, frozen=True):
    """One measure's answer, as a peer's report told it: what a comparison needs of an estimate."""

    measure: str
    version: int
    status: str
    value: float | None
    unit: str
    n: int
    interval: Ends | None = None


class Span(msgspec.Struct, frozen=True):
    """A stretch of time."""

    start: datetime
    end: datetime

    @property
    def days(self) -> float:
        """How long it is."""
        return (self.end - self.start).total_seconds() / 86_400


class Peer(msgspec.Struct, frozen=True):
    """One creator of a cohort.

    Attributes:
        creator_uri: who it is.
        name: handle or name, for the owner's eyes.
        platform: where.
        followers: how many there were; `None` where the report does not tell.
        window: what its figures are of.
        is_simulated: whether a program invented it.
        report_sha256: the report it was taken from.
        estimates: what its measures answered.
    """

    creator_uri: str
    name: str
    platform: str
    followers: int | None
    window: Span
    is_simulated: bool
    report_sha256: str
    estimates: tuple[Told, ...]


class _Report(msgspec.Struct):
    """What is read of a report; the rest is passed over."""

    format: str
    is_simulated: bool
    creator: dict[str, Any]
    window: Span
    looked_at: dict[str, Any]
    estimates: list[dict[str, Any]]
    result_sha256: str


@dataclass(frozen=True, slots=True)
class Cohort:
    """Peers under a name."""

    name: str
    peers: tuple[Peer, ...]

    @property
    def sha256(self) -> str:
        """A digest of what the peers' reports said, so that a report can name the very cohort it was compared with."""
        return hashlib.sha256(b"\n".join(_line(one) for one in self.peers)).hexdigest()

    def with_peers(self, peers: Sequence[Peer]) -> Cohort:
        """The cohort with more peers; a creator who is in it already is taken from the newer report."""
        kept = {one.creator_uri: one for one in (*self.peers, *peers)}
        return Cohort(self.name, tuple(kept[uri] for uri in sorted(kept)))


def peer_of(document: Mapping[str, Any] | bytes, source: str = "the report") -> Peer:
    """The peer that a report is about.

    Args:
        document: a report as `seguito.reports.canonical.to_document` gives it, or the bytes of its JSON.
        source: how to call it in an error.

    Raises:
        BadInput: it is no report of this program.
    """
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    try:
        report = msgspec.json.decode(data, type=_Report)
        if report.format != REPORT:
            raise msgspec.ValidationError(f"format is {report.format[:40]!r}")
        uri, platform = str(report.creator["uri"])[:500], str(report.creator["platform"])[:60]
        name = str(report.creator.get("handle") or report.creator.get("display_name") or uri)[:200]
        return Peer(
            creator_uri=uri,
            name=name,
            platform=platform,
            followers=_followers(report),
            window=report.window,
            is_simulated=report.is_simulated,
            report_sha256=report.result_sha256[:64],
            estimates=tuple(_told(one) for one in report.estimates),
        )
    except (msgspec.MsgspecError, KeyError, ValueError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(
            f"{source} is no report that can be compared: {str(error)[:120] or 'it cannot be read'}.",
            "Name the .json that stands beside a report's page; an older one can be made again with seguito report.",
        ) from error


def _told(estimate: Mapping[str, Any]) -> Told:
    one = msgspec.convert(estimate, Told)
    ends = [] if one.interval is None else [one.interval.lo, one.interval.hi]
    if not _MEASURE.fullmatch(one.measure) or not all(math.isfinite(end) for end in (*ends, one.value or 0.0)):
        raise msgspec.ValidationError("a measure without a proper name or figure")
    return one


def _followers(report: _Report) -> int | None:
    """The count that the peer's own figures were divided by, else what the source declares."""
    notes = [note for one in report.estimates for note in one.get("notes", ())]
    told = [note["values"]["followers"] for note in notes if note.get("code") == "followers_at"]
    found = told[0] if told else report.looked_at.get("followers_declared")
    return found if isinstance(found, int) and found >= 0 else None


# -- the files ------------------------------------------------------------------------------------------------------


def check_name(name: str) -> str:
    """The name, where a file can be called so.

    Raises:
        UsageError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name[:60]}' is no name for a cohort.", "Use up to 40 small letters, digits, - and _, such as food-it."
        )
    return name


def names_in(folder: Path) -> list[str]:
    """The cohorts of a workspace, by name."""
    return sorted(file.stem for file in folder.glob(f"*{ENDING}")) if folder.is_dir() else []


def load(folder: Path, name: str) -> Cohort:
    """A cohort from its file.

    Raises:
        NotFound: there is none of this name.
        BadInput: the file is not what it should be.
    """
    file = folder / f"{check_name(name)}{ENDING}"
    if not file.is_file():
        held = ", ".join(names_in(folder)) or "none"
        raise NotFound(
            f"This workspace has no cohort '{name}'. It has: {held}.", f"seguito cohort add {name} REPORT.json"
        )
    try:
        first, *lines = file.read_bytes().splitlines()
        if json.loads(first).get("format") != FORMAT:
            raise ValueError("another format")
        return Cohort(name, tuple(msgspec.json.decode(line, type=Peer) for line in lines if line.strip()))
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.", "Give yourself leave to read it.") from error
    except (ValueError, AttributeError, msgspec.MsgspecError) as error:
        raise BadInput(f"{file} is no cohort: {str(error)[:120]}.", "Remove it and add its reports again.") from error


def save(folder: Path, cohort: Cohort) -> Path:
    """Write a cohort's file, whole or not at all."""
    file = folder / f"{check_name(cohort.name)}{ENDING}"
    half = file.with_suffix(".part")
    head = json.dumps({"format": FORMAT, "name": cohort.name}).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.write_bytes(b"\n".join([head, *map(_line, cohort.peers)]) + b"\n")
        half.replace(file)
    except OSError as error:
        raise DiskFull(f"{file} could not be written: {error.strerror}.", "Free some space and try again.") from error
    return file


def discard(folder: Path, name: str) -> None:
    """Remove a cohort's file."""
    (folder / f"{check_name(name)}{ENDING}").unlink(missing_ok=True)


def read_report(file: Path) -> bytes:
    """The bytes of a report's JSON.

    Raises:
        BadInput: it is larger than any report.
        Refused: it may not be read.
    """
    try:
        if file.stat().st_size > LARGEST_REPORT:
            raise BadInput(
                f"{file.name} has more than {LARGEST_REPORT // 2**20} MB: no report is as large.",
                "Name the .json that stands beside a report's page.",
            )
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.", "Name a file you may read.") from error


def _line(peer: Peer) -> bytes:
    return msgspec.json.encode(peer)
