"""Hostile texts through the doors that people use: files into a lake and its labels, a set to score, clusters."""

from __future__ import annotations

import csv
import io
import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner, Result

from seguito import pipeline
from seguito.cli.main import app
from seguito.kit.errors import SeguitoError
from seguito.labels.models.weights import write
from seguito.sources.contract import Options
from seguito.sources.targets import open_targets
from seguito.store.lake import Lake, open_lake

from .hostile import LONGEST, MANY, SECRET, SHORT, bomb
from .models.planted import planted

# What cannot be written in UTF-8 comes as escapes in JSON and as raw bytes in tables.
ESCAPED = {
    "half a pair": r"grazie \ud83d di cuore",
    "the other half": r"grazie \ude02 di cuore",
    "a pair the wrong way round": r"\ude02\ud83d",
    "a null": r"gra\u0000zie",
    "an override": r"\u202edi cuore",
    "a bare escape": r"\u001b[31m",
}
RAW = {
    "a cut letter": b"grazi\xc3",
    "latin 1": b"perch\xe9 no",
    "a surrogate in UTF-8": b"\xed\xa0\xbd\xed\xb8\x82 ciao",
    "no UTF-8 at all": b"\xff\xfe\xfd",
    "overlong": b"\xc0\xaf ciao \xf5\x80\x80\x80",
    "a null": b"gra\x00zie",
}
LONG = {"a long word": "a", "marks": "\u0336", "mentions": "@a ", "links": "http://a.it ", "overrides": "\u202e"}
TEXTS = [*SHORT.values(), *(bomb(piece, MANY) for piece in LONG.values()), "a" + "\u0316\u0301" * (LONGEST // 2)]
COLUMNS = ("comment_id", "username", "post_id", "created_at", "text")


def row_of(number: int, text: str) -> dict[str, str]:
    return dict(zip(COLUMNS, (f"c{number}", f"u{number % 7}", "p1", "2024-05-01T10:00:00Z", text), strict=True))


def as_json(path: Path) -> int:
    """Texts as JSON lines; the escapes just as they stand."""
    lines = [json.dumps(row_of(number, text + SECRET)) for number, text in enumerate(TEXTS)]
    for number, escape in enumerate(ESCAPED.values(), start=len(lines)):
        lines.append(json.dumps(row_of(number, "HERE")).replace("HERE", escape + SECRET))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def as_table(path: Path) -> int:
    """Texts as a table; the bytes just as they stand."""
    written = io.StringIO()
    rows = csv.DictWriter(written, COLUMNS, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writeheader()
    for number, text in enumerate(TEXTS):
        rows.writerow(row_of(1_000 + number, text + SECRET))
    content = written.getvalue().encode()
    for number, raw in enumerate(RAW.values(), start=2_000):
        content += f'"c{number}","u1","p1","2024-05-01T10:00:00Z","'.encode() + raw + SECRET.encode() + b'"\n'
    path.write_bytes(content)
    return len(TEXTS) + len(RAW)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lake, int]]:
    """A lake in which all of them were collected and labelled, and how many rows there were."""
    here = tmp_path_factory.mktemp("hostile")
    rows = as_json(here / "table.comments.ndjson") + as_table(here / "table.comments.csv")
    with open_lake(here / "workspace") as lake:
        kept = 0
        for name in ("table.comments.ndjson", "table.comments.csv"):
            (reading,) = open_targets([str(here / name)], Options(creator="marta"))
            found = pipeline.collect(lake, reading)
            # What is not kept is told: rows add up.
            kept += found.batch.rows_kept
            assert found.batch.rows_read == found.batch.rows_kept + found.batch.rows_skipped
        # Not kept: what holds a NUL, is no UTF-8 in a file that is, or is longer than any field.
        assert rows - kept <= 14
        pipeline.label(lake)
        yield lake, kept


def fetched(lake: Lake, table: str) -> pa.Table:
    snapshot = lake.snapshot()
    return snapshot.engine.fetch(snapshot.current(table))


def test_every_text_that_was_kept_is_read_once(collected: tuple[Lake, int]) -> None:
    lake, kept = collected
    posts, labels = fetched(lake, "posts"), fetched(lake, "labels").to_pylist()
    posts.validate(full=True)
    texts = {row["uri"]: row["text"] for row in posts.to_pylist() if row["text"] is not None}
    assert len(texts) >= kept - 1
    read = [row["subject_uri"] for row in labels if row["label"] == "read"]
    assert sorted(read) == sorted(texts)
    spoken = {row["subject_uri"]: row["value"] for row in labels if row["label"] == "language"}
    assert set(spoken) == set(texts)
    assert all(value for value in spoken.values())
    assert all(0 <= row["score"] <= 1 for row in labels if row["score"] is not None)


def test_a_second_reading_finds_nothing_new(collected: tuple[Lake, int]) -> None:
    """No text is so odd that it reads differently when it comes back from the lake."""
    lake, _ = collected
    assert pipeline.label(lake).added.get("labels", 0) == 0


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_clusters_and_status_show_them_harmlessly(collected: tuple[Lake, int]) -> None:
    lake, _ = collected
    for words in (
        ("clusters", "--least", "2"),
        ("clusters", "--least", "2", "--json"),
        ("clusters", "--least", "2", "--by", "intent"),
    ):
        done = run(*words, "--workspace", str(lake.layout.root), "--creator", "marta")
        assert done.exception is None or isinstance(done.exception, SeguitoError | SystemExit), done.exception
        for sign in ("\x1b]", "\x1b[2J", "\u202e", "\x00", "\x07"):
            assert sign not in done.stdout


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    write(tmp_path / "planted.weights", *planted())
    return tmp_path


@pytest.mark.parametrize("form", ["json", "table"])
@pytest.mark.parametrize("label", ["sentiment", "offensive", "question=genuine", "language"])
def test_a_set_of_hostile_texts_is_scored(scored: Path, form: str, label: str) -> None:
    name = "set.ndjson" if form == "json" else "set.csv"
    rows = (as_json if form == "json" else as_table)(scored / name)
    (scored / "map.csv").write_text("u0,-\n" + "".join(f"u{n},{VALUES[label][n % 2]}\n" for n in range(1, 7)))
    begun = time.process_time()
    options = ("--gold", "username", "--map", str(scored / "map.csv"), "--weights", str(scored / "planted.weights"))
    done = run("score-labeller", label, str(scored / name), *options, "--json")
    assert done.exit_code == 0, done.exception
    assert time.process_time() - begun < 20
    found = json.loads(done.stdout)
    assert found["rows"] + found["rejected"] >= rows
    assert found["rows"] >= rows - 11
    assert found["n"] == found["rows"] - sum(found["left_out"].values())
    assert found["not_read"] > 0
    assert SECRET not in done.output


VALUES = {
    "sentiment": ("negative", "positive"),
    "offensive": ("yes", "no"),
    "question=genuine": ("yes", "no"),
    "language": ("it", "en"),
}


def test_nothing_of_a_text_stands_in_a_log_or_a_message(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    as_json(tmp_path / "table.comments.ndjson")
    as_table(tmp_path / "table.comments.csv")
    place = ("--workspace", str(tmp_path / "workspace"))
    for name in ("table.comments.ndjson", "table.comments.csv"):
        run("collect", str(tmp_path / name), "--creator", "marta", "--yes", *place)
    said = [run("label", *place), run("status", *place), run("clusters", "--least", "2", "--creator", "marta", *place)]
    assert "labels" in said[0].output
    assert SECRET not in caplog.text + "".join(capfd.readouterr()) + "".join(one.output for one in said[:2])
    for kept in (tmp_path / "workspace").rglob("*.log"):
        assert SECRET.encode() not in kept.read_bytes()
