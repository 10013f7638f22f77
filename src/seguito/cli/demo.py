"""`seguito demo`: simulate a small community, vet its creator the way a real one is vetted, show what was planted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

if TYPE_CHECKING:
    from seguito.simulate.truth import Compared

Folder = Annotated[Path, typer.Option("--output", "-o", help="The folder for the report and the simulated community.")]


def demo(
    output: Folder = Path("demo"),
    lang: opt.Lang = "en",
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """See it work: simulate a community, vet its creator, write demo/report.html and demo/report.json."""
    from seguito import pipeline
    from seguito.cli.steps import read_all, render_to
    from seguito.cli.written import check_place
    from seguito.reports.canonical import to_document
    from seguito.simulate.community import simulate
    from seguito.simulate.files import write
    from seguito.simulate.plan import demo_plan
    from seguito.simulate.truth import compare, truth
    from seguito.sources.contract import Options
    from seguito.store.lake import open_lake

    talk = Talk(quiet=quiet, json=as_json)
    page = output / "report.html"
    check_place(page)
    community = simulate(demo_plan())
    paths = write(community, output / "simulated")
    talk.say(
        f"Simulated: {len(community.comments):,} comments under {len(community.posts)} posts. Nobody in it exists."
    )
    with open_lake(_fresh(output / "simulated" / "workspace")) as lake:
        collected = read_all(lake, [str(path) for path in paths], Options(), talk, yes=True)
        pipeline.label(lake, progress=talk.progress())
        whose = pipeline.creator_of(lake, [one.batch for one in collected], None)
        document = to_document(pipeline.vet(lake, whose, progress=talk.progress()))
    render_to(page, document, lang, talk)
    _show(compare(truth(community), document), talk)


def _fresh(workspace: Path) -> Path:
    """An empty place for the demo's own workspace; only a workspace that an earlier demo left there is removed."""
    import shutil

    from seguito.kit.errors import Refused

    if workspace.exists():
        if not (workspace / "SEGUITO").is_file():
            raise Refused(f"{workspace} exists and is no workspace.", "Choose another folder with --output.")
        shutil.rmtree(workspace)
    return workspace


def _show(rows: Sequence[Compared], talk: Talk) -> None:
    """A short table on stderr: what was planted beside what was found."""
    from rich.table import Table

    if talk.quiet or not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("in the simulated community")
    table.add_column("planted", justify="right")
    table.add_column("found", justify="right")
    table.add_column("95 % interval")
    for row in rows:
        interval = "" if row.lo is None or row.hi is None else f"{_plain(row.lo, row)} to {_plain(row.hi, row)}"
        table.add_row(row.what, _plain(row.planted, row), _plain(row.found, row), interval)
    talk.console.print()
    talk.console.print(table)


def _plain(value: float | None, row: Compared) -> str:
    if value is None:
        return "no answer"
    return f"{value:.1%}" if row.unit == "share" else f"{value:,.1f}" if row.unit == "days" else f"{value:,.0f}"
