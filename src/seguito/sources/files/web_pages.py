"""What the web pages of TikTok and Instagram hold of a post or comment, as captures keep it, under any prefix."""

from __future__ import annotations

from seguito.sources.files.mapping import Columns, Mapping


def _under(prefix: str, columns: dict[str, str | tuple[str, ...]]) -> dict[str, Columns]:
    return {
        target: Columns(tuple(prefix + name for name in ((names,) if isinstance(names, str) else names)))
        for target, names in columns.items()
    }


def tiktok_posts(prefix: str, **more: str) -> Mapping:
    """A TikTok video. `adAuthorization` is left out: that an author allows advertising use is no paid label."""
    columns = _under(
        prefix,
        {
            "id": "id",
            "author_id": "author.id",
            "author_handle": "author.uniqueId",
            "author_name": "author.nickname",
            "bio": "author.signature",
            "is_verified": "author.verified",
            "is_private": "author.privateAccount",
            "followers": ("authorStats.followerCount", "authorStatsV2.followerCount"),
            "created_at": "createTime",
            "text": "desc",
            "lang": "textLanguage",
            "hashtags": "textExtra[].hashtagName",
            "mentions": "textExtra[].userUniqueId",
            "duration_s": "video.duration",
            "likes": "stats.diggCount",
            "comments": "stats.commentCount",
            "shares": "stats.shareCount",
            "views": "stats.playCount",
            "saves": "stats.collectCount",
            "paid_flag": "isAd",
        },
    )
    return Mapping(record="posts", platform="tiktok", columns=columns | _plain(more))


def tiktok_comments(prefix: str, **more: str) -> Mapping:
    """A comment under a TikTok video."""
    columns = _under(
        prefix,
        {
            "id": "cid",
            "post_id": "aweme_id",
            "parent_id": "reply_id",
            "answered_id": "reply_to_reply_id",
            "author_id": "user.uid",
            "author_handle": "user.unique_id",
            "author_name": "user.nickname",
            "created_at": "create_time",
            "text": "text",
            "lang": "comment_language",
            "likes": "digg_count",
            "replies": "reply_comment_total",
        },
    )
    return Mapping(record="comments", platform="tiktok", columns=columns | _plain(more))


def instagram_posts(prefix: str, **more: str) -> Mapping:
    """An Instagram post, in either of the two forms its pages hold."""
    columns = _under(
        prefix,
        {
            "id": ("code", "shortcode"),
            "author_id": ("user.pk", "user.id", "owner.id"),
            "author_handle": ("user.username", "owner.username"),
            "author_name": ("user.full_name", "owner.full_name"),
            "is_verified": ("user.is_verified", "owner.is_verified"),
            "is_private": ("user.is_private", "owner.is_private"),
            "created_at": ("taken_at", "taken_at_timestamp"),
            "text": ("caption.text", "edge_media_to_caption.edges[].node.text"),
            "media_type": ("product_type", "media_type", "__typename"),
            "likes": ("like_count", "edge_media_preview_like.count"),
            "counts_hidden": "like_and_view_counts_disabled",
            "comments": ("comment_count", "edge_media_to_comment.count"),
            "views": ("play_count", "view_count"),
            "is_partial": "_zs_partial",
            "paid_flag": "is_paid_partnership",
        },
    )
    return Mapping(record="posts", platform="instagram", columns=columns | _plain(more))


def _plain(more: dict[str, str]) -> dict[str, Columns]:
    return {target: Columns((name,)) for target, name in more.items()}
