"""`seguito forget`: erase a person from the workspace, for good."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

Account = Annotated[
    str, typer.Argument(help="The account's handle, id or key (platform:account:id).", show_default=False)
]
Sure = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether you are sure.")]


def forget(
    account: Account,
    workspace: opt.Workspace = opt.HERE,
    yes: Sure = False,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Erase an account from every table, past version and kept file, and never read it again.

    Posts of others stay; where they name the account, a neutral mark stands instead. Older snapshots become void.
    """
    from seguito.kit.errors import UsageError
    from seguito.store.erase import forget as erase
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=as_json)
    with open_lake(workspace, create=False) as lake:
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"Erasing '{account}' cannot be undone, so it wants a yes.", "Add --yes.")
            typer.confirm(
                f"Erase '{account}' from {workspace}? It cannot be undone, and reports of older snapshots "
                "can no longer be computed again.",
                abort=True,
                err=True,
            )
        done = erase(lake.layout, account)
    if as_json:
        files = [str(file) for file in done.files]
        found = {"removed": done.removed, "changed": done.changed, "files": files, "void_before": done.void_before}
        typer.echo(json.dumps(found, sort_keys=True))
        return
    for table, rows in done.removed.items():
        typer.echo(f"{table}: {rows:,} rows erased")
    for file in done.files:
        typer.echo(f"{file}: cleaned" if file.exists() else f"{file}: removed")
    if done.void_before:
        talk.say(
            f"{done.changed:,} rows of others now carry a neutral mark; snapshots before {done.void_before} are void."
        )
    talk.say("The account is not read into this workspace again. Copies and reports kept elsewhere are not touched.")
