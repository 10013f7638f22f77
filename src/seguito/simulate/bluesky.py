"""The community as a file of AT Protocol pages: the answers a public host would give, one JSON line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from seguito.simulate.comments import CREATOR
from seguito.simulate.community import Community
from seguito.simulate.daily import daily, per_day
from seguito.simulate.network import Network, dids

Page = dict[str, Any]
PAGES, SPACE = "community.ndjson.zst", "space-{:02}.ndjson.zst"
PER_PAGE = 100
PROFILES_PER_PAGE = 25


def write(community: Community, folder: Path) -> list[Path]:
    """Write community.ndjson.zst into `folder`, and a file for every other space; returns their paths."""
    paths = [folder / PAGES]
    _write(pages(community), paths[0])
    for number, space in enumerate(community.neighbours, start=1):
        paths.append(folder / SPACE.format(number))
        _write(space_pages(space), paths[-1])
    return paths


def _write(found: Iterator[Page], path: Path) -> None:
    import zstandard

    with path.open("wb") as file, zstandard.ZstdCompressor(level=3).stream_writer(file) as out:
        for page in found:
            out.write(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def counters(community: Community) -> pa.Table:
    """The creator's daily counters; likes are those that the pages list."""
    liked = np.array([at for some in community.likes for _, at in some], dtype=np.int64)
    return daily(community, creator(community), "bluesky", liked=per_day(community, liked))


def creator(community: Community) -> str:
    """The creator's lasting name."""
    return str(dids(community, np.array([CREATOR]))[0])


def pages(community: Community) -> Iterator[Page]:
    """Every line of the file, in the order a reader expects."""
    net = Network(community)
    at = net.time(int(community.plan.end.timestamp()))
    for endpoint, params, body in _answers(net, at):
        yield {"endpoint": endpoint, "params": params, "at": at, "body": body}


def space_pages(space: Community) -> Iterator[Page]:
    """The pages of another creator's space: posts and what stands below them, without who likes or follows."""
    net = Network(space)
    at = net.time(int(space.plan.end.timestamp()))
    for endpoint, params, body in _space(net, at):
        yield {"endpoint": endpoint, "params": params, "at": at, "body": body}


def _space(net: Network, at: str) -> Iterator[tuple[str, Page, Page]]:
    yield from _opening(net, at)
    for post in net.newest_posts:
        yield "app.bsky.feed.getPostThread", {"uri": net.post_uri(post), "depth": 100}, {"thread": net.thread(post)}
    yield "seguito.end", {}, {}


def _opening(net: Network, at: str) -> Iterator[tuple[str, Page, Page]]:
    profile = net.profile(net.owner)
    creator = profile["did"]
    about = {"creator": creator, "handle": profile["handle"], "is_simulated": True, "seen_until": at}
    yield "seguito.about", {}, about
    yield "seguito.note", {}, {"text": "Simulated community: no person in it exists."}
    yield "app.bsky.actor.getProfile", {"actor": creator}, profile
    for params, posts in _paged({"actor": creator, "filter": "posts_no_replies"}, net.newest_posts):
        yield "app.bsky.feed.getAuthorFeed", params, {"feed": [{"post": net.post(one)} for one in posts]}


def _answers(net: Network, at: str) -> Iterator[tuple[str, Page, Page]]:
    creator = net.did(CREATOR)
    yield from _opening(net, at)
    for post in net.newest_posts:
        uri = net.post_uri(post)
        yield "app.bsky.feed.getPostThread", {"uri": uri, "depth": 100}, {"thread": net.thread(post)}
        for params, likes in _paged({"uri": uri}, net.likes[post]):
            yield "app.bsky.feed.getLikes", params, {"uri": uri, "likes": [net.like(*one) for one in likes]}
        for params, people in _paged({"uri": uri}, net.reposters[post]):
            shown = [net.author(who) for who in people]
            yield "app.bsky.feed.getRepostedBy", params, {"uri": uri, "repostedBy": shown}
    for params, people in _paged({"actor": creator}, net.newest_followers):
        shown = [net.author(who, described=True) for who in people]
        yield "app.bsky.graph.getFollowers", params, {"subject": net.author(CREATOR), "followers": shown}
    people = net.described
    for start in range(0, len(people), PROFILES_PER_PAGE):
        some = people[start : start + PROFILES_PER_PAGE]
        params = {"actors": [net.did(who) for who in some]}
        yield "app.bsky.actor.getProfiles", params, {"profiles": [net.profile(who) for who in some]}
    yield "seguito.end", {}, {}


def _paged(params: Page, rows: list[Any]) -> Iterator[tuple[Page, list[Any]]]:
    """Rows in pages of a hundred, with the cursor each page is asked by; one empty page where there are none."""
    for start in range(0, max(1, len(rows)), PER_PAGE):
        cursor = {"cursor": str(start)} if start else {}
        yield {**params, "limit": PER_PAGE, **cursor}, rows[start : start + PER_PAGE]
