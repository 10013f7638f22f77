"""An account: one identity on one platform, and its profile as seen at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seguito.facts.times import Precision

AccountKind = Literal["person", "brand", "bot", "group", "channel", "unknown"]
AccountState = Literal["active", "deactivated", "suspended", "deleted", "blocked", "unknown_gone", "unknown"]
CountState = Literal["known", "hidden", "unavailable", "rounded", "partial", "disabled", "unknown"]
YesNo = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One identity on one platform. Handles change; `uri` does not."""

    uri: str
    platform: str
    native_id: str
    handle: str | None = None
    display_name: str | None = None
    url: str | None = None
    kind: AccountKind = "unknown"
    created_at: datetime | None = None
    created_precision: Precision | None = None
    state: AccountState = "unknown"
    is_pseudonymous: bool = False
    do_not_profile: bool = False
    observed_at: datetime
    batch_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an account said of itself and its counters, as seen at `observed_at`. Unknown is null, never 0."""

    account_uri: str
    followers: int | None = None
    followers_state: CountState = "unknown"
    following: int | None = None
    following_state: CountState = "unknown"
    posts: int | None = None
    posts_state: CountState = "unknown"
    bio: str | None = None
    has_avatar: YesNo = "unknown"
    is_verified: YesNo = "unknown"
    is_private: YesNo = "unknown"
    labels: tuple[str, ...] = ()
    observed_at: datetime
    batch_id: str
