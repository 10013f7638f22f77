"""`seguito cohort`: creators vetted before, kept under a name, to compare others with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk, results

if TYPE_CHECKING:
    from seguito.dossier.cohort import Cohort, Peer

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Keep creators vetted before, to compare others with: vet and report then take --cohort NAME.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The cohort's name, such as food-it.", show_default=False)]
Reports = Annotated[
    list[Path],
    typer.Argument(
        metavar="REPORT…",
        help="Reports (.json), folders of them, or workspaces whose creators are all taken.",
        show_default=False,
    ),
]
Peers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[CREATOR]…", help="Handles or ids; without any, the whole cohort.", show_default=False),
]
Names = Annotated[bool, typer.Option("--names", help="Show who they are. Only for your own use.")]


@app.command("add")
def add(name: Name, reports: Reports, workspace: opt.Workspace = opt.HERE, quiet: opt.Quiet = False) -> None:
    """Add creators to a cohort, from their reports; a creator who is in it already is taken anew."""
    from seguito.dossier.cohort import Cohort, check_name, load, names_in, save
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=False)
    check_name(name)
    found = [peer for path in reports for peer in _peers_in(path.expanduser(), talk)]
    with open_lake(workspace) as lake:
        folder = lake.layout.cohorts
        before = load(folder, name) if name in names_in(folder) else Cohort(name, ())
        after = before.with_peers(found)
        save(folder, after)
    new = len(after.peers) - len(before.peers)
    talk.say(f"{name}: {len(after.peers)} creators, {new} of them new.")
    if len(after.peers) < _least():
        talk.say(f"Percentiles are told from {_least()} peers on; with fewer, their dots are shown.")


@app.command("list")
def list_(workspace: opt.Workspace = opt.HERE, as_json: opt.AsJson = False) -> None:
    """List the cohorts of a workspace."""
    from seguito.dossier.cohort import load, names_in

    folder = _folder(workspace)
    held = [_told(load(folder, name)) for name in names_in(folder)]
    if as_json:
        typer.echo(json.dumps(held, indent=1, ensure_ascii=False))
        return
    if not held:
        typer.echo("No cohort yet. Make one: seguito cohort add NAME REPORT.json …")
    for one in held:
        where = ", ".join(f"{platform} {n}" for platform, n in one["platforms"].items())
        typer.echo(f"{one['name']}: {one['creators']} creators ({where})")


@app.command("show")
def show(name: Name, workspace: opt.Workspace = opt.HERE, names: Names = False, as_json: opt.AsJson = False) -> None:
    """Show what a cohort holds: platform, tier and period of every creator; their names only with --names."""
    from rich.table import Table
    from rich.text import Text

    from seguito.dossier.cohort import load
    from seguito.reports.plain import plain
    from seguito.reports.words import words_in

    words = words_in("en")
    cohort = load(_folder(workspace), name)
    rows = [_row(at, peer, names=names) for at, peer in enumerate(cohort.peers, 1)]
    if as_json:
        typer.echo(json.dumps({**_told(cohort), "peers": rows}, indent=1, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("creator", "platform", "size", "from", "to", "figures"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        cells = (
            row["creator"],
            row["platform"],
            words.get("tiers", row["tier"]) if row["tier"] else "not known",
            row["from"],
            row["to"],
            row["figures"],
        )
        table.add_row(*(Text(plain(str(cell), 60)) for cell in cells))
    results().print(table)


@app.command("remove")
def remove(
    name: Name,
    peers: Peers = None,
    workspace: opt.Workspace = opt.HERE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether you are sure.")] = False,
    quiet: opt.Quiet = False,
) -> None:
    """Take creators out of a cohort, or remove it whole."""
    from seguito.dossier.cohort import Cohort, discard, load, save
    from seguito.kit.errors import NotFound, UsageError

    talk, folder = Talk(quiet=quiet, json=False), _folder(workspace)
    cohort = load(folder, name)
    if not peers:
        if not yes and not sys.stdin.isatty():
            raise UsageError(f"Removing the cohort '{name}' whole wants a yes.", "Add --yes.")
        if not yes:
            typer.confirm(f"Remove the cohort '{name}' with its {len(cohort.peers)} creators?", abort=True, err=True)
        discard(folder, name)
        talk.say(f"{name} is removed.")
        return
    left = cohort.peers
    for wanted in peers:
        kept = tuple(one for one in left if not _is(one, wanted))
        if len(kept) == len(left):
            raise NotFound(f"The cohort '{name}' has no creator '{wanted}'.", f"seguito cohort show {name} --names")
        left = kept
    save(folder, Cohort(name, left))
    talk.say(f"{name}: {len(left)} creators, {len(cohort.peers) - len(left)} taken out.")


def _is(peer: Peer, wanted: str) -> bool:
    plain = wanted.strip().removeprefix("@").casefold()
    ends = peer.creator_uri.casefold().endswith(f":{plain}")
    return plain in (peer.creator_uri.casefold(), peer.name.removeprefix("@").casefold()) or ends


def _least() -> int:
    from seguito.dossier.peers import LEAST_FOR_PERCENTILE

    return LEAST_FOR_PERCENTILE


def _folder(workspace: Path) -> Path:
    from seguito.store.lake import open_lake

    with open_lake(workspace, create=False) as lake:
        return lake.layout.cohorts


def _told(cohort: Cohort) -> dict[str, Any]:
    from collections import Counter

    platforms = Counter(one.platform for one in cohort.peers)
    return {
        "name": cohort.name,
        "creators": len(cohort.peers),
        "platforms": dict(sorted(platforms.items())),
        "sha256": cohort.sha256,
    }


def _row(at: int, peer: Peer, *, names: bool) -> dict[str, Any]:
    from seguito.dossier.peers import USABLE, tier_of

    usable = sum(one.status in USABLE for one in peer.estimates)
    return {
        "creator": peer.name if names else f"creator {at}",
        "platform": peer.platform,
        "tier": tier_of(peer.followers),
        "from": peer.window.start.date().isoformat(),
        "to": peer.window.end.date().isoformat(),
        "figures": f"{usable} of {len(peer.estimates)}",
    }


def _peers_in(path: Path, talk: Talk) -> list[Peer]:
    """The peers of a report, of a folder of reports, or of every creator of a workspace."""
    from seguito.dossier.cohort import peer_of, read_report
    from seguito.kit.errors import BadInput, NotFound
    from seguito.store.layout import Layout

    if not path.exists():
        raise NotFound(f"There is no {path}.", "Name a report's .json, a folder of them, or a workspace.")
    if Layout(path).mark.exists():
        return _of_workspace(path, talk)
    if not path.is_dir():
        return [peer_of(read_report(path), path.name)]
    found = []
    for file in sorted(path.glob("*.json")):
        try:
            found.append(peer_of(read_report(file), file.name))
        except BadInput as error:
            talk.say(f"Passed over: {error.what}")
    if not found:
        raise BadInput(
            f"The folder {path} holds no report.", "Name a report's .json, a folder of them, or a workspace."
        )
    return found


def _of_workspace(path: Path, talk: Talk) -> list[Peer]:
    from seguito import pipeline
    from seguito.dossier.cohort import peer_of
    from seguito.measures.space import creators
    from seguito.reports.canonical import to_document
    from seguito.store.lake import open_lake

    with open_lake(path, create=False) as lake:
        return [
            peer_of(to_document(pipeline.vet(lake, uri, progress=talk.progress()))) for uri in creators(lake.snapshot())
        ]
