"""A post: anything an account published, comments and replies included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seguito.facts.account import YesNo
from seguito.facts.times import Basis, Precision

PostKind = Literal["post", "video", "short", "reel", "story", "live", "repost", "quote", "comment"]
PostState = Literal[
    "live",
    "edited",
    "deleted_by_author",
    "removed_by_platform",
    "hidden_by_owner",
    "held",
    "blocked",
    "unknown_gone",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One published post. A comment is a post with a `root_uri`.

    `space_uri` is the creator in whose space it stands: the author of the root. `parent_uri` is what the source
    says was answered; where platforms flatten threads, `inferred_parent_uri` is our reading and says how.
    """

    uri: str
    platform: str
    kind: PostKind
    account_uri: str | None = None
    space_uri: str | None = None
    root_uri: str | None = None
    parent_uri: str | None = None
    inferred_parent_uri: str | None = None
    inferred_method: str | None = None
    quoted_uri: str | None = None
    created_at: datetime | None = None
    created_precision: Precision | None = None
    created_basis: Basis | None = None
    created_raw: str | None = None
    title: str | None = None
    text: str | None = None
    lang_source: str | None = None
    url: str | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    media_type: str | None = None
    duration_s: int | None = None
    is_pinned: YesNo = "unknown"
    paid_flag: YesNo = "unknown"
    state: PostState = "live"
    observed_at: datetime
    batch_id: str
