"""Minet: YouTube comments and videos, Bluesky posts, Instagram comments, posts and follower lists.

The user's own columns stand in front of minet's, so files are known by the columns they have, not by all of them.
"""

from __future__ import annotations

from seguito.sources.files.layout import Format, Layout
from seguito.sources.files.mapping import Mapping, columns

YOUTUBE_COMMENTS = Layout(
    name="youtube-comments",
    needs=frozenset({"comment_id", "author_channel_id", "parent_comment_id"}),
    mapping=Mapping(
        record="comments",
        platform="youtube",
        columns=columns(
            id="comment_id",
            post_id="video_id",
            parent_id="parent_comment_id",
            author_id="author_channel_id",
            author_name="author_name",
            created_at="published_at",
            text="text",
            likes="like_count",
            replies="reply_count",
        ),
    ),
)

YOUTUBE_VIDEOS = Layout(
    name="youtube-videos",
    needs=frozenset({"video_id", "channel_id", "channel_title", "view_count"}),
    mapping=Mapping(
        record="posts",
        platform="youtube",
        columns=columns(
            id="video_id",
            author_id="channel_id",
            author_name="channel_title",
            created_at="published_at",
            title="title",
            text="description",
            lang="default_language",
            views="view_count",
            likes="like_count",
            comments="comment_count",
        ),
    ),
)

BLUESKY_POSTS = Layout(
    name="bluesky-posts",
    needs=frozenset({"uri", "user_did", "original_text"}),
    mapping=Mapping(
        record="posts",
        platform="bluesky",
        columns=columns(
            id="uri",
            post_id="to_root_post_uri",
            parent_id="to_post_uri",
            author_id="user_did",
            author_handle="user_handle",
            author_name="user_diplay_name",
            created_at="timestamp_utc",
            text="original_text",
            url="url",
            hashtags="hashtags",
            likes="like_count",
            comments="reply_count",
            reposts="repost_count",
            quotes="quote_count",
            bookmarks="bookmark_count",
            captured_at="collection_time",
        ),
    ),
)

INSTAGRAM_COMMENTS = Layout(
    name="instagram-comments",
    needs=frozenset({"comment_like_count", "created_at_utc", "child_comment_count"}),
    mapping=Mapping(
        record="comments",
        platform="instagram",
        columns=columns(
            id="id",
            post_id=("shortcode", "post", "post_url", "url"),
            parent_id="parent_id",
            author_id="user_id",
            author_handle="username",
            author_name="user_full_name",
            created_at="created_at_utc",
            text="text",
            hashtags="hashtags",
            mentions="mentioned_names",
            likes="comment_like_count",
            replies="child_comment_count",
        ),
    ),
)

INSTAGRAM_POSTS = Layout(
    name="instagram-posts",
    needs=frozenset({"taken_at_timestamp", "shortcode"}),
    mapping=Mapping(
        record="posts",
        platform="instagram",
        columns=columns(
            id="shortcode",
            author_handle="username",
            author_name="full_name",
            created_at="taken_at_timestamp",
            text="caption",
            url="url",
            media_type="media_type",
            likes="like_count",
            counts_hidden="like_and_view_counts_disabled",
            comments="comment_count",
        ),
    ),
)

INSTAGRAM_FOLLOWERS = Layout(
    name="instagram-followers",
    needs=frozenset({"has_anonymous_profile_picture", "username", "is_private"}),
    mapping=Mapping(
        record="followers",
        platform="instagram",
        columns=columns(
            id="id",
            author_handle="username",
            name="full_name",
            is_private="is_private",
            is_verified="is_verified",
            has_no_avatar="has_anonymous_profile_picture",
        ),
    ),
)

FORMAT = Format(
    "minet",
    "1",
    (YOUTUBE_COMMENTS, YOUTUBE_VIDEOS, BLUESKY_POSTS, INSTAGRAM_COMMENTS, INSTAGRAM_POSTS, INSTAGRAM_FOLLOWERS),
)
