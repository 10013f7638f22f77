from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from seguito.kit.errors import BadInput, NotFound, UsageError
from seguito.labels.gold import LEFT_OUT, named, read_map, yes_or_no

SENTIMENT = ("negative", "neutral", "positive")


def test_a_cell_that_holds_the_value_among_others_is_yes() -> None:
    cells = pa.array(["thanks;support", "support", " Thanks ", "", None, "0,15", "15"])
    assert yes_or_no(cells, ["thanks"]).numbers.tolist() == [1, 0, 1, 0, 0, 0, 0]
    assert yes_or_no(cells, ["15"]).numbers.tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert yes_or_no(cells, ["15", "thanks"]).numbers.tolist() == [1, 0, 1, 0, 0, 1, 1]


def test_a_value_nobody_has_is_a_slip_and_not_a_set_without_positives() -> None:
    with pytest.raises(UsageError, match="'thank'") as error:
        yes_or_no(pa.array(["thanks", "support"]), ["thank"])
    assert "'support', 'thanks'" in error.value.advice


def test_names_of_values_and_a_map() -> None:
    assert named(pa.array(["Positive", "negative", "neutral "]), SENTIMENT).numbers.tolist() == [2, 0, 1]
    found = named(pa.array(["0", "2", "9", "9"]), SENTIMENT, {"0": "negative", "2": "positive", "9": "-"})
    assert found.numbers.tolist() == [0, 2, LEFT_OUT, LEFT_OUT]
    assert found.left_out == {"9": 2}


@pytest.mark.parametrize("mapping", [None, {"0": "negative"}, {"0": "negative", "1": "so-so"}])
def test_a_cell_without_meaning_is_told_with_what_to_do(mapping: dict[str, str] | None) -> None:
    with pytest.raises(UsageError, match="'1'") as error:
        named(pa.array(["0", "1"]) if mapping else pa.array(["negative", "1"]), SENTIMENT, mapping)
    assert "--map" in error.value.advice


def test_yes_and_no_in_their_usual_spellings() -> None:
    cells = pa.array(["1", "0", "TRUE", "no", "y"])
    assert named(cells, ("no", "yes")).numbers.tolist() == [1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "0,negative\n1,neutral\n",
        "0\tnegative\n1\tneutral\n",
        '{"0": "negative", "1": "neutral"}',
        "0=negative\n1=neutral\n",
        "\ufeff0,negative\n\n1,neutral",
    ],
)
def test_a_map_in_any_of_its_forms(text: str, tmp_path: Path) -> None:
    path = tmp_path / "map"
    path.write_text(text, encoding="utf-8")
    assert read_map(path) == {"0": "negative", "1": "neutral"}


@pytest.mark.parametrize("text", ["", "0\n1\n", "{", "a,b,c\n"])
def test_a_file_that_is_no_map(text: str, tmp_path: Path) -> None:
    path = tmp_path / "map"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        read_map(path)
    with pytest.raises(NotFound):
        read_map(tmp_path / "none")
