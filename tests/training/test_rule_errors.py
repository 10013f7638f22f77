"""The measuring of rules, on rows written for it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from training.hand import TO_COMPANY, Comment, context, half_of, read
from training.rule_errors import as_table, as_toml, measure

from seguito.labels.patterns import Patterns
from training import rule_errors

VOICES = [Patterns("thanks")]

HEAD = "id\tset\tkind\tlanguage\tcontext\ttext\tpolarity\tacts\tunsure\tstratum\tstratum_pool\tannotators\n"


def test_rows_of_one_video_stay_together_and_both_halves_are_used() -> None:
    halves = {half_of("set", f"video {number}") for number in range(50)}
    assert halves == {"develop", "report"}
    assert half_of("set", "video 7") == half_of("set", "video 7")


def test_weights_bring_a_stratum_back_to_its_size(tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    rows = [
        ("1", "boosted", "30"),
        ("2", "boosted", "30"),
        ("3", "plain", "90"),
    ]
    lines = [f"{key}\ts\tk\tit\tv\tciao\tneu\tthanks\t0\t{stratum}\t{pool}\t1\n" for key, stratum, pool in rows]
    (tmp_path / "intents" / "labels.tsv").write_text(HEAD + "".join(lines), encoding="utf-8")
    # 30 of 2 drawn are 15 each, 90 of 1 drawn are 90; 120 in all, scaled to the 3 rows that were read: by 1/40.
    assert [one.weight for one in read(tmp_path)] == pytest.approx([0.375, 0.375, 2.25])


def comments(*rows: tuple[str, set[str], float]) -> list[Comment]:
    return [Comment(text, "it", "s", "report", frozenset(acts), weight, unsure=False) for text, acts, weight in rows]


def test_shares_are_weighted_and_counts_are_effective(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_errors, "ENOUGH", 3)
    found, missed, left, false = (
        "grazie di cuore a tutti",
        "sono commosso da voi",
        "la luna piena di ieri",
        "grazie ieri sera",
    )
    made = comments(
        (found, {"thanks"}, 1.0),
        (found, {"thanks"}, 1.0),
        (missed, {"thanks"}, 2.0),
        (left, set(), 1.0),
        (left, set(), 1.0),
        (left, set(), 1.0),
        (false, set(), 1.0),
    )
    thanks = next(one for one in measure(made, "report", VOICES) if one.label == "thanks" and one.language == "it")
    assert (thanks.positives, thanks.negatives) == (3, 4)
    assert thanks.sensitivity == pytest.approx(2 / 4)
    assert thanks.specificity == pytest.approx(3 / 4)
    assert thanks.precision == pytest.approx(2 / 3)
    # Positives: (1+1+2)^2 / (1+1+4) = 2.67, so 3 rows, of which half (1.5, to the even 2) are found. Negatives: 4 rows.
    assert thanks.counts == (2, 1, 1, 3)
    (row,) = tomllib.loads(as_toml([thanks], VOICES))["errors"]
    assert (row["true_positive"], row["true_negative"]) == (2, 3)
    assert "| `thanks` | it | 3 | 4 | 0.67 (0.21–0.94) | 0.50 | 0.75 |" in as_table([thanks])


def test_too_few_rows_say_nothing() -> None:
    made = comments(*[("grazie di cuore", {"thanks"}, 1.0)] * 14, *[("la luna", set(), 1.0)] * 30)
    thanks = next(one for one in measure(made, "report", VOICES) if one.label == "thanks" and one.language == "it")
    # What was found can be judged; what share of all it is cannot.
    assert thanks.precision == 1.0
    assert (thanks.sensitivity, thanks.specificity, thanks.counts) == (None, None, None)
    assert "Too rare here to be measured" in as_table([thanks])
    assert "[[errors]]" not in as_toml([thanks], VOICES)


def test_without_data_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("SEGUITO_DATA", raising=False)
    assert rule_errors.main([]) == 2
    assert "SEGUITO_DATA" in capsys.readouterr().err


def test_comments_are_measured_with_whom_they_answer(tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    lines = [
        f"{key}\ts\t{kind}\ten\tv\thello\tneu\t\t0\tplain\t2\t1\n"
        for key, kind in (("1", TO_COMPANY), ("2", "comment"))
    ]
    (tmp_path / "intents" / "labels.tsv").write_text(HEAD + "".join(lines), encoding="utf-8")
    found = context(read(tmp_path)).to_pydict()
    assert found == {"to_post": [0.0, 1.0], "to_creator": [1.0, 0.0], "to_member": [0.0, 0.0]}
