"""Lakes shared by the tests of measures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seguito.testing.grounds import Grounds


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    with Grounds(tmp_path_factory.mktemp("grounds")) as made:
        yield made
