"""Reading a newer export reads only what is new, and leaves the very lake that reading all of it would have left."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seguito import pipeline
from seguito.facts.tables import TABLES
from seguito.measures.space import Space
from seguito.reports.canonical import to_document
from seguito.sources.contract import Options
from seguito.sources.files import delimited
from seguito.sources.targets import open_targets
from seguito.store import again, memory
from seguito.store import prepared as store_prepared
from seguito.store.duckdb import DuckDB
from seguito.store.erase import forget
from seguito.store.lake import Lake, open_lake
from seguito.store.layout import Layout
from seguito.store.sightings import Sightings
from seguito.store.upkeep import check, upkeep

CREATOR = "UCcreator"
Row = dict[str, Any]

MAPPING = """record = "comments"
platform = "instagram"
[columns]
id = "cid"
post_id = "post"
parent_id = "parent"
author_handle = "user"
author_name = "name"
created_at = "when"
text = "said"
likes = "likes"
replies = "replies"
title = "title"
"""
# As YouTube Data Tools names them, and as some NDJSON does.
NAMES = {
    "cid": "id", "post": "videoId", "parent": "threadId", "user": "authorChannelId", "name": "authorName",
    "when": "publishedAt", "said": "text", "likes": "likeCount", "replies": "totalReplyCount",
}  # fmt: skip


def rows_of(draw: random.Random, comments: int) -> list[Row]:
    """An invented conversation under seven posts: threads two deep, mentions, answers by the creator."""
    rows: list[Row] = []
    for number in range(comments):
        post = f"post{draw.randrange(7)}"
        openers = [row for row in rows if row["post"] == post and row["parent"] == row["cid"]]
        opener = draw.choice(openers) if openers and draw.random() < 0.6 else None
        who = draw.randrange(25)
        said = draw.choice(
            ["ciao", "che bello, complimenti", "come si fa?", "stai bene? sono in pensiero per te", "🔥"]
        )
        if opener and draw.random() < 0.5:
            said = f"@{opener['name'].removeprefix('@')} {said}"
        mine = opener is not None and draw.random() < 0.3
        rows.append(
            {
                "cid": f"c{number}",
                "post": post,
                "parent": opener["cid"] if opener else f"c{number}",
                "user": CREATOR if mine else f"UC{who}",
                "name": "@marta" if mine else f"@persona{who}",
                "when": f"2024-{1 + number * 11 // comments:02}-{1 + draw.randrange(28):02} 0{draw.randrange(9)}:07:00",
                "said": f"{said} {draw.randrange(9)}",
                "likes": draw.randrange(5),
                "replies": 0,
                "title": f"Title of {post}",
            }
        )
    return rows


def later(draw: random.Random, rows: list[Row], *, how: str) -> list[Row]:  # noqa: C901 - one line a kind of change
    """The same space some time later."""
    out = [dict(row) for row in rows]
    if "edit" in how:
        for row in draw.sample(out, 3):
            row["said"] += " (edited)"
    if "count" in how:
        for row in draw.sample(out, 5):
            row["likes"] += 7
            row["replies"] = draw.randrange(4)
    if "rename" in how:
        for row in out:
            row["name"] = "@newname" if row["user"] == "UC3" and draw.random() < 0.5 else row["name"]
    if "delete" in how:
        gone = {row["cid"] for row in draw.sample(out, 6)}
        out = [row for row in out if row["cid"] not in gone]
    if "twice" in how:
        out += [dict(row) for row in draw.sample(out, 2)]
        out.append({**draw.choice(out), "said": "the same id, other words"})
        out.append({**draw.choice(out), "post": "post0", "parent": "c1"})
    if "move" in how:
        row = draw.choice([one for one in out if one["parent"] == one["cid"]])
        row["post"] = "post6" if row["post"] != "post6" else "post5"
    if "grow" in how:
        for number in range(8):
            row = draw.choice(rows)
            reply = row["parent"] if draw.random() < 0.7 else f"n{number}"
            more = {
                "cid": f"n{number}",
                "parent": reply,
                "said": f"@marta nuovo {number}",
                "when": f"2024-12-0{1 + number} 10:00:00",
            }
            out.append({**row, **more, "user": f"UC9{number}", "name": f"@nuova{number}", "likes": 0, "replies": 0})
    if "bad" in how:
        out.insert(3, {**out[3], "cid": "", "said": "no id"})
        out.append({**out[5], "cid": "undated", "parent": "undated", "when": "yesterday"})
    if "old" in how:
        out.append({**out[7], "cid": "old", "said": "@marta late to be seen", "when": "2024-01-01 00:00:01"})
    if "shuffle" in how:
        draw.shuffle(out)
    return out


def as_csv(rows: list[Row], folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{name}.csv"
    with place.open("w", newline="", encoding="utf-8") as file:
        extra = ["isChannelOwner", "inferredLevel", "isReplyToId"]
        out = csv.DictWriter(file, [*NAMES.values(), *extra])
        out.writeheader()
        for row in rows:
            told = {theirs: row[ours] for ours, theirs in NAMES.items()}
            out.writerow({**told, "isChannelOwner": int(row["user"] == CREATOR), "inferredLevel": 0, "isReplyToId": ""})
    return place


def as_ndjson(rows: list[Row], folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{name}.ndjson"
    place.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return place


def options(folder: Path, form: Callable[..., Path]) -> Options:
    if form is as_csv:
        return Options()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return Options(mapping=folder / "mapping.toml", creator="creator")


def collect(lake: Lake, place: Path, given: Options, *, anew: bool = False) -> pipeline.Collected:
    if anew:
        memory.void(lake.layout)
    (reading,) = open_targets([str(place)], given)
    return pipeline.collect(lake, reading)


def everything(lake: Lake, *, with_batches: bool = True) -> dict[str, Any]:
    """All that a lake holds, in an order of its own."""
    snapshot = lake.snapshot()
    found: dict[str, Any] = {}
    for name in TABLES:
        if not TABLES[name].private and name != "batches":
            table = snapshot.table(name)
            table = table if with_batches else table.drop("batch_id")
            found[name] = sorted(map(str, lake.engine.fetch(table).to_pylist()))
    found["batches"] = [
        (one.batch_id, one.rows_read, one.rows_skipped, one.skip_reasons, one.capabilities, one.notes, one.creator_uri)
        for one in lake.batches()
    ]
    found["rejects"] = {one.name: one.read_text() for one in sorted(lake.layout.rejects.glob("*.csv"))}
    return found


def sightings(layout: Layout) -> set[tuple[Any, ...]]:
    import pyarrow.parquet as pq

    engine = DuckDB()
    again.settle(layout, engine.connection)
    engine.close()
    # Which of two readings of one moment is named does not matter, and is chance.
    return {
        (name, row["observed_at"], row["said"], row["key_digest"])
        for name in ("posts", "metrics", "coverage", "accounts")
        for file in Sightings(layout, name).files
        for row in pq.read_table(file).to_pylist()
    }


STEPS = [
    ("grow",),
    ("grow shuffle",),
    ("edit count", "delete shuffle"),
    ("grow edit", "delete", "grow shuffle count"),
    ("twice", "shuffle", "edit"),
    ("rename grow", "rename delete"),
    ("bad grow", "edit", "bad shuffle"),
    ("move", "old", "delete old shuffle grow"),
    ("shuffle", "shuffle"),
]


@pytest.mark.parametrize("form", [as_csv, as_ndjson])
@pytest.mark.parametrize("steps", STEPS, ids=" | ".join)
def test_a_newer_export_leaves_the_lake_that_reading_all_of_it_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Callable[..., Path], steps: tuple[str, ...]
) -> None:
    monkeypatch.setattr(delimited, "STRETCH", 3_000)
    draw = random.Random(str(steps))
    rows = rows_of(draw, 160)
    given = options(tmp_path, form)
    exports = [rows]
    for how in steps:
        exports.append(later(draw, exports[-1], how=how))
    # An export that was made first and is found last: what was seen again since must not be lost to it.
    old = later(draw, rows[:120], how="edit count")
    places = [form(one, tmp_path / str(at), "export") for at, one in enumerate([*exports, old])]
    with open_lake(tmp_path / "again") as one, open_lake(tmp_path / "anew") as other:
        for at, place in enumerate(places):
            mine, theirs = collect(one, place, given), collect(other, place, given, anew=True)
            added = [{name: rows for name, rows in each.receipt.added.items() if rows} for each in (mine, theirs)]
            assert added[0] == added[1]
            assert mine.batch.batch_id == theirs.batch.batch_id
            # Where a kept row comes back, which of two readings of one moment it is ascribed to is chance.
            named = at <= len(steps)
            assert everything(one, with_batches=named) == everything(other, with_batches=named)
        assert sightings(one.layout) == sightings(other.layout)


def parsed(lake: Lake, place: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many bytes of a file were split into cells when it was read."""
    sizes: list[int] = []
    at_once = delimited.Delimited.at_once

    def counted(self: delimited.Delimited, block: bytes, *more: Any) -> Any:
        sizes.append(len(block))
        return at_once(self, block, *more)

    with monkeypatch.context() as patch:
        patch.setattr(delimited.Delimited, "at_once", counted)
        collect(lake, place, Options())
    return sum(sizes)


