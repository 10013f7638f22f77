"""Upkeep: what may go goes and says so, what may not stays readable; a check sees every damage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from seguito.facts.label import Label
from seguito.facts.metric import Metric
from seguito.kit import clock
from seguito.kit.errors import BadInput, Refused
from seguito.store import delta
from seguito.store.lake import Lake, open_lake
from seguito.store.policy import RETENTION
from seguito.store.upkeep import check, upkeep
from tests.store.facts import DAY, MONDAY, commit, conversation, post, rows

NOW = clock.now()


def grown(lake: Lake, batches: int = 12) -> None:
    for number in range(batches):
        commit(lake, post(number, batch_id=f"b{number}"), batch_id=f"b{number}")


def files(lake: Lake, name: str) -> int:
    return sum("_delta_log" not in file.parts for file in lake.layout.table(name).rglob("*.parquet"))


def test_joining_files_changes_no_snapshot(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        grown(lake)
        before = {sequence: rows(lake, "posts", sequence=sequence) for sequence in (1, 7, 12)}
        done = upkeep(lake.layout)
        assert done.joined == {"posts": 11}
        assert len(delta.files_of(lake.layout.table("posts"), delta.version_of(lake.layout.table("posts")) or 0)) == 1
        assert {sequence: rows(lake, "posts", sequence=sequence) for sequence in (1, 7, 12)} == before
        assert rows(lake, "posts") == before[12]
        assert [batch.step for batch in lake.batches()][-1] == "upkeep"
        assert upkeep(lake.layout).joined == {}
        assert commit(lake, post(3, batch_id="again")).added == {"posts": 0}
        assert check(lake.layout).problems == []


def test_history_goes_only_when_asked(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        grown(lake)
        upkeep(lake.layout)
        assert files(lake, "posts") == 13
        done = upkeep(lake.layout, drop_history=True)
        assert (done.void_before, files(lake, "posts")) == (14, 1)
        with pytest.raises(Refused, match="Snapshot 7 is void: the history was dropped after it"):
            lake.snapshot(7)
        assert len(rows(lake, "posts")) == 12
        assert check(lake.layout).problems == []


def test_leftovers_of_killed_writers_go(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        grown(lake, 2)
        (lake.layout.staging / "dead~1").mkdir(parents=True)
        orphan = lake.layout.table("posts") / "month=2026-03" / "part-orphan.parquet"
        orphan.write_bytes(b"half a file")
        held = lake.stage("alive")
        assert "1 interrupted readings" in check(lake.layout).notes[0]
        done = upkeep(lake.layout)
        assert {path.name for path in done.leftovers} == {"dead~1", "part-orphan.parquet"}
        assert held.folder.exists()
        assert len(rows(lake, "posts")) == 2


def test_what_members_wrote_in_public_goes_after_ninety_days(tmp_path: Path) -> None:
    """Day 0 is 100 days ago. Kept: the creator's, what was seen again 50 days ago, what came from a file too."""
    assert RETENTION["public_network"].days == 90
    old, again = NOW - 100 * DAY, NOW - 50 * DAY
    about = {"creator_uri": "net:account:ada", "policy": "public_network"}
    ada = post(1, at=old, account_uri="net:account:ada")
    gone = post(2, at=old, account_uri="net:account:bea")
    seen_again = post(3, at=old, account_uri="net:account:carl")
    in_a_file = post(4, at=old, account_uri="net:account:dora")
    hanging = [
        Metric(subject_uri=one.uri, metric="likes", value=1, observed_at=old, batch_id="a") for one in (ada, gone)
    ]
    label = Label(subject_uri=gone.uri, label="thanks", value="yes", source="r@1", observed_at=NOW, batch_id="a")
    with open_lake(tmp_path / "w") as lake:
        commit(lake, ada, gone, seen_again, in_a_file, *hanging, label, **about)
        changed = post(5, at=again, batch_id="b", account_uri="net:account:carl")
        commit(lake, replace(seen_again, observed_at=again, batch_id="b"), changed, batch_id="b", **about)
        commit(lake, replace(in_a_file, text="from a file", batch_id="c"), batch_id="c")
        told = upkeep(lake.layout)
        assert ([(one.table, one.rows) for one in told.expired], told.removed) == (
            [("posts", 1), ("metrics", 1), ("labels", 1)],
            False,
        )
        assert "kept for 90 days" in str(told.expired[0])
        assert len(rows(lake, "posts")) == 6
        done = upkeep(lake.layout, expire=True)
        assert done.removed
        assert [row["uri"] for row in rows(lake, "posts", current=True)] == [f"net:post:{n}" for n in (1, 3, 4, 5)]
        assert [row["subject_uri"] for row in rows(lake, "metrics")] == [ada.uri]
        assert rows(lake, "labels") == []
        assert not [file for file in tmp_path.rglob("*.parquet") if b"text 2" in file.read_bytes()]
        with pytest.raises(Refused, match="facts whose time was over"):
            lake.snapshot(1)
        assert "kept for 90 days" in lake.batches()[-1].notes[0]
        assert upkeep(lake.layout, expire=True).expired == []


def test_a_simulation_never_expires(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        commit(lake, post(1, at=NOW - 500 * DAY), policy="public_network", is_simulated=True)
        assert upkeep(lake.layout, expire=True).expired == []


def test_messages_go_half_a_year_after_the_last_contact(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w", private=True) as lake:
        messages = [fact for fact in conversation() if type(fact).__name__ == "Message"]
        ages = {"net:exchange:77": 170, "net:exchange:42": 190}
        dated = [replace(one, sent_at=NOW - timedelta(days=ages[one.exchange_uri])) for one in messages]
        commit(lake, replace(dated[0], sent_at=NOW - 400 * DAY), *dated[1:])
        assert upkeep(lake.layout, expire=True).removed
        assert {row["exchange_uri"] for row in rows(lake, "messages")} == {"net:exchange:77"}


def test_a_check_tells_every_damage_and_changes_nothing(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        grown(lake, 3)
        path = lake.layout.table("posts")
        whole = check(lake.layout)
        assert (whole.problems, whole.rows) == ([], {"posts": 3})
        table_files = [Path(file) for file in delta.files_of(path, 2)]
        kept = {file: file.read_bytes() for file in table_files}

        table_files[0].unlink()
        assert "lacks the file" in check(lake.layout).problems[0] or "No such file" in check(lake.layout).problems[0]
        table_files[0].write_bytes(kept[table_files[0]])

        table_files[1].write_bytes(kept[table_files[1]][:300])
        assert "The table 'posts' of this workspace is damaged" in check(lake.layout).problems[0]
        with pytest.raises(BadInput, match="The table 'posts' of this workspace is damaged") as caught:
            rows(lake, "posts")
        assert "upkeep --check" in caught.value.advice
        with pytest.raises(BadInput, match="'posts'"):
            commit(lake, post(1, text="new", at=MONDAY + DAY))
        table_files[1].write_bytes(kept[table_files[1]])

        log = path / "_delta_log" / f"{2:020}.json"
        entry = log.read_text()
        log.write_text(entry[: len(entry) // 2])
        assert "'posts' of this workspace is damaged" in check(lake.layout).problems[0]
        with pytest.raises(BadInput, match="'posts'"):
            commit(lake, post(9))
        log.write_text(entry)
        assert check(lake.layout).problems == []
        assert len(rows(lake, "posts")) == 3
