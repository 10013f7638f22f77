from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seguito.labels.models import features, spelling
from seguito.labels.models.features import counts
from seguito.labels.models.spelling import names
from seguito.labels.models.stream import READ, sound, stream

from .planted import TEXTS


def folded(text: str) -> str:
    """A text as it is folded, spaces single."""
    of = stream(sound(pa.array([text])))
    return " ".join("".join(map(spelling.letter, of.codes.tolist())).replace("'", " ").split())


def tokens(text: str) -> list[str]:
    of = stream(sound(pa.array([text])))
    found = features.tokens(of)
    return [
        "".join(map(spelling.letter, of.codes[begin:end].tolist()))
        for begin, end in zip(found.begin, found.end, strict=True)
    ]


def ngrams(text: str) -> set[str]:
    return set(names(pa.array([text])).values())


def of_sort(text: str, sort: str) -> list[str]:
    of = stream(sound(pa.array([text])))
    found = features.tokens(of)
    return [
        spelling.name(of, found, piece, n)
        for piece in features.pieces(of)
        if piece.sort == sort
        for n in range(len(piece.keys))
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("GRAZIEEE!!!!", "grazie!!"),
        ("bello bbello belloo", "bello bbello belloo"),
        ("Perché NO?", "perche no?"),
        ("c'è", "ce"),
        ("don’t", "dont"),
        ("l'amica", "l amica"),
        ("un'altra l'ho 'ciao'", "un altra lho ciao"),
        ("😂😂😂😂", "😂😂"),
        ("2000 111", "2000 111"),
        ("❤️ 👍🏽 👩‍💻", "❤ 👍 👩💻"),
        ("Z̷a̶l̴g̸o̵", "zalgo"),
        ("a\u202eb", "ab"),
        ("vedi https://x.org/a?b=c#d ora", "vedi <link> ora"),
        ("vedi:http://x.org/a ora", "vedi:<link> ora"),
        ("www.esempio.it!", "<link>"),
        ("awww.bello", "aw.bello"),
        ("esempio.it", "<link>"),
        ("(youtu.be/abc)", "<link>"),
        ("vieni.be calmo", "vieni.be calmo"),
        ("bene.italia", "bene.italia"),
        ("scrivi a nome@esempio.org", "scrivi a <link>"),
        ("@anna_b. guarda", "<mention> guarda"),
        ("ciao @anna, ciao", "ciao <mention>, ciao"),
        ("@anna.bsky.com/x", "<mention>/x"),
        ("a@b @ c", "a@b @ c"),
        ("http:// www.", "<link> <link>"),
        ("e http://a http://b", "e <link> <link>"),
        ("http://a,http://b", "<link>"),
        ("a\nb\tc\u00a0d", "a b c d"),
    ],
)
def test_texts_are_folded(typed: str, read: str) -> None:
    assert folded(typed) == read


def test_tokens_are_words_runs_of_signs_and_single_signs() -> None:
    assert tokens("Ma dai!?! 😂😂 10/10 @x") == ["ma", "dai", "!?!", "😂", "😂", "10", "/", "10", "<mention>"]


def test_words_and_pairs_with_the_edges_of_the_text() -> None:
    assert of_sort("Che bello!", "word") == ["che", "bello", "!"]
    assert of_sort("Che bello!", "pair") == ["_ che", "che bello", "bello !", "! _"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("non mi piace per niente", ["not mi", "not piace", "not per"]),
        ("non mi, piace", ["not mi"]),
        ("I don't like it at all", ["not like", "not it", "not at"]),
        ("je n'aime pas du tout", ["not du", "not tout"]),
        ("nicht so schön hier oben", ["not so", "not schon", "not hier"]),
        ("bello non", []),
        ("non non e", ["not non", "not e"]),
        ("😂 bello", []),
    ],
)
def test_negation_reaches_three_words_and_stops_at_signs(text: str, negated: list[str]) -> None:
    assert of_sort(text, "negated") == negated


def test_negation_stops_at_the_end_of_a_text() -> None:
    alone = counts(pa.array(["bello"]))
    after = counts(pa.array(["non", "bello"]))
    assert after.keys[after.offsets[1] :].tolist() == alone.keys.tolist()


def test_signs() -> None:
    assert of_sort("ciao", "sign") == ["<1 to 1 words>"]
    assert of_sort("MA sìììì A B2", "sign") == ["<3 to 4 words>", "<capitals>", "<drawn out>"]
    assert of_sort("привет мир", "sign") == ["<2 to 2 words>", "<cyrillic script>", "<cyrillic script>"]
    assert of_sort("a " * 33, "sign") == ["<33 or more words>"]
    assert "<capitals>" in of_sort("AB12", "sign")
    assert "<capitals>" not in of_sort("ABc", "sign")


