"""Every source, one line each: connectors by platform, importers in the order they are asked."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from seguito.kit.errors import UsageError
from seguito.sources.contract import Importer, Options, Reading

# Loaded by name, only when used.
CONNECTORS: dict[str, str] = {
    "bluesky": "seguito.sources.bluesky.reading:open_reading",
}

IMPORTERS: dict[str, str] = {
    "bluesky_pages": "seguito.sources.bluesky.pages:FORMAT",
    "youtube_data_tools": "seguito.sources.files.youtube_data_tools:FORMAT",
    "minet": "seguito.sources.files.minet:FORMAT",
    "zeeschuimer": "seguito.sources.files.zeeschuimer:FORMAT",
    "fourcat": "seguito.sources.files.fourcat:FORMAT",
    "counters": "seguito.sources.files.counters:FORMAT",
    "table": "seguito.sources.files.generic:FORMAT",
}


def connector(platform: str, account: str, options: Options) -> Reading:
    """Open an account of a platform for reading."""
    if platform not in CONNECTORS:
        raise UsageError(f"There is no connector for '{platform}'.", f"There are: {', '.join(CONNECTORS)}.")
    reading: Reading = _load(CONNECTORS[platform])(account, options)
    return reading


def importer(name: str) -> Importer:
    """One importer by name."""
    if name not in IMPORTERS:
        raise UsageError(f"There is no file format '{name}'.", f"There are: {', '.join(IMPORTERS)}.")
    found: Importer = _load(IMPORTERS[name])
    return found


def _load(place: str) -> Any:
    module, name = place.split(":")
    return getattr(import_module(module), name)
