"""What is asked of a network, in which order, and when enough is enough.

The order follows from the answers alone. Asked again over pages that are kept, the same questions come in the same
order, and only those without an answer go out: that is how an interrupted reading goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from seguito.kit.http import Params
from seguito.kit.progress import Progress
from seguito.sources.bluesky import views
from seguito.sources.bluesky.pages import LIMIT, LimitBody, Page
from seguito.sources.bluesky.records import answered
from seguito.sources.bluesky.views import did_of

PAGE = 100
PROFILES_AT_ONCE = 25
# Deeper nesting than this would be more than a JSON reader takes; what lies deeper is asked for from the cut.
DEPTH = 100
PARENTS = 80
# Pages in a row that bring nothing new before a list is given up as one that runs in a circle.
BARREN = 20

# What is read where the user names no budget.
MAX_POSTS = 1000
MAX_FOLLOWERS = 5000
MAX_PER_POST = 500

Ask = Callable[[str, Params], Page]
Remark = Callable[[str, msgspec.Struct], None]


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is read at most. What is cut is recorded as coverage.

    Attributes:
        posts: the creator's newest posts and answers.
        followers: the newest followers.
        per_post: the newest likes, reposts or quotes of one post.
    """

    posts: int
    followers: int
    per_post: int


@dataclass(frozen=True, slots=True)
class List:
    """One list to be read page by page.

    Attributes:
        endpoint: whom to ask.
        params: about what.
        what: what the coverage calls its entries.
        scope: whose they are.
        upto: how many are wanted.
        budget: the budget's name.
    """

    endpoint: str
    params: dict[str, Any]
    what: str
    scope: str
    upto: int
    budget: str


