"""What tests of several stages share: one Spark cluster for the whole test process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from seguito.store.engine import Engine

NETWORK = Path(__file__).parent / "network"
SPARK_MASTER = "local-cluster[2,1,1024]"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Share the work between processes by file, but start the Spark cluster and the network in one of them only."""
    for one in items:
        network = NETWORK in one.path.parents
        shared = "network" if network else "spark" if one.get_closest_marker("spark") else None
        one.add_marker(pytest.mark.xdist_group(shared or str(one.path)))


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
