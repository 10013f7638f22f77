"""The first look at a whole file: what must be known before its first row can become a fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from seguito.kit import clock
from seguito.sources.files.cells import Cells, account_natives, as_handle
from seguito.sources.files.grid import Grid
from seguito.sources.files.mapping import Mapping
from seguito.sources.files.times import TimeColumn, plausible

_LOOKED_AT = (
    "id", "created_at", "captured_at", "is_partial", "author_id", "author_handle", "author_name",
    "creator_id", "creator_name", "is_creator", "post_id",
)  # fmt: skip


@dataclass
class Survey:
    """What a file tells as a whole.

    Attributes:
        rows: how many rows could be split into columns.
        times: the reader of its time column, which has seen all of it.
        newest: the newest plausible time in it.
        captured: the newest time at which a row was captured.
        creators: keys of the accounts under whose posts the rows stand, as far as the file tells, with their names.
        owner_of: key of the creator by post, where the creator's own comments are marked.
        known_as: key of an account by handle or name, for the names that were asked for.
        is_hashed: whether those who write are known by digests alone.
        best: of a thing captured several times, the place of the newest whole capture, by its id.
    """

    times: TimeColumn
    rows: int = 0
    newest: datetime | None = None
    captured: datetime | None = None
    creators: dict[str, str | None] = field(default_factory=dict)
    owner_of: dict[str, str] = field(default_factory=dict)
    known_as: dict[str, str] = field(default_factory=dict)
    best: dict[str, tuple[bool, datetime, int]] = field(default_factory=dict)
    is_hashed: bool = False


def survey(grid: Grid, mapping: Mapping, wanted: frozenset[str] = frozenset()) -> Survey:
    """Look at all rows of a file once.

    Args:
        grid: the file.
        mapping: what its columns mean.
        wanted: handles or names (small letters, no `@`) whose keys are asked for.
    """
    times = TimeColumn(zone=mapping.timezone, basis=mapping.basis, day_first=mapping.day_first)
    found = Survey(times)
    latest = clock.now() + clock.TOLERATED_FUTURE
    for chunk in grid.chunks(mapping.names(*_LOOKED_AT)):
        told = Cells(chunk, mapping)
        found.rows += len(told)
        if told.has("created_at"):
            times.look(told.text("created_at"))
            found.newest = _newer(found.newest, times.read(told.text("created_at"))[0], latest)
        if told.has("captured_at"):
            _captures(found, told, latest)
        _creators(found, told)
        meet(found, told, wanted)
    if times.slashed:  # which of day and month comes first was known only at the end
        found.newest = None
        for chunk in grid.chunks(mapping.names("created_at")):
            at = times.read(Cells(chunk, mapping).text("created_at"))[0]
            found.newest = _newer(found.newest, at, latest)
    return found


def _newer(newest: datetime | None, at: pa.Array, latest: datetime) -> datetime | None:
    import pyarrow.compute as pc

    plausible = at.filter(pc.and_(pc.less_equal(at, latest), pc.greater_equal(at, clock.EARLIEST)))
    top = pc.max(plausible).as_py()
    return max(filter(None, (newest, top)), default=None)


def _captures(found: Survey, told: Cells, latest: datetime) -> None:
    at = plausible(TimeColumn(zone="UTC").read(told.text("captured_at"))[0])
    found.captured = _newer(found.captured, at, latest)
    partial = told.flag("is_partial").to_pylist()
    ids = told.native("id").to_pylist()
    for native, when, is_partial, place in zip(ids, at.to_pylist(), partial, told.chunk.places.tolist(), strict=True):
        if native is not None and when is not None:
            mine = (is_partial != "yes", when, -place)
            found.best[native] = max(found.best.get(native, mine), mine)


def _creators(found: Survey, told: Cells) -> None:
    import pyarrow.compute as pc

    is_posts = told.mapping.record == "posts"
    if is_posts or told.has("creator_id") or told.has("creator_name"):
        name = (
            pc.coalesce(told.word("author_handle"), told.word("author_name")) if is_posts else told.word("creator_name")
        )
        pairs = pa.table({"key": account_natives(told, "author" if is_posts else "creator"), "name": name})
        if told.has("post_id") and is_posts:  # of answers to others' posts nobody here is the creator
            roots = told.native("post_id")
            pairs = pairs.filter(pc.or_kleene(pc.is_null(roots), pc.equal(roots, told.native("id"))))
        for row in pairs.group_by(["key"], use_threads=False).aggregate([("name", "min")]).to_pylist():
            if row["key"] is not None:
                found.creators.setdefault(row["key"], row["name_min"])
    if told.has("is_creator"):
        mine = pc.equal(told.flag("is_creator"), "yes")
        authors, posts = account_natives(told).filter(mine), told.post("post_id").filter(mine)
        names = told.word("author_name").filter(mine)
        for author, post, name in zip(authors.to_pylist(), posts.to_pylist(), names.to_pylist(), strict=True):
            if author is not None:
                found.creators.setdefault(author, name)
                found.owner_of.setdefault(post or "", author)


def meet(found: Survey, told: Cells, wanted: frozenset[str]) -> None:
    """Learn how those who write are known, from rows or from everybody once."""
    import pyarrow.compute as pc

    if not found.is_hashed:
        digests = pc.match_substring_regex(account_natives(told), r"^[0-9a-f]{40}$|^[0-9a-f]{64}$")
        found.is_hashed = bool(pc.all(digests).as_py()) and digests.null_count < len(digests)
    if wanted:
        keys = account_natives(told)
        names_wanted = pa.array(sorted(wanted))
        for target in ("author_handle", "author_name"):
            names = as_handle(told.word(target))
            hit = pc.fill_null(pc.is_in(names, value_set=names_wanted), False)
            for name, key in zip(names.filter(hit).to_pylist(), keys.filter(hit).to_pylist(), strict=True):
                found.known_as.setdefault(name, key)
