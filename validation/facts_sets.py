"""Facts of public sets. Only figures are taken from them; no row is kept or shown."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from validation.facts_log import Ints, Log, activity, facts, post_facts

SEVERAL = 3


def real(folder: Path) -> dict[str, dict[str, float]]:
    """The facts that each set can tell, by its name on the page."""
    return {
        "YouTube 2013": _corpus(folder),
        "the same, channels of several videos": _channels(folder),
        "YouTube 2022, Italian news": _threads(folder),
        "YouTube 2023": _spam(folder),
        "Instagram, two brands": _brands(folder),
        "Instagram, ordinary accounts": _accounts(folder),
    }


def _corpus(folder: Path) -> dict[str, float]:
    """96 famous videos of many channels: who comes back is seen only where one person commented on several."""
    rows, published = _videos(folder)
    return facts(
        Log(
            author=_coded(row["author_hash"] for row in rows),
            post=_coded(row["video_id"] for row in rows),
            at=_times(row["published"] for row in rows),
            published=np.array([published[row["video_id"]] for row in rows]),
        )
    ) | post_facts(_counted([row["video_id"] for row in rows]))


def _channels(folder: Path) -> dict[str, float]:
    """The middle of the channels with several videos: the nearest to one creator's community in that set."""
    rows, _ = _videos(folder)
    channel = {one["video_id"]: one["creator"] for one in _described(folder)}
    videos: dict[str, set[str]] = {}
    for video, creator in channel.items():
        videos.setdefault(creator, set()).add(video)
    found = []
    for mine in videos.values():
        if len(mine) >= SEVERAL:
            authors = _coded(row["author_hash"] for row in rows if row["video_id"] in mine)
            found.append(activity(np.unique(authors, return_counts=True)[1]))
    names = set.intersection(*(set(one) for one in found))
    return {name: float(np.median([one[name] for one in found])) for name in names}


def _threads(folder: Path) -> dict[str, float]:
    rows = [row for name in ("train", "valid") for row in _table(folder / f"evaluate/gbv_maltesi/{name}.csv", ",")]
    return facts(
        Log(
            post=_coded(row["videoId"] for row in rows),
            at=_times(row["publishedAt"] for row in rows),
            is_reply=np.array([bool(row["parentId"]) for row in rows]),
        )
    )


def _spam(folder: Path) -> dict[str, float]:
    rows = list(_table(folder / "evaluate/youtube_spam_2023/train_90videos.tsv", "\t"))
    return facts(Log(is_reply=np.array([bool(row["parent_id"]) for row in rows])))


def _brands(folder: Path) -> dict[str, float]:
    rows = list(_table(folder / "evaluate/instagram_brand_comments_2018_20/comments.tsv.gz", "\t"))
    by_brand: dict[str, list[str]] = {}
    for row in rows:
        by_brand.setdefault(row["account"], []).append(row["post_no"])
    return post_facts(one for posts in by_brand.values() for one in _counted(posts))


def _accounts(folder: Path) -> dict[str, float]:
    with (folder / "research/instafake/nonautomatedAccountData.json").open(encoding="utf-8") as file:
        accounts: list[dict[str, Any]] = json.load(file)
    names = ("mediaLikeNumbers", "mediaCommentNumbers", "mediaUploadTimes")
    columns = ([np.array(one[name], dtype=float) for name in names] for one in accounts)
    return post_facts((likes, comments, at) for likes, comments, at in columns)


def _videos(folder: Path) -> tuple[list[dict[str, str]], Mapping[str, int]]:
    rows = list(_table(folder / "evaluate/youtube_corpus_2013/comments.tsv.gz", "\t"))
    published = {one["video_id"]: int(_times([one["published"]])[0]) for one in _described(folder)}
    return [row for row in rows if row["video_id"] in published], published


def _described(folder: Path) -> list[dict[str, str]]:
    with (folder / "evaluate/youtube_corpus_2013/videos.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _counted(posts: list[str]) -> Iterator[tuple[Any, Any, None]]:
    counts = np.unique(posts, return_counts=True)[1].astype(float)
    yield np.zeros(0), counts, None


def _table(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)


def _coded(words: Iterable[str]) -> Ints:
    found: Ints = np.unique(list(words), return_inverse=True)[1]
    return found


def _times(texts: Iterable[str]) -> Ints:
    moments = (datetime.fromisoformat(one[:19]).replace(tzinfo=UTC) for one in texts)
    return np.array([int(one.timestamp()) for one in moments], dtype=np.int64)
