"""What a file system refuses, told as one sentence and one advice."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from seguito.kit.errors import DiskFull, Refused, Terminal

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_CLOSED = (errno.EACCES, errno.EROFS, errno.EPERM)
# The table library and the engine wrap the system's errors in their own, with these words.
_FULL_WORDS = ("no space left", "os error 28", "os error 122", "os error 27", "file too large", "disk quota")
_CLOSED_WORDS = ("permission denied", "read-only file system", "os error 13", "os error 30")


@contextmanager
def disk_errors(root: Path) -> Iterator[None]:
    """Turn what a file system refuses into a sentence about the workspace at `root`."""
    try:
        yield
    except OSError as error:
        told = _told(root, error, error.errno)
        if told is None:
            raise
        raise told from error
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("deltalake", "duckdb", "_duckdb", "_internal", "pyarrow"):
            raise
        told = _told(root, error, None)
        if told is None:
            raise
        raise told from error


def is_of_disk(error: BaseException) -> bool:
    """Whether an error, whoever wraps it, says that the disk is full or closed rather than what is on it damaged."""
    words = str(error).lower()
    return any(word in words for word in (*_FULL_WORDS, *_CLOSED_WORDS))


def _told(root: Path, error: Exception, number: int | None) -> Exception | None:
    words = str(error).lower()
    if number in _FULL or any(word in words for word in _FULL_WORDS):
        return DiskFull(f"There is no room left on the disk that holds {root}.", "Free some space and run again.")
    if number == errno.EROFS or "read-only file system" in words:
        return Refused(
            f"{root} lies on a disk that can only be read.", "Copy the workspace to one that can be written."
        )
    if number in _CLOSED or isinstance(error, PermissionError) or any(word in words for word in _CLOSED_WORDS):
        return Refused(f"{root} cannot be written: permission denied.", "Choose a folder you own with --workspace.")
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        return Refused(f"{root} is a file, not a folder.", "Choose a folder with --workspace.")
    if number == errno.ENAMETOOLONG:
        return Terminal(f"The path {root} is too long for this disk.", "Choose a shorter one with --workspace.")
    return None
