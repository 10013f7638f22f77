"""`seguito forget` and `seguito upkeep`, as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seguito.store.lake import open_lake
from tests.store.facts import ADA, commit, conversation


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    with open_lake(tmp_path / "w") as lake:
        commit(lake, *conversation(), creator_uri=ADA)
    return tmp_path / "w"


def seguito(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from seguito.cli.main import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)


def test_forgetting_wants_a_yes_and_tells_what_it_did(workspace: Path) -> None:
    asked = seguito("forget", "@vera.rossi.example", "-w", str(workspace))
    assert (asked.returncode, "Add --yes" in asked.stderr) == (2, True)
    done = seguito("forget", "@vera.rossi.example", "-w", str(workspace), "--yes")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "accounts: 2 rows erased")
    assert "snapshots before 2 are void" in done.stderr
    assert "Traceback" not in done.stderr
    nobody = seguito("forget", "nemo", "-w", str(workspace), "--yes")
    assert (nobody.returncode, "Nobody called 'nemo'" in nobody.stderr) == (66, True)


def test_upkeep_tells_machines_too(workspace: Path) -> None:
    found = json.loads(seguito("upkeep", "--check", "--json", "-w", str(workspace)).stdout)
    assert (found["problems"], found["rows"]["posts"]) == ([], 5)
    assert json.loads(seguito("upkeep", "--json", "-w", str(workspace)).stdout)["void_before"] is None
    for file in (workspace / "lake" / "posts").rglob("part-*.parquet"):
        file.write_bytes(b"PAR1")
    damaged = seguito("upkeep", "--check", "-w", str(workspace))
    assert damaged.returncode == 1
    assert "\ndamaged: Version 0: The table 'posts'" in damaged.stdout
    assert "Traceback" not in damaged.stderr
