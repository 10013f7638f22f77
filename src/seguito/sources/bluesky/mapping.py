"""What pages mean: facts from answers. No network, no files; the same pages always give the same facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from seguito.sources.bluesky import views
from seguito.sources.bluesky.columns import GATHERED, micros, rows_of
from seguito.sources.bluesky.pages import ABOUT, END, LIMIT, NOTE, AboutBody, LimitBody, NoteBody, Page
from seguito.sources.bluesky.records import LONGEST_URI, account_key, answered, embedded, is_post, marked, post_key
from seguito.sources.bluesky.tally import Tally
from seguito.sources.bluesky.views import Actor, Node, PostView, did_of
from seguito.sources.contract import Counted, Reject, Rows

ROWS_AT_ONCE = 20_000
LONGEST_TEXT = 100_000
UNREADABLE = "it names no account, no post, or more text than a post can hold"
WEB = "https://bsky.app/profile/"


class Mapping:
    """Turns the pages of one reading into rows, page after page.

    Args:
        batch_id: the reading's name.
        web: give posts and accounts their address on Bluesky's own web pages.
    """

    def __init__(self, batch_id: str, *, web: bool = True) -> None:
        self.about = AboutBody()
        self.creator: str | None = None
        self.endpoints: set[str] = set()
        self.notes: list[str] = []
        self.is_complete = False
        self.last_at: int | None = None
        self._batch_id = batch_id
        self._web = web
        self._waiting: dict[str, list[tuple[Any, ...]]] = {name: [] for name in GATHERED}
        self._posts: set[str] = set()
        self._actors: set[str] = set()
        self._profiled: set[str] = set()
        self._hidden: set[str] = set()
        self._pinned: str | None = None
        self._tally = Tally()
        self._rejects: list[Reject] = []
        self._where = ""
        self._at = 0
        self._take = {
            views.FEED: self._feed_entry,
            views.PROFILES: self._profile,
            views.LIKES: self._like,
            views.REPOSTS: self._repost,
            views.QUOTES: self._quote,
            views.FOLLOWERS: self._follower,
        }

    # -- pages --------------------------------------------------------------------------------------------------

    def take(self, page: Page, number: int) -> Iterator[Rows | Reject | Counted]:
        """The facts of one page; `number` is its line, for what cannot be read."""
        self._where = f"line {number}"
        if page.endpoint.startswith("seguito."):
            self._own(page)
        else:
            yield from self._answer(page)
        if self._rejects:
            yield from self._rejects
            self._rejects.clear()
        yield from self._flush(ROWS_AT_ONCE)

    def finish(self) -> Iterator[Rows]:
        """What is left, and the coverage."""
        at = self.last_at
        if at is not None and self.creator is not None:
            self._waiting["coverage"] += [(*row, at) for row in self._tally.rows(self.creator)]
        yield from self._flush(1)

    def _flush(self, least: int) -> Iterator[Rows]:
        for table, waiting in self._waiting.items():
            if len(waiting) >= least:
                yield rows_of(table, waiting, self._batch_id)
                self._waiting[table] = []

    def _own(self, page: Page) -> None:
        body = page.body if page.has_body else msgspec.Raw(b"{}")
        try:
            if page.endpoint == ABOUT:
                self.about = msgspec.json.decode(body, type=AboutBody)
                self.creator = self.about.creator
            elif page.endpoint == LIMIT:
                self._tally.limit(msgspec.json.decode(body, type=LimitBody))
            elif page.endpoint == NOTE:
                self.notes.append(msgspec.json.decode(body, type=NoteBody).text[:500])
            elif page.endpoint == END:
                self.is_complete = True
        except ValueError as error:
            self._reject(str(error), bytes(body))

    def _answer(self, page: Page) -> Iterator[Counted]:
        at = micros(page.at)
        if at is None:
            self._reject("the page does not say when it was seen", page.at.encode())
            yield Counted(1)
            return
        self._at = self.last_at = at
        self.endpoints.add(page.endpoint)
        if page.error is not None:
            self._refusal(page)
        elif page.has_body:
            rows = self._body(page, page.body)
            if rows:
                yield Counted(rows)

    def _refusal(self, page: Page) -> None:
        """A post that was there when the feed was read and is gone when its thread is."""
        uri = page.params.get("uri")
        if page.endpoint == views.THREAD and page.error and page.error.error == "NotFound" and self._tally.is_root(uri):
            self._tally.read_thread(str(uri))
            self._gone(str(uri), None, None, "unknown_gone", again=True)

    def _body(self, page: Page, body: msgspec.Raw) -> int:
        """Read one body; returns how many rows it held."""
        if page.endpoint == views.PROFILE:
            actor = self._decoded(body, Actor)
            if actor is not None and not self._subject(actor):
                self._reject(UNREADABLE, bytes(body))
            return 1
        if page.endpoint == views.THREAD:
            return self._thread(page, body)
        if page.endpoint in views.LISTS:
            entries, rows = self._entries(page.endpoint, body)
            take: Any = self._take[page.endpoint]
            uri = page.params.get("uri")
            for entry in entries:
                if not take(entry, uri):
                    self._reject(UNREADABLE, msgspec.json.encode(entry))
            if page.endpoint == views.PROFILES:
                self._missing(page.params.get("actors"), {actor.did for actor in entries})
            return rows
        return 0

    def _entries(self, endpoint: str, body: msgspec.Raw) -> tuple[list[Any], int]:
        """The entries of a list; where the list as a whole does not fit, those that do."""
        kind, name, part = views.LISTS[endpoint]
        try:
            whole = getattr(msgspec.json.decode(body, type=kind), views.field_of(name))
        except (ValueError, RecursionError):
            parts = self._decoded(body, dict[str, msgspec.Raw])
            raw = self._decoded(parts.get(name, msgspec.Raw(b"null")), list[msgspec.Raw]) if parts is not None else None
            if raw is None:
                return [], 1
            read = [self._decoded(one, part) for one in raw]
            return [one for one in read if one is not None], len(read)
        return whole, len(whole)

    def _decoded(self, body: msgspec.Raw, kind: Any) -> Any:
        try:
            return msgspec.json.decode(body, type=kind)
        except (ValueError, RecursionError) as error:
            self._reject(str(error), bytes(body))
            return None

    def _reject(self, reason: str, raw: bytes) -> None:
        self._rejects.append(Reject(self._where, reason[:200], raw[:500].decode("utf-8", "backslashreplace")))

    # -- people -------------------------------------------------------------------------------------------------

    def _subject(self, actor: Actor) -> bool:
        if self.creator is None:
            self.creator = actor.did
        if actor.did == self.creator:
            self._pinned = actor.pinned_post.uri if actor.pinned_post else None
            self._tally.declare_creator(actor)
        return self._profile(actor, None)

    def _profile(self, actor: Actor, _: str | None) -> bool:
        if not self._actor(actor):
            return False
        if actor.did in self._profiled or actor.is_closed:
            return True
        self._profiled.add(actor.did)
        self._tally.profiles.add(actor.did)
        vouched = actor.verification
        is_verified = vouched is not None and "valid" in (vouched.verified_status, vouched.trusted_verifier_status)
        # A whole profile without a description or a picture has none: that is known, and different from not told.
        self._waiting["profiles"].append((
            account_key(actor.did), actor.followers_count, actor.follows_count, actor.posts_count,
            actor.description or "", "yes" if actor.avatar else "no", "yes" if is_verified else "no",
            actor.marks, self._at,
        ))  # fmt: skip
        return True

    def _actor(self, actor: Actor) -> bool:
        """Note an account once; says whether it is one."""
        did = actor.did
        if did in self._actors:
            return True
        if not did.startswith("did:") or len(did) > LONGEST_URI:
            return False
        self._actors.add(did)
        closed, handle = actor.is_closed, None if actor.handle in ("", "handle.invalid") else actor.handle
        kind = "bot" if actor.labels and "bot" in actor.marks else "unknown"
        url = f"{WEB}{did}" if self._web else None
        name = None if closed else actor.display_name or None
        self._waiting["accounts"].append((did, handle, name, url, kind, actor.created_at, "active", closed, self._at))
        return True

    def _missing(self, asked: Any, found: set[str]) -> None:
        """Accounts whose profile was asked for and did not come: deactivated, taken down or deleted."""
        for did in asked if isinstance(asked, list) else ():
            if isinstance(did, str) and did.startswith("did:") and did not in found and did not in self._actors:
                self._actors.add(did)
                gone = (did, None, None, None, "unknown", None, "unknown_gone", False, self._at)
                self._waiting["accounts"].append(gone)

    def _follower(self, actor: Actor, _: str | None) -> bool:
        if self.creator is None or not self._actor(actor):
            return False
        if actor.did not in self._tally.followers:
            self._tally.followers.add(actor.did)
            self._waiting["follows"].append((account_key(actor.did), account_key(self.creator), self._at))
        return True

    def _react(self, actor: Actor, uri: str, kind: str, created: str | None, indexed: str | None) -> None:
        self._waiting["reactions"].append((account_key(actor.did), post_key(uri), kind, created, indexed, self._at))

    def _like(self, like: views.LikeView, uri: str | None) -> bool:
        if uri is None or not is_post(uri) or not self._actor(like.actor):
            return False
        if self._tally.reacted("likes", uri, like.actor.did):
            self._react(like.actor, uri, "like", like.created_at, like.indexed_at)
        return True

    def _repost(self, actor: Actor, uri: str | None) -> bool:
        if uri is None or not is_post(uri) or not self._actor(actor):
            return False
        if self._tally.reacted("reposts", uri, actor.did):
            self._react(actor, uri, "repost", None, None)
        return True

    # -- posts --------------------------------------------------------------------------------------------------

    def _feed_entry(self, entry: views.FeedEntry, _: str | None) -> bool:
        reason, post = entry.reason, entry.post
        if reason is not None and reason.is_repost:
            if reason.by is None or not is_post(post.uri) or not self._actor(reason.by):
                return False
            self._react(reason.by, post.uri, "repost", reason.indexed_at, reason.indexed_at)
            return True
        self._hidden.update(views.hidden_in(post.threadgate))
        root, _ = answered(post.record)
        above = entry.reply.parent if entry.reply else None
        if above is not None and above.uri and (above.not_found or above.blocked) and self._in_space(root):
            self._gone(above.uri, root, None, "blocked" if above.blocked else "unknown_gone")
        return self._post(post)

    def _quote(self, post: PostView, uri: str | None) -> bool:
        if not self._post(post):
            return False
        if uri is not None and is_post(uri):
            self._tally.reacted("quotes", uri, post.uri)
        return True

    def _thread(self, page: Page, body: msgspec.Raw) -> int:
        found = self._decoded(body, views.ThreadBody)
        if found is None:
            return 1
        anchor = page.params.get("uri")
        if isinstance(anchor, str):
            self._tally.read_thread(anchor)
        top: Node = found.thread
        self._hidden.update(views.hidden_in(found.threadgate, top.post.threadgate if top.post else None))
        root = self._root_of(top)
        rows = self._above(top, root)
        waiting: list[tuple[Node, str | None]] = [(top, None)]
        while waiting:
            node, parent = waiting.pop()
            rows += 1
            here = self._node(node, root, parent)
            if node.replies:
                waiting += [(reply, here) for reply in node.replies]
        return rows

    def _above(self, top: Node, root: str | None) -> int:
        rows, node = 0, top.parent
        while node is not None:
            self._node(node, root, None)
            rows, node = rows + 1, node.parent
        return rows

    def _root_of(self, top: Node) -> str | None:
        return None if top.post is None else answered(top.post.record)[0] or top.post.uri

    def _node(self, node: Node, root: str | None, parent: str | None) -> str | None:
        """Note one place of a thread; returns its address."""
        if node.post is not None:
            if not self._post(node.post):
                self._reject(UNREADABLE, msgspec.json.encode(node.post))
            return node.post.uri
        if node.uri and self._in_space(root):
            self._gone(node.uri, root, parent, "blocked" if node.blocked else "unknown_gone")
        return node.uri

    def _in_space(self, root: str | None) -> bool:
        return root is not None and self.creator is not None and did_of(root) == self.creator

    def _gone(self, uri: str, root: str | None, parent: str | None, state: str, *, again: bool = False) -> None:
        """A post that cannot be shown: its address tells whose it was."""
        if not is_post(uri) or (uri in self._posts and not again):
            return
        self._posts.add(uri)
        root = None if root == uri else root
        self._waiting["posts"].append((
            post_key(uri), "comment" if root else "post", account_key(did_of(uri)), account_key(did_of(root or uri)),
            root and post_key(root), parent and post_key(parent),
            None, None, None, None, None, None, (), (), (), None, "unknown", state, self._at,
        ))  # fmt: skip

    def _post(self, post: PostView) -> bool:
        """Note a post, its author and its counters, once; says whether it is one."""
        uri, record = post.uri, post.record
        if uri in self._posts:
            return True
        text = record.text
        if not is_post(uri) or (text is not None and len(text) > LONGEST_TEXT) or not self._actor(post.author):
            return False
        self._posts.add(uri)
        did, closed = post.author.did, post.author.is_closed
        root, parent = answered(record)
        quoted, media = embedded(record.embed)
        tags, mentions, links = ((), (), ()) if closed else marked(record)
        is_own = did == self.creator and root is None
        self._waiting["posts"].append((
            post_key(uri), "comment" if root else "quote" if quoted else "post", account_key(did),
            account_key(did_of(root or uri)), root and post_key(root), parent and post_key(parent),
            quoted and post_key(quoted), record.created_at and record.created_at[:64], post.indexed_at,
            None if closed else text or None, ",".join(record.langs)[:64] if record.langs else None,
            f"{WEB}{did}/post/{uri.rsplit('/', 1)[1]}" if self._web else None, tags, mentions, links, media,
            ("yes" if uri == self._pinned else "no") if is_own else "unknown",
            "hidden_by_owner" if uri in self._hidden else "live", self._at,
        ))  # fmt: skip
        self._count(post, root)
        return True

    def _count(self, post: PostView, root: str | None) -> None:
        name, add = post_key(post.uri), self._waiting["metrics"].append
        add((name, "likes", post.like_count, self._at))
        add((name, "comments", post.reply_count, self._at))
        if root is None:
            add((name, "reposts", post.repost_count, self._at))
            add((name, "quotes", post.quote_count, self._at))
        self._tally.post(post, root, self.creator)
