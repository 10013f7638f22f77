"""Options that several commands share, described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Language = Literal["en", "it"]
EngineName = Literal["duckdb", "spark"]
HERE = Path("seguito-workspace")

_READING = "What to read, and how"
_RUNNING = "Where it runs"

Targets = Annotated[
    list[str],
    typer.Argument(help="An account such as bluesky:HANDLE, or files you have.", metavar="TARGET…", show_default=False),
]
Workspace = Annotated[
    Path,
    typer.Option("--workspace", "-w", envvar="SEGUITO_WORKSPACE", help="The folder where facts are kept."),
]
Output = Annotated[Path, typer.Option("--output", "-o", help="The page to write; the JSON goes beside it.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the report.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for machines.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV on stdout, for spreadsheets.")]
ShowNames = Annotated[
    bool,
    typer.Option("--show-names", help="Show handles and texts as written. Only for the owner of the space."),
]
Cohort = Annotated[
    str | None,
    typer.Option("--cohort", help="Compare with the creators of this cohort (see seguito cohort)."),
]
PeerNames = Annotated[
    bool,
    typer.Option("--names", help="Name the creators of --cohort beside their dots. Only for your own use."),
]
AsOf = Annotated[int | None, typer.Option("--as-of", help="The snapshot to read, by its number.", min=0)]

Creator = Annotated[
    str | None,
    typer.Option("--creator", help="The creator's handle or id, for files that do not tell.", rich_help_panel=_READING),
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="Name of the file format, when recognition errs.", rich_help_panel=_READING),
]
Mapping = Annotated[
    Path | None,
    typer.Option("--mapping", help="A file that maps the columns of a generic table.", rich_help_panel=_READING),
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Accept a proposed column mapping without asking.", rich_help_panel=_READING),
]
TimeZone = Annotated[
    str | None,
    typer.Option("--timezone", help="Zone of times without one, such as Europe/Rome.", rich_help_panel=_READING),
]
Host = Annotated[
    str | None,
    typer.Option("--host", help="Another host than the platform's own.", rich_help_panel=_READING),
]
PrivateHosts = Annotated[
    bool,
    typer.Option("--allow-private-hosts", help="Let hosts lie in a private network.", rich_help_panel=_READING),
]
MaxPosts = Annotated[
    int | None,
    typer.Option("--max-posts", min=1, help="Read at most so many of the creator's posts.", rich_help_panel=_READING),
]
MaxFollowers = Annotated[
    int | None,
    typer.Option("--max-followers", min=0, help="Read at most so many followers.", rich_help_panel=_READING),
]
Engine = Annotated[EngineName, typer.Option("--engine", help="What computes.", rich_help_panel=_RUNNING)]
Master = Annotated[
    str | None,
    typer.Option("--master", help="Spark's master URL or Spark Connect address.", rich_help_panel=_RUNNING),
]
