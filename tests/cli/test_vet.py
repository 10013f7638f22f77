"""From files to a report with one command, and the steps one by one over the same workspace."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seguito.simulate.community import simulate
from seguito.simulate.files import write
from seguito.simulate.plan import plan
from tests.cli.command import RUN, assert_refused, seguito, surroundings
from tests.reports.test_schema import CHECK


@pytest.fixture(scope="module")
def vetted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("vet")
    files = write(simulate(plan(seed=3, comments=1_200)), folder / "community")
    return folder, seguito("vet", *files, cwd=folder)


def test_it_writes_a_page_and_its_json_and_prints_the_answers(
    vetted: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = vetted
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "report.json").read_bytes())
    CHECK.validate(report)
    # Each cell of the table breaks its own lines.
    assert all(words in done.stdout for words in ("Are there enough data to", "judge?", "Was a silence met with care?"))
    assert "Nobody in it exists" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr.strip().split("\n")[-1] == f"The report: {folder.resolve() / 'report.html'}"
    page = (folder / "report.html").read_text()
    assert report["result_sha256"] in page


def test_the_report_of_that_snapshot_has_the_same_bytes(
    vetted: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, _ = vetted
    sequence = json.loads((folder / "report.json").read_bytes())["snapshot"]["sequence"]
    done = seguito("report", "--as-of", str(sequence), "-o", "again.html", "--json", "--quiet", cwd=folder)
    assert done.returncode == 0
    assert done.stderr == ""
    for name in ("json", "html"):
        assert (folder / f"again.{name}").read_bytes() == (folder / f"report.{name}").read_bytes()
    assert done.stdout.encode() == (folder / "report.json").read_bytes()


def test_the_report_in_italian(vetted: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = vetted
    done = seguito("report", "--lang", "it", "-o", "it.html", cwd=folder)
    assert "C'è un vero dialogo" in " ".join(done.stdout.split())
    assert '<html lang="it">' in (folder / "it.html").read_text()
    assert (folder / "it.json").read_bytes() == (folder / "report.json").read_bytes()


def test_the_creator_may_reply(vetted: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = vetted
    (folder / "reply.txt").write_text("Ero via per il libro.\n<b>Marta</b>", encoding="utf-8")
    done = seguito("report", "--reply", "reply.txt", "-o", "replied.html", "-q", cwd=folder)
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "replied.json").read_bytes())
    assert report["right_of_reply"] == "Ero via per il libro.\n<b>Marta</b>"
    assert "&lt;b&gt;Marta&lt;/b&gt;" in (folder / "replied.html").read_text()
    assert_refused(seguito("report", "--reply", "none.txt", "-o", "no.html", cwd=folder), 66, "none.txt")
    (folder / "reply.txt").write_bytes(b"\xff\xfe\x00")
    assert_refused(seguito("report", "--reply", "reply.txt", "-o", "no.html", cwd=folder), 65, "UTF-8")
    (folder / "reply.txt").write_text("x" * 20_001)
    assert_refused(seguito("report", "--reply", "reply.txt", "-o", "no.html", cwd=folder), 65, "20,001")


def test_a_snapshot_that_is_not_there(vetted: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = vetted
    assert_refused(seguito("report", "--as-of", "99", "-o", "no.html", cwd=folder), 66, "99")
    assert_refused(seguito("report", "somebody.else", "-o", "no.html", cwd=folder), 66, "somebody.else")
    assert not (folder / "no.html").exists()


def test_one_measure_as_table_json_and_csv(vetted: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = vetted
    report = json.loads((folder / "report.json").read_bytes())
    whole = next(one for one in report["estimates"] if one["measure"] == "dialogue.answered_share")
    rows = json.loads(seguito("measure", "dialogue.answered_share", "--json", cwd=folder).stdout)
    assert [row["part"] for row in rows] == ["", "questions"]
    assert rows[0]["value"] == pytest.approx(whole["value"], rel=1e-5)
    found = list(csv.DictReader(io.StringIO(seguito("measure", "dialogue.answered_share", "--csv", cwd=folder).stdout)))
    assert float(found[0]["value"]) == rows[0]["value"]
    assert found[0]["n"] == str(whole["n"])
    table = seguito("measure", "dialogue.answered_share", cwd=folder).stdout
    assert "Comments answered" in table
    assert_refused(seguito("measure", "dialogue.charm", cwd=folder), 2, "dialogue.charm")
    assert_refused(seguito("measure", "dialogue.charm", "--json", "--csv", cwd=folder), 2, "--csv")


def test_status_tells_what_is_there(vetted: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = vetted
    held = json.loads(seguito("status", "--json", cwd=folder).stdout)
    report = json.loads((folder / "report.json").read_bytes())
    assert held["snapshot"] == report["snapshot"]["sequence"]
    assert held["creators"][0]["uri"] == report["creator"]["uri"]
    assert held["batches"][0]["rows_read"] == report["sources"][0]["rows_read"]
    shown = seguito("status", cwd=folder).stdout
    assert report["creator"]["handle"] in shown
    assert f"{held['tables']['posts']:,}" in shown


def test_measures_and_schema_are_for_machines_too(tmp_path: Path) -> None:
    rows = json.loads(seguito("measures", "--json", cwd=tmp_path).stdout)
    assert "dialogue.answered_share" in {row["name"] for row in rows}
    assert all(row["question"].endswith("?") for row in rows)
    assert json.loads(seguito("schema", cwd=tmp_path).stdout) == CHECK.schema


TABLE = "who,what they said,video,when\n" + "".join(
    f"member{at % 9},Bellissima idea grazie davvero numero {at},v{at % 4},2026-03-{1 + at % 28:02d}T10:00:00Z\n"
    for at in range(60)
)


def asked(answer: str, *args: str, cwd: Path) -> tuple[int, str]:
    """Run with a terminal as stdin and stderr, and answer the question that comes."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *args],
        cwd=cwd,
        env=surroundings(cwd, TERM="dumb"),
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown, until, answered = b"", time.monotonic() + 120, False
    while time.monotonic() < until:
        ready, _, _ = select.select([ours], [], [], 1)
        try:
            piece = os.read(ours, 65_536) if ready else b""
        except OSError:  # the other side is gone
            break
        shown += piece
        if b"[y/N]" in shown and not answered:
            os.write(ours, answer.encode() + b"\n")
            answered = True
        if not piece and process.poll() is not None:
            break
    os.close(ours)
    assert answered, shown
    return process.wait(60), shown.decode(errors="replace")


def test_on_a_terminal_a_proposed_mapping_is_shown_and_asked_for(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(TABLE)
    code, shown = asked("n", "collect", "export.csv", cwd=tmp_path)
    assert code == 2
    assert "what they said" in shown
    assert "nothing was read" in shown
    assert not (tmp_path / "seguito-workspace").exists()
    code, shown = asked("y", "collect", "export.csv", cwd=tmp_path)
    assert code == 0, shown
    # What was accepted is remembered: the same columns need no question, not even where nobody can be asked.
    (tmp_path / "export.csv").write_text(TABLE + "member1,Un commento in più,v1,2026-04-01T10:00:00Z\n")
    again = seguito("collect", "export.csv", "--json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)[0]["added"]["posts"] >= 1


def test_a_shown_mapping_can_be_given_back(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(TABLE)
    shown = seguito("collect", "export.csv", "--show-mapping", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    (tmp_path / "mapping.toml").write_text(shown.stdout)
    done = seguito("collect", "export.csv", "--mapping", "mapping.toml", "--json", "--quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["rows_read"] == 60
    assert done.stderr == ""
