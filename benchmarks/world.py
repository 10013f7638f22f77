"""The files that are timed: simulated once, then kept in a cache folder under a name that tells what made them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import seguito.simulate
from seguito.simulate import youtube
from seguito.simulate.community import simulate
from seguito.simulate.plan import plan

SEED = 5
# How many more comments the second file has: what a creator's space gains between two readings.
MORE = 0.01


def files(comments: int, cache: Path) -> tuple[Path, Path]:
    """Two folders with comments.csv and videos.csv: one with `comments` rows, one with one per cent more."""
    kept = cache / f"{comments}-{SEED}-{_made_by()}"
    folders = kept / "first", kept / "second"
    if not (kept / "whole").exists():
        shutil.rmtree(kept, ignore_errors=True)
        later = comments + round(comments * MORE)
        community = simulate(plan(seed=SEED, comments=round(later * 1.15)))
        if len(community.comments) < later:
            raise RuntimeError(f"the simulated community wrote {len(community.comments)} comments, not {later}")
        for folder, rows in zip(folders, (comments, later), strict=True):
            folder.mkdir(parents=True)
            youtube.write(community, folder, oldest=rows)
        (kept / "whole").touch()
    return folders


def _made_by() -> str:
    """A digest of the simulator itself, so that a changed simulator makes new files."""
    folder = Path(seguito.simulate.__file__).parent
    texts = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in (".py", ".toml")]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:10]
