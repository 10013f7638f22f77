"""The reader as a labeller, with weights drawn at random: what it writes follows from its probabilities alone."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from seguito.labels.models.labeller import ReaderLabels
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.models.voices import NEVER, Voice, rule_of, voices
from seguito.labels.models.weights import pack, unpack
from seguito.labels.patterns import Patterns
from seguito.labels.reading import SURE, prepare, scores_of

from .planted import TEXTS, planted

MORE = [*TEXTS, "grazie mille di cuore per questo video", "where did you buy that lamp?", None, "   "]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(unpack(pack(*planted()), "planted"), compiled=False)


def posts_of(reader: Reader, texts: list[str | None], languages: list[str] | None = None) -> pa.RecordBatch:
    uris = pa.array([f"post:{n}" for n in range(len(texts))])
    spoken = None if languages is None else pa.array(languages, pa.string())
    return prepare(uris, pa.array(texts, pa.string()), spoken, reader=reader)


def rows(labeller: ReaderLabels, posts: pa.RecordBatch) -> set[tuple[Any, ...]]:
    found = labeller.label(posts).to_pylist()
    assert all(row["reason"] is None for row in found)
    return {(int(row["subject_uri"][5:]), row["label"], row["value"], row["score"]) for row in found}


def test_a_row_stands_where_the_probability_reaches_the_threshold(reader: Reader) -> None:
    said = tuple(one for one in voices(reader.heads, {}) if one.label in {"offensive", "hostility"})
    assert {(one.label, one.value, one.threshold) for one in said} == {
        ("offensive", "yes", 0.7),
        ("hostility", "creator", 0.5),
        ("hostility", "member", 0.5),
    }
    languages = ["it", "nl"] * (len(MORE) // 2) + ["it"] * (len(MORE) % 2)
    posts = posts_of(reader, MORE, languages)
    scores = reader.read(pa.array(MORE), languages=pa.array(languages))
    wanted: set[tuple[Any, ...]] = set()
    for n in range(len(MORE)):
        if languages[n] == "it" and scores["offensive"][n, 0] >= 0.7:
            wanted.add((n, "offensive", "yes", scores["offensive"][n, 0]))
        best = int(np.nan_to_num(scores["hostility"][n]).argmax())
        if scores["hostility"][n, best] >= 0.5:
            wanted.add((n, "hostility", ("creator", "member")[best], scores["hostility"][n, best]))
    assert len(wanted) > 8
    assert rows(ReaderLabels(given=reader, said=said), posts) == wanted


def test_language_emotion_and_neutral_get_no_rows(reader: Reader) -> None:
    said = voices(reader.heads, {})
    assert {one.label for one in said} == {"offensive", "sentiment", "question", "hostility"}
    assert {one.value for one in said if one.label == "sentiment"} == {"negative", "positive"}


def test_one_of_several_values_holds_only_where_it_is_the_likeliest(reader: Reader) -> None:
    said = tuple(replace(one, threshold=0.0) for one in voices(reader.heads, {}) if one.label == "sentiment")
    posts = posts_of(reader, MORE, ["it"] * len(MORE))
    scores = reader.read(pa.array(MORE), ["sentiment"], pa.array(["it"] * len(MORE)))["sentiment"]
    best = {n: int(row.argmax()) for n, row in enumerate(scores) if not np.isnan(row).any()}
    assert set(best.values()) == {0, 1, 2}
    found = {(n, value) for n, _, value, _ in rows(ReaderLabels(given=reader, said=said), posts)}
    assert found == {(n, ("negative", "neutral", "positive")[at]) for n, at in best.items() if at != 1}


def test_what_is_told_of_voices_outranks_the_weights(reader: Reader) -> None:
    told = {"offensive": {"languages": ["it"], "yes": {"threshold": 0.2, "gate": 0.1}}}
    (one,) = (one for one in voices(reader.heads, told) if one.label == "offensive")
    assert one == Voice("offensive", "yes", 0.2, 0.1, frozenset({"it"}))


def test_what_is_not_given_is_no_label_of_the_labeller(reader: Reader) -> None:
    told = {"hostility": {"member": {"given": False}}, "offensive": {"yes": {"given": False}}}
    labeller = ReaderLabels(given=reader, said=voices(reader.heads, told))
    assert labeller.labels["hostility"] == {"creator"}
    assert "offensive" not in labeller.labels, "unknown, not absent"


def test_a_rule_is_asked_from_its_gate_on_and_nowhere_else(reader: Reader) -> None:
    texts = ["where did you buy that lamp?", "qualcuno sa dove si compra quella lampada", "❤", "I DON'T like it"]
    posts = posts_of(reader, texts, ["en", "it", "it", "en"])
    column = reader.spans["question"][0]
    scores = scores_of(posts, reader)[:, column]
    rule = {int(uri[5:]) for uri in Patterns("question").label(posts).column("subject_uri").to_pylist()}
    assert rule == {0, 1}
    for gate in (0.0, float(scores[:2].min()) + 1e-9, float(scores[:2].max()) + 1e-9):
        voice = Voice("question", "genuine", NEVER, gate, frozenset({"it", "en"}))
        found = rows(ReaderLabels(given=reader, said=(voice,)), posts)
        assert found == {(n, "question", "genuine", scores[n]) for n in rule if scores[n] >= gate}


def test_a_language_that_a_label_is_not_read_in_gets_nothing(reader: Reader) -> None:
    always = Voice("hostility", "creator", 0.0, None, frozenset({"it"}))
    labeller = ReaderLabels(given=reader, said=(always,))
    texts: list[str | None] = ["grazie mille di cuore"] * 4
    posts = posts_of(reader, texts, ["it", "en", "und", "nl"])
    assert {row[0] for row in rows(labeller, posts)} == {0}
    assert labeller.languages_by_label == {"hostility": frozenset({"it"})}


def test_every_post_is_read_alone_and_labellers_travel(reader: Reader) -> None:
    labeller = ReaderLabels(given=reader, said=voices(reader.heads, {}))
    posts = posts_of(reader, MORE)
    whole = rows(labeller, posts)
    assert len(whole) > 10
    parts = [rows(labeller, posts.slice(n, 7)) for n in range(0, len(MORE), 7)]
    assert set().union(*parts) == whole
    order = np.random.default_rng(3).permutation(len(MORE))
    assert rows(labeller, posts.take(pa.array(order))) == whole
    twin = pickle.loads(pickle.dumps(labeller))
    assert (twin.revision, rows(twin, posts)) == (labeller.revision, whole)
    assert labeller.label(posts.slice(0, 0)).num_rows == 0


def test_a_revision_tells_of_every_change(reader: Reader) -> None:
    voice = Voice("question", "genuine", 0.5, 0.1, frozenset({"it"}))
    first = ReaderLabels(given=reader, said=(voice,)).revision
    changes = (
        replace(voice, threshold=0.6),
        replace(voice, gate=None),
        replace(voice, languages=frozenset({"en"})),
        replace(voice, value="rhetorical"),
    )
    others = {ReaderLabels(given=reader, said=(one,)).revision for one in changes}
    other = Reader(unpack(pack(*planted(seed=1)), "planted"), compiled=False)
    others.add(ReaderLabels(given=other, said=(voice,)).revision)
    assert len({first, *others}) == 6


def test_the_readers_word_on_the_language_stands_where_it_is_sure(reader: Reader) -> None:
    texts = [one for one in TEXTS if one] * 2
    heads = reader.read(pa.array(texts), ["language"])["language"]
    spoken = posts_of(reader, list(texts)).column("language").to_pylist()
    values = reader.heads["language"].values
    sure = [n for n in range(len(texts)) if heads[n].max() >= SURE and values[heads[n].argmax()] != "other"]
    sure = [n for n in sure if any(sign.isalpha() for sign in texts[n])]
    assert sure
    assert [spoken[n] for n in sure] == [values[heads[n].argmax()] for n in sure]
    assert "other" not in spoken
    assert spoken[texts.index("❤")] == "zxx"
    # Elsewhere the n-grams were asked, and the scores are those of the language they found.
    again = reader.columns(pa.array(texts), pa.array(spoken))
    np.testing.assert_array_equal(scores_of(posts_of(reader, list(texts)), reader), again)


def test_posts_that_nobody_scored_are_read_now(reader: Reader) -> None:
    posts = posts_of(reader, MORE, ["it"] * len(MORE))
    bare = posts.set_column(posts.num_columns - 1, "scores", pa.nulls(len(MORE), posts.schema.field("scores").type))
    labeller = ReaderLabels(given=reader, said=voices(reader.heads, {}))
    assert rows(labeller, bare) == rows(labeller, posts)


def test_context_reaches_the_scores(reader: Reader) -> None:
    texts = pa.array(["torna presto", "torna presto"])
    uris = pa.array(["post:0", "post:1"])
    context = pa.RecordBatch.from_pydict({"silence": [0.0, 40.0]})
    header = reader.weights.header
    assert {one.name for one in header.context} == {"silence", "shop"}
    posts = prepare(uris, texts, pa.array(["it", "it"]), context, reader=reader)
    first, second = scores_of(posts, reader)
    assert (first != second).any()


def test_a_label_whose_values_have_rules_of_their_own_gets_the_value_of_the_rule_that_speaks() -> None:
    reader = Reader.load(OPEN)
    assert (rule_of("criticism", "conduct"), rule_of("question", "genuine")) == ("criticism_conduct", "question")
    texts = ["the editing is terrible", "you only care about money", "what a lovely morning"]
    said = tuple(Voice("criticism", value, NEVER, 0.0, frozenset({"en"})) for value in ("content", "conduct"))
    labeller = ReaderLabels(given=reader, said=said)
    posts = posts_of(reader, texts, ["en"] * 3)
    assert set(labeller.rules) == {"criticism_content", "criticism_conduct"}
    assert {row[:3] for row in rows(labeller, posts)} == {(0, "criticism", "content"), (1, "criticism", "conduct")}
