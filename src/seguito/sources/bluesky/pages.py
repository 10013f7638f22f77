"""Pages as they are kept: one JSON line per answer (format in NOTES.md), and the importer that reads such a file."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from seguito.kit.errors import BadInput, NotFound
from seguito.sources.contract import Options, Reading, Reject, Sample

ABOUT, LIMIT, NOTE, END = "seguito.about", "seguito.limit", "seguito.note", "seguito.end"
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


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A file of pages as plain bytes, decompressed on the way where it is zstd."""
    import zstandard

    with path.open("rb") as file:
        if file.read(4) != ZSTD_MAGIC:
            file.seek(0)
            yield file
            return
        file.seek(0)
        with zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as reader:
            yield io.BufferedReader(reader, 1 << 20)


def read_pages(path: Path) -> Iterator[tuple[int, Page | Reject]]:
    """The pages of a file with their line numbers; a line that is no page comes as a `Reject`."""
    import zstandard

    try:
        with opened(path) as lines:
            number = 0
            while line := lines.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    raise BadInput(
                        f"{path.name}, line {number}: the line is longer than {LONGEST_LINE // 1024**2} MB.",
                        "This is not a file of network pages.",
                    )
                if not line.isspace():
                    yield number, _page(line, number)
    except zstandard.ZstdError as error:
        yield number + 1, Reject(f"line {number + 1}", f"the compressed file is damaged: {error}"[:200], "")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check its name.") from error


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
