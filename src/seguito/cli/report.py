"""`seguito report`: answer again from what the workspace holds, now or as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

Whose = Annotated[
    str | None,
    typer.Argument(help="The creator's handle or id; may be left out where there is only one.", show_default=False),
]


def report(
    creator: Whose = None,
    as_of: opt.AsOf = None,
    output: opt.Output = Path("report.html"),
    lang: opt.Lang = "en",
    workspace: opt.Workspace = opt.HERE,
    engine: opt.Engine = "duckdb",
    master: opt.Master = None,
    show_names: opt.ShowNames = False,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Write a report again, from the newest snapshot or from an older one: the same snapshot gives the same bytes."""
    from seguito import pipeline
    from seguito.cli.steps import only_creator, render_to
    from seguito.cli.written import check_place
    from seguito.reports.canonical import to_document
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=as_json)
    check_place(output)
    with open_lake(workspace, engine=engine, master=master, create=False) as lake:
        whose = creator or only_creator(lake, as_of)
        dossier = pipeline.vet(lake, whose, sequence=as_of, show_names=show_names, progress=talk.progress())
        document = to_document(dossier)
    render_to(output, document, lang, talk)
