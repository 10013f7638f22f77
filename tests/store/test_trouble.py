"""What goes wrong outside of the lake: one sentence, one advice, and the workspace as it was."""

from __future__ import annotations

import multiprocessing
import os
import resource
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from seguito.kit import clock
from seguito.kit.errors import BadInput, DiskFull, NotFound, Refused, SeguitoError, Terminal, Transient, UsageError
from seguito.store import commit as committing
from seguito.store import delta
from seguito.store.lake import open_lake
from seguito.store.upkeep import check
from tests.store.facts import DAY, MONDAY, commit, conversation, post, rows


def whole(root: Path, *, posts: int) -> None:
    with open_lake(root) as lake:
        assert check(lake.layout).problems == []
        assert len(rows(lake, "posts")) == posts


def _fill_up(root: str, told: Any, limit: int) -> None:
    """A file may be no larger than `limit`: to a program it looks like a disk that is full."""
    with open_lake(root) as lake:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            commit(lake, *[post(n, text=os.urandom(40).hex()) for n in range(20_000)], batch_id="big")
        except SeguitoError as error:
            told.put((type(error).__name__, error.what, error.advice))
        else:
            told.put(("nothing", "", ""))


@pytest.mark.parametrize("limit", [100_000, 1_200_000], ids=["while staging", "while committing"])
def test_a_full_disk(tmp_path: Path, limit: int) -> None:
    root = tmp_path / "w"
    with open_lake(root) as lake:
        commit(lake, post(1))
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    process = context.Process(target=_fill_up, args=(str(root), told, limit))
    process.start()
    kind, what, advice = told.get(timeout=60)
    process.join(60)
    assert (kind, advice) == ("DiskFull", "Free some space and run again."), what
    assert "no room left" in what
    whole(root, posts=1)


@pytest.mark.parametrize("place", ["append", "overwrite"])
def test_a_disk_that_fills_between_two_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """The table library tells a full disk in its own words."""
    from deltalake.exceptions import DeltaError

    root = tmp_path / "w"
    real, calls = delta.append, iter(range(100))

    def full(*args: Any) -> int:
        if next(calls) == 2:
            raise DeltaError("Generic error: Unable to write: No space left on device (os error 28)")
        return real(*args)

    with open_lake(root) as lake:
        commit(lake, post(1))
        with monkeypatch.context() as patch:
            patch.setattr(delta, "append", full)
            with pytest.raises(DiskFull):
                commit(lake, *conversation(), batch_id=place)
        assert len(rows(lake, "posts")) == 1
    whole(root, posts=1)


AS_NOBODY = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from seguito.store.lake import open_lake
from tests.store.facts import commit, post, rows
from seguito.kit.errors import SeguitoError
try:
    with open_lake({root!r}) as lake:
        print(len(rows(lake, "posts")), flush=True)
        commit(lake, post(9), batch_id="x")
except SeguitoError as error:
    print(type(error).__name__, error.what, error.advice)
"""


def as_nobody(root: Path) -> list[str]:
    """Read and write without any privilege: what a folder's mode forbids is forbidden, to the administrator too."""
    script = AS_NOBODY.format(path=[path for path in sys.path if path] + [str(Path.cwd())], root=str(root))
    drop = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.getuid() == 0 else []
    done = subprocess.run([*drop, sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    return done.stdout.splitlines()


def close_folders(root: Path, mode: int) -> None:
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        folder.chmod(mode)


def test_a_workspace_that_can_only_be_read_can_be_read(tmp_path: Path) -> None:
    root = tmp_path / "w"
    with open_lake(root) as lake:
        commit(lake, post(1))
    close_folders(root, 0o555)
    told = as_nobody(root)
    close_folders(root, 0o755)
    assert told[0] == "1"
    assert told[1].startswith("Refused")
    assert "cannot be written: permission denied. Choose a folder you own with --workspace." in told[1]
    whole(root, posts=1)


def test_a_workspace_of_somebody_else(tmp_path: Path) -> None:
    root = tmp_path / "w"
    with open_lake(root) as lake:
        commit(lake, post(1))
    root.chmod(0o000)
    told = as_nobody(root)
    root.chmod(0o755)
    assert told[0].startswith("Refused")
    assert "permission denied" in told[0]


def test_a_folder_that_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_text("x")
    with pytest.raises(Refused, match="holds other files"):
        open_lake(tmp_path)
    with pytest.raises(Refused, match="is a file, not a folder"):
        open_lake(tmp_path / "holiday.jpg")
    with pytest.raises(Refused, match="is a file, not a folder"):
        open_lake(tmp_path / "holiday.jpg" / "w")
    with pytest.raises(NotFound, match="no workspace"):
        open_lake(tmp_path / "none", create=False)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_workspace_of_another_format(tmp_path: Path) -> None:
    open_lake(tmp_path / "w").close()
    for mark in (b"seguito-workspace-99\n", b"\xff\xfe\x00"):
        (tmp_path / "w" / "SEGUITO").write_bytes(mark)
        with pytest.raises(Terminal, match="another format"):
            open_lake(tmp_path / "w")


@pytest.mark.parametrize("name", ["a[b]", "a*", "50%", "a|b", "a^b", "{x}"])
def test_a_path_that_tables_cannot_live_under(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot hold a workspace"):
        open_lake(tmp_path / name / "w")
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_spaces_quotes_and_letters_beyond_ascii(tmp_path: Path) -> None:
    root = tmp_path / "I miei 'dati' (è, 日本) #1 \"sì\" & più"
    with open_lake(root) as lake:
        commit(lake, *conversation(), post(1))
        assert not commit(lake, *conversation(), post(1)).changed
        assert len(rows(lake, "labels")) == 3
        assert check(lake.layout).problems == []


def test_facts_from_the_future(tmp_path: Path) -> None:
    ahead = clock.now() + 3 * DAY
    with open_lake(tmp_path / "w") as lake:
        with pytest.raises(BadInput, match="which is in the future") as caught:
            commit(lake, post(1), post(2, at=ahead))
        assert "clock" in caught.value.advice
        assert lake.batches() == ()
        assert commit(lake, post(2, at=ahead), is_simulated=True).changed
        commit(lake, post(3), batch_id="late", started_at=MONDAY, finished_at=ahead)
        batch = lake.batches()[-1]
        assert batch.finished_at <= clock.now()
        assert "in the future" in batch.notes[0]


def test_a_lock_held_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "LOCK_SECONDS", 0.2)
    with open_lake(tmp_path / "w") as lake:
        commit(lake, post(1))
        with (
            FileLock(lake.layout.lock, is_singleton=False),
            pytest.raises(Transient, match="Another process has been writing") as caught,
        ):
            commit(lake, post(2), batch_id="b")
        assert "Wait for it to finish" in caught.value.advice
        assert len(rows(lake, "posts")) == 1
        commit(lake, post(2), batch_id="b")
        assert len(rows(lake, "posts")) == 2


def test_the_same_source_read_twice_at_once(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as one, open_lake(tmp_path / "w") as other:
        first, second = one.stage("same"), other.stage("same")
        assert first.folder != second.folder
        second.discard()
        assert first.folder.exists()
        first.discard()


def test_a_label_that_cannot_name_a_folder(tmp_path: Path) -> None:
    from dataclasses import replace

    label = next(fact for fact in conversation() if type(fact).__name__ == "Label")
    with open_lake(tmp_path / "w") as lake, pytest.raises(UsageError, match="cannot be a label"):
        commit(lake, replace(label, label="più", observed_at=MONDAY + timedelta(days=1)))
