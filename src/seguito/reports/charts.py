"""Charts of an estimate's series as SVG for a page: no script, no network, colours that the colour-blind tell apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from seguito.reports.bands import Band
from seguito.reports.map import draw as _map
from seguito.reports.plain import plain
from seguito.reports.words import Words

WIDTH = 560
HEIGHT = 210
# Browsers set text in another font than the one measured here: room for the difference.
ROOM = 36
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
BAND, BAND_EDGE = "#d9dce2", "#b9bec8"
INK, QUIET, GRID, COLOUR, LIGHT = "#22252b", "#555b66", "#e3e5e9", "#1f5a8a", "#8fb2d1"
# A column of this name marks points of a line.
MARKED = "jump"
_IDS = re.compile(r'(\bid="|url\(#|href="#)([^")]*)')
_ROOT = re.compile(r"^<svg[^>]*>")
_LOCALES: Mapping[str, Literal["en-GB", "it-IT"]] = {"en": "en-GB", "it": "it-IT"}

Rows = list[dict[str, Any]]


def draw(series: Mapping[str, Any], *, name: str, title: str, told: str, words: Words, band: Band | None = None) -> str:
    """Draw a series.

    Args:
        series: its `kind`, `columns` and `rows`.
        name: sets this chart's ids apart from those of other charts on the page.
        title: what the chart shows, for screen readers.
        told: the same in a sentence.
        words: names of columns and values.
        band: a stretch of the second axis that was published for others, drawn in grey behind the series.

    Returns:
        An `<svg>` element with a title and a description; empty when there is nothing to draw.
    """
    import vl_convert

    columns = [_line_of(str(column)) for column in series["columns"]]
    if not series["rows"] or len(columns) < 2 or series["kind"] == "table":
        return ""
    rows = [
        {f"c{at}": _cell(columns[at], value, words) for at, value in enumerate(row[: len(columns)])}
        for row in series["rows"]
    ]
    chart = _DRAWERS[series["kind"]](rows, columns, words)
    if band is not None:
        chart = _behind(chart, band, words.column(columns[1]))
    svg = vl_convert.vegalite_to_svg(
        _configured(chart).to_dict(), vl_version="6.4", format_locale=_LOCALES[words.lang], allowed_base_urls=[]
    )
    return _labelled(svg, name, title, told)


def _behind(chart: Any, band: Band, title: str) -> Any:
    """A chart with a grey band behind it, and above the chart who it is from."""
    import altair as alt

    data = alt.Data(values=[{"lo": band.lo, "hi": band.hi, "label": _line_of(band.label)}])
    ends = [alt.Y(f"{end}:Q", title=title) for end in ("lo", "hi")]
    area = alt.Chart(data).mark_rect(color=BAND, opacity=0.55).encode(y=ends[0], y2="hi")
    edges = [alt.Chart(data).mark_rule(color=BAND_EDGE).encode(y=end) for end in ends]
    mark = alt.Chart(data).mark_text(align="right", baseline="bottom", color=QUIET, fontSize=11)
    label = mark.encode(x=alt.value(WIDTH), y=alt.value(-5), text="label:N")
    return alt.layer(area, *edges, chart, label).properties(height=HEIGHT)


def _labelled(svg: str, name: str, title: str, told: str) -> str:
    """Give the chart a name and a description, ids of its own, and a size that follows the page."""
    from markupsafe import escape

    # The library counts its ids through the life of the process: numbered anew, the same chart is the same text.
    numbers: dict[str, int] = {}
    svg = _IDS.sub(lambda found: f"{found[1]}{name}-{numbers.setdefault(found[2], len(numbers))}", svg)
    root = _ROOT.match(svg)
    if root is None:
        raise ValueError("the drawing library did not return an SVG")
    size = re.search(r'viewBox="[^"]*"', root.group())
    opened = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size.group() if size else ""} class="chart" role="img" '
        f'aria-labelledby="{name}-title {name}-told"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-told">{escape(told)}</desc>'
    )
    return opened + svg[root.end() :]


# The drawing library ends the whole process when a text holds a character that XML does not know: every text of a
# chart passes through `plain`.
def _cell(column: str, value: Any, words: Words) -> Any:
    shown = words.cell(column, value)
    return _line_of(shown) if isinstance(shown, str) else shown


def _line_of(text: str) -> str:
    return " ".join(plain(text, 60).split())


def _configured(chart: Any) -> Any:
    return (
        chart.properties(width=WIDTH)
        .configure(
            aria=False, background="transparent", font=FONT, padding={"left": ROOM, "right": 12, "top": 4, "bottom": 4}
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=QUIET,
            titleColor=INK,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight=500,
            gridColor=GRID,
            domainColor="#9aa0aa",
            tickColor="#9aa0aa",
            labelLimit=190,
        )
        .configure_legend(labelColor=QUIET, titleColor=INK, labelFontSize=12, titleFontSize=12, titleFontWeight=500)
    )


def _type(rows: Rows, column: str) -> str:
    found = [row[column] for row in rows if row.get(column) is not None]
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found):
        return "quantitative"
    return "temporal" if all(isinstance(value, str) and _is_day(value) for value in found) else "nominal"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _encoded(rows: Rows, at: int, columns: list[str], words: Words, **given: Any) -> dict[str, Any]:
    """The encoding of one column, with its title in words; nominal values keep the order of the rows."""
    field = f"c{at}"
    kind = _type(rows, field)
    made: dict[str, Any] = {"field": field, "type": kind, "title": words.column(columns[at]), **given}
    if kind == "nominal":
        made["sort"] = list(dict.fromkeys(row[field] for row in rows))
    if kind == "temporal":
        made["axis"] = {"format": "%d/%m", "labelOverlap": True, "grid": False, "tickCount": 8}
    if kind == "quantitative":
        percent = {"format": "~%"} if columns[at].startswith("share") else {}
        made["axis"] = {"tickCount": 6, "labelOverlap": True, **percent}
    return made


def _bounds(columns: list[str]) -> tuple[int, int] | None:
    return (columns.index("lo"), columns.index("hi")) if {"lo", "hi"} <= set(columns) else None


def _bars(rows: Rows, columns: list[str], words: Words) -> Any:
    import altair as alt

    data = alt.Data(values=rows)
    key, value = _encoded(rows, 0, columns, words), _encoded(rows, 1, columns, words)
    lying = key["type"] == "nominal"
    length, across = ("x", "y") if lying else ("y", "x")
    if not lying and key["type"] == "quantitative":
        key = {**key, "type": "ordinal", "axis": {"labelAngle": 0, "labelOverlap": True}}
    if lying:
        key = {**key, "title": None}
    bars = (
        alt.Chart(data)
        .mark_bar(color=LIGHT if _bounds(columns) else COLOUR, cornerRadiusEnd=1)
        .encode(**{length: _channel(length, value), across: _channel(across, key)})
    )
    layers, bounds = [bars], _bounds(columns)
    if bounds:
        lo, hi = (f"c{at}" for at in bounds)
        rule = {across: _channel(across, key), length: _channel(length, {**value, "field": lo}), f"{length}2": hi}
        layers.append(alt.Chart(data).mark_rule(color=INK, strokeWidth=1.5).encode(**rule))
    height = {"step": 26} if lying else HEIGHT
    return alt.layer(*layers).properties(height=height)


def _channel(name: str, encoding: dict[str, Any]) -> Any:
    import altair as alt

    return (alt.X if name == "x" else alt.Y).from_dict(encoding)


def _line(rows: Rows, columns: list[str], words: Words, interpolate: str = "linear") -> Any:
    import altair as alt

    data = alt.Data(values=rows)
    x, y = _encoded(rows, 0, columns, words), _encoded(rows, 1, columns, words)
    layers, bounds = [], _bounds(columns)
    if bounds:
        lo, hi = (f"c{at}" for at in bounds)
        band = alt.Chart(data).mark_area(color=COLOUR, opacity=0.18, interpolate=interpolate)
        layers.append(band.encode(x=_channel("x", x), y=_channel("y", {**y, "field": lo}), y2=hi))
    line = alt.Chart(data).mark_line(color=COLOUR, strokeWidth=2, interpolate=interpolate)
    layers.append(line.encode(x=_channel("x", x), y=_channel("y", y)))
    if MARKED in columns[2:]:
        layers.append(_marks(rows, columns, x, y, words))
    return alt.layer(*layers).properties(height=HEIGHT)


def _marks(rows: Rows, columns: list[str], x: dict[str, Any], y: dict[str, Any], words: Words) -> Any:
    """Points on a line where its column of marks says something, one shape for each thing it says."""
    import altair as alt

    at = columns.index(MARKED)
    field = f"c{at}"
    marked = [row for row in rows if row.get(field)]
    shape = alt.Shape(f"{field}:N", title=words.column(MARKED), sort=sorted({row[field] for row in marked}))
    points = alt.Chart(alt.Data(values=marked)).mark_point(color=INK, fill="white", size=60, opacity=1)
    return points.encode(x=_channel("x", x), y=_channel("y", y), shape=shape)


def _steps(rows: Rows, columns: list[str], words: Words) -> Any:
    return _line(rows, columns, words, "step-after")


def _dots(rows: Rows, columns: list[str], words: Words) -> Any:
    import altair as alt

    x, y = _encoded(rows, 0, columns, words), _encoded(rows, 1, columns, words)
    dots = alt.Chart(alt.Data(values=rows)).mark_circle(color=COLOUR, size=36, opacity=0.7)
    return dots.encode(x=_channel("x", x), y=_channel("y", y)).properties(height=HEIGHT)


def _heatmap(rows: Rows, columns: list[str], words: Words) -> Any:
    import altair as alt

    first, second = _encoded(rows, 0, columns, words), _encoded(rows, 1, columns, words)
    # The longer axis lies along the page.
    if len({row["c0"] for row in rows}) > len({row["c1"] for row in rows}):
        first, second = second, first
    down = {**first, "type": "ordinal", "sort": list(dict.fromkeys(row[first["field"]] for row in rows))}
    along = {**second, "type": "ordinal", "axis": {"labelAngle": 0, "labelOverlap": True}}
    colour = alt.Color("c2:Q", title=words.column(columns[2]), scale=alt.Scale(range=["#f1f4f7", "#08306b"]))
    cells = alt.Chart(alt.Data(values=rows)).mark_rect(stroke="white", strokeWidth=1)
    shown = cells.encode(x=_channel("x", along), y=_channel("y", down), color=colour)
    return shown.properties(height={"step": 20})


_DRAWERS = {"bars": _bars, "line": _line, "steps": _steps, "dots": _dots, "heatmap": _heatmap, "map": _map}
