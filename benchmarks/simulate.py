"""Times the simulator: `python -m benchmarks.simulate`.

A million comments, from the seed to files and every latent, in fresh processes: the standard world and the one that has
everything in it. The figures go into `docs/concepts/simulator.md`. Processor seconds stand beside, which other work
cannot stretch.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import facts
from benchmarks.watch import watch

PAGE = Path(__file__).parent.parent / "docs" / "concepts" / "simulator.md"
BEGIN, END = "<!-- times: begin -->", "<!-- times: end -->"
COMMENTS = 1_000_000
GOAL_S = 60.0
RUNS = (("", "youtube", COMMENTS), ("S10", "youtube", COMMENTS), ("S2", "bluesky", 4_000))


@dataclass(frozen=True, slots=True)
class Timed:
    """One world.

    Attributes:
        scenario: its name; empty for the standard one.
        form: the files written.
        comments: how many comments the world has, other spaces included.
        seconds, cpu_seconds: wall and processor time, from starting Python to its end.
        peak_mb: the most memory held.
    """

    scenario: str
    form: str
    comments: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def timed(scenario: str, form: str, comments: int) -> Timed:
    """Make one world in a process of its own."""
    run = watch("benchmarks.simulate", "--one", scenario or "-", form, str(comments))
    return Timed(scenario, form, run.result["comments"], run.seconds, run.cpu_seconds, run.peak_mb)


def one(scenario: str, form: str, comments: int) -> dict[str, int]:
    """Make one world here and tell how many comments it has."""
    from seguito.simulate.community import simulate
    from seguito.simulate.files import write
    from seguito.simulate.plan import plan
    from seguito.simulate.scenarios import planned

    chosen = plan(seed=1, comments=comments) if scenario == "-" else planned(scenario, seed=1, comments=comments)
    world = simulate(chosen)
    with tempfile.TemporaryDirectory() as folder:
        write(world, Path(folder), form="bluesky" if form == "bluesky" else "youtube")
    spaces = (world, *world.neighbours)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"comments": sum(len(space.comments) for space in spaces), "peak_own_kb": peak}


def table(runs: list[Timed]) -> str:
    """The runs, and whether a million comments took no longer than they may."""
    lines = ["| world | files | comments | seconds | CPU | peak MB |", "| --- | --- | --- | --- | --- | --- |"]
    lines += [
        f"| {run.scenario or 'standard'} | {run.form} | {run.comments:,} | {run.seconds:.1f} | "
        f"{run.cpu_seconds:.1f} | {run.peak_mb:,.0f} |"
        for run in runs
    ]
    worst = max(run.seconds * COMMENTS / run.comments for run in runs if run.comments >= COMMENTS)
    machine = facts()
    told = f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, load before {machine['load before']}"
    met = "met" if worst <= GOAL_S else "not met"
    goal = f"Goal: a million comments in {GOAL_S:.0f} s: {met} ({worst:.0f} s at worst)."
    return "\n".join([*lines, "", goal, f"Measured {told}, by `python -m benchmarks.simulate --write`."])


def main() -> int:
    """Time all worlds and print the table, or write it into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", nargs=3, metavar=("SCENARIO", "FORM", "COMMENTS"), help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="write the table into docs/concepts/simulator.md")
    asked = parser.parse_args()
    if asked.one:
        sys.stdout.write(json.dumps(one(asked.one[0], asked.one[1], int(asked.one[2]))) + "\n")
        return 0
    shown = table([timed(*run) for run in RUNS])
    sys.stdout.write(shown + "\n")
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{shown}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
