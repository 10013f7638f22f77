"""The invented files of every format, with what a correct reading of each gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from seguito.sources.contract import Options, Reading
from seguito.sources.files.recognise import open_files

PAYLOADS = Path(__file__).parent / "payloads"

MARKUP = "  <script>alert(\"x\")</script> & =cmd|' /C calc'!A0  "
SPELL = "'; DROP TABLE posts; -- \u202eevil\u202c \U0001f469\u200d\U0001f373 e\u0301"
LINES = 'linea uno\nlinea due, "tra virgolette"'


@dataclass(frozen=True)
class Payload:
    """An invented file.

    Attributes:
        name: of the file; it begins with its importer's name.
        rows: how many rows it has.
        texts: texts that must pass unchanged.
        capabilities: what its reading can show, exactly.
    """

    name: str
    rows: int
    texts: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()

    @property
    def importer(self) -> str:
        return self.name.split(".", 1)[0]

    @property
    def path(self) -> Path:
        return PAYLOADS / self.name

    def opening(self, options: Options | None = None) -> Callable[[], Reading]:
        return lambda: open_files([self.path], options or Options())[0]


def _payload(name: str, rows: int, texts: tuple[str, ...], capabilities: str) -> Payload:
    return Payload(name, rows, frozenset(texts), frozenset(capabilities.split()))


SAMPLES = (
    _payload(
        "youtube_data_tools.comments-2.csv",
        6,
        (MARKUP, SPELL, LINES),
        "authors creator threads times texts like_counts",
    ),
    _payload(
        "youtube_data_tools.videoinfo_vidBBBBBBB2_2019_03_05_comments.tab",
        3,
        ('virgolette " da sole', "Bello! 1:00 & poi?\na capo"),
        "authors threads times texts like_counts",
    ),
    _payload(
        "youtube_data_tools.videos.csv", 2, (), "creator times texts like_counts view_counts comment_counts paid_flag"
    ),
    _payload("minet.youtube-comments.csv", 2, (MARKUP, LINES), "authors threads times texts like_counts"),
    _payload("minet.youtube-videos.csv", 1, (), "creator times texts like_counts view_counts comment_counts"),
    _payload(
        "minet.bluesky-posts.csv",
        2,
        (MARKUP, SPELL),
        "authors creator threads times texts like_counts comment_counts",
    ),
    _payload("minet.instagram-comments.csv", 2, (MARKUP, LINES), "authors threads times texts like_counts"),
    _payload("minet.instagram-posts.csv", 2, (MARKUP,), "creator times texts like_counts comment_counts"),
    _payload("minet.instagram-followers.csv", 2, (), "followers follower_profiles"),
    _payload(
        "zeeschuimer.tiktok-posts.ndjson",
        3,
        (LINES,),
        "creator times texts like_counts view_counts comment_counts follower_counts paid_flag",
    ),
    _payload("zeeschuimer.tiktok-comments.ndjson", 3, (MARKUP, SPELL), "authors threads times texts like_counts"),
    _payload(
        "zeeschuimer.instagram-posts.ndjson", 3, (MARKUP,), "creator times texts like_counts comment_counts paid_flag"
    ),
    _payload(
        "fourcat.tiktok-posts.csv",
        2,
        (MARKUP, LINES),
        "creator times texts like_counts view_counts comment_counts follower_counts paid_flag",
    ),
    _payload("fourcat.tiktok-comments.csv", 2, (MARKUP, LINES), "authors threads times texts like_counts"),
    _payload(
        "fourcat.instagram-posts.csv", 2, (MARKUP, SPELL), "creator times texts like_counts view_counts comment_counts"
    ),
    _payload(
        "fourcat.tiktok-posts.ndjson",
        1,
        (LINES,),
        "creator times texts like_counts view_counts comment_counts follower_counts paid_flag",
    ),
    _payload("fourcat.tiktok-comments.ndjson", 2, (MARKUP, SPELL), "authors threads times texts like_counts"),
    _payload(
        "fourcat.instagram-posts.ndjson", 1, (MARKUP,), "creator times texts like_counts comment_counts paid_flag"
    ),
    _payload("table.commenti.csv", 4, (MARKUP, LINES, "Sì"), "authors threads times texts like_counts"),
    _payload("table.comments.json", 2, (MARKUP, SPELL), "authors times texts like_counts"),
    _payload("table.follower_storico.csv", 3, (), "follower_counts"),
    _payload("counters.instagram_daily.csv", 8, (), "follower_counts"),
    _payload("counters.crescita.csv", 8, (), "follower_counts"),
    _payload("table.sales.csv", 3, (), ""),
    _payload("table.accounts.csv", 2, (), ""),
)
BY_NAME = {payload.name: payload for payload in SAMPLES}
PAGES = _payload("bluesky_pages.pages.ndjson", 4, (MARKUP, SPELL), "")
