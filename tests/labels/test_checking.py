"""Which comments a check draws, and what their marks say: values worked out by hand, and coverage on planted truth."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from seguito.kit.intervals import Z
from seguito.labels.checking import FRAME, Sample, Sampled, Stratum, allot, draw
from seguito.labels.checking_result import Checked, checked

DAY = date(2026, 3, 2)


def frame(codes: list[str | None], scores: list[float | None] | None = None) -> pa.Table:
    uris = [f"p:comment:{number:06}" for number in range(len(codes))]
    columns = {"uri": uris, "code": codes, "score": scores or [None] * len(codes)}
    return pa.table(columns, schema=FRAME)


@pytest.mark.parametrize(
    ("sizes", "shares", "counts"),
    [
        ([200, 600, 2200, 7000], (90, 90, 70, 50), [90, 90, 70, 50]),
        # 20 and 60 give all they have; the 100 left go to the others by the 150 and 650 that they have left.
        ([20, 60, 220, 700], (90, 90, 70, 50), [20, 60, 89, 131]),
        ([228, 2909], (150, 150), [150, 150]),
        ([0, 2000], (150, 150), [0, 300]),
        ([3, 40], (150, 150), [3, 40]),
    ],
)
def test_the_sample_is_spread_over_the_strata(sizes: list[int], shares: tuple[int, ...], counts: list[int]) -> None:
    assert allot(sizes, 300, shares) == counts


def test_strata_by_score_are_the_top_2_the_next_6_and_the_next_22_in_100() -> None:
    scores = [(number * 7919 % 10_000) / 10_000 for number in range(10_000)]
    table = frame(["yes"] * 10_000, list(scores))
    sample = draw(table, seed=1)
    assert [(one.name, one.size, one.drawn) for one in sample.strata] == [
        ("top", 200, 90),
        ("high", 600, 90),
        ("middle", 2200, 70),
        ("rest", 7000, 50),
    ]
    by_uri = dict(zip(table["uri"].to_pylist(), scores, strict=True))
    limits = [(0.98, 1.0), (0.92, 0.98), (0.70, 0.92), (0.0, 0.70)]
    for row in sample.rows:
        low, high = limits[row.stratum]
        assert low <= by_uri[row.uri] < high
    assert len({row.uri for row in sample.rows}) == 300
    assert draw(table, seed=1) == sample
    assert draw(table, seed=2) != sample


def test_what_has_no_score_belongs_to_the_rest() -> None:
    # Code found 50 of 1,000 and was sure of them to some degree: the top 20, 30 more, and all others.
    scores = [0.5 + number / 1000 if number < 50 else None for number in range(1000)]
    sample = draw(frame(["yes"] * 50 + [None] * 950, scores), seed=1)
    assert [(one.size, one.drawn) for one in sample.strata] == [(20, 20), (30, 30), (0, 0), (950, 250)]
    assert all(row.has == (row.stratum < 2) for row in sample.rows)


def test_without_scores_there_are_those_that_have_it_and_those_that_have_not() -> None:
    sample = draw(frame(["genuine"] * 40 + ["rhetorical"] * 60 + ["no"] * 20 + [None] * 400), seed=1)
    assert [(one.name, one.size, one.drawn) for one in sample.strata] == [("has", 100, 100), ("has_not", 420, 200)]
    one_value = draw(frame(["genuine"] * 40 + ["rhetorical"] * 60 + [None] * 400), value="genuine", seed=1)
    assert [one.size for one in one_value.strata] == [40, 460]
    assert {row.code for row in one_value.rows if not row.has} <= {"rhetorical", None}


def test_the_order_does_not_tell_what_code_thinks() -> None:
    rows = draw(frame(["yes"] * 400 + [None] * 600), seed=3).rows
    first = sum(row.has for row in rows[:150])
    assert 55 <= first <= 95  # of 150 that have it among 300, about half come first


def by_hand(marks: dict[int, str]) -> Checked | None:
    """100 of 1,000 have the label by code; 60 of them and 60 of the other 900 were drawn. `marks`: those not "n"."""
    strata = (Stratum("has", 100, 60), Stratum("has_not", 900, 60))
    rows = tuple(Sampled(f"p:{at}", int(at >= 60), "yes" if at < 60 else None, at < 60) for at in range(120))
    given = {row.uri: marks.get(at, "n") for at, row in enumerate(rows)}
    return checked(Sample(strata, rows), given, DAY)  # type: ignore[arg-type]


def test_the_share_and_its_interval_by_hand() -> None:
    # 45 of 60 and 4 of 60: .1 · 45/60 + .9 · 4/60 = .075 + .06.
    found = by_hand(dict.fromkeys((*range(45), *range(60, 64)), "y"))
    assert found is not None
    assert found.share == pytest.approx(0.135)
    # p̃ = 45.25/60.5 and 4.25/60.5; .1²·p̃(1-p̃)(1-60/100)/60 + .9²·p̃(1-p̃)(1-60/900)/60.
    first, second = 45.25 / 60.5, 4.25 / 60.5
    variance = 0.01 * first * (1 - first) * 0.4 / 60 + 0.81 * second * (1 - second) * (14 / 15) / 60
    assert found.interval.lo == pytest.approx(0.135 - Z * variance**0.5)
    # Above, the strata's own limits reach farther. 45 of 60 drawn of 100 are worth 60/.4 = 150 (112.5 of them), 4 of 60
    # of 900 are worth 64.29 (4.286): beta(113, 38) and beta(4.786, 60.5), upper 2.5 %: .8141 and .1472.
    above = (0.01 * (0.8141 - 0.75) ** 2 + 0.81 * (0.1472 - 4 / 60) ** 2) ** 0.5
    assert found.interval.hi == pytest.approx(0.135 + above, abs=2e-4)
    assert found.interval.hi > 0.135 + Z * variance**0.5
    assert (found.comments, found.rows, found.yes, found.unsure) == (1000, 120, 49, 0)
    assert found.interval.method == "stratified sample, marked by hand"
    assert found.added == ("p:60", "p:61", "p:62", "p:63")
    assert len(found.denied) == 15


def test_the_errors_are_weighted_and_as_many_as_they_are_worth() -> None:
    found = by_hand(dict.fromkeys((*range(45), *range(60, 64)), "y"))
    assert found is not None
    assert found.errors is not None
    # True ones: 45 of weight 100/60 and 4 of weight 15, in all 75 + 60 = 135; sensitivity 75/135.
    # Effective: 135² / (45 · (5/3)² + 4 · 225) = 18225 / 1025 = 17.8, so 18, of which 18 · 75/135 = 10 found.
    assert (found.errors.true_positive, found.errors.false_negative) == (10, 8)
    # Others: 15 of weight 5/3 and 56 of weight 15: 25 + 840 = 865; 865² / (15 · 25/9 + 56 · 225) = 59.19, 25/865 wrong.
    assert (found.errors.false_positive, found.errors.true_negative) == (2, 57)
    assert not found.direct


def test_not_sure_is_counted_apart_and_both_ways() -> None:
    marks = dict.fromkeys((*range(45), *range(60, 64)), "y") | {50: "?", 70: "?", 71: "?"}
    found = by_hand(marks)
    assert found is not None
    assert (found.rows, found.unsure) == (117, 3)
    assert found.share == pytest.approx(0.1 * 45 / 59 + 0.9 * 4 / 58)
    assert found.unsure_yes == pytest.approx(0.1 * 46 / 60 + 0.9 * 6 / 60)
    assert found.unsure_no == pytest.approx(0.1 * 45 / 60 + 0.9 * 4 / 60)
    assert "p:50" not in found.denied


def test_few_true_ones_speak_for_themselves() -> None:
    rare = by_hand(dict.fromkeys(range(20), "y"))  # .1 · 20/60 = 3.3 %
    assert rare is not None
    assert rare.direct
    none = by_hand({})
    assert none is not None
    assert (none.share, none.interval.lo, none.errors) == (0.0, 0.0, None)
    assert none.interval.hi > 0.005  # nothing found is no certainty


def test_too_little_says_nothing() -> None:
    assert by_hand(dict.fromkeys(range(21), "?")) is None  # 99 sure ones
    assert by_hand(dict.fromkeys(range(60), "?")) is None  # nobody knows of those that code found
    sample = Sample((Stratum("has", 2, 2),), (Sampled("a", 0, "yes", True), Sampled("b", 0, "yes", True)))
    assert checked(sample, {"a": "y"}, DAY) is None  # not finished
    whole = checked(sample, {"a": "y", "b": "n"}, DAY)  # every comment there is
    assert whole is not None
    assert (whole.share, whole.interval.lo, whole.interval.hi) == (0.5, 0.5, 0.5)
    assert checked(Sample((), ()), {}, DAY) is None


@pytest.mark.parametrize(("share", "sharpness"), [(0.02, 2.0), (0.02, 0.7), (0.10, 1.5)])
@pytest.mark.parametrize("scored", [True, False])
def test_the_interval_covers_the_planted_truth(share: float, sharpness: float, *, scored: bool) -> None:
    rng = np.random.default_rng(11)
    covered, tries, wide = 0, 300, []
    for seed in range(tries):
        truth = rng.random(5000) < share
        score = 1 / (1 + np.exp(-rng.normal(sharpness * truth - 2.5, 1)))
        codes = ["yes" if scored or one > 0.2 else None for one in score]
        sample = draw(frame(codes, list(score) if scored else None), seed=seed)
        marks = {row.uri: "y" if truth[int(row.uri[-6:])] else "n" for row in sample.rows}
        found = checked(sample, marks, DAY)  # type: ignore[arg-type]
        assert found is not None
        covered += found.interval.lo <= truth.mean() <= found.interval.hi
        wide.append(found.interval.hi - found.interval.lo)
    assert covered / tries >= 0.95
    assert np.mean(wide) / 2 < (0.035 if share == 0.02 else 0.055)
