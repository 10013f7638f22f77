"""The questions of the engines' contract with their answers, worked out by hand from `rows.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import pyarrow as pa

from seguito.facts.schema import TIME
from seguito.testing.rows import BIG, NAN, NEW, OLD, VERY_OLD

_TEXT, _INT, _FLOAT, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_Parts = (
    tuple[str, Callable[[Any], Any], Sequence[tuple[Any, ...]]]
    | tuple[str, Callable[[Any], Any], Sequence[tuple[Any, ...]], tuple[pa.DataType, ...]]
)


def _ids(condition: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda t: t.filter(condition(t)).select("id").order_by("id")


def _window(t: Any) -> Any:
    window = ibis.window(group_by="n", order_by=["word", "id"])
    return t.mutate(
        number=ibis.row_number().over(window),
        before=t.word.lag().over(window),
        upto=t.id.sum().over(ibis.window(group_by="n", order_by=["word", "id"], preceding=None, following=0)),
    )


def _ties(t: Any) -> Any:
    window = ibis.window(group_by="yes", order_by=["n", "id"])
    return t.mutate(number=ibis.row_number().over(window)).filter(lambda r: ~r.yes).order_by("id")


def _left(t: Any) -> Any:
    sevens = t.filter(t.n == 7).select(m="n").distinct()
    return t.left_join(sevens, t.n == sevens.m).order_by("id").select("id", "m")


def _pairs(t: Any) -> Any:
    other = t.select(other="id", m="n")
    return t.join(other, t.n == other.m).filter(lambda j: j.id < j.other)


# Of one column: what it gives for each of the seven rows, and its type where that matters. Asked all at once.
COLUMNS: list[tuple[str, Callable[[Any], Any], Sequence[Any], pa.DataType | None]] = [
    ("texts count characters", lambda t: t.word.length(), (1, 1, 1, None, 1, 0, 5), None),
    (
        "small letters, beyond ASCII too",
        lambda t: t.word.upper().lower(),
        ("b", "b", "é", None, "a", "", "👍🏽 sì"),
        None,
    ),
    (
        "texts joined with unknown are unknown",
        lambda t: t.word + "!",
        ("b!", "B!", "é!", None, "a!", "!", "👍🏽 sì!"),
        None,
    ),
    ("numbers as texts", lambda t: t.n.cast("string"), ("-7", "7", str(BIG), None, "7", "0", "-1"), None),
    ("times keep their microseconds", lambda t: t["at"], (OLD, VERY_OLD, NEW, None, NEW, OLD, None), TIME),
    (
        "seconds since 1970, downwards before it",
        lambda t: t["at"].truncate("s").epoch_seconds().cast("int64"),
        (-1, -2147483649, 1774747800, None, 1774747800, -1, None),
        _INT,
    ),
    ("the rest has the sign of the number", lambda t: t.n % 2, (-1, 1, 1, None, 1, 0, -1), None),
    ("big numbers stay whole beside unknown", lambda t: t.n * 2, (-14, 14, 2 * BIG, None, 14, 0, -2), _INT),
    ("no number is not unknown", lambda t: t.x, (1.5, NAN, -0.5, None, 2.0, 0.0, None), _FLOAT),
    (
        "lists come back as written",
        lambda t: t.tags,
        (["q", "p"], [], ["p"], None, ["z", "q", "p"], ["p"], None),
        pa.list_(_TEXT),
    ),
    ("lists have lengths", lambda t: t.tags.length(), (2, 0, 1, None, 3, 1, None), None),
    (
        "conditions with unknown take the other way",
        lambda t: ibis.ifelse(t.n > 0, "up", "else"),
        ("else", "up", "up", "else", "up", "else", "else"),
        None,
    ),
    (
        "the first that is known",
        lambda t: ibis.coalesce(t.word, t.part),
        ("b", "B", "é", "odd /%25='&?#+\"", "a", "", "👍🏽 sì"),
        None,
    ),
]

# Of whole tables: what rows come, in order.
TABLES: list[_Parts] = [
    (
        "types come back as written",
        lambda t: t.filter(t.id == 1).select("id", "x", "word", "yes", "at", "tags"),
        [(1, 1.5, "b", True, OLD, ["q", "p"])],
        (_INT, _FLOAT, _TEXT, _BOOL, TIME, pa.list_(_TEXT)),
    ),
    (
        "unknown comes back as unknown, of every type",
        lambda t: t.filter(t.id == 4).select("n", "x", "word", "yes", "at", "tags"),
        [(None, None, None, None, None, None)],
        (_INT, _FLOAT, _TEXT, _BOOL, TIME, pa.list_(_TEXT)),
    ),
    (
        "partitions are texts, whatever they look like",
        lambda t: t.select("part").distinct().order_by("part"),
        [("007",), ("2026-03",), ("odd /%25='&?#+\"",), ("plain",), ("true",)],
        (_TEXT,),
    ),
    ("a partition can be filtered by", _ids(lambda t: t.part == "007"), [(3,)]),
    ("unknown equals nothing", _ids(lambda t: t.n != 7), [(1,), (3,), (6,), (7,)]),
    ("unknown is in no list and out of none", _ids(lambda t: ~t.n.isin([7, 0])), [(1,), (3,), (7,)]),
    (
        "unknown sorts last going up",
        lambda t: t.order_by([t.n, t.id]).select("id"),
        [(i,) for i in (1, 7, 6, 2, 5, 3, 4)],
    ),
    (
        "unknown sorts last going down",
        lambda t: t.order_by([ibis.desc("n"), "id"]).select("id"),
        [(i,) for i in (3, 2, 5, 6, 7, 1, 4)],
    ),
    (
        "texts sort by their bytes",
        lambda t: t.filter(t.id < 6, t.id != 4).order_by("word").select("word"),
        [(w,) for w in ("B", "a", "b", "é")],
    ),
    ("texts compare by their bytes", _ids(lambda t: t.word < "a"), [(2,), (6,)]),
    ("equal texts are the same letters", _ids(lambda t: t.word == "b"), [(1,)]),
    ("an empty text is no unknown text", _ids(lambda t: t.word.isnull()), [(4,)]),
    (
        "whole division goes down",
        lambda t: t.filter(t.id != 3).select("id", found=t.n // 2).order_by("id").select("found"),
        [(w,) for w in (-4, 3, None, 3, 0, -1)],
        (_INT,),
    ),
    (
        "division gives fractions",
        lambda t: t.filter(t.id < 3).order_by("id").select(found=t.n / 2),
        [(-3.5,), (3.5,)],
        (_FLOAT,),
    ),
    ("sums leave the unknown out and stay whole", lambda t: t.aggregate(found=t.n.sum()), [(BIG + 6,)], (_INT,)),
    (
        "counts",
        lambda t: t.aggregate(a=t.count(), b=t.n.count(), c=t.n.nunique(), d=t.count(where=t.yes)),
        [(7, 6, 5, 3)],
        (_INT, _INT, _INT, _INT),
    ),
    ("a sum of conditions counts the true ones", lambda t: t.aggregate(found=t.yes.sum()), [(3,)], (_INT,)),
    (
        "means and middles",
        lambda t: t.filter(t.id.isin([1, 3, 5, 6])).aggregate(a=t.x.mean(), b=t.x.quantile(0.5)),
        [(0.75, 0.75)],
    ),
    (
        "largest and smallest",
        lambda t: t.aggregate(a=t.n.min(), b=t.n.max(), c=t.word.min(), d=t.word.max()),
        [(-7, BIG, "", "👍🏽 sì")],
    ),
    (
        "any and all of conditions, without the unknown",
        lambda t: t.aggregate(a=t.yes.any(), b=t.yes.all()),
        [(True, False)],
    ),
    ("no number is told apart", _ids(lambda t: t.x.isnan()), [(2,)]),
    (
        "unknown makes a group of its own",
        lambda t: t.group_by("yes").aggregate(n=t.count()).order_by(["yes"]),
        [(False, 2), (True, 3), (None, 2)],
    ),
    ("lists hold things", _ids(lambda t: t.tags.contains("q")), [(1,), (5,)]),
    (
        "lists become rows",
        lambda t: t.select("id", tag=t.tags.unnest()).group_by("tag").aggregate(n=lambda g: g.count()).order_by("tag"),
        [("p", 4), ("q", 2), ("z", 1)],
    ),
    (
        "rows numbered in a window, ties broken by all columns named",
        lambda t: _window(t).filter(t.n == 7).order_by("id").select("id", "number", "before", "upto"),
        [(2, 0, None, 2), (5, 1, "B", 7)],
    ),
    ("ties broken by the next column", lambda t: _ties(t).select("id", "number"), [(2, 0), (5, 1)]),
    ("the unknown are one window", lambda t: _window(t).filter(t.n.isnull()).select("id", "number"), [(4, 0)]),
    (
        "first of each group",
        lambda t: _window(t).filter(lambda w: w.number == 0).order_by("id").select("id"),
        [(i,) for i in (1, 2, 3, 4, 6, 7)],
    ),
    ("unknown joins nothing", lambda t: _pairs(t).select("id", "other"), [(2, 5)]),
    (
        "left join keeps the rows",
        _left,
        [(1, None), (2, 7), (3, None), (4, None), (5, 7), (6, None), (7, None)],
    ),
    (
        "anti join keeps the unknown",
        lambda t: t.anti_join(t.filter(t.n == 7).select("n").distinct(), "n").order_by("id").select("id"),
        [(i,) for i in (1, 3, 4, 6, 7)],
    ),
    (
        "three-valued and, or",
        lambda t: t.filter(t.id.isin([2, 4])).order_by("id").select(a=t.yes & False, b=t.yes | True),
        [(False, True), (False, True)],
    ),
    (
        "tables in memory beside tables on disk",
        lambda t: t.semi_join(ibis.memtable({"id": [3, 5, 9]}), "id").order_by("id").select("id"),
        [(3,), (5,)],
    ),
    (
        "one below the other",
        lambda t: t.select("word").union(t.select("word"), distinct=True).aggregate(n=lambda u: u.count()),
        [(7,)],
    ),
    ("patterns", _ids(lambda t: t.word.re_search(r"^[a-z]$")), [(1,), (5,)]),
]
