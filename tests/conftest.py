"""What tests of several stages share: one Spark cluster for the whole test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seguito.store.engine import Engine

SPARK_MASTER = "local-cluster[2,1,1024]"


@pytest.fixture(scope="session")
def spark_engine() -> Iterator[Engine]:
    """A local cluster with two workers, started once and kept until the last test."""
    from seguito.store.spark import Spark

    engine = Spark(SPARK_MASTER)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark_master(spark_engine: Engine) -> str:
    """The master of the running cluster: `open_lake(..., engine="spark", master=spark_master)` joins it at once."""
    return SPARK_MASTER
