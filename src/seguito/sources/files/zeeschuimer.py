"""Zeeschuimer: NDJSON captures of what a browser was shown. The same post may be captured several times."""

from __future__ import annotations

from seguito.sources.files.layout import Format, Layout
from seguito.sources.files.web_pages import instagram_posts, tiktok_comments, tiktok_posts

_NEEDS = frozenset({"source_platform", "timestamp_collected"})

TIKTOK_POSTS = Layout(
    name="tiktok-posts",
    needs=_NEEDS | {"data.id"},
    mapping=tiktok_posts("data.", captured_at="timestamp_collected"),
    shapes=("ndjson",),
    values=(("source_platform", "tiktok.com"),),
)
TIKTOK_COMMENTS = Layout(
    name="tiktok-comments",
    needs=_NEEDS | {"data.cid"},
    mapping=tiktok_comments("data.", captured_at="timestamp_collected"),
    shapes=("ndjson",),
    values=(("source_platform", "tiktok-comments"),),
)
INSTAGRAM_POSTS = Layout(
    name="instagram-posts",
    needs=_NEEDS,
    mapping=instagram_posts("data.", captured_at="timestamp_collected"),
    shapes=("ndjson",),
    values=(("source_platform", "instagram.com"),),
)

FORMAT = Format("zeeschuimer", "1", (TIKTOK_POSTS, TIKTOK_COMMENTS, INSTAGRAM_POSTS))
