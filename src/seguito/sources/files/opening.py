"""From a path to bytes: what cannot be opened, what is no table at all, compression, encoding and digest."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from seguito.kit.errors import BadInput, NotFound, Refused, UsageError
from seguito.sources.contract import Sample
from seguito.sources.files.streams import Stream, transcoded, unpacked

HEAD = 262_144
BLOCK = 1 << 20
LONGEST_LINE = 64 << 20
PARQUET = b"PAR1"
Encoding = Literal["utf-8", "utf-16", "cp1252"]

# What a file is when it begins so, and what to do about it.
_NOT_TABLES: tuple[tuple[bytes, str, str], ...] = (
    (
        b"PK\x03\x04",
        "a zip archive or an Excel workbook",
        "Unpack it, or save the sheet as CSV (UTF-8), and name that.",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "Save the sheet as CSV (UTF-8) and name that file."),
    (b"%PDF", "a PDF", "Ask for the table behind it as CSV or JSON."),
    (b"{\\rtf", "a rich text document", "Save the table as CSV (UTF-8) and name that file."),
    (b"SQLite format 3", "an SQLite database", "Export the table you mean as CSV and name that file."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first and name the files inside."),
    (b"Rar!", "a RAR archive", "Unpack it first and name the files inside."),
    (b"BZh", "a bzip2 archive", "Unpack it first and name the file inside."),
    (b"\xfd7zXZ", "an xz archive", "Unpack it first and name the file inside."),
    (b"\x89PNG", "an image", "Name the table it was made from."),
    (b"\xff\xd8\xff", "an image", "Name the table it was made from."),
)
# Letters that were encoded as UTF-8, read as Windows-1252 and encoded again.
_TWICE = (b"\xc3\x83\xc2", b"\xc3\xa2\xe2\x82\xac", b"\xc3\x83\xc6")
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


@dataclass(frozen=True, slots=True)
class Digest:
    """What one pass over a file's bytes tells.

    Attributes:
        sha256: of the file as it lies on disk.
        encoding: of its text.
        has_nul: whether a NUL byte is in it.
        notes: what a person should know about its bytes.
    """

    sha256: str
    encoding: Encoding
    has_nul: bool = False
    notes: tuple[str, ...] = ()


def take_sample(path: Path) -> Sample:
    """The beginning of a file, decompressed.

    Raises:
        NotFound, Refused, UsageError: it is not there, may not be read, or is a folder.
        BadInput: it is empty, or something that holds no table.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name the files in it, for example with *.csv.")
    with opened(path) as file:
        head = file.read(HEAD)
        if file.is_damaged and not head:
            raise BadInput(f"{path.name} is a damaged compressed file.", "Download or copy it again.")
    size = path.stat().st_size
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise BadInput(f"{path.name} is empty.", "Export it again; nothing was read.")
    _refuse_what_is_no_table(path, head)
    return Sample(path, head, size)


def _refuse_what_is_no_table(path: Path, head: bytes) -> None:
    for magic, kind, advice in _NOT_TABLES:
        if head.startswith(magic):
            raise BadInput(f"{path.name} is {kind}, which holds no table that can be read directly.", advice)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise BadInput(
            f"{path.name} is a web page or XML, not a table.",
            "Ask the platform for the same export as JSON or CSV.",
        )
    is_text = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, PARQUET))
    controls = sum(head.count(bytes([code])) for code in (*range(9), 14, 15, 16, 17, 18, 19, 20, 21, 22, 23))
    if not is_text and controls > 0.02 * len(head) + 2:
        raise BadInput(f"{path.name} holds binary data, not a table.", "Name a CSV, TSV, JSON, NDJSON or Parquet file.")


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """The file's bytes, decompressed where it is gzip or zstd; errors become sentences."""
    try:
        with path.open("rb") as raw:
            magic = raw.read(4)
            raw.seek(0)
            yield Stream(unpacked(raw, magic))
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check the name.") from error
    except PermissionError as error:
        raise Refused(
            f"{path} cannot be read: permission denied.", "Ask its owner, or copy it to your folder."
        ) from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder.", "Name the files in it.") from error


