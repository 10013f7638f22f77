"""The engine for what one machine cannot hold: Apache Spark, over the same files."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from seguito.kit.errors import MissingExtra, Terminal, Unavailable, UsageError

# How many engines of this process use the one session a process can have, and on which master it runs.
_users = 0
_running_on: str | None = None
_names = itertools.count()


class Spark:
    """Spark through Ibis. Engines of one process share one session; the last one to close stops it.

    Args:
        master: a master URL (`local[2]`, `local-cluster[2,1,1024]`, `spark://host:7077`) or Spark Connect (`sc://…`);
            the machine's own cores by default.

    Raises:
        MissingExtra: pyspark (or what Spark Connect needs) is not installed.
        Terminal: there is no Java, or Spark did not start.
        Unavailable: nothing answers at the address of a Spark Connect server.
    """

    name = "spark"
    asks_first = False

    def __init__(self, master: str | None = None) -> None:
        self._session = _session(master or "local[*]")
        self._backend = ibis.pyspark.connect(self._session)
        self._views: list[str] = []
        self._kept: list[Any] = []
        self._is_open = True

    def read(self, files: Sequence[str], base: str, schema: pa.Schema) -> Any:
        """An Ibis table over Parquet files; columns of the partition come from the folder names."""
        if not files:
            return self._view(self._session.createDataFrame(schema.empty_table()))
        from pyspark.sql.pandas.types import from_arrow_schema

        # A path is a path here, never a pattern. With the schema given, no job has to read footers first.
        reader = self._session.read.option("__globPaths__", "false").schema(from_arrow_schema(schema))
        if base:
            reader = reader.option("basePath", base)
        return self._view(reader.parquet(*files))

    def keep(self, expression: Any) -> Any:
        """Compute an Ibis table once, when first used, and keep it in the cluster."""
        frame = self._frame(expression).cache()
        self._kept.append(frame)
        return self._view(frame)

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression; all rows, as Arrow."""
        # Not Ibis's own way: it goes through pandas, where whole numbers beside nulls become fractions.
        from ibis.formats.pyarrow import PyArrowSchema

        expression = expression.as_table()
        wanted = PyArrowSchema.from_ibis(expression.schema())
        found = self._frame(expression).toArrow().rename_columns(wanted.names)
        # Ibis does not see that Spark's times are moments; Arrow does.
        types = [
            pa.timestamp("us", tz="UTC") if pa.types.is_timestamp(got.type) and got.type.tz else asked.type
            for got, asked in zip(found.schema, wanted, strict=True)
        ]
        return found.cast(pa.schema(zip(wanted.names, types, strict=True)))

    def stream(self, expression: Any, rows: int = 100_000) -> Iterator[pa.RecordBatch]:
        """Run an expression; rows in batches, as Arrow."""
        yield from self.fetch(expression).to_batches(max_chunksize=rows)

    def close(self) -> None:
        """Drop what this engine made and, when no other engine uses the session, stop it."""
        if not self._is_open:
            return
        self._is_open = False
        for frame in self._kept:
            frame.unpersist()
        for view in self._views:
            self._session.catalog.dropTempView(view)
        _release(self._session)

    def _frame(self, expression: Any) -> Any:
        from ibis.expr import operations as ops

        for table in expression.op().find(ops.InMemoryTable):
            self._session.createDataFrame(table.data.to_pyarrow(table.schema)).createOrReplaceTempView(table.name)
            self._views.append(table.name)
        return self._session.sql(self._backend.compile(expression))

    def _view(self, frame: Any) -> Any:
        name = f"seguito_{next(_names)}"
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return self._backend.table(name)


def _session(master: str) -> Any:
    global _users, _running_on
    if _users and master != _running_on:
        raise UsageError(
            f"Spark already runs on '{_running_on}' in this process, so '{master}' cannot be used beside it.",
            "Close the other lake first.",
        )
    session = _connected(master) if master.startswith("sc://") else _started(master)
    _users, _running_on = _users + 1, master
    return session


def _release(session: Any) -> None:
    global _users, _running_on  # noqa: PLW0603 - see _session
    _users -= 1
    if _users == 0:
        _running_on = None
        session.stop()


def _started(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra("spark", "The Spark engine") from error
    _require_java()
    # Workers must run this very Python, or they lack its packages.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("seguito").master(master)
    for name, value in (_SETTINGS | _LOCAL_SETTINGS).items():
        builder = builder.config(name, value)
    try:
        with _quiet_start():
            return builder.getOrCreate()
    except Exception as error:  # whatever the JVM throws, told as one sentence
        raise Terminal(
            f"Spark did not start on '{master}': {_first_line(error)}",
            "Check the master URL and that Java 17 or newer runs here, or leave out --engine spark.",
        ) from error


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Give the Java process a stderr of its own: it greets with warnings that no setting silences."""
    saved = os.dup(2)
    with tempfile.TemporaryFile() as chatter:
        os.dup2(chatter.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def _connected(url: str) -> Any:
    # Asked before importing: without gRPC, the import may end the whole process.
    if find_spec("grpc") is None or find_spec("grpc_status") is None:
        raise MissingExtra("spark-connect", "Spark Connect")
    try:
        from pyspark.sql.connect.session import SparkSession
    except ImportError as error:
        raise MissingExtra("spark-connect", "Spark Connect") from error
    try:
        session = SparkSession.builder.remote(url).getOrCreate()
        for name, value in _SETTINGS.items():
            with suppress(Exception):  # a server may forbid a setting; the two that matter are checked below
                session.conf.set(name, value)
        session.conf.set("spark.sql.session.timeZone", "UTC")
    except Exception as error:  # gRPC has many errors; all mean that the server cannot be used
        raise Unavailable(
            f"No Spark Connect server answers at {url}: {_first_line(error)}", "Check the address and try again."
        ) from error
    return session


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if (home and (Path(home) / "bin" / "java").exists()) or shutil.which("java"):
        return
    raise Terminal(
        "Spark needs Java 17 or newer, and there is none on this machine.",
        "Install it (on Debian: apt-get install openjdk-17-jre-headless), or leave out --engine spark.",
    )


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__


# The same answers on every engine: one zone, texts compared by bytes, partitions as texts, no errors from arithmetic.
# And small tables quickly: few partitions, joined by broadcast, adapted while running.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.ansi.enabled": "false",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.coalescePartitions.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.autoBroadcastJoinThreshold": str(32 * 1024 * 1024),
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
}
_LOCAL_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.extraJavaOptions": "-Dlog4j2.configurationFile="
    + (Path(__file__).parent / "spark_log4j2.properties").as_uri(),
}
