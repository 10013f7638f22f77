"""How things are named in the lake: `platform:kind:native-id`, always text."""

from __future__ import annotations

from typing import Literal

Platform = str
Kind = Literal["account", "post", "comment", "message", "list"]


def key(platform: Platform, kind: Kind, native_id: str) -> str:
    """The key of one thing. Comments and posts share one id space on platforms that do not tell them apart."""
    return f"{platform}:{kind}:{native_id}"


def platform_of(uri: str) -> Platform:
    """The platform a key belongs to."""
    return uri.split(":", 1)[0]


def native_of(uri: str) -> str:
    """The platform's own id inside a key."""
    return uri.split(":", 2)[2]
