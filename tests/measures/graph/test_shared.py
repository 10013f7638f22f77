"""What groups share: log-odds by hand, words of one loud member, and words that chance deals out."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from seguito.measures.graph.compared import others
from seguito.measures.graph.pairs import Pairs
from seguito.measures.graph.shared import Vocabulary, distinct, likeness, log_odds, vocabulary


def whole(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_words_count_once_a_member() -> None:
    texts = pa.array(["Kiln, KILN and kiln!", "the kiln at @anna https://kiln.example 2024", None, "è già qui"])
    found = vocabulary(whole(0, 1, 1, 2), texts)
    assert found.words.to_pylist() == ["and", "gia", "kiln", "qui", "the"]
    pairs = zip(found.member.tolist(), found.words.take(pa.array(found.word)).to_pylist(), strict=True)
    assert list(pairs) == [(0, "and"), (0, "kiln"), (1, "kiln"), (1, "the"), (2, "gia"), (2, "qui")]


def test_log_odds_by_hand() -> None:
    # 8 of 10 members inside use the word, 2 of 10 outside: half of everybody; the prior adds 5 yes and 5 no to each.
    # log(13/7) - log(7/13), over the root of 2 (1/13 + 1/7).
    found = log_odds(np.array([8.0]), 10, np.array([2.0]), 10, np.array([0.5]))
    assert found[0] == pytest.approx(2 * math.log(13 / 7) / math.sqrt(2 * (1 / 13 + 1 / 7)))
    # Used by all or by nobody is no news.
    assert log_odds(np.array([10.0, 0.0]), 10, np.array([10.0, 0.0]), 10, np.array([1.0, 0.0])).tolist() == [0.0, 0.0]


def said(words: dict[str, list[int]]) -> Vocabulary:
    """Who used which word."""
    names = sorted(words)
    pairs = sorted((member, at) for at, name in enumerate(names) for member in words[name])
    return Vocabulary(pa.array(names), whole(*(one for one, _ in pairs)), whole(*(at for _, at in pairs)))


def test_words_that_set_a_group_apart() -> None:
    # 40 members in two groups: the first speaks of kilns, the second of trains, everybody of tea; one is loud alone.
    found = said(
        {
            "kiln": list(range(18)),
            "train": list(range(21, 40)),
            "tea": list(range(40)),
            "zebra": [0, 1, 2, 3],
        }
    )
    of = np.repeat(whole(0, 1), 20)
    assert distinct(found, of, 2, seed=1) == {0: ("kiln",), 1: ("train",)}


def test_words_dealt_by_chance_set_nobody_apart() -> None:
    rng = np.random.default_rng(5)
    words = {f"w{at:03}": np.flatnonzero(rng.random(300) < 0.2).tolist() for at in range(200)}
    told = distinct(said(words), rng.integers(0, 4, 300), 4, seed=2)
    assert sum(len(one) for one in told.values()) <= 1


def test_likeness_by_hand() -> None:
    # Of three members, two use "kiln" (weight log 4/3) and each a word of their own (log 4/2).
    found = said({"kiln": [0, 1], "glaze": [0], "rail": [1], "tea": [2]})
    shared, own = math.log(4 / 3) ** 2, math.log(4 / 2) ** 2
    alike = likeness(found, 4, whole(0, 0, 0), whole(1, 2, 3))
    assert alike[0] == pytest.approx(shared / (shared + own))
    assert alike[1] == 0.0
    assert math.isnan(alike[2])


def test_somebody_else_under_the_same_post() -> None:
    # 0 talks with 1 in thread 7, where 2 wrote too; 2 talks with 3 in thread 8, where nobody else wrote.
    pairs = Pairs(whole(0, 2), whole(1, 3), 4, pa.array(list("abcd")))
    found = others(pairs, whole(7, 8), whole(0, 1, 2, 2, 3), whole(7, 7, 7, 8, 8), np.random.default_rng(0))
    assert found.tolist() == [2, -1]


def test_a_partner_is_never_somebody_who_only_meets() -> None:
    # 0 talks with 1 and with 2: under the same post there is nobody left.
    pairs = Pairs(whole(0, 0), whole(1, 2), 3, pa.array(list("abc")))
    found = others(pairs, whole(7, 7), whole(0, 1, 2), whole(7, 7, 7), np.random.default_rng(0))
    assert found.tolist() == [-1, -1]
