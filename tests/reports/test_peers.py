"""A figure beside its peers on the page: the strip, what is said, the table, and no names unless asked."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from seguito.dossier.peers import compare
from seguito.reports.html import render
from seguito.reports.peers import MOST_DOTS, beside, who
from seguito.reports.words import words_in
from tests.dossier.cohorts import cohort, peer, told
from tests.reports.sample import ESTIMATES, document

SHARE = "dialogue.answered_share"
DOCUMENT = document()
ONE = next(one for one in DOCUMENT["estimates"] if one["measure"] == SHARE)


def comparison(report: dict[str, Any], measure: str = SHARE) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in report["peers"]["comparisons"] if one["measure"] == measure)
    return found


def test_dots_lie_where_the_figures_are() -> None:
    found = beside(DOCUMENT, ONE, words_in("en"))
    assert found is not None
    assert found.strip is not None
    # Shares of 0, .02 … .7 on an axis from 0 to 1; the creator's .412.
    assert [dot.place for dot in found.strip.dots][:4] == [0, 2, 4, 6]
    assert (found.strip.value, found.strip.right) == (41.2, "100%")
    assert sum(dot.is_weak for dot in found.strip.dots) == 4
    assert {dot.line for dot in found.strip.dots} == {0, 1, 2}
    assert found.strip.drawn is not None
    assert found.strip.start < found.strip.drawn < found.strip.start + found.strip.width


def test_a_percentile_is_told_with_its_interval() -> None:
    found = beside(DOCUMENT, ONE, words_in("en"))
    assert found is not None
    # 21 of 36 lie below .412: 58.3 %.
    assert found.sentences[0].startswith("Higher than 58% of 36 peers (interval of the rank: 42% to 73%)")
    assert found.strip is not None
    assert found.strip.told.startswith(found.sentences[0])


def test_few_peers_are_dots_and_no_percentile() -> None:
    one = next(one for one in DOCUMENT["estimates"] if one["measure"] == "conduct.cadence")
    found = beside(DOCUMENT, one, words_in("it"))
    assert found is not None
    assert "9 pari sono troppo pochi" in found.sentences[0]
    assert not any("Più alta di" in told for told in found.sentences)
    assert found.sentences[-1] == "Non confrontati – altra definizione o unità: 27."


def test_it_says_which_peers_were_used() -> None:
    told_en = " ".join(who(DOCUMENT, words_in("en")))
    assert "36 peers of the cohort “food-it”: Bluesky, 10,000 to 100,000 followers." in told_en
    assert "another platform: 1; another number of followers: 1" in told_en


def test_without_a_cohort_nothing_is_said() -> None:
    report = document(peers=None)
    assert (beside(report, ONE, words_in("en")), who(report, words_in("en"))) == (None, [])
    assert "Beside peers" not in render(report, "en")
    older = copy.deepcopy(report)
    del older["peers"]
    assert render(older, "en") == render(report, "en")


def test_names_stand_on_the_page_only_where_asked() -> None:
    estimates = [one for one in ESTIMATES if one.measure == SHARE]
    peers = cohort(peer(f"chef{n}.example", told(SHARE, n / 50, (0.0, 1.0)), is_simulated=True) for n in range(5))
    pages = {}
    for named in (False, True):
        found = compare(
            estimates,
            peers,
            creator_uri="bluesky:account:x",
            platform="bluesky",
            followers=18_400,
            is_simulated=True,
            show_names=named,
        )
        pages[named] = render(document(peers=found), "en")
    assert "chef3.example" in pages[True]
    assert "chef" not in pages[False]
    assert "--cohort food-it --names" in pages[True]
    assert "--names" not in pages[False]


def test_a_peer_who_calls_itself_a_script_is_text() -> None:
    page = render(DOCUMENT, "en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_crowd_of_dots_is_thinned_out() -> None:
    report = copy.deepcopy(DOCUMENT)
    comparison(report)["dots"] = [{"value": n / 2000, "is_weak": False, "name": None} for n in range(2000)]
    found = beside(report, ONE, words_in("en"))
    assert found is not None
    assert found.strip is not None
    assert len(found.strip.dots) <= MOST_DOTS
    assert (found.strip.dots[0].place, found.strip.dots[-1].place > 98) == (0, True)
    assert len(found.rows) == 2000


@pytest.mark.parametrize(("values", "is_log"), [([2, 3, 500], True), ([2, 3, 5], False), ([0, 3, 500], False)])
def test_figures_far_apart_stand_on_a_logarithmic_axis(values: list[float], is_log: bool) -> None:
    one = next(one for one in DOCUMENT["estimates"] if one["measure"] == "conduct.cadence")
    report = copy.deepcopy(DOCUMENT)
    found = comparison(report, "conduct.cadence")
    found |= {"dots": [{"value": v, "is_weak": False, "name": None} for v in values], "drawn": None}
    shown = beside(report, one, words_in("en"))
    assert shown is not None
    assert shown.strip is not None
    assert shown.strip.told.endswith("The axis is logarithmic.") is is_log
    assert shown.strip.drawn is None
    assert all(0 <= dot.place <= 100 for dot in shown.strip.dots)


def test_peers_who_are_all_alike_are_no_error() -> None:
    one = {**ONE, "value": 0.0}
    report = copy.deepcopy(DOCUMENT)
    comparison(report).update(dots=[{"value": 0.0, "is_weak": False, "name": None}] * 3, drawn=None)
    assert beside(report, one, words_in("en")) is not None
