"""What Seguito collects from a real network, row by row, against what its members wrote there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seguito.kit.errors import BadInput, NotFound, Refused, UsageError
from seguito.pipeline import Collected, collect
from seguito.sources.bluesky import crawl
from seguito.sources.bluesky.reading import open_reading
from seguito.sources.contract import Options
from seguito.store.lake import Lake, open_lake
from tests.network.peers import PROFILE, START, Network, Peer, Ref
from tests.network.story import DEEP, Story


def read(lake: Lake, network: Network, account: str, **options: Any) -> Collected:
    """Collect one account of the network."""
    chosen = {"host": network.appview, "allow_private_hosts": True, "spool": lake.layout.raw, **options}
    return collect(lake, open_reading(account, Options(**chosen)))


def rows(lake: Lake, table: str) -> list[dict[str, Any]]:
    """The current rows of a table."""
    snapshot = lake.snapshot()
    found: list[dict[str, Any]] = snapshot.engine.fetch(snapshot.current(table)).to_pylist()
    return found


def by(rows_: list[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    assert len({row[name] for row in rows_}) == len(rows_)
    return {row[name]: row for row in rows_}


def account(peer: Peer) -> str:
    return f"bluesky:account:{peer.did}"


def post(ref: Ref | None) -> str | None:
    return ref and f"bluesky:post:{ref.uri}"


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


@pytest.fixture(scope="module")
def lake(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A workspace with the story's creator."""
    with open_lake(tmp_path_factory.mktemp("collect") / "w") as opened:
        read(opened, story.network, "@Vera.test")
        yield opened


@pytest.fixture(scope="module")
def posts(lake: Lake) -> dict[str, dict[str, Any]]:
    return by(rows(lake, "posts"), "uri")


GONE = ("cleo1", "eve1", "dan1", "elsewhere")


