"""The contract of a source. Read this and `registry.py`, and you can write one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import pyarrow as pa

from seguito.kit.progress import Progress

# What a source can show. Measures name what they need in these words; a source that lacks one is "not identified"
# for that measure, which is different from a source that has it and shows little.
Capability = Literal[
    "authors",  # who wrote each comment
    "creator",  # which account is the creator's
    "threads",  # which comment answers which
    "times",  # when each post was written, to the minute or better
    "texts",  # what was written
    "comment_counts",  # how many comments the source declares for each post
    "like_counts",
    "view_counts",
    "likers",  # who liked
    "followers",  # a list of followers
    "follower_counts",
    "follower_profiles",  # counters and self-description of followers
    "paid_flag",
]

Policy = Literal["public_network", "file_of_the_user", "own_account", "simulated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of one reading before it starts.

    Attributes:
        source: the source's name, as in the registry.
        version: version of our reading of it; raise it when a mapping changes.
        batch_id: names the reading; the same input gives the same id.
        observed_at: when the source was seen (for a file: when it was made, as far as it tells).
        seen_until: up to when nothing is missing for want of time (a connector: now); `None` where it does not tell.
        creator_uri: whose space is read, when the reading is of one creator.
        locator: file name or handle, for people.
        sha256: digest of the input, when it is a file.
        details: anything a person may ask later (mapping, options, host), JSON-ready.
    """

    source: str
    version: str
    batch_id: str
    observed_at: datetime
    seen_until: datetime | None = None
    capabilities: frozenset[Capability]
    policy: Policy
    creator_uri: str | None = None
    locator: str = ""
    sha256: str | None = None
    is_simulated: bool = False
    notes: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Facts of one table."""

    table: str
    rows: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be read: where it stands, why, and the row itself (bounded)."""

    locator: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Counted:
    """`rows` more rows of the input were read (for progress and for the batch)."""

    rows: int


class Reading(Protocol):
    """A source opened for one reading."""

    @property
    def about(self) -> About:
        """What is known before reading. A connector may learn more while it reads: ask again afterwards."""

    def read(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        """Facts in batches. Raises SeguitoError when the source as a whole cannot be read."""


@runtime_checkable
class Spooled(Protocol):
    """A reading that keeps pages while it reads, so that an interrupted one can go on."""

    def settle(self, archive: Path | None) -> None:
        """The facts are committed: keep the pages in the folder `archive`, or remove them."""


class Importer(Protocol):
    """A file format."""

    @property
    def name(self) -> str:
        """As in the registry."""

    def recognise(self, sample: Sample) -> float:
        """How sure it is that a file is of this format, 0 to 1, from its content first."""

    def open(self, sample: Sample, options: Options) -> Reading:
        """Open the file for reading."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file, enough to recognise it.

    Attributes:
        path: the file.
        head: its first bytes, decompressed where the file is compressed.
        size: its size in bytes.
    """

    path: Path
    head: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user said about an input.

    Attributes:
        creator: the creator's handle or id, for files that do not tell.
        format: the name of an importer, to overrule recognition.
        mapping: a mapping file for generic tables.
        mappings: folder of mappings accepted earlier.
        timezone: zone of times without one.
        host: another host than the platform's own.
        allow_private_hosts: let `host` (and redirects) lie in a private network.
        max_posts, max_followers: budgets of a connector.
        spool: folder where a connector keeps pages until they are committed, so that it can resume.
    """

    creator: str | None = None
    format: str | None = None
    mapping: Path | None = None
    mappings: Path | None = None
    timezone: str | None = None
    host: str | None = None
    allow_private_hosts: bool = False
    max_posts: int | None = None
    max_followers: int | None = None
    spool: Path | None = None
