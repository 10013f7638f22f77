"""Which staged rows the lake does not hold yet. Reading the same source twice must add nothing.

Where things change, only the observations that say something new are kept as rows. That an unchanged thing was seen
again is kept too, as a *sighting*: a few bytes, no text. Without sightings the order of batches would matter: "ciao"
on Monday and again on Wednesday, and afterwards an older file that says "hello" on Tuesday, must leave "ciao".

Only the embedded engine writes, so this is its SQL: it runs for every table of every batch, and is ten times quicker
to say than to have compiled.
"""

# ruff: noqa: S608 - the names in these queries are the data dictionary's, the files our own
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from seguito.facts.tables import Table
from seguito.store.delta import DIGEST, MONTH, kept_schema

SHORT = 16  # hexadecimal characters of a digest that a sighting keeps
_ROWS_AT_ONCE = 50_000


def digest(table: Table) -> str:
    """SQL for the digest of what a row says."""
    return _digest([column for column in table.schema if column.name in table.content])


def key_digest(table: Table, of: str = "") -> str:
    """SQL for the short digest of a row's key; `of` is the name of the rows it is taken from."""
    return f"left({_digest([table.schema.field(name) for name in table.key], of)}, {SHORT})"


def _digest(columns: list[pa.Field], of: str = "") -> str:
    prefix = f"{of}." if of else ""
    texts = ", ".join(_as_text(f'{prefix}"{column.name}"', column.type) for column in columns)
    return f"md5(concat_ws(chr(31), {texts}))"


