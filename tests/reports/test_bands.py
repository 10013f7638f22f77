"""What vendors published stands in grey behind the posts, dated and named, and decides nothing."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import seguito
from seguito.measures.registry import MEASURES
from seguito.reports import bands
from seguito.reports.bands import Band, band, published, told
from seguito.reports.charts import BAND, draw
from seguito.reports.html import render
from seguito.reports.words import words_in
from tests.reports.sample import document

MEASURE = "authenticity.engagement_per_post"
SERIES = {"kind": "dots", "columns": ["day", "per_100"], "rows": [["2026-03-01", 1.0], ["2026-03-09", 9.0]]}


def drawn(given: Band | None) -> str:
    return draw(SERIES, name="c", title="t", told="d", words=words_in("en"), band=given)


def test_only_this_platform_and_size() -> None:
    found = published(MEASURE, "instagram", 7_000)
    assert {(one.vendor, one.year) for one in found} == {
        ("HypeAuditor", 2022),
        ("HypeAuditor", 2023),
        ("Statista", 2021),
        ("Statista", 2023),
        ("Statista", 2024),
    }
    assert [one.year for one in found] == sorted((one.year for one in found), reverse=True)
    assert published(MEASURE, "instagram", 999) == []
    assert published(MEASURE, "bluesky", 7_000) == []
    assert published(MEASURE, "instagram", None) == []
    assert published("authenticity.engagement_by_views", "instagram", 7_000) == []
    assert [one.lo for one in published(MEASURE, "instagram", 30_000)] == [1.54]


def test_every_published_range_is_dated_and_has_a_source() -> None:
    for row in bands._rows():
        assert row["measure"] in MEASURES
        assert 2015 <= row["year"] <= 2026
        assert row["source"]
        assert 0 < row["per_100"][0] <= row["per_100"][1] < 100


def test_the_band_holds_all_that_was_published() -> None:
    found = band(published(MEASURE, "instagram", 7_000))
    assert found == Band(2.19, 5.15, "HypeAuditor 2022, 2023; Statista 2021, 2023, 2024")
    assert band([]) is None


def test_it_is_drawn_in_grey_with_its_label() -> None:
    svg, plain = drawn(Band(2.0, 5.0, "Vendor 2023")), drawn(None)
    ElementTree.fromstring(svg)
    assert (BAND in svg, "Vendor 2023" in svg) == (True, True)
    assert BAND not in plain
    # Over the grey stretch, the posts: drawn later, so on top.
    assert svg.index(BAND) < svg.index("#1f5a8a")


@pytest.mark.parametrize("lang", ["en", "it"])
def test_it_is_told_in_words(lang: str) -> None:
    sentences = told(published(MEASURE, "instagram", 30_000), words_in(lang))
    assert sentences[1].startswith("HypeAuditor, 36")
    assert ("1.54–1.62" if lang == "en" else "1,54–1,62") in sentences[1]
    assert told([], words_in(lang)) == []


def engaged(platform: str) -> Mapping[str, Any]:
    report = copy.deepcopy(document())
    one = next(one for one in report["estimates"] if one["measure"] == "conduct.cadence")
    note = {"code": "followers_at", "values": {"followers": 30_000, "date": "2026-08-01"}}
    one |= {"measure": MEASURE, "notes": [note], "series": SERIES, "unit": "per_100"}
    report["creator"]["platform"] = platform
    return report


def test_it_stands_on_the_page_of_such_a_creator_alone() -> None:
    shown = render(engaged("instagram"), "en")
    assert "HypeAuditor 2018" in shown
    assert "nothing here is judged by them" in shown
    assert "HypeAuditor" not in render(engaged("bluesky"), "en")


def test_no_rule_and_no_measure_reads_them() -> None:
    root = Path(seguito.__file__).parent
    readers = [
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "reports.bands" in path.read_text() or "bands.toml" in path.read_text()
    ]
    assert sorted(readers) == ["reports/bands.py", "reports/charts.py", "reports/figures.py"]
