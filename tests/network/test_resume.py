"""A reading that is killed goes on where it stopped, and ends with the very facts of an undisturbed one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seguito.kit import clock
from seguito.kit.errors import SeguitoError, Transient, Unavailable
from seguito.kit.http import Clock, Http
from seguito.pipeline import collect
from seguito.sources.bluesky.reading import NetworkReading
from seguito.sources.contract import Options
from seguito.store.lake import open_lake
from seguito.testing.fake_platform import FakePlatform, Reply
from seguito.testing.sources import check_source
from tests.network.story import Story
from tests.network.test_collect import content, read

TABLES = ("accounts", "profiles", "posts", "reactions", "follows", "metrics", "coverage")
COLLECT = """
import sys
from pathlib import Path
from seguito.pipeline import collect
from seguito.sources.bluesky.reading import open_reading
from seguito.sources.contract import Options
from seguito.store.lake import open_lake

with open_lake(Path(sys.argv[1])) as lake:
    options = Options(host=sys.argv[2], allow_private_hosts=True, spool=lake.layout.raw)
    collect(lake, open_reading("vera.test", options))
"""


def facts(workspace: Path) -> dict[str, Any]:
    with open_lake(workspace, create=False) as lake:
        return {table: content(lake, table) for table in TABLES}


def start(workspace: Path, host: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", COLLECT, str(workspace), host])


@pytest.fixture(scope="module")
def undisturbed(story: Story, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The facts of a reading nobody disturbs, and how many requests it took."""
    workspace = tmp_path_factory.mktemp("undisturbed") / "w"
    with FakePlatform(upstream=story.network.appview) as between, open_lake(workspace) as lake:
        options = Options(host=between.address, allow_private_hosts=True, spool=lake.layout.raw)
        collect(lake, NetworkReading("vera.test", options))
        requests = len(between.asked)
    return facts(workspace), requests


@pytest.mark.parametrize("killed_at", [1, 9])
def test_killed_and_started_again(
    story: Story, undisturbed: tuple[dict[str, Any], int], tmp_path: Path, killed_at: int
) -> None:
    whole, requests = undisturbed
    workspace = tmp_path / "w"
    with FakePlatform(upstream=story.network.appview) as between:
        came, let_go = between.hold(killed_at)
        first = start(workspace, between.address)
        assert came.wait(60)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
        let_go.set()
        with open_lake(workspace) as lake:
            assert lake.batches() == (), "nobody sees half a reading"
        asked = len(between.asked)
        assert start(workspace, between.address).wait(60) == 0
        again = len(between.asked) - asked
    assert facts(workspace) == whole
    assert again == requests - (killed_at - 1), "what was answered is not asked again"
    assert not [path for path in (workspace / "raw").iterdir() if path.suffix != ".lock"]


def test_a_page_half_written_is_asked_again(
    story: Story, undisturbed: tuple[dict[str, Any], int], tmp_path: Path
) -> None:
    whole, requests = undisturbed
    workspace = tmp_path / "w"
    with FakePlatform(upstream=story.network.appview) as between:
        came, _ = between.hold(8)
        first = start(workspace, between.address)
        assert came.wait(60)
        first.kill()
        first.wait(10)
        [kept] = (workspace / "raw").glob("*.zst")
        size = kept.stat().st_size
        os.truncate(kept, size - 5)
        asked = len(between.asked)
        assert start(workspace, between.address).wait(60) == 0
        assert len(between.asked) - asked == requests - 7 + 1
    assert facts(workspace) == whole


def collecting(story: Story, workspace: Path, between: FakePlatform) -> None:
    with open_lake(workspace) as lake:
        options = Options(host=between.address, allow_private_hosts=True, spool=lake.layout.raw)
        quick = Http(allow_private=True, clock=Clock(sleep=lambda _: None))
        collect(lake, NetworkReading("vera.test", options, http=quick))


