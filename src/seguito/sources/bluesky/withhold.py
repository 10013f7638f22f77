"""Takes out the words of people who ask not to be shown to those who are not signed in, before answers are kept."""

from __future__ import annotations

from typing import Any

import msgspec

from seguito.sources.bluesky import views


def withheld(body: bytes) -> bytes:
    """The same answer without the words of people who ask not to be shown to those who are not signed in."""
    if views.SIGNED_IN_ONLY.encode() not in body:
        return body
    found = msgspec.json.decode(body)
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            _close(part)
            waiting += part.values()
    return msgspec.json.encode(found)


def _close(part: dict[str, Any]) -> None:
    if _asks(part):
        for name in ("displayName", "description", "pronouns", "website", "avatar", "banner", "status"):
            part.pop(name, None)
    if _asks(part.get("author")):
        for name in ("record", "value"):
            if isinstance(part.get(name), dict):
                kept = ("$type", "createdAt", "reply")
                part[name] = {key: value for key, value in part[name].items() if key in kept}
        for name in ("embed", "embeds"):
            part.pop(name, None)


def _asks(actor: Any) -> bool:
    labels = actor.get("labels") if isinstance(actor, dict) and "did" in actor else None
    return isinstance(labels, list) and any(
        isinstance(mark, dict) and mark.get("val") == views.SIGNED_IN_ONLY and not mark.get("neg") for mark in labels
    )
