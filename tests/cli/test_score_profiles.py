"""The door for sets of profiles, as a person uses it: the same profiles score alike, whatever columns are called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.command import assert_refused, seguito

# followers, following, posts, letters of the self-description, whether there is a picture, whether sold.
FAKES = [(3 + n % 20, 900 + 40 * n, n % 3, 0, n % 2, 1) for n in range(40)]
OTHERS = [(150 + 17 * n, 220 + 5 * n, 20 + 3 * n, 25, 1, 0) for n in range(80)]
ROWS = [*FAKES, *OTHERS]


def written(path: Path, header: str, rows: list[list[Any]]) -> Path:
    lines = [header, *(",".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def scored(path: Path, *args: str) -> dict[str, Any]:
    done = seguito("score-profiles", path.name, *args, "--json", cwd=path.parent)
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def instagram(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [[*row[:4], *row[4:]] for row in ROWS]
    header = "userFollowerCount,userFollowingCount,userMediaCount,userBiographyLength,userHasProfilPic,isFake"
    return written(tmp_path_factory.mktemp("door") / "instagram.csv", header, rows)


def test_figures_of_a_set(instagram: Path) -> None:
    found = scored(instagram, "--gold", "isFake", "--positive", "1")
    assert (found["n"], found["positives"], found["decided"]) == (120, 40, 120)
    assert found["auc"]["value"] == 1
    assert found["counts"] == {"true_positive": 40, "false_negative": 0, "false_positive": 0, "true_negative": 80}
    assert found["sensitivity"]["lo"] == pytest.approx(0.9124, abs=1e-4)  # Wilson for 40 of 40
    assert list(found["ppv"]) == ["0.05", "0.10", "0.20"]
    assert found["fields"]["username"] == 0
    behind = found["prevalence"]
    assert behind["fields"] == ["followers", "following", "posts", "bio", "picture"]
    assert behind["share_above"]["value"] == behind["true"] == pytest.approx(1 / 3, abs=1e-4)
    assert behind["hull"]["lo"] < behind["lo"] < behind["value"] < behind["hi"] < behind["hull"]["hi"]


HANDLE = "marta.rossi"


def layouts(folder: Path) -> dict[str, tuple[Path, str]]:
    """The same profiles as other platforms and tools write them, and the column of the gold."""
    bios = [["x" * row[3]] for row in ROWS]
    twitter = [
        [n, HANDLE, posts, followers, following, 7, "" if has else 1, "", f'"{bio[0]}"', gold]
        for n, ((followers, following, posts, _, has, gold), bio) in enumerate(zip(ROWS, bios, strict=True))
    ]
    kaggle = [
        [has, 0, letters, 0, posts, followers, following, gold]
        for followers, following, posts, letters, has, gold in ROWS
    ]
    tiktok = [
        {"user": {"uniqueId": HANDLE, "signature": bio[0], "avatarLarger": "https://p/a.jpg" if row[4] else ""},
         "stats": {"followerCount": row[0], "followingCount": row[1], "videoCount": row[2]}, "bot": bool(row[5])}
        for row, bio in zip(ROWS, bios, strict=True)
    ]  # fmt: skip
    bluesky = [
        {"did": f"did:{n}", "handle": HANDLE, "description": bio[0], "avatar": "https://p/a.jpg" if row[4] else None,
         "followersCount": row[0], "followsCount": row[1], "postsCount": row[2], "indexedAt": "2026-01-01T00:00:00Z",
         "label": "sold" if row[5] else "person"}
        for n, (row, bio) in enumerate(zip(ROWS, bios, strict=True))
    ]  # fmt: skip
    (folder / "tiktok.ndjson").write_text("\n".join(json.dumps(one) for one in tiktok))
    (folder / "bluesky.json").write_text(json.dumps(bluesky))
    names = ("edge_followed_by", "edge_follow", "media_count", "bio_length", "has_profile_pic", "is_fake")
    pq.write_table(
        pa.table({name: [row[n] for row in ROWS] for n, name in enumerate(names)}), folder / "scraped.parquet"
    )
    return {
        "twitter": (
            written(
                folder / "twitter.csv",
                "id,screen_name,statuses_count,followers_count,friends_count,favourites_count,default_profile_image,"
                "following,description,gold",
                twitter,
            ),
            "gold",
        ),
        "kaggle": (
            written(
                folder / "kaggle.csv",
                "profile pic,nums/length username,description length,private,#posts,#followers,#follows,fake",
                kaggle,
            ),
            "fake",
        ),
        "tiktok": (folder / "tiktok.ndjson", "bot"),
        "bluesky": (folder / "bluesky.json", "label"),
        "scraped": (folder / "scraped.parquet", "is_fake"),
    }


def test_the_same_profiles_in_other_layouts_score_alike(tmp_path: Path, instagram: Path) -> None:
    first = scored(instagram, "--gold", "isFake")
    for name, (path, gold) in layouts(tmp_path).items():
        positive = ("--positive", "sold") if name == "bluesky" else ()
        found = scored(path, "--gold", gold, *positive)
        known = {field for field, share in found["fields"].items() if share}
        assert {"followers", "following", "posts", "bio", "picture"} <= known, name
        assert (found["n"], found["counts"]) == (first["n"], first["counts"]), name
        assert found["columns"][path.name]["followers"] != found["columns"][path.name]["following"]


def test_a_channel_tells_nothing_of_whom_it_follows(tmp_path: Path) -> None:
    rows = [[row[0], row[2], "x" * row[3], row[5]] for row in ROWS]
    found = scored(
        written(tmp_path / "youtube.csv", "subscriberCount,videoCount,description,gold", rows), "--gold", "gold"
    )
    # Followers, posts and words reach 10 of 27 points: an order, but no decision and no prevalence.
    assert (found["n"], found["decided"], found["auc"]["value"]) == (120, 0, 1)
    assert found["sensitivity"]["value"] is None
    assert (found["prevalence"]["value"], found["prevalence"]["share_above"]) == (None, None)
    done = seguito("score-profiles", "youtube.csv", "--gold", "gold", cwd=tmp_path)
    assert "does not tell following, picture, private, username" in " ".join(done.stderr.split())
    assert "Not decided: 120 profiles" in done.stderr


def test_rows_and_cells_that_cannot_be_read_are_counted_and_kept_out(tmp_path: Path) -> None:
    rows: list[list[Any]] = [list(row) for row in ROWS]
    rows[0][0], rows[1][0], rows[2][5] = "many", None, None
    path = written(tmp_path / "bad.csv", "followers,following,posts,bio_length,has_avatar,fake", rows)
    path.write_text(path.read_text() + "1,2\n1,2,3,4,1,0,9,9\n")
    found = scored(path, "--gold", "fake", "--positive", "1")
    assert (found["rows"], found["rejected"], found["unreadable"]) == (120, 2, {"followers": 1})
    assert (found["left_out"], found["n"], found["positives"]) == ({"": 1}, 119, 39)
    assert found["fields"]["followers"] == pytest.approx(117 / 119, abs=1e-4)
    # Without followers the others reach 13 of 27 points: two are put in the order and not decided on.
    assert (found["ordered"], found["decided"], found["prevalence"]["n"]) == (119, 117, 117)
    said = seguito("score-profiles", "bad.csv", "--gold", "fake", "--positive", "1", cwd=tmp_path).stderr
    assert "Not readable: 2 rows" in said
    assert "1 cells of followers" in said


def test_columns_are_told_by_hand(tmp_path: Path) -> None:
    rows = [[*row[:5], row[5]] for row in ROWS]
    path = written(tmp_path / "odd.csv", "a,b,c,d,e,sold", rows)
    assert_refused(
        seguito("score-profiles", "odd.csv", cwd=tmp_path), 2, "No column tells anything", "--column NAME=COLUMN"
    )
    told = ("followers=a", "following=b", "posts=c", "bio_length=d", "picture=e")
    found = scored(path, "--gold", "sold", *(part for one in told for part in ("--column", one)))
    assert found["counts"]["true_positive"] == 40
    wrong = seguito("score-profiles", "odd.csv", "--column", "fame=a", cwd=tmp_path)
    assert_refused(wrong, 2, "A profile has no 'fame'")
    assert_refused(seguito("score-profiles", "odd.csv", "--column", "followers=z", cwd=tmp_path), 2, "no column 'z'")


def test_without_gold_it_counts(instagram: Path) -> None:
    found = scored(instagram)
    assert "auc" not in found
    assert found["prevalence"]["share_above"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert "true" not in found["prevalence"]
    refused = seguito("score-profiles", "instagram.csv", "--positive", "1", cwd=instagram.parent)
    assert_refused(refused, 2, "--positive and --map speak of the gold")


def test_points_of_one_s_own_and_another_threshold(instagram: Path, tmp_path: Path) -> None:
    from seguito.measures.profiles.scorer import place_of

    mine = tmp_path / "mine.toml"
    mine.write_text(place_of("open").read_text(encoding="utf-8").replace('name = "open"', 'name = "mine"'))
    found = scored(instagram, "--gold", "isFake", "--weights", str(mine))
    assert found["counts"]["true_positive"] == 40
    # Nobody measured how often these are wrong: the share is told, the prevalence is not.
    assert (found["prevalence"]["errors_known"], found["prevalence"]["value"]) == (False, None)
    strict = scored(instagram, "--gold", "isFake", "--threshold", "25")
    assert strict["counts"]["true_positive"] < 40
    assert strict["prevalence"]["value"] is None
    missing = seguito("score-profiles", "instagram.csv", "--weights", "gone.toml", cwd=instagram.parent)
    assert_refused(missing, 66, "gone.toml cannot be read")
