"""The validation of engagement: the product's interval holds the truth, a narrower one does not, and rows say so."""

from __future__ import annotations

import pytest
from validation.engagement import CONDITIONS, rows

from seguito.kit.intervals import Interval
from seguito.measures import engagement_posts as each
from validation import engagement


def test_few_seeds_give_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engagement, "POSTS", (12,))
    found = list(rows(range(6)))
    assert len(found) == 3 * len(CONDITIONS) + 4
    assert {one.n for one in found} == {60}
    assert {one.seeds for one in found} == {"0-5"}
    plain = next(one for one in found if one.metric.endswith("of the mean"))
    assert plain.value is not None
    assert plain.value > 0.85
    naive = next(one for one in found if "Wilson" in one.metric)
    assert (naive.goal, naive.value is not None and naive.value < 0.5) == (None, True)


def test_an_interval_that_is_too_narrow_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = each.mean_of

    def half(values: each.Rates, name: str, scale: float = 1.0) -> tuple[float, Interval | None]:
        value, interval = right(values, name, scale)
        assert interval is not None
        return value, Interval((value + interval.lo) / 2, (value + interval.hi) / 2, "too narrow")

    monkeypatch.setattr(each, "mean_of", half)
    monkeypatch.setattr(engagement, "POSTS", (20,))
    found = next(iter(rows(range(6))))
    assert found.state == "not_reached"
