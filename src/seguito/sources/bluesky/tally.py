"""Declared against collected, per scope: what becomes the coverage of a reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from seguito.sources.bluesky.pages import LimitBody
from seguito.sources.bluesky.views import Actor, PostView, did_of

# Deleted, blocked, deactivated, lost between two pages: the network does not say which.
WITHHELD = "not shown by the network"
UNREAD = "not read"

# scope_uri, space_uri, what, declared, collected, sampling, limited_by
Row = tuple[str, str, str, int | None, int, str, str | None]


@dataclass
class _Thread:
    """What the posts of one thread declare, and how many were seen."""

    declared: int | None = 0
    collected: int = 0

    def add(self, replies: int | None) -> None:
        self.declared = None if self.declared is None or replies is None else self.declared + replies


@dataclass
class Tally:
    """Counts while pages are read."""

    followers: set[str] = field(default_factory=set)
    profiles: set[str] = field(default_factory=set)
    _writers: set[str] = field(default_factory=set)
    _declared_posts: int | None = None
    _declared_followers: int | None = None
    _own_posts: int = 0
    _roots: dict[str, PostView] = field(default_factory=dict)
    _threads: dict[str, _Thread] = field(default_factory=dict)
    _read: set[str] = field(default_factory=set)
    _around: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _limits: dict[tuple[str, str], str] = field(default_factory=dict)

    def declare_creator(self, actor: Actor) -> None:
        """The creator's own counters."""
        self._declared_posts, self._declared_followers = actor.posts_count, actor.followers_count

    def limit(self, limit: LimitBody) -> None:
        """A reading that was cut."""
        self._limits[limit.what, limit.scope] = limit.limited_by[:200]

    def read_thread(self, uri: str) -> None:
        """A thread was asked for."""
        self._read.add(uri)

    def is_root(self, uri: object) -> bool:
        """Whether this is a post of the creator that opened a thread."""
        return uri in self._roots

    def reacted(self, what: str, uri: str, who: str) -> bool:
        """One more like, repost or quote of a post; says whether it is new."""
        seen = self._around.setdefault((what, uri), set())
        before = len(seen)
        seen.add(who)
        return len(seen) > before

    def post(self, post: PostView, root: str | None, creator: str | None) -> None:
        """One more post that was not seen before."""
        mine = post.author.did == creator
        self._own_posts += mine
        if did_of(root or post.uri) != creator:
            return
        thread = self._threads.setdefault(root or post.uri, _Thread())
        thread.add(post.reply_count)
        if root is not None:
            thread.collected += 1
            if not mine:
                self._writers.add(post.author.did)
        else:
            # Counters are enough from here on: the text need not be held.
            self._roots[post.uri] = PostView(
                post.uri,
                post.author,
                type(post.record)(),
                like_count=post.like_count,
                repost_count=post.repost_count,
                quote_count=post.quote_count,
                reply_count=post.reply_count,
            )

    def rows(self, creator: str) -> Iterator[Row]:
        """The coverage, scope by scope."""
        space = f"bluesky:account:{creator}"
        yield self._row(space, space, "posts", creator, self._declared_posts, self._own_posts)
        yield self._row(space, space, "followers", creator, self._declared_followers, len(self.followers))
        people = (self.followers | self._writers) - {creator}
        yield self._row(space, space, "profiles", creator, len(people), len(people & self.profiles))
        for uri, root in self._roots.items():
            scope, thread = f"bluesky:post:{uri}", self._threads[uri]
            was_read = uri in self._read or root.reply_count == 0
            yield self._row(scope, space, "comments", uri, thread.declared, thread.collected, was_read=was_read)
            for what, declared in (
                ("likes", root.like_count),
                ("reposts", root.repost_count),
                ("quotes", root.quote_count),
            ):
                found = self._around.get((what, uri))
                yield self._row(
                    scope, space, what, uri, declared, len(found or ()), was_read=found is not None or declared == 0
                )

    def _row(
        self,
        scope: str,
        space: str,
        what: str,
        name: str,
        declared: int | None,
        collected: int,
        *,
        was_read: bool = True,
    ) -> Row:
        by = self._limits.get((what, name))
        if by is not None:
            # Lists come newest first: a budget cuts off the oldest. What another obstacle cut, nobody knows.
            return scope, space, what, declared, collected, "newest" if by.startswith("max_") else "unknown", by
        missing = declared is not None and collected < declared
        by = None if not missing else WITHHELD if was_read else UNREAD
        return scope, space, what, declared, collected, "all" if was_read else "unknown", by
