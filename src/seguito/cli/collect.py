"""`seguito collect`: read accounts or files into the workspace, and nothing more."""

from __future__ import annotations

from typing import Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

ShowMapping = Annotated[
    bool,
    typer.Option(
        "--show-mapping", help="Print what a table's columns are taken to mean, as a mapping file; read nothing."
    ),
]


def collect(
    targets: opt.Targets,
    show_mapping: ShowMapping = False,
    creator: opt.Creator = None,
    file_format: opt.Format = None,
    mapping: opt.Mapping = None,
    yes: opt.Yes = False,
    timezone: opt.TimeZone = None,
    host: opt.Host = None,
    allow_private_hosts: opt.PrivateHosts = False,
    max_posts: opt.MaxPosts = None,
    max_followers: opt.MaxFollowers = None,
    workspace: opt.Workspace = opt.HERE,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Read accounts or files into the workspace. Reading the same again changes nothing."""
    from seguito.cli.steps import collect_all, open_all
    from seguito.sources.contract import Options
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=as_json)
    options = Options(
        creator=creator,
        format=file_format,
        mapping=mapping,
        timezone=timezone,
        host=host,
        allow_private_hosts=allow_private_hosts,
        max_posts=max_posts,
        max_followers=max_followers,
    )
    if show_mapping:
        _print_mappings(targets, options)
        return
    opened = open_all(workspace, targets, options, talk, yes=yes)
    with open_lake(workspace) as lake:
        collected = collect_all(lake, opened, talk)
    if as_json:
        import json

        rows = [
            {
                "source": one.batch.source,
                "locator": one.batch.locator,
                "creator": one.batch.creator_uri,
                "snapshot": one.receipt.sequence,
                "rows_read": one.batch.rows_read,
                "rows_skipped": one.batch.rows_skipped,
                "rejects": str(one.rejects) if one.rejects else None,
                "added": one.receipt.added,
            }
            for one in collected
        ]
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))


def _print_mappings(targets: list[str], options: object) -> None:
    from pathlib import Path

    from seguito.kit.errors import NotFound
    from seguito.sources.contract import Options
    from seguito.sources.files.mapping import as_toml
    from seguito.sources.files.recognise import proposal

    assert isinstance(options, Options)  # noqa: S101
    for target in targets:
        path = Path(target).expanduser()
        if not path.exists():
            raise NotFound(f"There is no file {target}.", "Name an existing file.")
        found = proposal(path, options)
        typer.echo(as_toml(found.mapping, found.header), nl=False)
