"""Pages as they are kept: one JSON line per answer (format in NOTES.md), and the importer that reads such a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from seguito.kit.errors import BadInput
from seguito.sources.contract import Options, Reading, Reject, Sample

ABOUT, LIMIT, NOTE, END = "seguito.about", "seguito.limit", "seguito.note", "seguito.end"
CHUNK = 256 * 1024
LONGEST_LINE = 128 * 1024 * 1024
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


NOTHING = msgspec.Raw()


class Failure(msgspec.Struct):
    """A refusal of one page."""

    status: int
    error: str
    message: str = ""


class Page(msgspec.Struct, omit_defaults=True):
    """One answer: what was asked, when it came, and the body as it came (or the refusal)."""

    endpoint: str
    params: dict[str, Any] = {}
    at: str = ""
    body: msgspec.Raw = NOTHING
    error: Failure | None = None

    @property
    def has_body(self) -> bool:
        """Whether there is an answer, rather than a refusal."""
        return bool(bytes(self.body))


class AboutBody(msgspec.Struct, omit_defaults=True):
    """What a file of pages says of itself in its first line."""

    creator: str | None = None
    handle: str | None = None
    host: str | None = None
    is_simulated: bool = False
    seen_until: str | None = None
    batch_id: str | None = None


class LimitBody(msgspec.Struct):
    """What was cut short, for which scope, and by what."""

    what: str
    scope: str
    limited_by: str


class NoteBody(msgspec.Struct):
    """A remark for people."""

    text: str


_PAGES = msgspec.json.Decoder(Page)


def remark(endpoint: str, at: str, body: msgspec.Struct | None = None) -> Page:
    """A line of our own among the pages."""
    return Page(endpoint, {}, at, msgspec.Raw(msgspec.json.encode(body if body is not None else {})))


def _plain(file: IO[bytes]) -> Iterator[bytes]:
    """The file's content piece by piece, decompressed where it is zstd; raises ZstdError where that breaks off."""
    import zstandard

    piece = file.read(CHUNK)
    if piece[:4] != ZSTD_MAGIC:
        while piece:
            yield piece
            piece = file.read(CHUNK)
        return
    frame: Any = None
    while piece:
        # A damaged frame must not cost the whole ones before it: each is unpacked by itself.
        frame = frame or zstandard.ZstdDecompressor().decompressobj()
        yield frame.decompress(piece)
        piece, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
        piece = piece or file.read(CHUNK)
    if frame is not None:
        raise zstandard.ZstdError("it ends in the middle")


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        whole, newline, tail = piece.rpartition(b"\n")
        if newline:
            yield from (rest + whole).split(b"\n")
            rest = tail
        else:
            rest += piece
            if len(rest) > LONGEST_LINE:
                raise BadInput(
                    f"A line is longer than {LONGEST_LINE // 1024**2} MB.", "This is not a file of network pages."
                )
    if rest:
        yield rest


def read_pages(path: Path) -> Iterator[tuple[int, Page | Reject]]:
    """The pages of a file with their line numbers; a line that is no page comes as a `Reject`."""
    import zstandard

    number = 0
    with path.open("rb") as file:
        try:
            for line in _lines(_plain(file)):
                number += 1
                if line and not line.isspace():
                    yield number, _page(line, number)
        except zstandard.ZstdError as error:
            where = f"line {number + 1}"
            yield number + 1, Reject(where, f"the compressed file is damaged: {error}"[:200], "")


def _page(line: bytes, number: int) -> Page | Reject:
    try:
        return _PAGES.decode(line)
    except (ValueError, RecursionError) as error:
        return Reject(f"line {number}", f"not a page: {error}"[:200], line[:500].decode("utf-8", "backslashreplace"))


class BlueskyPages:
    """Reads a file of stored pages through the same mapping as the live connector."""

    name = "bluesky_pages"

    def recognise(self, sample: Sample) -> float:
        """Sure when the first line is a page of a network, or says that pages follow."""
        first = sample.head.split(b"\n", 1)[0]
        try:
            page = _PAGES.decode(first)
        except (ValueError, RecursionError):
            # A first line longer than the sample still shows its beginning.
            return (
                0.9
                if first[:60].replace(b" ", b"").startswith((b'{"endpoint":"app.bsky.', b'{"endpoint":"segu'))
                else 0.0
            )
        return 1.0 if page.endpoint == ABOUT or page.endpoint.startswith("app.bsky.") else 0.0

    def open(self, sample: Sample, options: Options) -> Reading:
        """Open the file for reading."""
        from seguito.sources.bluesky.reading import PagesReading

        return PagesReading(sample.path, options)


FORMAT = BlueskyPages()


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
