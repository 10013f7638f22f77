"""Tables nobody has described: the proposed meaning of their columns is shown, and read only once it is accepted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seguito.cli.console import Talk
from seguito.kit.errors import UsageError

if TYPE_CHECKING:
    from seguito.sources.contract import Options
    from seguito.sources.files.propose import Proposal


def proposals(targets: list[str], options: Options) -> list[Proposal]:
    """What is proposed for those targets that are tables without a mapping, given or remembered."""
    if options.mapping is not None:
        return []
    from seguito.sources.files.generic import NAME
    from seguito.sources.files.mapping import remembered
    from seguito.sources.files.recognise import proposal, recognise

    found = []
    for path in (Path(target).expanduser() for target in targets):
        if path.exists() and recognise(path, options).importer.name == NAME:
            one = proposal(path, options)
            if remembered(one.header, options.mappings) is None:
                found.append(one)
    return found


def accept(found: list[Proposal], talk: Talk, *, yes: bool) -> None:
    """Show every proposal; on a terminal ask, elsewhere want `--yes`.

    Raises:
        UsageError: one was not accepted; nothing has been read then.
    """
    for one in found:
        if not yes and not _terminal():
            raise UsageError(
                f"{one.path.name} is a table whose columns nobody has described, so their meaning was guessed.",
                f"Look at it with: seguito collect {one.path} --show-mapping; then add --yes, or correct it in a file "
                "and name that with --mapping.",
            )
        if not talk.quiet or not yes:
            show(one, talk)
        if not yes and not _agreed():
            raise UsageError(
                "The proposed meaning was not accepted, and nothing was read.",
                f"Write it down with: seguito collect {one.path} --show-mapping > mapping.toml; correct it and add "
                "--mapping mapping.toml.",
            )


def remember(found: list[Proposal], folder: Path) -> None:
    """Keep accepted mappings: files with the same columns then need no question."""
    from seguito.sources.files.mapping import name_for

    for one in found:
        one.save(folder / name_for(one.header))


def show(one: Proposal, talk: Talk) -> None:
    """A proposal on stderr: what each column is taken for, with what stands in the first row."""
    from rich.table import Table
    from rich.text import Text

    from seguito.reports.plain import plain

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("means", "column", "first row"):
        table.add_column(heading)
    first = one.preview[0] if one.preview else {}
    for target, source in one.mapping.columns.items():
        table.add_row(Text(target), Text(plain(str(source), 60)), Text(plain(first.get(target, ""), 60), style="dim"))
    talk.console.print(Text(f"{one.path.name}: each row is taken for one of {one.mapping.record}."))
    talk.console.print(table)
    if one.unused:
        talk.console.print(Text(f"Not used: {plain(', '.join(one.unused), 200)}.", style="dim"), soft_wrap=True)
    for note in one.notes:
        talk.console.print(Text(plain(note, 300)), soft_wrap=True)


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _agreed() -> bool:
    import typer

    return typer.confirm("Read it like this?", err=True)
