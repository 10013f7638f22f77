"""Every code that can be spoken has words in every language, and they speak only of figures that are given."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from seguito.dossier import codes
from seguito.dossier.authenticity import SIGNALS
from seguito.dossier.contract import Untried
from seguito.dossier.peers import LEFT_OUT, NOT_COMPARED, TIERS
from seguito.dossier.questions import QUESTIONS
from seguito.facts.batch import Counted, Sampling
from seguito.kit.errors import UsageError
from seguito.labels.catalogue import LABELS
from seguito.measures.estimate import Status
from seguito.measures.registry import MEASURES
from seguito.reports.view import LIMITS
from seguito.reports.words import LANGUAGES, Words, words_in
from seguito.sources.contract import Capability
from seguito.sources.registry import CONNECTORS, IMPORTERS

SPOKEN: Mapping[str, codes.Codes] = {
    "rules": codes.RULE_CODES,
    "settle": codes.SETTLE_CODES,
    "reasons": codes.REASON_CODES,
    "notes": codes.NOTE_CODES,
    "unseen": codes.UNSEEN_CODES,
}
NAMED: Mapping[str, set[str]] = {
    "verdicts": set(codes.VERDICTS),
    "statuses": set(get_args(Status)),
    "changes": set(codes.CHANGE_CODES),
    "checks": set(codes.CHECK_CODES),
    "untried": set(get_args(Untried)),
    "suppliers": set(codes.SUPPLIERS),
    "capabilities": set(get_args(Capability)),
    "sampling": set(get_args(Sampling)),
    "covered": set(get_args(Counted)),
    "families": {one.family for one in MEASURES.values()},
    "family_questions": {one.family for one in MEASURES.values()},
    "n_units": {one.n_unit for one in MEASURES.values()},
    "label_names": {name for one in MEASURES.values() for name in one.labels},
    "thresholds": {key for one in QUESTIONS.values() for key in one.thresholds},
    "source_names": set(CONNECTORS) | set(IMPORTERS),
    "limits": {"max_posts", "max_followers"},
    "signals": set(SIGNALS),
    "peers": LEFT_OUT | NOT_COMPARED,
    "tiers": {name for name, _ in TIERS},
}


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    return words_in(request.param)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("section", SPOKEN)
def test_every_sentence_is_there_and_speaks_of_what_is_given(words: Words, section: str) -> None:
    spoken, table = SPOKEN[section], words.table[section]
    assert set(spoken) - set(table) == set(), "codes without words"
    for key, text in table.items():
        code, _, without = key.partition("_without_")
        code = key if key in spoken else code
        assert code in spoken, f"{section}.{key} is no code any more"
        assert placeholders(text) <= set(spoken[code]) - {without}, f"{section}.{key}"


@pytest.mark.parametrize("section", NAMED)
def test_every_name_has_words(words: Words, section: str) -> None:
    assert NAMED[section] - set(words.table[section]) == set()


def test_every_question_is_asked(words: Words) -> None:
    for key in QUESTIONS:
        assert words.table["questions"][key]["question"].endswith("?")
        assert words.table["questions"][key]["name"]
    assert set(words.table["questions"]) == set(QUESTIONS)


def test_every_measure_is_named_asked_and_bounded(words: Words) -> None:
    for name in MEASURES:
        assert words.table["measures"][name]["name"]
        question, is_not = words.told(name)
        assert question.endswith("?")
        assert len(is_not) > 30
    assert set(words.table["measures"]) == set(MEASURES)


def test_the_languages_say_the_same_things() -> None:
    english, italian = (set(keys(words_in(lang).table)) for lang in LANGUAGES)
    told_by_docstrings = {key for key in italian if key[0] == "measures" and key[-1] in ("question", "is_not")}
    told_by_the_catalogue = {("label_says", name) for name in LABELS}
    assert told_by_the_catalogue <= italian
    assert english == italian - told_by_docstrings - told_by_the_catalogue


def test_the_languages_put_in_the_same_figures() -> None:
    english, italian = (dict(texts(words_in(lang).table)) for lang in LANGUAGES)
    for key, text in english.items():
        assert placeholders(text) == placeholders(italian[key]), key


def keys(table: Mapping[str, Any], way: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from keys(value, (*way, key))
        else:
            yield (*way, key)


def texts(table: Mapping[str, Any], way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from texts(value, (*way, key))
        else:
            yield (*way, key), value


def test_thresholds_belong_to_figures_of_questions() -> None:
    asked = {name for one in QUESTIONS.values() for name in one.measures}
    known = {key for one in QUESTIONS.values() for key in one.thresholds}
    assert set(LIMITS) <= asked
    assert {key for pair in LIMITS.values() for key in pair} <= known


def test_figures_are_written_as_they_are_measured() -> None:
    units = {"dialogue.answered_share": "share", "dialogue.wait": "hours"}
    values = {"measure": "dialogue.answered_share", "part": "questions", "lo": 0.342, "hi": 0.483, "threshold": 0.25}
    told = words_in("en").sentence("rules", {"code": "above", "values": values}, units)
    assert told == "Comments answered (comments that ask something): the whole interval, 34% to 48%, lies above 25%."
    italian = words_in("it").sentence("rules", {"code": "above", "values": {**values, "lo": 0.0342}}, units)
    assert "da 3,4% a 48%, sta sopra 25%" in italian
    hours = words_in("en").sentence(
        "rules", {"code": "below", "values": {"measure": "dialogue.wait", "lo": 5.4}}, units
    )
    assert "5.4 h to –" in hours


def test_an_unknown_figure_is_left_out_not_made_zero() -> None:
    values = {"measure": "dialogue.answered_share", "unit": "comments", "n": 40, "more": 60, "weeks": None}
    told = words_in("en").sentence("settle", {"code": "more_rows", "values": values}, {})
    assert told == "For “Comments answered”: about 60 more comments (there are 40)."
    known = words_in("en").sentence("settle", {"code": "more_rows", "values": {**values, "weeks": 3}}, {})
    assert known.endswith("At the present pace that takes 3 weeks.")
    never = words_in("en").sentence("settle", {"code": "more_rows", "values": {**values, "weeks": 2_381}}, {})
    assert never == told


def test_lists_are_joined_as_people_do() -> None:
    english, italian = words_in("en"), words_in("it")
    assert english.join(["a"]) == "a"
    assert english.join(["a", "b", "c"]) == "a, b and c"
    assert italian.join(["a", "b"], "or") == "a o b"
    values = {"capabilities": ["followers"], "suppliers": ["own_export", "public_network"]}
    told = english.sentence("settle", {"code": "source_with", "values": values}, {})
    assert told == "A source that shows a list of followers: the creator's own export or a public network."


def test_another_language_is_refused_with_advice() -> None:
    with pytest.raises(UsageError, match="The languages are: en, it"):
        words_in("xx")


def test_a_code_from_another_version_still_reads() -> None:
    assert words_in("en").sentence("reasons", {"code": "brand_new_code", "values": {}}, {}) == "brand new code"


def test_no_fixed_text_is_left_that_nothing_shows() -> None:
    root = files("seguito")
    shown = "".join(
        Path(str(path)).read_text()
        for folder in ("reports", "cli")
        for path in Path(str(root / folder)).rglob("*")
        if path.suffix in (".py", ".j2")
    )
    labels = words_in("en").table["labels"]
    assert [key for key in labels if f'"{key}"' not in shown and f"'{key}'" not in shown] == []