def _as_text(name: str, kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        text = f"array_to_string({name}, chr(30))"
    elif pa.types.is_timestamp(kind):
        text = f"epoch_us({name})::varchar"
    else:
        text = f"{name}::varchar"
    return f"coalesce({text}, chr(29))"


def _columns(table: Table) -> str:
    """SQL for all columns on disk, made from a staged row."""
    made = {DIGEST: digest(table)}
    if table.month_of:
        made[MONTH] = f"coalesce(strftime(\"{table.month_of}\", '%Y-%m'), 'unknown')"
    return ", ".join(f'{made[name]} as "{name}"' if name in made else f'"{name}"' for name in kept_schema(table).names)


def parquet(files: Sequence[str], *, parts: bool = False, numbered: bool = False) -> str:
    """SQL that reads Parquet files; with `parts`, also the columns that folders name."""
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    options = "hive_partitioning=true, hive_types_autocast=false" if parts else "hive_partitioning=false"
    return f"read_parquet([{names}], {options}" + (", filename=true, file_row_number=true)" if numbered else ")")


def rewritten(connection: Any, files: Sequence[str], table: Table) -> Iterator[pa.RecordBatch]:
    """Rows of files with the columns of a fact, as they stand on disk: digested and placed."""
    yield from _stream(connection, f"select {_columns(table)} from {parquet(files)}", kept_schema(table))


class Novelty:
    """Tells the new rows of a batch from those the lake already holds.

    Args:
        connection: a DuckDB connection, used for nothing else meanwhile.
        table: the table the rows belong to.
        staged: files of the staged rows.
        kept: files of the rows the lake holds.
        sightings: files of sightings of this table; only those later than a staged row matter.
    """

    def __init__(
        self, connection: Any, table: Table, staged: Sequence[str], kept: Sequence[str], sightings: Sequence[str]
    ) -> None:
        self._connection = connection
        self._table = table
        self._key = ", ".join(f'"{name}"' for name in table.key)
        self._staged = parquet(staged, numbered=True)
        self._kept = parquet(kept, parts=True) if kept else ""
        self._all_new = not self._overlaps()
        if not self._all_new:
            self._tell(sightings)

    def _one(self, query: str) -> Any:
        return self._connection.execute(query).fetchone()

    def _table_of(self, name: str, query: str) -> None:
        self._connection.execute(f"create or replace temp table {name} as {query}")

    def _overlaps(self) -> bool:
        """Whether a staged key stands twice, or in the lake already."""
        key = self._key
        self._table_of("staged_keys", f"select distinct {key} from {self._staged}")
        rows, keys = self._one(f"select (select count(*) from {self._staged}), (select count(*) from staged_keys)")
        if self._kept:
            said = f"left({DIGEST}, {SHORT}) as _said"
            kept = f"select {key}, observed_at, batch_id, {said} from {self._kept}"
            self._table_of("known", f"select * from ({kept}) semi join staged_keys using ({key})")
            return bool(rows != keys or self._one("select exists (from known)")[0])
        return bool(rows != keys)

    def _tell(self, sightings: Sequence[str]) -> None:
        """All observations of the staged keys in order, each with what was said before."""
        key, table = self._key, self._table
        said = f"left({digest(table)}, {SHORT}) as _said"
        place = "filename as _file, file_row_number as _row"
        parts = [f"select {key}, observed_at, batch_id, {said}, 2 as _rank, {place} from {self._staged}"]
        if self._kept:
            parts.append(f"select {key}, observed_at, batch_id, _said, 0, null, null from known")
        if self._kept and sightings and table.changes:
            # A sighting counts only where the lake holds what it saw.
            held = f"(select distinct {key}, _said, {key_digest(table)} as key_digest from known)"
            same = "s.key_digest = h.key_digest and s.said = h._said"
            seen = f"{parquet(sightings)} s join {held} h on {same}"
            parts.append(f"select {key}, s.observed_at, s.batch_id, said, 1, null, null from {seen}")
        order = "observed_at, _said, _rank" if table.changes else "_rank, observed_at, _said"
        is_new = "_before is null" + (" or _before <> _said" if table.changes else "")
        self._table_of(
            "told",
            f"select *, {is_new} as _is_new from (select *, lag(_said) over w as _before, lag(observed_at) over w as "
            f"_before_at from ({' union all '.join(parts)}) window w as (partition by {key} order by {order}))",
        )

    def rows(self) -> Iterator[pa.RecordBatch]:
        """Rows to append."""
        schema = kept_schema(self._table)
        if self._all_new:
            yield from _stream(self._connection, f"select {_columns(self._table)} from {self._staged}", schema)
            return
        fresh, seen = self._one(
            "select count(*) filter (_rank = 2), count(*) filter (_rank = 1) from told where _is_new"
        )
        if fresh:
            chosen = "(select _file as filename, _row as file_row_number from told where _is_new and _rank = 2)"
            query = f"select * from {self._staged} semi join {chosen} using (filename, file_row_number)"
            yield from _stream(self._connection, f"select {_columns(self._table)} from ({query})", schema)
        if seen:
            yield from self._revived(schema)

    def _revived(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Kept rows once more, at the moment they were seen again: something older has come between."""
        key = self._key
        names = ", ".join(
            f'm."{name}"' if name in ("observed_at", "batch_id") else f'k."{name}"' for name in schema.names
        )
        same = " and ".join(f'k."{name}" = m."{name}"' for name in self._table.key)
        first = ", ".join(f'm."{name}"' for name in self._table.key)
        moments = f"(select distinct {key}, _said, observed_at, batch_id from told where _is_new and _rank = 1)"
        query = (
            f"select {names} from {self._kept} k join {moments} m on {same} and left(k.{DIGEST}, {SHORT}) = m._said "
            f"qualify row_number() over (partition by {first}, m._said, m.observed_at order by k.observed_at) = 1"
        )
        yield from _stream(self._connection, query, schema)

    def again(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Sightings: staged rows that say what was said before, at a later moment."""
        if self._all_new or not self._table.changes:
            return
        query = (
            f"select distinct observed_at, batch_id, _said as said, {key_digest(self._table)} as key_digest from told "
            "where _rank = 2 and not _is_new and observed_at > _before_at"
        )
        yield from _stream(self._connection, query, schema)


def known_pairs(connection: Any, files: Sequence[str], table: Table) -> pa.Array:
    """What sightings of the rows in these files would say: key and digest in one text."""
    if not files:
        return pa.array([], pa.string())
    pair = f"{key_digest(table)} || left({DIGEST}, {SHORT})"
    rows = connection.execute(f"select distinct {pair} as pair from {parquet(files, parts=True)}")
    return rows.to_arrow_table()["pair"].combine_chunks()


def facts_of(connection: Any, files: Sequence[str], table: Table) -> Iterator[pa.RecordBatch]:
    """Rows of a table's files with the columns of the fact alone."""
    if files:
        names = ", ".join(f'"{name}"' for name in table.schema.names)
        yield from _stream(connection, f"select {names} from {parquet(files, parts=True)}", table.schema)


def oldest(connection: Any, staged: Sequence[str]) -> datetime | None:
    """The first moment at which a staged row was observed."""
    found: datetime | None = connection.execute(
        f"select min(observed_at) at time zone 'UTC' from {parquet(staged)}"
    ).fetchone()[0]
    return found


def _stream(connection: Any, query: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in connection.execute(query).fetch_record_batch(_ROWS_AT_ONCE):
        if batch.num_rows:
            yield batch.cast(schema)
