"""The embedded engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from seguito.store.delta import damaged
from seguito.store.disk import is_of_disk

_FILE = re.compile(r"[\"']?(/[^\"'\n]*?\.parquet)")


class DuckDB:
    """DuckDB in this process, in memory; spills to `scratch` when a query needs more than `memory`."""

    name = "duckdb"
    asks_first = True

    def __init__(self, scratch: Path | None = None, *, memory: str = "3GB") -> None:
        self._backend = ibis.duckdb.connect()
        self._kept = 0
        # One zone for everybody: an hour of the day must not depend on the machine.
        settings = {"TimeZone": "UTC", "memory_limit": memory, "preserve_insertion_order": "false"}
        # What is told of progress is told by us.
        settings["enable_progress_bar"] = "false"
        if scratch is not None:
            settings["temp_directory"] = str(scratch)
        for name, value in settings.items():
            self._backend.raw_sql(f"SET {name} = '{_quoted(value)}'")

    @property
    def connection(self) -> Any:
        """The connection itself, for what only the writer does."""
        return self._backend.con

    def read(self, files: Sequence[str], base: str, schema: pa.Schema) -> Any:
        """An Ibis table over Parquet files; columns of the partition come from the folder names."""
        if not files:
            return self._backend.create_table(self._new_name(), schema.empty_table(), temp=True)
        with damage_told():
            return self._backend.read_parquet(
                list(files), hive_partitioning=True, hive_types_autocast=False, union_by_name=True
            )

    def keep(self, expression: Any) -> Any:
        """Compute an Ibis table once into a temporary table of this connection."""
        # Not Ibis's cache: it needs a table of this very connection inside, and drops its own at the garbage
        # collector's whim, after the connection is closed.
        with damage_told():
            return self._backend.create_table(self._new_name(), expression, temp=True)

    def attached(self, name: str, database: str) -> Any:
        """A table of another database file that is open on this connection."""
        return self._backend.table(name, database=(database, "main"))

    def write(self, expression: Any, name: str, database: str) -> None:
        """Compute an Ibis table once into another database file that is open on this connection."""
        with damage_told():
            self.connection.execute(f"create or replace table {database}.main.{name} as {self.compiled(expression)}")

    def compiled(self, expression: Any) -> str:
        """The SQL of an expression."""
        return str(self._backend.compile(expression))

    def _new_name(self) -> str:
        self._kept += 1
        return f"kept_{self._kept}"

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression; all rows, as Arrow."""
        with damage_told():
            return self._backend.to_pyarrow(expression)

    def stream(self, expression: Any, rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Run an expression; rows in batches, as Arrow."""
        with damage_told():
            yield from self._backend.to_pyarrow_batches(expression, chunk_size=rows)

    def close(self) -> None:
        """Close the connection and drop what it kept."""
        self._backend.disconnect()


@contextmanager
def damage_told() -> Iterator[None]:
    """Turn what the engine says of a damaged or missing file into a sentence that names the table."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        found = _FILE.search(str(error))
        if found is None or is_of_disk(error):
            raise
        folder = Path(found.group(1)).parent
        table = folder.parent.name if "=" in folder.name else folder.name
        raise damaged(table, error) from error


def _quoted(value: str) -> str:
    return value.replace("'", "''")
