"""The whole way once, in a process of its own: collect, label, measure, report. Prints seconds per stage as JSON."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path


class Clock:
    """Seconds between laps: by the wall, and of processors (children that have ended included)."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self._at, self._cpu_at = time.perf_counter(), 0.0

    def lap(self, name: str) -> None:
        """The time since the last lap belongs to `name`."""
        now, spent = time.perf_counter(), sum(os.times()[:4])
        self.laps[name], self.cpu[name] = now - self._at, spent - self._cpu_at
        self._at, self._cpu_at = now, spent


def run(workspace: Path, files: list[Path], report: Path) -> dict[str, object]:
    """Read files into a workspace and write a report, timing every stage."""
    clock = Clock()
    from seguito import pipeline
    from seguito.reports.canonical import to_bytes, to_document
    from seguito.reports.html import render
    from seguito.sources.contract import Options
    from seguito.sources.targets import open_targets
    from seguito.store.lake import open_lake

    clock.lap("start")
    with open_lake(workspace) as lake:
        readings = open_targets([str(path) for path in files], Options())
        collected = [pipeline.collect(lake, reading) for reading in readings]
        clock.lap("collect")
        pipeline.label(lake)
        clock.lap("label")
        dossier = pipeline.vet(lake, pipeline.creator_of(lake, [one.batch for one in collected]))
        clock.lap("measure")
        document = to_document(dossier)
        report.write_bytes(to_bytes(document))
        report.with_suffix(".html").write_text(render(document, "en"), encoding="utf-8")
        clock.lap("report")
    added: dict[str, int] = {}
    for one in collected:
        for table, rows in one.receipt.added.items():
            added[table] = added.get(table, 0) + rows
    return {
        "seconds": clock.laps,
        "cpu_seconds": clock.cpu,
        "rows": sum(one.batch.rows_read for one in collected),
        "added": added,
        "answers": {answer["question"]: answer["verdict"] for answer in document["answers"]},
        "estimates": {one["measure"]: one["value"] for one in document["estimates"]},
    }


def main() -> None:
    """Run once; the result goes to stdout as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    found = run(asked.workspace, asked.files, asked.report)
    # Kilobytes on Linux; the highest of this process, and of the largest child it waited for.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(json.dumps({**found, "peak_own_kb": own, "peak_child_kb": child}) + "\n")


# Labelling starts processes with spawn, which import this file again: only the first of them may run.
if __name__ == "__main__":
    main()
