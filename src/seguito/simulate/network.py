"""Views of accounts, posts and edges as a public host of the AT Protocol shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.simulate.cadence import DAY
from seguito.simulate.comments import CREATOR, ROOT
from seguito.simulate.community import CREATOR_HANDLE, CREATOR_NAME, CREATOR_ROW, Community
from seguito.simulate.latents import Names
from seguito.simulate.people import BOUGHT
from seguito.simulate.profiles import spelt
from seguito.simulate.scramble import BASE32, Ints, named, pick, stamped
from seguito.simulate.words import Words, phrases, post_texts

View = dict[str, Any]


def dids(community: Community, who: Ints) -> pa.Array:
    """The lasting names of accounts."""
    rows, seed = np.where(who == CREATOR, CREATOR_ROW, who), community.plan.seed
    return named(rows, seed, "did", prefix="did:plc:", length=24, alphabet=BASE32)


def accounts(community: Community) -> pa.Array:
    """The uris of all members, the creator's last."""
    return _text("bluesky:account:", dids(community, np.append(np.arange(len(community.members)), CREATOR)))


def names(space: Community) -> Names:
    """The uris of a space's posts and comments as the source gives them."""
    rkeys, n = _rkeys(space), len(space.posts)
    owner, authors = dids(space, np.full(n, space.owner)), dids(space, space.comments.author)
    return Names(
        posts=_text("bluesky:post:at://", owner, "/app.bsky.feed.post/", rkeys.slice(0, n)),
        comments=_text("bluesky:post:at://", authors, "/app.bsky.feed.post/", rkeys.slice(n)),
    )


def _text(*parts: Any) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _rkeys(space: Community) -> pa.Array:
    """Record keys of posts, then of comments."""
    times = np.concatenate([space.posts.at, space.comments.at])
    return stamped(times, np.arange(len(times)) + space.apart * 31)


