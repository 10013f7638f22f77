"""Whose space comments stand in, and when it is honest to say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from seguito.kit.errors import UsageError
from seguito.sources.contract import Options
from tests.sources.files.reading import posts, read, seen
from tests.sources.files.samples import BY_NAME

MINET = "comment_id,video_id,author_channel_id,author_name,text,published_at,parent_comment_id\n"
ROW = "c1,v1,UCanna,@anna,ciao,2024-05-01T10:00:00Z,\n"
OWN = "c2,v1,UCowner,@Creatrice,grazie,2024-05-01T11:00:00Z,c1\n"


def test_nobody_tells_who_the_creator_is(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", MINET + ROW + OWN)
    assert found.about.sha256 is not None
    unnamed = f"youtube:account:unnamed-{found.about.sha256[:12]}"
    assert {row["space_uri"] for row in posts(found)} == {unnamed}
    assert found.about.creator_uri == unnamed
    assert "creator" not in found.about.capabilities
    assert any("--creator" in note for note in found.about.notes)


@pytest.mark.parametrize("name", ["@creatrice", "Creatrice", "UCowner", "youtube:account:UCowner"])
def test_a_creator_who_comments_is_found_by_handle_and_id(tmp_path: Path, name: str) -> None:
    found = read(tmp_path / "x.csv", MINET + ROW + OWN, Options(creator=name))
    assert {row["space_uri"] for row in posts(found)} == {"youtube:account:UCowner"}
    assert "creator" in found.about.capabilities


def test_a_creator_who_never_comments_must_be_named_by_id(tmp_path: Path) -> None:
    by_id = read(tmp_path / "x.csv", MINET + ROW, Options(creator="UCowner"))
    assert "creator" in by_id.about.capabilities  # seen nowhere among the authors: did not answer
    by_handle = read(tmp_path / "x.csv", MINET + ROW, Options(creator="@creatrice"))
    assert by_handle.about.creator_uri == "youtube:account:creatrice"
    assert "creator" not in by_handle.about.capabilities  # might be any of those known by id


def test_creators_told_by_posts_beside_are_not_overruled(tmp_path: Path) -> None:
    videos = tmp_path / "youtube.csv"  # the name of one tells the platform of both
    videos.write_text("video_id,title,creator,views\nv1,Torta,Una,5\nv2,Pane,Due,6\n")
    comments = tmp_path / "comments.csv"
    comments.write_text("comment_id,video_id,author_hash,content\nc1,v1,u_1,ciao\nc2,v1,u_2,ciao\nc3,v2,u_1,ciao\n")
    found = seen(comments, videos, options=Options(creator="due"), at=1)
    assert [row["space_uri"] for row in posts(found)] == ["youtube:account:una"] * 2 + ["youtube:account:due"]
    assert found.about.creator_uri == "youtube:account:due"
    with pytest.raises(UsageError, match="no creator 'Tre'"):
        _ = seen(comments, videos, options=Options(creator="Tre"), at=1)


def test_with_threads_a_creator_in_other_keys_is_not_claimed(tmp_path: Path) -> None:
    found = read(
        tmp_path / "youtube.csv",
        "video_id,channel_name,comment_id,parent_id,author_hash,comment\n"
        "v1,Una,c1,,u_1,ciao\nv1,Una,c2,c1,u_2,ciao\nv2,Due,c3,,u_1,ciao\n",
    )
    assert {row["space_uri"] for row in posts(found)} == {"youtube:account:una", "youtube:account:due"}
    assert found.about.capabilities == {"authors", "texts", "threads"}
    assert all(row["is_pseudonymous"] for row in found.table("accounts").to_pylist())


def test_a_post_known_from_its_comments_alone_is_dated_by_the_oldest_of_them(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", MINET + OWN + ROW)
    (stub,) = [row for row in found.table("posts").to_pylist() if row["root_uri"] is None]
    assert stub["uri"] == "youtube:post:v1"
    assert stub["created_at"] is None
    assert stub["observed_at"].isoformat() == "2024-05-01T10:00:00+00:00"
    assert found.about.observed_at.isoformat() == "2024-05-01T11:00:00+00:00"


def test_the_creator_is_part_of_what_was_read() -> None:
    path = BY_NAME["minet.youtube-comments.csv"].path
    unnamed, named = seen(path), seen(path, options=Options(creator="UCx"))
    assert unnamed.about.batch_id != named.about.batch_id


def test_digests_in_place_of_authors_hide_the_creator_too(tmp_path: Path) -> None:
    hashed = ROW.replace("UCanna", "a" * 40) + OWN.replace("UCowner", "b" * 40).replace("@Creatrice", "")
    found = read(tmp_path / "x.csv", MINET + hashed, Options(creator="UCowner"))
    assert "creator" not in found.about.capabilities
    assert all(row["is_pseudonymous"] for row in found.table("accounts").to_pylist())


def test_a_list_of_followers_beside_the_posts_of_one_account(tmp_path: Path) -> None:
    names = ("minet.instagram-followers.csv", "fourcat.instagram-posts.csv")
    found = seen(*(BY_NAME[name].path for name in names), at=1)
    assert {row["followed_uri"] for row in found.table("follows").to_pylist()} == {"instagram:account:1000"}
