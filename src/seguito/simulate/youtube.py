"""The community as files of YouTube Data Tools (version 2): a table of comments and a list of videos.

Comments are written in blocks of whole columns, so that millions of them need little time and memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.facts.keys import Kind, key
from seguito.simulate.comments import CREATOR, ROOT
from seguito.simulate.community import CREATOR_NAME, CREATOR_ROW, Community
from seguito.simulate.daily import daily, spread
from seguito.simulate.latents import Names
from seguito.simulate.scramble import BASE64, Ints, named, pick
from seguito.simulate.words import Words, phrases, post_texts

BLOCK = 100_000
DEEPEST = 8
COMMENTS, VIDEOS = "comments.csv", "videos.csv"


def write(community: Community, folder: Path, *, oldest: int | None = None) -> list[Path]:
    """Write comments.csv and videos.csv into `folder`, of all spaces together; returns their paths.

    Args:
        community: what to write.
        folder: where.
        oldest: only so many of the oldest comments, as if the files had been made earlier.
    """
    from pyarrow import csv

    total = len(community.comments)
    spaces = [_Shown(community, total if oldest is None else min(oldest, total))]
    if oldest is None:
        spaces += [_Shown(space, len(space.comments)) for space in community.neighbours]
    csv.write_csv(pa.concat_tables([one.videos() for one in spaces]), folder / VIDEOS)
    with csv.CSVWriter(str(folder / COMMENTS), spaces[0].comments(spaces[0].numbers[:0]).schema) as out:
        for one in spaces:
            order = np.lexsort((one.numbers, one.top, one.community.comments.post[: len(one.numbers)]))
            for start in range(0, len(order), BLOCK):
                out.write_table(one.comments(order[start : start + BLOCK]))
    return [folder / COMMENTS, folder / VIDEOS]


def counters(community: Community) -> pa.Table:
    """The creator's daily counters; views and likes add up to those of the list of videos."""
    views = _views(community)
    liked, viewed = spread(community, _likes(views)), spread(community, views)
    return daily(community, creator(community), "youtube", liked=liked, viewed=viewed)


def creator(community: Community) -> str:
    """The creator's channel."""
    return str(channels(community, np.array([CREATOR]))[0])


def channels(community: Community, who: Ints) -> pa.Array:
    """The channels of accounts."""
    rows, seed = np.where(who == CREATOR, CREATOR_ROW, who), community.plan.seed
    return named(rows, seed, "channel", prefix="UC", length=22, alphabet=BASE64)


def accounts(community: Community) -> pa.Array:
    """The uris of all members, the creator's last."""
    return _key("account", channels(community, np.append(np.arange(len(community.members)), CREATOR)))


def names(space: Community) -> Names:
    """The uris of a space's videos and comments as the source gives them."""
    shown = _Shown(space, len(space.comments))
    return Names(
        posts=_key("post", shown.video(np.arange(len(space.posts)))),
        comments=_key("comment", shown.comment(shown.numbers)),
    )


