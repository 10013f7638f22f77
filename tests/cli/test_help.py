"""The tour: it is there, in order, quickly, and no command says less than the others."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.main import get_command

from seguito.cli.main import app
from tests.cli.command import seguito, surroundings

HEAVY = {
    "pyarrow",
    "ibis",
    "duckdb",
    "numpy",
    "scipy",
    "altair",
    "vl_convert",
    "httpx",
    "deltalake",
    "jinja2",
    "pandas",
}
ASKED = """
import sys
sys.argv = ["seguito", *{args}]
from seguito.cli.main import app
app(standalone_mode=False)
sys.stderr.write(" ".join(sorted(one.split(".")[0] for one in sys.modules)))
"""


def names() -> list[str]:
    root = get_command(app)
    return root.list_commands(root.make_context("seguito", [], resilient_parsing=True))  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["vet", "--help"], ["schema"]])
def test_asking_for_help_loads_nothing_heavy(args: list[str], tmp_path: Path) -> None:
    done = seguito(cwd=tmp_path, script=ASKED.format(args=args))
    assert done.returncode == 0, done.stderr
    assert HEAVY & set(done.stderr.split()) == set()


def test_the_check_above_can_fail(tmp_path: Path) -> None:
    done = seguito(cwd=tmp_path, script="import numpy" + ASKED.format(args=["--help"]))
    assert "numpy" in done.stderr.split()


def test_help_answers_quickly(tmp_path: Path) -> None:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        assert seguito("--help", cwd=tmp_path).returncode == 0
        times.append(time.perf_counter() - start)
    assert min(times) <= 0.6


def test_it_reads_like_a_tour(tmp_path: Path) -> None:
    text = seguito("--help", cwd=tmp_path).stdout
    panels = ["Start here", "Step by step", "Keep a workspace", "For builders"]
    places = [text.index(panel) for panel in panels]
    assert places == sorted(places)
    tour = [
        "demo",
        "vet",
        "collect",
        "label",
        "measures",
        "measure",
        "report",
        "status",
        "forget",
        "upkeep",
        "simulate",
    ]
    found = [re.search(rf"^\W+{name}\s{{2,}}", text, re.MULTILINE) for name in tour]
    assert all(found)
    assert [one.start() for one in found if one] == sorted(one.start() for one in found if one)


def test_asking_for_nothing_shows_the_tour(tmp_path: Path) -> None:
    done = seguito(cwd=tmp_path)
    assert "Start here" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "error:" not in done.stderr


@pytest.mark.parametrize("name", names())
def test_every_command_says_what_it_does_and_every_option_too(name: str) -> None:
    root = get_command(app)
    command = root.commands[name]  # type: ignore[attr-defined]
    assert (command.help or "").strip().endswith(".")
    for option in command.params:
        if option.name != "help":
            assert getattr(option, "help", None), f"{name} {option.name}"


def test_no_colours_where_nobody_sees_them(tmp_path: Path) -> None:
    for env in ({}, {"NO_COLOR": "1"}):
        done = seguito("--help", cwd=tmp_path, **env)
        assert "\x1b" not in done.stdout


def test_the_shell_completes_commands_and_options(tmp_path: Path) -> None:
    def completed(words: str, at: int) -> list[str]:
        env = surroundings(tmp_path, _SEGUITO_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(at))
        script = "from seguito.cli.main import main; main()"
        done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
        return done.stdout.split()

    assert {"measure", "measures"} <= set(completed("seguito mea", 1))
    assert "--max-posts" in completed("seguito vet --max", 2)
    assert {"en", "it"} <= set(completed("seguito report --lang ", 3))
