"""A message: private text between accounts. Kept apart from everything a brand may ever see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from seguito.facts.times import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One private message of one exchange."""

    uri: str
    exchange_uri: str
    platform: str
    sender_uri: str | None = None
    sent_at: datetime | None = None
    sent_precision: Precision | None = None
    direction: Literal["in", "out", "unknown"] = "unknown"
    text: str | None = None
    is_event: bool = False
    observed_at: datetime
    batch_id: str
