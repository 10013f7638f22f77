"""Where pages are kept as they arrive, so that an interrupted reading goes on where it stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from seguito.kit.clock import parse_iso
from seguito.sources.bluesky.pages import ABOUT, END, NOTHING, ZSTD_MAGIC, AboutBody, Page

# Pages of an interrupted reading older than this show another network than the rest would.
GOES_ON_FOR = timedelta(hours=24)


class Spool:
    """A growing file of pages, one zstd frame each, with an index of what was asked.

    Args:
        path: the file; pages that are there already are kept, a half-written last one is cut off.
        now: used to tell whether they are too old to go on with; then they are removed.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self.about: Page | None = None
        self.is_complete = False
        self._frames: dict[bytes, tuple[int, int]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._recover()
        begun = _begun(self.about)
        self.is_stale = begun is not None and now - begun > GOES_ON_FOR
        if begun is None or self.is_stale:
            self.about, self.is_complete, whole = None, False, 0
            self._frames.clear()
        self._file = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(whole)
        self._file.seek(0, os.SEEK_END)

    def __len__(self) -> int:
        return len(self._frames)

    def _recover(self) -> int:
        """Index the whole frames of the file; returns where they end."""
        if not self.path.exists():
            return 0
        content = self.path.read_bytes()
        whole = 0
        for start, end, line in _frames(content):
            try:
                page = msgspec.json.decode(line, type=Page)
            except (ValueError, RecursionError):
                break
            self._remember(page, start, end - start)
            whole = end
        return whole

    def _remember(self, page: Page, start: int, length: int) -> None:
        if page.endpoint == ABOUT:
            self.about = page
        elif page.endpoint == END:
            self.is_complete = True
        self._frames[_asked(page.endpoint, page.params, page.body)] = (start, length)

    def find(self, endpoint: str, params: dict[str, Any]) -> Page | None:
        """The page that answered this question, if it was asked."""
        place = self._frames.get(_asked(endpoint, params))
        if place is None:
            return None
        self._file.seek(place[0])
        frame = self._file.read(place[1])
        self._file.seek(0, os.SEEK_END)
        return msgspec.json.decode(_unpacked(frame), type=Page)

    def add(self, page: Page) -> None:
        """Keep one more page; one of our own remarks only once."""
        asked = _asked(page.endpoint, page.params, page.body)
        if asked in self._frames:
            return
        # The checksum tells a frame that was half written from one that is whole.
        packer = zstandard.ZstdCompressor(level=3, write_checksum=True)
        frame = packer.compress(msgspec.json.encode(page) + b"\n")
        start = self._file.tell()
        self._file.write(frame)
        self._file.flush()
        self._remember(page, start, len(frame))

    def about_body(self) -> AboutBody | None:
        """What the first line says."""
        if self.about is None:
            return None
        return msgspec.json.decode(self.about.body, type=AboutBody)

    def close(self) -> None:
        """Close the file and leave it where it is, unless nothing was worth keeping."""
        self._file.close()
        if self.about is None:
            self.path.unlink(missing_ok=True)


def sweep(own: Path, now: datetime) -> None:
    """Remove the pages of other readings in the folder that were interrupted too long ago to go on."""
    for path in own.parent.glob("bluesky-*.ndjson.zst"):
        if path != own and now.timestamp() - path.stat().st_mtime > GOES_ON_FOR.total_seconds():
            path.unlink(missing_ok=True)


def _asked(endpoint: str, params: dict[str, Any], body: msgspec.Raw = NOTHING) -> bytes:
    """What makes a page one of a kind: the question; for remarks of our own, what they say."""
    said = bytes(body) if endpoint.startswith("seguito.") else b""
    return msgspec.json.encode([endpoint, params], order="deterministic") + said


def _begun(about: Page | None) -> datetime | None:
    return None if about is None else parse_iso(about.at)


def _frames(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every whole frame from the beginning: where it starts, where it ends, what it holds."""
    start = 0
    while start < len(content):
        end = start
        line = None
        while line is None and end < len(content):
            # The magic number may also stand inside a frame by chance: then the piece does not unpack.
            end = content.find(ZSTD_MAGIC, end + 4)
            end = len(content) if end < 0 else end
            line = _try(content[start:end])
        if line is None:
            return
        yield start, end, line
        start = end


def _try(frame: bytes) -> bytes | None:
    try:
        return _unpacked(frame)
    except zstandard.ZstdError:
        return None


def _unpacked(frame: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompress(frame, allow_extra_data=False)
