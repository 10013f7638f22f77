from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from training.lexicon import Lexicon, lexicon

from seguito.labels.models.features import counts

LISTS = """language	entry	polarity
it	bello	1
it	schifo	-2
it	così così	0
it	che palle	-1
en	good	1
en	waste of time	-2
any	😍	2
"""


@pytest.fixture
def listed(tmp_path: Path) -> Lexicon:
    (tmp_path / "words.tsv").write_text(LISTS, encoding="utf-8")
    return lexicon(tmp_path / "words.tsv")


def said(listed: Lexicon, text: str, language: str) -> float:
    """The sum of what the n-grams of a text say."""
    keys = counts(pa.array([text])).keys
    place = np.searchsorted(listed.keys, keys).clip(max=len(listed.keys) - 1)
    return float(listed.says[language][place[listed.keys[place] == keys]].sum())


def test_words_phrases_and_emoji_speak_in_their_language(listed: Lexicon) -> None:
    assert said(listed, "è proprio BELLO questo", "it") == pytest.approx(1.0)
    assert said(listed, "che palle oggi", "it") == pytest.approx(-1.0)
    assert said(listed, "uno schifo", "it") == pytest.approx(-1.6)
    assert said(listed, "oggi 😍", "it") == said(listed, "today 😍", "en") == pytest.approx(1.6)
    assert said(listed, "bello", "en") == 0
    assert said(listed, "così così", "it") == 0


def test_a_negated_word_is_turned_around(listed: Lexicon) -> None:
    assert said(listed, "non è bello", "it") == pytest.approx(1.0 - 1.6)
    assert said(listed, "not good", "en") == pytest.approx(1.0 - 1.6)


def test_keys_are_ascending_and_every_one_speaks_somewhere_or_is_neutral(listed: Lexicon) -> None:
    assert (np.diff(listed.keys.astype(np.int64)) > 0).all()
    assert all(len(found) == len(listed.keys) for found in listed.says.values())
