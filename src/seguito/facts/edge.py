"""Edges between an account and something else: a reaction to a post, a follow of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seguito.facts.times import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A like or repost. `at` is null where the source lists people without times."""

    account_uri: str
    subject_uri: str
    kind: Literal["like", "repost", "quote", "bookmark", "other"]
    at: datetime | None = None
    at_precision: Precision | None = None
    observed_at: datetime
    batch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """An edge seen in a list at `observed_at`; `at` is when it was made, where the source tells."""

    follower_uri: str
    followed_uri: str
    at: datetime | None = None
    at_precision: Precision | None = None
    observed_at: datetime
    batch_id: str
