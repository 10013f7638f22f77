"""Write requirements.lock from pyproject.toml, or check that it is up to date. Versions and hashes, no addresses."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
COMMAND = [
    "uv", "pip", "compile", "pyproject.toml", "--extra", "spark", "--extra", "models", "--group", "dev", "--universal",
    "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet", "--no-annotate",
]  # fmt: skip


def compiled(start: str) -> str:
    """The lock file that pyproject.toml asks for, keeping the versions of `start` where they still fit."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "requirements.lock"
        target.write_text(start)
        uv = Path(sys.executable).parent / "uv"
        subprocess.run([str(uv), *COMMAND[1:], "-o", str(target)], cwd=ROOT, check=True)
        return target.read_text()


def main() -> int:
    """Write the lock file, or with --check only compare."""
    kept = LOCK.read_text() if LOCK.exists() else ""
    fresh = compiled(kept)
    if re.search(r"https?://|--index|--find-links", fresh):
        sys.stderr.write("the lock file would hold an address\n")
        return 1
    if "--check" not in sys.argv:
        LOCK.write_text(fresh)
        return 0
    if fresh != kept:
        sys.stderr.write("requirements.lock is out of date; run: make lock\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
