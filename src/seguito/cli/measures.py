"""`seguito measures` lists what can be measured; `seguito measure` measures it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk, results

if TYPE_CHECKING:
    import pyarrow as pa

Names = Annotated[list[str], typer.Argument(help="Names of measures; `seguito measures` lists them.", metavar="NAME…")]
Whose = Annotated[str | None, typer.Option("--creator", help="The creator's handle or id, where there are several.")]


def measures(lang: opt.Lang = "en", as_json: opt.AsJson = False) -> None:
    """List what can be measured: the question, the unit, how many rows it takes."""
    from seguito.measures.registry import MEASURES
    from seguito.reports.words import words_in

    words = words_in(lang)
    rows = [
        {
            "name": one.name,
            "question": words.told(one.name)[0],
            "unit": one.unit,
            "at_least": one.min_n,
            "counts": one.n_unit,
            "needs": sorted(one.needs),
        }
        for one in MEASURES.values()
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for row in rows:
        table.add_row(str(row["name"]), str(row["question"]))
    results().print(table)


def measure(
    names: Names,
    creator: Whose = None,
    as_of: opt.AsOf = None,
    lang: opt.Lang = "en",
    workspace: opt.Workspace = opt.HERE,
    engine: opt.Engine = "duckdb",
    master: opt.Master = None,
    as_json: opt.AsJson = False,
    as_csv: opt.AsCsv = False,
) -> None:
    """Measure one thing (or a few): value, interval, rows behind it, by part. As a table, JSON or CSV."""
    from seguito import library
    from seguito.cli.steps import only_creator
    from seguito.kit.errors import UsageError
    from seguito.store.lake import open_lake

    if as_json and as_csv:
        raise UsageError("--json and --csv contradict each other.", "Choose one of them.")
    with open_lake(workspace, engine=engine, master=master, create=False) as lake:
        whose = creator or only_creator(lake, as_of)
        table = library.measure(lake, whose, *names, sequence=as_of)
    if as_json:
        typer.echo(json.dumps(table.to_pylist(), indent=1, ensure_ascii=False, default=_iso))
    elif as_csv:
        _print_csv(table)
    else:
        _print_table(table, lang)


def _iso(value: Any) -> str:
    return str(value.isoformat()).replace("+00:00", "Z")


def _print_csv(table: pa.Table) -> None:
    import csv
    import sys

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(_iso(value) if hasattr(value, "isoformat") else value for value in row.values())


def _print_table(table: pa.Table, lang: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from seguito.reports.words import words_in

    words = words_in(lang)
    shown = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    shown.add_column(words.label("figure"), overflow="fold")
    shown.add_column(words.label("value"), justify="right")
    shown.add_column(words.label("interval"))
    shown.add_column("n", justify="right")
    shown.add_column(words.label("status"))
    for row in table.to_pylist():
        name = words.get("measures", row["measure"], "name")
        if row["part"]:
            name = f"  {words.part(row['measure'], row['part'])}"
        known = row["lo"] is not None
        shown.add_row(
            Text(name),
            words.numbers.figure(row["value"], row["unit"]),
            words.numbers.span(row["lo"], row["hi"], row["unit"]) if known else "",
            words.numbers.plain(row["n"]),
            "" if row["part"] else words.get("statuses", row["status"]),
        )
    results().print(shown)
    _tell_reasons(table, words)


def _tell_reasons(table: pa.Table, words: Any) -> None:
    talk, units = Talk(), {row["measure"]: row["unit"] for row in table.to_pylist() if not row["part"]}
    for row in table.to_pylist():
        for code, values in json.loads(row["reasons"]).items() if not row["part"] else ():
            name = words.get("measures", row["measure"], "name")
            talk.say(f"{name}: {words.sentence('reasons', {'code': code, 'values': values}, units)}")
