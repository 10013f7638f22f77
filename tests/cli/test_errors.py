"""Bad input at the door: one sentence of what happened, one of what to do, an exit code, and nothing damaged."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.cli.command import RUN, assert_refused, seguito, surroundings

TABLE = "author,text,post_id,created_at\n" + "".join(
    f"member{at % 7},Quanti grammi servono per la ricetta {at}?,p{at % 3},2026-03-{1 + at % 28:02d}T10:00:00Z\n"
    for at in range(40)
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "comments.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture(scope="module")
def no_network() -> Iterator[str]:
    """A web server that is no AT Protocol host."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><p>A shop for shoes.")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["vet", "nowhere.csv"], 66, ["nowhere.csv"]),
        (["vet", "."], 2, ["is a folder"]),
        (["vet", "notes.bin"], 65, ["notes.bin"]),
        (["vet", "empty.csv"], 65, ["empty.csv"]),
        (["vet", "sheet.xlsx"], 65, ["Excel"]),
        (["vet", "comments.csv", "--format", "telepathy"], 2, ["telepathy", "youtube_data_tools"]),
        (["vet", "comments.csv", "--mapping", "none.toml"], 66, ["none.toml"]),
        (["vet", "comments.csv", "--mapping", "wrong.toml"], 2, ["shoe_size"]),
        (["vet", "comments.csv", "--yes", "--timezone", "Mars/Olympus"], 2, ["Mars/Olympus"]),
        (["vet", "friendface:anna"], 2, ["friendface", "bluesky"]),
        (["vet", "bluesky:not a handle!"], 2, ["not a handle!"]),
        (["vet", "bluesky:anna.example.org", "--host", "ftp://example.org"], 2, ["http"]),
        (["vet", "bluesky:anna.example.org", "--max-posts", "none"], 2, ["--max-posts"]),
        (["vet", "bluesky:anna.example.org", "--max-posts", "0"], 2, ["--max-posts"]),
        (["vet"], 2, ["TARGET"]),
        (["vet", "comments.csv", "--lang", "xx"], 2, ["--lang"]),
        (["vet", "comments.csv", "--output", "."], 2, ["is a folder"]),
        (["vet", "comments.csv", "--output", "report.pdf"], 2, [".html"]),
        (["vet", "comments.csv", "--yes", "--workspace", "comments.csv"], 77, ["is a file"]),
        (["vet", "comments.csv", "--yes", "--workspace", "full"], 77, ["other files"]),
        (["report", "--workspace", "none"], 66, ["no workspace"]),
        (["status", "--workspace", "none"], 66, ["no workspace"]),
        (["label", "--workspace", "none"], 66, ["no workspace"]),
        (["measure", "dialogue.answered_share", "-w", "none"], 66, ["no workspace"]),
        (["fly"], 2, ["fly"]),
        (["vet", "comments.csv", "--wings"], 2, ["--wings"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_refused_at_the_door(args: list[str], code: int, words: list[str], table: Path) -> None:
    folder = table.parent
    (folder / "notes.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.csv").write_text("")
    (folder / "sheet.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (folder / "wrong.toml").write_text(
        'record = "comments"\nplatform = "other"\n[columns]\ntext = "text"\nid = "shoe_size"\n'
    )
    (folder / "full").mkdir()
    (folder / "full" / "novel.txt").write_text("once upon a time")
    before = held(folder)
    assert_refused(seguito(*args, cwd=folder), code, *words)
    # What only shows while reading leaves a workspace behind, with nothing in it but its key.
    assert held(folder) - {"seguito-workspace/SEGUITO", "seguito-workspace/key"} == before


def held(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_that_may_not_be_read(table: Path) -> None:
    table.chmod(0)
    assert_refused(seguito("vet", table.name, cwd=table.parent, bound=True), 77, table.name)


def test_a_workspace_that_may_not_be_written(table: Path) -> None:
    closed = table.parent / "closed"
    closed.mkdir(mode=0o500)
    done = seguito("vet", table.name, "--yes", "--workspace", "closed/w", cwd=table.parent, bound=True)
    assert_refused(done, 77, "permission denied")
    assert list(closed.iterdir()) == []


def test_a_report_that_may_not_be_written_is_refused_before_anything_is_read(table: Path) -> None:
    closed = table.parent / "closed"
    closed.mkdir(mode=0o500)
    done = seguito("vet", table.name, "--yes", "--output", "closed/report.html", cwd=table.parent, bound=True)
    assert_refused(done, 77, "closed/report.html")
    assert not (table.parent / "seguito-workspace").exists()


def test_a_host_that_is_no_network(no_network: str, tmp_path: Path) -> None:
    done = seguito("vet", "bluesky:anna.example.org", "--host", no_network, "--allow-private-hosts", cwd=tmp_path)
    assert done.returncode != 0
    assert_refused(done, done.returncode, "127.0.0.1")


def test_a_host_in_a_private_network(no_network: str, tmp_path: Path) -> None:
    done = seguito("vet", "bluesky:anna.example.org", "--host", no_network, cwd=tmp_path)
    assert_refused(done, 77, "--allow-private-hosts")


def test_a_table_nobody_described_wants_a_word_where_nobody_can_be_asked(table: Path) -> None:
    done = seguito("vet", table.name, cwd=table.parent)
    assert_refused(done, 2, "--show-mapping", "--yes", "--mapping")
    assert not (table.parent / "seguito-workspace").exists()


def test_a_bug_is_told_as_one_and_its_details_kept_for_this_user(tmp_path: Path) -> None:
    script = (
        "import seguito.store.lake as lake\n"
        "def broken(*given, **named): raise ZeroDivisionError('the secret detail')\n"
        "lake.open_lake = broken\n" + RUN
    )
    done = seguito("status", cwd=tmp_path, script=script)
    assert_refused(done, 70, "a bug in Seguito", "ZeroDivisionError")
    assert "the secret detail" not in done.stderr
    kept = list((tmp_path / "state" / "seguito").iterdir())
    assert len(kept) == 1
    assert str(kept[0]) in done.stderr
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert "the secret detail" in kept[0].read_text()


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -c '{RUN}' schema | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=surroundings(tmp_path), capture_output=True, text=True
    )
    assert done.stdout.split() == ["{", "0"]
    assert done.stderr == ""


STOPPED = """
import os, signal
from seguito import pipeline
whole, seen = pipeline._Tally.take, []
def take(self, *given, **named):
    seen.append(1)
    if len(seen) == 3:
        os.kill(os.getpid(), signal.SIGINT)
    return whole(self, *given, **named)
pipeline._Tally.take = take
"""


def test_interrupted_it_says_how_to_go_on_and_the_workspace_is_whole(table: Path) -> None:
    folder = table.parent
    done = seguito("collect", table.name, "--yes", cwd=folder, script=STOPPED + RUN)
    assert done.returncode == 128 + signal.SIGINT
    assert "Run the same command again" in done.stderr
    assert "Traceback" not in done.stderr
    held = json.loads(seguito("status", "--json", cwd=folder).stdout)
    assert (held["snapshot"], held["tables"]) == (0, {})
    again = seguito("collect", table.name, "--yes", "--json", cwd=folder)
    assert json.loads(again.stdout)[0]["added"]["posts"] >= 40
    assert os.listdir(folder / "seguito-workspace" / "staging") == []
