"""Reading a small file written on the spot, and looking at what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seguito.sources.contract import Options
from seguito.sources.files.recognise import open_files
from seguito.testing.sources import Observed, observe


def read(path: Path, content: str | bytes, options: Options | None = None) -> Observed:
    """Write a file, read it, and return all it gave."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return seen(path, options=options)


def seen(*paths: Path, options: Options | None = None, at: int = 0) -> Observed:
    """Read files together; `at` says which of them to look at, posts before comments."""
    return observe(lambda: open_files(list(paths), options or Options())[at])


def posts(found: Observed) -> list[dict[str, Any]]:
    """The comments of a reading, in the order of their keys."""
    return sorted(found.comments().to_pylist(), key=lambda row: row["uri"])


def reasons(found: Observed) -> list[tuple[str, str]]:
    """Where and why rows were set aside."""
    return [(one.locator, one.reason) for one in found.rejects]