def test_every_post_that_can_be_seen_is_there_as_it_was_written(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    visible = {name: written for name, written in story.posts.items() if name not in GONE}
    assert len(visible) == len(story.posts) - len(GONE)
    for name, written in visible.items():
        row = posts[str(post(written.ref))]
        said = None if name == "finn1" else written.text
        assert row["text"] == said, name
        assert row["account_uri"] == account(written.author), name
        assert (row["root_uri"], row["parent_uri"]) == (post(written.root), post(written.parent)), name
        if written.minute is not None:
            assert (row["created_at"], row["created_basis"]) == (at(written.minute), "client_declared"), name
        assert row["kind"] == ("comment" if written.root else "quote" if name == "quote" else "post"), name
    # Of the others, only the deleted one is known: an answer points at it.
    assert set(posts) == {str(post(one.ref)) for one in visible.values()} | {post(story["cleo1"].ref)}


def test_states_tell_hidden_and_deleted_from_live(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    states = {uri: row["state"] for uri, row in posts.items() if row["state"] != "live"}
    assert states == {post(story["rude"].ref): "hidden_by_owner", post(story["cleo1"].ref): "unknown_gone"}
    gone = posts[str(post(story["cleo1"].ref))]
    assert gone["text"] is None
    assert gone["account_uri"] == account(story.people["cleo"])
    assert gone["root_uri"] == post(story["three"].ref)


def test_threads_are_read_below_a_deleted_answer(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    assert posts[str(post(story["ann2"].ref))]["parent_uri"] == post(story["cleo1"].ref)


def test_spaces_belong_to_whoever_opened_the_thread(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    others = {uri: row["space_uri"] for uri, row in posts.items() if row["space_uri"] != account(story.creator)}
    assert others == {
        post(story["vera4"].ref): account(story.people["ann"]),
        post(story["quote"].ref): account(story.people["bob"]),
    }


def test_marks_in_the_text(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    row = posts[str(post(story["one"].ref))]
    assert row["mentions"] == [account(story.people["ann"])]
    assert row["links"] == ["https://corso.example/città"]
    assert row["hashtags"] == ["corso", "nascosto"]
    assert row["lang_source"] == "it"
    assert posts[str(post(story["two"].ref))]["lang_source"] == "en,it"
    assert posts[str(post(story["quote"].ref))]["quoted_uri"] == post(story["one"].ref)


def test_the_pinned_post(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    own = {name: posts[str(post(story[name].ref))]["is_pinned"] for name in ("one", "two", "three", "four")}
    assert own == {"one": "no", "two": "no", "three": "no", "four": "yes"}
    assert posts[str(post(story["bob1"].ref))]["is_pinned"] == "unknown"


def test_broken_clocks(story: Story, posts: dict[str, dict[str, Any]]) -> None:
    future, past = (posts[str(post(story[name].ref))] for name in ("future", "past"))
    assert future["created_basis"] == "server"
    assert future["created_raw"] == "2099-01-01T00:00:00.000Z"
    assert timedelta() <= future["observed_at"] - future["created_at"] < timedelta(hours=1)
    # The server repeats what the broken clock said: then the time is unknown.
    assert (past["created_at"], past["created_basis"]) == (None, None)


def test_likes_and_reposts_with_their_times(story: Story, lake: Lake) -> None:
    found = {(row["account_uri"], row["subject_uri"], row["kind"], row["at"]) for row in rows(lake, "reactions")}
    people, one, two = story.people, post(story["one"].ref), post(story["two"].ref)
    assert found == {
        (account(people["ann"]), one, "like", at(40)),
        (account(people["bob"]), one, "like", at(41)),
        (account(people["cleo"]), one, "like", at(42)),
        (account(people["cleo"]), two, "like", at(50)),
        (account(people["ann"]), one, "repost", None),
        (account(story.creator), post(story["elsewhere"].ref), "repost", at(story.reposted_at)),
    }


def test_followers(story: Story, lake: Lake) -> None:
    found = {(row["follower_uri"], row["followed_uri"], row["at"]) for row in rows(lake, "follows")}
    named = ("ann", "bob", "cleo", "finn", "robot")
    assert found == {(account(story.people[name]), account(story.creator), None) for name in named}


def test_accounts_and_profiles(story: Story, lake: Lake) -> None:
    accounts, profiles = by(rows(lake, "accounts"), "uri"), by(rows(lake, "profiles"), "account_uri")
    people = story.people
    named = ("vera", "ann", "bob", "cleo", "finn", "robot")
    assert {row["handle"] for row in accounts.values()} == {people[name].handle for name in named}
    assert accounts[account(people["ann"])]["display_name"] == "Ann"
    assert accounts[account(people["robot"])]["kind"] == "bot"
    closed = accounts[account(people["finn"])]
    assert (closed["do_not_profile"], closed["display_name"]) == (True, None)
    assert set(profiles) == {account(people[name]) for name in named if name != "finn"}
    vera = profiles[account(people["vera"])]
    # The network still counts the blocked follower; the one who left no more or still, by its own lights.
    assert vera["followers"] in (6, 7)
    assert (vera["following"], vera["posts"], vera["bio"], vera["has_avatar"]) == (0, 8, "Runner.", "no")


def test_counters(story: Story, lake: Lake) -> None:
    found = {(row["subject_uri"], row["metric"]): row["value"] for row in rows(lake, "metrics")}
    one, four, bob1 = (post(story[name].ref) for name in ("one", "four", "bob1"))
    assert {name: found[one, name] for name in ("likes", "comments", "reposts", "quotes")} == {
        "likes": 5,
        "comments": 1,
        "reposts": 1,
        "quotes": 1,
    }
    assert [found[four, name] for name in ("likes", "comments", "reposts", "quotes")] == [0, 0, 0, 0]
    assert (found[bob1, "comments"], found[bob1, "likes"]) == (1, 0)
    assert {row["state"] for row in rows(lake, "metrics")} == {"known"}


def test_coverage_declares_what_was_not_collected(story: Story, lake: Lake) -> None:
    found = {(row["scope_uri"], row["what"]): row for row in rows(lake, "coverage")}

    def covered(scope: str | None, what: str) -> tuple[Any, ...]:
        row = found[str(scope), what]
        assert row["space_uri"] == account(story.creator)
        return row["declared"], row["collected"], row["sampling"], row["limited_by"]

    creator, one, two = account(story.creator), post(story["one"].ref), post(story["two"].ref)
    withheld = "not shown by the network"
    assert covered(creator, "posts") == (8, 8, "all", None)
    assert covered(one, "comments") == (4, 4, "all", None)
    assert covered(two, "comments") == (DEEP + 2, DEEP + 2, "all", None)
    assert covered(one, "likes") == (5, 3, "all", withheld)
    assert covered(two, "likes") == (1, 1, "all", None)
    assert covered(one, "reposts") == (1, 1, "all", None)
    assert covered(one, "quotes") == (1, 1, "all", None)
    assert covered(creator, "followers")[1:] == (5, "all", withheld)
    # Finn asks not to be shown: of the five who follow or wrote, four profiles are kept.
    assert covered(creator, "profiles") == (5, 4, "all", withheld)


def test_the_words_of_who_asks_not_to_be_shown_are_nowhere(lake: Lake) -> None:
    content = b"".join(path.read_bytes() for path in lake.layout.root.rglob("*") if path.is_file())
    assert b"secret" not in content
    assert not list(lake.layout.raw.glob("*.zst")), "pages are removed once they are committed"


def test_the_batch_says_what_it_is(story: Story, lake: Lake) -> None:
    batch = lake.batches()[0]
    assert (batch.source, batch.policy, batch.creator_uri) == ("bluesky", "public_network", account(story.creator))
    assert {"threads", "likers", "followers", "follower_profiles"} <= set(batch.capabilities)
    assert batch.seen_until is not None
    assert batch.rows_skipped == 0


def test_reading_again_adds_nothing_and_then_only_what_changed(network: Network, tmp_path: Path) -> None:
    rosa, ugo = network.join("rosa"), network.join("ugo")
    first = rosa.post("Buongiorno", 0)
    ugo.post("A te", 1, to=(first, first))
    network.settle()
    with open_lake(tmp_path / "w") as lake:
        added = read(lake, network, "rosa.test").receipt.added
        assert (added["posts"], added["accounts"], added["profiles"]) == (2, 2, 2)
        again = read(lake, network, "rosa.test").receipt
        assert not again.changed
        ugo.like(first, minute=5)
        ugo.put(PROFILE, "self", {"displayName": "Ugo"})
        network.settle()
        later = {table: n for table, n in read(lake, network, "rosa.test").receipt.added.items() if n}
        # One like, one counter, one name; coverage of likes went from 0 of 0 to 1 of 1.
        assert later == {"reactions": 1, "metrics": 1, "accounts": 1, "coverage": 1}


def test_small_pages_and_cut_threads_give_the_same_facts(
    story: Story, lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(crawl, "PAGE", 2)
    monkeypatch.setattr(crawl, "DEPTH", 7)
    monkeypatch.setattr(crawl, "PROFILES_AT_ONCE", 2)
    with open_lake(tmp_path / "w") as other:
        read(other, story.network, story.creator.did)
        for table in ("accounts", "profiles", "posts", "reactions", "follows", "metrics", "coverage"):
            assert content(other, table) == content(lake, table), table


def content(lake: Lake, table: str) -> list[Any]:
    """What a table says, without when and by whom it was read."""
    said = [
        {name: v for name, v in row.items() if name not in ("observed_at", "batch_id")} for row in rows(lake, table)
    ]
    return sorted(said, key=repr)


def test_budgets_are_kept_and_recorded(story: Story, tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        read(lake, story.network, "vera.test", max_posts=3, max_followers=2)
        found = {(row["scope_uri"], row["what"]): row for row in rows(lake, "coverage")}
        own = found[account(story.creator), "posts"]
        assert (own["declared"], own["collected"], own["sampling"]) == (8, 3, "newest")
        assert own["limited_by"] == "max_posts=3"
        followers = found[account(story.creator), "followers"]
        assert (followers["collected"], followers["sampling"]) == (2, "newest")
        assert followers["limited_by"] == "max_followers=2"
        mine = [row for row in rows(lake, "posts") if row["account_uri"] == account(story.creator)]
        assert len(mine) == 3


def test_doors_that_are_closed(story: Story, network: Network, tmp_path: Path) -> None:
    def fails(name: str, kind: type[Exception], host: str = "") -> str:
        with open_lake(tmp_path / "w") as lake, pytest.raises(kind) as caught:
            read(lake, network, name, **({"host": host} if host else {}))
        assert not list((tmp_path / "w" / "raw").glob("*.zst"))
        return str(caught.value)

    assert "knows no account nobody.test" in fails("nobody.test", NotFound)
    assert "is deactivated" in fails("dan.test", Refused)
    assert "people who are signed in" in fails("finn.test", Refused)
    assert "neither a handle nor a DID" in fails("not a handle", UsageError)
    assert "answers only people who are signed in" in fails("vera.test", Refused, host=network.pds)
    assert "not the public side of an AT Protocol network" in fails("vera.test", BadInput, host=network.control)
    with open_lake(tmp_path / "w") as lake, pytest.raises(Refused, match="private network"):
        read(lake, network, "vera.test", allow_private_hosts=False)


def test_a_creator_taken_down(network: Network, tmp_path: Path) -> None:
    mia = network.join("mia")
    subject = {"$type": "com.atproto.admin.defs#repoRef", "did": mia.did}
    for host in (network.pds, network.appview):
        answer = network.http.post(
            f"{host}/xrpc/com.atproto.admin.updateSubjectStatus",
            json={"subject": subject, "takedown": {"applied": True, "ref": "test"}},
            auth=("admin", "admin-pass"),
        )
        assert answer.status_code == 200, answer.text
    network.settle()
    with open_lake(tmp_path / "w") as lake, pytest.raises(Refused, match="taken down"):
        read(lake, network, mia.did)


def test_an_account_that_never_spoke(network: Network, tmp_path: Path) -> None:
    silent = network.join("silent")
    network.settle()
    with open_lake(tmp_path / "w") as lake:
        collected = read(lake, network, "silent.test")
        assert collected.receipt.added["accounts"] == 1
        assert rows(lake, "posts") == []
        found = {row["what"]: (row["declared"], row["collected"], row["sampling"]) for row in rows(lake, "coverage")}
        assert found == {"posts": (0, 0, "all"), "followers": (0, 0, "all"), "profiles": (0, 0, "all")}
        assert lake.batches()[0].creator_uri == account(silent)
