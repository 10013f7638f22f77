"""Seguito: the relation between a creator, the community that follows them and the brands that would speak to it.

The library in five names, in the order facts flow:

    lake = open_lake("my-workspace")
    collect(lake, "comments.csv")            # or "bluesky:HANDLE"
    label(lake)
    measure(lake, "HANDLE", "dialogue.answered_share")
    vet(lake, "HANDLE")

Everything here is public; a change to it is a breaking change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["collect", "label", "measure", "open_lake", "vet"]

if TYPE_CHECKING:
    from seguito.library import collect, label, measure, vet
    from seguito.store.lake import open_lake

_PLACES = {
    "open_lake": "seguito.store.lake",
    "collect": "seguito.library",
    "label": "seguito.library",
    "measure": "seguito.library",
    "vet": "seguito.library",
}


def __getattr__(name: str) -> Any:
    # Importing seguito is cheap: the heavy libraries come with the first use.
    if name not in _PLACES:
        raise AttributeError(f"module 'seguito' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