@dataclass
class Crawl:
    """One reading of one creator's space.

    Args:
        ask: answers a question, from pages kept or from the network.
        remark: keeps a limit among the pages.
        budget: when to stop.
        progress: told of every answer.
    """

    ask: Ask
    remark: Remark
    budget: Budget
    progress: Progress
    _roots: dict[str, views.PostView] = field(default_factory=dict)
    _answers: list[views.PostView] = field(default_factory=list)
    _placed: set[str] = field(default_factory=set)
    _people: dict[str, None] = field(default_factory=dict)

    def run(self, creator: views.Actor) -> None:
        """Ask for everything."""
        self._feed(creator)
        self._threads()
        self._around_posts()
        self._followers(creator)
        self._people.pop(creator.did, None)
        self._profiles(creator)

    def _feed(self, creator: views.Actor) -> None:
        seen: set[str] = set()

        def take(entry: views.FeedEntry) -> bool:
            post = entry.post
            if (entry.reason and entry.reason.is_repost) or post.author.did != creator.did or post.uri in seen:
                return False
            seen.add(post.uri)
            root, _ = answered(post.record)
            if root is None:
                self._roots[post.uri] = post
            elif did_of(root) == creator.did:
                self._answers.append(post)
            return True

        params = {"actor": creator.did, "filter": "posts_with_replies", "includePins": "true"}
        self.progress.start("posts", creator.posts_count)
        self._read(List(views.FEED, params, "posts", creator.did, self.budget.posts, "max_posts"), take)
        self.progress.finish()

    # -- threads ------------------------------------------------------------------------------------------------

    def _threads(self) -> None:
        self.progress.start("threads", len(self._roots))
        for root in self._roots.values():
            if root.reply_count != 0:
                self._thread(root.uri, root.uri, parents=0)
            self.progress.advance()
        # Where a post in the middle was deleted, what hangs below it is in no thread; the creator's answers lead there.
        for answer in self._answers:
            top, parent = answered(answer.record)
            if top is None or top not in self._roots or answer.uri in self._placed:
                continue
            if parent in (None, top) or not self._thread(str(parent), top, parents=PARENTS):
                self._thread(answer.uri, top, parents=PARENTS)
        self.progress.finish()

    def _thread(self, uri: str, root: str, *, parents: int) -> bool:
        """Read the thread of `root` from one post down, continuing wherever the server stopped."""
        waiting, asked = [uri], set[str]()
        found = False
        while waiting:
            anchor = waiting.pop()
            if anchor in asked:
                continue
            asked.add(anchor)
            height = parents if anchor == uri else 0
            page = self.ask(views.THREAD, {"uri": anchor, "depth": DEPTH, "parentHeight": height})
            body = _decoded(page, views.ThreadBody)
            if body is None:
                if page.error is None or page.error.error != "NotFound":
                    self._refused("comments", root, page)
                continue
            found = found or body.thread.post is not None
            waiting += self._walk(body.thread)
        return found

    def _walk(self, top: views.Node) -> list[str]:
        """Note who wrote in a thread; returns the places where the server stopped."""
        cuts: list[str] = []
        nodes = [top]
        while nodes:
            node = nodes.pop()
            nodes += node.replies or ()
            if node.post is None:
                continue
            self._placed.add(node.post.uri)
            self._people[node.post.author.did] = None
            if node.is_cut:
                cuts.append(node.post.uri)
        return cuts

    # -- around the posts ---------------------------------------------------------------------------------------

    def _around_posts(self) -> None:
        self.progress.start("likes, reposts and quotes", len(self._roots))
        for post in self._roots.values():
            uri = post.uri
            for endpoint, what, declared in (
                (views.LIKES, "likes", post.like_count),
                (views.REPOSTS, "reposts", post.repost_count),
                (views.QUOTES, "quotes", post.quote_count),
            ):
                if declared != 0:
                    wanted = List(endpoint, {"uri": uri}, what, uri, self.budget.per_post, f"max_{what}_per_post")
                    self._read(wanted, _once())
            self.progress.advance()
        self.progress.finish()

    def _followers(self, creator: views.Actor) -> None:
        followers: dict[str, None] = {}

        def take(actor: views.Actor) -> bool:
            is_new = actor.did not in followers
            followers[actor.did] = None
            return is_new

        self.progress.start("followers", creator.followers_count)
        params = {"actor": creator.did}
        self._read(
            List(views.FOLLOWERS, params, "followers", creator.did, self.budget.followers, "max_followers"), take
        )
        self._people.update(followers)
        self.progress.finish()

    def _profiles(self, creator: views.Actor) -> None:
        people = list(self._people)
        self.progress.start("profiles", len(people))
        for start in range(0, len(people), PROFILES_AT_ONCE):
            some = people[start : start + PROFILES_AT_ONCE]
            page = self.ask(views.PROFILES, {"actors": some})
            if not page.has_body:
                self._refused("profiles", creator.did, page)
            self.progress.advance(len(some))
        self.progress.finish()

    # -- lists --------------------------------------------------------------------------------------------------

    def _read(self, wanted: List, take: Callable[[Any], bool]) -> None:
        """Read a list page by page; `take` says of each entry whether it is new. Early ends are remarked."""
        kind, name, _ = views.LISTS[wanted.endpoint]
        cursor: str | None = None
        cursors: set[str] = set()
        got = barren = 0
        if wanted.upto <= 0:
            return self._limit(wanted.what, wanted.scope, f"{wanted.budget}={wanted.upto}")
        while True:
            params = {**wanted.params, "limit": min(PAGE, wanted.upto - got)}
            page = self.ask(wanted.endpoint, params if cursor is None else {**params, "cursor": cursor})
            body: Any = _decoded(page, kind)
            if body is None:
                return self._refused(wanted.what, wanted.scope, page)
            new = sum(map(take, getattr(body, views.field_of(name))))
            if wanted.scope.startswith("did:"):
                self.progress.advance(new)
            got, cursor = got + new, body.cursor
            barren = 0 if new else barren + 1
            if not cursor:
                return None
            if cursor in cursors or barren >= BARREN:
                return self._limit(wanted.what, wanted.scope, "the host repeats itself")
            if got >= wanted.upto:
                return self._limit(wanted.what, wanted.scope, f"{wanted.budget}={wanted.upto}")
            cursors.add(cursor)

    def _refused(self, what: str, scope: str, page: Page) -> None:
        said = page.error.error if page.error else "an answer that cannot be read"
        self._limit(what, scope, f"refused by the host: {said}")

    def _limit(self, what: str, scope: str, by: str) -> None:
        self.remark(LIMIT, LimitBody(what, scope, by))


def _once() -> Callable[[Any], bool]:
    """Counts each entry of one list once, by account or address."""
    seen: set[str] = set()

    def take(entry: Any) -> bool:
        name = str(getattr(entry, "uri", None) or getattr(getattr(entry, "actor", entry), "did", ""))
        is_new = name not in seen
        seen.add(name)
        return is_new

    return take


def _decoded(page: Page, kind: type[Any]) -> Any:
    """The body, or None where it was refused or does not fit (the mapping then says why)."""
    if not page.has_body:
        return None
    try:
        return msgspec.json.decode(page.body, type=kind)
    except (ValueError, RecursionError):
        return None
