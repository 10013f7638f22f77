"""Runs a command and watches how long it takes and how much memory it and its children hold at once."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run took.

    Attributes:
        seconds: wall time, from start to exit, imports included.
        cpu_seconds: processor time of the process and its children: what a busy machine cannot stretch.
        peak_mb: the most memory the process and its children held at one moment, as sampled ten times a second
            (resident sets added up, so pages they share count twice), or the highest of one process if that is more.
        result: the JSON it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    result: dict[str, Any]


def watch(module: str, *arguments: str | Path) -> Watched:
    """Run `python -m module arguments` in a fresh process and wait for it.

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    begun, spent = time.perf_counter(), _cpu_of_children()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent
    ) as child:
        peak = _Peak(child.pid)
        peak.start()
        out, talk = child.communicate()
        seconds = time.perf_counter() - begun
        peak.stop()
    if child.returncode:
        raise RuntimeError(f"{module} ended with {child.returncode}: {talk[-2000:]}")
    result = json.loads(out.splitlines()[-1])
    alone = max(result.get("peak_own_kb", 0), result.get("peak_child_kb", 0)) / 1024
    return Watched(seconds, _cpu_of_children() - spent, max(peak.mb, alone), result)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Peak:
    """Adds up the resident memory of a process and its children, again and again, and keeps the highest sum."""

    def __init__(self, pid: int) -> None:
        self.mb = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY_S):
            self.mb = max(self.mb, self._now())

    def _now(self) -> float:
        try:
            root = psutil.Process(self._pid)
            people = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return 0.0
        total = 0
        for one in people:
            try:
                total += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total / 1024**2
