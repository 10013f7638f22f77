"""Names are understood where they leave no doubt, and never guessed."""

from __future__ import annotations

import pytest

from seguito.kit.errors import UsageError
from seguito.labels.catalogue import LABELS
from seguito.labels.models.names import Meaning, meaning

SENTIMENT, OFFENSIVE, EMOTION = LABELS["sentiment"], LABELS["offensive"], LABELS["emotion"]
THREE = ("negative", "neutral", "positive")


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (("negative", "neutral", "positive"), (0, 1, 2)),
        (("POSITIVE", "Neutral", "NEGATIVE"), (2, 1, 0)),
        (("NEU", "NEG", "POS"), (1, 0, 2)),
    ],
)
def test_sentiment_by_its_own_words(names: tuple[str, ...], columns: tuple[int, ...]) -> None:
    assert meaning(SENTIMENT, names, {}, "it") == Meaning(THREE, columns)


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (("non-offensive", "offensive"), (-1, 0)),
        (("Offensive", "NOT offensive"), (0, -1)),
        (("no", "yes"), (-1, 0)),
        (("offensive",), (0,)),
    ],
)
def test_yes_and_no_by_the_name_of_the_label(names: tuple[str, ...], columns: tuple[int, ...]) -> None:
    assert meaning(OFFENSIVE, names, {}, "it") == Meaning(("yes",), columns)


def test_several_names_may_mean_one_value() -> None:
    stars = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
    told = dict(zip(stars, ("negative", "negative", "neutral", "positive", "positive"), strict=True))
    assert meaning(SENTIMENT, stars, told, "it") == Meaning(THREE, (0, 0, 1, 2, 2))


def test_what_is_told_outranks_what_is_read() -> None:
    swapped = {"negative": "positive", "positive": "negative"}
    assert meaning(SENTIMENT, THREE, swapped, "it").columns == (2, 1, 0)


def test_a_model_of_more_things_than_the_label_has() -> None:
    told = {"toxic": "yes", "obscene": "-", "insult": "yes"}
    assert meaning(OFFENSIVE, ("toxic", "obscene", "insult"), told, "it") == Meaning(("yes",), (0, -1, 0))


def test_one_of_many_things_and_the_rest() -> None:
    names = ("admiration", "anger", "gratitude", "joy")
    assert meaning(LABELS["gratitude"], names, {"*": "-"}, "it") == Meaning(("yes",), (-1, -1, 0, -1))
    told = {"anger": "yes", "joy": "yes", "*": "-"}
    assert meaning(OFFENSIVE, names, told, "it").columns == (-1, 0, -1, 0)


@pytest.mark.parametrize(
    ("names", "told", "what", "advice"),
    [
        (("LABEL_0", "LABEL_1", "LABEL_2"), {}, "what 'LABEL_0' means", 'LABEL_0 = "negative"'),
        (("0", "1", "2"), {}, "what '0' means", "labels = {"),
        (("1 star", "2 stars"), {}, "what '1 star' means", '"1 star" = '),
        (("bad", "neutral", "good"), {}, "what 'bad' means", "labels = {"),
        (("negative", "positive"), {}, "never says 'neutral'", "labels = {"),
        (THREE, {"negativ": "negative"}, "nothing called 'negativ'", "Did you mean 'negative'?"),
        (THREE, {"negative": "negativo"}, "no value 'negativo'", "Did you mean 'negative'?"),
        (("LABEL_0", "LABEL_1"), {"LABEL_0": "-", "LABEL_1": "-"}, "never says 'negative'", "labels = {"),
    ],
)
def test_nothing_is_guessed(names: tuple[str, ...], told: dict[str, str], what: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        meaning(SENTIMENT, names, told, "the model")
    assert what in caught.value.what
    assert advice in caught.value.advice


def test_toxic_is_not_taken_for_offensive_nor_label_1_for_yes() -> None:
    for names in (("toxic", "non-toxic"), ("LABEL_0", "LABEL_1"), ("0", "1")):
        with pytest.raises(UsageError, match="does not say what"):
            meaning(OFFENSIVE, names, {}, "it")


def test_two_values_of_three_where_that_is_said() -> None:
    told = {"negative": "negative", "positive": "positive"}
    assert meaning(SENTIMENT, ("negative", "positive"), told, "it") == Meaning(("negative", "positive"), (0, 1))


def test_all_values_of_emotion_are_needed() -> None:
    with pytest.raises(UsageError, match="never says 'optimism'"):
        meaning(EMOTION, ("anger", "joy", "sadness"), {}, "it")
