"""What pages mean, with values worked out by hand; and that no page, however strange, is more than a reject."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seguito.sources.bluesky.columns import EPOCH, settled, times
from seguito.sources.bluesky.mapping import Mapping
from seguito.sources.bluesky.pages import Page
from seguito.sources.bluesky.withhold import withheld
from seguito.sources.contract import Counted, Reject, Rows
from tests.sources.bluesky.bodies import ANN, BOB, NOON, SEEN, VERA, actor, node, page, post, read_pages, uri

FEED, THREAD = "app.bsky.feed.getAuthorFeed", "app.bsky.feed.getPostThread"
P0 = uri(VERA, "p0")
ABOUT = page("seguito.about", {"creator": VERA})


def in_feed(tmp_path: Path, *posts: dict[str, Any]) -> list[dict[str, Any]]:
    entries = [{"post": one} for one in posts]
    return read_pages(tmp_path / "a.ndjson", ABOUT, page(FEED, {"feed": entries}))["posts"]


# -- times ------------------------------------------------------------------------------------------------------

AUG = "2025-08-01T10:00:00.000Z"
SEP = "2025-09-01T10:00:00.000Z"


@pytest.mark.parametrize(
    ("created", "indexed", "expected", "declared"),
    [
        (AUG, SEP, AUG, True),  # backdated: the earlier counts, and it is the author's word
        (SEP, AUG, AUG, False),  # ahead of the server: the earlier is the server's
        (AUG, AUG, AUG, True),
        ("2099-01-01T00:00:00Z", SEP, SEP, False),  # a broken clock
        ("1970-01-01T00:00:00Z", SEP, SEP, False),
        ("yesterday", SEP, SEP, False),
        (None, SEP, SEP, False),
        (AUG, None, AUG, True),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", None, False),
        (None, None, None, False),
    ],
)
def test_when_things_happened(created: str | None, indexed: str | None, expected: str | None, declared: bool) -> None:
    seen = pa.array([datetime(2026, 3, 10, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    at, is_declared = settled([created], [indexed], seen)
    assert at.to_pylist() == times([expected]).to_pylist()
    assert is_declared.to_pylist() == [declared]


def test_one_unreadable_time_does_not_cost_its_neighbours() -> None:
    found = times([AUG, "2025-08-01T12:00:00.123456789+02:00", "x", "2025-08-01T10:00:00", None]).to_pylist()
    august = datetime(2025, 8, 1, 10, tzinfo=UTC)
    assert found == [august, august.replace(microsecond=123456), None, None, None]


@pytest.mark.parametrize(
    ("written", "precision"),
    [
        (NOON, "ms"),
        ("2026-03-02T12:00:00Z", "s"),
        ("2026-03-02T12:00:00.123456Z", "us"),
        ("2026-03-02T12:00:00.1+01:00", "ms"),
    ],
)
def test_how_exact_a_time_is(tmp_path: Path, written: str, precision: str) -> None:
    [row] = in_feed(tmp_path, post(VERA, "p0", at=written, indexed="2026-03-02T13:00:00Z"))
    assert row["created_precision"] == precision
    assert row["created_raw"] == written


# -- posts ------------------------------------------------------------------------------------------------------


def test_an_answer_stands_in_the_space_of_whoever_opened_the_thread(tmp_path: Path) -> None:
    answer = post(VERA, "r", root=uri(ANN, "x"), parent=uri(BOB, "y"))
    [row] = in_feed(tmp_path, answer)
    assert (row["kind"], row["space_uri"]) == ("comment", f"bluesky:account:{ANN}")
    assert (row["root_uri"], row["parent_uri"]) == (f"bluesky:post:{uri(ANN, 'x')}", f"bluesky:post:{uri(BOB, 'y')}")


def embed(kind: str, **more: Any) -> dict[str, Any]:
    return {"embed": {"$type": f"app.bsky.embed.{kind}", **more}}


@pytest.mark.parametrize(
    ("record", "kind", "quoted", "media"),
    [
        (embed("images", images=[]), "post", None, "image"),
        (embed("video", video={}), "post", None, "video"),
        (embed("external", external={"uri": "https://a.example/"}), "post", None, "link"),
        (embed("record", record={"uri": uri(ANN, "q"), "cid": "c"}), "quote", uri(ANN, "q"), None),
        (
            embed(
                "recordWithMedia",
                record={"$type": "app.bsky.embed.record", "record": {"uri": uri(ANN, "q")}},
                media={"$type": "app.bsky.embed.images", "images": []},
            ),
            "quote",
            uri(ANN, "q"),
            "image",
        ),
        (embed("record", record={"uri": f"at://{ANN}/app.bsky.graph.list/l"}), "post", None, None),
        (embed("hologram", anything=1), "post", None, None),
    ],
)
def test_what_a_post_carries(
    tmp_path: Path, record: dict[str, Any], kind: str, quoted: str | None, media: str | None
) -> None:
    [row] = in_feed(tmp_path, post(VERA, "p0", record=record))
    assert (row["kind"], row["media_type"]) == (kind, media)
    assert row["quoted_uri"] == (f"bluesky:post:{quoted}" if quoted else None)
    assert row["links"] == (["https://a.example/"] if media == "link" else [])


def test_facets_count_bytes(tmp_path: Path) -> None:
    text = "è 🎉 #a"  # bytes: è 2, space 1, 🎉 4, space 1, then #a from 8 to 10
    tag = [{"$type": "app.bsky.richtext.facet#tag", "tag": "a"}]
    inside = {"index": {"byteStart": 8, "byteEnd": 10}, "features": tag}
    assert in_feed(tmp_path, post(VERA, "p0", text, record={"facets": [inside]}))[0]["hashtags"] == ["a"]
    for start, end in ((8, 11), (5, 5), (9, 3), (-1, 4)):
        outside = {"index": {"byteStart": start, "byteEnd": end}, "features": tag}
        assert in_feed(tmp_path, post(VERA, "p0", text, record={"facets": [outside]}))[0]["hashtags"] == []


def test_blocked_and_missing_places_in_a_thread(tmp_path: Path) -> None:
    blocked = {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri(ANN, "b"), "blocked": True, "author": {"did": ANN}}
    missing = {"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(BOB, "m"), "notFound": True}
    thread = node(post(VERA, "p0", replies=3), blocked, missing)
    read = read_pages(tmp_path / "a.ndjson", ABOUT, page(THREAD, {"thread": thread}, uri=P0))
    states = {row["uri"].rsplit("/", 1)[1]: (row["state"], row["text"], row["parent_uri"]) for row in read["posts"][1:]}
    assert {row["space_uri"] for row in read["posts"]} == {f"bluesky:account:{VERA}"}
    parent = f"bluesky:post:{P0}"
    assert states == {"b": ("blocked", None, parent), "m": ("unknown_gone", None, parent)}
    assert read.covered("comments", parent) == (3, 0, "all", "not shown by the network")


def test_answers_that_the_creator_hid(tmp_path: Path) -> None:
    gate = {"record": {"hiddenReplies": [uri(BOB, "rude")]}}
    thread = node(post(VERA, "p0", replies=2), node(post(BOB, "rude", root=P0)), node(post(ANN, "fine", root=P0)))
    read = read_pages(tmp_path / "a.ndjson", ABOUT, page(THREAD, {"thread": thread, "threadgate": gate}, uri=P0))
    assert {row["uri"]: row["state"] for row in read["posts"]} == {
        f"bluesky:post:{P0}": "live",
        f"bluesky:post:{uri(BOB, 'rude')}": "hidden_by_owner",
        f"bluesky:post:{uri(ANN, 'fine')}": "live",
    }


def test_missing_counters_are_unknown_and_zero_is_zero(tmp_path: Path) -> None:
    silent = post(VERA, "p0")
    del silent["likeCount"], silent["replyCount"]
    read = read_pages(tmp_path / "a.ndjson", ABOUT, page(FEED, {"feed": [{"post": silent}]}))
    found = {row["metric"]: (row["value"], row["state"]) for row in read["metrics"]}
    unknown = (None, "unavailable")
    assert found == {"likes": unknown, "comments": unknown, "reposts": (0, "known"), "quotes": (0, "known")}
    assert read.covered("comments", f"bluesky:post:{P0}") == (None, 0, "unknown", None)


def test_a_repost_is_a_reaction_and_brings_nobody_elses_post(tmp_path: Path) -> None:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": actor(VERA), "indexedAt": NOON}
    read = read_pages(tmp_path / "a.ndjson", ABOUT, page(FEED, {"feed": [{"post": post(ANN, "x"), "reason": reason}]}))
    assert read["posts"] == []
    [row] = read["reactions"]
    assert (row["account_uri"], row["subject_uri"]) == (f"bluesky:account:{VERA}", f"bluesky:post:{uri(ANN, 'x')}")
    assert (row["kind"], row["at"]) == ("repost", datetime(2026, 3, 2, 12, tzinfo=UTC))


# -- people who ask not to be shown -------------------------------------------------------------------------------

CLOSED = actor(ANN, displayName="Ann Secret", description="secret", labels=[{"val": "!no-unauthenticated"}])


def test_closed_accounts_keep_their_words(tmp_path: Path) -> None:
    tagged = {"tags": ["secret"], **embed("external", external={"uri": "https://secret.example"})}
    comment = post(ANN, "a", "secret", root=P0, author=CLOSED, record=tagged)
    read = read_pages(
        tmp_path / "a.ndjson",
        ABOUT,
        page(THREAD, {"thread": node(post(VERA, "p0"), node(comment))}, uri=P0),
        page("app.bsky.actor.getProfiles", {"profiles": [CLOSED]}),
    )
    assert "ecret" not in json.dumps(read.tables, default=str)
    [row] = [row for row in read["accounts"] if row["native_id"] == ANN]
    assert row["do_not_profile"] is True
    assert read["profiles"] == []


def test_pages_are_kept_without_the_words_of_closed_accounts() -> None:
    quoting = post(BOB, "q")
    quoting["embed"] = {
        "record": {"author": CLOSED, "value": {"text": "secret", "createdAt": NOON}, "embeds": ["secret"]}
    }
    body = {"feed": [{"post": post(ANN, "a", "secret", author=CLOSED)}, {"post": quoting}], "profile": CLOSED}
    kept = withheld(json.dumps(body).encode())
    assert b"ecret" not in kept
    assert json.loads(kept)["feed"][0]["post"]["record"]["createdAt"] == NOON
    assert json.loads(kept)["feed"][1]["post"]["record"]["text"] == "ciao"


def test_pages_of_others_are_kept_as_they_came() -> None:
    body = b'{ "labels" : [{"val":"bot"}] }'
    assert withheld(body) is body
    open_again = json.dumps(
        actor(ANN, description="words", labels=[{"val": "!no-unauthenticated", "neg": True}])
    ).encode()
    assert json.loads(withheld(open_again))["description"] == "words"


# -- strange pages --------------------------------------------------------------------------------------------------

WHOLE = {
    FEED: {"feed": [{"post": post(VERA, "p0", record=embed("record", record={"uri": uri(ANN, "q")}))}]},
    THREAD: {"thread": node(post(VERA, "p0", replies=1), node(post(ANN, "a", root=P0))), "threadgate": {"record": {}}},
    "app.bsky.feed.getLikes": {"likes": [{"actor": actor(BOB), "createdAt": NOON, "indexedAt": NOON}]},
    "app.bsky.feed.getRepostedBy": {"repostedBy": [actor(BOB)]},
    "app.bsky.feed.getQuotes": {"posts": [post(BOB, "q")]},
    "app.bsky.graph.getFollowers": {"followers": [actor(ANN), actor(BOB)]},
    "app.bsky.actor.getProfiles": {"profiles": [actor(ANN, followersCount=1)]},
    "app.bsky.actor.getProfile": actor(VERA, postsCount=3),
}
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just("at://did:"),
    st.just("at://x/y/z"),
    st.just("did:" + "x" * 3000),
    st.just("2" * 300),
)


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body."""
    found = [path] if path else []
    steps = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, inner in steps:
        found += places(inner, (*path, step))
    return found


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    copy = json.loads(json.dumps(body))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return copy


