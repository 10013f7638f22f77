"""The engine for what one machine cannot hold: Apache Spark, over the same files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import ibis
import pyarrow as pa

from seguito.kit.errors import MissingExtra


class Spark:
    """Spark through Ibis.

    Args:
        master: a master URL (`local[2]`, `local-cluster[2,1,1024]`, `spark://host:7077`) or Spark Connect (`sc://…`);
            the machine's own cores by default.
    """

    name = "spark"

    def __init__(self, master: str | None = None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise MissingExtra("spark", "The Spark engine") from error
        # Workers must run this very Python, or they lack its packages.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("seguito")
        builder = (
            builder.remote(master) if master and master.startswith("sc://") else builder.master(master or "local[*]")
        )
        for name, value in _SETTINGS.items():
            builder = builder.config(name, value)
        self._session = builder.getOrCreate()
        if not (master and master.startswith("sc://")):
            self._session.sparkContext.setLogLevel("ERROR")
        self._backend = ibis.pyspark.connect(self._session)

    def read(self, files: Sequence[str], base: str, schema: pa.Schema) -> Any:
        """An Ibis table over Parquet files; columns of the partition come from the folder names."""
        if not files:
            return ibis.memtable(schema.empty_table())
        frame = self._session.read.option("basePath", base).parquet(*files)
        name = f"files_{abs(hash((base, tuple(files))))}"
        frame.createOrReplaceTempView(name)
        return self._backend.table(name)

    def keep(self, expression: Any) -> Any:
        """Compute an Ibis table once and keep it in the cluster."""
        return expression.cache()

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression; all rows, as Arrow."""
        return self._backend.to_pyarrow(expression)

    def stream(self, expression: Any, rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Run an expression; rows in batches, as Arrow."""
        yield from self._backend.to_pyarrow_batches(expression, chunk_size=rows)

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()


_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.sql.ansi.enabled": "false",
}
