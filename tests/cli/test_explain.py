"""`seguito explain`: what is behind a label, safe to print whatever a text holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from seguito.cli.explain import safe
from seguito.cli.main import app
from seguito.kit.errors import NotFound, UsageError
from seguito.labels import explained
from seguito.store.lake import open_lake
from tests.labels.test_run import append, post

RUN = CliRunner()


def test_a_text_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explained, "is_shown", lambda label, value: False)
    done = RUN.invoke(app, ["explain", "grazie mille di cuore per la ricetta", "--label", "thanks"])
    assert done.exit_code == 0
    assert "language: it" in done.stdout
    assert "thanks: given" in done.stdout
    assert "feeds shares only" in " ".join(done.stdout.split())
    assert "pattern: thanks.it.word" in done.stdout
    assert "grazie +" in done.stdout


def test_json_tells_the_same_for_machines() -> None:
    done = RUN.invoke(app, ["explain", "thank you so much!", "--label", "thanks", "--words", "2", "--json"])
    told = json.loads(done.stdout)
    (one,) = told["labels"]
    assert (told["language"], one["label"], one["value"], one["given"]) == ("en", "thanks", "yes", True)
    assert 0 <= one["score"] <= 1
    assert len(one["words"]) == 2
    assert done.stdout.isascii()


def test_a_post_of_the_workspace_is_explained_without_names(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "grazie mille @marta_rossi di cuore")], "posts")
    done = RUN.invoke(app, ["explain", "x:post:a", "--label", "thanks", "-w", str(tmp_path / "w")])
    assert "thanks: given" in done.stdout
    assert "marta" not in done.stdout
    shown = RUN.invoke(app, ["explain", "x:post:a", "--show-names", "-w", str(tmp_path / "w")])
    assert "@marta_rossi" in shown.stdout
    gone = RUN.invoke(app, ["explain", "x:post:b", "-w", str(tmp_path / "w")])
    assert isinstance(gone.exception, NotFound)


def test_what_is_asked_wrongly_is_told() -> None:
    assert isinstance(RUN.invoke(app, ["explain", "hello", "--label", "nonsense"]).exception, UsageError)


@pytest.mark.parametrize("text", ["", " ", "\x1b[2J", "\u202eevil\u202c", "a" * 100_000, "[bold]x[/bold]", "\ud800x"])
def test_no_text_reaches_the_terminal_as_it_is(text: str) -> None:
    done = RUN.invoke(app, ["explain", "--", text])
    assert done.exit_code == 0, done.exception
    assert not {"\x1b", "\u202e", "\u202c"} & set(done.stdout)
    assert len(done.stdout) < 10_000
    assert text != "[bold]x[/bold]" or "[bold]" in done.stdout


def test_safe_keeps_what_is_only_text() -> None:
    assert safe("è 👨‍👩‍👧 ❤️\nok") == "è 👨‍👩‍👧 ❤️ ok"
    assert safe("\x1b[31m\u202e\u2028") == "\ufffd[31m\ufffd\ufffd"
