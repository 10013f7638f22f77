"""What a person reads when something goes wrong: what happened, what to do next, and an exit code."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from seguito import __version__
from seguito.kit.errors import SeguitoError

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130
BUG = 70  # EX_SOFTWARE
USAGE = 2


def told(run: Callable[[], int | None]) -> int:
    """Run a command; turn whatever it raises into two sentences on stderr and an exit code."""
    import typer

    try:
        code = run() or 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    except typer.Abort:
        _say("Stopped at the question; nothing was done.", "", "")
        return 1
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong. Python must not complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SeguitoError as error:
        _say(error.what, error.advice)
        return error.exit_code
    except typer.TyperException as error:
        if str(error).strip():  # otherwise the help was asked for and is shown already
            _say(*_usage(error))
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person never meets a traceback
        _say(*_bug(error))
        return BUG
    if code == INTERRUPTED:
        _say("Interrupted.", "Run the same command again: it goes on from what is already in the workspace.", "")
    return code


def _usage(error: Exception) -> tuple[str, str]:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "seguito"
    message = str(getattr(error, "format_message", error.__str__)()).strip()
    return message if message.endswith((".", "?")) else f"{message}.", f"{command} --help"


def _bug(error: Exception) -> tuple[str, str]:
    kept = _keep(error)
    where = f"its details are in {kept}" if kept else "its details could not be kept"
    return (
        f"This is a bug in Seguito, not in what you did: {type(error).__name__}.",
        f"Run the same command again; if it comes back, report it ({where}; read them before you share them).",
    )


def _keep(error: Exception) -> Path | None:
    """Write the traceback to a file that only this user can read."""
    lines = [f"seguito {__version__}, Python {sys.version.split()[0]}\n", *traceback.format_exception(error)]
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "seguito"
    for folder in (state, Path(tempfile.gettempdir())):
        path = folder / f"seguito-bug-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.writelines(lines)
        except OSError:
            continue
        return path
    return None


def _say(what: str, advice: str, mark: str = "error: ") -> None:
    console: Console = _console()
    console.print(f"{mark}{what}", style="bold red" if mark else None, markup=False, highlight=False, soft_wrap=True)
    if advice:
        console.print(f"  try: {advice}" if mark else advice, markup=False, highlight=False, soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
