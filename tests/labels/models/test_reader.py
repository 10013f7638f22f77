from __future__ import annotations

import hashlib
import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seguito.kit.errors import BadInput, NotFound, UsageError
from seguito.labels.models import fast, features, reader
from seguito.labels.models.reader import Reader
from seguito.labels.models.weights import Weights, pack, unpack, write

from .planted import LANGUAGES, TEXTS, header, learnt, planted


@pytest.fixture(scope="module")
def weights() -> Weights:
    return unpack(pack(*planted()), "planted")


@pytest.fixture
def both(weights: Weights) -> tuple[Reader, Reader]:
    ways = Reader(weights, compiled=False), Reader(weights, compiled=True)
    assert [one.compiled for one in ways] == [False, True]
    return ways


# What people and machines put into comments; drawn together with any other letters.
SHREDS = [
    *("http://", "https://", "www.", "@", "#", ".it", ".be/", ".com", "://", "a", "b", "non ", "mai ", "not ", "'"),
    *(
        "’",
        "!",
        "!!",
        "?!",
        "...",
        "…",
        "😂",
        "❤️",
        "👩‍💻",
        "🏳️‍🌈",
        "\u202e",
        "\u200b",
        "\u0336",
        "Z̷",
        "ÀÈ",
        "ß",
        "Ａ",
        "𝓼",
    ),
    *("日本", "привет", "مرحبا", "\x00", "\t", "\n", "\u2028", "0", "12", "AAA", "aaa", "_", "-", "/", ":"),
    *(
        "\U000e0041",
        "\U0010ffff",
        "œ",
        "pas ",
        "\ue000",
        "\uf001",
        "\ufffd",
        "\U00020000",
        "l'",
        "un'altra",
        "<br>",
        "&#39;",
        " ",
        "  ",
    ),
]
typed = st.lists(st.one_of(st.sampled_from(SHREDS), st.sampled_from(TEXTS), st.text(max_size=6)), max_size=14).map(
    "".join
)


@cache
def readers() -> tuple[Reader, Reader]:
    of = unpack(pack(*planted(1)), "planted")
    return Reader(of, compiled=False), Reader(of, compiled=True)


def test_links_within_a_word_are_read_the_same_way() -> None:
    slow, quick = readers()
    texts = [
        "vedi:http://x.org/a ora",
        "bello:www.x.it",
        "@a.it,http://x",
        "mille.comunque",
        "bello.it@anna",
        "a.b.it.c",
    ]
    given_texts = pa.array([*texts, *(f"Graziee {text} mille" for text in texts)])
    wanted, found = slow.read(given_texts), quick.read(given_texts)
    for name, scores in wanted.items():
        assert scores.tobytes() == found[name].tobytes()


@given(st.lists(typed, min_size=1, max_size=12), st.booleans(), st.data())
@settings(max_examples=400, deadline=None)
def test_both_ways_give_the_same_bits(texts: list[str], spoken: bool, data: st.DataObject) -> None:
    slow, quick = readers()
    languages = context = None
    if spoken:
        some = st.sampled_from([None, "und", "zxx", "xx", *LANGUAGES])
        languages = pa.array([data.draw(some) for _ in texts], pa.string())
        context = pa.record_batch({"silence": pa.array([float(n) for n in range(len(texts))])})
    given_texts = pa.array(texts)
    wanted = slow.read(given_texts, languages=languages, context=context)
    found = quick.read(given_texts, languages=languages, context=context)
    for name, scores in wanted.items():
        assert scores.tobytes() == found[name].tobytes()


def test_both_ways_give_the_same_bits_with_a_large_table() -> None:
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("abcdefghilmnoprstuvz"), rng.integers(2, 9))) for _ in range(3_000)]
    texts = [" ".join(rng.choice(words, rng.integers(1, 30))) for _ in range(2_500)]
    of = unpack(pack(*planted(2, texts, width=32, hidden=48)), "planted")
    given_texts = pa.array([*texts, *TEXTS])
    slow, quick = (Reader(of, compiled=way).read(given_texts) for way in (False, True))
    for name in slow:
        assert slow[name].tobytes() == quick[name].tobytes()


