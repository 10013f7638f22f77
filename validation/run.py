"""Measure every detector where the truth is known and keep what was found: `python -m validation.run`.

Each detector's rows are kept in one small file under `validation/results`, with a digest of the code they were made
with. A run leaves out detectors whose file is up to date, so one that was stopped goes on where it was; `--only NAME`
measures some again, whatever is kept. The page of the documentation is written from the files.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from seguito.simulate.scenarios import RELEASE_SEEDS
from validation import page
from validation.detectors import DETECTORS, NOT_BUILT
from validation.table import Reached
from validation.worlds import product

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "reference" / "validation.md"
DEVELOPMENT = range(100)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, keep, write the page; every row on stdout, the worst first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(DETECTORS), help="measure these again and leave the others")
    parser.add_argument("--seeds", type=int, default=len(DEVELOPMENT), help="so many seeds, from the first on")
    parser.add_argument("--release", action="store_true", help="use the seeds kept for releases; the page stays")
    asked = parser.parse_args(words)
    seeds = (RELEASE_SEEDS if asked.release else DEVELOPMENT)[: asked.seeds]
    folder = RESULTS / "release" if asked.release else RESULTS
    for name in asked.only or DETECTORS:
        measure(name, seeds, folder, release=asked.release, again=bool(asked.only))
    found = list(kept(folder))
    sys.stdout.write(page.plain(found))
    if not asked.release:
        PAGE.write_text(page.written(found), encoding="utf-8")
    return 0


def measure(name: str, seeds: Sequence[int], folder: Path, *, release: bool, again: bool) -> None:
    """Measure one detector and keep its rows, unless what is kept was made with this very code and these seeds."""
    if not is_built(name):
        return
    path, made_with = folder / f"{name}.json", code(name)
    if not again and path.is_file():
        before = json.loads(path.read_text("utf-8"))
        if (before["code"], before["seeds"]) == (made_with, len(seeds)):
            return
    began = time.process_time()
    rows = list(import_module(DETECTORS[name]).rows(seeds, release=release))
    folder.mkdir(parents=True, exist_ok=True)
    content = {"code": made_with, "seeds": len(seeds), "rows": [asdict(one) for one in rows]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stderr.write(f"{name}: {len(rows)} rows, {time.process_time() - began:.0f} s of processor\n")


def is_built(name: str) -> bool:
    """Whether the module of a detector is there and offers rows."""
    return find_spec(DETECTORS[name]) is not None and hasattr(import_module(DETECTORS[name]), "rows")


def code(name: str) -> str:
    """A digest of all code that a detector's rows depend on: the product, the module that measures it, what it uses."""
    found = sha256(product().encode())
    for path in sorted(_used(HERE / f"{DETECTORS[name].rsplit('.', 1)[1]}.py", set())):
        found.update(path.read_bytes())
    return found.hexdigest()


def _used(path: Path, seen: set[Path]) -> set[Path]:
    """A module of this package and those of it that it imports, and so on."""
    if path not in seen and path.is_file():
        seen.add(path)
        for name in re.findall(r"^\s*from validation\.(\w+) import", path.read_text("utf-8"), re.MULTILINE):
            _used(HERE / f"{name}.py", seen)
    return seen


def kept(folder: Path = RESULTS) -> Iterator[Reached]:
    """The rows of every detector that were kept, and those of detectors that are not built."""
    for name in DETECTORS:
        path = folder / f"{name}.json"
        if path.is_file():
            yield from _read(json.loads(path.read_text("utf-8"))["rows"])
    yield from NOT_BUILT


def _read(rows: Iterable[dict[str, object]]) -> Iterator[Reached]:
    for row in rows:
        interval = row.pop("interval")
        ends = tuple(interval) if isinstance(interval, list) else None
        yield Reached(**row, interval=ends)  # type: ignore[arg-type]


# Labelling starts processes with spawn, which import this file again: only the first of them may run.
if __name__ == "__main__":
    raise SystemExit(main())
