"""Texts with the same words share a key."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seguito.labels import folding
from seguito.labels.reading import prepare
from seguito.labels.wording import WORDING, words_of

from .hostile import texts


def keys(*texts: str) -> list[str | None]:
    posts = prepare(pa.array([str(n) for n in range(len(texts))]), pa.array(texts), pa.array(["it"] * len(texts)))
    found = {row["subject_uri"]: row["value"] for row in WORDING.label(posts).to_pylist()}
    return [found.get(str(n)) for n in range(len(texts))]


@pytest.mark.parametrize(
    "alike",
    [
        "ADORO QUESTO PROFUMO!!!",
        "adoro questo profumo 😍😍😍",
        "questo profumo adoro",
        "adoro adoro questo profumo",
        "@amica adoroooo questo profumo https://esempio.it/1",
        "Adoro, questo. Profumo",
    ],
)
def test_alike(alike: str) -> None:
    assert len(set(keys("adoro questo profumo", alike))) == 1


def test_figures_do_not_tell_texts_apart() -> None:
    one, other, more = keys(
        "ho guadagnato 500 euro in 3 giorni", "ho guadagnato 9000 euro in 12 giorni", "ho speso 500 euro"
    )
    assert one == other != more


def test_other_words_are_another_wording() -> None:
    assert len(set(keys("adoro questo profumo", "adoro quel profumo", "adoro questo profumo tanto"))) == 3


def test_eleven_characters_have_no_key_and_twelve_have() -> None:
    assert [
        key is not None for key in keys("abcde fghij", "abcde fghijk", "abcde fghij!!! 😍", "   abcde   fghij   ")
    ] == [
        False,
        True,
        False,
        False,
    ]


@given(st.lists(texts, max_size=6))
@settings(max_examples=150, deadline=None)
def test_words_are_the_same_as_by_patterns(some: list[str]) -> None:
    plain = folding.plain(folding.bare(pa.array(["due parole", *some, ""], pa.string())))
    by_patterns = pc.replace_substring_regex(plain, r"[^\p{L}\p{N}]+", " ")
    by_patterns = pc.replace_substring_regex(pc.utf8_trim_whitespace(by_patterns), r"\p{Nd}+", "0")
    assert words_of(plain).to_pylist() == by_patterns.to_pylist()
    assert words_of(plain.slice(1)).to_pylist() == by_patterns.to_pylist()[1:]


def test_words_of_some_texts() -> None:
    typed = ["", "  ", "!!", "a", " ab1 22-3 c! ", "00 0", "perche 12 è", "x", "12"]
    assert words_of(pa.array(typed)).to_pylist() == ["", "", "", "a", "ab0 0 0 c", "0 0", "perche 0 è", "x", "0"]
    assert words_of(pa.array([], pa.string())).to_pylist() == []
