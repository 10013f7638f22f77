"""Files beside the tables that may name an erased person: raw pages, rejected rows, mappings, checks, kept reports."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Collection
from pathlib import Path

import zstandard

from seguito.store.erased import ANYWHERE, Erased
from seguito.store.layout import Layout

_ZSTD, _GZIP, _PARQUET = b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"PAR1"


def clean_side_files(layout: Layout, erased: Erased) -> list[Path]:
    """Remove every kept file that names an erased person; of rejected rows and marks, only theirs.

    Returns:
        The files that were removed or changed.
    """
    changed = [file for file in _files(layout.rejects) if _clean_rejects(file, erased)]
    changed += [file for file in _files(layout.checks) if _clean_check(file, erased.speaks_of)]
    changed += [file for file in _files(layout.cohorts) if _clean_cohort(file, erased)]
    for folder in (layout.raw, layout.mappings, layout.reports, layout.scratch):
        for file in _files(folder):
            if erased.is_in_name(file.name) or names_somebody(_text(file), erased):
                file.unlink()
                changed.append(file)
    return changed


def names_somebody(text: str, erased: Erased) -> bool:
    """Whether a text names an erased person by key, id, handle, name or pseudonym."""
    return any(erased.clean(line, ANYWHERE) is not line for line in text.splitlines())


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else []


def _text(file: Path) -> str:
    """What a file says, decompressed; of a file of unknown form, what can be read as text."""
    found = file.read_bytes()
    if found.startswith(_ZSTD):
        # Pages are kept one frame each, and a killed reading leaves the last one half written.
        found = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(found), read_across_frames=True).read()
    elif found.startswith(_GZIP):
        try:
            found = gzip.decompress(found)
        except (EOFError, zlib.error):  # written to the middle only
            found = zlib.decompressobj(wbits=31).decompress(found)
    elif found.startswith(_PARQUET):
        import pyarrow.parquet as pq

        return str(pq.read_table(file).to_pylist())
    return found.decode("utf-8", "replace").replace("\\u0040", "@")


def _clean_rejects(file: Path, erased: Erased) -> bool:
    """Take out of a file of rejected rows those that name somebody; remove the file when its own name does."""
    if erased.is_in_name(file.name):
        file.unlink()
        return True
    with file.open(newline="", encoding="utf-8", errors="replace") as source:
        rows = list(csv.reader(source))
    left = [row for row in rows if not names_somebody("\n".join(row), erased)]
    if len(left) == len(rows):
        return False
    if len(left) <= 1:
        file.unlink()
        return True
    half = file.with_suffix(".part")
    with half.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows(left)
    half.replace(file)
    return True


def clean_checks(layout: Layout, gone: Collection[str]) -> list[Path]:
    """Take posts that are kept no longer out of every check; the files that were changed."""
    return [file for file in _files(layout.checks) if _clean_check(file, gone.__contains__)]


def _clean_check(file: Path, leaves: Callable[[str], bool]) -> bool:
    """Take the lines about some posts out of a check, whose lines are JSON; remove it when it is of such a space."""
    lines = file.read_bytes().splitlines(keepends=True)
    # A last line without an end was written by a killed process and tells nothing.
    left = [line for line in lines if line.endswith(b"\n") and not leaves(_subject(line, "uri"))]
    if lines and leaves(_subject(lines[0], "creator_uri")):
        file.unlink()
        return True
    if len(left) == len(lines):
        return False
    half = file.with_suffix(".part")
    half.write_bytes(b"".join(left))
    half.replace(file)
    return True


def _clean_cohort(file: Path, erased: Erased) -> bool:
    """Take the peers that name somebody out of a cohort, one a line."""
    lines = file.read_bytes().splitlines(keepends=True)
    left = [line for line in lines if not names_somebody(line.decode("utf-8", "replace"), erased)]
    if len(left) == len(lines):
        return False
    half = file.with_suffix(".part")
    half.write_bytes(b"".join(left))
    half.replace(file)
    return True


def _subject(line: bytes, key: str) -> str:
    """What a line is about; nothing where it is no JSON."""
    try:
        told = json.loads(line)
    except ValueError:
        return ""
    return str(told.get(key) or "") if isinstance(told, dict) else ""
