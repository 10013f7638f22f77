"""Bodies of public endpoints as a test needs them, and readings over them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import zstandard

from seguito.kit.http import Clock, Http
from seguito.kit.progress import SILENT
from seguito.sources.bluesky.reading import NetworkReading, PagesReading
from seguito.sources.contract import Counted, Options, Reading, Reject, Rows
from seguito.testing.fake_platform import FakePlatform

VERA, ANN, BOB = "did:plc:vera", "did:plc:ann", "did:plc:bob"
NOON = "2026-03-02T12:00:00.000Z"
SEEN = "2026-03-10T08:00:00Z"


def actor(did: str, **more: Any) -> dict[str, Any]:
    return {"did": did, "handle": f"{did.rsplit(':', 1)[1]}.test", "labels": [], **more}


def uri(did: str, rkey: str) -> str:
    return f"at://{did}/app.bsky.feed.post/{rkey}"


def post(did: str, rkey: str, text: str = "ciao", **more: Any) -> dict[str, Any]:
    """A post view; `root` and `parent` make it an answer, `replies` and `likes` are its counters."""
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": more.pop("at", NOON)}
    if "root" in more:
        root = more.pop("root")
        record["reply"] = {"root": {"uri": root}, "parent": {"uri": more.pop("parent", root)}}
    record.update(more.pop("record", {}))
    return {
        "uri": uri(did, rkey),
        "author": more.pop("author", actor(did)),
        "record": record,
        "indexedAt": more.pop("indexed", NOON),
        "replyCount": more.pop("replies", 0),
        "likeCount": more.pop("likes", 0),
        "repostCount": 0,
        "quoteCount": 0,
        **more,
    }


def node(view: dict[str, Any], *replies: dict[str, Any]) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": view, "replies": list(replies)}


def page(endpoint: str, body: Any, **params: Any) -> dict[str, Any]:
    """One line of a file of pages."""
    return {"endpoint": endpoint, "params": params, "at": SEEN, "body": body}


def written(path: Path, pages: Iterable[Any]) -> Path:
    """Write a file of pages, compressed where its name says so."""
    lines = b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in pages)
    path.write_bytes(zstandard.compress(lines) if path.suffix == ".zst" else lines)
    return path


class Read:
    """Everything a reading gave."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.rejects: list[Reject] = []
        self.counted = 0
        batches: dict[str, list[pa.RecordBatch]] = {}
        for given in reading.read(SILENT):
            if isinstance(given, Rows):
                batches.setdefault(given.table, []).append(given.rows)
            elif isinstance(given, Counted):
                self.counted += given.rows
            else:
                self.rejects.append(given)
        self.tables = {name: pa.Table.from_batches(parts).to_pylist() for name, parts in batches.items()}

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self.tables.get(table, [])

    def covered(self, what: str, scope: str = f"bluesky:account:{VERA}") -> tuple[Any, ...]:
        [row] = [row for row in self["coverage"] if (row["what"], row["scope_uri"]) == (what, scope)]
        return row["declared"], row["collected"], row["sampling"], row["limited_by"]


def read_pages(path: Path, *pages: Any) -> Read:
    return Read(PagesReading(written(path, pages), Options()))


def read_network(platform: FakePlatform, **options: Any) -> Read:
    chosen = Options(host=platform.address, allow_private_hosts=True, **options)
    quick = Http(allow_private=True, clock=Clock(sleep=lambda _: None))
    return Read(NetworkReading("vera.test", chosen, http=quick))


def small_network(platform: FakePlatform, *, posts: int = 1, **counters: int) -> None:
    """Script a creator with some posts and nothing around them."""
    known = {"postsCount": posts, "followersCount": 0, "followsCount": 0, **counters}
    platform.page("app.bsky.actor.getProfile", actor(VERA, **known))
    entries = [{"post": post(VERA, f"p{number}")} for number in range(posts)]
    platform.page("app.bsky.feed.getAuthorFeed", {"feed": entries})
    platform.page("app.bsky.graph.getFollowers", {"followers": []})
    platform.page("app.bsky.actor.getProfiles", {"profiles": []})
