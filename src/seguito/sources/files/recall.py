"""Reading a file of comments again: its rows are looked at once, and only groups that say something new become facts.

What the file tells as a whole (its newest time, how many comments stand under each post, whose posts they are) is
added up from the groups that were read now and from what is remembered of the others, and is the same as if all had
been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.clock import from_epoch
from seguito.sources.files.cells import Cells, account_natives, answered_natives, with_prefix
from seguito.sources.files.delimited import Delimited
from seguito.sources.files.grid import Chunk, Grid
from seguito.sources.files.groups import GROUPS, Groups, Keys, Mask, Numbers
from seguito.sources.files.held import Held, HeldGrid
from seguito.sources.files.mapping import Mapping
from seguito.sources.files.spaces import Spaces
from seguito.sources.files.stretches import STRETCHES, parts, remembered, state
from seguito.sources.files.survey import Survey
from seguito.sources.files.tallies import Tallies, shown
from seguito.sources.remembering import Digests, Memory, Unchanged

# A larger file is read in stretches that are not kept, and so as a whole each time.
LARGEST = 1 << 30
# With these a row's meaning depends on rows of other groups, or on which of several captures counts.
_TIED = ("captured_at", "followers", "creator_id", "creator_name", "is_partial")
_SHOWN = (
    *("authors", "texts", "threads", "times", "creator", "like_counts", "view_counts", "follower_counts"),
    *("comment_counts", "paid_flag", "naive"),
)
_PEOPLE = ("author_id", "author_handle", "author_name")
_READ = pa.schema(
    [(name, pa.string()) for name in ("post", "space", "title", "owner", "owner_name")]
    + [("at", pa.timestamp("us", tz="UTC")), ("shows", pa.int64())]
)


def can_recall(mapping: Mapping) -> bool:
    """Whether the rows of such a file fall into groups that do not depend on each other."""
    return mapping.record == "comments" and "id" in mapping.columns and not set(_TIED) & set(mapping.columns)


@dataclass
class Recall:
    """One file of comments, read with what is remembered of its lineage.

    Args:
        grid: the file.
        mapping: what its columns mean.
        comment: the beginning of a comment's key.
        post_id: the post of rows that name none.
        memory: what is remembered; `None` the first time.
        digests: tells rows apart.
    """

    grid: Grid
    mapping: Mapping
    comment: str
    post_id: str
    memory: Memory | None
    digests: Digests
    held: list[Held] = field(default_factory=list)
    # Everybody who wrote in the stretches that need not be parsed again, and how many stretches these are.
    _of_known: pa.Table | None = None
    _known_ones: int = 0

    def look(self) -> bool:
        """Read the whole file and tell its groups apart; false where it is too large for that."""
        parts: list[tuple[Keys, Keys, Keys]] = []
        room = LARGEST
        for one, keys in self._looked_at():
            room -= one.size
            if room < 0:
                self.held.clear()
                return False
            self.held.append(one)
            parts.append(keys)
        said, ids, threads = (
            np.concatenate([part[at] for part in parts] or [np.empty(0, np.uint64)]) for at in (0, 1, 2)
        )
        self.groups = Groups(said, ids, threads)
        self._known = GROUPS.empty_table() if self.memory is None else self.memory.groups
        self.same, self._place = self.groups.same_as(self._known)
        return True

    def _looked_at(self) -> Iterator[tuple[Held, tuple[Keys, Keys, Keys]]]:
        """All rows, and the numbers that tell them apart; of stretches that lie where they lay these are remembered."""
        names = self.mapping.names()
        if not isinstance(self.grid, Delimited):
            for chunk in self.grid.chunks(names):
                yield Held.of([chunk], None), self._keys(Cells(chunk, self.mapping))
            return
        more = {} if self.memory is None else self.memory.more
        known = remembered(more.get("stretches"), self._state) if {"rows", "people"} <= set(more) else []
        place = 0
        for part in parts(self.grid, names, known):
            if part.is_known and part.stretch is not None:
                rows = more["rows"].slice(place, part.stretch.rows)
                place += part.stretch.rows
                self._known_ones += 1
                yield Held(part.stretch.rows, part.stretch.size, part.chunks, part.stretch), _as_keys(rows)
            else:
                chunks = part.chunks()
                one = Held.of(chunks, part.stretch if self._names_posts(chunks) else None)
                keys = [_NO_KEYS, *(self._keys(Cells(chunk, self.mapping)) for chunk in chunks)]
                said, ids, threads = (np.concatenate(each) for each in zip(*keys, strict=True))
                yield one, (said, ids, threads)
        if self._known_ones == len(known) > 0:
            self._of_known = more["people"]

    @property
    def _state(self) -> str:
        assert isinstance(self.grid, Delimited)  # noqa: S101 - asked of no other
        return state(self.grid, self.mapping.names(), self.comment, self.mapping.fingerprint())

    def _names_posts(self, chunks: list[Chunk]) -> bool:
        """Whether all rows name their post; the others stand under one that is named by the whole file."""
        posts = (Cells(chunk, self.mapping).post("post_id") for chunk in chunks)
        return self.mapping.post_id is not None or not any(one.null_count for one in posts)

    def _keys(self, told: Cells) -> tuple[Keys, Keys, Keys]:
        ids = told.native("id")
        posts = pc.fill_null(told.post("post_id"), self.post_id)
        keys = self.digests.of_keys(with_prefix(self.comment, ids))
        answered = answered_natives(told, ids, posts).dictionary_encode()
        several = self.digests.of_keys(with_prefix(self.comment, answered.dictionary))
        opens = answered.indices.is_null().to_numpy(zero_copy_only=False)
        threads = keys.copy()
        threads[~opens] = several[answered.indices.drop_null().to_numpy()]
        columns = told.chunk.columns
        # The post is said too, as it is filled in: rows that name none may stand under another one the next time.
        said = self.digests.of_rows([posts, *(columns[name] for name in sorted(columns))])
        return said, keys, threads

    # -- the file as a whole ------------------------------------------------------------------------------------

    @property
    def changed(self) -> Grid:
        """The rows that are to become facts, as a grid."""
        return HeldGrid(tuple(chunk for chunk, _, _ in self.parts()))

    @property
    def people(self) -> Chunk:
        """Everybody who wrote, once for each way they are named."""
        return self._distinct([np.ones(one.rows, dtype=bool) for one in self.held])

    def people_of(self, rejected: Numbers) -> Chunk:
        """The same without rows that were set aside."""
        kept = np.ones(len(self.groups.of), dtype=bool)
        kept[rejected] = False
        ends = np.cumsum([one.rows for one in self.held])
        return self._distinct(np.split(kept, ends[:-1]) if len(ends) else [])

    def _distinct(self, kept: list[Any]) -> Chunk:
        names = sorted(self.mapping.names(*_PEOPLE))
        if not names or not self.held:
            return Chunk({}, np.empty(0, np.int64))
        table = self._gathered(names, kept)
        columns = {name: table[name].chunk(0) if table.num_rows else pa.array([], pa.string()) for name in names}
        return Chunk(columns, np.zeros(table.num_rows, dtype=np.int64))

    def _gathered(self, names: list[str], kept: list[Any]) -> pa.Table:
        """Everybody in the first rows, in the order in which they come: `kept` has a mask for each part of the file."""
        tables, start = [], 0
        if self._of_known is not None and all(rows.all() for rows in kept[: self._known_ones]):
            tables, start = [self._of_known.select(names)], self._known_ones
        for one, mask in zip(self.held[start : len(kept)], kept[start:], strict=True):
            for chunk, rows in zip(one.chunks, one.split(mask), strict=True):
                missing = pa.nulls(chunk.rows, pa.string())
                table = pa.table({name: chunk.columns.get(name, missing) for name in names})
                table = table if rows.all() else table.filter(pa.array(rows))
                tables.append(table.group_by(names, use_threads=False).aggregate([]))
        return pa.concat_tables(tables).group_by(names, use_threads=False).aggregate([]).combine_chunks()

    @property
    def rows(self) -> int:
        """All rows that could be split into columns."""
        return len(self.groups.of)

    def complete(self, found: Survey) -> bool:
        """Add to the survey of the changed rows what the others told; false where only the whole file can tell."""
        kept = self._remembered()
        newest = pc.max(kept["newest"]).as_py()
        if newest is not None:
            at = from_epoch(newest / 1_000_000)
            found.newest = max(filter(None, (found.newest, at)), default=None)
        found.rows = self.rows
        shows = int(np.bitwise_or.reduce(kept["shows"].to_numpy(), initial=0))
        found.times.naive = found.times.naive or bool(shows & 1 << _SHOWN.index("naive"))
        owners = kept.select(["post", "owner", "owner_name"]).group_by(["post", "owner", "owner_name"]).aggregate([])
        for row in owners.to_pylist():
            post, owner, name = row["post"], row["owner"], row["owner_name"]
            if owner is None:
                continue
            if found.owner_of.setdefault(post, owner) != owner or found.creators.setdefault(owner, name) != name:
                return False
        return self.memory is None or found.newest is None or _us(found.newest) >= self.memory.observed_us

    def forget(self) -> None:
        """Remember nothing: every group is read."""
        self.same = np.zeros_like(self.same)

    def check(self, spaces: Spaces) -> None:
        """Read anew the groups under posts that have another owner now."""
        kept = self._remembered()
        posts = kept.select(["post", "space"]).group_by(["post", "space"]).aggregate([]).to_pylist()
        moved = [
            row["post"] for row in posts if spaces.uri(spaces.by_post.get(row["post"], spaces.default)) != row["space"]
        ]
        if moved:
            numbers = np.flatnonzero(self.same)
            hit = pc.is_in(kept["post"], value_set=pa.array(moved, pa.string())).to_numpy()
            self.same[numbers[hit]] = False

    def _remembered(self) -> pa.Table:
        return self._known.take(pa.array(self._place[self.same]))

    # -- reading ------------------------------------------------------------------------------------------------

    def parts(self) -> Iterator[tuple[Chunk, Chunk, Numbers]]:
        """For every stretch of the file: what is to become facts of it, the whole, and the rows' numbers."""
        fresh: Mask = ~self.same[self.groups.of]
        start = 0
        for one in self.held:
            if one.stretch is not None and not fresh[start : start + one.rows].any():
                yield self._nothing, Chunk({}, np.zeros(one.rows, np.int64)), np.empty(0, np.int64)
                start += one.rows
                continue
            for chunk in one.chunks:
                here = fresh[start : start + chunk.rows]
                numbers = np.flatnonzero(here) + start
                start += chunk.rows
                if here.all():
                    yield chunk, chunk, numbers
                    continue
                mask = pa.array(here)
                columns = {name: column.filter(mask) for name, column in chunk.columns.items()}
                yield Chunk(columns, chunk.places[here]), chunk, numbers

    @property
    def _nothing(self) -> Chunk:
        names = [name for name in self.grid.header if name in self.mapping.names()]
        return Chunk({name: pa.array([], pa.string()) for name in names}, np.empty(0, np.int64))

    def count(self, tallies: Tallies, post: str) -> None:
        """Count the comments that were not read again under their posts; `post` begins a post's key."""
        kept = self._remembered()
        roots = pa.table(
            {
                "root": with_prefix(post, kept["post"].combine_chunks()),
                "space": kept["space"],
                "title": kept["title"],
                "at": kept["oldest"].cast(pa.timestamp("us", tz="UTC")),
                "one": kept["rows"],
            }
        )
        shows = int(np.bitwise_or.reduce(kept["shows"].to_numpy(), initial=0))
        tallies.add(roots, {name for at, name in enumerate(_SHOWN[:-1]) if shows & 1 << at})

    def learned(self, observed_us: int, rows: Numbers, read: list[pa.Table]) -> Memory:
        """What to remember of the file.

        Args:
            observed_us: the moment it was seen at.
            rows: numbers of the rows that became facts now.
            read: what each of them told, as from `told_of`.
        """
        groups = self._remembered()
        # Where two readings of one moment contradict each other, only a later one can tell which holds.
        if self.memory is None or self.memory.observed_us != observed_us:
            new = self.groups.told(rows, pa.concat_tables([_READ.empty_table(), *read]))
            groups = pa.concat_tables([groups, new]).combine_chunks().sort_by("thread")
        return Memory(observed_us, groups, self._more())

    def _more(self) -> dict[str, pa.Table]:
        """What spares parsing the file's beginning again, where it lies as it lay."""
        first = list(takewhile(lambda one: one.stretch is not None, self.held))
        stretches = [one.stretch for one in first if one.stretch is not None]
        if not stretches:
            return {}
        rows = sum(one.rows for one in stretches)
        columns: dict[str, Any] = {name: [getattr(one, name) for one in stretches] for name in STRETCHES.names[:-1]}
        names = sorted(self.mapping.names(*_PEOPLE))
        everybody = [np.ones(one.rows, dtype=bool) for one in first]
        keys = (self.groups.said[:rows], self.groups.ids[:rows], self.groups.threads[:rows])
        return {
            "stretches": pa.table({**columns, "state": [self._state] * len(stretches)}, schema=STRETCHES),
            "rows": pa.table(dict(zip(_KEYS, keys, strict=True))),
            "people": self._gathered(names, everybody) if names else pa.table({}),
        }

    def unchanged(self) -> Unchanged | None:
        """The comments and threads that were seen again as they were."""
        if self.memory is None or not self.same.any():
            return None
        return Unchanged(
            since_us=self.memory.observed_us,
            posts=self.groups.ids[self.same[self.groups.of]],
            threads=self.groups.keys[self.same],
        )


def told_of(columns: dict[str, Any], told: Cells, posts: pa.Array) -> pa.Table:
    """What rows tell of the file as a whole (see `Recall.groups_now`)."""
    bits = np.zeros(len(told), dtype=np.int64)
    naive = pc.fill_null(pc.equal(columns["created_basis"], told.mapping.basis), False)
    for name, rows in (*shown(columns, told), ("naive", naive)):
        bits |= rows.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64) << _SHOWN.index(name)
    owner = owner_name = pa.nulls(len(told), pa.string())
    if told.has("is_creator"):
        mine = pc.equal(told.flag("is_creator"), "yes")
        owner, owner_name = (pc.if_else(mine, one, owner) for one in (account_natives(told), told.word("author_name")))
    values = (posts, columns["space_uri"], told.text("title"), owner, owner_name, columns["created_at"], pa.array(bits))
    return pa.table(dict(zip(_READ.names, values, strict=True)), schema=_READ)


_KEYS = ("said", "ids", "threads")
_NO_KEYS = (np.empty(0, np.uint64),) * 3


def _as_keys(rows: pa.Table) -> tuple[Keys, Keys, Keys]:
    said, ids, threads = (rows[name].to_numpy() for name in _KEYS)
    return said, ids, threads


def _us(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
