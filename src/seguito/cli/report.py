"""`seguito report`: answer again from what the workspace holds, now or as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

LONGEST_REPLY = 20_000

Whose = Annotated[
    str | None,
    typer.Argument(help="The creator's handle or id; may be left out where there is only one.", show_default=False),
]

Reply = Annotated[
    Path | None,
    typer.Option("--reply", help="A text file with the creator's reply, to stand in the report unedited."),
]


def report(
    creator: Whose = None,
    as_of: opt.AsOf = None,
    output: opt.Output = Path("report.html"),
    lang: opt.Lang = "en",
    workspace: opt.Workspace = opt.HERE,
    engine: opt.Engine = "duckdb",
    master: opt.Master = None,
    reply: Reply = None,
    cohort: opt.Cohort = None,
    names: opt.PeerNames = False,
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
    words = _reply(reply) if reply else ""
    with open_lake(workspace, engine=engine, master=master, create=False) as lake:
        whose = creator or only_creator(lake, as_of)
        dossier = pipeline.vet(
            lake,
            whose,
            sequence=as_of,
            show_names=show_names,
            right_of_reply=words,
            cohort=cohort,
            name_peers=names,
            progress=talk.progress(),
        )
        document = to_document(dossier)
    render_to(output, document, lang, talk)


def _reply(path: Path) -> str:
    from seguito.kit.errors import BadInput, NotFound, Refused

    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig").strip()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Name the text file that holds the reply.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text in UTF-8.", "Save the reply as plain text (UTF-8).") from error
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.", "Name a text file you may read.") from error
    if len(text) > LONGEST_REPLY:
        raise BadInput(
            f"{path} holds {len(text):,} characters.", f"A reply has at most {LONGEST_REPLY:,}; link to what is longer."
        )
    return text
