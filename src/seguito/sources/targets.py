"""From what a person names (an account, some files) to sources opened for reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from seguito.kit.errors import NotFound, UsageError
from seguito.sources.contract import Options, Reading
from seguito.sources.registry import CONNECTORS, connector

# A drive letter or a path is not a platform: platforms are whole words.
_ACCOUNT = re.compile(r"([a-z]{3,}):(?!//)(.+)", re.DOTALL)


def open_targets(targets: Iterable[str], options: Options) -> list[Reading]:
    """Open `platform:account` names and files for reading, in the order they were named.

    Files are handed over together, because some belong together (comments and the videos they stand under).

    Raises:
        NotFound: a file does not exist.
        UsageError: nothing was named, or a platform without a connector.
    """
    readings: list[Reading] = []
    files: list[Path] = []
    for target in targets:
        named = _ACCOUNT.fullmatch(target)
        if named and not Path(target).exists():
            readings.append(connector(named[1], named[2], options))
        else:
            files.append(_existing(target))
    if files:
        from seguito.sources.files.recognise import open_files

        readings.extend(open_files(files, options))
    if not readings:
        raise UsageError(
            "Nothing to read was named.", f"Name a file, or an account such as {next(iter(CONNECTORS))}:HANDLE."
        )
    return readings


def _existing(target: str) -> Path:
    path = Path(target).expanduser()
    if not path.exists():
        raise NotFound(
            f"There is no file {target}.",
            f"Name an existing file, or an account such as {next(iter(CONNECTORS))}:HANDLE.",
        )
    return path


def with_spool(options: Options, spool: Path) -> Options:
    """The same options with a place where pages are kept until they are committed."""
    return replace(options, spool=spool)
