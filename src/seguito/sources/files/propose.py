"""A proposed mapping for a table nobody has described: from the names of its columns, then from what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seguito.kit.errors import BadInput
from seguito.sources.files.cells import cells
from seguito.sources.files.grid import Chunk
from seguito.sources.files.layout import label
from seguito.sources.files.mapping import FITS, NEEDS, Columns, Mapping, Record, save
from seguito.sources.files.synonyms import SYNONYMS, plain

PREVIEWED = 5
_ROUNDED = re.compile(r"^\d[.,]?\d*E\+\d+$", re.IGNORECASE)
_LONG_ID = re.compile(r"^\d{16,20}$")
_PLATFORMS = ("youtube", "instagram", "tiktok", "bluesky", "mastodon", "threads", "facebook", "twitter", "twitch")
_ACCOUNT_TARGETS = {"id", "author_id", "author_handle", "author_name"}
_COUNTERS = {"likes", "comments", "views", "shares", "reposts", "followers", "following", "posts"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file's columns are taken to mean, to be shown before it is believed.

    Attributes:
        path: the file.
        format: the importer that would read it.
        confidence: how sure the recognition is, 0 to 1.
        mapping: the meaning.
        header: the file's columns.
        unused: columns that are given no meaning.
        preview: the first rows, target to text.
        notes: what a person should look at.
    """

    path: Path
    format: str
    confidence: float
    mapping: Mapping
    header: tuple[str, ...]
    unused: tuple[str, ...]
    preview: tuple[dict[str, str], ...]
    notes: tuple[str, ...] = ()

    def save(self, path: Path) -> None:
        """Keep the mapping in a file; files with the same columns then need no question."""
        save(self.mapping, self.header, path)


