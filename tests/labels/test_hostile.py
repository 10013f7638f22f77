"""Hostile texts through everything that reads: no crash, bounded time, an honest "not read"."""

from __future__ import annotations

import hashlib
import math
import os
import random
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings

from seguito.dossier.redact import LONGEST as SHOWN
from seguito.dossier.redact import redact, visible
from seguito.kit.errors import BadInput
from seguito.labels import folding
from seguito.labels.clusters import Clusters
from seguito.labels.contract import FOUND, LANGUAGES, Labeller
from seguito.labels.language import LANGUAGE, NO_WORDS, OTHERS, UNKNOWN
from seguito.labels.models import features
from seguito.labels.models.reader import OPEN, Reader, place_of
from seguito.labels.models.weights import ALIGN, FORMAT, pack, shapes, unpack, write
from seguito.labels.patterns import Patterns
from seguito.labels.reading import prepare
from seguito.labels.registry import labellers

from .hostile import BOMBS, LONGEST, MANY, SHORT, bomb, broken, harmless, texts
from .models.conftest import built, compiled_here  # noqa: F401
from .models.planted import planted

# Times more processor time than a harmless text of the same length may take, and seconds too few to tell.
WORST, TOO_FEW = 25.0, 0.02
FIXED = [*SHORT.values(), *(bomb(piece, 5_000) for piece in BOMBS.values())]
LONG = [bomb(piece, MANY) for piece in BOMBS.values()]
KEPT = sorted(one.name for one in (files("seguito.labels") / "rules").iterdir() if one.name.endswith(".toml"))
# Those with patterns; the words of languages are only words.
RULES = [name.removesuffix(".toml") for name in KEPT if name != "language.toml"]


@cache
def readers() -> tuple[Reader, Reader]:
    weights = unpack(pack(*planted()), "planted")
    return Reader(weights, compiled=False), Reader(weights, compiled=True)


def columns(given_texts: pa.Array) -> bytes:
    """The probabilities of both ways, which must be the same to the bit."""
    slow, quick = (one.columns(given_texts) for one in readers())
    assert slow.tobytes() == quick.tobytes()
    known = slow[~np.isnan(slow)]
    assert ((known >= 0) & (known <= 1)).all()
    return slow.tobytes()


def labelled(given_texts: pa.Array, chosen: Sequence[Labeller] | None = None) -> list[pa.RecordBatch]:
    """What all labellers find; held against the contract."""
    uris = pa.array([str(number) for number in range(len(given_texts))])
    posts = prepare(uris, given_texts)
    posts.validate(full=True)
    assert set(posts.column("language").to_pylist()) <= {*LANGUAGES, *OTHERS, UNKNOWN, NO_WORDS, "other"}
    rows = []
    for one in chosen or labellers():
        found = one.label(posts)
        found.validate(full=True)
        assert found.schema == FOUND
        said = found.column("subject_uri").to_pylist()
        assert len(set(said)) == len(said) or len(one.labels) > 1
        assert set(said) <= set(uris.to_pylist())
        rows.append(found)
    return rows


def too_long(work: Callable[[str], object], pieces: Iterable[str], length: int) -> dict[str, float]:
    """The pieces whose bombs take out of all proportion longer than a harmless text: how many times as long."""
    work(harmless(length))
    usual = max(_seconds(work, harmless(length)), TOO_FEW)
    slow = {}
    for piece in pieces:
        taken = _seconds(work, bomb(piece, length), WORST * usual) / usual
        if taken > WORST:
            slow[piece] = taken
    return slow


def _seconds(work: Callable[[str], object], text: str, at_most: float = 0.0) -> float:
    """Processor seconds of the work on a text: the least of up to three, fewer where that is soon enough."""
    least = math.inf
    for _ in range(3):
        begun = time.process_time()
        work(text)
        least = min(least, time.process_time() - begun)
        if least <= at_most:
            break
    return least


# ---- no crash, and the same answers however it is read ----


