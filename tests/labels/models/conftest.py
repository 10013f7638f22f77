from __future__ import annotations

from pathlib import Path

import hatch_build
import pytest

from seguito.labels.models import fast


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled way, built now by the same steps as in a build of the package."""
    place = tmp_path_factory.mktemp("reader") / "libreader.so"
    compiler = hatch_build.compiler()
    assert compiler, "the tests need a C compiler"
    assert hatch_build.compile_reader(compiler, fast.SOURCE, place) == ""
    return place


@pytest.fixture(autouse=True)
def compiled_here(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use what was built now, whatever the package was installed with."""
    monkeypatch.setattr(fast, "LIBRARY", built)
    monkeypatch.delenv(fast.PURE, raising=False)
