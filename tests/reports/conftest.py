"""A workspace with an invented community in it, read and labelled through the code any account goes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seguito import library
from seguito.reports.canonical import to_document
from seguito.simulate.community import simulate
from seguito.simulate.files import write
from seguito.simulate.plan import plan
from seguito.store.lake import open_lake


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(simulate(plan(seed=7, comments=2_500)), tmp_path_factory.mktemp("community"))


@pytest.fixture(scope="session")
def workspace(simulated: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("work") / "w"
    with open_lake(path) as lake:
        library.collect(lake, simulated)
        library.label(lake)
    return path


@pytest.fixture(scope="session")
def real_report(workspace: Path) -> dict[str, Any]:
    from seguito.measures.space import creators

    with open_lake(workspace) as lake:
        return to_document(library.vet(lake, creators(lake.snapshot())[0]))
