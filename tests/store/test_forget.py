"""Erasure: nothing that names the person is left in any byte of the workspace, and nothing brings it back."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from seguito.facts.account import Account
from seguito.facts.post import Post
from seguito.kit.errors import NotFound, Refused, Transient, UsageError
from seguito.kit.pseudonym import pseudonym, reference
from seguito.store import commit as commit_module
from seguito.store import delta, erase
from seguito.store.erase import forget
from seguito.store.lake import Lake, open_lake
from tests.store.facts import ADA, DAY, MONDAY, OTTO, SEEN, VERA, VERAS_COMMENT, VERAS_ROOT, commit, conversation, rows

# What must not be found anywhere: key, id, handle, every name, every text, in any writing.
SECRETS = (
    "did:plc:vera77",
    "vera77",
    "vera.rossi",
    "vera rossi",
    "vera  rossi",
    "vera la rossa",
    "segretissimo",
    "pettirosso",
    "ceramica e montagna",
    "in confidenza",
    "cara vera",
    "3kroot",
    "3kcomm",
)


def everything(root: Path) -> dict[str, str]:
    """All a workspace says, file by file, decompressed; names of files too."""
    found = {}
    for file in sorted(root.rglob("*")):
        if not file.is_file():
            continue
        raw = file.read_bytes()
        text = raw.decode("utf-8", "replace")
        if file.suffix == ".parquet":
            text += str(pq.read_table(file, partitioning=None).to_pylist()) + str(pq.ParquetFile(file).metadata)
        elif raw.startswith(b"\x28\xb5\x2f\xfd"):
            text += zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read().decode()
        elif raw.startswith(b"\x1f\x8b"):
            text += gzip.decompress(raw).decode()
        found[str(file.relative_to(root))] = (str(file.relative_to(root)) + "\n" + text).casefold()
    return found


def leaks(root: Path, secrets: tuple[str, ...] = SECRETS) -> list[tuple[str, str]]:
    return [(file, secret) for file, text in everything(root).items() for secret in secrets if secret in text]


@pytest.fixture
def lake(tmp_path: Path) -> Any:
    with open_lake(tmp_path / "w", private=True) as opened:
        locator = "net:vera.rossi.example"
        commit(opened, *conversation(), batch_id=SEEN["batch_id"], creator_uri=ADA, locator=locator)
        later = SEEN | {"observed_at": MONDAY + 3 * DAY, "batch_id": "later"}
        commit(opened, *[replace(fact, **later) for fact in conversation()][2:], batch_id="later")
        side_files(opened)
        yield opened


def side_files(lake: Lake) -> None:
    layout = lake.layout
    for folder in (layout.raw, layout.rejects, layout.reports, layout.staging):
        folder.mkdir(exist_ok=True)
    page = b'{"author": {"did": "did:plc:vera77", "displayName": "x"}}\n'
    (layout.raw / "page1.json.gz").write_bytes(gzip.compress(page))
    (layout.raw / "page2.json.zst").write_bytes(zstandard.ZstdCompressor().compress(page))
    (layout.raw / "page3.json").write_text('{"author": {"did": "did:plc:otto42"}}')
    (layout.raw / "vera.rossi.example.json").write_text("{}")
    (layout.rejects / "a.csv").write_text("where,reason,row\n1,bad,Vera Rossi says\n2,bad,otto says\n")
    key = lake.key
    (layout.reports / "one.html").write_text(f"<p>{pseudonym(key, VERA)}: parola di pettirosso</p>")
    (layout.reports / "two.json").write_text(f'{{"rows": {{"{reference(key, VERAS_COMMENT)}": "pettirosso"}}}}')
    (layout.reports / "three.html").write_text(f"<p>{pseudonym(key, OTTO)}: e qui?</p>")
    dead = layout.staging / "old~x" / "posts"
    dead.mkdir(parents=True)
    pq.write_table(pa.table({"text": ["vera.rossi.example"]}), dead / "000000.parquet")


def test_nothing_is_left_of_an_erased_person(lake: Lake) -> None:
    root = lake.layout.root
    assert {secret for _, secret in leaks(root)} == set(SECRETS)
    done = forget(lake.layout, "@vera.rossi.example")
    assert leaks(root) == []
    assert done.removed == {
        "accounts": 2,
        "profiles": 1,
        "posts": 2,
        "reactions": 2,
        "follows": 1,
        "metrics": 1,
        "labels": 2,
        "messages": 2,
        "coverage": 1,
    }
    assert sorted(file.name for file in done.files) == [
        "a.csv",
        "one.html",
        "page1.json.gz",
        "page2.json.zst",
        "two.json",
        "vera.rossi.example.json",
    ]
    assert (lake.layout.reports / "three.html").exists()
    assert (lake.layout.rejects / "a.csv").read_text().splitlines() == ["where,reason,row", "2,bad,otto says"]


def test_what_others_wrote_stays_with_a_neutral_mark(lake: Lake) -> None:
    forget(lake.layout, VERA)
    posts = {row["uri"]: row for row in rows(lake, "posts", current=True)}
    assert sorted(posts) == [
        "net:post:at://did:plc:ada001/post/root",
        "net:post:at://did:plc:otto42/post/1",
        "net:post:at://did:plc:otto42/post/2",
    ]
    answer, other = posts["net:post:at://did:plc:otto42/post/1"], posts["net:post:at://did:plc:otto42/post/2"]
    assert answer["text"] == ("brava @[erased]! [erased] sa tutto, [erased] pure; vedi [erased] e [erased]. Rossi no.")
    assert answer["links"] == ["[erased]"]
    assert answer["mentions"] == ["[erased]", "ada.example"]
    assert answer["parent_uri"] == answer["inferred_parent_uri"]
    assert answer["parent_uri"].startswith("net:post:erased-")
    assert other["space_uri"].startswith("net:account:erased-")
    assert other["root_uri"] == other["parent_uri"] != answer["parent_uri"]
    assert [row["display_name"] for row in rows(lake, "accounts", current=True)] == ["Ada", "Otto, amico di [erased]"]
    assert [row["bio"] for row in rows(lake, "profiles")] == ["marito di @[erased], dal 2019"]
    assert [row["text"] for row in rows(lake, "messages")] == ["ha scritto anche [erased]?"]


def test_reading_the_same_again_brings_nothing_back(lake: Lake) -> None:
    forget(lake.layout, "did:plc:vera77")
    before = rows(lake, "posts"), rows(lake, "accounts"), rows(lake, "labels")
    receipt = commit(lake, *conversation(), batch_id="again")
    assert receipt.added == dict.fromkeys(receipt.added, 0)
    assert receipt.refused == 14
    assert (rows(lake, "posts"), rows(lake, "accounts"), rows(lake, "labels")) == before
    assert leaks(lake.layout.root) == []


def test_an_import_that_knows_only_the_handle_is_refused_too(lake: Lake) -> None:
    forget(lake.layout, VERA)
    seen = {"observed_at": MONDAY + 9 * DAY, "batch_id": "file"}
    other_key = Account(
        uri="net:account:99", platform="net", native_id="99", handle="VERA.rossi.example", display_name="V", **seen
    )
    written = Post(uri="net:post:99", platform="net", kind="comment", account_uri="net:account:99", text="eh", **seen)
    answer = Post(
        uri="net:post:100",
        platform="net",
        kind="comment",
        account_uri=OTTO,
        parent_uri="net:post:99",
        text="sì",
        **seen,
    )
    receipt = commit(lake, other_key, written, answer, batch_id="file")
    assert (receipt.added, receipt.refused) == ({"accounts": 0, "posts": 1}, 2)
    kept = next(row for row in rows(lake, "posts") if row["uri"] == "net:post:100")
    assert kept["parent_uri"].startswith("net:post:erased-")
    assert "2 rows by or about erased accounts were refused" in lake.batches()[-1].notes
    with pytest.raises(Refused, match="was erased"):
        commit(lake, answer, batch_id="of-vera", creator_uri=VERA)


def test_older_snapshots_are_void_and_say_so(lake: Lake) -> None:
    done = forget(lake.layout, VERA)
    assert done.void_before == 2
    with pytest.raises(Refused, match="Snapshot 1 is void: an account was erased"):
        lake.snapshot(1)
    assert lake.snapshot().sequence == 2
    commit(lake, replace(conversation()[-2], collected=3), batch_id="new")
    assert lake.snapshot(2).sequence == 2


def test_the_creator_can_be_erased(lake: Lake) -> None:
    forget(lake.layout, "ada.example")
    assert leaks(lake.layout.root, ("ada001", "ada.example", "il nuovo vaso")) == []
    assert {row["space_uri"].split(":")[2][:7] for row in rows(lake, "posts") if row["space_uri"] != VERA} == {
        "erased-"
    }


STEPS: list[tuple[Any, str, int]] = [
    (erase, "_rewrite_table", 3),
    (erase, "_record", 0),
    (delta, "purge", 0),
    (delta, "purge", 4),
    (erase, "_clean_sightings", 2),
    (erase, "clean_side_files", 0),
    (delta, "overwrite", 2),
]


@pytest.mark.parametrize(("module", "name", "after"), STEPS, ids=[f"{name}-{n}" for _, name, n in STEPS])
def test_an_interrupted_erasure_is_finished_by_whatever_comes_next(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, after: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, name, stopping(getattr(module, name), after))
        with pytest.raises(KeyboardInterrupt):
            forget(lake.layout, VERA)
    assert rows(lake, "accounts")  # readable in between
    if after % 2:
        forget(lake.layout, VERA)
    else:
        commit(lake, *conversation(), batch_id="again")
    assert leaks(lake.layout.root) == []
    assert [batch.step for batch in lake.batches()].count("erase") == 1
    assert not lake.layout.erasing.exists()


def stopping(real: Callable[..., Any], after: int) -> Callable[..., Any]:
    calls = iter(range(100))

    def stops(*args: Any, **named: Any) -> Any:
        if next(calls) >= after:
            raise KeyboardInterrupt
        return real(*args, **named)

    return stops


def test_who_is_meant_must_be_clear(lake: Lake) -> None:
    with pytest.raises(NotFound, match="Nobody called 'nemo'"):
        forget(lake.layout, "nemo")
    twin = replace(conversation()[0], uri="other:account:5", platform="other", native_id="5")
    commit(lake, twin, batch_id="twin")
    with pytest.raises(UsageError, match="may be any of 2 accounts"):
        forget(lake.layout, "vera.rossi.example")
    forget(lake.layout, "other:account:5")


def test_nobody_is_erased_under_a_running_reading(lake: Lake) -> None:
    staging = lake.stage("running")
    with pytest.raises(Transient, match="being read"):
        forget(lake.layout, VERA)
    staging.discard()
    assert forget(lake.layout, VERA).removed


def test_forgetting_twice_is_no_error(lake: Lake) -> None:
    forget(lake.layout, VERA)
    assert forget(lake.layout, "vera.rossi.example").removed == {}
    assert commit_module.read_batches(lake.layout)[-1].step == "erase"


def test_a_person_may_say_no_before_they_are_seen(lake: Lake) -> None:
    forget(lake.layout, "net:account:did:plc:late9")
    late = Account(uri="net:account:did:plc:late9", platform="net", native_id="did:plc:late9", **SEEN)
    assert commit(lake, late, batch_id="z").refused == 1
    assert VERAS_ROOT in {row["uri"] for row in rows(lake, "posts")}
