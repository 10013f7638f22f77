"""Where a report goes: a page and, beside it, its JSON. Checked before any long work, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from seguito.kit.errors import DiskFull, Refused, UsageError

PAGE = ".html"


def check_place(page: Path) -> None:
    """Make sure a report can be written at `page`.

    Raises:
        UsageError: it is a folder, or not named as a page.
        Refused: the folder is missing or closed.
    """
    if page.is_dir():
        raise UsageError(f"{page} is a folder.", f"Name the page to write, such as {page / 'report.html'}.")
    if page.suffix != PAGE:
        raise UsageError(f"A report is a page, and {page.name} does not end in .html.", "Name one that does.")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"The folder {page.parent} cannot be made.", "Choose another place with --output.") from error
    if not os.access(page.parent, os.W_OK) or (page.exists() and not os.access(page, os.W_OK)):
        raise Refused(f"{page} cannot be written: permission denied.", "Choose another place with --output.")


def write(page: Path, html: str, document: bytes) -> Path:
    """Write the page and its JSON; return the page's full path."""
    for path, content in ((page.with_suffix(".json"), document), (page, html.encode())):
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            draft.write_bytes(content)
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise DiskFull(
                f"{path} could not be written: {error.strerror}.", "Free some space or choose another --output."
            ) from error
    return page.resolve()