@dataclass
class Network:
    """One community, seen through a public host."""

    community: Community

    def __post_init__(self) -> None:
        world, seed = self.community, self.community.plan.seed
        self.owner = world.owner
        # Spaces of others number their posts and pick their words apart.
        apart = world.apart
        self._n_posts = len(world.posts)
        numbers = np.arange(len(world.members))
        self._dids = dids(world, numbers).to_pylist()
        self._creator_did = dids(world, np.array([CREATOR])).to_pylist()[0]
        rows = np.arange(self._n_posts + len(world.comments))
        self._rkeys = _rkeys(world).to_pylist()
        self._cids = named(rows, seed, f"cid{apart or ''}", prefix="bafyrei", length=52, alphabet=BASE32).to_pylist()
        self._names = self._named(numbers, seed)
        words = Words(seed + apart)
        comments = world.comments
        self._texts = words.texts(np.arange(len(comments)), comments.intent, world.english, world.subject).to_pylist()
        self._post_texts = post_texts(world.posts, seed + apart)
        self._liked = pick(np.arange(len(comments)), seed, "liked", 6)

    def _named(self, rows: Ints, seed: int) -> list[tuple[str, str]]:
        """Handle and display name of every member; bought accounts have what a program would type."""
        first, last = phrases()["names"]["first"], phrases()["names"]["last"]
        a, b = pick(rows, seed, "first", len(first)), pick(rows, seed, "last", len(last))
        members, letters = self.community.members, spelt(rows)
        found = []
        for row, group in enumerate(members.group.tolist()):
            given, family = first[a[row]], last[b[row]]
            ending = str(row) if members.has_digits[row] else letters[row]
            if group == BOUGHT:
                found.append((f"user{ending}.simulated.example", ""))
            else:
                plain = f"{given}-{family}".lower().replace(" ", "-")
                found.append((f"{plain}-{ending}.simulated.example", f"{given} {family}"))
        return found

    # -- names --------------------------------------------------------------------------------------------------

    def time(self, seconds: int) -> str:
        """A time as the network writes it."""
        return f"{np.datetime64(int(seconds), 's')}.000Z"

    def did(self, who: int) -> str:
        """The lasting name of an account."""
        return self._creator_did if who == CREATOR else str(self._dids[who])

    def post_uri(self, post: int) -> str:
        """The address of one of the owner's posts."""
        return f"at://{self.did(self.owner)}/app.bsky.feed.post/{self._rkeys[post]}"

    def _comment_uri(self, comment: int) -> str:
        author = self.did(int(self.community.comments.author[comment]))
        return f"at://{author}/app.bsky.feed.post/{self._rkeys[self._n_posts + comment]}"

    # -- accounts -----------------------------------------------------------------------------------------------

    def author(self, who: int, *, described: bool = False) -> View:
        """An account as it stands beside a post; described: as it stands in a list."""
        members = self.community.members
        if who == CREATOR:
            born = self.community.plan.end.timestamp() - (self.community.plan.days + 900) * DAY
            handle, name, avatar = CREATOR_HANDLE, CREATOR_NAME, True
        else:
            born, avatar = members.created[who], bool(members.has_avatar[who])
            handle, name = self._names[who]
        view = {"did": self.did(who), "handle": handle, "displayName": name, "createdAt": self.time(int(born))}
        if avatar:
            view["avatar"] = f"https://cdn.simulated.example/{self.did(who)}.jpg"
        if described and (bio := self._bio(who)):
            view["description"] = bio
        return view

    def profile(self, who: int) -> View:
        """An account with its counters."""
        members = self.community.members
        if who == CREATOR:
            counts = (int(members.follows.sum()), 312, self._n_posts + int((~self.community.by_member).sum()))
        else:
            counts = (int(members.followers[who]), int(members.following[who]), int(members.posts[who]))
        names = ("followersCount", "followsCount", "postsCount")
        return {**self.author(who, described=True), **dict(zip(names, counts, strict=True))}

    def _bio(self, who: int) -> str:
        if who == CREATOR:
            return "Pane, lievito e pazienza. Simulated."
        members = self.community.members
        if not members.has_bio[who]:
            return ""
        said = phrases()["en" if members.english[who] else "it"]["bio"]
        return str(said[who * 31 % len(said)])

    # -- posts --------------------------------------------------------------------------------------------------

    @cached_property
    def newest_posts(self) -> list[int]:
        """The creator's posts, newest first, as a feed shows them."""
        return list(range(self._n_posts - 1, -1, -1))

    def post(self, post: int) -> View:
        """One of the owner's posts; who liked it is known of the creator's alone."""
        told = self.community.declared_direct
        direct = len(self._below.get(-1 - post, ())) if told is None else int(told[post])
        liked = (len(self.reposters[post]), len(self.likes[post])) if self.owner == CREATOR else (0, 20)
        counts = (direct, *liked)
        return self._view(post, self.owner, self.post_uri(post), self._post_texts[post], "it", counts, {})

    def thread(self, post: int) -> View:
        """A post with everything below it."""
        top: View = {"post": self.post(post), "replies": []}
        waiting = [(top, -1 - post)]
        while waiting:
            node, place = waiting.pop()
            for comment in self._below.get(place, ()):
                reply: View = {"post": self._comment(comment, post), "replies": []}
                node["replies"].append(reply)
                waiting.append((reply, comment))
        return top

    @cached_property
    def _below(self) -> dict[int, list[int]]:
        """The comments right below a comment (by number) or a post (by -1 - number), oldest first."""
        comments = self.community.comments
        above = np.where(comments.parent == ROOT, -1 - comments.post, comments.parent)
        found: dict[int, list[int]] = {}
        for comment, place in enumerate(above.tolist()):
            found.setdefault(place, []).append(comment)
        return found

    def _comment(self, comment: int, post: int) -> View:
        comments = self.community.comments
        parent = int(comments.parent[comment])
        root = {"uri": self.post_uri(post), "cid": self._cids[post]}
        above = root
        if parent != ROOT:
            above = {"uri": self._comment_uri(parent), "cid": self._cids[self._n_posts + parent]}
        counts = (len(self._below.get(comment, ())), 0, int(self._liked[comment]))
        language = "en" if self.community.english[comment] else "it"
        place, author = self._n_posts + comment, int(comments.author[comment])
        reply = {"reply": {"root": root, "parent": above}}
        return self._view(place, author, self._comment_uri(comment), self._texts[comment], language, counts, reply)

    def _view(
        self, place: int, who: int, uri: str, text: str, language: str, counts: tuple[int, int, int], reply: View
    ) -> View:
        posts, comments = self.community.posts, self.community.comments
        at = posts.at[place] if place < self._n_posts else comments.at[place - self._n_posts]
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": self.time(int(at)), "langs": [language]}
        return {
            "uri": uri,
            "cid": self._cids[place],
            "author": self.author(who),
            "record": {**record, **reply},
            "replyCount": counts[0],
            "repostCount": counts[1],
            "likeCount": counts[2],
            "quoteCount": 0,
            "indexedAt": self.time(int(at) + 1),
        }

    # -- edges --------------------------------------------------------------------------------------------------

    @property
    def likes(self) -> list[list[tuple[int, int]]]:
        """For every post who liked it and when, newest first."""
        return self.community.likes

    @cached_property
    def reposters(self) -> list[list[int]]:
        """For every post who reposted it: one in eleven of those who liked it."""
        return [[who for who, at in likes if at % 11 == 0] for likes in self.likes]

    def like(self, who: int, at: int) -> View:
        """One like."""
        return {"actor": self.author(who), "createdAt": self.time(at), "indexedAt": self.time(at)}

    @cached_property
    def newest_followers(self) -> list[int]:
        """Everyone who follows the creator, the newest first."""
        members = self.community.members
        following = np.flatnonzero(members.follows)
        order = np.argsort(-members.joined[following], kind="stable")
        found: list[int] = following[order].tolist()
        return found

    @cached_property
    def described(self) -> list[int]:
        """Whose profiles are asked for: everyone who wrote or follows."""
        comments = self.community.comments
        wrote = np.unique(comments.author[self.community.by_member])
        found: list[int] = np.union1d(wrote, np.flatnonzero(self.community.members.follows)).tolist()
        return found