def odd(rows: list[Row]) -> list[Row]:
    """The same with quotes, delimiters and line ends in their texts."""
    signs = ["\n", '"', '"\n"', ",", "\r\n", '","', "\n\n", "“a”"]
    return [{**row, "said": f"{row['said']}{signs[at % 8]}{row['cid']}"} for at, row in enumerate(rows)]


def changed(rows: list[Row], how: str) -> list[Row]:
    """A newer export that begins as the one before it, or does not."""
    new = [{**rows[0], "cid": f"z{n}", "parent": f"z{n}", "when": "2024-12-24 20:00:00"} for n in range(5)]
    answers = [
        {**new[0], "cid": "answer", "parent": next(row for row in rows[40:] if row["parent"] == row["cid"])["cid"]}
    ]
    twin = [{**rows[3], "when": "2024-12-25 20:00:00"}]
    return {
        "grown": [*rows, *new, *answers],
        "the same id again": [*rows, *new, *twin],
        "edited in the middle": [*rows[:80], {**rows[80], "said": "edited"}, *rows[81:], *new],
        "edited at the beginning": [{**rows[0], "said": "edited"}, *rows[1:], *new],
        "gone from the middle": [*rows[:60], *rows[70:], *new],
        "cut": rows[:100],
        "put before": [*new, *rows],
    }[how]


