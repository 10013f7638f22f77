"""One reading of one file: its rows become facts, chunk by chunk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from seguito.facts.schema import TIME
from seguito.kit import clock
from seguito.sources.contract import Reject, Rows
from seguito.sources.files import people, series
from seguito.sources.files.cells import Cells
from seguito.sources.files.grid import Chunk
from seguito.sources.files.mapping import Mapping
from seguito.sources.files.publish import Publisher
from seguito.sources.files.sifting import Sieve, kept
from seguito.sources.files.spaces import PostIndex, Spaces
from seguito.sources.files.survey import Survey
from seguito.sources.files.tallies import Tallies
from seguito.sources.files.times import TimeColumn, plausible

_NEEDED = {
    "comments": ("id", "post_id"),
    "posts": ("id",),
    "accounts": ("account",),
    "followers": ("account",),
    "metrics": ("created_at",),
    "sales": ("created_at", "product"),
}


class Names(NamedTuple):
    """What a reading is called."""

    file: str
    tool: str
    batch_id: str
    post_id: str


class Run:
    """One reading of one file, from its first chunk to its last.

    Args:
        mapping: what its columns mean.
        surveyed: what looking through it told.
        spaces: whose space each of its posts stands in.
        beside: what files named together with it tell of its posts, known by the keys of this one.
        seen: the moment its rows were seen at.
        names: the file, the tool it comes from, the batch, and the post of rows that name none.
    """

    def __init__(
        self, mapping: Mapping, surveyed: Survey, spaces: Spaces, beside: PostIndex, seen: datetime, names: Names
    ) -> None:
        self._mapping, self._spaces, self._times = mapping, spaces, surveyed.times
        self._observed_at, self._batch_id = seen, names.batch_id
        # Which rows of the last stretch became facts; `None` where all did.
        self.kept: pa.Array | None = None
        self._sieve = Sieve(names.file, clock.now() + clock.TOLERATED_FUTURE, surveyed.best)
        self.tallies = Tallies(mapping.platform, beside.declared, frozenset(beside.author_of))
        self.publisher = Publisher(
            platform=mapping.platform,
            spaces=spaces,
            tallies=self.tallies,
            post_id=names.post_id,
            tool=names.tool,
            observed_at=seen,
            batch_id=names.batch_id,
            pseudonymous=mapping.pseudonymous,
            html=mapping.html,
        )

    def facts(self, chunk: Chunk) -> Iterator[Rows | Reject]:
        """Facts of one chunk, and the rows of it that cannot become facts."""
        mapping = self._mapping
        told = Cells(chunk, mapping)
        time: tuple[Any, Any, Any] = self._times.read(told.text("created_at"))
        keep, rejects = self._sieve.sift(told, time[0], _NEEDED[mapping.record])
        self.kept = keep
        yield from rejects
        chunk, *rest = kept(chunk, keep, *time)
        if not chunk.rows:
            return
        told, time = Cells(chunk, mapping), (rest[0], rest[1], rest[2])
        yield from self._by_record(told, time)

    def _by_record(self, told: Cells, time: tuple[Any, Any, Any]) -> Iterator[Rows]:
        mapping, seen = self._mapping, self._seen(told)
        creator = self._spaces.uri(self._spaces.default)
        if mapping.record == "comments":
            yield from self.publisher.comments(told, time, seen)
        elif mapping.record == "posts":
            yield from self.publisher.posts(told, time, seen)
        elif mapping.record in ("accounts", "followers"):
            yield from people.account_rows(
                told, mapping.platform, seen, self._batch_id, pseudonymous=mapping.pseudonymous
            )
            if mapping.record == "followers":
                yield people.follow_rows(told, mapping.platform, creator, seen, self._batch_id)
        elif mapping.record == "metrics":
            yield from series.metric_rows(told, mapping.platform, creator, time[0], self._batch_id)
        else:
            yield series.sale_rows(told, time[0], seen, self._batch_id)

    def _seen(self, told: Cells) -> pa.Array:
        at = pa.scalar(self._observed_at, TIME)
        if not told.has("captured_at"):
            return pa.repeat(at, len(told))
        return pc.coalesce(plausible(TimeColumn(zone="UTC").read(told.text("captured_at"))[0]), at)

    def finish(self) -> Iterator[Rows]:
        """What is known only when the whole file was read: answered comments, coverage, posts known by name alone."""
        from seguito.facts.tables import TABLES

        for held in self.publisher.threads.resolve(TABLES["posts"].schema):
            yield Rows("posts", held)
        yield from self.tallies.rows(self._observed_at, self._batch_id)