def test_probabilities_are_probabilities(both: tuple[Reader, Reader]) -> None:
    for one in both:
        found = one.read(pa.array(TEXTS))
        for name, scores in found.items():
            known = scores[~np.isnan(scores).any(axis=1)]
            assert ((known >= 0) & (known <= 1)).all()
            assert (known == np.rint(known * 10_000) / 10_000).all()
            if name in {"sentiment", "language"}:
                assert np.abs(known.sum(axis=1) - 1).max() < 3e-4
        assert found["question"].shape == (len(TEXTS), 2)
        assert (np.nan_to_num(found["question"]).sum(axis=1) < 1.0001).all()


def test_a_text_reads_the_same_alone_and_among_others(both: tuple[Reader, Reader]) -> None:
    for one in both:
        together = one.read(pa.array(TEXTS * 60))
        for n, text in enumerate(TEXTS):
            alone = one.read(pa.array([text]))
            for name, scores in alone.items():
                assert (
                    scores[0].tobytes() == together[name][n].tobytes() == together[name][n + 59 * len(TEXTS)].tobytes()
                )


def test_nothing_known_is_not_read(both: tuple[Reader, Reader]) -> None:
    """Signs, such as the number of words, are no words."""
    for one in both:
        found = one.read(pa.array(["", None, " \n", "\u202e\u200b", "ŋŋŋŋŋŋ ʃʃʃʃʃ", "QXQXQX"]))
        for scores in found.values():
            assert np.isnan(scores).all()


def test_a_head_that_does_not_read_a_language_says_nothing(both: tuple[Reader, Reader]) -> None:
    texts = pa.array(["Graziee mille, sei la migliore!"] * 5)
    for one in both:
        found = one.read(texts, languages=pa.array(["it", "de", "xx", None, "und"]))
        assert np.isnan(found["offensive"][:, 0]).tolist() == [False, True, True, False, False]
        assert np.isnan(found["sentiment"][:, 0]).tolist() == [False, False, True, False, False]
        assert not np.isnan(found["hostility"]).any()


def test_calibration_is_that_of_the_language(weights: Weights) -> None:
    texts = pa.array(["Graziee mille, sei la migliore!"] * 3)
    one = Reader(weights)
    found = one.read(texts, languages=pa.array(["it", "en", None]))["hostility"]
    # The temperature of Italian is 2, of all others 1: log odds halve.
    odds = np.log(found / (1 - found))
    assert np.abs(odds[0] * 2 - odds[1]).max() < 0.01
    assert found[1].tolist() == found[2].tolist()


def test_a_language_that_is_not_given_is_that_of_the_language_head(weights: Weights) -> None:
    one = Reader(weights)
    head = one.heads["language"]
    shares = one.read(pa.array(TEXTS), ["language"])["language"]
    sure = np.nan_to_num(shares).max(axis=1) >= weights.header.language_sure
    spoken = [head.values[n] if ok else None for n, ok in zip(np.nan_to_num(shares).argmax(axis=1), sure, strict=True)]
    assert len(set(spoken)) > 3
    assert None in {one for one, share in zip(spoken, shares, strict=True) if not np.isnan(share).any()}
    given_ones = one.read(pa.array(TEXTS), languages=pa.array(spoken, pa.string()))
    found = one.read(pa.array(TEXTS))
    for name in ("sentiment", "offensive", "hostility"):
        assert found[name].tobytes() == given_ones[name].tobytes()


def test_context_moves_a_score(both: tuple[Reader, Reader], weights: Weights) -> None:
    texts = pa.array(["Graziee mille, sei la migliore!"] * 2)
    context = pa.record_batch({"shop": pa.array([None, True])})
    for one in both:
        found = one.read(texts, languages=pa.array(["en", "en"]), context=context)["hostility"]
        odds = np.log(found / (1 - found))
        begin = weights.header.start("hostility")
        assert np.abs((odds[1] - odds[0]) - weights.arrays.context[1][begin : begin + 2]).max() < 0.01


