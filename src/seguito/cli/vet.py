"""`seguito vet`: read a creator or files, label, measure, answer, write the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seguito.cli.console import Talk


def vet(
    targets: Annotated[list[str], typer.Argument(help="bluesky:HANDLE, or files.", show_default=False)],
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="Where facts are kept.")] = Path(
        "seguito-workspace"
    ),
    output: Annotated[Path, typer.Option("--output", "-o", help="The report to write.")] = Path("report.html"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Read a creator's space, measure it and answer the dossier's questions."""
    Talk(quiet=quiet).say(f"not yet: {targets} {workspace} {output}")
