"""Two kinds of error, each with one sentence of what happened and one of what to do next."""

from __future__ import annotations


class SeguitoError(Exception):
    """Something went wrong that a person can understand and act on.

    Args:
        what: one sentence, what happened.
        advice: one sentence, what to do next.
    """

    exit_code = 1

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.what} {self.advice}".strip()


class Transient(SeguitoError):
    """The same call may succeed later: a time-out, a busy server, a lock held by somebody else."""

    exit_code = 75  # EX_TEMPFAIL


class Terminal(SeguitoError):
    """The same call will fail again until something is changed."""


class UsageError(Terminal):
    """The request itself does not fit: an unknown name, an option that contradicts another."""

    exit_code = 2


class BadInput(Terminal):
    """A file or an answer from a source cannot be read as what it claims to be."""

    exit_code = 65  # EX_DATAERR


class NotFound(Terminal):
    """The account, file, snapshot or report that was named does not exist."""

    exit_code = 66  # EX_NOINPUT


class Unavailable(Transient):
    """A source did not answer, or answered that it cannot now."""

    exit_code = 69  # EX_UNAVAILABLE


class Refused(Terminal):
    """The source, the file system or a rule of this program says no."""

    exit_code = 77  # EX_NOPERM


class DiskFull(Transient):
    """There is no room left where the workspace is kept."""

    exit_code = 74  # EX_IOERR


class MissingExtra(Terminal):
    """An optional part is not installed.

    Args:
        extra: the name of the extra, as in `seguito[spark]`.
        purpose: what it is needed for.
    """

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the optional part '{extra}', which is not installed.",
            f"Install it with: pip install 'seguito[{extra}]'",
        )