def test_only_the_heads_asked_for_are_given(both: tuple[Reader, Reader]) -> None:
    for one in both:
        assert list(one.read(pa.array(TEXTS), ["sentiment"])) == ["sentiment"]
        assert one.read(pa.array([], pa.string()))["sentiment"].shape == (0, 3)
        with pytest.raises(UsageError, match="no head mood"):
            one.read(pa.array(TEXTS), ["mood"])
        with pytest.raises(UsageError, match="rows of languages"):
            one.read(pa.array(TEXTS), languages=pa.array(["it"]))


def test_hostile_texts_take_no_time_and_do_no_harm(both: tuple[Reader, Reader]) -> None:
    hostile = pa.array(
        [
            "a" * 100_000,
            "Z\u0336" * 50_000,
            "😂" * 100_000,
            "@" * 100_000,
            "http://" * 20_000,
            "." * 100_000,
            "a.it" * 9_999,
            "'" * 100_000,
            "a'" * 50_000,
            "\u202e" * 100_000,
            "non " * 30_000,
            "A1" * 50_000,
            "é" * 100_000,
            "\n" * 100_000,
            "<script>alert(1)</script>" * 4_000,
            "".join(map(chr, range(1, 0xD800))),
            "a b" * 33_333,
            "\U0010ffff" * 50_000,
        ]
    )
    for one in both:
        begin = time.process_time()
        found = one.read(hostile)
        assert time.process_time() - begin < 2
        assert len(found["sentiment"]) == len(hostile)


def test_broken_utf_8_is_read_the_same_way(both: tuple[Reader, Reader]) -> None:
    broken = pa.array(
        [b"grazie \xff\xfe mille", b"\xed\xa0\x80 bello", b"bello\xc3", b"\x80\x80", b"\xf4\x90\x80\x80 ciao"]
    )
    slow, quick = (one.read(broken.view(pa.string())) for one in both)
    for name in slow:
        assert slow[name].tobytes() == quick[name].tobytes()
    assert not np.isnan(slow["hostility"][0]).any()


def test_threads_do_not_disturb_each_other(both: tuple[Reader, Reader]) -> None:
    texts = pa.array(TEXTS * 20)
    for one in both:
        wanted = one.read(texts)["sentiment"].tobytes()
        with ThreadPoolExecutor(4) as pool:
            assert {scores["sentiment"].tobytes() for scores in pool.map(one.read, [texts] * 12)} == {wanted}


def test_a_reader_travels_to_another_process(both: tuple[Reader, Reader]) -> None:
    for one in both:
        again = pickle.loads(pickle.dumps(one))
        assert again.compiled == one.compiled
        assert again.read(pa.array(TEXTS))["language"].tobytes() == one.read(pa.array(TEXTS))["language"].tobytes()


# ---- what spoke ----


def test_an_explanation_adds_up_to_the_log_odds(weights: Weights) -> None:
    """With the part that does not depend on the text, terms give the sum of the head, but for rounding."""
    one = Reader(weights)
    for text, language in (("Graziee mille, non sei la migliore!", "en"), ("amo te!!! amo te!!!", "en")):
        terms = one.explain(text, "hostility", "member", n=1_000)
        way = Reader(weights, compiled=False)._way
        arrays = weights.arrays
        halves = way.halves(way.find(pa.array([text])), 1)  # type: ignore[attr-defined]
        first = halves[:, :, : weights.header.width].reshape(1, -1) @ way.hidden + arrays.hidden_bias  # type: ignore[attr-defined]
        on = (first[0] > 0) * arrays.hidden_scale
        column = weights.header.start("hostility") + 1
        constant = ((arrays.hidden_bias * on) @ arrays.out[:, column] + arrays.out_bias[column]) * arrays.out_scale[
            column
        ]
        score = one.read(pa.array([text]), languages=pa.array([language]))["hostility"][0, 1]
        assert sum(term for _, term in terms) + constant == pytest.approx(np.log(score / (1 - score)), abs=0.05)


