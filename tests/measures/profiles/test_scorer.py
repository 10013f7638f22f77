"""Points worked out by hand, and what must hold of any points: one way, unknown is no zero, order and engine aside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seguito.kit.errors import BadInput, NotFound
from seguito.measures.profiles.fields import FIELDS, UNKNOWN, Profiles
from seguito.measures.profiles.scorer import Scorer, parse, place_of

OPEN = Scorer.load()
FEWER_IS_MORE = ("followers", "posts", "bio", "picture", "private", "age")


def one(**fields: int) -> Profiles:
    return Profiles(1, {name: np.array([value]) for name, value in fields.items()})


# Somebody who only reads: few followers, follows a hundred and twenty, never posted, wrote nothing of themselves.
READER = {
    "followers": 12, "following": 120, "posts": 0, "bio": 0, "picture": 1, "private": 0,
    "username_length": 11, "username_digits": 2,
}  # fmt: skip
SOLD = {**READER, "following": 1800, "picture": 0, "username_digits": 5}
STAR = {**READER, "followers": 2_000_000, "following": 0, "posts": 4000, "bio": 80, "username_digits": 0}


def test_points_by_hand() -> None:
    # followers 12: 3; (120 · 10) / 22 = 54 tenths: 3; following 120: -1; no posts: 4; no words: 2; picture: -1;
    # public: 0; two digits: 0; eleven letters: 0.
    assert OPEN.score(one(**READER)).tolist() == [10]
    # 3; 18000 / 22 = 818: 7; 2; 4; 2; no picture: 3; 0; five digits: 2; 0.
    assert OPEN.score(one(**SOLD)).tolist() == [23]
    # -10; 0 / 2000010 = 0: -4; -3; -4; -2; -1; 0; -1; 0.
    assert OPEN.score(one(**STAR)).tolist() == [-25]


NEWCOMER = {**READER, "followers": 3, "following": 40}


def test_a_person_who_only_reads_does_not_count_nor_does_a_star() -> None:
    people = [READER, {**READER, "private": 1}, NEWCOMER, {**NEWCOMER, "following": 90}, STAR]
    for person in people:
        assert OPEN.decide(one(**person))[0].tolist() == [False], person
    assert OPEN.decide(one(**SOLD))[0].tolist() == [True]
    # followers 3: 4; 400 / 13 = 30 tenths: 1; following 40: -3; no posts: 4; no words: 2; picture: -1.
    assert OPEN.score(one(**NEWCOMER)).tolist() == [7]


def test_what_the_points_cannot_tell_is_known() -> None:
    """Who has no picture either, beside nothing else, counts: the page says so, and no single one is ever named."""
    assert OPEN.score(one(**{**NEWCOMER, "picture": 0})).tolist() == [11]
    assert OPEN.decide(one(**{**NEWCOMER, "picture": 0}))[0].tolist() == [True]


def test_what_is_told_adds_up_and_what_is_unknown_is_told_as_such() -> None:
    told = OPEN.explain(one(**READER))[0]
    assert sum(each.points or 0 for each in told) == 10
    assert {each.evidence.name: each.points for each in told}["age"] is None
    assert next(each.value for each in told if each.evidence.name == "following_per_follower") == pytest.approx(
        54.55, abs=0.01
    )
    assert all(each.evidence.why and each.evidence.cite for each in told)


@pytest.mark.parametrize("field", ["followers", "following", "posts", "bio", "picture", "private", "age"])
def test_points_go_one_way(field: str) -> None:
    top = 1 if field in ("picture", "private") else 3_000_000
    values = np.unique(np.geomspace(1, top + 1, 400).astype(np.int64) - 1)
    points = OPEN.score(Profiles(len(values), {field: values}))
    steps = np.diff(points)
    assert (steps <= 0).all() if field in FEWER_IS_MORE else (steps >= 0).all()
    assert points[0] != points[-1]


def test_unknown_is_no_zero() -> None:
    for field in ("followers", "following", "posts", "bio", "picture"):
        known = {name: value for name, value in SOLD.items() if name != field}
        without = OPEN.score(one(**known))
        assert OPEN.score(one(**{**known, field: UNKNOWN})).tolist() == without.tolist()
        assert OPEN.score(one(**{**known, field: 0})).tolist() != without.tolist()
    assert OPEN.score(Profiles(3, {})).tolist() == [0, 0, 0]


def test_huge_counts_do_not_overflow() -> None:
    most = np.iinfo(np.int64).max
    assert OPEN.score(one(followers=most, following=most)).tolist() == [-10 - 2 + 4]


def test_the_threshold_shrinks_with_what_is_known() -> None:
    everything = set(FIELDS)
    # The most that can be had without age: 4 + 7 + 4 + 4 + 2 + 3 + 0 + 2 + 1.
    assert (OPEN.reach(everything - {"age"}), OPEN.limit(everything), OPEN.limit(everything - {"age"})) == (27, 11, 11)
    # Without the posts' 4 of 27 points: 11 · 23 / 27 = 9.4, so 10.
    assert OPEN.limit(everything - {"posts"}) == 10
    # Username, picture and bio alone reach 8 of 27: too little.
    assert OPEN.limit({"username", "picture", "bio"}) is None
    assert OPEN.limit(()) is None
    above, scored = OPEN.decide(one(username_length=9, username_digits=6, picture=0, bio=0))
    assert (above.tolist(), scored.tolist()) == ([False], [False])


def test_every_profile_is_judged_by_the_fields_it_tells() -> None:
    mixed = Profiles(
        3,
        {
            "followers": np.array([12, 12, UNKNOWN]),
            "following": np.array([1800, 1800, UNKNOWN]),
            "posts": np.array([0, UNKNOWN, 0]),
            "bio": np.array([0, 0, 0]),
            "picture": np.array([0, 0, 0]),
        },
    )
    assert [each.tolist() for each in OPEN.decide(mixed)] == [[True, True, False], [True, True, False]]


def test_a_million_profiles_are_scored_in_seconds() -> None:
    import time

    rng = np.random.default_rng(0)
    many = Profiles(1_000_000, {name: rng.integers(0, 3000, 1_000_000) for name in READER})
    begun = time.process_time()
    OPEN.decide(many)
    assert time.process_time() - begun < 8


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = [3, -1]", "points = [3, -1, 2]"),
        ("points = [4, 3, 2, 0, -2, -3, -4]", "points = [4, 3, 2, 0, -2, 3, -4]"),
        ("from = [0, 15]", "from = [1, 15]"),
        ("from = [0, 15]", "from = [0, 99000000000]"),
        ('name = "age"', 'name = "height"'),
        ("threshold = 11", "threshold = 0"),
        ("threshold = 11", ""),
        ("[[evidence]]", "[[evidence"),
    ],
)
def test_points_that_make_no_sense_are_refused(old: str, new: str) -> None:
    text = place_of("open").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadInput) as caught:
        parse(text.replace(old, new, 1).encode(), Path("mine.toml"))
    assert "mine.toml" in str(caught.value)


def test_points_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUITO_MODELS", str(tmp_path))
    with pytest.raises(NotFound, match=r"research.profiles.toml") as caught:
        Scorer.load("research")
    assert "make weights-research" in str(caught.value.advice)
