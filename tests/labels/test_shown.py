"""What may be shown on a message: what people found right often enough, and nothing that nobody measured."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from seguito.labels import shown
from seguito.labels.catalogue import LABELS
from seguito.labels.shown import hidden, is_shown, shown_pairs

TOLD: dict[str, Any] = {
    "always": frozenset({"wording"}),
    "measured": {"thanks": True, "support": False, "question": True, "criticism": True, "criticism=content": False},
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "_told", lambda: TOLD)


@pytest.mark.usefixtures("told")
def test_only_what_was_measured_and_right_is_shown() -> None:
    assert is_shown("thanks", "yes")
    assert is_shown("question", "genuine")
    assert not is_shown("question", "rhetorical"), "what holds of genuine questions need not hold of others"
    assert not is_shown("support", "yes")
    assert not is_shown("threat", "yes"), "not measured, so not shown"
    assert not is_shown("criticism", "content")
    assert not is_shown("criticism", "conduct")
    assert is_shown("wording", "00ff")
    assert shown_pairs() == ("question=genuine", "thanks=yes", "wording")
    assert hidden() == set(LABELS) - {"question", "thanks", "wording"}


def test_what_ships_is_precise_where_it_is_shown() -> None:
    text = (files("seguito.labels") / "shown.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["measured"]:
        assert row["shown"] == (row["precision"] >= 0.7 and row["finds"] >= 10), row["label"]
    assert {"identity_attack", "threat", "worry", "hostility", "mockery"} <= hidden()
    assert is_shown("thanks", "yes")