def test_faults_in_front_of_a_real_network_change_nothing(
    story: Story, undisturbed: tuple[dict[str, Any], int], tmp_path: Path
) -> None:
    whole, requests = undisturbed
    with FakePlatform(upstream=story.network.appview) as between:
        limit = Reply({"error": "RateLimitExceeded"}, status=429, headers={"retry-after": "1"})
        between.first("app.bsky.feed.getAuthorFeed", Reply(status=500), limit, Reply(b'{"feed": [', cut_at=4))
        between.first("app.bsky.feed.getPostThread", limit, Reply(b'{"thread": {"post'), Reply(status=503))
        between.first("app.bsky.feed.getLikes", Reply(status=502))
        collecting(story, tmp_path / "w", between)
        assert len(between.asked) == requests + 7
    assert facts(tmp_path / "w") == whole


def test_a_network_that_goes_away_and_comes_back(
    story: Story, undisturbed: tuple[dict[str, Any], int], tmp_path: Path
) -> None:
    whole, requests = undisturbed
    with FakePlatform(upstream=story.network.appview) as between:
        between.first("app.bsky.feed.getLikes", *[Reply(status=503)] * 6)
        with pytest.raises(Unavailable, match="answered 503"):
            collecting(story, tmp_path / "w", between)
        asked = len(between.asked)
        collecting(story, tmp_path / "w", between)
        assert len(between.asked) - asked < requests - 5
    assert facts(tmp_path / "w") == whole


def test_pages_of_long_ago_are_not_gone_on_with(
    story: Story, undisturbed: tuple[dict[str, Any], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, requests = undisturbed
    with FakePlatform(upstream=story.network.appview) as between:
        between.first("app.bsky.graph.getFollowers", *[Reply(status=503)] * 6)
        with pytest.raises(Unavailable):
            collecting(story, tmp_path / "w", between)
        asked = len(between.asked)
        monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=25))
        collecting(story, tmp_path / "w", between)
        assert len(between.asked) - asked == requests


def test_abandoned_pages_of_others_are_swept_away(story: Story, tmp_path: Path) -> None:
    raw = tmp_path / "w" / "raw"
    with open_lake(tmp_path / "w"):
        raw.mkdir()
    for name in ("bluesky-old.ndjson.zst", "bluesky-new.ndjson.zst", "mine.ndjson.zst"):
        (raw / name).write_bytes(b"")
    long_ago = datetime.now(UTC).timestamp() - 25 * 3600
    for name in ("bluesky-old.ndjson.zst", "mine.ndjson.zst"):
        os.utime(raw / name, (long_ago, long_ago))
    with FakePlatform(upstream=story.network.appview) as between:
        collecting(story, tmp_path / "w", between)
    assert {path.name for path in raw.iterdir()} == {"bluesky-new.ndjson.zst", "mine.ndjson.zst"}


def test_two_at_once_do_not_share_their_pages(story: Story, tmp_path: Path) -> None:
    with FakePlatform(upstream=story.network.appview) as between:
        came, let_go = between.hold(5)
        first = start(tmp_path / "w", between.address)
        assert came.wait(60)
        with pytest.raises(Transient, match="Another process") as caught:
            collecting(story, tmp_path / "w", between)
        assert isinstance(caught.value, SeguitoError)
        let_go.set()
        assert first.wait(60) == 0


def test_without_a_place_for_pages_nothing_is_left(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_lake(tmp_path / "w") as lake:
        read(lake, story.network, "vera.test", spool=None)
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_the_connector_keeps_the_contract_of_sources(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened again before it is committed, the pages that are kept are the same input."""
    now = datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    with FakePlatform(upstream=story.network.appview) as between:
        options = Options(host=between.address, allow_private_hosts=True, spool=tmp_path)
        check_source(lambda: NetworkReading("vera.test", options), texts=frozenset({"Lo chiedo anch'io"}))
        assert between.times_asked("app.bsky.feed.getAuthorFeed") == 1