def _key(kind: Kind, natives: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(key("youtube", kind, ""), natives, "")


def _views(community: Community) -> Ints:
    found: Ints = (community.posts.appeal * community.members.follows.sum() * 0.9).astype(np.int64) + 40
    return found


def _likes(views: Ints) -> Ints:
    return (views * 0.045).astype(np.int64)


@dataclass
class _Shown:
    """The oldest `n` comments as the platform shows them: threads are flat below their first comment."""

    community: Community
    n: int

    def __post_init__(self) -> None:
        parent = self.community.comments.parent[: self.n]
        self.numbers = np.arange(self.n)
        self.top, self.level = self.numbers.copy(), np.zeros(self.n, dtype=np.int64)
        for _ in range(DEEPEST):
            above = parent[self.top]
            self.level += above != ROOT
            self.top = np.where(above == ROOT, self.top, above)
        self.in_thread = np.bincount(self.top, minlength=self.n) - 1
        self.below = np.bincount(parent[parent != ROOT], minlength=self.n)
        self.apart = self.community.apart
        self.words = Words(self.community.plan.seed + self.apart)

    # -- names --------------------------------------------------------------------------------------------------

    def _id(self, name: str, rows: Ints, prefix: str, length: int, suffix: str = "") -> pa.Array:
        seed = self.community.plan.seed + self.apart
        return named(rows, seed, name, prefix=prefix, length=length, suffix=suffix, alphabet=BASE64)

    def _channel(self, who: Ints) -> pa.Array:
        return channels(self.community, who)

    def video(self, rows: Ints) -> pa.Array:
        """Ids of videos."""
        return self._id("video", rows, "", 11)

    def comment(self, rows: Ints) -> pa.Array:
        """Ids of comments."""
        thread = self._thread(self.top[rows])
        reply = pc.binary_join_element_wise(thread, self._id("reply", rows, "", 22), ".")
        return pc.if_else(pa.array(self.level[rows] == 0), thread, reply)

    def _thread(self, tops: Ints) -> pa.Array:
        return self._id("thread", tops, "Ug", 18, "4AaABAg")

    def _author(self, who: Ints) -> pa.Array:
        said, seed = phrases()["names"], self.community.plan.seed
        first = pa.array([one.lower() for one in said["first"]]).take(
            pa.array(pick(who, seed, "first", len(said["first"])))
        )
        last = pa.array([one.lower().replace(" ", "") for one in said["last"]])
        last = last.take(pa.array(pick(who, seed, "last", len(said["last"]))))
        name = pc.binary_join_element_wise("@", first, last, pa.array(who).cast(pa.string()), "")
        return pc.if_else(pa.array(who == CREATOR), "@martaimpasta.simulated", name)

    # -- tables -------------------------------------------------------------------------------------------------

    def comments(self, rows: Ints) -> pa.Table:
        """Some comments, one row each."""
        world, comments = self.community, self.community.comments
        author, level, post = comments.author[rows], self.level[rows], comments.post[rows]
        is_reply = pa.array(level > 0)
        parent = np.where(level > 0, comments.parent[rows], rows)
        answered = pc.if_else(is_reply, self._author(comments.author[parent]), "")
        text = self.words.texts(rows, comments.intent[rows], world.english[rows], world.subject[rows])
        # Below the second level the platform knows only the name that people are addressed by.
        addressed = pc.binary_join_element_wise(answered, text, " ")
        text = pc.if_else(pa.array(level > 1), addressed, text)
        columns: dict[str, Any] = {
            "videoId": self.video(post),
            "id": self.comment(rows),
            "totalReplyCount": np.where(level == 0, self.in_thread[rows], 0),
            "inferredReplyCount": self.below[rows],
            "inferredLevel": level,
            "likeCount": pick(rows, world.plan.seed, "liked", 9),
            "publishedAt": _sql(comments.at[rows]),
            "authorName": self._author(author),
            "authorChannelId": self._channel(author),
            "isChannelOwner": _yes(author == world.owner),
            "text": text,
            "isReply": _yes(level > 0),
            "threadId": self._thread(self.top[rows]),
            "isReplyToId": pc.if_else(is_reply, self.comment(parent), ""),
            "isReplyToName": answered,
        }
        return pa.table(columns)

    def videos(self) -> pa.Table:
        """The list of the creator's videos."""
        posts, seed, owner = self.community.posts, self.community.plan.seed + self.apart, self.community.owner
        title = CREATOR_NAME if owner == CREATOR else self._author(np.array([owner]))[0].as_py()
        rows = np.arange(len(posts))
        ids = self.video(rows)
        views = _views(self.community)
        texts = post_texts(posts, seed)
        counted = self.community.declared
        if counted is None:
            counted = np.bincount(self.community.comments.post[: self.n], minlength=len(rows))
        columns: dict[str, Any] = {
            "position": rows + 1,
            "channelId": self._channel(np.full(len(rows), owner)),
            "channelTitle": pa.repeat(title, len(rows)),
            "videoId": ids,
            "videoUrl": pc.binary_join_element_wise("https://www.youtube.com/watch?v=", ids, ""),
            "publishedAt": pc.binary_join_element_wise(_sql(posts.at, "%Y-%m-%dT%H:%M:%S"), "Z", ""),
            "publishedAtSQL": _sql(posts.at),
            "videoTitle": texts,
            "videoDescription": pa.repeat("Simulated: no person in it exists.", len(rows)),
            "tags": pa.repeat("pane, forno, simulated", len(rows)),
            "videoCategoryId": pa.repeat(26, len(rows)),
            "videoCategoryLabel": pa.repeat("Howto & Style", len(rows)),
            "durationSec": 240 + pick(rows, seed, "duration", 900),
            "isShort": pa.repeat(0, len(rows)),
            "viewCount": views,
            "likeCount": _likes(views),
            "commentCount": counted,
            "hasPaidProductPlacement": _yes(posts.disclosed),
        }
        return pa.table(columns)


def _sql(seconds: Ints, form: str = "%Y-%m-%d %H:%M:%S") -> pa.Array:
    return pc.strftime(pa.array(seconds, pa.int64()).cast(pa.timestamp("s")), format=form)


def _yes(flags: Any) -> pa.Array:
    return pa.array(np.asarray(flags).astype(np.int64))
