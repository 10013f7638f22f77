"""Results on stdout, talk on stderr: progress, sentences, errors. The only place that knows the terminal."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars

INTERRUPTED = 130
BUG = 70  # EX_SOFTWARE
WIDTH = 110


@dataclass
class Talk:
    """How much to say, and to whom.

    Attributes:
        quiet: say nothing but errors.
        json: a machine listens on stdout.
    """

    quiet: bool = False
    json: bool = False

    def say(self, text: str) -> None:
        """One sentence on stderr."""
        if not self.quiet:
            self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    @property
    def console(self) -> Console:
        """A console on stderr; without colour when NO_COLOR is set or stderr is no terminal."""
        from rich.console import Console

        return Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))

    def progress(self) -> Drawn | Plain:
        """A progress that draws bars on a terminal and prints a line per step elsewhere."""
        return Drawn(self) if sys.stderr.isatty() and not self.quiet else Plain(self)


class Plain:
    """Progress for logs: one line when a step ends."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._step = ""
        self._done = 0

    def start(self, step: str, total: int | None = None) -> None:
        """Remember the step."""
        self._step, self._done = step, 0

    def advance(self, done: int = 1) -> None:
        """Count."""
        self._done += done

    def say(self, text: str) -> None:
        """Pass the sentence on."""
        self._talk.say(text)

    def finish(self) -> None:
        """Tell what was done."""
        if self._done:
            self._talk.say(f"{self._step}: {self._done:,}")


class Drawn:
    """Progress bars with counts and time left."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._bars: Bars | None = None
        self._task: Any = None

    def start(self, step: str, total: int | None = None) -> None:
        """Begin a bar."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self.finish()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._talk.console,
        )
        self._bars.start()
        self._task = self._bars.add_task(step, total=total)

    def advance(self, done: int = 1) -> None:
        """Move the bar."""
        if self._bars is not None:
            self._bars.advance(self._task, done)

    def say(self, text: str) -> None:
        """Print a sentence above the bar."""
        if self._bars is not None:
            self._bars.console.print(text, highlight=False, markup=False)
        else:
            self._talk.say(text)

    def finish(self) -> None:
        """End the bar."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None


def results() -> Console:
    """A console on stdout: as wide as the terminal, or `WIDTH` where a file or another program reads."""
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() else WIDTH, no_color=bool(os.environ.get("NO_COLOR")), highlight=False
    )
