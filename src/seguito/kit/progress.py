"""How long work tells how far it is. Computing reports here; drawing happens in the command line."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Somebody who wants to know how a long step goes."""

    def start(self, step: str, total: int | None = None) -> None:
        """A step begins; `total` is how many rows (or pages) are expected, if known."""

    def advance(self, done: int = 1) -> None:
        """`done` more rows (or pages) of the current step are finished."""

    def say(self, text: str) -> None:
        """A sentence worth telling a person, such as a wait for a rate limit."""

    def finish(self) -> None:
        """The current step is over."""


class Silent:
    """A `Progress` that tells nobody."""

    def start(self, step: str, total: int | None = None) -> None:
        """Do nothing."""

    def advance(self, done: int = 1) -> None:
        """Do nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""


SILENT: Progress = Silent()
