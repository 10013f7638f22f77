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
            # Renamed into place: a program that has the old one open keeps it.
            place = Path(self.root) / MODELS / "libreader.so"
            beside = place.with_name(f".libreader-{os.getpid()}.so")
            shutil.copyfile(built, beside)
            os.replace(beside, place)
            return
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["force_include"][str(built)] = "seguito/labels/models/libreader.so"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _compiled(self, source: Path, to: Path) -> bool:
        compiler = os.environ.get("CC") or next((one for one in ("cc", "gcc", "clang") if shutil.which(one)), None)
        if os.environ.get("SEGUITO_PURE") or not compiler:
            self.app.display_info("Building without the compiled reader.")
            return False
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        command = [*compiler.split(), *OPTIONS, f'-DSOURCE="{digest}"', str(source), "-o", str(to), "-lm"]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)  # noqa: S603, our own command
        except (OSError, subprocess.TimeoutExpired) as error:
            self.app.display_warning(f"Building without the compiled reader: {error}")
            return False
        if done.returncode:
            self.app.display_warning(f"Building without the compiled reader: {done.stderr.strip()}")
        return done.returncode == 0
