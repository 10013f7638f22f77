"""Compiles the fast way of the compact reader when the package is built, if a compiler is there.

Without one, or with SEGUITO_PURE set, the package is built without it and reads by numpy: the same answers, slower.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = Path("src/seguito/labels/models")
DIGESTS = ".sha256"
# No options that depend on this machine, and none that change what arithmetic gives.
OPTIONS = ("-O3", "-std=c11", "-fPIC", "-shared", "-ffp-contract=off")


class CompileReader(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `libreader.so` to wheels; to the sources themselves where the package is installed from them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say on which machines the wheel runs."""
        self._folder = Path(tempfile.mkdtemp(prefix="seguito-build-"))
        built = self._folder / "libreader.so"
        if not self._compiled(Path(self.root) / MODELS / "fast.c", built):
            return
        if version == "editable":
            for part in (built, built.with_suffix(DIGESTS)):
                # Renamed into place: a program that has the old one open keeps it.
                beside = Path(self.root) / MODELS / f"libreader.{os.getpid()}"
                shutil.copyfile(part, beside)
                os.replace(beside, beside.with_name(part.name))
            return
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        for part in (built, built.with_suffix(DIGESTS)):
            build_data["force_include"][str(part)] = f"seguito/labels/models/{part.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _compiled(self, source: Path, to: Path) -> bool:
        found = compiler()
        if os.environ.get("SEGUITO_PURE") or not found:
            self.app.display_info("Building without the compiled reader.")
            return False
        failure = compile_reader(found, source, to)
        if failure:
            self.app.display_warning(f"Building without the compiled reader: {failure}")
        return not failure


def compiler() -> str | None:
    """The C compiler of this machine: the one of CC, or one that is found."""
    return os.environ.get("CC") or next((one for one in ("cc", "gcc", "clang") if shutil.which(one)), None)


def compile_reader(compiler: str, source: Path, to: Path) -> str:
    """Compile the source into a library, the digests of both beside it; returns what went wrong, or nothing."""
    command = [*compiler.split(), *OPTIONS, str(source), "-o", str(to), "-lm"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return done.stderr.strip() or f"the compiler gave {done.returncode}"
    digests = (hashlib.sha256(part.read_bytes()).hexdigest() for part in (source, to))
    to.with_suffix(DIGESTS).write_text("\n".join(digests) + "\n", encoding="ascii")
    return ""
