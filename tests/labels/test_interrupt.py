"""Ctrl-C on a terminal reaches every process of the group: all of them end, and what was committed stands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seguito.labels.run import run
from seguito.store.lake import open_lake
from tests.labels.test_run import append, post, standing

SLOW = """
import time
from dataclasses import dataclass
from tests.labels.test_run import Contains

@dataclass(frozen=True)
class Slow(Contains):
    def label(self, posts):
        time.sleep(0.3)
        return super().label(posts)
"""
SCRIPT = """
import sys
from seguito.labels import pool, run as step
from seguito.store.lake import open_lake
from slow import Slow

class Told:
    def start(self, step, total=None): ...
    def advance(self, done=1): print(done, flush=True)
    def say(self, text): ...
    def finish(self): ...

if __name__ == "__main__":
    pool.PART, pool.LEAST = 2, 1
    with open_lake(sys.argv[1]) as lake:
        step.run(lake, chosen=[Slow()], processes=2, commit=10, progress=Told())
"""
POSTS = 200


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_ctrl_c(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post(f"{n:03}", "il sole") for n in range(POSTS)], "posts")
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "script.py").write_text(SCRIPT)
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py"), str(tmp_path / "w")],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(12):  # parts of two posts: more than one commit
            assert process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert told.decode().count("KeyboardInterrupt") >= 1
    deadline = time.monotonic() + 10
    while is_alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_alive(process.pid), "a process was left behind"
    with open_lake(tmp_path / "w") as lake:
        done = len(standing(lake))
        assert 10 <= done < POSTS
        assert done % 10 == 0, "whole commits only"
        from tests.labels.test_run import Contains

        word = Contains()
        run(lake, chosen=[word])
        assert sum(word.calls) == POSTS - done, "what stands is not read again"
        assert len(standing(lake)) == POSTS
