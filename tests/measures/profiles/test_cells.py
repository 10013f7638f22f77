"""What columns are taken for, and what stands in their cells: unknown where it cannot be read, never zero."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from seguito.kit.errors import UsageError
from seguito.measures.profiles.cells import bare, profiles_of, seconds, unreadable
from seguito.measures.profiles.columns import recognise

TWITTER = (
    "id", "name", "screen_name", "statuses_count", "followers_count", "friends_count", "created_at",
    "default_profile", "default_profile_image", "protected", "description", "updated",
)  # fmt: skip


def read(moment: datetime | None = None, **columns: list[str | None]) -> dict[str, list[int]]:
    table = {name: pa.chunked_array([pa.array(cells, pa.string())]) for name, cells in columns.items()}
    rows = len(next(iter(columns.values())))
    return {name: column.tolist() for name, column in profiles_of(table, rows, moment).columns.items()}


def test_usual_names_are_recognised() -> None:
    found = recognise(TWITTER, {})
    assert found == {
        "followers": "followers_count", "following": "friends_count", "posts": "statuses_count",
        "bio": "description", "no_picture": "default_profile_image", "private": "protected",
        "username": "screen_name", "created_at": "created_at", "seen_at": "updated",
    }  # fmt: skip
    bluesky = recognise(("did", "handle", "description", "followersCount", "followsCount", "postsCount", "avatar"), {})
    assert (bluesky["following"], bluesky["picture_url"]) == ("followsCount", "avatar")
    assert recognise(("user.followers_count", "user.public_metrics.following_count"), {}) == {
        "followers": "user.followers_count",
        "following": "user.public_metrics.following_count",
    }


def test_names_told_by_hand_come_first() -> None:
    found = recognise(("fans", "followers_count", "posts"), {"followers": "fans", "posts": "-"})
    assert found == {"followers": "fans"}
    for told in ({"fame": "fans"}, {"followers": "fan"}):
        with pytest.raises(UsageError):
            recognise(("fans",), told)
    with pytest.raises(UsageError, match="No column tells"):
        recognise(("id", "text"), {})


def test_counts() -> None:
    assert read(followers=["12", "0", None, "many", "-3", "1e3", "inf", "nan"])["followers"] == [
        12, 0, -1, -1, -1, 1000, -1, -1,
    ]  # fmt: skip


def test_yes_and_no_and_the_default_picture_turned_round() -> None:
    assert read(private=["1", "0", None, "True", "no", "?"])["private"] == [1, 0, -1, 1, 0, -1]
    assert read(no_picture=["true", "false", None])["picture"] == [0, 1, -1]
    # A column that only ever says yes leaves the others empty.
    assert read(no_picture=["1", None, None])["picture"] == [0, 1, 1]
    assert read(private=[None, None])["private"] == [-1, -1]


def test_words_are_counted_and_empty_ones_are_none_where_others_are_not() -> None:
    assert read(bio=["ciao", None, "NULL"])["bio"] == [4, 0, 0]
    assert read(bio=[None, None])["bio"] == [-1, -1]
    assert read(picture_url=["https://x/1.jpg", None])["picture"] == [1, 0]
    assert read(bio=["longer"], bio_length=["3"])["bio"] == [3]


def test_usernames() -> None:
    found = read(username=["@anna_1992", "bo7.bsky.social", "carla@host.example", None])
    assert found["username_length"] == [9, 3, 5, -1]
    assert found["username_digits"] == [4, 1, 0, -1]
    assert bare(" @@ ") == ""


def test_ages_need_two_moments() -> None:
    made: list[str | None] = [
        "Tue Mar 24 10:51:20 +0000 2009",
        "2009-03-24T10:51:20Z",
        "1237891880",
        "1237891880000L",
        "x",
        None,
    ]
    assert [seconds(cell or "") for cell in made] == [1237891880] * 4 + [-1, -1]
    assert "age" not in read(created_at=made) or set(read(created_at=made)["age"]) == {-1}
    seen = datetime(2009, 4, 3, 10, 51, 20, tzinfo=UTC)
    assert read(seen, created_at=made)["age"] == [10] * 4 + [-1, -1]
    assert read(created_at=made[:2], seen_at=["2009-03-25 10:51:20", "2009-03-01"])["age"] == [1, -1]


LAYOUTS = {
    "profile pic,nums/length username,name==username,description length,private,#posts,#followers,#follows": {
        "picture": "profile pic", "username_digit_share": "nums/length username", "bio_length": "description length",
        "private": "private", "posts": "#posts", "followers": "#followers", "following": "#follows",
    },
    "node.edge_followed_by.count,node.edge_follow.count,node.edge_owner_to_timeline_media.count,node.is_followed": {
        "followers": "node.edge_followed_by.count", "following": "node.edge_follow.count",
        "posts": "node.edge_owner_to_timeline_media.count",
    },
    "authorMeta.fans,authorMeta.following,authorMeta.video,authorMeta.heart,authorMeta.privateAccount": {
        "followers": "authorMeta.fans", "following": "authorMeta.following", "posts": "authorMeta.video",
        "private": "authorMeta.privateAccount",
    },
    "statistics.viewCount,statistics.subscriberCount,statistics.videoCount,snippet.customUrl,snippet.publishedAt": {
        "followers": "statistics.subscriberCount", "posts": "statistics.videoCount", "username": "snippet.customUrl",
        "created_at": "snippet.publishedAt",
    },
    # A flag called "following" stands beside the counter.
    "following,friends_count,followers_count,favourites_count,follow_request_sent,default_profile": {
        "following": "friends_count", "followers": "followers_count",
    },
    "Number of followers,Num Following,Bio Length,Has Profile Picture": {
        "followers": "Number of followers", "following": "Num Following", "bio_length": "Bio Length",
        "picture": "Has Profile Picture",
    },
}  # fmt: skip


@pytest.mark.parametrize("header", LAYOUTS)
def test_columns_of_many_tools(header: str) -> None:
    assert recognise(header.split(","), {}) == LAYOUTS[header]


def test_counts_as_pages_show_them() -> None:
    assert read(followers=["1,234", "12.3K", "2m", "1,2", " 7 ", "K"])["followers"] == [1234, 12300, 2000000, -1, 7, -1]


def test_pictures_that_nobody_chose_are_none() -> None:
    told = ["https://x/default_profile_normal.png", "https://x/me.jpg", None]
    assert read(picture_url=told)["picture"] == read(picture=told)["picture"] == [0, 1, 0]
    assert "picture" not in read(picture_url=[None, None])
    # Where flags say nothing, addresses may.
    assert read(no_picture=["?", "?"], picture_url=["https://x/me.jpg", None])["picture"] == [1, 0]


def test_a_share_of_digits_is_counted_as_in_a_name_of_usual_length() -> None:
    found = read(username_digit_share=["0.33", "0", "1.5", None])
    assert (found["username_digits"], found["username_length"]) == ([3, 0, -1, -1], [10, 10, -1, -1])
    assert read(username_digit_share=["0.25"], username_length=["16"])["username_digits"] == [4]


def test_whether_there_are_words_is_no_more_than_one_letter() -> None:
    assert read(has_bio=["yes", "no", None])["bio"] == [1, 0, -1]


def test_cells_that_cannot_be_read_are_counted_and_empty_ones_are_not() -> None:
    table = {
        "followers": pa.chunked_array([pa.array(["many", None, "NULL", "3"])]),
        "private": pa.chunked_array([pa.array(["?", "yes", "no", ""])]),
        "bio": pa.chunked_array([pa.array(["x", None, "y", "z"])]),
    }
    assert unreadable(table, profiles_of(table, 4)) == {"followers": 1, "private": 1}
