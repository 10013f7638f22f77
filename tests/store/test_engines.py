"""Both engines keep the contract; engines that err in one thing each do not."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seguito.kit.errors import Terminal, Unavailable, UsageError
from seguito.store import spark
from seguito.store.duckdb import DuckDB
from seguito.store.engine import Engine
from seguito.store.lake import open_lake
from seguito.testing.engines import CHECKS, table_of
from tests.store.facts import commit, post, rows


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_embedded_engine_keeps_the_contract(tmp_path: Path, check: Any) -> None:
    engine = DuckDB()
    check(engine, table_of(engine, tmp_path))
    engine.close()


@pytest.mark.spark
@pytest.mark.slow
def test_spark_keeps_the_contract(tmp_path: Path, spark_engine: Engine) -> None:
    table = table_of(spark_engine, tmp_path)
    for check in CHECKS:
        check(spark_engine, table)


# -- mutants: each errs in one thing ----------------------------------------------------------------------------------


class Erring(DuckDB):
    """An engine whose answers are changed on the way out."""

    def __init__(self, change: Callable[[pa.Table], pa.Table]) -> None:
        super().__init__()
        self._change = change

    def fetch(self, expression: Any) -> pa.Table:
        return self._change(super().fetch(expression))

    def stream(self, expression: Any, rows: int = 100_000) -> Any:
        yield from self._change(pa.Table.from_batches(list(super().stream(expression, rows)))).to_batches(rows)


def columns(test: Callable[[pa.DataType], bool], change: Callable[[Any], Any]) -> Callable[[pa.Table], pa.Table]:
    def changed(table: pa.Table) -> pa.Table:
        for place, field in enumerate(table.schema):
            if test(field.type):
                new = change(table.column(place))
                table = table.set_column(place, field.name, new)
        return table

    return changed


def each(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda column: pa.array([change(value) for value in column.to_pylist()], column.type)


def _is_moment(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind))


MUTANTS: dict[str, Callable[[pa.Table], pa.Table]] = {
    "times without a zone": columns(_is_moment, lambda column: column.cast(pa.timestamp("us"))),
    "times in whole milliseconds": columns(
        _is_moment, lambda column: pc.floor_temporal(column, unit="millisecond").cast(column.type)
    ),
    "times an hour late": columns(_is_moment, each(lambda value: value and value.replace(hour=(value.hour + 1) % 24))),
    "whole numbers as fractions": columns(pa.types.is_integer, lambda column: column.cast(pa.float64(), safe=False)),
    "big numbers rounded": columns(pa.types.is_integer, each(lambda value: value and int(float(value)))),
    "unknown numbers as zero": columns(pa.types.is_integer, lambda column: pc.fill_null(column, 0)),
    "unknown texts as empty": columns(pa.types.is_string, lambda column: pc.fill_null(column, "")),
    "empty texts as unknown": columns(pa.types.is_string, each(lambda value: value or None)),
    "no number as unknown": columns(
        pa.types.is_floating, each(lambda value: None if value is not None and math.isnan(value) else value)
    ),
    "lists lose their order": columns(pa.types.is_list, each(lambda value: value and sorted(value))),
    "empty lists as unknown": columns(pa.types.is_list, each(lambda value: value or None)),
    "letters beyond ASCII lost": columns(
        pa.types.is_string, each(lambda value: value and value.encode("ascii", "replace").decode())
    ),
    "one row too few": lambda table: table.slice(0, max(table.num_rows - 1, 0)),
    "rows in another order": lambda table: table.take(list(reversed(range(table.num_rows)))),
    "columns renamed": lambda table: table.rename_columns([f"_{name}" for name in table.column_names]),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_an_engine_that_errs_is_found_out(tmp_path: Path, name: str) -> None:
    assert fails(Erring(MUTANTS[name]), tmp_path)


class OtherSql(DuckDB):
    """An engine that computes otherwise: each pair is what to look for in a query and what to run instead."""

    def __init__(self, *replaced: tuple[str, str]) -> None:
        super().__init__()
        self._replaced = replaced

    def fetch(self, expression: Any) -> pa.Table:
        query = ibis.to_sql(expression.as_table(), dialect="duckdb")
        for old, new in self._replaced:
            query = re.sub(old, new, query)
        for table in expression.op().find(ibis.expr.operations.InMemoryTable):
            self.connection.register(table.name, table.data.to_pyarrow(table.schema))
        return self.connection.execute(query).to_arrow_table().cast(super().fetch(expression).schema, safe=False)


OTHER_SQL: dict[str, list[tuple[str, str]]] = {
    "unknown first": [(r"ASC\b", "ASC NULLS FIRST")],
    "unknown first, going down": [(r"DESC NULLS LAST", "DESC NULLS FIRST"), (r"DESC(?! NULLS)", "DESC NULLS FIRST")],
    "texts without regard to case": [(r'("t\d"."word") (<|=)', r"lower(\1) \2")],
    "division cut off instead of going down": [(r"FLOOR\(", "TRUNC(")],
    "the rest with the sign of the divisor": [(r'("t\d"."n") % 2', r"((\1 % 2) + 2) % 2")],
    "unknown counted": [(r'COUNT\("t\d"."n"\)', "COUNT(*)")],
    "ties broken otherwise than asked": [(r'"n" ASC,\s+"t(\d)"."id" ASC', r'"n" ASC, "t\1"."id" DESC')],
}


@pytest.mark.parametrize("name", OTHER_SQL)
def test_an_engine_that_computes_otherwise_is_found_out(tmp_path: Path, name: str) -> None:
    assert fails(OtherSql(*OTHER_SQL[name]), tmp_path)


def test_changed_queries_are_run_at_all(tmp_path: Path) -> None:
    assert not fails(OtherSql(), tmp_path)


def fails(engine: Engine, folder: Path) -> bool:
    table = table_of(engine, folder)
    for check in CHECKS:
        try:
            check(engine, table)
        except AssertionError:
            return True
    return False


# -- Spark's own ------------------------------------------------------------------------------------------------------


@pytest.mark.spark
def test_lakes_share_one_session_and_leave_nothing_in_it(
    tmp_path: Path, spark_engine: Engine, spark_master: str
) -> None:
    assert isinstance(spark_engine, spark.Spark)
    session = spark_engine._session
    with open_lake(tmp_path / "a b è") as lake:
        commit(lake, *[post(n) for n in range(20)])
        embedded = rows(lake, "posts", current=True)
    before = {table.name for table in session.catalog.listTables()}
    with open_lake(tmp_path / "a b è", engine="spark", master=spark_master) as lake:
        assert rows(lake, "posts", current=True) == embedded
        assert len(session.catalog.listTables()) > len(before)
    assert {table.name for table in session.catalog.listTables()} == before
    with pytest.raises(UsageError, match="already runs on"):
        spark.Spark("local[1]")


def test_without_java_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_users", 0)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(Terminal, match="needs Java 17") as caught:
        spark.Spark("local[1]")
    assert "openjdk-17" in caught.value.advice


def test_a_spark_connect_address_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "_users", 0)
    try:
        import grpc  # noqa: F401
    except ImportError:
        wanted: type[Exception] = Terminal
    else:
        wanted = Unavailable
    with pytest.raises(wanted, match="Spark Connect"):
        spark.Spark("sc://127.0.0.1:1")


DISAGREED: dict[str, Callable[[Any], Any]] = {
    "division by zero": lambda t: t.x / 0,
    "capital letters": lambda t: (t.word + "ß").upper(),
    "word boundaries": lambda t: t.word.re_search(r"\bs\b"),
    "emoji reversed": lambda t: t.word.reverse(),
    "empty lists joined": lambda t: t.tags.join(","),
    "hashes": lambda t: t.word.hash(),
}


@pytest.mark.spark
def test_what_the_page_says_to_avoid_is_still_to_be_avoided(tmp_path: Path, spark_engine: Engine) -> None:
    answers = []
    for number, engine in enumerate((DuckDB(), spark_engine)):
        table = table_of(engine, tmp_path / str(number))
        asked = {f"c{place}": ask(table) for place, ask in enumerate(DISAGREED.values())}
        answers.append(engine.fetch(table.select("id", **asked).order_by("id")).to_pydict())
    one, other = answers
    same = [name for place, name in enumerate(DISAGREED) if str(one[f"c{place}"]) == str(other[f"c{place}"])]
    assert same == [], "these can come off docs/concepts/engines.md"
