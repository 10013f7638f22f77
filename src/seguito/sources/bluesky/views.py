"""The bodies of public endpoints, as far as they are read. Unknown fields are ignored; every missing one is null."""

from __future__ import annotations

from typing import Annotated

import msgspec

# No counter of a network is negative or beyond this; whatever says so is no counter.
Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]

PROFILE = "app.bsky.actor.getProfile"
PROFILES = "app.bsky.actor.getProfiles"
FEED = "app.bsky.feed.getAuthorFeed"
THREAD = "app.bsky.feed.getPostThread"
LIKES = "app.bsky.feed.getLikes"
REPOSTS = "app.bsky.feed.getRepostedBy"
QUOTES = "app.bsky.feed.getQuotes"
FOLLOWERS = "app.bsky.graph.getFollowers"

POST = "app.bsky.feed.post"
SIGNED_IN_ONLY = "!no-unauthenticated"


class Part(msgspec.Struct, rename="camel", gc=False):
    """One piece of an answer."""


class Ref(Part):
    """A pointer to a record; in a quote with media the pointer is wrapped once more."""

    uri: str | None = None
    record: Ref | None = None


class Mark(Part):
    """A label on an account or post, given by itself or by a labeller."""

    val: str = ""
    neg: bool | None = None


class Verification(Part):
    """Who vouches for an account."""

    verified_status: str | None = None
    trusted_verifier_status: str | None = None


class Actor(Part):
    """An account as it stands beside a post or in a list; counters only where it was asked for by itself."""

    did: str
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    avatar: str | None = None
    created_at: str | None = None
    labels: list[Mark] | None = None
    verification: Verification | None = None
    followers_count: Count | None = None
    follows_count: Count | None = None
    posts_count: Count | None = None
    pinned_post: Ref | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """The labels that hold."""
        return tuple(mark.val for mark in self.labels if not mark.neg) if self.labels else ()

    @property
    def is_closed(self) -> bool:
        """Whether it asks to be shown only to people who are signed in."""
        return bool(self.labels) and SIGNED_IN_ONLY in self.marks


class Span(Part):
    """Where a facet stands, in bytes of the text's UTF-8 form."""

    byte_start: int = 0
    byte_end: int = 0


class Feature(Part):
    """What a facet is: a mention, a link or a tag."""

    did: str | None = None
    uri: str | None = None
    tag: str | None = None


class Facet(Part):
    """A marked stretch of text."""

    index: Span
    features: list[Feature] = []


class External(Part):
    """A link shown as a card."""

    uri: str | None = None


class Media(Part):
    """What is attached to a post beside a quote."""

    type: str = msgspec.field(name="$type", default="")
    external: External | None = None


class Embed(Part):
    """What a post carries: pictures, a film, a link, another post."""

    type: str = msgspec.field(name="$type", default="")
    external: External | None = None
    record: Ref | None = None
    media: Media | None = None


class Reply(Part):
    """What a post answers."""

    root: Ref | None = None
    parent: Ref | None = None


class Record(Part):
    """A post as its author wrote it."""

    text: str | None = None
    created_at: str | None = None
    langs: list[str] | None = None
    facets: list[Facet] | None = None
    tags: list[str] | None = None
    reply: Reply | None = None
    embed: Embed | None = None


class GateRecord(Part):
    """The author's rules for a thread."""

    hidden_replies: list[str] | None = None


class Gate(Part):
    """A thread's rules, as shown beside it."""

    record: GateRecord | None = None


class PostView(Part):
    """A post with its author and counters."""

    uri: str
    author: Actor
    record: Record
    indexed_at: str | None = None
    reply_count: Count | None = None
    repost_count: Count | None = None
    like_count: Count | None = None
    quote_count: Count | None = None
    threadgate: Gate | None = None


class BlockedAuthor(Part):
    """Whose post is blocked."""

    did: str | None = None


class Place(Part):
    """A post in a feed's reply: whole, or only the address of one that is gone or blocked."""

    type: str = msgspec.field(name="$type", default="")
    uri: str | None = None
    not_found: bool | None = None
    blocked: bool | None = None
    author: BlockedAuthor | None = None


class FeedReply(Part):
    """The surroundings of a reply in a feed."""

    root: Place | None = None
    parent: Place | None = None


class Reason(Part):
    """Why a post stands in a feed."""

    type: str = msgspec.field(name="$type", default="")
    by: Actor | None = None
    indexed_at: str | None = None

    @property
    def is_repost(self) -> bool:
        """Whether it stands there because the owner reposted it."""
        return self.type.endswith("#reasonRepost")


class FeedEntry(Part):
    """One line of a feed."""

    post: PostView
    reason: Reason | None = None
    reply: FeedReply | None = None


class Node(Part):
    """One place in a thread: a post with its replies, or the address of one that cannot be shown."""

    post: PostView | None = None
    replies: list[Node] | None = None
    parent: Node | None = None
    uri: str | None = None
    not_found: bool | None = None
    blocked: bool | None = None
    author: BlockedAuthor | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the server stopped here although there are replies: then it leaves the list out."""
        return self.replies is None and self.post is not None and self.post.reply_count != 0


class LikeView(Part):
    """Who liked, and when."""

    actor: Actor
    created_at: str | None = None
    indexed_at: str | None = None


class ProfilesBody(Part):
    """Answer of `getProfiles`."""

    profiles: list[Actor]


class FeedBody(Part):
    """Answer of `getAuthorFeed`."""

    feed: list[FeedEntry]
    cursor: str | None = None


class ThreadBody(Part):
    """Answer of `getPostThread`."""

    thread: Node
    threadgate: Gate | None = None


class LikesBody(Part):
    """Answer of `getLikes`."""

    likes: list[LikeView]
    cursor: str | None = None


class RepostsBody(Part):
    """Answer of `getRepostedBy`."""

    reposted_by: list[Actor]
    cursor: str | None = None


class QuotesBody(Part):
    """Answer of `getQuotes`."""

    posts: list[PostView]
    cursor: str | None = None


class FollowersBody(Part):
    """Answer of `getFollowers`."""

    followers: list[Actor]
    cursor: str | None = None


# endpoint -> (type of the body, name of its list, type of the list's entries)
LISTS: dict[str, tuple[type[Part], str, type[Part]]] = {
    PROFILES: (ProfilesBody, "profiles", Actor),
    FEED: (FeedBody, "feed", FeedEntry),
    LIKES: (LikesBody, "likes", LikeView),
    REPOSTS: (RepostsBody, "repostedBy", Actor),
    QUOTES: (QuotesBody, "posts", PostView),
    FOLLOWERS: (FollowersBody, "followers", Actor),
}


def hidden_in(*gates: Gate | None) -> list[str]:
    """The replies that a thread's author hid."""
    return [uri for gate in gates if gate and gate.record for uri in gate.record.hidden_replies or ()]


def did_of(uri: str) -> str:
    """The account in a record's address (`at://did/collection/key`)."""
    return uri.split("/", 3)[2]


def field_of(name: str) -> str:
    """The attribute that holds a list named as in the answer."""
    return "reposted_by" if name == "repostedBy" else name
