"""A batch: one reading of one source; and coverage: what was declared there against what was collected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seguito.facts.account import CountState

Sampling = Literal["all", "newest", "top", "random", "unknown"]
Counted = Literal["posts", "comments", "replies", "likes", "reposts", "quotes", "followers", "profiles", "days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """For one scope (a post, a creator's space): how many the source declares and how many were collected.

    `scope_uri` is a post's uri or the creator's. `limited_by` names the budget or obstacle that cut the reading.
    """

    scope_uri: str
    space_uri: str | None = None
    what: Counted
    declared: int | None = None
    declared_state: CountState = "unknown"
    collected: int
    sampling: Sampling = "unknown"
    limited_by: str | None = None
    observed_at: datetime
    batch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One step that wrote to the lake, and the commit point of all it wrote.

    `versions` holds, as JSON, the version of every table after the batch: a reader sees either all of it or nothing.
    `seen_until` is up to when the source was complete as far as it goes; null where it does not tell.
    `capabilities` names what the source can show (`seguito.sources.contract.Capability`).
    """

    batch_id: str
    sequence: int
    step: Literal["collect", "label", "erase", "upkeep"]
    source: str
    source_version: str = ""
    creator_uri: str | None = None
    locator: str | None = None
    sha256: str | None = None
    capabilities: tuple[str, ...] = ()
    policy: str = "file_of_the_user"
    is_simulated: bool = False
    rows_read: int = 0
    rows_kept: int = 0
    rows_skipped: int = 0
    skip_reasons: str = "{}"
    notes: tuple[str, ...] = ()
    details: str = "{}"
    seen_until: datetime | None = None
    started_at: datetime
    finished_at: datetime
    versions: str = "{}"
    voids_before: int | None = None
