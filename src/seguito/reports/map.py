"""A map of a community: its groups as clouds of members, near each other where they talk, and the talk between them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from seguito.reports.words import Words

Points = npt.NDArray[np.float64]
Rows = list[dict[str, Any]]
WIDTH, HEIGHT = 560, 380
# Beyond so many dots a page grows heavy and the eye sees no more: each dot then stands for several members.
MOST_DOTS = 1_500
STEPS = 600
GAP = 0.12
# Turning by the golden angle fills a disc evenly.
GOLDEN = math.pi * (3 - math.sqrt(5))
COLOURS = (
    "#1f5a8a", "#b3541e", "#2f7d4f", "#7a4a9e", "#a8323e", "#3d8f99",
    "#8a6d1f", "#5c6bb5", "#9e4a7a", "#4f6b2f", "#6b4f3a", "#2b6cb0",
)  # fmt: skip
REST = "#9aa0aa"


def placed(members: Points, talk: Points) -> Points:
    """Where the groups stand: none over another, those that talk more nearer; the same for the same figures.

    Args:
        members: of each group; a group's area is its share of members.
        talk: pairs between any two groups, symmetric.

    Returns:
        One row a group: x, y and radius, within a box of about 1 by 1 before scaling.
    """
    radius = np.sqrt(members / members.sum()) / 2
    count = len(members)
    angle = 2 * np.pi * np.arange(count) / max(count, 1)
    at = np.stack([np.cos(angle), 0.7 * np.sin(angle)], axis=1) * (0.6 if count > 1 else 0.0)
    strength = talk / np.sqrt(np.outer(members, members))
    pull = strength / strength.max() if strength.max() > 0 else strength
    for step in range(STEPS):
        towards = at[None, :, :] - at[:, None, :]
        apart = np.linalg.norm(towards, axis=2) + np.eye(count)
        least = radius[:, None] + radius[None, :] + GAP * radius.max()
        way = towards / apart[:, :, None]
        near = np.where(apart > least, pull + 0.05, 0.0) * (apart - least)
        far = np.where(apart < least, least - apart, 0.0)
        np.fill_diagonal(near, 0.0)
        np.fill_diagonal(far, 0.0)
        # Pulling fades away, so that at the end nobody lies over anybody.
        force = near * 0.05 * (1 - step / STEPS) - far * 0.5
        at = at + (force[:, :, None] * way).sum(axis=1)
    return np.column_stack([at, radius])


def _dots(places: Points, members: Points) -> tuple[Rows, int]:
    """Dots spread evenly in every group's disc, and how many members each stands for."""
    each = max(1, math.ceil(members.sum() / MOST_DOTS))
    rows: Rows = []
    for group, (x, y, radius) in enumerate(places):
        count = max(1, round(members[group] / each))
        for at in range(count):
            out, turn = radius * math.sqrt((at + 0.5) / count) * 0.94, at * GOLDEN
            rows.append({"x": x + out * math.cos(turn), "y": y + out * math.sin(turn), "group": group})
    return rows, each


def draw(rows: Rows, columns: list[str], words: Words) -> Any:
    """The chart of a series of kind `map` (columns group, to_group, members, pairs)."""
    import altair as alt

    del columns
    inner = [row for row in rows if row["c0"] == row["c1"]]
    names = [str(row["c0"]) for row in inner]
    members = np.asarray([float(row["c2"] or 0) for row in inner])
    talk = np.zeros((len(names), len(names)))
    for row in rows:
        if row["c0"] != row["c1"]:
            one, other = names.index(str(row["c0"])), names.index(str(row["c1"]))
            talk[one, other] = talk[other, one] = float(row["c3"])
    places = placed(members, talk)
    dots, each = _dots(places, members)
    width, height = (np.ptp(places[:, at]) + 2 * places[:, 2].max() for at in (0, 1))
    middle = [(places[:, at].min() + places[:, at].max()) / 2 for at in (0, 1)]
    half = max(width / WIDTH, height / HEIGHT) / 2 * 1.04
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[middle[0] - half * WIDTH, middle[0] + half * WIDTH]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[middle[1] - half * HEIGHT, middle[1] + half * HEIGHT]))
    layers = _layers(alt, places, members, talk, dots, names, words, x, y)
    told = words.label("map_dot", members=each)
    return alt.layer(*layers).properties(height=HEIGHT, title=alt.Title(told, anchor="start", fontSize=12))


def _lines(places: Points, talk: Points) -> Rows:
    """A line from rim to rim for any two groups that talk, as thick as they talk."""
    most, rows = talk.max() or 1.0, []
    for one, other in zip(*np.nonzero(np.triu(talk)), strict=True):
        way = places[other, :2] - places[one, :2]
        far = max(float(np.hypot(*way)), 1e-9)
        begun, ended = places[one, :2] + way / far * places[one, 2], places[other, :2] - way / far * places[other, 2]
        thick = 0.5 + 9 * math.sqrt(talk[one, other] / most)
        rows.append({"x": begun[0], "y": begun[1], "x2": ended[0], "y2": ended[1], "thick": thick})
    return rows


def _layers(
    alt: Any, places: Points, members: Points, talk: Points, dots: Rows, names: list[str], words: Words, x: Any, y: Any
) -> list[Any]:
    lines = _lines(places, talk)
    colours = [COLOURS[(int(name) - 1) % len(COLOURS)] if name.isdigit() else REST for name in names]
    labels = [
        {"x": places[at, 0], "y": places[at, 1], "told": f"{names[at]} · {words.numbers.plain(int(members[at]))}"}
        for at in range(len(names))
    ]
    colour = alt.Color("group:N", legend=None, scale=alt.Scale(domain=list(range(len(names))), range=colours))
    made = [alt.Chart(alt.Data(values=dots)).mark_circle(size=14, opacity=0.85).encode(x=x, y=y, color=colour)]
    if lines:
        rule = alt.Chart(alt.Data(values=lines)).mark_rule(color="#c3c8d0", opacity=0.8, strokeCap="round")
        size = alt.Size("thick:Q", legend=None, scale=None)
        made.insert(0, rule.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", strokeWidth=size))
    # A pale rim keeps the words legible over dots and lines.
    text = alt.Chart(alt.Data(values=labels)).encode(x=x, y=y, text="told:N")
    rim = text.mark_text(fontSize=13, fontWeight=700, color="white", stroke="white", strokeWidth=4, strokeJoin="round")
    return [*made, rim, text.mark_text(fontSize=13, fontWeight=700, color="#22252b")]
