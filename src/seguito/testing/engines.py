"""The contract of an engine, as questions answered by hand. Run it over any `seguito.store.engine.Engine`.

    table = table_of(engine, tmp_path)
    for check in CHECKS:
        check(engine, table)

An engine that passes gives measures the same answers as the embedded one. What no two engines agree on is not here but
in docs/concepts/engines.md: what the author of a measure must avoid.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from seguito.store.engine import Engine
from seguito.testing.questions import COLUMNS, TABLES
from seguito.testing.rows import PART, ROWS, SCHEMA


def table_of(engine: Engine, folder: Path) -> Any:
    """The rows of `ROWS`, written as Parquet files in folders named by a partition, as an Ibis table."""
    base = folder / "rows"
    files = []
    for value in dict.fromkeys(row[PART] for row in ROWS):
        place = base / f"{PART}={quote(value, safe='')}" / "part-0.parquet"
        place.parent.mkdir(parents=True)
        rows = [{name: row.get(name) for name in SCHEMA.names if name != PART} for row in ROWS if row[PART] == value]
        pq.write_table(pa.Table.from_pylist(rows, SCHEMA.remove(SCHEMA.get_field_index(PART))), place)
        files.append(str(place))
    return engine.read(sorted(files), str(base), SCHEMA).select(*SCHEMA.names)


def check_columns(engine: Engine, table: Any) -> None:
    """Every question of `COLUMNS`, in one go."""
    asked = {f"c{place:02}": ask(table) for place, (_, ask, _, _) in enumerate(COLUMNS)}
    found = engine.fetch(table.select("id", **asked).order_by("id").drop("id"))
    for column, (name, _, wanted, kind) in zip(found.itercolumns(), COLUMNS, strict=True):
        got = column.to_pylist()
        assert len(got) == len(wanted), f"{name}: {got}"
        assert all(map(_equal, got, wanted)), f"{name}: {got} is not {list(wanted)}"
        assert kind is None or column.type == kind, f"{name}: {column.type} is not {kind}"


def check_tables(engine: Engine, table: Any) -> None:
    """Every question of `TABLES`."""
    for name, ask, wanted, *types in TABLES:
        found = engine.fetch(ask(table))
        got = [tuple(row.values()) for row in found.to_pylist()]
        assert len(got) == len(wanted), f"{name}: {got} is not {wanted}"
        assert all(map(_same, got, wanted)), f"{name}: {got} is not {wanted}"
        assert not types or tuple(found.schema.types) == types[0], f"{name}: {found.schema.types} is not {types[0]}"


def check_empty(engine: Engine, _: Any) -> None:
    """A table without files has its columns and types, no row, and sums to unknown."""
    table = engine.read([], "", SCHEMA)
    found = engine.fetch(table)
    assert found.num_rows == 0
    assert found.schema.names == SCHEMA.names
    assert found.schema.types == SCHEMA.types
    counted = table.aggregate(n=table.count(), total=table.n.sum(), mean=table.x.mean())
    assert engine.fetch(counted).to_pylist() == [{"n": 0, "total": None, "mean": None}]
    assert engine.fetch(table.group_by("word").aggregate(n=table.count())).num_rows == 0


def check_keep_and_stream(engine: Engine, table: Any) -> None:
    """What is kept answers like what it was made of; a stream brings the same rows, in batches, in order."""
    ordered = engine.keep(table.select("id", twice=table.n * 2)).order_by("id")
    whole = engine.fetch(ordered)
    assert whole["twice"].to_pylist() == [None if row.get("n") is None else row["n"] * 2 for row in ROWS]
    batches = list(engine.stream(ordered, 2))
    assert [row for batch in batches for row in batch.to_pylist()] == whole.to_pylist()
    assert {batch.schema for batch in batches} == {whole.schema}
    assert engine.fetch(ordered).equals(whole), "asked twice, it answers twice the same"


def _same(got: tuple[Any, ...], wanted: tuple[Any, ...]) -> bool:
    return len(got) == len(wanted) and all(map(_equal, got, wanted))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one.tzinfo is not None and one.astimezone(UTC) == other
    return type(one) is type(other) and bool(one == other)


CHECKS: tuple[Callable[[Engine, Any], None], ...] = (check_columns, check_tables, check_empty, check_keep_and_stream)
