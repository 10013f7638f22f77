"""`seguito status`: what a workspace holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer

from seguito.cli import options as opt
from seguito.cli.console import results

if TYPE_CHECKING:
    from seguito.store.lake import Lake
    from seguito.store.snapshot import Snapshot

SHOWN = 12
COUNTED = ("posts", "comments", "followers")


def status(workspace: opt.Workspace = opt.HERE, as_json: opt.AsJson = False) -> None:
    """Show what the workspace holds: creators, sources, snapshots, rows, coverage."""
    from seguito.store.lake import open_lake

    with open_lake(workspace, create=False) as lake:
        held = _held(lake)
    if as_json:
        typer.echo(json.dumps(held, indent=1, ensure_ascii=False))
    else:
        _print(held)


def _held(lake: Lake) -> dict[str, Any]:
    from seguito.facts.tables import TABLES

    snapshot = lake.snapshot()
    tables = {
        name: int(snapshot.engine.fetch(snapshot.table(name).count().name("n").as_table())["n"][0].as_py())
        for name, table in TABLES.items()
        if not table.private and name in snapshot.versions
    }
    return {
        "workspace": str(lake.layout.root.resolve()),
        "snapshot": snapshot.sequence,
        "tables": tables,
        "creators": _creators(snapshot) if "posts" in tables else [],
        "models": _models(lake),
        "batches": [
            {
                "snapshot": batch.sequence,
                "step": batch.step,
                "source": batch.source,
                "locator": batch.locator,
                "rows_read": batch.rows_read,
                "rows_skipped": batch.rows_skipped,
                "finished_at": batch.finished_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
            for batch in snapshot.batches
        ],
    }


def _models(lake: Lake) -> list[dict[str, Any]]:
    """The larger models that the settings name, whether or not what runs them is installed."""
    from seguito.kit.errors import SeguitoError
    from seguito.kit.settings import read_settings

    told = []
    for label, said in sorted(read_settings(lake.layout.root).models.items()):
        from seguito.labels.models.folder import open_folder

        one = {"label": label, "model": said.model, "asked": said.only, "name": None, "files": None, "problem": None}
        try:
            folder = open_folder(said.model)
            one |= {"name": folder.name, "files": folder.revision}
        except SeguitoError as error:
            one |= {"problem": error.what}
        told.append(one)
    return told


def _creators(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Every creator with sources and coverage, from one question per table however many there are."""
    from seguito.measures.space import creators

    found = creators(snapshot)
    accounts = snapshot.current("accounts")
    handles = snapshot.engine.fetch(accounts.filter(accounts.uri.isin(found)).select("uri", "handle")).to_pylist()
    handle = {row["uri"]: row["handle"] for row in handles}
    posts = snapshot.table("posts")
    pairs = snapshot.engine.fetch(posts.select("space_uri", "batch_id").distinct()).to_pylist()
    name = {batch.batch_id: batch.source for batch in snapshot.batches if batch.step == "collect"}
    sources: dict[str, set[str]] = {}
    for row in pairs:
        if row["batch_id"] in name:
            sources.setdefault(row["space_uri"], set()).add(name[row["batch_id"]])
    covered = _covered(snapshot)
    return [
        {
            "uri": uri,
            "handle": handle.get(uri),
            "sources": sorted(sources.get(uri, ())),
            "coverage": [covered[uri, what] for what in COUNTED if (uri, what) in covered],
        }
        for uri in found
    ]


def _covered(snapshot: Snapshot) -> dict[tuple[str, str], dict[str, Any]]:
    """Declared against collected by creator; where single posts tell their own number, the whole's is left out."""
    import ibis

    rows = snapshot.current("coverage")
    owner = ibis.coalesce(rows.space_uri, rows.scope_uri)
    rows = rows.mutate(owner=owner, inner=rows.scope_uri != owner)
    totals = rows.group_by(["owner", "what", "inner"]).aggregate(
        declared=rows.declared.sum(), collected=rows.collected.sum()
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in snapshot.engine.fetch(totals.order_by(["owner", "what", "inner"])).to_pylist():
        found[row["owner"], row["what"]] = {key: row[key] for key in ("what", "declared", "collected")}
    return found


def _print(held: Mapping[str, Any]) -> None:
    from rich.text import Text

    from seguito.reports.plain import plain

    out = results()
    out.print(Text(held["workspace"], style="bold"), soft_wrap=True)
    out.print(f"snapshot {held['snapshot']}")
    out.print()
    out.print(_table("table", "rows", rows=[(name, f"{rows:,}") for name, rows in held["tables"].items()]))
    out.print()
    creators = [
        (plain(str(one["handle"] or one["uri"]), 60), ", ".join(one["sources"]), _coverage(one["coverage"]))
        for one in held["creators"]
    ]
    out.print(_table("creator", "sources", "collected", rows=creators[:SHOWN]))
    if len(creators) > SHOWN:
        out.print(f"and {len(creators) - SHOWN} more")
    out.print()
    if held["models"]:
        asked = {"always": "every post", "unsure": "where the compact reader is not sure"}
        rows = [
            (
                one["label"],
                asked[one["asked"]],
                plain(str(one["name"] or one["model"]), 60),
                one["files"] or one["problem"],
            )
            for one in held["models"]
        ]
        out.print(_table("label", "is read by a model", "called", "its files", rows=rows))
        out.print()
    batches = [
        (
            str(one["snapshot"]),
            one["step"],
            plain(str(one["locator"] or one["source"]), 40),
            f"{one['rows_read']:,}",
            f"{one['rows_skipped']:,}",
            one["finished_at"],
        )
        for one in held["batches"][-SHOWN:]
    ]
    out.print(_table("snapshot", "step", "from", "read", "skipped", "when", rows=batches))


def _coverage(covered: list[dict[str, Any]]) -> str:
    told = []
    for one in covered:
        declared = f"of {one['declared']:,}" if one["declared"] is not None else "of unknown"
        told.append(f"{one['collected']:,} {declared} {one['what']}")
    return "; ".join(told)


def _table(*headings: str, rows: Sequence[tuple[str, ...]]) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        numeric = heading in ("rows", "read", "skipped")
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