@given(texts, texts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_by_everything(one: str, other: str) -> None:
    given_texts = pa.array([one, other, None], pa.string())
    alone, together = columns(given_texts.slice(0, 1)), columns(given_texts)
    assert together.startswith(alone)
    found = labelled(given_texts)
    first = labelled(given_texts.slice(0, 1))
    for part, whole in zip(first, found, strict=True):
        # What one text gets does not depend on the others.
        assert part.to_pylist() == [row for row in whole.to_pylist() if row["subject_uri"] == "0"]


@given(broken)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_by_both_ways_alike(raw: bytes) -> None:
    assert columns(pa.array([raw]).view(pa.string())) == columns(pa.array([raw.decode("utf-8", "replace")]))


@given(texts)
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_folded_gathered_and_shown(one: str) -> None:
    plain = folding.plain(folding.bare(pa.array([one])))
    plain.validate(full=True)
    # Some compatibility forms hold a few letters for one; none holds many.
    assert len(plain[0].as_py()) <= 18 * min(len(one), folding.READ)
    clusters = Clusters()
    clusters.add(pa.array(["a", "b"]), pa.array([one, one]))
    names = clusters.table()["cluster"].to_pylist()
    assert names in (["a", "a"], [None, None])
    shown = redact(one)
    assert len(shown) <= SHOWN
    assert shown.isprintable()
    assert visible(one).isprintable()


def test_the_worst_texts_are_read_by_everything() -> None:
    given_texts = pa.array([*FIXED, *LONG, None])
    columns(given_texts)
    labelled(given_texts)
    clusters = Clusters()
    clusters.add(pa.array([str(number) for number in range(len(given_texts))]), given_texts)
    assert clusters.table().num_rows == len(given_texts)
    for text in FIXED + LONG:
        assert redact(text).isprintable()


def test_a_million_marks() -> None:
    """On one letter: cut before anything puts them in order, which takes time that grows with the square."""
    marks = "a" + "\u0316\u0301" * (LONGEST // 2)
    begun = time.process_time()
    columns(pa.array([marks]))
    labelled(pa.array([marks]))
    Clusters().add(pa.array(["a"]), pa.array([marks]))
    redact(marks)
    assert time.process_time() - begun < 5


# ---- an honest "not read" ----

NOTHING = ("empty", "a space", "an emoji", "no letters", "controls", "line ends", "half an emoji", "mentions", "links")


def test_texts_without_words_are_in_no_language_and_get_no_meaning() -> None:
    given_texts = pa.array([*(SHORT[name] for name in NOTHING), None])
    assert set(LANGUAGE.read(given_texts).to_pylist()) <= {NO_WORDS, UNKNOWN}
    meanings = {row["label"] for part in labelled(given_texts) for row in part.to_pylist()}
    # That a text of emoji is low effort needs no words, nor does it that links alone promote something.
    assert meanings <= {"low_effort", "spam"}
    without_links = given_texts.filter(pa.array([name != "links" for name in NOTHING] + [True]))
    assert {row["label"] for part in labelled(without_links) for row in part.to_pylist()} <= {"low_effort"}


def test_scripts_that_nobody_taught_us_are_unknown() -> None:
    given_texts = pa.array([SHORT["an unknown script"], SHORT["private letters"], SHORT["no characters"]])
    assert set(LANGUAGE.read(given_texts).to_pylist()) <= {NO_WORDS, UNKNOWN}
    for one in readers():
        assert np.isnan(one.columns(given_texts.slice(1, 2))).all()


# ---- bounded time ----


@pytest.mark.parametrize("way", [0, 1], ids=["numpy", "compiled"])
def test_the_reader_takes_no_longer_for_any_text(way: int) -> None:
    assert too_long(lambda text: readers()[way].columns(pa.array([text] * 20)), BOMBS.values(), MANY) == {}


def test_folding_language_and_wording_take_no_longer_for_any_text() -> None:
    chosen = labellers(["wording"])
    assert too_long(lambda text: labelled(pa.array([text] * 20), chosen), BOMBS.values(), MANY) == {}


def test_showing_takes_no_longer_for_any_text() -> None:
    assert too_long(redact, BOMBS.values(), MANY) == {}


def test_gathering_takes_no_longer_for_any_text() -> None:
    def gathered(text: str) -> None:
        clusters = Clusters()
        clusters.add(pa.array(["a", "b"]), pa.array([text, text + "x"]))

    assert too_long(gathered, BOMBS.values(), MANY) == {}


@pytest.mark.parametrize("name", RULES)
def test_no_pattern_takes_out_of_all_proportion_long(name: str) -> None:
    """Every pattern against the words it is made of, repeated so that it nearly matches again and again."""
    rule = Patterns(name)
    slow = {}
    for one in (*rule.patterns, *rule.cuts):

        def looked(text: str, regex: str = one.regex) -> None:
            pc.match_substring_regex(pa.array([text] * 20), regex)

        pieces = {*nearly(one.matches), "a", "a ", "aa a", "?", "no ", "é", "😂", "(", "1 "}
        slow |= {(one.id, piece): times for piece, times in too_long(looked, sorted(pieces), folding.READ).items()}
    assert slow == {}


def nearly(matches: Sequence[str]) -> list[str]:
    """What matches, without its last letter, and its first half."""
    found = [folding.plain(folding.bare(pa.array([text]))).to_pylist()[0] for text in matches]
    return [part for text in found for part in (text[:-1], text[: len(text) // 2], text + " ") if part]


def test_no_word_of_a_language_takes_out_of_all_proportion_long() -> None:
    text = (files("seguito.labels") / "rules" / "language.toml").read_text(encoding="utf-8")
    pieces = {re.sub(r"\W", "", word) for words in tomllib.loads(text)["words"].values() for word in words}
    assert too_long(lambda one: LANGUAGE.identify(pa.array([one] * 20)), sorted(pieces)[::3], folding.READ) == {}


def test_a_crowd_of_one_text_is_gathered_soon() -> None:
    """Many copies of one text, and of one text with a letter changed, fill one bucket."""
    base = "dove hai comprato quella lampada che si vede dietro di te nel video "
    many = [base + chr(0x4E00 + number) for number in range(8_000)]
    begun = time.process_time()
    clusters = Clusters()
    clusters.add(pa.array([str(number) for number in range(len(many))]), pa.array(many))
    assert time.process_time() - begun < 15
    assert pc.count_distinct(clusters.table()["cluster"]).as_py() < 10


# ---- weight files ----


def test_no_byte_of_the_shipped_weights_can_change_unnoticed(tmp_path: Path) -> None:
    """The prefix byte by byte; then the middle, the edges and what fills the gaps of every part."""
    content = place_of(OPEN).read_bytes()
    header = unpack(content, OPEN).header
    length = int.from_bytes(content[12:16], "little")
    places, begin = [*range(48), 48, 48 + length // 2, 48 + length - 1], 48 + length
    for kind, shape in shapes(header).values():
        gap, begin = begin, begin + -begin % ALIGN
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        places += [*range(gap, begin, 16), *((begin, begin + size // 2, begin + size - 1) if size else ())]
        begin += size
    assert begin == len(content)
    damaged = tmp_path / "damaged.weights"
    for place in places:
        damaged.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        os.utime(damaged, ns=(place, place))
        with pytest.raises(BadInput) as caught:
            Reader.load(damaged)
        assert caught.value.advice
    for cut in (0, 7, 47, 48, 48 + length, len(content) // 2, len(content) - 1):
        damaged.write_bytes(content[:cut])
        with pytest.raises(BadInput):
            Reader.load(damaged)


def test_weights_that_would_be_read_otherwise_are_refused(tmp_path: Path) -> None:
    header, arrays = planted()
    place = tmp_path / "other.weights"
    for revision in (features.REVISION + 1, 0):
        header.features = revision
        write(place, header, arrays)
        with pytest.raises(BadInput, match="n-grams of version"):
            Reader.load(place)
    content = pack(*planted())
    place.write_bytes(content[:8] + (FORMAT + 1).to_bytes(4, "little") + content[12:])
    with pytest.raises(BadInput, match="is of format"):
        Reader.load(place)


def test_whatever_is_let_through_gives_probabilities_alike_by_both_ways() -> None:
    """A checksum that was made to fit lets any numbers in: those that are not refused do no harm."""
    content = pack(*planted())
    dice = random.Random(3)
    read = 0
    for _ in range(120):
        forged = bytearray(content)
        for _ in range(dice.choice((1, 4, 40))):
            forged[48 + dice.randrange(len(content) - 48)] = dice.randrange(256)
        forged[16:48] = hashlib.sha256(forged[48:]).digest()
        try:
            weights = unpack(bytes(forged), "forged")
        except BadInput:
            continue
        slow, quick = (Reader(weights, compiled=way).columns(pa.array(FIXED[:20])) for way in (False, True))
        assert slow.tobytes() == quick.tobytes()
        assert ((slow >= 0) & (slow <= 1) | np.isnan(slow)).all()
        read += 1
    assert read > 10
