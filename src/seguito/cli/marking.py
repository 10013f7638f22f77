"""Marking comments in a terminal: one card after the other, one key each. Only here are single keys read."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, cast

from seguito.cli.console import Talk

if TYPE_CHECKING:
    from seguito.labels.checking import Mark, Sampled
    from seguito.labels.checking_log import Check
    from seguito.measures.checked import Shown
    from seguito.reports.words import Words

KEYS = frozenset("yn?bsq")
# A key that sends several characters (an arrow, a function key) has sent them all by then; seconds.
_TOGETHER = 0.05
_ESCAPE, _END = b"\x1b", b"\x04"


def is_possible() -> bool:
    """Whether somebody sits at a terminal who can see comments and press keys."""
    return sys.stdin.isatty() and sys.stderr.isatty()


class Keyboard:
    """Reads single keys from the terminal, and leaves it as it was found, whatever happens."""

    def __enter__(self) -> Keyboard:
        try:
            import termios
        except ImportError:  # not a Unix: whole lines are read then
            self._before = None
            return self
        self._before = termios.tcgetattr(sys.stdin.fileno())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, self._before)

    def key(self) -> str:
        """The next key that means something; "q" when nobody will press one any more."""
        while True:
            found = self._line() if self._before is None else self._press()
            if found in KEYS:
                return found

    def _line(self) -> str:
        line = sys.stdin.readline()
        return line.strip()[:1].lower() if line else "q"

    def _press(self) -> str:
        import termios
        import tty

        keys = sys.stdin.fileno()
        # Each time, because a shell sets its own way after Ctrl-Z.
        tty.setcbreak(keys, termios.TCSANOW)
        try:
            pressed = os.read(keys, 1)
        except OSError:  # the terminal is gone
            return "q"
        if pressed == _ESCAPE:
            self._swallow(keys)
            return ""
        return "q" if pressed in (b"", _END) else pressed.decode("ascii", "replace").lower()

    def _swallow(self, keys: int) -> None:
        """Read the rest of what one key sent: its letters are no answers."""
        import select

        while select.select([keys], [], [], _TOGETHER)[0] and os.read(keys, 1):
            pass


@dataclass
class Cards:
    """How comments are shown.

    Attributes:
        talk: where to.
        words: in which language.
        question: what is asked of each, and what it means.
        shown: the texts, ready to be seen by whoever sits there.
    """

    talk: Talk
    words: Words
    question: tuple[str, str]
    shown: Mapping[str, Shown]

    def show(self, uri: str, at: int, of: int) -> None:
        """One comment with what stands around it, and the keys."""
        from rich.text import Text

        words, card = self.words, self.shown.get(uri)
        place = words.fill(words.get("check", "place"), {"at": at, "of": of}, {})
        self._print(Text(f"\n{place}  ", style="dim"), Text(self.question[0], style="bold"))
        self._print(Text(self.question[1], style="dim"))
        if card is not None:
            for name, text in (("post", card.post), ("answers", card.answers)):
                if text:
                    self._print(Text(f"  {words.get('check', name)}: {text}", style="dim"))
        told = words.get("check", "gone") if card is None else card.text or words.get("check", "empty")
        self._print(Text(f"\n  {told}\n"))
        self._print(Text(words.get("check", "keys"), style="dim"))

    def tell(self, key: str) -> None:
        """What a key did."""
        from rich.text import Text

        self._print(Text(f"→ {self.words.get('check', key)}"))

    def _print(self, *parts: Any) -> None:
        # Cards are the point of the command: they are shown even when it should be quiet.
        self.talk.console.print(*parts, sep="", highlight=False, soft_wrap=False)


def session(check: Check, cards: Cards, key: Callable[[], str]) -> None:
    """Ask for every comment that is not marked yet, until none is left or somebody wants to go on later.

    What is skipped comes again after the others; when all that is left is skipped in a row, it ends.
    """
    order = {row.uri: row for row in check.sample.rows}
    waiting = deque(row for row in check.sample.rows if row.uri not in check.marks)
    before: list[Sampled] = [order[uri] for uri in check.marks]
    skips = 0
    while waiting and skips < len(waiting):
        row = waiting[0]
        cards.show(row.uri, len(check.sample.rows) - len(waiting) + 1, len(check.sample.rows))
        pressed = key()
        if pressed == "q":
            return
        if pressed == "b":
            skips = 0
            _back(waiting, before, cards)
            continue
        if pressed == "s":
            waiting.rotate(-1)
            skips += 1
        else:
            check.mark(row.uri, cast("Mark", pressed))
            waiting.popleft()
            skips = 0
        before.append(row)
        cards.tell(_NAMES[pressed])


_NAMES: dict[str, Literal["y", "n", "unsure", "skip"]] = {"y": "y", "n": "n", "?": "unsure", "s": "skip"}


def _back(waiting: deque[Sampled], before: list[Sampled], cards: Cards) -> None:
    if not before:
        cards.tell("no_way_back")
        return
    row = before.pop()
    if row in waiting:
        waiting.remove(row)
    waiting.appendleft(row)
    cards.tell("back")