def mapped(*pages_: dict[str, Any]) -> tuple[int, int, int]:
    """How many rows were counted, rejected and made."""
    import msgspec

    mapping, counted, rejected, rows = Mapping("b"), 0, 0, 0
    for number, one in enumerate(pages_, 1):
        for given_ in [*mapping.take(msgspec.json.decode(json.dumps(one).encode(), type=Page), number)]:
            counted += given_.rows if isinstance(given_, Counted) else 0
            rejected += isinstance(given_, Reject)
            assert not isinstance(given_, Rows) or given_.rows.validate(full=True) is None
    for last in mapping.finish():
        last.rows.validate(full=True)
        rows += last.rows.num_rows
    return counted, rejected, rows


@settings(max_examples=400, deadline=None, derandomize=True)
@given(data=st.data())
def test_no_strange_value_anywhere_breaks_the_mapping(data: st.DataObject) -> None:
    endpoint = data.draw(st.sampled_from(sorted(WHOLE)))
    body = changed(WHOLE[endpoint], data.draw(st.sampled_from(places(WHOLE[endpoint]))), data.draw(STRANGE))
    counted, rejected, _ = mapped(ABOUT, page(endpoint, body, uri=P0, actor=VERA))
    assert rejected <= counted


@pytest.mark.parametrize("at", ["", "soon", "2026-03-10"])
def test_a_page_without_a_time_is_rejected(at: str) -> None:
    assert mapped(ABOUT, {**page(FEED, WHOLE[FEED]), "at": at})[:2] == (1, 1)


def test_a_text_longer_than_any_post_is_rejected() -> None:
    counted, rejected, _ = mapped(ABOUT, page(FEED, {"feed": [{"post": post(VERA, "p0", "x" * 100_001)}]}))
    assert (counted, rejected) == (1, 1)


@pytest.mark.parametrize("count", [-1, 10**12 + 1, 2**63, 1.5])
def test_a_counter_that_counts_nothing_is_rejected(count: float) -> None:
    counted, rejected, _ = mapped(ABOUT, page(FEED, {"feed": [{"post": {**post(VERA, "p0"), "likeCount": count}}]}))
    assert (counted, rejected) == (1, 1)


def test_the_same_answer_twice_is_one_fact() -> None:
    once = mapped(ABOUT, page(FEED, WHOLE[FEED]))[2]
    assert mapped(ABOUT, page(FEED, WHOLE[FEED]), page(FEED, WHOLE[FEED]))[2] == once


def test_observed_is_when_the_page_came(tmp_path: Path) -> None:
    [row] = in_feed(tmp_path, post(VERA, "p0"))
    assert row["observed_at"] == datetime(2026, 3, 10, 8, tzinfo=UTC)
    assert SEEN.startswith("2026-03-10")
    assert EPOCH.year == 1970
