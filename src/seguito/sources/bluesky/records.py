"""Reads a post's record: what it quotes, carries, mentions and links to."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from seguito.sources.bluesky import views

LONGEST_URI = 2_000

MEDIA = {
    "app.bsky.embed.images": "image",
    "app.bsky.embed.gallery": "image",
    "app.bsky.embed.video": "video",
    "app.bsky.embed.external": "link",
}


def is_post(uri: Any) -> bool:
    """Whether this is the address of a record of an account."""
    return isinstance(uri, str) and uri.startswith("at://did:") and uri.count("/") >= 4 and len(uri) <= LONGEST_URI


def account_key(did: str) -> str:
    """The lake's name of an account."""
    return f"bluesky:account:{did}"


def post_key(uri: str) -> str:
    """The lake's name of a post."""
    return f"bluesky:post:{uri}"


def answered(record: views.Record) -> tuple[str | None, str | None]:
    """The post that opened the thread and the one that is answered; both null for a post that answers none."""
    reply = record.reply
    if reply is None or reply.root is None or not is_post(reply.root.uri):
        return None, None
    return reply.root.uri, reply.parent.uri if reply.parent and is_post(reply.parent.uri) else None


def embedded(embed: views.Embed | None) -> tuple[str | None, str | None]:
    """The post that is quoted, and what kind of media is attached."""
    if embed is None:
        return None, None
    media = MEDIA.get(embed.type) or (MEDIA.get(embed.media.type) if embed.media else None)
    quoted = embed.record.record or embed.record if embed.record else None
    uri = quoted.uri if quoted else None
    # Lists, feeds and starter packs can be embedded the same way; they are no posts.
    return (uri if is_post(uri) and f"/{views.POST}/" in str(uri) else None), media


def marked(record: views.Record) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Hashtags, mentioned accounts and links, each once, in the order of the text."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    if record.facets:
        # Positions count bytes of UTF-8, not characters; a facet outside the text is shown nowhere.
        size = len((record.text or "").encode())
        for facet in record.facets:
            if 0 <= facet.index.byte_start < facet.index.byte_end <= size:
                for one in facet.features:
                    if one.tag:
                        found["tag"][one.tag[:640]] = None
                    elif one.did and one.did.startswith("did:"):
                        found["did"][f"bluesky:account:{one.did[:LONGEST_URI]}"] = None
                    elif one.uri:
                        found["uri"][one.uri[:LONGEST_URI]] = None
    for tag in record.tags or ():
        found["tag"][tag[:640]] = None
    embed = record.embed
    if embed is not None:
        for card in (embed.external, embed.media.external if embed.media else None):
            if card is not None and card.uri:
                found["uri"][card.uri[:LONGEST_URI]] = None
    return tuple(found["tag"]), tuple(found["did"]), tuple(found["uri"])
