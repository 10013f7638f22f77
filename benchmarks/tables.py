"""The runs as tables, and the goals they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.run import Run

MILLION = 1_000_000
LONGEST_S, MOST_MB, AGAIN = 180, 4096, 0.10
ABOUT = """Written by `make bench`; do not edit. A simulated community's comments go from CSV files to a finished
report: a first run into an empty workspace, a second one after 1 % of new comments, and a plain pandas and networkx
script that computes the same measures and keeps nothing. Each runs in a fresh process, one at a time. *ratio* is our
first run over the plain script, by the wall; processor seconds stand beside, because a busy machine cannot stretch
them. Memory is that of all processes added up, ten times a second."""
STAGES = ("start", "collect", "label", "measure", "report")


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal and how it went.

    Attributes:
        goal: what is asked.
        figure: what was measured.
        met: whether that is good enough.
    """

    goal: str
    figure: str
    met: bool


def goals(runs: Sequence[Run]) -> list[Goal]:
    """The goals that these sizes can speak to."""
    found = []
    for one in runs:
        if one.comments >= MILLION:
            found.append(Goal("1M comments in 3 minutes at most", f"{one.seconds:.0f} s", one.seconds <= LONGEST_S))
            found.append(Goal("1M comments in 4 GiB at most", f"{one.peak_mb:,.0f} MB", one.peak_mb <= MOST_MB))
    for small, large in pairwise(runs):
        grown, rows = large.seconds / small.seconds, large.comments / small.comments
        what = f"from {small.comments:,} to {large.comments:,} time grows no faster than rows"
        found.append(Goal(what, f"{grown:.1f} times for {rows:.0f} times the rows", grown <= rows))
    largest = max(runs, key=lambda one: one.comments)
    again = largest.again_seconds / largest.seconds
    what = f"a second run with 1 % new rows in a tenth of the first ({largest.comments:,} comments)"
    found.append(Goal(what, f"{again:.0%}", again <= AGAIN))
    return found


def table(runs: Sequence[Run]) -> str:
    """The runs as a Markdown table."""
    head = ["comments", "seconds (CPU)", *STAGES, "peak MB", "µs a row", "second run (CPU)", "of first"]
    head += ["plain script (CPU)", "ratio"]
    rows = [
        [
            f"{one.comments:,}",
            f"{one.seconds:.1f} ({one.cpu_seconds:.1f})",
            *(f"{one.stages.get(stage, 0) / sum(one.stages.values()):.0%}" for stage in STAGES),
            f"{one.peak_mb:,.0f}",
            f"{one.seconds / one.comments * 1e6:.0f}",
            f"{one.again_seconds:.1f} ({one.again_cpu_seconds:.1f})",
            f"{one.again_seconds / one.seconds:.0%}",
            f"{one.plain_seconds:.1f} ({one.plain_cpu_seconds:.1f}), {one.plain_peak_mb:,.0f} MB",
            f"{one.seconds / one.plain_seconds:.1f}",
        ]
        for one in runs
    ]
    return markdown(head, rows)


def stages(runs: Sequence[Run]) -> str:
    """Seconds of every stage of the three programs."""
    rows = []
    for one in runs:
        for name, laps in (("first", one.stages), ("second", one.again_stages), ("plain", one.plain_stages)):
            rows.append(
                [f"{one.comments:,}", name, *(f"{laps[stage]:.2f}" if stage in laps else "" for stage in STAGES)]
            )
    return markdown(["comments", "run", *STAGES], rows)


def written(runs: Sequence[Run], machine: Mapping[str, str]) -> str:
    """The page benchmarks/RESULTS.md."""
    parts = [
        "# Benchmark results",
        ABOUT,
        table(runs),
        "## Goals",
        markdown(
            ["goal", "measured", ""], [[one.goal, one.figure, "met" if one.met else "missed"] for one in goals(runs)]
        ),
        "## Seconds by stage",
        "`start` is importing; each run also starts and ends Python, which the totals above include.",
        stages(runs),
        "## Machine",
        markdown(["", ""], [[name, value] for name, value in machine.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
