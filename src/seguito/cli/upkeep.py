"""`seguito upkeep`: put the workspace in order, or check that it is whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

if TYPE_CHECKING:
    from seguito.store.layout import Layout

Check = Annotated[bool, typer.Option("--check", help="Look at everything, change nothing; exit code 1 when damaged.")]
Expire = Annotated[
    bool, typer.Option("--expire", help="Remove what its source's policy lets be kept no longer (told in any case).")
]
DropHistory = Annotated[
    bool, typer.Option("--drop-history", help="Keep the newest snapshot alone: saves room, older reports are void.")
]


def upkeep(
    workspace: opt.Workspace = opt.HERE,
    check: Check = False,
    expire: Expire = False,
    drop_history: DropHistory = False,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Join small files, remove what interrupted runs left, tell what has been kept long enough."""
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=as_json)
    with open_lake(workspace, create=False) as lake:
        if check:
            _check(lake.layout, talk)
        else:
            _put_in_order(lake.layout, talk, expire=expire, drop_history=drop_history)


def _check(layout: Layout, talk: Talk) -> None:
    from dataclasses import asdict

    from seguito.store.upkeep import check

    found = check(layout)
    if talk.json:
        typer.echo(json.dumps(asdict(found), sort_keys=True))
    else:
        for name, rows in found.rows.items():
            typer.echo(f"{name}: {rows:,} rows")
        for problem in found.problems:
            typer.echo(f"damaged: {problem}")
        for note in found.notes:
            talk.say(note)
        talk.say("Damaged: restore the workspace from a copy, or collect again." if found.problems else "All is whole.")
    if found.problems:
        raise typer.Exit(1)


def _put_in_order(layout: Layout, talk: Talk, *, expire: bool, drop_history: bool) -> None:
    from seguito.store.upkeep import upkeep as put_in_order

    done = put_in_order(layout, expire=expire, drop_history=drop_history)
    if talk.json:
        expired = {one.table: one.rows for one in done.expired}
        found = {"joined": done.joined, "leftovers": len(done.leftovers), "expired": expired, "removed": done.removed}
        typer.echo(json.dumps(found | {"void_before": done.void_before}, sort_keys=True))
        return
    if done.finished_erasure:
        typer.echo("an interrupted erasure was finished")
    for name, files in done.joined.items():
        typer.echo(f"{name}: {files} small files joined")
    if done.leftovers:
        typer.echo(f"{len(done.leftovers)} leftovers of interrupted runs removed")
    for one in done.expired:
        typer.echo(f"{'removed' if done.removed else 'its time is over'}: {one}")
    if done.expired and not done.removed:
        talk.say("Nothing of it was removed. To remove it: seguito upkeep --expire")
    if done.void_before:
        talk.say(f"Snapshots before {done.void_before} are void.")
