"""Texts with the same words share a key."""

from __future__ import annotations

import pyarrow as pa
import pytest

from seguito.labels.reading import prepare
from seguito.labels.wording import WORDING


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
