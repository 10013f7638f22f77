"""The public data sets, collected through the pipeline: every row accounted for, and what each can and cannot show."""

from __future__ import annotations

from pathlib import Path

import pytest

from seguito import pipeline
from seguito.facts.batch import Batch
from seguito.sources.contract import Options
from seguito.sources.files.recognise import open_files
from seguito.store.lake import Lake, open_lake

pytestmark = pytest.mark.data


def collect(lake: Lake, *paths: Path, creator: str | None = None) -> list[Batch]:
    return [pipeline.collect(lake, one).batch for one in open_files(paths, Options(creator=creator))]


def count(lake: Lake, table: str) -> int:
    return int(lake.snapshot().current(table).count().execute())


def spaces(lake: Lake) -> set[str]:
    posts = lake.snapshot().current("posts")
    return set(lake.snapshot().engine.fetch(posts.select("space_uri").distinct())["space_uri"].to_pylist())


def test_comments_of_2013_without_threads(data: Path, tmp_path: Path) -> None:
    folder = data / "evaluate" / "youtube_corpus_2013"
    with open_lake(tmp_path / "w") as lake:
        videos, comments = collect(lake, folder / "comments.tsv.gz", folder / "videos.jsonl", creator="juptube")
        assert (videos.rows_read, videos.rows_skipped) == (96, 0)
        assert (comments.rows_read, comments.rows_skipped) == (81_449, 0)
        assert set(videos.capabilities) == {"creator", "texts", "times", "view_counts"}
        assert set(comments.capabilities) == {"authors", "creator", "texts", "times"}
        assert comments.creator_uri == videos.creator_uri == "youtube:account:juptube"
        assert count(lake, "posts") == 81_449 + 96
        assert count(lake, "accounts") == 60_889 + 77
        assert len(spaces(lake)) == 77
        before = lake.batches()
        collect(lake, folder / "comments.tsv.gz", folder / "videos.jsonl", creator="juptube")
        assert lake.batches() == before


def test_comments_of_2023_without_times(data: Path, tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        (batch,) = collect(lake, data / "evaluate" / "youtube_spam_2023" / "train_90videos.tsv")
        assert (batch.rows_read, batch.rows_skipped) == (4_607, 59)
        assert batch.skip_reasons == '{"the id occurred before in this file": 59}'
        # Who comments is known by digests, the creators by name: nobody can tell which comments are the creators'.
        assert set(batch.capabilities) == {"authors", "texts", "threads"}
        posts = lake.snapshot().current("posts")
        assert posts.filter(posts.root_uri.isnull()).count().execute() == 90
        replies = posts.filter(posts.parent_uri.notnull() & (posts.parent_uri != posts.root_uri))
        assert 0 < replies.count().execute() < 4_548
        assert posts.created_at.notnull().sum().execute() == 0


def test_comments_under_brands_by_nobody_knows_whom(data: Path, tmp_path: Path) -> None:
    folder = data / "evaluate" / "instagram_brand_comments_2018_20"
    with open_lake(tmp_path / "w") as lake:
        posts, comments = collect(lake, folder / "comments.tsv.gz", folder / "posts.tsv")
        assert (posts.rows_read, posts.rows_skipped) == (1_508, 0)
        assert (comments.rows_read, comments.rows_skipped) == (28_028, 0)
        assert set(comments.capabilities) == {"creator", "texts"}
        assert count(lake, "posts") == 28_028 + 1_508
        assert len(spaces(lake)) == 2


def test_files_of_one_video_each(data: Path, tmp_path: Path) -> None:
    paths = sorted((data / "evaluate" / "youtube_spam_uci").glob("*.tsv"))
    with open_lake(tmp_path / "w") as lake:
        batches = collect(lake, *paths)
        assert [(one.rows_read, one.rows_skipped) for one in batches] == [(350, 0), (350, 0), (438, 0)]
        assert {tuple(one.capabilities) for one in batches} == {("authors", "texts", "times")}
        assert len(spaces(lake)) == 3
        assert all(uri.startswith("youtube:account:unnamed-") for uri in spaces(lake))


@pytest.mark.parametrize(
    ("paths", "creator", "measures"),
    [
        (("youtube_corpus_2013/comments.tsv.gz", "youtube_corpus_2013/videos.jsonl"), "juptube", ("threads",)),
        (("youtube_spam_2023/train_90videos.tsv",), "Mixtape Madness", ("creator",)),
    ],
    ids=["2013", "2023"],
)
def test_the_dossier_says_what_the_source_cannot_answer(
    data: Path, tmp_path: Path, paths: tuple[str, ...], creator: str, measures: tuple[str, ...]
) -> None:
    with open_lake(tmp_path / "w") as lake:
        collect(lake, *(data / "evaluate" / path for path in paths), creator=creator)
        pipeline.label(lake)
        dossier = pipeline.vet(lake, creator)
        answered = next(one for one in dossier.estimates if one.measure == "dialogue.answered_share")
        assert answered.status == "not_identified"
        assert answered.value is None
        assert set(measures) <= set(answered.reasons[0].values["capabilities"])