def test_letters_stay_within_a_word_and_its_edges() -> None:
    assert of_sort("si, no", "3") == ["_si", "si_", "_no", "no_"]
    assert of_sort("si, no", "4") == ["_si_", "_no_"]
    assert of_sort("ciao", "5") == ["_ciao"[:5], "ciao_"]
    assert of_sort("a", "3") == ["_a_"]
    assert of_sort("!! 😂", "3") == []


def test_counts_count() -> None:
    found = counts(pa.array(["ah ah ah", "ah"]))
    often = dict(zip(found.keys[: found.offsets[1]].tolist(), found.counts[: found.offsets[1]].tolist(), strict=True))
    said = names(pa.array(["ah ah ah"]))
    by_name = {said[key]: n for key, n in often.items() if not key & 1}
    assert by_name == {"ah": 3, "_ ah": 1, "ah ah": 2, "ah _": 1, "<3 to 4 words>": 1}


def test_every_key_has_a_name_and_its_lowest_bit_is_its_block() -> None:
    texts = pa.array(TEXTS)
    found, said = counts(texts), names(texts)
    assert set(found.keys.tolist()) == set(said)
    words = {key for sort in ("word", "pair", "negated", "sign") for key in _keys(texts, sort)}
    assert {key & 1 for key in words} == {0}
    assert {key & 1 for key in set(said) - words} == {1}
    assert names(texts, [min(said)]) == {min(said): said[min(said)]}


def _keys(texts: pa.Array, sort: str) -> list[int]:
    return [key for piece in features.pieces(stream(sound(texts))) if piece.sort == sort for key in piece.keys.tolist()]


def test_keys_do_not_change_without_a_new_revision() -> None:
    """If this fails, raise REVISION and write the new digest here: all weights must be made anew."""
    found = counts(pa.array(TEXTS))
    content = (
        found.offsets.astype("<i8").tobytes()
        + found.keys.astype("<u4").tobytes()
        + found.counts.astype("<u2").tobytes()
    )
    assert (features.REVISION, hashlib.sha256(content).hexdigest()[:16]) == (1, "76c0dbcba644d34e")


@given(st.lists(st.text(max_size=40), min_size=1, max_size=8), st.integers(1, 5))
@settings(max_examples=150, deadline=None)
def test_a_text_counts_the_same_alone_and_among_others(texts: list[str], at_once: int) -> None:
    together = counts(pa.array(texts))
    before = features.AT_ONCE
    features.AT_ONCE = at_once  # type: ignore[misc]
    try:
        parted = counts(pa.array(texts))
    finally:
        features.AT_ONCE = before  # type: ignore[misc]
    for name in ("offsets", "keys", "counts"):
        assert getattr(together, name).tolist() == getattr(parted, name).tolist()
    alone = [counts(pa.array([text])).keys.tolist() for text in texts]
    assert alone == [together.keys[a:b].tolist() for a, b in zip(together.offsets, together.offsets[1:], strict=False)]


def test_only_the_beginning_is_read() -> None:
    long = "parola " * 20_000
    start = counts(pa.array([long[:READ]]))
    assert counts(pa.array([long])).keys.tolist() == start.keys.tolist()
    assert counts(pa.array(["a" * 100_000])).counts.sum() < 20


def test_any_kind_of_column_is_read() -> None:
    plain = counts(pa.array(["ciao", None, "a b"]))
    for other in (
        pa.array(["ciao", None, "a b"], pa.large_string()),
        pa.array(["x", "ciao", None, "a b", "y"]).slice(1, 3),
        pa.chunked_array([["ciao"], [None, "a b"]]),
        pa.array(["ciao", None, "a b"]).dictionary_encode(),
    ):
        assert counts(other).keys.tolist() == plain.keys.tolist()
    assert counts(pa.array([], pa.string())).offsets.tolist() == [0]
    assert counts(pa.array([None], pa.string())).offsets.tolist() == [0, 0]


def test_broken_utf_8_is_read_as_far_as_it_can_be() -> None:
    broken = pa.array([b"ciao \xff\xfe bella", b"\xed\xa0\x80", b"ok\xc3", b"\x80\x80"]).view(pa.string())
    found = counts(broken)
    said = names(broken)
    assert {"ciao", "bella", "ok"} <= set(said.values())
    assert len(found.offsets) == 5
    assert np.diff(found.offsets).min() >= 0


def test_a_text_is_read_as_a_page_shows_it() -> None:
    plain = counts(pa.array(["I'm here <3 & happy, see 2:19 so good"]))
    marked = counts(
        pa.array(['I&#39;m here &lt;3 &amp; happy, see <a href="https://a.example/x?t=2">2:19</a><br />so good'])
    )
    assert plain.keys.tolist() == marked.keys.tolist()
    untouched = pa.array(["a < b and c > d", "I <3 u", "AT&T;me & you", "<", "&", "<script"])
    assert sound(untouched).to_pylist() == untouched.to_pylist()
