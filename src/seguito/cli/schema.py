"""`seguito schema`: what a report's JSON looks like."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema of a report, with what every field means."""
    from importlib.resources import files

    typer.echo(files("seguito.reports").joinpath("schema.json").read_text(encoding="utf-8"), nl=False)
