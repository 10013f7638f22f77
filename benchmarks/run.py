"""Times the whole way at several sizes, beside a plain script: `python -m benchmarks.run --sizes 10000 100000`.

For every size: a first run into an empty workspace, a second run after one per cent of new comments, and the plain
script, each in a fresh process, one after the other.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import world
from benchmarks.machine import facts
from benchmarks.tables import goals, table, written
from benchmarks.watch import watch

HERE = Path(__file__).parent
CACHE = HERE.parent / "build" / "benchmarks"
SIZES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Run:
    """One size.

    Attributes:
        comments: rows of the comments file.
        seconds, cpu_seconds: wall and processor time of the first run, from starting Python to its end.
        stages: seconds of each stage of the first run.
        peak_mb: the most memory held at one moment, children included.
        again_seconds, again_cpu_seconds: wall and processor time of the second run.
        again_stages: seconds of each stage of the second run.
        again_added: rows of posts the second run added.
        plain_seconds, plain_cpu_seconds: wall and processor time of the plain script.
        plain_stages: seconds of its stages.
        plain_peak_mb: its memory.
    """

    comments: int
    seconds: float
    cpu_seconds: float
    stages: dict[str, float]
    peak_mb: float
    again_seconds: float
    again_cpu_seconds: float
    again_stages: dict[str, float]
    again_added: int
    plain_seconds: float
    plain_cpu_seconds: float
    plain_stages: dict[str, float]
    plain_peak_mb: float


def measure(comments: int, cache: Path) -> Run:
    """Time one size."""
    first_files, second_files = world.files(comments, cache)
    workspace = cache / f"workspace-{comments}"
    shutil.rmtree(workspace, ignore_errors=True)
    report = cache / f"report-{comments}.json"
    try:
        first = watch("benchmarks.stages", workspace, report, *sorted(first_files.iterdir()))
        again = watch("benchmarks.stages", workspace, report, *sorted(second_files.iterdir()))
    finally:
        shutil.rmtree(workspace, ignore_errors=True)
    plain = watch("benchmarks.plain", first_files)
    _same(first.result["estimates"], plain.result["figures"])
    return Run(
        comments=comments,
        seconds=first.seconds,
        cpu_seconds=first.cpu_seconds,
        stages=first.result["seconds"],
        peak_mb=first.peak_mb,
        again_seconds=again.seconds,
        again_cpu_seconds=again.cpu_seconds,
        again_stages=again.result["seconds"],
        again_added=again.result["added"].get("posts", 0),
        plain_seconds=plain.seconds,
        plain_cpu_seconds=plain.cpu_seconds,
        plain_stages=plain.result["seconds"],
        plain_peak_mb=plain.peak_mb,
    )


def _same(ours: dict[str, float], theirs: dict[str, list[float]]) -> None:
    """Refuse to compare the times of two programs that do not find the same."""
    for measure_name, plain_name in (("dialogue.answered_share", "answered_share"),):
        if abs(ours[measure_name] - theirs[plain_name][0]) > 0.001:
            raise RuntimeError(
                f"{measure_name} is {ours[measure_name]}, but the plain script finds {theirs[plain_name][0]}"
            )


def main(words: list[str] | None = None) -> int:
    """Run the benchmark; results on stdout, what is going on on stderr."""
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="comments in the file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where simulated files are kept")
    parser.add_argument("--output", type=Path, default=HERE / "RESULTS.md", help="the page to write")
    asked = parser.parse_args(words)
    asked.cache.mkdir(parents=True, exist_ok=True)
    machine = facts()
    runs = []
    for size in asked.sizes:
        sys.stderr.write(f"{size:,} comments\n")
        runs.append(measure(size, asked.cache))
    asked.output.write_text(written(runs, machine), encoding="utf-8")
    if asked.json:
        told = {
            "machine": machine,
            "runs": [asdict(run) for run in runs],
            "goals": [asdict(one) for one in goals(runs)],
        }
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
    else:
        sys.stdout.write(table(runs) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
