"""`seguito check`, as a person uses it: at a real pseudo-terminal, key by key; and by file, where there is none."""

from __future__ import annotations

import csv
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

import pytest

from seguito.labels.checking_log import Check, load
from seguito.store.lake import open_lake
from seguito.testing.world import World
from tests.cli.command import RUN, assert_refused, seguito, surroundings
from tests.store.facts import rows as rows_of

HOSTILE = "ciao \x1b[2J\x1b]0;owned\x07\x9b31m a tutti \u202efine\u202c scrivi a marta.rossi@posta.it\r\nSECONDA"
PATIENCE = 60


def world(comments: int = 6) -> World:
    made = World()
    made.post("p", "0 09:00", text="Il post \x1b[31mrosso")
    for number in range(comments):
        labels = ["low_effort"] if number < 2 else []
        text = HOSTILE if number == 0 else "" if number == 1 else f"testo {number}" + " lungo" * 2_000 * (number == 2)
        made.comment(f"c{number}", "1 09:00", by=f"m{number}", under="p", labels=labels, text=text)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    world().lake(tmp_path / "w").close()
    return tmp_path


def the_check(folder: Path) -> Check:
    (path,) = (folder / "w" / "checks").glob("*.ndjson")
    return load(path)


def persons_words(folder: Path) -> dict[str, str]:
    with open_lake(folder / "w") as lake:
        return {row["subject_uri"]: row["value"] for row in rows_of(lake, "labels") if row["by_person"]}


