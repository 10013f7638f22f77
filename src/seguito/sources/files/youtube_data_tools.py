"""YouTube Data Tools: comments (the web tool of before 2026 and its successor), video lists."""

from __future__ import annotations

import re

from seguito.sources.files.layout import Format, Layout
from seguito.sources.files.mapping import Mapping, columns

COMMENTS_2 = Layout(
    name="comments-2",
    needs=frozenset({"inferredLevel", "threadId", "isReplyToId", "authorName"}),
    mapping=Mapping(
        record="comments",
        platform="youtube",
        basis="utc_declared",
        timezone="UTC",
        columns=columns(
            id="id",
            post_id="videoId",
            parent_id="threadId",
            answered_id="isReplyToId",
            author_id="authorChannelId",
            author_name="authorName",
            is_creator="isChannelOwner",
            created_at="publishedAt",
            text="text",
            likes="likeCount",
            replies="totalReplyCount",
        ),
    ),
)

_OLD = Mapping(
    record="comments",
    platform="youtube",
    basis="server_local_unknown",
    html=True,
    columns=columns(
        id="id",
        parent_id="isReplyTo",
        author_id="authorChannelId",
        author_name="authorName",
        created_at="publishedAt",
        text="text",
        likes="likeCount",
        replies="replyCount",
    ),
)
_VIDEO_IN_NAME = re.compile(r"videoinfo_([\w-]{11})_")

COMMENTS_1_TAB = Layout(
    name="comments-1-tab",
    needs=frozenset({"isReplyTo", "authorName", "replyCount", "authorChannelUrl"}),
    values=(),
    mapping=_OLD,
    post_in_name=_VIDEO_IN_NAME,
    quoted=False,
)
COMMENTS_1 = Layout(
    name="comments-1",
    needs=frozenset({"isReplyTo", "authorName", "replyCount"}),
    mapping=_OLD,
    post_in_name=_VIDEO_IN_NAME,
)

VIDEOS = Layout(
    name="videos",
    needs=frozenset({"videoId", "videoDescription", "publishedAtSQL"}),
    mapping=Mapping(
        record="posts",
        platform="youtube",
        basis="utc_declared",
        timezone="UTC",
        columns=columns(
            id="videoId",
            author_id="channelId",
            author_name="channelTitle",
            created_at=("publishedAt", "publishedAtSQL"),
            title="videoTitle",
            text="videoDescription",
            url="videoUrl",
            duration_s="durationSec",
            views="viewCount",
            likes="likeCount",
            comments="commentCount",
            paid_flag="hasPaidProductPlacement",
        ),
    ),
)

FORMAT = Format("youtube_data_tools", "1", (COMMENTS_2, COMMENTS_1_TAB, COMMENTS_1, VIDEOS))
