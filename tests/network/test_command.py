"""The command a person types, against the real network: from a handle to a report."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import seguito
from tests.network.peers import Network
from tests.network.story import Story


def test_vet_a_handle(network: Network, story: Story, tmp_path: Path) -> None:
    creator = story.creator
    read = ("--host", network.appview, "--allow-private-hosts", "--workspace", "w")
    done = seguito("vet", f"bluesky:{creator.handle}", *read, "--output", "report.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["creator"]["uri"] == f"bluesky:account:{creator.did}"
    assert report["creator"]["handle"] == creator.handle
    assert {answer["question"] for answer in report["answers"]} >= {"dialogue"}
    # A handful of comments: the figures say that they are too few, and members stay without their names.
    statuses = {one["measure"]: one["status"] for one in report["estimates"]}
    assert statuses["dialogue.answered_share"] == "insufficient"
    page = (tmp_path / "report.html").read_text() + json.dumps(report)
    members = [peer for peer in story.people.values() if peer is not creator]
    assert [peer.handle for peer in members if peer.did in page or peer.handle in page] == []


def test_a_private_host_is_refused_unless_allowed(network: Network, story: Story, tmp_path: Path) -> None:
    done = seguito("vet", f"bluesky:{story.creator.handle}", "--host", network.appview, cwd=tmp_path)
    assert done.returncode not in (0, 1)
    assert "--allow-private-hosts" in done.stderr