def test_an_explanation_names_words_and_pairs_weightiest_first(weights: Weights) -> None:
    one = Reader(weights)
    terms = one.explain("Non mi piace PER NIENTE questo video!!", "sentiment", "negative", n=50)
    said = [phrase for phrase, _ in terms]
    assert len(set(said)) == len(said)
    assert {"niente", "piace"} <= set(said)
    assert [abs(term) for _, term in terms] == sorted((abs(term) for _, term in terms), reverse=True)
    assert len(one.explain("Non mi piace", "sentiment", "negative", n=2)) == 2
    assert one.explain("", "sentiment", "negative") == []
    with pytest.raises(UsageError, match="no value maybe"):
        one.explain("x", "sentiment", "maybe")


def test_an_explanation_finds_the_planted_word() -> None:
    """Only one word counts, and it is told."""
    drawn = learnt(6)
    of = header(len(drawn.keys))
    texts = pa.array(["bello"])
    wanted = [key for key, said in features_names(texts).items() if said == "bello" and not key & 1]
    if wanted[0] not in drawn.keys:
        drawn.keys[0] = wanted[0]
    drawn.table[drawn.keys != wanted[0]] = 0
    from seguito.labels.models.quantise import quantise

    one = Reader(Weights(of, quantise(of, drawn), "test"))
    terms = [(phrase, term) for phrase, term in one.explain("che bello questo", "hostility", "creator", n=50) if term]
    assert [phrase for phrase, _ in terms] in (["bello"], [])


def features_names(texts: pa.Array) -> dict[int, str]:
    from seguito.labels.models.spelling import names

    return names(texts)


# ---- files ----


def test_weights_are_loaded_once_and_again_when_they_change(tmp_path: Path) -> None:
    place = tmp_path / "a.weights"
    write(place, *planted(0))
    first = Reader.load(place)
    assert Reader.load(place) is first
    write(place, *planted(1))
    os.utime(place, ns=(1, 1))
    assert Reader.load(place).revision != first.revision


def test_weights_of_other_n_grams_are_refused(tmp_path: Path) -> None:
    of, arrays = planted()
    of.features = features.REVISION + 1
    write(tmp_path / "a.weights", of, arrays)
    with pytest.raises(BadInput, match=f"n-grams of version {features.REVISION + 1}"):
        Reader.load(tmp_path / "a.weights")


def test_research_weights_are_looked_for_where_the_user_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUITO_MODELS", str(tmp_path))
    with pytest.raises(NotFound) as caught:
        Reader.load("research")
    assert "make weights-research" in caught.value.advice
    write(tmp_path / "research.weights", *planted())
    assert set(Reader.load("research").heads) >= {"sentiment", "language"}
    monkeypatch.delenv("SEGUITO_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert reader.place_of("research") == tmp_path / "share" / "seguito" / "models" / "research.weights"
    with pytest.raises(UsageError, match="no weights called best"):
        Reader.load("best")


# ---- the compiled way ----


def test_the_compiled_way_can_be_refused(monkeypatch: pytest.MonkeyPatch, weights: Weights) -> None:
    assert fast.usable()
    assert Reader(weights).compiled
    monkeypatch.setenv("SEGUITO_PURE", "1")
    assert not fast.usable()
    assert not Reader(weights).compiled


def test_a_library_that_is_missing_damaged_or_of_another_source_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path, weights: Weights
) -> None:
    content, digests = built.read_bytes(), built.with_suffix(".sha256").read_text()
    older = digests.replace(digests[:64], "0" * 64)
    text = f"{digests[:64]} {hashlib.sha256(b'hello').hexdigest()}"
    cases = [(None, digests), (content, ""), (content[:9_000], digests), (content, older), (b"hello", text)]
    for n, (library, said) in enumerate(cases):
        place = tmp_path / f"{n}.so"
        if library is not None:
            place.write_bytes(library)
        place.with_suffix(".sha256").write_text(said)
        monkeypatch.setattr(fast, "LIBRARY", place)
        assert fast.library() is None
        assert not fast.usable()
        with pytest.raises(UsageError, match="compiled way"):
            Reader(weights, compiled=True)