@dataclass
class Guess:
    """A guess at a table's meaning from its header and first rows.

    Args:
        path: the file, whose name may tell the platform.
        header: its columns.
        first: its first rows.
    """

    path: Path
    header: tuple[str, ...]
    first: Chunk
    notes: list[str] = field(default_factory=list)

    def mapping(self) -> Mapping:
        """The proposed mapping.

        Raises:
            BadInput: no column looks like anything that is studied here.
        """
        found = self._by_name()
        self._drop_damaged_ids(found)
        record = self._record(found)
        columns = self._shaped(record, found)
        if record in ("comments", "posts") and "text" not in columns:
            self._text_by_look(columns)
        if not all(any(one in columns for one in choice) for choice in NEEDS[record]):
            raise BadInput(
                f"{self.path.name} has no columns whose meaning can be told: {', '.join(self.header[:12])}.",
                "Say what they mean in a mapping file and give it with --mapping.",
            )
        platform = self._platform(columns)
        hashed = any("hash" in name.casefold() for target in ("author_id",) for name in _names(columns, target))
        pseudonymous = hashed or self._share(columns, "author_id", r"^[0-9a-f]{40}$|^[0-9a-f]{64}$") > 0.9
        return Mapping(record=record, platform=platform, columns=columns, pseudonymous=pseudonymous)

    def _by_name(self) -> dict[str, str]:
        """Column by target, each column used once."""
        plains: dict[str, str] = {}
        for name in self.header:
            plains.setdefault(plain(name), name)
        found: dict[str, str] = {}
        used: set[str] = set()
        for target, names in SYNONYMS.items():
            for name in names:
                column = plains.get(name)
                if column is not None and column not in used:
                    found[target] = column
                    used.add(column)
                    break
        return found

    def _values(self, column: str) -> list[str]:
        array = self.first.columns.get(column)
        return [] if array is None else [text for text in array.to_pylist() if text]

    def _share(self, columns: dict[str, Columns], target: str, pattern: str) -> float:
        values = [text for name in _names(columns, target) for text in self._values(name)]
        return sum(bool(re.search(pattern, text)) for text in values) / len(values) if values else 0.0

    def _drop_damaged_ids(self, found: dict[str, str]) -> None:
        for target in [one for one in found if one.endswith("_id") or one == "id"]:
            if is_damaged(self._values(found[target])):
                self.notes.append(
                    f"The ids in '{found[target]}' were rounded by a spreadsheet and are not used; "
                    "export the file again without opening it in one."
                )
                del found[target]

    def _record(self, found: dict[str, str]) -> Record:
        if "product" in found and ("units" in found or "rank" in found) and "created_at" in found:
            return "sales"
        if "text" not in found and "title" not in found:
            if "created_at" in found and found.keys() & _COUNTERS and not found.keys() & (_ACCOUNT_TARGETS - {"id"}):
                return "metrics"
            if found.keys() & _ACCOUNT_TARGETS:
                names_followers = re.search(r"follower|seguaci|iscritti", self.path.name.casefold())
                return "followers" if names_followers else "accounts"
        if {"followers", "bio"} & found.keys() and "post_id" not in found and "created_at" not in found:
            return "accounts"
        if "comment_id" in found or "parent_id" in found or "is_creator" in found:
            return "comments"
        key = self._post_key(found)
        if key is None:
            return "comments" if "comment" in plain(self.path.name) or "text" in found else "posts"
        rows = [tuple(row) for row in zip(*(self._padded(name) for name in key.names), strict=True)]
        return "posts" if len(set(rows)) == len(rows) and ("id" not in found or "views" in found) else "comments"

    def _padded(self, column: str) -> list[Any]:
        array = self.first.columns.get(column)
        return [None] * self.first.rows if array is None else array.to_pylist()

    def _post_key(self, found: dict[str, str]) -> Columns | None:
        """The post's id; a running number such as `post_no` counts only together with the account it belongs to."""
        if "post_id" not in found:
            return None
        name = found["post_id"]
        values = self._values(name)
        owner = found.get("creator_id") or found.get("creator_name") or found.get("author_handle")
        short = all(text.isdigit() and len(text) < 8 for text in values)
        return Columns((owner, name), "join") if values and short and owner else Columns((name,))

    def _shaped(self, record: Record, found: dict[str, str]) -> dict[str, Columns]:
        """Targets as this kind of row calls them."""
        shape: Callable[[dict[str, str]], dict[str, Columns]] = {
            "comments": self._comments,
            "posts": self._posts,
        }.get(record, self._rest)
        shaped = shape(dict(found))
        if record in ("accounts", "followers"):
            shaped = {("joined_at" if one == "created_at" else one): name for one, name in shaped.items()}
            shaped = {("name" if one == "author_name" else one): name for one, name in shaped.items()}
            if "author_id" in shaped:
                shaped["id"] = shaped.pop("author_id")
        return {target: source for target, source in shaped.items() if target in FITS[record]}

    def _comments(self, found: dict[str, str]) -> dict[str, Columns]:
        key = self._post_key(found)
        found["id"] = found.pop("comment_id", found.get("id", ""))
        columns = {target: Columns((name,)) for target, name in found.items() if name}
        if key is not None:
            columns["post_id"] = key
        handle = found.get("author_handle")
        if handle and key is not None and self._belongs_to_post(handle, key):
            columns["creator_name"] = columns.pop("author_handle")
        if "text" not in columns and "title" in columns:
            columns["text"] = columns.pop("title")
        return columns

    def _belongs_to_post(self, column: str, key: Columns) -> bool:
        """Whether a column is the same in all rows of a post, for posts with several rows: then it is not who wrote."""
        groups: dict[Any, set[Any]] = {}
        counts: dict[Any, int] = {}
        owners = self._padded(column)
        for owner, *post in zip(owners, *(self._padded(name) for name in key.names), strict=True):
            groups.setdefault(tuple(post), set()).add(owner)
            counts[tuple(post)] = counts.get(tuple(post), 0) + 1
        several = [post for post, n in counts.items() if n > 1]
        return len(several) > 0 and all(len(groups[post]) == 1 for post in groups) and max(counts.values()) > 2

    def _posts(self, found: dict[str, str]) -> dict[str, Columns]:
        key = self._post_key(found)
        columns = {
            target: Columns((name,)) for target, name in found.items() if target not in ("comment_id", "post_id")
        }
        if key is not None:
            columns["id"] = key
        for theirs, own in (("creator_id", "author_id"), ("creator_name", "author_handle")):
            if theirs in columns and own not in columns:
                columns[own] = columns.pop(theirs)
        return columns

    def _rest(self, found: dict[str, str]) -> dict[str, Columns]:
        return {target: Columns((name,)) for target, name in found.items() if target != "comment_id"}

    def _text_by_look(self, columns: dict[str, Columns]) -> None:
        """The column with the longest varied texts, where no name tells."""
        used = {name for source in columns.values() for name in source.names}
        best, length = None, 15.0
        for name in self.header:
            values = [] if name in used else self._values(name)
            mean = sum(map(len, values)) / len(values) if values else 0.0
            if mean > length and any(" " in text for text in values):
                best, length = name, mean
        if best is not None:
            columns["text"] = Columns((best,))
            self.notes.append(
                f"No column is named like a text; '{best}' was taken for it because of what stands in it."
            )

    def _platform(self, columns: dict[str, Columns]) -> str:
        plains = {plain(name) for name in self.header}
        if (
            self._share(columns, "author_id", r"^UC[\w-]{22}$") > 0.5
            or self._share(columns, "id", r"^Ug[\w-]{20,}") > 0.5
        ):
            return "youtube"
        if self._share(columns, "author_id", r"^did:(plc|web):") > 0.5 or self._share(columns, "id", r"^at://") > 0.5:
            return "bluesky"
        # Names of files and folders, then names of columns that only one platform has.
        for name in _PLATFORMS:
            if name in label(self.path):
                return name
        if self._share(columns, "post_id", r"^[\w-]{11}$") > 0.9 and "videoid" in plains:
            return "youtube"
        if "awemeid" in plains or "diggcount" in plains:
            return "tiktok"
        return "instagram" if "shortcode" in plains else "other"


def _names(columns: dict[str, Columns], target: str) -> tuple[str, ...]:
    return columns[target].names if target in columns else ()


def is_damaged(values: list[str]) -> bool:
    """Whether ids were rounded by a spreadsheet: `1,23E+17`, or long numbers that all end in zeros from digit 16 on."""
    if sum(bool(_ROUNDED.match(text)) for text in values) > 0.2 * len(values):
        return True
    long = [text for text in values if _LONG_ID.match(text)]
    return len(long) >= 3 and all(text[15:].strip("0") == "" for text in long) and len(set(long)) > 1


def preview(mapping: Mapping, first: Chunk) -> tuple[dict[str, str], ...]:
    """The first rows as the mapping reads them."""
    columns = {target: cells(first, source) for target, source in mapping.columns.items()}
    return tuple(
        {target: column[at].as_py() or "" for target, column in columns.items()}
        for at in range(min(PREVIEWED, first.rows))
    )
