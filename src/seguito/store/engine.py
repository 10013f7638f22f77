"""The contract of an engine: something that reads Parquet files and runs Ibis expressions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pyarrow as pa


class Engine(Protocol):
    """Runs expressions over the files of one snapshot. Every engine must give the same answers."""

    name: str
    # Whether it pays to ask a small question first ("is any key seen twice?") and spare a large one.
    asks_first: bool

    def read(self, files: Sequence[str], base: str, schema: pa.Schema) -> Any:
        """An Ibis table over Parquet files laid out under `base`; empty with `schema` when there are none."""

    def keep(self, expression: Any) -> Any:
        """Compute an Ibis table once and keep the result for the life of the engine."""

    def fetch(self, expression: Any) -> pa.Table:
        """Run an Ibis table expression and return all its rows."""

    def stream(self, expression: Any, rows: int) -> Iterator[pa.RecordBatch]:
        """Run an Ibis table expression and return its rows in batches of about `rows`."""

    def close(self) -> None:
        """Give back what the engine holds."""
