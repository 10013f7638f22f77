"""Files of pages: recognised by content, read through the same mapping, damaged ones as far as they go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zstandard

from seguito.kit.errors import BadInput
from seguito.sources.bluesky.pages import FORMAT
from seguito.sources.contract import Options, Sample
from tests.sources.bluesky.bodies import (
    ANN,
    BOB,
    NOON,
    SEEN,
    VERA,
    Read,
    actor,
    node,
    page,
    post,
    read_pages,
    uri,
    written,
)

PROFILE, PROFILES = "app.bsky.actor.getProfile", "app.bsky.actor.getProfiles"
FEED, THREAD = "app.bsky.feed.getAuthorFeed", "app.bsky.feed.getPostThread"
LIKES, FOLLOWERS = "app.bsky.feed.getLikes", "app.bsky.graph.getFollowers"

ROOT = post(VERA, "p0", "Chi viene?", replies=2, likes=3)
ANSWER = post(ANN, "a", "Io!", root=uri(VERA, "p0"))
ABOUT = page("seguito.about", {"creator": VERA, "is_simulated": True, "seen_until": SEEN})
END = page("seguito.end", {})


def pages() -> list[Any]:
    return [
        ABOUT,
        page(PROFILE, actor(VERA, followersCount=7, postsCount=1, pinnedPost={"uri": uri(VERA, "p0")}), actor=VERA),
        page(FEED, {"feed": [{"post": ROOT}]}, actor=VERA),
        page(THREAD, {"thread": node(ROOT, node(ANSWER))}, uri=uri(VERA, "p0")),
        page(LIKES, {"likes": [{"actor": actor(BOB), "createdAt": NOON, "indexedAt": NOON}]}, uri=uri(VERA, "p0")),
        page(FOLLOWERS, {"followers": [actor(ANN)]}, actor=VERA),
        page(PROFILES, {"profiles": [actor(ANN, followersCount=0)]}, actors=[ANN, "did:plc:gone"]),
        END,
    ]


def sample(path: Path) -> Sample:
    raw = path.read_bytes()
    head = zstandard.ZstdDecompressor().decompressobj().decompress(raw) if path.suffix == ".zst" else raw
    return Sample(path, head[:4096], len(raw))


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.zst"])
def test_the_same_facts_from_plain_and_compressed_files(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, pages())
    assert FORMAT.recognise(sample(path)) == 1.0
    read = Read(FORMAT.open(sample(path), Options()))
    assert [(row["text"], row["kind"], row["is_pinned"]) for row in read["posts"]] == [
        ("Chi viene?", "post", "yes"),
        ("Io!", "comment", "unknown"),
    ]
    assert read["reactions"][0]["account_uri"] == f"bluesky:account:{BOB}"
    assert {row["native_id"]: row["state"] for row in read["accounts"]}["did:plc:gone"] == "unknown_gone"
    assert read.covered("followers") == (7, 1, "all", "not shown by the network")
    assert read.covered("comments", f"bluesky:post:{uri(VERA, 'p0')}") == (2, 1, "all", "not shown by the network")
    about = read.reading.about
    assert (about.creator_uri, about.is_simulated, about.policy) == (f"bluesky:account:{VERA}", True, "simulated")
    assert about.notes == ()
    assert read["posts"][0]["url"] is None, "invented people have no web page"


def test_rows_read_are_rows_of_the_answers(tmp_path: Path) -> None:
    # profile 1, feed 1, thread 2, likes 1, followers 1, profiles 1
    assert read_pages(tmp_path / "a.ndjson", *pages()).counted == 7


def test_the_same_file_is_the_same_batch(tmp_path: Path) -> None:
    first = read_pages(tmp_path / "a.ndjson", *pages()).reading.about
    second = read_pages(tmp_path / "b.ndjson", *pages()).reading.about
    assert first.batch_id == second.batch_id
    assert read_pages(tmp_path / "c.ndjson", *pages()[:-1]).reading.about.batch_id != first.batch_id


def test_capabilities_are_those_of_the_pages_that_are_there(tmp_path: Path) -> None:
    read = read_pages(tmp_path / "a.ndjson", *pages()[:3], END)
    assert read.reading.about.capabilities == {
        "creator",
        "authors",
        "times",
        "texts",
        "comment_counts",
        "like_counts",
        "follower_counts",
    }


def test_a_thread_that_is_not_in_the_file_is_not_read_rather_than_empty(tmp_path: Path) -> None:
    read = read_pages(tmp_path / "a.ndjson", *pages()[:3], END)
    scope = f"bluesky:post:{uri(VERA, 'p0')}"
    assert read.covered("comments", scope) == (2, 0, "unknown", "not read")
    assert read.covered("likes", scope) == (3, 0, "unknown", "not read")
    assert read.covered("reposts", scope) == (0, 0, "all", None)


def test_without_a_first_line_the_creator_is_whose_profile_comes_first(tmp_path: Path) -> None:
    read = read_pages(tmp_path / "a.ndjson", *pages()[1:])
    assert read.reading.about.creator_uri == f"bluesky:account:{VERA}"
    assert read.reading.about.is_simulated is False
    assert read["posts"][0]["url"] == f"https://bsky.app/profile/{VERA}/post/p0"


def test_lines_that_are_no_pages_are_rejected_with_their_number(tmp_path: Path) -> None:
    read = read_pages(tmp_path / "a.ndjson", *pages()[:3], b"{broken", b"", b"[]", {"endpoint": "x"}, *pages()[3:])
    assert [(one.locator, one.raw) for one in read.rejects] == [
        ("line 4", "{broken"),
        ("line 6", "[]"),
        ("line 7", ""),
    ]
    assert len(read["posts"]) == 2
    assert read.counted == 7 + 3


def test_a_file_cut_short_says_so(tmp_path: Path) -> None:
    read = read_pages(tmp_path / "a.ndjson", *pages()[:-1])
    assert any("cut short" in note for note in read.reading.about.notes)
    frames = [zstandard.compress(json.dumps(one).encode() + b"\n") for one in pages()]
    path = tmp_path / "c.ndjson.zst"
    path.write_bytes(b"".join(frames[:3]) + frames[3][:-5])
    cut = Read(FORMAT.open(sample_of(path), Options()))
    assert any("cut short" in note for note in cut.reading.about.notes)
    assert [row["text"] for row in cut["posts"]] == ["Chi viene?"]
    assert ["it ends in the middle" in one.reason for one in cut.rejects] == [True]
    path.write_bytes(frames[0][:-5])
    with pytest.raises(BadInput, match="damaged"):
        FORMAT.open(sample_of(path), Options())


def sample_of(path: Path) -> Sample:
    return Sample(path, b"", path.stat().st_size)


def test_damage_in_the_middle_of_a_compressed_file(tmp_path: Path) -> None:
    frames = [zstandard.compress(json.dumps(one).encode() + b"\n") for one in pages()]
    path = tmp_path / "a.ndjson.zst"
    path.write_bytes(b"".join(frames[:3]) + b"garbage" + b"".join(frames[3:]))
    read = Read(FORMAT.open(sample_of(path), Options()))
    assert len(read.rejects) == 1
    assert "damaged" in read.rejects[0].reason
    assert [row["text"] for row in read["posts"]] == ["Chi viene?"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,text\na,b\n", b"{}\n"])
def test_files_that_are_something_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(content)
    assert FORMAT.recognise(sample(path)) == 0.0
    with pytest.raises(BadInput, match="cannot be read"):
        FORMAT.open(sample(path), Options())


def test_other_ndjson_is_not_mistaken_for_pages(tmp_path: Path) -> None:
    path = written(tmp_path / "a.ndjson", [{"endpoint": "/v1/videos", "body": {}}])
    assert FORMAT.recognise(sample(path)) == 0.0


def test_a_first_line_longer_than_the_sample_is_still_recognised(tmp_path: Path) -> None:
    long = page(FEED, {"feed": [{"post": ROOT}] * 100})
    path = written(tmp_path / "a.ndjson", [long])
    assert FORMAT.recognise(sample(path)) == 0.9


def test_a_post_nobody_answered_is_covered_without_its_thread(tmp_path: Path) -> None:
    lonely = post(VERA, "p1", replies=0)
    read = read_pages(tmp_path / "a.ndjson", ABOUT, page(FEED, {"feed": [{"post": lonely}]}), END)
    assert read.covered("comments", f"bluesky:post:{uri(VERA, 'p1')}") == (0, 0, "all", None)


def test_people_named_twice_count_once(tmp_path: Path) -> None:
    read = read_pages(tmp_path / "a.ndjson", *pages()[:-1], *pages()[4:])
    assert [row["account_uri"] for row in read["reactions"]] == [f"bluesky:account:{BOB}"]
    assert len(read["follows"]) == 1
    assert read.covered("likes", f"bluesky:post:{uri(VERA, 'p0')}")[:2] == (3, 1)
