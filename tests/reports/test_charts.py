"""Charts: one of every kind, named for those who do not see them, with ids of their own."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from seguito.reports.charts import draw
from seguito.reports.words import words_in
from tests.reports.sample import document

SVG = "{http://www.w3.org/2000/svg}"
SERIES: dict[str, Any] = {one["series"]["kind"]: one["series"] for one in document()["estimates"] if one["series"]}


def drawn(series: Any, name: str = "chart", lang: str = "en") -> str:
    return draw(series, name=name, title="A title", told="What it shows <&>", words=words_in(lang))


@pytest.mark.parametrize("kind", ["bars", "line", "steps", "dots", "heatmap"])
def test_every_kind_is_drawn_and_named(kind: str) -> None:
    svg = drawn(SERIES[kind])
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert [root.find(f"{SVG}{tag}").text for tag in ("title", "desc")] == ["A title", "What it shows <&>"]  # type: ignore[union-attr]
    assert root.get("aria-labelledby") == "chart-title chart-told"
    assert root.get("width") is None
    assert all(one.startswith("chart-") for one in re.findall(r'\bid="([^"]+)"', svg))
    assert len(root.findall(f".//{SVG}path")) > 3


def test_one_bar_a_row_with_its_length() -> None:
    series = {"kind": "bars", "columns": ["kind", "members"], "rows": [["new", 10], ["regular", 40]]}
    lengths = [float(one) for one in re.findall(r'd="M0,[\d.]+h([\d.]+)', drawn(series))]
    bars = [one for one in lengths if one not in (0.0,)]
    assert any(abs(a / b - 4) < 0.1 for a in bars for b in bars)


def test_words_and_numbers_follow_the_language() -> None:
    series = {"kind": "bars", "columns": ["kind", "members"], "rows": [["new", 1000], ["regular", 4000]]}
    assert "nuovi" in drawn(series, lang="it")
    assert "4.000" in drawn(series, lang="it")
    assert "4,000" in drawn(series, lang="en")


def test_days_of_the_week_have_names() -> None:
    series = {"kind": "heatmap", "columns": ["weekday", "hour", "comments"], "rows": [[0, 9, 3], [6, 10, 4]]}
    assert "lun" in drawn(series, lang="it")
    assert "Sun" in drawn(series, lang="en")


@pytest.mark.parametrize("rows", [[], [["a", None]], [["a", 0]], [[None, 1]]])
def test_nothing_to_draw_is_no_error(rows: list[list[Any]]) -> None:
    series = {"kind": "bars", "columns": ["kind", "members"], "rows": rows}
    assert drawn(series) == "" if not rows else drawn(series).startswith("<svg")


def test_a_name_from_outside_stays_a_name() -> None:
    series = {"kind": "bars", "columns": ["kind", "members"], "rows": [["</text><script>x</script>", 1]]}
    svg = drawn(series)
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_no_character_ends_the_process() -> None:
    """The library aborts on characters that XML does not know, so none may reach it."""
    everything = "".join(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xFFFE, 0xFFFF, 0x1FFFF))
    series = {"kind": "bars", "columns": [everything, everything], "rows": [[everything, 1], ["b", 2]]}
    ElementTree.fromstring(drawn(series))
