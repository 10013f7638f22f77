"""What is ruled out at a glance would have fallen short when compared: not one pair too many, and many pairs in all."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz

from seguito.labels.bounds import Bags, may_overlap
from seguito.labels.pairs import ALIKE, TOKENS, grams

WORDS = ["che", "bello", "complimenti", "grazie", "di", "cuore", "per", "il", "video", "mi", "piace", "tantissimo"]
WORDS += ["la", "tua", "idea", "àé", "日本", "12", "a", "b"]


def texts() -> list[str]:
    """Invented texts: some nearly the same, some with words twice, one of a single letter, some too long to count."""
    draw = random.Random(7)
    found = [" ".join(draw.choices(WORDS, k=draw.randrange(1, 14))) for _ in range(90)]
    found += [" ".join(sorted(one.split(), key=lambda _: draw.random())) for one in found[:20]]
    found += [one[: draw.randrange(1, len(one) + 1)].strip() for one in found[:20]]
    found += [one.replace("i", "e", 1) for one in found[:20]]
    found += ["x", "a" * 300, "a" * 290 + " b", "bello " * 80, " ".join(f"parola{n}" for n in range(120))]
    return list(dict.fromkeys(" ".join(one.split()) for one in found))


def pairs_of(count: int) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.triu_indices(count, 1)
    return left.astype(np.int64), right.astype(np.int64)


def test_no_pair_that_reaches_the_token_ratio_is_ruled_out() -> None:
    said = texts()
    left, right = pairs_of(len(said))
    may = Bags.of(pa.array(said)).may_share(left, right, TOKENS)
    scores = np.asarray([fuzz.token_set_ratio(said[one], said[two]) for one, two in zip(left, right, strict=True)])
    assert (scores >= TOKENS).sum() > 50
    assert not (~may & (scores >= TOKENS)).any()
    assert (~may).sum() > 0.5 * (scores < TOKENS).sum()


def test_no_pair_that_overlaps_is_ruled_out() -> None:
    said = texts()
    sets = grams(pa.array(said))
    left, right = pairs_of(len(said))
    may = may_overlap(sets, left, right, ALIKE)
    features = [set(sets.features[one:two].tolist()) for one, two in zip(sets.starts, sets.starts[1:], strict=False)]
    shared = np.asarray(
        [len(features[a] & features[b]) / len(features[a] | features[b]) for a, b in zip(left, right, strict=True)]
    )
    assert (shared >= ALIKE).sum() > 20
    assert not (~may & (shared >= ALIKE)).any()
    assert (~may).sum() > 0.9 * (shared < ALIKE).sum()


def test_bags_count_each_word_once_and_every_letter_of_it() -> None:
    bags = Bags.of(pa.array(["ab ab c", "c ab"]))
    assert bags.lengths.tolist() == [4, 4]
    assert (bags.letters[0] == bags.letters[1]).all()
    assert bags.letters[0].sum() == 4
    assert bags.words[0].sum() == 5
    assert not bags.is_full.any()


def test_what_cannot_be_counted_is_never_ruled_out() -> None:
    bags = Bags.of(pa.array(["a" * 300, "b c d"]))
    assert bags.is_full.tolist() == [True, False]
    assert bags.may_share(np.asarray([0]), np.asarray([1]), TOKENS).all()
