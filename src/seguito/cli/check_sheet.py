"""A check as a table, to be marked in another program: written with what is shown of each comment, read with marks."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from seguito.kit.errors import BadInput, DiskFull, NotFound, Refused

if TYPE_CHECKING:
    from seguito.labels.checking import Mark
    from seguito.labels.checking_log import Check
    from seguito.measures.checked import Shown

COLUMNS = ("row", "mark", "comment", "answers", "post")
LARGEST = 20_000_000
_MARKS = {
    **dict.fromkeys(("y", "yes", "s", "si", "sì", "1", "true", "x"), "y"),
    **dict.fromkeys(("n", "no", "0", "false"), "n"),
    **dict.fromkeys(("?", "unsure", "incerto"), "?"),
}
# A spreadsheet takes a cell that begins like this for a formula, whoever wrote it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, check: Check, shown: Mapping[str, Shown], key: bytes) -> None:
    """Write the comments of a check, with the marks they have.

    Raises:
        Refused: there is a file already, or none can be made.
        DiskFull: there is no room.
    """
    from seguito.kit.pseudonym import reference

    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    for row in check.sample.rows:
        card = shown.get(row.uri)
        texts = ("", "", "") if card is None else (card.text, card.answers, card.post)
        rows.writerow((reference(key, row.uri), check.marks.get(row.uri, ""), *map(_harmless, texts)))
    # The mark at the start lets spreadsheets read accents right.
    _new_file(path, table.getvalue().encode("utf-8-sig"))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _new_file(path: Path, content: bytes) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(f"{path} exists already, and may hold marks.", "Name another file after --export.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.", "Name another place after --export.") from error
    try:
        with os.fdopen(file, "wb") as target:
            target.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise DiskFull(
            f"{path} could not be written: {error.strerror}.", "Free some space or name another place."
        ) from error


def read(path: Path, check: Check, key: bytes) -> dict[str, Mark]:
    """The marks of a table that `write` made and somebody filled in; comments without a mark are left out.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no such table, or says what cannot be; then none of it counts.
    """
    from seguito.kit.pseudonym import reference

    of = {reference(key, row.uri): row.uri for row in check.sample.rows}
    marks: dict[str, Mark] = {}
    for line, (name, mark) in enumerate(_cells(path), 2):
        if name not in of:
            raise BadInput(
                f"Line {line} of {path.name} is of no comment of this check.",
                "Import a file that --export wrote for it.",
            )
        if mark and mark not in _MARKS:
            raise BadInput(f"Line {line} of {path.name} has the mark '{mark[:20]}'.", "Write y, n or ? there.")
        if of[name] in marks:
            raise BadInput(f"Line {line} of {path.name} marks a comment again.", "Leave one line for each comment.")
        if mark:
            marks[of[name]] = cast("Mark", _MARKS[mark])
    return marks


def _cells(path: Path) -> list[tuple[str, str]]:
    """The first two columns, whatever separates them: spreadsheets of some countries write semicolons."""
    lines = _text(path).splitlines(keepends=True)
    first = lines[0].rstrip("\r\n") if lines else ""
    separator = next((sign for sign in ",;\t" if first.split(sign)[:2] == list(COLUMNS[:2])), None)
    if separator is None:
        raise BadInput(
            f"{path.name} does not begin with the columns {', '.join(COLUMNS[:2])}.",
            "Import a file that --export wrote, saved as CSV.",
        )
    try:
        rows = list(csv.reader(lines[1:], delimiter=separator))
    except csv.Error as error:
        raise BadInput(f"{path.name} cannot be read as a table: {error}.", "Save it as CSV again.") from error
    return [(row[0].strip(), row[1].strip().casefold() if len(row) > 1 else "") for row in rows if any(row)]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path.name} is larger than any check.", "Import a file that --export wrote.")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Name the one that --export wrote.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is not in UTF-8.", "Save it as CSV UTF-8.") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Name the file that --export wrote.") from error