HOWS = ("grown", "the same id again", "edited in the middle", "edited at the beginning", "gone from the middle", "cut")


@pytest.mark.parametrize("stretch", [700, 4_000])
@pytest.mark.parametrize("how", [*HOWS, "put before"])
def test_a_beginning_that_is_not_parsed_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, stretch: int
) -> None:
    monkeypatch.setattr(delimited, "STRETCH", stretch)
    rows = odd(rows_of(random.Random(how), 160))
    newer = odd(changed(rows, how)) if how == "put before" else changed(rows, how)
    last = [*newer, {**rows[1], "cid": "last", "parent": "last", "when": "2024-12-28 20:00:00"}]
    places = [as_csv(each, tmp_path / str(at), "export") for at, each in enumerate((rows, newer, last))]
    with open_lake(tmp_path / "again") as one, open_lake(tmp_path / "anew") as other:
        for place in places:
            mine, theirs = collect(one, place, Options()), collect(other, place, Options(), anew=True)
            assert mine.receipt.added == theirs.receipt.added
            assert everything(one) == everything(other)
        assert sightings(one.layout) == sightings(other.layout)


def test_a_grown_file_is_parsed_in_its_tail_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "STRETCH", 2_000)
    rows = odd(rows_of(random.Random(3), 300))
    new = [{**rows[0], "cid": f"z{n}", "parent": f"z{n}", "when": "2024-12-24 20:00:00"} for n in range(5)]
    places = [as_csv(each, tmp_path / str(at), "export") for at, each in enumerate((rows, [*rows, *new]))]
    with open_lake(tmp_path / "w") as lake:
        assert parsed(lake, places[0], monkeypatch) > 0.9 * places[0].stat().st_size
        assert len(list(lake.layout.readings.glob("*.more"))) == 3
        assert parsed(lake, places[1], monkeypatch) < 6_000 < places[1].stat().st_size / 3
        forget(lake.layout, "youtube:account:UC3")
        assert not lake.layout.readings.exists()


