"""Low effort and shared wording, against values worked out by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from seguito.kit.intervals import Errors
from seguito.labels.errors import Known
from seguito.measures import authenticity, wordings
from seguito.measures.authenticity import LOW_EFFORT_SHARE
from seguito.measures.authenticity_copies import COPIED_COMMENTS
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Draft, Estimate
from seguito.testing.known_world import SILENT, ada
from seguito.testing.world import World

KNOWN = Errors(true_positive=79, false_negative=19, false_positive=4, true_negative=94)  # .80 and .95


def drawn(measure: Measure, world: World, path: Path) -> Draft:
    with world.lake(path / "w") as lake:
        return measure.compute(world.space(lake))


def answered(measure: Measure, world: World, path: Path) -> Estimate:
    with world.lake(path / "w") as lake:
        return answer(measure, world.space(lake))


def crowd(low_of_10: int) -> World:
    """Forty threads of ten comments; the first `low_of_10` of each cost no effort."""
    world = World()
    for post in range(40):
        world.post(f"p{post}", f"{post} 09:00")
        for n in range(10):
            labels = ["low_effort"] if n < low_of_10 else []
            world.comment(f"c{post}-{n}", f"{post} 10:0{n}", by=f"m{n}", under=f"p{post}", labels=labels)
    world.covers_all()
    return world


@pytest.fixture
def known_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authenticity, "errors_in", lambda *_: Known(KNOWN))


@pytest.mark.usefixtures("known_errors")
def test_low_effort_by_hand(tmp_path: Path) -> None:
    found = drawn(LOW_EFFORT_SHARE, ada(), tmp_path)
    # Of 37 comments c15 was not read; c8, c9, c10 and c20 cost no effort. (4/36 + .95 - 1) / .75
    assert found.n == 36
    assert found.value == pytest.approx((4 / 36 - 0.05) / 0.75)
    assert found.notes[1].values == {"comments": 1, "of": 37}
    assert set(found.evidence_for) == {f"known:post:{name}" for name in ("c8", "c9", "c10", "c20")}
    assert not set(found.evidence_for) & set(found.evidence_against)
    assert "known:post:c15" not in found.evidence_against  # not read is not "took effort"


@pytest.mark.usefixtures("known_errors")
def test_the_errors_are_taken_elsewhere_and_might_differ_here(tmp_path: Path) -> None:
    found = answered(LOW_EFFORT_SHARE, crowd(4), tmp_path)
    assert (found.status, found.n) == ("ok", 400)
    assert found.value == pytest.approx((0.40 - 0.05) / 0.75)
    shifted = {one.change: one.value for one in found.sensitivity}
    assert shifted == {
        "specificity_lower": pytest.approx((0.40 - 0.08) / 0.72),
        "specificity_higher": pytest.approx((0.40 - 0.02) / 0.78),
        "sensitivity_lower": pytest.approx((0.40 - 0.05) / 0.65),
        "sensitivity_higher": pytest.approx((0.40 - 0.05) / 0.85),
    }
    # All threads are alike, so all that is uncertain is the labeller: its errors alone move the figure.
    assert found.interval is not None
    assert found.interval.lo < 0.44
    assert found.interval.hi > 0.49


@pytest.mark.usefixtures("known_errors")
def test_nothing_found_is_neither_certain_nor_firm(tmp_path: Path) -> None:
    found = answered(LOW_EFFORT_SHARE, crowd(0), tmp_path)
    assert (found.status, found.value) == ("weak", 0)
    assert [one.code for one in found.reasons] == ["errors_do_not_fit", "rare_class"]
    # 400 rows in threads of 10 are worth 400 / (1 + 9 · .2) = 142.9: Wilson's z² / (n + z²) = .02618, over .80.
    assert found.interval is not None
    assert found.interval.hi == pytest.approx(0.02618 / 0.80, abs=1e-4)


@pytest.mark.usefixtures("known_errors")
def test_without_the_creator_comments_are_anybodys(tmp_path: Path) -> None:
    world = crowd(4)
    world.capabilities -= {"creator"}
    found = answered(LOW_EFFORT_SHARE, world, tmp_path)
    assert (found.status, [one.code for one in found.reasons]) == ("weak", ["creator_unknown"])
    assert found.value == pytest.approx((0.40 - 0.05) / 0.75)


def test_a_raw_share_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for errors, code in ((None, "uncorrected"), (Errors(10, 10, 10, 10), "labeller_blind")):
        monkeypatch.setattr(authenticity, "errors_in", lambda *_, errors=errors: Known(errors))
        found = answered(LOW_EFFORT_SHARE, crowd(4), tmp_path / code)
        assert (found.status, found.value, found.interval, found.parts) == ("not_identified", None, None, ())
        assert found.reasons[0].code == code


def test_copies_by_hand(tmp_path: Path) -> None:
    found = drawn(COPIED_COMMENTS, ada(), tmp_path)
    # Only c9 (fay, day 7), c10 (gus, day 7) and c20 (ivy, day 30) have a wording, and share it.
    assert (found.n, found.value) == (3, 1.0)
    assert [(one.key, one.value) for one in found.parts] == [
        ("within_a_day", 0.0),  # on day 7 only two accounts
        ("within_an_hour", 0.0),
        ("across_spaces", None),  # no other space is there to look into
        ("with_thanks_and_worry", 1.0),
    ]
    assert [(one.change, one.value) for one in found.sensitivity] == [
        ("copies_by_5_accounts", 0.0),
        ("copies_by_10_accounts", 0.0),
    ]
    assert found.series is not None
    assert found.series.rows == ((1, 3, 3, "2026-01-12", 24),)  # day 7 to day 30, both counted
    assert found.notes[0].values == {"comments": 33, "of": 36}  # c35 has no author


def own_words(number: int) -> str:
    """Four words that no other number has, of letters that differ too."""
    digest = hashlib.sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    return " ".join(digest[start : start + 8] for start in range(0, 32, 8))


def copies(accounts: int, times: int = 1) -> World:
    """Forty threads of ten comments, each in words of its own but the first in some threads, which say the same."""
    world = World()
    for post in range(40):
        world.post(f"p{post}", "0 09:00")
        for n in range(10):
            same = n == 0 and post < accounts * times
            by = f"s{post % accounts}" if same else f"m{post}-{n}"
            labels = {"wording": "same"} if same else {"wording": f"own-{post}-{n}"}
            text = "everybody says just this" if same else own_words(post * 10 + n)
            world.comment(f"c{post}-{n}", "0 10:00", by=by, under=f"p{post}", labels=labels, text=text)
    world.covers_all()
    return world


@pytest.mark.parametrize(
    ("accounts", "times", "share"),
    [(2, 1, 0.0), (3, 1, 3 / 400), (2, 9, 0.0), (10, 2, 20 / 400)],
    ids=["two accounts", "three accounts", "two accounts nine times each", "ten accounts twice each"],
)
def test_accounts_count_and_not_comments(tmp_path: Path, accounts: int, times: int, share: float) -> None:
    found = answered(COPIED_COMMENTS, copies(accounts, times), tmp_path)
    assert (found.status, found.value) == ("ok", pytest.approx(share))
    assert found.parts[0].value == pytest.approx(share)  # all on one day


def test_texts_made_to_differ_by_a_word_are_the_same_wording(tmp_path: Path) -> None:
    world = copies(0)
    variants = [
        "go to my page for a free prize today",
        "go to my page for a FREE gift today!!",
        "go to our page for a free prize today",
    ]
    for number, text in enumerate(variants):
        world.comment(f"v{number}", "1 10:00", by=f"s{number}", under="p0", labels={"wording": f"v{number}"}, text=text)
    found = answered(COPIED_COMMENTS, world, tmp_path)
    assert found.value == pytest.approx(3 / 403)
    assert found.parts[0].value == pytest.approx(3 / 403)  # all on one day
    assert found.evidence_for == ("known:post:v0",)
    assert [one.code for one in found.notes] == ["copies_and_spam"]


def test_only_the_newest_wordings_are_compared_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wordings, "COMPARED", 2)
    world = copies(0)
    for number in range(3):
        world.comment(
            f"v{number}",
            "1 10:00",
            by=f"s{number}",
            under="p0",
            labels={"wording": f"v{number}"},
            text=f"go to my page for a free prize today {'now ' * number}",
        )
    found = answered(COPIED_COMMENTS, world, tmp_path)
    assert found.value == 0
    assert [(one.code, dict(one.values)) for one in found.notes] == [("wordings_compared", {"newest": 2, "of": 403})]


@pytest.mark.parametrize(
    ("minutes", "share"),
    [((0, 30, 59), 3 / 403), ((31, 61, 89), 3 / 403), ((0, 31, 60), 0.0), ((0, 1, 2 * 60), 0.0)],
    ids=["one hour", "over the full hour", "an hour and no less", "two and a late one"],
)
def test_a_wave_lasts_an_hour(tmp_path: Path, minutes: tuple[int, ...], share: float) -> None:
    world = copies(0)
    for number, minute in enumerate(minutes):
        at = f"1 {10 + minute // 60}:{minute % 60:02}"
        same = {"wording": "same"}
        world.comment(f"v{number}", at, by=f"s{number}", under="p0", labels=same, text="everybody says just this")
    found = {one.key: one.value for one in answered(COPIED_COMMENTS, world, tmp_path).parts}
    assert found["within_an_hour"] == pytest.approx(share)
    assert found["within_a_day"] == pytest.approx(3 / 403)


def test_copies_in_another_creators_space(tmp_path: Path) -> None:
    here, there = copies(0), World(creator="bob")
    same = {"wording": "same"}
    for number in range(4):
        here.comment(f"v{number}", "1 10:00", by=f"s{number}", under="p0", labels=same, text="everybody says just this")
    here.comment(
        "w", "1 10:00", by="s9", under="p0", labels={"wording": "fair"}, text="the fair opens at nine on sunday"
    )
    there.post("b", "0 09:00")
    for name, by, wording in (("b1", "s0", "same"), ("b2", "x", "fair"), ("b3", "bob", "own-0-0")):
        there.comment(name, "2 10:00", by=by, under="b", labels={"wording": wording})
    with here.lake(tmp_path / "w") as lake:
        there.write(lake)
        found = {one.key: one.value for one in COPIED_COMMENTS.compute(here.space(lake)).parts}
    # Four of the same words; two accounts about the fair are a coincidence, and what Bob writes himself is no copy.
    assert found["across_spaces"] == pytest.approx(4 / 405)


def test_what_is_copied_beside_what_is_called_spam(tmp_path: Path) -> None:
    world = copies(10)
    for name in ("c0-0", "c1-0", "c2-0", "c9-9", "c8-8"):
        world.label(name, "spam")
    found = answered(COPIED_COMMENTS, world, tmp_path)
    assert [(one.code, dict(one.values)) for one in found.notes] == [
        ("copies_and_spam", {"both": 3, "copied_only": 7, "spam_only": 2, "neither": 388})
    ]


@pytest.mark.parametrize("feeling", ["thanks", "support", "worry"])
def test_a_wave_of_feeling_is_not_copied(tmp_path: Path, feeling: str) -> None:
    world = copies(10)
    world.label("c3-0", feeling)  # one of the ten is enough: all say the same
    found = answered(COPIED_COMMENTS, world, tmp_path)
    assert (found.value, found.parts[3].value) == (0, pytest.approx(10 / 400))
    assert (found.series, found.evidence_for) == (None, ())


def test_the_sample_of_each_cluster_is_evidence_and_no_text_stands_in_the_series(tmp_path: Path) -> None:
    found = answered(COPIED_COMMENTS, copies(10), tmp_path)
    assert found.evidence_for == ("known:post:c0-0",)
    assert found.series is not None
    assert found.series.rows == ((1, 10, 10, "2026-01-05", 1),)


@pytest.mark.parametrize("measure", [LOW_EFFORT_SHARE, COPIED_COMMENTS], ids=lambda one: one.name)
@pytest.mark.parametrize("name", SILENT)
def test_unknown_is_never_zero(tmp_path: Path, measure: Measure, name: str) -> None:
    found = answered(measure, SILENT[name](), tmp_path)
    assert (found.status, found.value) == ("insufficient", None)
