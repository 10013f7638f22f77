"""Kept files are read whole before they are said to name nobody."""

from __future__ import annotations

from pathlib import Path

import zstandard

from seguito.store.sidefiles import _text


def test_pages_of_several_frames_are_read_to_the_end(tmp_path: Path) -> None:
    frames = [zstandard.compress(f"did:plc:member{number}\n".encode()) for number in range(3)]
    kept = tmp_path / "pages.ndjson.zst"
    kept.write_bytes(b"".join(frames))
    assert _text(kept) == "did:plc:member0\ndid:plc:member1\ndid:plc:member2\n"
    kept.write_bytes(b"".join(frames)[:-4])
    assert "did:plc:member1\n" in _text(kept)
