"""A tiny invented community whose every estimate can be worked out by hand, and the worlds at its edges.

Start with `ada.py`. `WORLDS` names them all; each call builds a new one.
"""

from __future__ import annotations

from collections.abc import Callable

from seguito.testing.known_world.ada import ada
from seguito.testing.known_world.crowd import crowd
from seguito.testing.known_world.edges import all_hidden, all_unknown, empty, no_answers, one_person
from seguito.testing.world import World

# Worlds in which nothing can be said: every measure must say so, and none may say 0.
SILENT: dict[str, Callable[[], World]] = {
    "empty": empty,
    "one_person": one_person,
    "all_unknown": all_unknown,
    "all_hidden": all_hidden,
}

WORLDS: dict[str, Callable[[], World]] = {"ada": ada, "crowd": crowd, "no_answers": no_answers, **SILENT}

__all__ = [
    "SILENT",
    "WORLDS",
    "World",
    "ada",
    "all_hidden",
    "all_unknown",
    "crowd",
    "empty",
    "no_answers",
    "one_person",
]