@pytest.mark.parametrize("what", ["gone", "damaged", "another's"])
def test_what_spares_parsing_may_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(delimited, "STRETCH", 2_000)
    rows = odd(rows_of(random.Random(3), 100))
    newer = changed(rows, "grown")
    with open_lake(tmp_path / "w") as lake, open_lake(tmp_path / "anew") as other:
        for one in (lake, other):
            collect(one, as_csv(rows, tmp_path, "a"), Options())
        (people,) = lake.layout.readings.glob("*.people.more")
        if what == "gone":
            people.unlink()
        else:
            (theirs,) = other.layout.readings.glob("*.people.more")
            people.write_bytes(theirs.read_bytes() if what == "another's" else b"PAR1")
        place = as_csv(newer, tmp_path, "b")
        assert parsed(lake, place, monkeypatch) > 0.9 * place.stat().st_size
        collect(other, place, Options(), anew=True)
        assert everything(lake) == everything(other)
        assert len(list(lake.layout.readings.glob("*.more"))) == 3, "what an export before it left is gone with it"


def test_the_report_is_the_same(tmp_path: Path) -> None:
    draw = random.Random(7)
    rows = rows_of(draw, 400)
    places = [
        as_csv(rows, tmp_path / "1", "export"),
        as_csv(later(draw, rows, how="grow edit delete count"), tmp_path / "2", "new"),
    ]
    documents = []
    for name, is_anew in (("again", False), ("anew", True)):
        with open_lake(tmp_path / name) as lake:
            shutil.copy(tmp_path / "again" / "key", lake.layout.key) if is_anew else None
            for place in places:
                collect(lake, place, Options(), anew=is_anew)
                pipeline.label(lake)
                dossier = pipeline.vet(lake, f"youtube:account:{CREATOR}")
        documents.append(to_document(dossier))
    assert documents[0]["estimates"] == documents[1]["estimates"]
    assert documents[0]["answers"] == documents[1]["answers"]
    assert documents[0]["looked_at"] == documents[1]["looked_at"]


def read_now(lake: Lake, place: Path) -> int:
    """How many rows of a file became facts when it was read."""
    (reading,) = open_targets([str(place)], Options())
    pipeline.collect(lake, reading)
    recall = reading._recall  # type: ignore[attr-defined]
    return 0 if recall is None else sum(part.rows for part, _, _ in recall.parts())


def test_only_changed_threads_become_facts(tmp_path: Path) -> None:
    draw = random.Random(1)
    rows = rows_of(draw, 300)
    newer = [*reversed(rows), {**rows[0], "cid": "new", "parent": rows[0]["cid"], "when": "2024-12-24 20:00:00"}]
    thread = [row for row in newer if row["parent"] == rows[0]["cid"]]
    with open_lake(tmp_path / "w") as lake:
        assert read_now(lake, as_csv(rows, tmp_path, "a")) == 300
        assert read_now(lake, as_csv(newer, tmp_path, "b")) == len(thread) < 30
        assert read_now(lake, as_csv(newer, tmp_path, "c")) == 0  # the same bytes under another name
        assert len(list(lake.layout.readings.iterdir())) == 1


def test_another_source_of_the_same_comments_makes_it_read_all(tmp_path: Path) -> None:
    rows = rows_of(random.Random(1), 100)
    grown = [*rows, {**rows[0], "cid": "new", "parent": "new", "when": "2024-12-24 20:00:00"}]
    with open_lake(tmp_path / "w") as lake:
        read_now(lake, as_csv(rows, tmp_path, "a"))
        given = Options(timezone="UTC", creator="someone else")
        renamed = tmp_path / "x.csv"
        renamed.write_bytes(as_csv([{**row, "said": "other words"} for row in grown], tmp_path, "b").read_bytes())
        (reading,) = open_targets([str(renamed)], given)
        pipeline.collect(lake, reading)
        assert read_now(lake, as_csv(grown, tmp_path, "c")) == 101


