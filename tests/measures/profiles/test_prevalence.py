"""From a share above the threshold to a prevalence, by hand; and the figures of the scorer on sorted profiles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seguito.kit.intervals import Errors, prevalence
from seguito.measures.profiles.errors import errors_of, prevalence_of, smallest_seen
from seguito.measures.profiles.fields import FIELDS, Profiles
from seguito.measures.profiles.scored import compare, count
from seguito.measures.profiles.scorer import Scorer

OPEN = Scorer.load()
# One is added to each cell: Se 81 / 102, Sp 191 / 202.
ERRORS = Errors(true_positive=80, false_negative=20, false_positive=10, true_negative=190)


def test_rogan_and_gladen_lang_and_reiczigel_by_hand() -> None:
    found = prevalence(100, 500, ERRORS)
    assert found is not None
    se, sp, z2 = 81 / 102, 191 / 202, 3.841458820694124
    gap = se + sp - 1
    assert found[0] == pytest.approx((0.2 + sp - 1) / gap)
    seen = (100 + z2 / 2) / (500 + z2)
    middle = (seen + sp - 1) / gap
    a, b = se * (1 - se) / 102, sp * (1 - sp) / 202
    d = 2 * z2 * (middle * a - (1 - middle) * b)
    half = math.sqrt(z2) / gap * math.sqrt(seen * (1 - seen) / (500 + z2) + middle**2 * a + (1 - middle) ** 2 * b)
    assert (found[1].lo, found[1].hi) == (pytest.approx(middle + d - half), pytest.approx(middle + d + half))
    assert (round(found[1].lo, 3), round(found[1].hi, 3)) == (0.139, 0.263)


def test_no_more_than_false_alarms_is_none_and_the_interval_says_how_many_there_may_be() -> None:
    found = prevalence(0, 500, ERRORS)
    assert found is not None
    assert (found[0], found[1].lo) == (0.0, 0.0)
    assert 0 <= found[1].hi < 0.05
    assert prevalence(0, 0, ERRORS) is None
    assert prevalence(5, 10, Errors(5, 5, 5, 5)) is None


def test_the_interval_covers_where_the_errors_were_measured_alike() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        tp, fp = int(rng.binomial(200, 0.8)), int(rng.binomial(200, 0.05))
        hits = int(rng.binomial(500, 0.1 * 0.8 + 0.9 * 0.05))
        found = prevalence(hits, 500, Errors(tp, 200 - tp, fp, 200 - fp))
        assert found is not None
        held += found[1].lo <= 0.1 <= found[1].hi
    assert held / 400 >= 0.93


def test_the_hull_holds_every_interval_with_other_errors() -> None:
    found = prevalence_of(100, 500, ERRORS)
    assert found is not None
    moved = [prevalence(100, 500, ERRORS, in_se=a, in_sp=b) for a in (-0.1, 0, 0.1) for b in (-0.03, 0, 0.03)]
    assert found.hull.lo == min(one[1].lo for one in moved if one)
    assert found.hull.hi == max(one[1].hi for one in moved if one)
    assert found.hull.lo < found.interval.lo < found.interval.hi < found.hull.hi
    se, sp = 81 / 102, 191 / 202
    assert dict(found.shifted)["specificity_lower"] == pytest.approx((0.2 + sp - 1.03) / (se + sp - 1.03))
    assert dict(found.shifted)["sensitivity_higher"] == pytest.approx((0.2 + sp - 1) / (se + sp - 0.9))


def test_the_smallest_prevalence_that_would_have_been_seen() -> None:
    share = smallest_seen(500, ERRORS)
    assert share is not None
    se, sp = 81 / 102, 191 / 202
    hits = round(500 * (share * (se + sp - 1) + 1 - sp))
    found, fewer = prevalence_of(hits, 500, ERRORS), prevalence_of(hits - 1, 500, ERRORS)
    assert found is not None
    assert fewer is not None
    assert found.hull.lo > 0 >= fewer.hull.lo
    assert (smallest_seen(5000, ERRORS) or 1) < share


def test_errors_are_known_for_every_set_of_fields_that_is_scored() -> None:
    fields = [name for name in FIELDS if name != "age"]
    errors = errors_of(OPEN, FIELDS)
    assert errors == errors_of(OPEN, fields)
    assert errors is not None
    assert errors.true_positive + errors.false_negative == 200
    assert errors.false_positive + errors.true_negative == 994
    for gone in fields:
        rest = [name for name in fields if name != gone]
        assert (OPEN.limit(rest) is None) == (errors_of(OPEN, rest) is None)
    assert errors_of(OPEN, ["picture"]) is None


def sorted_profiles(fakes: int, others: int) -> tuple[Profiles, np.ndarray]:  # type: ignore[type-arg]
    def column(fake: int, other: int) -> np.ndarray:  # type: ignore[type-arg]
        return np.array([fake] * fakes + [other] * others)

    columns = {
        "followers": column(5, 400), "following": column(2500, 300), "posts": column(0, 90),
        "bio": column(0, 40), "picture": column(0, 1),
    }  # fmt: skip
    return Profiles(fakes + others, columns), column(1, 0) == 1


def test_figures_of_sorted_profiles_by_hand() -> None:
    profiles, is_fake = sorted_profiles(50, 100)
    is_fake[:10] = False  # ten that look sold and are not
    is_fake[50:55] = True  # five that are sold and do not look it
    found = compare(profiles, is_fake, OPEN)
    assert (found.errors.true_positive, found.errors.false_negative) == (40, 5)
    assert (found.errors.false_positive, found.errors.true_negative) == (10, 95)
    assert found.sensitivity.value == pytest.approx(40 / 45)
    assert found.specificity.value == pytest.approx(95 / 105)
    se, sp = 40 / 45, 95 / 105
    assert found.ppv[0.10].value == pytest.approx(0.1 * se / (0.1 * se + 0.9 * (1 - sp)))
    # Two kinds of profile: the area is that of one step.
    assert found.auc.value == pytest.approx((se + sp) / 2)
    assert [(one.false_alarms, round(one.sensitivity, 3)) for one in found.roc] == [(0.1, 0.889), (0.2, 0.889)]


def test_a_field_that_few_tell_is_left_out_and_not_those_who_do_not_tell_it() -> None:
    profiles, _ = sorted_profiles(50, 100)
    private = np.full(150, -1)
    private[:15] = 1
    found = count(Profiles(150, {**profiles.columns, "private": private}), OPEN)
    assert (found.n, found.above) == (150, 50)
    assert found.fields == ("followers", "following", "posts", "bio", "picture")
    posts = profiles.columns["posts"].copy()
    posts[:10] = -1
    found = count(Profiles(150, {**profiles.columns, "posts": posts}), OPEN)
    assert (found.n, found.above) == (140, 40)


def test_too_little_known_gives_no_share() -> None:
    found = count(Profiles(9, {"bio": np.zeros(9, dtype=np.int64)}), OPEN)
    assert (found.is_scored, found.above, found.prevalence) == (False, 0, None)