@contextmanager
def opened_text(path: Path, encoding: Encoding) -> Iterator[Stream]:
    """The file's text as UTF-8 bytes without a mark, whatever its encoding; bytes that are none stay as they are."""
    with opened(path) as file:
        if encoding != "utf-8":
            yield Stream(transcoded(file, encoding))
            return
        if file.peek(3)[:3] == codecs.BOM_UTF8:
            file.read(3)
        yield file


def digest(path: Path) -> Digest:
    """Read the file once: its SHA-256, its encoding (UTF-8, UTF-16 with a mark, Windows-1252 last) and its oddities."""
    sha = hashlib.sha256()
    with path.open("rb") as raw:
        while block := raw.read(BLOCK):
            sha.update(block)
    probe = _Probe(path.name)
    with opened(path) as file:
        while block := file.read(BLOCK):
            probe.look(block)
        if file.is_damaged:
            probe.notes.append("The file is damaged or cut off; what comes after the damage is lost.")
    encoding = probe.encoding()
    return Digest(sha.hexdigest(), encoding, probe.has_nul, tuple(probe.notes))


class _Probe:
    """Looks at blocks of bytes and decides how they are encoded."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._utf16 = self._is_parquet = self.has_nul = False
        self._line = self._good = self._bad = self._twice = self._first = 0
        self._tail = b""
        self.notes: list[str] = []

    def look(self, block: bytes) -> None:
        if not self._first:
            self._first = 1
            self._utf16 = block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            self._is_parquet = block.startswith(PARQUET)
        if self._utf16 or self._is_parquet:
            return
        self.has_nul = self.has_nul or b"\0" in block
        last = block.rfind(b"\n")
        if last < 0:
            self._line += len(block)
            self._too_long()
        else:
            self._line = len(block) - last
        cut = max(last, block.rfind(b"\r")) + 1
        whole, self._tail = (self._tail + block[:cut], block[cut:]) if cut else (b"", self._tail + block)
        self._judge(whole)

    def _too_long(self) -> None:
        if self._line > LONGEST_LINE and self._line != -1:
            raise BadInput(
                f"{self._name} has a line longer than {LONGEST_LINE >> 20} MiB.",
                "It is not a table with one row a line; export it again as CSV or NDJSON.",
            )

    def _judge(self, text: bytes) -> None:
        if text.isascii():
            return
        if _may_be_twice(text):
            self._twice += sum(text.count(twice) for twice in _TWICE)
        if _is_utf8(text):
            # Its lines, as the broken ones are counted: a few of these must not outweigh a whole file.
            self._good += max(1, text.count(b"\n"))
        else:
            for line in text.splitlines():
                if not line.isascii():
                    good = _is_utf8(line)
                    self._good += good
                    self._bad += not good

    def encoding(self) -> Encoding:
        if self._utf16:
            return "utf-16"
        self._judge(self._tail)
        if self._bad > self._good:
            self.notes.append("The text is not UTF-8; it was read as Windows-1252.")
            return "cp1252"
        if self._bad:
            self.notes.append("Some lines are not UTF-8 and were left out.")
        if self._twice:
            self.notes.append(
                "Some text was encoded twice before it came here (such as 'Ã¨' for 'è'); it is kept as it stands."
            )
        return "utf-8"


def _may_be_twice(text: bytes) -> bool:
    """Whether the letters that begin all of `_TWICE` occur; far quicker to ask than to search for each."""
    letters = np.frombuffer(text, np.uint8)
    after = letters[np.flatnonzero(letters[:-1] == 0xC3) + 1]
    return bool(((after == 0x83) | (after == 0xA2)).any())


def _is_utf8(text: bytes) -> bool:
    import pyarrow as pa

    try:
        pa.array([text], pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True
