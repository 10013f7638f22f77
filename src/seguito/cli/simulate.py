"""`seguito simulate`: write the files of an invented community, and the truth beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from seguito.cli import options as opt
from seguito.cli.console import Talk

Seed = Annotated[int, typer.Option("--seed", help="One seed, one community, the same bytes every time.")]
Comments = Annotated[int, typer.Option("--comments", help="How many comments are written, about.")]
Form = Annotated[
    Literal["bluesky", "youtube"],
    typer.Option("--format", help="Pages of an AT Protocol network, or tables of YouTube Data Tools."),
]
Scenario = Annotated[str | None, typer.Option("--scenario", help="What is planted: see --list.")]
Listed = Annotated[bool, typer.Option("--list", help="List the scenarios.")]
Release = Annotated[bool, typer.Option("--release", help="Allow the seeds that are kept for releases.")]
Folder = Annotated[Path, typer.Option("--output", "-o", help="The folder to write into.")]


def simulate(
    seed: Seed = 0,
    comments: Comments = 4_000,
    form: Form = "bluesky",
    output: Folder = Path("simulated"),
    scenario: Scenario = None,
    listed: Listed = False,
    release: Release = False,
    quiet: opt.Quiet = False,
) -> None:
    """Write an invented community with planted truth, in files that vet reads. No text labeller may be scored on it."""
    from seguito.simulate.community import simulate as bring_to_life
    from seguito.simulate.files import TRUTH, creator_key, write
    from seguito.simulate.launches import SALES
    from seguito.simulate.plan import plan
    from seguito.simulate.scenarios import SCENARIOS, planned

    if listed:
        for name, one in SCENARIOS.items():
            typer.echo(f"{name}  {one.plants}")
        return
    talk = Talk(quiet=quiet)
    if scenario is None:
        wanted = plan(seed=seed, comments=comments)
    else:
        wanted = planned(scenario, seed=seed, comments=comments, release=release)
    community = bring_to_life(wanted)
    paths = write(community, output, form=form)
    for path in paths:
        typer.echo(str(path))
    talk.say(f"What was planted: {output / TRUTH}")
    whose = f" --creator {creator_key(community, form)}" if community.neighbours else ""
    # The columns of sales are guessed, and a guess has to be agreed to.
    agreed = " --yes" if any(path.name == SALES for path in paths) else ""
    talk.say(f"Vet it with: seguito vet {' '.join(str(path) for path in paths)}{whose}{agreed}")
