"""Streams of bytes that end where the damage begins, and say so, instead of losing what came before it."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import IO

BLOCK = 1 << 20
# Little at a time: a few bytes of zstd may stand for megabytes.
_SIP = 2_048
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Stream(io.BufferedReader):
    """Bytes to read; `is_damaged` tells afterwards whether they ended for want of a sound file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = _Pieces(pieces)
        super().__init__(self._pieces, BLOCK)

    @property
    def is_damaged(self) -> bool:
        """Whether the bytes end before the file should have ended."""
        return self._pieces.is_damaged


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")
        self.is_damaged = False

    def readable(self) -> bool:
        return True

    # The stubs ask for any writable buffer; io always hands over a memoryview.
    def readinto(self, buffer: memoryview[int], /) -> int:  # type: ignore[override]
        while not self._left:
            try:
                self._left = memoryview(next(self._pieces))
            except StopIteration:
                return 0
            except (EOFError, OSError, zlib.error, UnicodeError):
                self.is_damaged = True
                self._pieces = iter(())
                return 0
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def unpacked(raw: IO[bytes], magic: bytes) -> Iterator[bytes]:
    """The bytes of a file, decompressed where its first bytes say gzip or zstd; raises where it is damaged."""
    if magic.startswith(_GZIP):
        with gzip.open(raw) as plain:
            while piece := plain.read1(BLOCK):
                yield piece
    elif magic.startswith(_ZSTD):
        yield from _zstd(raw)
    else:
        while piece := raw.read(BLOCK):
            yield piece


def _zstd(raw: IO[bytes]) -> Iterator[bytes]:
    import zstandard

    frame, is_open = zstandard.ZstdDecompressor().decompressobj(), False
    while piece := raw.read(_SIP):
        while piece:
            try:
                yield frame.decompress(piece)
            except zstandard.ZstdError as error:
                raise EOFError(str(error)) from error
            is_open = not frame.eof
            piece = frame.unused_data if frame.eof else b""
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
    if is_open:
        raise EOFError("the last frame is not complete")


def transcoded(file: Stream, encoding: str) -> Iterator[bytes]:
    """Text of another encoding as UTF-8; bytes that are no text in it stay as they are."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    while piece := file.read(BLOCK):
        yield decoder.decode(piece).encode("utf-8", "surrogateescape")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")
    if file.is_damaged:
        raise EOFError("the file below is damaged")
