"""Stylised facts by values worked out by hand; the page says where worlds and real sets are apart."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from validation.facts import of_world
from validation.facts_log import FACTS, Log, activity, burstiness, facts, gini, post_facts, quiet_six_hours, tail
from validation.facts_sets import real

from validation import facts_page

HOUR = 3_600


def test_concentration_by_hand() -> None:
    """Four accounts wrote 1, 1, 2 and 6: G = (2(1·1 + 2·1 + 3·2 + 4·6) - 5·10) / (4·10) = 0.4."""
    assert gini(np.array([6.0, 1.0, 2.0, 1.0])) == pytest.approx(0.4)
    told = activity(np.array([1, 1, 2, 6]))
    assert told["wrote_once"] == 0.5
    assert told["by_repeaters"] == 0.8
    assert told["by_busiest_hundredth"] == 0.6
    assert "tail" not in told


def test_the_tail_of_a_pareto_has_its_exponent() -> None:
    ranks = (np.arange(1, 20_001) - 0.5) / 20_000
    assert tail(np.sort(ranks ** (-1 / 1.8))[::-1]) == pytest.approx(1.8, abs=0.05)
    assert tail(np.ones(1_000)) is None


def test_regular_gaps_chance_and_bursts() -> None:
    assert burstiness(np.ones(50)) == -1
    assert burstiness(np.array([0.0] * 99 + [100.0])) > 0.8
    assert quiet_six_hours(np.arange(24) * HOUR) == pytest.approx(0.25)
    assert quiet_six_hours(np.array([23, 0, 1, 12]) * HOUR) == 0


def test_gaps_replies_and_the_first_day() -> None:
    at = np.array([*np.arange(21) * 2 * HOUR, 500 * HOUR])
    log = Log(
        author=np.zeros(22, dtype=np.int64),
        post=np.zeros(22, dtype=np.int64),
        at=at,
        is_reply=np.arange(22) < 11,
        published=np.zeros(22, dtype=np.int64),
    )
    told = facts(log)
    assert (told["gap_median_h"], told["replies"]) == (2.0, 0.5)
    assert told["first_day"] == pytest.approx(13 / 22)
    assert "burst_on_post" in told


def test_what_a_set_does_not_hold_is_not_told() -> None:
    assert facts(Log(is_reply=np.array([True, False]))) == {"replies": 0.5}
    few = np.ones(5)
    assert post_facts([(few, few, None)]) == {}
    many = np.tile([1.0, np.e**2 - 1], 20)
    told = post_facts([(np.full(40, 9.0), many, None), (few, few, None)])
    assert told["likes_sd"] == 0
    assert told["comments_per_like"] == pytest.approx(many.sum() / 360)


def test_bands_meet_a_range_or_do_not() -> None:
    assert facts_page.meet([0.2, 0.6], [(0.5, 0.55, 0.7)])
    assert not facts_page.meet([0.2], [(0.3, 0.4, 0.5), (0.0, 0.1, 0.15)])
    page = facts_page.written({"a set": {"gini": 0.2}}, {"S0": {"gini": (0.3, 0.4, 0.5)}}, seeds=1, comments=100)
    assert "| 0.20 (a set) | 0.40 (0.30 to 0.50) | **apart** |" in page
    assert f"**{facts_page.WHAT['gini']}**" in page


def test_every_fact_is_counted_on_a_world() -> None:
    from seguito.simulate.community import simulate
    from seguito.simulate.plan import plan

    assert set(of_world(simulate(plan(seed=2, comments=3_000)))) == set(FACTS)


@pytest.mark.data
def test_public_sets_tell_every_fact_among_them() -> None:
    told = real(Path(os.environ["SEGUITO_DATA"]))
    assert set().union(*told.values()) == set(FACTS)
    # Counted again by plain commands on the file: authors and comments of the corpus of 2013.
    assert told["YouTube 2013"]["wrote_once"] == pytest.approx(0.854, abs=0.001)
