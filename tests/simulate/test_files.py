"""The files of a simulated community: same seed same bytes, and shaped as sources read them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from seguito.kit.errors import Refused
from seguito.simulate import youtube
from seguito.simulate.community import Community, simulate
from seguito.simulate.files import write
from seguito.simulate.plan import plan
from seguito.simulate.scramble import BASE32, named, pick
from seguito.simulate.truth import compare, truth

PROGRAM = """
import sys
from pathlib import Path
from seguito.simulate.community import simulate
from seguito.simulate.files import write
from seguito.simulate.plan import plan
for form in ("bluesky", "youtube"):
    write(simulate(plan(seed=7, comments=600)), Path(sys.argv[1]) / form, form=form)
"""


@pytest.fixture(scope="module")
def world() -> Community:
    return simulate(plan(seed=7, comments=600))


@pytest.fixture(scope="module")
def pages(world: Community, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path, _ = write(world, tmp_path_factory.mktemp("pages"))
    with path.open("rb") as file:
        text = zstandard.ZstdDecompressor().stream_reader(file).read().decode()
    return [json.loads(line) for line in text.splitlines()]


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes_in_other_processes(world: Community, tmp_path: Path) -> None:
    write(world, tmp_path / "here" / "bluesky")
    write(world, tmp_path / "here" / "youtube", form="youtube")
    for number in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": number}
        subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path / number)], env=environment, check=True)
        assert digests(tmp_path / number) == digests(tmp_path / "here")
    assert len(digests(tmp_path / "here")) == 9


def test_a_folder_that_cannot_be_made_is_one_sentence(world: Community, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(Refused, match="cannot be written"):
        write(world, tmp_path / "taken")


def test_pages_say_that_they_are_simulated_and_are_complete(pages: list[dict[str, Any]]) -> None:
    about = pages[0]
    assert about["endpoint"] == "seguito.about"
    assert about["body"]["is_simulated"] is True
    assert about["body"]["seen_until"] == "2026-06-28T18:00:00.000Z"
    assert pages[2]["endpoint"] == "app.bsky.actor.getProfile"
    assert pages[-1]["endpoint"] == "seguito.end"


def below(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [view for reply in node["replies"] for view in (reply["post"], *below(reply))]


def test_every_comment_stands_in_a_thread_once(world: Community, pages: list[dict[str, Any]]) -> None:
    threads = [page["body"]["thread"] for page in pages if page["endpoint"].endswith("getPostThread")]
    comments = [view for thread in threads for view in below(thread)]
    roots = {thread["post"]["uri"] for thread in threads}
    uris = {view["uri"] for view in comments}
    assert len(threads) == len(roots) == len(world.posts)
    assert len(comments) == len(uris) == len(world.comments)
    for view in comments:
        reply = view["record"]["reply"]
        assert reply["root"]["uri"] in roots
        assert reply["parent"]["uri"] in uris | roots
    assert sum(view["replyCount"] for view in [*comments, *(thread["post"] for thread in threads)]) == len(comments)


def test_counters_agree_with_lists(world: Community, pages: list[dict[str, Any]]) -> None:
    feed = [row["post"] for page in pages if page["endpoint"].endswith("getAuthorFeed") for row in page["body"]["feed"]]
    likes: dict[str, int] = {}
    for page in pages:
        if page["endpoint"].endswith("getLikes"):
            likes[page["params"]["uri"]] = likes.get(page["params"]["uri"], 0) + len(page["body"]["likes"])
    assert {post["uri"]: post["likeCount"] for post in feed} == likes
    assert sum(likes.values()) > 0
    followers = [
        one["did"] for page in pages if page["endpoint"].endswith("getFollowers") for one in page["body"]["followers"]
    ]
    assert len(followers) == len(set(followers)) == int(world.members.follows.sum())
    assert pages[2]["body"]["followersCount"] == len(followers)
    profiles = [
        one["did"] for page in pages if page["endpoint"].endswith("getProfiles") for one in page["body"]["profiles"]
    ]
    assert set(followers) <= set(profiles)
    assert len(profiles) == len(set(profiles))
    assert all(len(page["body"]["profiles"]) <= 25 for page in pages if page["endpoint"].endswith("getProfiles"))


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def test_the_comments_table_has_flat_threads_and_known_parents(world: Community, tmp_path: Path) -> None:
    comments, videos = (rows(path) for path in youtube.write(world, tmp_path))
    ids = {row["id"] for row in comments}
    assert len(ids) == len(comments) == len(world.comments)
    assert {row["videoId"] for row in comments} <= {row["videoId"] for row in videos}
    assert len({row["videoId"] for row in videos}) == len(videos) == len(world.posts)
    for row in comments:
        assert (row["isReply"] == "1") == ("." in row["id"]) == (int(row["inferredLevel"]) > 0)
        assert row["threadId"] == row["id"].split(".")[0]
        assert row["isReplyToId"] in ids | {""}
        if int(row["inferredLevel"]) > 1:
            assert row["text"].startswith(row["isReplyToName"] + " ")
    assert sum(int(row["totalReplyCount"]) for row in comments) == sum(row["isReply"] == "1" for row in comments)
    owner = {row["authorChannelId"] for row in comments if row["isChannelOwner"] == "1"}
    assert owner == {row["channelId"] for row in videos}
    assert sum(int(row["commentCount"]) for row in videos) == len(comments)


def test_an_earlier_file_holds_the_oldest_comments_unchanged(world: Community, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    all_rows = {row["id"]: row for row in rows(youtube.write(world, tmp_path / "a")[0])}
    early = rows(youtube.write(world, tmp_path / "b", oldest=300)[0])
    assert len(early) == 300
    assert (
        max(row["publishedAt"] for row in early) <= sorted(row["publishedAt"] for row in all_rows.values())[len(early)]
    )
    counted = ("totalReplyCount", "inferredReplyCount")
    assert all({**row, **dict.fromkeys(counted)} == {**all_rows[row["id"]], **dict.fromkeys(counted)} for row in early)


def test_blocks_do_not_change_the_file(world: Community, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = youtube.write(world, tmp_path / "a")[0].read_bytes()
    monkeypatch.setattr(youtube, "BLOCK", 17)
    assert youtube.write(world, tmp_path / "b")[0].read_bytes() == whole


def test_the_truth_is_what_the_files_hold(world: Community, tmp_path: Path) -> None:
    """Counted again from the table alone, with plain Python."""
    table = rows(youtube.write(world, tmp_path)[0])
    author = {row["id"]: row["authorChannelId"] for row in table}
    owner = {row["id"] for row in table if row["isChannelOwner"] == "1"}
    answered = {row["isReplyToId"] for row in table if row["id"] in owner}
    members = [row for row in table if row["id"] not in owner]
    to_member = [row for row in members if row["isReplyToId"] and row["isReplyToId"] not in owner]
    pairs = {(row["authorChannelId"], author[row["isReplyToId"]]) for row in to_member}
    planted = truth(world)
    assert planted["comments"] == len(members)
    assert planted["answers"] == len(owner)
    assert planted["answered_share"] == pytest.approx(sum(row["id"] in answered for row in members) / len(members))
    assert planted["member_to_member_share"] == pytest.approx(len(to_member) / len(members))
    assert planted["mutual_pairs"] == sum(1 for one, other in pairs if one < other and (other, one) in pairs)
    assert planted["commenters"] == len({row["authorChannelId"] for row in members})


def test_planted_and_found_stand_side_by_side(world: Community) -> None:
    interval = {"lo": 0.2, "hi": 0.4}
    estimate = {"measure": "dialogue.answered_share", "value": 0.3, "interval": interval}
    (row,) = compare(truth(world), {"estimates": [estimate, {"measure": "other.thing", "value": 1, "interval": None}]})
    assert (row.found, row.lo, row.hi) == (0.3, 0.2, 0.4)
    assert row.planted == truth(world)["answered_share"]


def test_names_made_from_numbers_do_not_clash_and_picks_are_even() -> None:
    import numpy as np

    numbers = np.arange(50_000)
    assert len(set(named(numbers, 1, "x", prefix="", length=24, alphabet=BASE32).to_pylist())) == 50_000
    counts = np.bincount(pick(numbers, 1, "x", 10), minlength=10)
    # Ten cells of about 5,000: chi square with 9 degrees of freedom stays below 27.9 in 999 of 1000 cases.
    assert ((counts - 5_000) ** 2 / 5_000).sum() < 27.9