class Terminal:
    """The command (or another script that ends in it) at a pseudo-terminal of its own."""

    def __init__(self, folder: Path, *args: str, script: str = RUN, **env: str) -> None:
        self._mine, theirs = os.openpty()
        termios.tcsetwinsize(self._mine, (40, 100))
        self.before = termios.tcgetattr(theirs)
        self._theirs = theirs
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, "check", "-w", "w", *args],
            cwd=folder,
            env=surroundings(folder, TERM="xterm", **env),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_own_terminal,  # noqa: PLW1509  (no thread of ours runs here)
        )
        self.seen, self.read_to = "", 0

    def wait_for(self, text: str) -> str:
        """Read until a text comes; what came up to it since the last time."""
        deadline, start = time.monotonic() + PATIENCE, self.read_to
        while text not in self.seen[start:]:
            assert time.monotonic() < deadline, f"no {text!r} in {self.seen[start:]!r}"
            if select.select([self._mine], [], [], 0.1)[0]:
                self.seen += os.read(self._mine, 65536).decode("utf-8", "replace")
            elif self.process.poll() is not None:
                raise AssertionError(f"ended without {text!r}: {self.seen[start:]!r}")
        # One reading may bring more than was waited for: the rest is left for the next wait.
        self.read_to = self.seen.index(text, start) + len(text)
        return self.seen[start : self.read_to]

    def press(self, keys: str) -> None:
        os.write(self._mine, keys.encode())

    def answer(self, keys: str, asked: str = "go on later") -> None:
        """Press keys one after the other, each when the next card has come."""
        for key in keys:
            self.wait_for(asked)
            self.press(key)

    def end(self) -> int:
        """Wait for its end; the exit code. The terminal must be as it was found."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.seen
            if select.select([self._mine], [], [], 0.1)[0]:
                self.seen += os.read(self._mine, 65536).decode("utf-8", "replace")
        while select.select([self._mine], [], [], 0.2)[0]:
            self.seen += os.read(self._mine, 65536).decode("utf-8", "replace")
        assert termios.tcgetattr(self._theirs) == self.before
        for side in (self._mine, self._theirs):
            os.close(side)
        assert "Traceback" not in self.seen
        return self.process.returncode

    @property
    def said(self) -> str:
        """All that was written, without colours, as one line."""
        return " ".join(re.sub(r"\x1b\[[\d;]*m", "", self.seen).split())


def _own_terminal() -> None:
    import fcntl

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_check_from_the_first_card_to_the_last(folder: Path) -> None:
    at = Terminal(folder, "low_effort")
    at.answer("yn?yny")
    assert at.end() == 0
    assert "6 of 6 comments were drawn" in at.said
    assert "Does the comment have “low effort”?" in at.said
    assert "took no effort" in at.said
    assert "Marked: 6 of 6 (3 yes, 2 no, 1 not sure)." in at.said
    check = the_check(folder)
    assert list(check.marks.values()) == ["y", "n", "?", "y", "n", "y"]
    assert [row.uri for row in check.sample.rows] == list(check.marks)
    sure = {uri: "yes" if mark == "y" else "no" for uri, mark in check.marks.items() if mark != "?"}
    assert persons_words(folder) == sure
    again = Terminal(folder, "low_effort")
    assert again.end() == 0
    assert "This check is finished" in again.said


def test_it_goes_on_later_with_the_same_comments(folder: Path) -> None:
    first = Terminal(folder, "low_effort")
    first.answer("ynq")
    assert first.end() == 0
    assert "Left: 4. The same command goes on with them." in first.said
    before = the_check(folder)
    assert len(persons_words(folder)) == 2
    second = Terminal(folder, "low-effort", "--lang", "it")
    second.answer("nnnn", "più tardi")
    assert second.end() == 0
    assert "2 commenti su 6 sono già segnati" in second.said
    assert "non è costato fatica" in second.said
    after = the_check(folder)
    assert after.sample == before.sample
    assert list(after.marks.values()) == ["y", "n", "n", "n", "n", "n"]


def test_back_skip_and_keys_that_mean_nothing(folder: Path) -> None:
    at = Terminal(folder, "low_effort", "--quiet")
    at.wait_for("go on later")
    at.press("b")  # nothing before the first
    at.wait_for("nothing before")
    at.wait_for("go on later")
    at.press("\x1b[B\x1bOQ")  # arrow down: its letter is no answer
    time.sleep(0.3)
    at.press("zé7 \r\nY")  # only the last of these is a key
    at.answer("b")
    at.answer("n")  # the first again, now "no"
    at.answer("s")  # the second, later
    at.answer("yyyy")
    at.answer("s")  # only what was skipped is left
    assert at.end() == 0
    check = the_check(folder)
    order = [row.uri for row in check.sample.rows]
    assert check.marks == {order[0]: "n"} | dict.fromkeys(order[2:], "y")
    assert "Left: 1." in at.said


def test_nothing_in_a_text_steers_the_terminal_or_names_anybody(folder: Path) -> None:
    at = Terminal(folder, "low_effort", NO_COLOR="1")
    at.answer("yyyyyy")
    assert at.end() == 0
    codes = set(re.findall(r"\x1b.{0,4}", at.seen))
    assert all(re.match(r"\x1b\[[12]?m|\x1b\[0m", code) for code in codes), codes
    assert not {"\x07", "\x9b", "\u202e"} & set(at.seen)
    assert "marta" not in at.seen
    assert "[e-mail]" in at.said
    assert "(no text)" in at.said
    assert len(at.seen) < 12_000  # the long one was cut


def test_the_owner_may_see_names_and_still_no_escape(folder: Path) -> None:
    at = Terminal(folder, "low_effort", "--show-names", NO_COLOR="1")
    at.answer("yyyyyy")
    assert at.end() == 0
    assert "marta.rossi@posta.it" in at.said
    assert not {"\x07", "\x9b", "\u202e"} & set(at.seen)
    assert "\x1b[2J" not in at.seen
    assert "\x1b]" not in at.seen


def test_ctrl_c_keeps_what_was_marked(folder: Path) -> None:
    at = Terminal(folder, "low_effort")
    at.answer("yn")
    at.wait_for("go on later")
    at.press("\x03")
    assert at.end() == 130
    assert "goes on from what is already in the workspace" in at.said
    assert list(the_check(folder).marks.values()) == ["y", "n"]
    assert len(persons_words(folder)) == 2


def test_a_killed_session_lost_nothing_and_the_next_one_writes_it(folder: Path) -> None:
    at = Terminal(folder, "low_effort")
    at.answer("yn")
    at.wait_for("go on later")
    at.process.send_signal(signal.SIGKILL)
    at.process.wait(PATIENCE)
    assert persons_words(folder) == {}
    assert the_check(folder).unwritten
    next_time = Terminal(folder, "low_effort")
    next_time.answer("q")
    assert next_time.end() == 0
    assert len(persons_words(folder)) == 2


def test_ctrl_d_goes_on_later(folder: Path) -> None:
    at = Terminal(folder, "low_effort")
    at.answer("y\x04")
    assert at.end() == 0
    assert "Left: 5." in at.said


def test_two_cannot_mark_the_same_check_at_once(folder: Path) -> None:
    first = Terminal(folder, "low_effort")
    first.wait_for("go on later")
    second = Terminal(folder, "low_effort")
    assert second.end() == 75
    assert "is being marked in another terminal" in second.said
    first.press("q")
    assert first.end() == 0


def test_a_full_disk_says_so_and_keeps_earlier_marks(folder: Path) -> None:
    limited = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    first = Terminal(folder, "low_effort")
    first.answer("yq")
    assert first.end() == 0
    size = the_check(folder).path.stat().st_size
    script = limited + f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size + 20}, {size + 20})); {RUN}"
    done = Terminal(folder, "low_effort", script=script)
    done.answer("y")
    assert done.end() == 74
    assert "no room left" in done.said
    assert list(the_check(folder).marks.values()) == ["y"]
    last = Terminal(folder, "low_effort")
    last.answer("nnnnn")
    assert last.end() == 0
    assert len(the_check(folder).marks) == 6


# -- without a terminal ---------------------------------------------------------------------------------------------


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path: Path, marks: list[str], separator: str = ",") -> None:
    rows = table(path)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=separator)
        writer.writeheader()
        writer.writerows(row | {"mark": mark} for row, mark in zip(rows, marks, strict=True))


def test_without_a_terminal_it_offers_files(folder: Path) -> None:
    refused = seguito("check", "low_effort", "-w", "w", cwd=folder)
    assert_refused(refused, 2, "needs a terminal", "--export FILE", "--import FILE")
    assert not (folder / "w" / "checks").exists()
    done = seguito("check", "low_effort", "-w", "w", "--export", "a.csv", cwd=folder)
    assert (done.returncode, "6 comments to mark" in done.stderr) == (0, True)
    rows = table(folder / "a.csv")
    assert [row["mark"] for row in rows] == [""] * 6
    with open_lake(folder / "w") as lake:
        uris = [row["uri"] for row in rows_of(lake, "posts")]
    # Whole uris: two letters of one turn up by chance in a row's own mark.
    assert len(uris) == 7
    assert not any(uri in str(row) for row in rows for uri in uris)
    assert not any("marta" in str(row) or "\x1b" in str(row) for row in rows)
    assert_refused(seguito("check", "low_effort", "-w", "w", "--export", "a.csv", cwd=folder), 77, "exists already")
    fill(folder / "a.csv", ["y", "NO", "sì", "?", "", "n"], separator=";")
    done = seguito("check", "low_effort", "-w", "w", "--import", "a.csv", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "Marked: 5 of 6 (2 yes, 2 no, 1 not sure)."
    assert list(the_check(folder).marks.values()) == ["y", "n", "y", "?", "n"]
    assert len(persons_words(folder)) == 4


def test_a_cell_is_never_a_formula(tmp_path: Path) -> None:
    made = World()
    made.post("p", "0 09:00", text="+39 ecco")
    for number, text in enumerate(("=HYPERLINK(1)", "@ciao", "-2+3", "\t=1", "＝1+1")):
        made.comment(f"c{number}", "1 09:00", by="m", under="p", text=text)
    made.lake(tmp_path / "w").close()
    assert seguito("check", "low_effort", "-w", "w", "--export", "a.csv", cwd=tmp_path).returncode == 0
    cells = [cell for row in table(tmp_path / "a.csv") for cell in row.values() if cell]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert any(cell.startswith("'=") for cell in cells)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "does not begin with the columns"),
        (b"a,b\n1,2\n", "does not begin with the columns"),
        (b"\xff\xfe\x00", "not in UTF-8"),
        (b"row,mark\nR-000000000000,y\n", "of no comment of this check"),
        (b"row,mark\n{0},perhaps\n", "has the mark 'perhaps'"),
        (b"row,mark\n{0},y\n{0},n\n", "marks a comment again"),
    ],
)
def test_a_file_that_does_not_fit_marks_nothing(folder: Path, content: bytes, words: str) -> None:
    assert seguito("check", "low_effort", "-w", "w", "--export", "a.csv", cwd=folder).returncode == 0
    first = table(folder / "a.csv")[0]["row"].encode()
    (folder / "a.csv").write_bytes(content.replace(b"{0}", first))
    assert_refused(seguito("check", "low_effort", "-w", "w", "--import", "a.csv", cwd=folder), 65, words)
    assert the_check(folder).marks == {}


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("low_efort", "--export", "a.csv"), 2, "Did you mean 'low_effort'?"),
        (("sentiment", "--export", "a.csv"), 2, "--value"),
        (("question", "--value", "maybe", "--export", "a.csv"), 2, "genuine"),
        (("low_effort", "--export", "a.csv", "--import", "b.csv"), 2, "contradict"),
        (("low_effort", "--import", "none.csv"), 66, "no file"),
        (("low_effort", "--export", "none/a.csv"), 77, "cannot be written"),
        (("low_effort", "--creator", "nemo", "--export", "a.csv"), 66, "nemo"),
        (("low_effort", "--rows", "0", "--export", "a.csv"), 2, "greater than"),
    ],
)
def test_what_does_not_fit_is_told(folder: Path, args: tuple[Any, ...], code: int, words: str) -> None:
    assert_refused(seguito("check", *args, "-w", "w", cwd=folder), code, words)
