"""A chunk seen through a mapping: what stands at each target, as text, counter, flag or list."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from seguito.sources.files.grid import Chunk
from seguito.sources.files.mapping import Columns, Mapping
from seguito.sources.files.numbers import read_counts

_YES = pa.array(["true", "1", "yes", "y", "si", "sì", "t", "vero", "x"])
_ADDRESS = (
    r"^https?://(?:[\w-]+\.)*(?:instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/|youtu\.be/|"
    r"youtube\.com/(?:shorts/|live/|watch\?(?:[^#]*&)?v=)|tiktok\.com/@[^/]+/(?:video|photo)/)([\w-]+).*$"
)
# What some tools write where a comment answers none.
_OPENS = pa.array(["", "0"])
_NO = pa.array(["false", "0", "no", "n", "f", "falso"])


def cells(chunk: Chunk, source: Columns) -> pa.Array:
    """What stands at a target, as text: the first column with a value, or all joined by `/`."""
    import pyarrow.compute as pc

    missing = pa.nulls(chunk.rows, pa.string())
    arrays = [chunk.columns.get(name, missing) for name in source.names]
    if len(arrays) == 1:
        return arrays[0]
    return pc.binary_join_element_wise(*arrays, "/") if source.how == "join" else pc.coalesce(*arrays)


@dataclass(frozen=True, slots=True)
class Cells:
    """Some rows of a file, by target.

    Args:
        chunk: the rows.
        mapping: what their columns mean.
    """

    chunk: Chunk
    mapping: Mapping

    def __len__(self) -> int:
        return self.chunk.rows

    def has(self, target: str) -> bool:
        """Whether a column is mapped to the target."""
        return target in self.mapping.columns

    def text(self, target: str) -> pa.Array:
        """The target as text, null where the cell is empty or nothing is mapped."""
        source = self.mapping.columns.get(target)
        return pa.nulls(len(self), pa.string()) if source is None else cells(self.chunk, source)

    def word(self, target: str) -> pa.Array:
        """The target as text without blanks around it: ids, handles, names."""
        import pyarrow.compute as pc

        trimmed = pc.utf8_trim_whitespace(self.text(target))
        return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)

    def native(self, target: str) -> pa.Array:
        """The target as a platform's id: no blanks, no `.0` that a table program put behind a number."""
        import pyarrow.compute as pc

        return pc.replace_substring_regex(self.word(target), r"^(\d{1,15})\.0$", r"\1")

    def post(self, target: str) -> pa.Array:
        """The target as a post's id; of an address on a known platform, the id inside it."""
        import pyarrow.compute as pc

        found = self.native(target)
        if not pc.any(pc.starts_with(found, pattern="http")).as_py():
            return found
        return pc.replace_substring_regex(found, _ADDRESS, r"\1")

    def count(self, target: str) -> tuple[pa.Array, pa.Array]:
        """The target as counters, with their states."""
        return read_counts(self.text(target))

    def flag(self, target: str) -> pa.Array:
        """The target as yes, no or unknown."""
        import pyarrow.compute as pc

        word = pc.utf8_lower(self.word(target))
        yes = pc.fill_null(pc.is_in(word, value_set=_YES), False)
        no = pc.fill_null(pc.is_in(word, value_set=_NO), False)
        return pc.if_else(yes, "yes", pc.if_else(no, "no", "unknown"))

    def list(self, target: str) -> pa.Array:
        """The target as lists of words, `#` and `@` left out."""
        import pyarrow.compute as pc

        bare = pc.replace_substring_regex(self.text(target), r'["\[\]#@]|\s+$|^\s+', "")
        bare = pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)
        parts = pc.split_pattern_regex(bare, r"\s*[|;,]\s*")
        if parts.null_count == 0:
            return parts
        return pc.if_else(pc.is_valid(parts), parts, pa.scalar([], pa.list_(pa.string())))


def account_natives(told: Cells, prefix: str = "author") -> pa.Array:
    """The key of the account of each row: its id, else its handle (case does not count), else its name.

    Args:
        told: the rows.
        prefix: "author" or "creator".
    """
    import pyarrow.compute as pc

    name = told.word(f"{prefix}_name")
    # A creator who is only named is treated like a handle, so that the same name is the same key everywhere.
    handle = name if prefix == "creator" else told.word("author_handle")
    return pc.coalesce(told.native(f"{prefix}_id"), as_handle(handle), name)


def answered_natives(told: Cells, ids: pa.Array, posts: pa.Array) -> pa.Array:
    """The id of the comment each row answers; null for rows that open a thread.

    Args:
        told: the rows.
        ids: their own ids.
        posts: the posts they stand under.
    """
    import pyarrow.compute as pc

    parents = told.native("parent_id")
    opens = pc.or_(pc.or_(pc.is_null(parents), pc.is_in(parents, value_set=_OPENS)), pc.equal(parents, ids))
    opens = pc.fill_null(pc.or_kleene(opens, pc.equal(parents, posts)), True)
    return pc.if_else(opens, pa.scalar(None, pa.string()), parents)


def described_natives(told: Cells) -> pa.Array:
    """The key of the account each row describes: its id, else its handle."""
    import pyarrow.compute as pc

    return pc.coalesce(told.native("id"), as_handle(told.word("author_handle")))


def as_handle(column: pa.Array) -> pa.Array:
    """Handles without `@`, in small letters."""
    import pyarrow.compute as pc

    return pc.utf8_lower(pc.utf8_ltrim(column, characters="@"))


def with_prefix(prefix: str, natives: pa.Array) -> pa.Array:
    """Keys from natives; null stays null."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(pa.scalar(prefix), natives, "")
