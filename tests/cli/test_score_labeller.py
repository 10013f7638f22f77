"""The door for test sets, as a person uses it: files in, figures out, mistakes told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seguito.labels.models.weights import write
from tests.cli.command import assert_refused, seguito
from tests.labels.models.planted import TEXTS, planted


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weight file, and the same texts with gold in several forms."""
    here = tmp_path_factory.mktemp("door")
    header, arrays = planted()
    write(here / "planted.weights", header, arrays)
    golds = ["negative", "positive", "neutral"]
    rows = [(text, golds[number % 3], ("a", "b")[number % 2]) for number, text in enumerate(TEXTS * 3)]
    (here / "set.tsv").write_text("text\tgold\tdomain\n" + "".join("\t".join(row) + "\n" for row in rows))
    lines = [
        json.dumps({"words": text, "said": {"label": gold}, "shop": number % 2})
        for number, (text, gold, _) in enumerate(rows)
    ]
    (here / "set.ndjson").write_text("\n".join(lines))
    (here / "map.csv").write_text("negative,-\npositive,yes\nneutral,no\n")
    return here


def scored(folder: Path, *args: str) -> dict[str, Any]:
    done = seguito("score-labeller", *args, "--weights", "planted.weights", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_one_of_several_values(folder: Path) -> None:
    found = scored(folder, "sentiment", "set.tsv", "--no-quotes", "--by", "domain")
    assert (found["label"], found["n"], found["rows"]) == ("sentiment", 3 * len(TEXTS), 3 * len(TEXTS))
    assert list(found["values"]) == ["negative", "neutral", "positive"]
    assert sum(map(sum, found["confusion"]["rows"])) == found["n"]
    assert found["n"] == sum(one["n"] for one in found["by"].values())
    assert found["accuracy"]["lo"] < found["accuracy"]["value"] < found["accuracy"]["hi"]
    assert found["coverage"][0]["rows"] == found["n"]
    assert found["not_read"] > 0  # empty texts, and languages the head does not read


def test_the_same_set_in_another_form_with_a_column_of_its_own(folder: Path) -> None:
    table = scored(folder, "sentiment", "set.tsv", "--no-quotes")
    lines = scored(folder, "sentiment", "set.ndjson", "--text", "words", "--gold", "said.label")
    assert lines["confusion"] == table["confusion"]
    assert lines["macro_f1"] == table["macro_f1"]


def test_yes_or_no_by_value_by_positive_and_by_map(folder: Path) -> None:
    by_value = scored(folder, "sentiment=positive", "set.tsv", "--no-quotes")
    by_positive = scored(folder, "sentiment=positive", "set.tsv", "--no-quotes", "--positive", "positive")
    assert list(by_value["values"]) == ["no", "yes"]
    assert by_value["values"]["yes"]["positives"] == len(TEXTS)
    assert by_positive["confusion"] == by_value["confusion"]
    mapped = scored(folder, "offensive", "set.tsv", "--no-quotes", "--map", "map.csv")
    assert mapped["left_out"] == {"negative": len(TEXTS)}
    assert mapped["n"] == 2 * len(TEXTS)


def test_a_threshold_of_nothing_finds_all_that_was_read(folder: Path) -> None:
    low = scored(folder, "offensive", "set.tsv", "--no-quotes", "--positive", "positive", "--threshold", "0")
    assert low["values"]["yes"]["found"] == low["n"] - low["not_read"]
    assert low["values"]["yes"]["recall"]["value"] is not None


def test_an_alias_a_language_for_all_and_context(folder: Path) -> None:
    options = ("--text", "words", "--gold", "said.label", "--positive", "positive")
    plain = scored(folder, "host_target_creator", "set.ndjson", *options)
    told = scored(folder, "host_target_creator", "set.ndjson", *options, "--language", "it", "--context", "shop=shop")
    assert plain["n"] == told["n"]
    assert plain["values"]["yes"]["auc"] != told["values"]["yes"]["auc"]


def test_first_words_and_where(folder: Path) -> None:
    (folder / "languages.csv").write_text("negative,it\npositive,en\nneutral,other\n")
    options = ("--no-quotes", "--where", "domain=a", "--map", "languages.csv")
    whole = scored(folder, "language", "set.tsv", *options)
    short = scored(folder, "language", "set.tsv", *options, "--first-words", "1")
    assert short["n"] == whole["n"] == (3 * len(TEXTS) + 1) // 2
    assert short["ece"] != whole["ece"]


def test_for_people_the_figures_stand_on_stdout_and_the_rest_on_stderr(folder: Path) -> None:
    done = seguito("score-labeller", "sentiment", "set.tsv", "--no-quotes", "--weights", "planted.weights", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "macro-F1" in done.stdout
    assert "surest share" in done.stdout
    assert "Not read" in done.stderr


def test_the_list_of_labels(folder: Path) -> None:
    done = seguito("score-labeller", "list", "--weights", "planted.weights", "--json", cwd=folder)
    rows = {row["label"]: row for row in json.loads(done.stdout)}
    assert rows["sentiment"]["by"] == "weights"
    assert rows["thanks"]["by"] == "rules"
    assert "q_genuine" in rows["question"]["aliases"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("sentimento", "set.tsv"), ("sentimento", "Did you mean 'sentiment'?")),
        (("sentiment",), ("Which file?",)),
        (("sentiment", "none.tsv"), ("none.tsv",)),
        (("sentiment", "set.tsv", "--text", "body"), ("no column 'body'", "text, gold, domain")),
        (("sentiment", "set.tsv", "--where", "domain=z"), ("no rows",)),
        (("sentiment", "set.tsv", "--where", "domain"), ("no '='",)),
        (("offensive", "set.tsv"), ("'negative'", "--map")),
        (("sentiment", "set.tsv", "--positive", "positive"), ("sentiment=negative",)),
        (("offensive", "set.tsv", "--positive", "x", "--map", "map.csv"), ("contradict",)),
        (("wording", "set.tsv"), ("key",)),
        (("hostility=friend", "set.tsv"), ("no value 'friend'",)),
        (("offensive", "set.tsv", "--positive", "positive", "--context", "moon=gold"), ("'moon'", "silence, shop")),
        (("spam", "set.tsv", "--positive", "positive"), ("'spam'",)),
    ],
)
def test_mistakes_are_two_sentences(folder: Path, args: tuple[str, ...], words: tuple[str, ...]) -> None:
    done = seguito("score-labeller", *args, "--no-quotes", "--weights", "planted.weights", cwd=folder)
    assert_refused(done, 2 if "none.tsv" not in args and "domain=z" not in args else done.returncode, *words)
    assert done.returncode != 0


def test_weights_that_are_not_there_or_no_weights(folder: Path) -> None:
    done = seguito("score-labeller", "sentiment", "set.tsv", "--weights", "set.tsv", "--no-quotes", cwd=folder)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    done = seguito("score-labeller", "sentiment", "set.tsv", "--weights", "research", "--no-quotes", cwd=folder)
    assert "make weights-research" in done.stderr
