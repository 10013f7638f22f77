"""The package can be built with a compiler and without one, and says which."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hatch_build
import pytest

from seguito.labels.models import fast

ROOT = Path(__file__).parents[3]


def wheel(to: Path, **environment: str) -> Path:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return next(to.glob("*.whl"))


@pytest.mark.slow
def test_a_wheel_holds_the_compiled_way_for_its_machine_or_none(tmp_path: Path) -> None:
    compiled, pure = wheel(tmp_path / "compiled"), wheel(tmp_path / "pure", SEGUITO_PURE="1")
    folder = "seguito/labels/models/"
    built = {f"{folder}libreader.so", f"{folder}libreader.sha256"}
    always = {f"{folder}{name}" for name in ("fast.c", "alphabet.bin", "negation.toml", "models.toml", "reader.py")}
    assert always | built <= set(zipfile.ZipFile(compiled).namelist())
    assert "py3-none-any" not in compiled.name
    assert always <= set(zipfile.ZipFile(pure).namelist())
    assert not built & set(zipfile.ZipFile(pure).namelist())
    assert pure.name.endswith("py3-none-any.whl")


def hook(root: Path) -> tuple[hatch_build.CompileReader, list[str]]:
    said: list[str] = []
    made: Any = hatch_build.CompileReader(
        str(root), {}, None, None, str(root / "dist"), "wheel",
        SimpleNamespace(display_info=said.append, display_warning=said.append),
    )  # fmt: skip
    folder = root / hatch_build.MODELS
    folder.mkdir(parents=True)
    shutil.copy(fast.SOURCE, folder)
    return made, said


def test_installed_from_the_sources_the_library_lies_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, said = hook(tmp_path)
    made.initialize("editable", {"force_include": {}})
    made.finalize("editable", {}, "")
    folder = tmp_path / hatch_build.MODELS
    assert {place.name for place in folder.iterdir()} == {"fast.c", "libreader.so", "libreader.sha256"}
    assert said == []
    monkeypatch.setattr(fast, "LIBRARY", folder / "libreader.so")
    assert fast.usable()


@pytest.mark.parametrize("compiler", ["false", "/no/such/compiler"])
def test_a_compiler_that_fails_leaves_a_package_that_reads_by_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str
) -> None:
    monkeypatch.setenv("CC", compiler)
    made, said = hook(tmp_path)
    build: dict[str, Any] = {"force_include": {}}
    made.initialize("standard", build)
    made.finalize("standard", build, "")
    assert build == {"force_include": {}}
    assert len(said) == 1
    assert said[0].startswith("Building without the compiled reader: ")


def test_without_a_compiler_or_by_wish_nothing_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hatch_build.compiler() is None
    made, said = hook(tmp_path)
    made.initialize("standard", {"force_include": {}})
    assert said == ["Building without the compiled reader."]
