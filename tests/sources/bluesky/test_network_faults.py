"""Hosts that misbehave: every oddity ends in a sentence or in the coverage, never in a loop or a traceback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seguito.kit.errors import BadInput, Refused, Unavailable
from seguito.sources.bluesky import crawl
from seguito.testing.fake_platform import FakePlatform, Reply
from tests.sources.bluesky.bodies import ANN, NOON, VERA, actor, post, read_network, small_network, uri

FEED, LIKES = "app.bsky.feed.getAuthorFeed", "app.bsky.feed.getLikes"
FOLLOWERS, THREAD = "app.bsky.graph.getFollowers", "app.bsky.feed.getPostThread"
REPEATS = "the host repeats itself"


@pytest.fixture
def platform() -> Iterator[FakePlatform]:
    with FakePlatform() as fake:
        yield fake


def test_a_cursor_that_repeats_ends_the_list(platform: FakePlatform) -> None:
    small_network(platform, posts=2, followersCount=9)
    platform.page(FOLLOWERS, {"followers": [actor(ANN)], "cursor": "again"})
    read = read_network(platform)
    assert platform.times_asked(FOLLOWERS) == 2
    assert read.covered("followers") == (9, 1, "unknown", REPEATS)
    assert len(read["follows"]) == 1


def test_ever_new_cursors_with_nothing_new_end_the_list(platform: FakePlatform) -> None:
    small_network(platform)
    for number in range(crawl.BARREN * 2):
        body = {"feed": [{"post": post(VERA, "p0")}], "cursor": f"c{number + 1}"}
        platform.page(FEED, body, **({"cursor": f"c{number}"} if number else {}))
    read = read_network(platform)
    assert platform.times_asked(FEED) == crawl.BARREN + 1
    assert read.covered("posts") == (1, 1, "unknown", REPEATS)


def test_empty_pages_in_the_middle_are_passed_over(platform: FakePlatform) -> None:
    small_network(platform, followersCount=2)
    platform.page(FOLLOWERS, {"followers": [actor(ANN)], "cursor": "1"})
    platform.page(FOLLOWERS, {"followers": [], "cursor": "2"}, cursor="1")
    platform.page(FOLLOWERS, {"followers": [actor("did:plc:bob")]}, cursor="2")
    assert read_network(platform).covered("followers") == (2, 2, "all", None)


def test_a_thread_that_leads_back_to_itself_ends(platform: FakePlatform) -> None:
    small_network(platform)
    platform.page(FEED, {"feed": [{"post": post(VERA, "p0", replies=1)}]})
    answer = post(ANN, "a", root=uri(VERA, "p0"), replies=1)
    cut = {"post": answer}
    platform.page(THREAD, {"thread": {"post": post(VERA, "p0", replies=1), "replies": [cut]}})
    platform.page(
        THREAD, {"thread": {"post": answer, "replies": [{"post": post(VERA, "p0", replies=1)}]}}, uri=uri(ANN, "a")
    )
    read = read_network(platform)
    assert platform.times_asked(THREAD) == 2
    assert {row["text"] for row in read["posts"]} == {"ciao"}
    assert len(read["posts"]) == 2


def test_a_post_that_goes_between_the_feed_and_its_thread(platform: FakePlatform) -> None:
    small_network(platform)
    platform.page(FEED, {"feed": [{"post": post(VERA, "p0", replies=2)}]})
    platform.page(THREAD, Reply({"error": "NotFound", "message": "Post not found"}, status=400))
    read = read_network(platform)
    assert [row["state"] for row in read["posts"]] == ["live", "unknown_gone"]
    assert read["posts"][1]["observed_at"] >= read["posts"][0]["observed_at"]


def test_an_endpoint_that_a_host_does_not_offer_is_coverage(platform: FakePlatform) -> None:
    small_network(platform)
    platform.page(FEED, {"feed": [{"post": post(VERA, "p0", likes=3)}]})
    platform.page(LIKES, Reply({"error": "MethodNotImplemented", "message": "no"}, status=501))
    read = read_network(platform)
    scope = f"bluesky:post:{uri(VERA, 'p0')}"
    assert read.covered("likes", scope) == (3, 0, "unknown", "refused by the host: MethodNotImplemented")
    assert platform.times_asked(LIKES) == 1


def test_a_feed_closed_by_a_block_is_coverage(platform: FakePlatform) -> None:
    small_network(platform, posts=4)
    platform.page(FEED, Reply({"error": "BlockedByActor", "message": "no"}, status=400))
    assert read_network(platform).covered("posts") == (4, 0, "unknown", "refused by the host: BlockedByActor")


def test_likes_beyond_the_budget_of_a_post(platform: FakePlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawl, "MAX_PER_POST", 2)
    small_network(platform)
    platform.page(FEED, {"feed": [{"post": post(VERA, "p0", likes=5)}]})
    likes = [{"actor": actor(f"did:plc:m{number}"), "createdAt": NOON, "indexedAt": NOON} for number in range(2)]
    platform.page(LIKES, {"likes": likes, "cursor": "more"})
    read = read_network(platform)
    assert read.covered("likes", f"bluesky:post:{uri(VERA, 'p0')}") == (5, 2, "newest", "max_likes_per_post=2")


@pytest.mark.parametrize(
    ("reply", "error", "sentence"),
    [
        (Reply(b"<html>hello</html>", content_type="text/html"), BadInput, "not the public side"),
        (Reply(b"<html>no</html>", status=404, content_type="text/html"), BadInput, "not the public side"),
        (Reply({"error": "no such page"}, status=404), BadInput, "not the public side"),
        (Reply({"hello": "world"}), BadInput, "not the public side"),
        (Reply([1, 2]), BadInput, "not the public side"),
        (Reply(b'{"did": "did:plc:ve'), BadInput, "damaged answer"),
        (Reply({"error": "AuthMissing"}, status=401), Refused, "only people who are signed in"),
        (Reply(b"", status=403), Refused, "refuses to answer this machine"),
        (Reply({"error": "InternalServerError"}, status=500), Unavailable, "answered 500"),
        (Reply({"error": "AccountTakedown", "message": "x"}, status=400), Refused, "taken down"),
    ],
)
def test_hosts_that_are_no_network(platform: FakePlatform, reply: Reply, error: type[Exception], sentence: str) -> None:
    platform.page("app.bsky.actor.getProfile", reply)
    with pytest.raises(error, match=sentence):
        read_network(platform)


def test_a_strange_entry_does_not_cost_the_others(platform: FakePlatform) -> None:
    small_network(platform, posts=2)
    strange = {"post": {**post(VERA, "odd"), "likeCount": "many"}}
    platform.page(FEED, {"feed": [{"post": post(VERA, "p0")}, strange, {"post": post(VERA, "p1")}]})
    read = read_network(platform)
    assert [row["uri"] for row in read["posts"]] == [f"bluesky:post:{uri(VERA, one)}" for one in ("p0", "p1")]
    [reject] = read.rejects
    assert "likeCount" in reject.reason
    assert read.covered("posts")[3] == "refused by the host: an answer that cannot be read"


def test_a_deep_answer_nested_beyond_reading_is_told(platform: FakePlatform) -> None:
    small_network(platform)
    platform.page(FEED, {"feed": [{"post": post(VERA, "p0", replies=1)}]})
    text = b"".join([b'{"thread": ', b'{"replies": [' * 20_000, b"]}" * 20_000, b"}"])
    platform.page(THREAD, Reply(text))
    read = read_network(platform)
    assert read.covered("comments", f"bluesky:post:{uri(VERA, 'p0')}")[3] == "refused by the host: NestedTooDeep"


def test_profiles_that_are_refused_are_coverage(platform: FakePlatform) -> None:
    small_network(platform, followersCount=1)
    platform.page(FOLLOWERS, {"followers": [actor(ANN)]})
    platform.page("app.bsky.actor.getProfiles", Reply({"error": "InvalidRequest", "message": "no"}, status=400))
    assert read_network(platform).covered("profiles") == (1, 0, "unknown", "refused by the host: InvalidRequest")


def test_a_branch_that_cannot_be_continued_is_coverage_of_its_thread(platform: FakePlatform) -> None:
    small_network(platform)
    root, answer = post(VERA, "p0", replies=1), post(ANN, "a", root=uri(VERA, "p0"), replies=1)
    platform.page(FEED, {"feed": [{"post": root}]})
    platform.page(THREAD, {"thread": {"post": root, "replies": [{"post": answer}]}})
    platform.page(THREAD, Reply({"error": "UpstreamFailure", "message": "no"}, status=400), uri=uri(ANN, "a"))
    covered = read_network(platform).covered("comments", f"bluesky:post:{uri(VERA, 'p0')}")
    assert covered == (2, 1, "unknown", "refused by the host: UpstreamFailure")
