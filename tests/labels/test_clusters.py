from __future__ import annotations

import time

import numpy as np
import pyarrow as pa
import pytest
from rapidfuzz import fuzz

from seguito.labels import pairs
from seguito.labels.clusters import Clusters, normalised
from seguito.labels.pairs import ALIKE, TOKENS, Near


def grouped(texts: list[str | None], parts: int = 1) -> list[str | None]:
    clusters = Clusters()
    uris = [f"m{number}" for number in range(len(texts))]
    step = -(-len(texts) // parts)
    for start in range(0, len(texts), step):
        part = slice(start, start + step)
        clusters.add(pa.array(uris[part]), pa.array(texts[part], pa.string()))
    named: list[str | None] = clusters.table()["cluster"].to_pylist()
    return named


def test_spelling_emoji_links_and_a_word_more_do_not_part_messages() -> None:
    assert grouped(
        [
            "quando esce il prossimo video di cucina?",
            "QUANDO esce il prossimo video di cucina???? 😍😍 https://esempio.it",
            "ma quando esce il prossimo video di cucina",
            "quando esce il prossimo libro di ricette, lo aspetto da mesi",
            "quando escee il prosimo video di cucina",
        ]
    ) == ["m0", "m0", "m0", "m3", "m0"]


def test_the_paraphrase_of_the_methods_page_is_joined_by_its_words() -> None:
    # Jaccard of 3-grams .35, token-set ratio 86.
    assert grouped(["tutto ok? non posti da giorni", "ehi tutto bene? sono giorni che non posti"]) == ["m0", "m0"]


def test_a_short_text_joins_only_the_same() -> None:
    assert grouped(["bella!", "BELLAAA", "bello!", "👏👏", None, ""]) == ["m0", "m0", "m2", None, None, None]


def test_words_contained_in_a_much_longer_text_do_not_join_it() -> None:
    long = "ciao a tutti come state oggi vi racconto di quando ho comprato casa in montagna con mia sorella"
    assert grouped(["ciao a tutti", long]) == ["m0", "m1"]


def test_a_cluster_does_not_drift_from_message_to_message() -> None:
    # Every message shares most with the one before, and the last has no word of the first.
    drift = [
        "one two three four five six seven eight",
        "two three four five six seven eight nine",
        "three four five six seven eight nine ten",
        "four five six seven eight nine ten eleven",
        "five six seven eight nine ten eleven twelve",
        "six seven eight nine ten eleven twelve thirteen",
        "seven eight nine ten eleven twelve thirteen fourteen",
        "eight nine ten eleven twelve thirteen fourteen fifteen",
        "nine ten eleven twelve thirteen fourteen fifteen sixteen",
    ]
    named = grouped(drift)
    assert named[0] == named[1] == "m0"
    assert named[-1] != "m0"


def test_what_was_decided_stays_when_more_arrives() -> None:
    rng = np.random.default_rng(3)
    words = ["".join(rng.choice(list("abcdefgilmnoprstuvz"), rng.integers(4, 9))) for _ in range(300)]
    texts: list[str | None] = []
    for _ in range(120):
        base = rng.choice(words, 9)
        for _ in range(4):
            copy = base.copy()
            copy[rng.integers(9)] = rng.choice(words)
            texts.append(" ".join(copy))
    order = rng.permutation(len(texts))
    shuffled = [texts[one] for one in order]
    assert grouped(shuffled) == grouped(shuffled, parts=7) == grouped(shuffled, parts=480)
    half = grouped(shuffled[:240])
    assert grouped(shuffled)[:240] == half


def test_planted_copies_are_found_and_strangers_are_left_alone() -> None:
    rng = np.random.default_rng(8)
    words = [f"w{number:04d}x" for number in range(4_000)]
    texts, planted = [], []
    for group in range(200):
        base = rng.choice(words, 12)
        for _ in range(5):
            copy = base.copy()
            copy[rng.integers(12)] = rng.choice(words)
            texts.append(" ".join(copy))
            planted.append(group)
    for _ in range(1_000):
        texts.append(" ".join(rng.choice(words, 12)))
        planted.append(-1)
    named = grouped(texts)
    whole = sum(len({named[5 * group + one] for one in range(5)}) == 1 for group in range(200))
    assert whole >= 195
    alone = [named[number] for number in range(1_000, 2_000)]
    assert len(set(alone)) == 1_000
    assert not set(alone) & set(named[:1_000])


def test_pairs_are_those_that_comparing_all_with_all_finds() -> None:
    rng = np.random.default_rng(4)
    letters = list("abcdefghilmnoprstuvz")
    texts = []
    for _ in range(150):
        base = ["".join(rng.choice(letters, rng.integers(2, 9))) for _ in range(rng.integers(3, 10))]
        texts.append(" ".join(base))
        for _ in range(2):
            changed = list(" ".join(base))
            changed[int(rng.integers(len(changed)))] = str(rng.choice(letters))
            texts.append(" ".join("".join(changed).split()))
    texts = sorted(set(texts))
    found = Near().add(pa.array(texts))
    given = {(a, b): s for a, b, s in zip(found.left.tolist(), found.right.tolist(), found.alike.tolist(), strict=True)}
    by_letters = [set(zip(f" {one} ", f" {one} "[1:], f" {one} "[2:], strict=False)) for one in texts]
    missed = wrong = all_pairs = 0
    for right in range(len(texts)):
        for left in range(right):
            a, b = by_letters[left], by_letters[right]
            jaccard = len(a & b) / len(a | b)
            is_near = jaccard >= ALIKE
            all_pairs += is_near
            missed += is_near and (left, right) not in given
            tokens = fuzz.token_set_ratio(texts[left], texts[right])
            wrong += (left, right) in given and not is_near and tokens < TOKENS
            if is_near and (left, right) in given:
                assert given[left, right] >= jaccard - 1e-9
    assert all_pairs > 200
    assert wrong == 0
    assert missed <= 0.02 * all_pairs


def test_likeness_puts_the_odd_one_first() -> None:
    clusters = Clusters()
    texts = [
        "sei tornata finalmente, ci sei mancata tanto",
        "sei tornata! ci sei mancata tanto",
        "ci sei mancata tantissimo finalmente sei tornata, come sta tua madre",
    ]
    clusters.add(pa.array(["a", "b", "c"]), pa.array(texts))
    table = clusters.table()
    assert table["cluster"].to_pylist()[:2] == ["a", "a"]
    alike = table["alike"].to_pylist()
    assert alike[0] == 1.0
    assert 0 < alike[1] < 1


def test_a_page_of_one_greeting_takes_no_square_time(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array([f"buon compleanno a te carissima amica mia {number}" for number in range(3_000)])
    begun = time.process_time()
    found = Near().add(normalised(texts))
    assert found.crowded > 0
    assert len(found.left) < 3_000 * 3_000 / 20
    assert time.process_time() - begun < 30
    monkeypatch.setattr(pairs, "CROWD", 2)
    assert set(grouped(texts.to_pylist()[:200])) == {"m0"}


def test_hostile_texts_are_taken_as_they_are() -> None:
    zalgo = "c" + "\u0301\u0302\u0303" * 500 + "iao a tutti quanti"
    texts = [
        "\u202eotset otnuig a id aznes osnes",
        zalgo,
        "x" * 100_000,
        "🙂",
        " \t\n",
        "日本語のコメントをここに書きます",
        "\ufffd\ufffd",
    ]
    assert len(grouped([*texts, *texts])) == 14
