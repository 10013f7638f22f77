"""Boots a real AT Protocol network on loopback, once per session, and lays down one story in it."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.network.peers import Network
from tests.network.story import Story, tell

HERE = Path(__file__).parent
OFFSETS = (2, 3, 4, 5, 7, 10, 11)
# Installing the servers takes minutes, the first time; booting them ten seconds.
PATIENCE_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here need the network."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.network)


def _free_base() -> int:
    for base in random.sample(range(21_000, 32_000, 20), 200):
        if all(_is_free(base + offset) for offset in OFFSETS):
            return base
    raise RuntimeError("no free range of ports")


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _wait(server: subprocess.Popen[bytes], ready: Path, log: Path) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if ready.exists() and ready.stat().st_size:
            try:
                found: dict[str, Any] = json.loads(ready.read_text())
            except ValueError:
                continue
            return found
        if server.poll() is not None:
            raise RuntimeError(f"the network did not start:\n{log.read_text()[-3000:]}")
        time.sleep(0.1)
    server.terminate()
    raise RuntimeError(f"the network was not ready in {PATIENCE_S} s:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The addresses of a running network."""
    folder = tmp_path_factory.mktemp("network")
    ready, log = folder / "ready.json", folder / "log"
    environment = {**os.environ, "NET_BASE": str(_free_base()), "NET_READY_FILE": str(ready)}
    # Should this process be killed, the kernel tells the starter to stop the servers.
    tied = ["setpriv", "--pdeathsig", "TERM"] if sys.platform == "linux" else []
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*tied, "bash", str(HERE / "start-network.sh"), "full"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        info = _wait(server, ready, log)
        running = Network(info["pds"], info["appview"], info["control"])
        yield running
        running.http.close()
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()


@pytest.fixture(scope="session")
def story(network: Network) -> Story:
    """A creator, members and all that passed between them."""
    return tell(network)
