"""The command `seguito`: what it offers, in the order one would use it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from seguito import __version__
from seguito.cli import (
    check,
    clusters,
    cohort,
    collect,
    demo,
    explain,
    fit_model,
    forget,
    label,
    measures,
    report,
    schema,
    score_labeller,
    score_profiles,
    simulate,
    status,
    upkeep,
    vet,
)
from seguito.cli.faults import told

app = typer.Typer(
    name="seguito",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Is a following a real, engaged community? Vet a creator from public data or from files you have.",
    epilog="Everything stays on this machine. Documentation: docs/README.md",
)


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda asked: _version(asked=asked),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Nothing to do before a command."""


# One line a command, in the order of a tour.
app.command("demo", rich_help_panel="Start here")(demo.demo)
app.command("vet", rich_help_panel="Start here")(vet.vet)
app.command("collect", rich_help_panel="Step by step")(collect.collect)
app.command("label", rich_help_panel="Step by step")(label.label)
app.command("measures", rich_help_panel="Step by step")(measures.measures)
app.command("measure", rich_help_panel="Step by step")(measures.measure)
app.command("check", rich_help_panel="Step by step")(check.check)
app.command("clusters", rich_help_panel="Step by step")(clusters.clusters)
app.command("explain", rich_help_panel="Step by step")(explain.explain)
app.command("report", rich_help_panel="Step by step")(report.report)
app.add_typer(cohort.app, name="cohort", rich_help_panel="Keep a workspace")
app.command("status", rich_help_panel="Keep a workspace")(status.status)
app.command("forget", rich_help_panel="Keep a workspace")(forget.forget)
app.command("upkeep", rich_help_panel="Keep a workspace")(upkeep.upkeep)
app.command("score-labeller", rich_help_panel="For builders")(score_labeller.score_labeller)
app.command("score-profiles", rich_help_panel="For builders")(score_profiles.score_profiles)
app.command("fit-model", rich_help_panel="For builders")(fit_model.fit_model)
app.command("simulate", rich_help_panel="For builders")(simulate.simulate)
app.command("schema", rich_help_panel="For builders")(schema.schema)


def main() -> None:
    """Run the command line; errors become two sentences and an exit code."""
    sys.exit(told(lambda: app(prog_name="seguito", standalone_mode=False)))
