"""The command as a person runs it: another process, its two streams and its exit code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

RUN = "from seguito.cli.main import main; main()"
PATIENCE = 180


def surroundings(tmp: Path, **more: str) -> dict[str, str]:
    """An environment without anything of this machine's user in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(tmp), "XDG_STATE_HOME": str(tmp / "state"), **more}


def seguito(
    *args: str | Path, cwd: Path, script: str = RUN, bound: bool = False, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run `seguito` in a folder and wait for it.

    Args:
        args: as typed.
        cwd: the folder.
        script: what runs instead of the plain command.
        bound: as somebody whom file permissions bind, even where the tests run as root.
        env: more of the environment.
    """
    command = [sys.executable, "-c", script, *map(str, args)]
    if bound and os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        assert setpriv, "these tests need setpriv; on Debian: apt-get install util-linux"
        command = [setpriv, "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search", *command]
    return subprocess.run(
        command,
        cwd=cwd,
        env=surroundings(cwd, **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def assert_refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    """It ended with this code, said what happened and what to do, and nothing else."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().split("\n")[-2:]
    assert last[0].startswith("error: "), done.stderr
    assert last[1].startswith("  try: "), done.stderr
    for word in words:
        assert word in done.stderr