def test_erasure_and_removal_forget_what_was_remembered(tmp_path: Path) -> None:
    draw = random.Random(1)
    rows = rows_of(draw, 100)
    with open_lake(tmp_path / "w") as lake:
        read_now(lake, as_csv(rows, tmp_path, "a"))
        newer = later(draw, rows, how="grow")
        assert read_now(lake, as_csv(newer, tmp_path, "b")) < 60
        forget(lake.layout, "youtube:account:UC3")
        assert not lake.layout.readings.exists()
        assert not lake.layout.again.exists()
        assert read_now(lake, as_csv(newer, tmp_path, "b")) == len(newer)
        theirs = lake.engine.fetch(
            lake.snapshot().table("posts").filter(lambda t: t.account_uri == "youtube:account:UC3")
        )
        assert theirs.num_rows == 0
        upkeep(lake.layout, drop_history=True)
        assert read_now(lake, as_csv(newer, tmp_path, "b")) == len(newer)


def test_a_check_counts_what_was_seen_again_and_tells_damage(tmp_path: Path) -> None:
    rows = rows_of(random.Random(1), 60)
    newer = [*rows, {**rows[0], "cid": "new", "parent": "new", "when": "2024-12-24 20:00:00"}]
    with open_lake(tmp_path / "w") as lake:
        read_now(lake, as_csv(rows, tmp_path, "a"))
        assert not check(lake.layout).notes
        read_now(lake, as_csv(newer, tmp_path, "b"))
        (note,) = check(lake.layout).notes
        # 42 comments in 19 threads; the others stand in no creator's space, which then has the file's name: read anew.
        assert note.startswith("1 readings saw 61 comments and threads again")
        (file,) = lake.layout.again.iterdir()
        file.write_bytes(file.read_bytes()[:-20])
        assert any("is damaged" in one for one in check(lake.layout).problems)


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    rows = rows_of(random.Random(1), 50)
    with open_lake(tmp_path / "w") as lake:
        read_now(lake, as_csv(rows, tmp_path, "a"))
        for file in lake.layout.readings.iterdir():
            file.write_bytes(b"PAR1 what is this")
        assert read_now(lake, as_csv(rows[:-1], tmp_path, "b")) == 49


def prepared(lake: Lake, *, keeps: bool) -> dict[str, list[Row]]:
    """The prepared tables of the creator's space, kept ones or new ones."""
    space = Space(lake.snapshot(), f"youtube:account:{CREATOR}", keeps=keeps)
    tables = {"posts": space.posts, "comments": space.comments, "members": space.members}
    order = {"posts": "uri", "comments": "uri", "members": "account_uri"}
    return {
        name: lake.engine.fetch(table.select(*sorted(table.columns)).order_by(order[name])).to_pylist()
        for name, table in tables.items()
    }


@pytest.mark.parametrize("steps", STEPS, ids=" | ".join)
def test_kept_tables_are_those_that_are_prepared_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...]
) -> None:
    monkeypatch.setattr(store_prepared, "LEAST", 1)
    draw = random.Random(str(steps))
    export = rows_of(draw, 160)
    with open_lake(tmp_path / "w") as lake:
        for at, how in enumerate(["", *steps]):
            export = later(draw, export, how=how)
            collect(lake, as_csv(export, tmp_path / str(at), "export"), Options())
            assert prepared(lake, keeps=True) == prepared(lake, keeps=False)
            pipeline.label(lake)
            found = prepared(lake, keeps=True)
            assert found == prepared(lake, keeps=False) == prepared(lake, keeps=True)
        assert any(row["is_answered"] for row in found["comments"])
        with open_lake(tmp_path / "w") as other:  # in use: prepared anew
            assert prepared(other, keeps=True) == found
    forget(Layout(tmp_path / "w"), "youtube:account:UC3")
    assert not Layout(tmp_path / "w").prepared.exists()


def test_little_of_it_is_prepared_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_prepared, "LEAST", 1)
    counts: list[int] = []
    amend = store_prepared.Prepared.amend

    def counted(self: Any, name: str, gone: Any, new: Any) -> None:
        counts.append(self.snapshot.engine.fetch(gone.count().as_table())[0][0].as_py())
        amend(self, name, gone, new)

    monkeypatch.setattr(store_prepared.Prepared, "amend", counted)
    rows = rows_of(random.Random(1), 300)
    with open_lake(tmp_path / "w") as lake:
        for at, export in enumerate((rows, [*rows, {**rows[0], "cid": "new", "when": "2024-12-24 20:00:00"}])):
            collect(lake, as_csv(export, tmp_path / str(at), "export"), Options())
            pipeline.label(lake)
            prepared(lake, keeps=True)
    assert counts
    assert max(counts) < 12
