"""Lakes shared by the tests of measures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seguito.measures.space import Space
from seguito.store.lake import Lake
from seguito.testing.grounds import Grounds
from seguito.testing.world import World

Lay = Callable[[World], Space]


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    with Grounds(tmp_path_factory.mktemp("grounds")) as made:
        yield made


@pytest.fixture
def lay(tmp_path: Path) -> Iterator[Lay]:
    """Write a world into a lake of its own and give the creator's space."""
    lakes: list[Lake] = []

    def laid(world: World) -> Space:
        lakes.append(world.lake(tmp_path / f"w{len(lakes)}"))
        return world.space(lakes[-1])

    yield laid
    for lake in lakes:
        lake.close()
