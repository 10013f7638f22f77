"""Rules are data: each pattern has an id of its own, says what it must and must not match, and names itself."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seguito.labels import folding
from seguito.labels.models.labeller import READER
from seguito.labels.patterns import Patterns
from seguito.labels.reading import prepare
from seguito.labels.registry import LABELLERS, languages_of

RULES = [*(Patterns(name) for name, place in LABELLERS.items() if place == "rules"), *READER.rules.values()]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_pattern_has_an_id_and_rows(rule: Patterns) -> None:
    every = [*rule.patterns, *rule.cuts]
    assert len({one.id for one in every}) == len(every)
    for one in every:
        assert one.id.startswith(".".join(filter(None, [rule.name, one.language])) + "."), one.id
        assert one.matches, one.id
        assert one.misses, one.id


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_cuts_match_their_rows_and_spare_the_others(rule: Patterns) -> None:
    for one in rule.cuts:
        for rows, wanted in ((one.matches, True), (one.misses, False)):
            texts = folding.plain(folding.bare(pa.array(rows)))
            assert pc.match_substring_regex(texts, one.regex).to_pylist() == [wanted] * len(rows), one.id


def found(name: str, text: str, language: str = "it") -> tuple[str, str] | None:
    posts = prepare(pa.array(["a"]), pa.array([text]), pa.array([language]))
    rows = Patterns(name).label(posts).to_pylist()
    return (rows[0]["value"], rows[0]["reason"]) if rows else None


@pytest.mark.parametrize(
    ("name", "text", "language", "value"),
    [
        # A phrase is cut out, and what is left still counts.
        ("question", "ma chi se ne frega? piuttosto, quanto costa la spedizione?", "it", "yes"),
        ("question", "ma chi se ne frega?", "it", None),
        ("question", "davvero??", "it", None),
        ("question", "guarda qui https://esempio.it/?dove=quando", "it", None),
        ("question", "who cares? where did you buy the lamp?", "en", "yes"),
        ("thanks", "no grazie, anzi grazie a te", "it", "yes"),
        ("thanks", "grazie al meteo siamo a casa", "it", None),
        ("worry", "sono preoccupato per la neve di domani", "it", None),
        ("worry", "sono preoccupata per te", "it", "wellbeing"),
        ("worry", "worried about the storm tonight", "en", None),
        ("low_effort", "grazie!", "it", None),
        ("low_effort", "dove sei?", "it", None),
        ("low_effort", "❤️", "zxx", "emoji"),
        ("low_effort", "素敵", "ja", "words"),
        ("low_effort", "https://esempio.it", "zxx", None),
        ("spam", "https://www.etsy.com/shop/esempio", "zxx", "yes"),
        ("spam", "<3 https://example.org/join?ref=77", "und", "yes"),
        ("spam", "https://www.etsy.com/shop/esempio", "fr", None),
        ("spam", "as it stands here: https://en.wikipedia.org/wiki/Bread", "en", None),
        ("spam", "pls sub my channel", "en", "yes"),
        ("spam", "I know these comments are annoying but check out my channel", "en", "yes"),
        ("spam", "these comments saying check out my channel, stop", "en", None),
    ],
)
def test_values(name: str, text: str, language: str, value: str | None) -> None:
    got = found(name, text, language)
    assert (got and got[0]) == value


def test_a_rule_of_several_languages_is_a_pattern_for_each() -> None:
    own = [one for one in Patterns("spam").patterns if one.id.endswith(".link")]
    assert [one.id for one in own] == [f"spam.{one.language}.link" for one in own]
    assert {one.language for one in own} == {"en", "it", "und", "zxx"}
    assert len({one.regex for one in own}) == 1


def test_the_first_pattern_in_the_file_gives_the_reason() -> None:
    assert found("worry", "dove sei finita? ci manchi") == ("absence", "worry.it.where")


def test_a_label_is_read_in_the_languages_of_its_rules() -> None:
    assert languages_of("thanks") == {"it", "en"}
    assert languages_of("low_effort") == frozenset()
    assert languages_of("nothing") == frozenset()


def test_the_revision_follows_what_patterns_say(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Patterns("thanks").revision
    assert Patterns("thanks").revision == before
    assert Patterns("worry").revision != before
    monkeypatch.setattr(folding, "REVISION", "another")
    assert Patterns("thanks").revision != before


@pytest.mark.parametrize(
    ("name", "text", "language", "given"),
    [
        ("purchase_intent", "quanto costa la tazza blu?", "it", True),
        ("purchase_intent", "quanto mi costa svegliarmi presto", "it", False),
        ("purchase_intent", "non lo comprerei mai", "it", False),
        ("purchase_intent", "I'm going to order two of them tonight", "en", True),
        ("purchase_intent", "nobody would buy this", "en", False),
        ("purchase_intent", "where did you buy that lamp?", "en", False),
        ("content_request", "fate un video sui mulini, vi prego", "it", True),
        ("content_request", "could you make a video about tides", "en", True),
        ("content_request", "please watch my video about tides", "en", False),
        ("counter_speech", "basta insultare, non vi ha fatto niente", "it", True),
        ("counter_speech", "leave her alone", "en", True),
        ("counter_speech", "leave the dough alone for an hour", "en", False),
        ("criticism_content", "che noia, troppo lungo", "it", True),
        ("criticism_content", "non è per niente noioso", "it", False),
        ("criticism_content", "the intro is way too long", "en", True),
        ("criticism_content", "not boring at all", "en", False),
        ("criticism_conduct", "vi siete venduti per due soldi", "it", True),
        ("criticism_conduct", "you only care about money now", "en", True),
        ("criticism_conduct", "tickets were sold out in a minute", "en", False),
    ],
)
def test_the_rules_of_rare_acts_are_right_rather_than_complete(
    name: str, text: str, language: str, given: bool
) -> None:
    assert (found(name, text, language) is not None) == given


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_hint_leaves_no_match_out(rule: Patterns) -> None:
    for one in rule.patterns:
        rows = pa.array(one.matches)
        texts = rows if one.on == "text" else folding.plain(folding.bare(rows))
        matched = pc.match_substring_regex(texts, one.regex)
        if one.hint and pc.any(matched).as_py():
            assert pc.all(pc.match_substring_regex(texts.filter(matched), one.hint)).as_py(), one.id


def test_patterns_tried_apart_or_together_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("question", "spam"):
        rule = Patterns(name)
        rows = [row for row in rule.rows if row.language]
        uris, texts = [str(n) for n in range(len(rows))], [row.text for row in rows]
        posts = prepare(pa.array(uris), pa.array(texts), pa.array([row.language for row in rows]))
        apart = rule.label(posts)
        together = Patterns(name)
        monkeypatch.setitem(together._rules, "apart", [])
        assert together.label(posts).equals(apart), name
        assert apart.num_rows > 10
