"""4CAT: results as CSV (its own columns) and as NDJSON (the page's item with `__import_meta`).

`timestamp` is in the server's own zone for some sources, so only `unix_timestamp` is read. Authors may have been
replaced by digests; such accounts are marked as pseudonyms.
"""

from __future__ import annotations

from seguito.sources.files.layout import Format, Layout
from seguito.sources.files.mapping import Mapping, columns
from seguito.sources.files.web_pages import instagram_posts, tiktok_comments, tiktok_posts

TIKTOK_COMMENTS = Layout(
    name="tiktok-comments-csv",
    needs=frozenset({"thread_id", "unix_timestamp", "is_comment_on_comment", "post_id"}),
    mapping=Mapping(
        record="comments",
        platform="tiktok",
        columns=columns(
            id="id",
            post_id="post_id",
            parent_id="thread_id",
            author_handle="author",
            author_name="author_full",
            created_at="unix_timestamp",
            text="body",
            likes="likes",
            replies="replies",
            url="comment_url",
            lang="language_guess",
            is_pinned="is_sticky",
        ),
    ),
)
TIKTOK_POSTS = Layout(
    name="tiktok-posts-csv",
    needs=frozenset({"tiktok_url", "unix_timestamp", "author", "body"}),
    mapping=Mapping(
        record="posts",
        platform="tiktok",
        columns=columns(
            id="id",
            author_handle="author",
            author_name="author_full",
            followers="author_followers",
            created_at="unix_timestamp",
            text="body",
            hashtags="hashtags",
            url="tiktok_url",
            likes="likes",
            comments="comments",
            shares="shares",
            views="plays",
            paid_flag="is_ad",
        ),
    ),
)
INSTAGRAM_POSTS = Layout(
    name="instagram-posts-csv",
    needs=frozenset({"unix_timestamp", "num_likes", "num_comments", "author"}),
    mapping=Mapping(
        record="posts",
        platform="instagram",
        columns=columns(
            id="id",
            author_id="author_id",
            author_handle="author",
            author_name="author_fullname",
            is_verified="verified",
            created_at="unix_timestamp",
            text="body",
            hashtags="hashtags",
            mentions="usertags",
            media_type="media_type",
            url="url",
            likes="num_likes",
            counts_hidden="likes_hidden",
            comments="num_comments",
            views="play_count",
            is_partial="partial_item",
        ),
    ),
)
_META = "__import_meta.timestamp_collected"
TIKTOK_COMMENTS_RAW = Layout(
    name="tiktok-comments-ndjson",
    needs=frozenset({_META, "cid", "aweme_id"}),
    mapping=tiktok_comments("", captured_at=_META),
    shapes=("ndjson",),
)
TIKTOK_POSTS_RAW = Layout(
    name="tiktok-posts-ndjson",
    needs=frozenset({_META, "desc", "createTime"}),
    mapping=tiktok_posts("", captured_at=_META),
    shapes=("ndjson",),
)
INSTAGRAM_POSTS_RAW = Layout(
    name="instagram-posts-ndjson",
    needs=frozenset({_META}),
    mapping=instagram_posts("", captured_at=_META),
    shapes=("ndjson",),
    values=(("__import_meta.source_platform", "instagram.com"),),
)

FORMAT = Format(
    "fourcat",
    "1",
    (
        TIKTOK_COMMENTS,
        TIKTOK_POSTS,
        INSTAGRAM_POSTS,
        TIKTOK_COMMENTS_RAW,
        TIKTOK_POSTS_RAW,
        INSTAGRAM_POSTS_RAW,
    ),
)
