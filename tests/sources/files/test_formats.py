"""The formats of known tools, field by field where a field is a trap."""

from __future__ import annotations

from typing import Any

from seguito.sources.contract import Options
from seguito.testing.sources import Observed, observe
from tests.sources.files.reading import posts, seen
from tests.sources.files.samples import BY_NAME


def look(name: str, **options: Any) -> Observed:
    return observe(BY_NAME[name].opening(Options(**options)))


def metrics(found: Observed) -> dict[tuple[str, str], tuple[int | None, str]]:
    return {
        (row["subject_uri"].rsplit(":", 1)[1], row["metric"]): (row["value"], row["state"])
        for row in found.table("metrics").to_pylist()
    }


def test_youtube_data_tools_tells_the_creator_by_the_owner_flag() -> None:
    found = look("youtube_data_tools.comments-2.csv")
    owner = "youtube:account:UCowner0000000000000000A"
    assert found.about.creator_uri == owner
    assert {row["space_uri"] for row in posts(found)} == {owner}
    assert {row["created_basis"] for row in posts(found)} == {"utc_declared"}
    coverage = {(row["what"], row["scope_uri"]): row for row in found.table("coverage").to_pylist()}
    replies = coverage["replies", "youtube:comment:Ugx0000000000000000001"]
    assert (replies["declared"], replies["collected"]) == (3, 3)
    comments = coverage["comments", "youtube:post:vidAAAAAAA1"]
    assert (comments["declared"], comments["declared_state"], comments["collected"]) == (None, "unknown", 6)


def test_a_list_of_videos_says_how_many_comments_there_are() -> None:
    paths = [BY_NAME[name].path for name in ("youtube_data_tools.comments-2.csv", "youtube_data_tools.videos.csv")]
    videos, comments = seen(*paths, at=0), seen(*paths, at=1)
    assert videos.about.source == comments.about.source == "youtube_data_tools"
    (row,) = [row for row in comments.table("coverage").to_pylist() if row["what"] == "comments"]
    assert (row["declared"], row["declared_state"], row["collected"]) == (6, "known", 6)
    assert "comment_counts" in comments.about.capabilities
    # The list describes the video; the comments must not describe it again, and worse.
    assert comments.table("posts").num_rows == comments.comments().num_rows
    known = metrics(videos)
    assert known["vidAAAAAAA1", "likes"] == (812, "known")
    assert ("vidCCCCCCC3", "likes") not in known  # an empty cell is unknown, never 0
    assert known["vidCCCCCCC3", "comments"] == (0, "known")


def test_the_old_tool_names_its_video_in_the_file_name_and_stores_html() -> None:
    found = look("youtube_data_tools.videoinfo_vidBBBBBBB2_2019_03_05_comments.tab", timezone="Europe/Rome")
    rows = {row["uri"].rsplit(":", 1)[1]: row for row in posts(found)}
    assert {row["root_uri"] for row in rows.values()} == {"youtube:post:vidBBBBBBB2"}
    assert rows["z12old1"]["text"] == "Bello! 1:00 & poi?\na capo"
    assert rows["z12old1"]["created_at"].hour == 11  # noon in Rome in winter
    assert rows["z12old1"]["created_basis"] == "server_local_unknown"
    assert rows["z12old1.9"]["inferred_parent_uri"] == "youtube:comment:z12old1"
    assert found.about.capabilities >= {"authors", "threads"}
    assert "creator" not in found.about.capabilities


def test_the_same_capture_counts_once_and_the_newest_is_kept() -> None:
    found = look("zeeschuimer.tiktok-posts.ndjson")
    assert [one.reason for one in found.rejects] == ["the same was captured again"]
    known = metrics(found)
    assert known["7360000000000000001", "likes"] == (120, "known")
    assert ("7360000000000000002", "likes") not in known
    profile = found.table("profiles").to_pylist()[0]
    assert (profile["account_uri"], profile["followers"]) == ("tiktok:account:7001", 45000)
    assert found.about.seen_until is not None
    assert found.about.seen_until.isoformat() == "2024-06-02T00:00:00+00:00"


def test_hidden_likes_have_a_state_and_no_value() -> None:
    for name in ("zeeschuimer.instagram-posts.ndjson", "minet.instagram-posts.csv", "fourcat.instagram-posts.csv"):
        known = metrics(look(name))
        assert known["CodeAAAAAAA", "likes"] == (812, "known")
        assert known["CodeBBBBBBB", "likes"] == (None, "hidden")


def test_both_forms_of_an_instagram_page_are_read() -> None:
    rows = {row["uri"]: row for row in look("zeeschuimer.instagram-posts.ndjson").table("posts").to_pylist()}
    old = rows["instagram:post:CodeCCCCCCC"]
    assert (old["text"], old["account_uri"], old["paid_flag"]) == ("Vecchia forma", "instagram:account:1000", "unknown")
    assert rows["instagram:post:CodeAAAAAAA"]["paid_flag"] == "yes"
    assert rows["instagram:post:CodeBBBBBBB"]["paid_flag"] == "no"


def test_top_level_and_reply_on_tiktok() -> None:
    for name in ("zeeschuimer.tiktok-comments.ndjson", "fourcat.tiktok-comments.csv", "fourcat.tiktok-comments.ndjson"):
        rows = {row["uri"].rsplit(":", 1)[1]: row for row in posts(look(name))}
        first, second = rows["7361000000000000001"], rows["7361000000000000002"]
        assert first["parent_uri"] == first["root_uri"] == "tiktok:post:7360000000000000001"
        assert second["parent_uri"] == "tiktok:comment:7361000000000000001"
        assert first["created_at"].minute == 16


def test_videos_and_comments_of_tiktok_meet_in_the_creator() -> None:
    names = ("zeeschuimer.tiktok-comments.ndjson", "zeeschuimer.tiktok-posts.ndjson")
    found = seen(*(BY_NAME[name].path for name in names), at=1)
    assert {row["space_uri"] for row in posts(found)} == {"tiktok:account:7001"}
    assert "creator" in found.about.capabilities
    by_handle = seen(BY_NAME[names[0]].path, BY_NAME["fourcat.tiktok-posts.csv"].path, at=1)
    assert {row["space_uri"] for row in posts(by_handle)} == {"tiktok:account:7001"}


def test_replies_in_a_file_of_posts_stand_in_the_space_of_the_root() -> None:
    rows = {row["uri"][-1]: row for row in look("minet.bluesky-posts.csv").table("posts").to_pylist()}
    assert rows["1"]["root_uri"] is None
    assert rows["2"]["kind"] == "comment"
    assert rows["2"]["space_uri"] == rows["1"]["account_uri"] == "bluesky:account:did:plc:creatrice"
    assert rows["2"]["parent_uri"] == rows["1"]["uri"]


def test_default_pictures_of_followers() -> None:
    found = look("minet.instagram-followers.csv", creator="creatrice")
    avatars = {row["account_uri"]: row["has_avatar"] for row in found.table("profiles").to_pylist()}
    assert avatars == {"instagram:account:1001": "yes", "instagram:account:1002": "no"}
    assert {row["followed_uri"] for row in found.table("follows").to_pylist()} == {"instagram:account:creatrice"}
