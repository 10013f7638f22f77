"""Up to which files of its tables a step has dealt with the lake: the next time it looks only at what came since.

A note is a convenience: whatever is odd about it (files were joined, rows were removed, another state of the code), it
is as if it had never been.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seguito.store import delta
from seguito.store.commit import named_versions
from seguito.store.layout import Layout
from seguito.store.snapshot import Snapshot

Files = Mapping[str, Sequence[str]]


def files_at(snapshot: Snapshot, names: Sequence[str]) -> dict[str, list[str]]:
    """The files of some tables at one moment, as the tables' folders know them."""
    return {name: _files(snapshot.layout, name, snapshot.versions.get(name)) for name in names}


def came_with(snapshot: Snapshot, sequence: int, names: Sequence[str]) -> dict[str, list[str]]:
    """The files that one batch of the snapshot added to some tables."""
    at = next(place for place, batch in enumerate(snapshot.batches) if batch.sequence == sequence)
    now = named_versions(snapshot.batches[at])
    before = named_versions(snapshot.batches[at - 1]) if at else {}
    found = {}
    for name in names:
        known = set(_files(snapshot.layout, name, before.get(name)))
        found[name] = [one for one in _files(snapshot.layout, name, now.get(name)) if one not in known]
    return found


def since(snapshot: Snapshot, note: str, state: str, names: Sequence[str]) -> dict[str, list[str]] | None:
    """Files of these tables that came after what a note says was dealt with; `None` where there is no such note.

    Args:
        snapshot: the moment now.
        note: the note's name.
        state: what must be as it was, or else all must be dealt with anew.
        names: the tables.
    """
    told = _read(_place(snapshot.layout, note))
    if told is None or told.get("state") != state:
        return None
    found = {}
    for name, now in files_at(snapshot, names).items():
        then = set(told["files"].get(name, []))
        if not then <= set(now):
            return None
        here = snapshot.layout.table(name).absolute()
        found[name] = [str(here / one) for one in now if one not in then]
    return found


def write(layout: Layout, note: str, state: str, files: Files) -> None:
    """Note that these files were dealt with; where that cannot be written it is not."""
    place = _place(layout, note)
    half = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(json.dumps({"state": state, "files": {name: sorted(one) for name, one in files.items()}}))
        half.replace(place)
    except OSError:
        half.unlink(missing_ok=True)


def _place(layout: Layout, note: str) -> Path:
    return layout.prepared / f"{note}.json"


def _read(place: Path) -> dict[str, Any] | None:
    try:
        told: Any = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and isinstance(told.get("files"), dict) else None


def _files(layout: Layout, name: str, version: int | None) -> list[str]:
    path = layout.table(name)
    files = [] if version is None else delta.files_of(path, version)
    return [str(Path(file).relative_to(path.absolute())) for file in files]
