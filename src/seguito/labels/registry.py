"""Every labeller, one line each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib import import_module

from seguito.labels.contract import Labeller

# Loaded by name, only when used.
LABELLERS: dict[str, str] = {
    "question": "seguito.labels.question:QUESTION",
}


def labellers(names: Iterable[str] = LABELLERS) -> list[Labeller]:
    """Load labellers by name."""
    found: list[Labeller] = []
    for name in names:
        module, attribute = LABELLERS[name].split(":")
        found.append(getattr(import_module(module), attribute))
    return found


def signature(chosen: Iterable[Labeller]) -> str:
    """What the labels of a reading depend on: every labeller with its revision."""
    parts = sorted(f"{one.name}@{one.revision}" for one in chosen)
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]
