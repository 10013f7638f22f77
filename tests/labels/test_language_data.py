"""How often the language is right, on public tweets and subtitles; the figures stand in docs/concepts/labels.md."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from seguito.labels.language import LANGUAGE, NO_WORDS, UNKNOWN
from seguito.labels.reading import prepare

pytestmark = pytest.mark.data
TWEETS = {"it": "italian", "en": "english", "es": "spanish", "fr": "french", "de": "german", "pt": "portuguese"}
LINES = 4_000


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(os.environ["SEGUITO_DATA"])


def tweets(folder: Path, language: str) -> list[str]:
    place = folder / "research" / "umsab_xlmt" / TWEETS[language]
    return [
        line
        for part in ("train", "val")
        for line in (place / f"{part}_text.txt").read_text("utf-8").split("\n")
        if line
    ]


def subtitles(folder: Path, language: str) -> list[str]:
    kind = "annotated" if language == "en" else "projections"
    lines = (folder / "open" / "xed_emotions" / f"{language}-{kind}.tsv").read_text("utf-8").split("\n")
    rows = [line.split("\t") for line in lines]
    return [row[0] for row in rows if len(row) == 2][:LINES]


def shares(texts: list[str], language: str) -> tuple[float, float]:
    """How many got a language, and how many of those the right one."""
    found = np.array(LANGUAGE.read(pa.array(texts, pa.string())).to_pylist())
    told = ~np.isin(found, [UNKNOWN, NO_WORDS])
    return float(told.mean()), float((found[told] == language).mean())


@pytest.mark.parametrize("language", TWEETS)
def test_tweets(folder: Path, language: str) -> None:
    told, right = shares(tweets(folder, language), language)
    assert told > 0.88
    assert right > 0.94


@pytest.mark.parametrize("language", TWEETS)
def test_tweets_with_the_reader_before(folder: Path, language: str) -> None:
    texts = tweets(folder, language)
    posts = prepare(pa.array([str(n) for n in range(len(texts))]), pa.array(texts, pa.string()))
    found = np.array(posts.column("language").to_pylist())
    told = ~np.isin(found, [UNKNOWN, NO_WORDS])
    assert told.mean() > 0.92
    assert (found[told] == language).mean() > 0.93


@pytest.mark.parametrize("language", TWEETS)
def test_subtitles(folder: Path, language: str) -> None:
    told, right = shares(subtitles(folder, language), language)
    assert told > 0.75
    assert right > 0.96


@pytest.mark.parametrize(
    ("fewest", "most", "told_floor", "right_floor"), [(8, 12, 0.45, 0.93), (12, 20, 0.78, 0.965), (20, 40, 0.94, 0.985)]
)
def test_short_subtitles(folder: Path, fewest: int, most: int, told_floor: float, right_floor: float) -> None:
    told, right = zip(
        *(
            shares([text for text in subtitles(folder, one) if fewest <= sum(map(str.isalpha, text)) < most], one)
            for one in TWEETS
        ),
        strict=True,
    )
    assert np.mean(told) > told_floor
    assert np.mean(right) > right_floor


@pytest.mark.parametrize("language", ["nl", "pl"])
def test_other_languages_are_rarely_taken_for_ours(folder: Path, language: str) -> None:
    found = LANGUAGE.read(pa.array(subtitles(folder, language), pa.string())).to_pylist()
    assert np.isin(found, list(TWEETS)).mean() < 0.015
