"""Which posts are to be read, and by which labellers: new ones, changed ones, and those read by other revisions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.context import around, with_context
from seguito.labels.contract import CONTEXT, Labeller, source_of
from seguito.labels.effective import effective
from seguito.labels.pool import LANGUAGE_LABEL, READ
from seguito.labels.reading import context_wanted, language_source
from seguito.store import watched
from seguito.store.delta import DIGEST
from seguito.store.snapshot import Snapshot

# Characters of a post's digest that stand in its mark of having been read: two versions of a post are told apart.
VERSION = 12
# What is noted of readings that left no post waiting; a number, should it ever mean something else.
NOTE, _STATE = "labelled", "1"
_TABLES = ("posts", "labels")


def known_of(columns: Sequence[str]) -> list[str]:
    """Those of some columns that are context."""
    return [name for name in columns if name in CONTEXT.names]


@dataclass
class Waiting:
    """The posts of a snapshot that are to be read, numbered from 0 in the order of mark and uri.

    Args:
        snapshot: the moment of the lake.
        chosen: the labellers.
        mark: their signature.
    """

    snapshot: Snapshot
    chosen: Sequence[Labeller]
    mark: str

    def __post_init__(self) -> None:
        # Kept, because the lake changes while it is being read.
        self._posts = self.snapshot.engine.keep(self._numbered())
        count = self.snapshot.engine.fetch(self._posts.aggregate(n=self._posts.count()))
        self.rows = int(count["n"][0].as_py())

    def _numbered(self) -> Any:
        snapshot = self.snapshot
        changed = self._changed()
        if changed is None:
            posts, labels = snapshot.current("posts"), snapshot.current("labels", part=READ)
            return self._unread(with_context(posts, context_wanted()), labels)
        near = snapshot.engine.keep(around(snapshot.table("posts"), changed, context_wanted()))
        posts = snapshot.engine.keep(snapshot.current("posts", among=near))
        posts = with_context(posts, context_wanted()).semi_join(changed, "uri")
        return self._unread(posts, snapshot.current("labels", among=changed, part=READ))

    def _changed(self) -> Any | None:
        """Keys of the posts that came, or whose marks did, since none was waiting; `None` where any post may wait."""
        snapshot = self.snapshot
        since = watched.since(snapshot, NOTE, self._state, _TABLES)
        if since is None:
            return None
        posts, labels = (snapshot.rows_of(name, since[name]) for name in _TABLES)
        marks = labels.filter(labels.label == READ)
        return snapshot.engine.keep(posts.select("uri").union(marks.select(uri="subject_uri")).distinct())

    @property
    def _state(self) -> str:
        return f"{_STATE} {VERSION} {self.mark}"

    def done(self, snapshot: Snapshot, sequences: Sequence[int]) -> None:
        """Note that all that waited was read.

        Args:
            snapshot: a moment after it.
            sequences: the batches that say so; what others wrote meanwhile is yet to be looked at.
        """
        files = watched.files_at(self.snapshot, _TABLES)
        for sequence in sequences:
            files["labels"] += watched.came_with(snapshot, sequence, ["labels"])["labels"]
        watched.write(snapshot.layout, NOTE, self._state, files)

    def _unread(self, posts: Any, labels: Any) -> Any:
        marks = labels.select("subject_uri", known=labels.value, seen=labels.reason)
        texts = posts.filter(posts.text.notnull()).select(
            "uri", "text", *known_of(posts.columns), version=posts[DIGEST].substr(0, VERSION)
        )
        both = texts.left_join(marks, texts.uri == marks.subject_uri)
        same = (both.seen == both.version).fill_null(False)
        both = both.filter(~(same & (both.known == self.mark).fill_null(False)))
        both = both.select(
            "uri",
            "text",
            *known_of(both.columns),
            "version",
            known=ibis.ifelse(same, both.known, ""),
            again=both.known.notnull(),
        )
        order = ibis.window(order_by=["known", "uri"])
        return both.mutate(known=both.known.fill_null("")).mutate(number=ibis.row_number().over(order))

    def chunk(self, start: int, rows: int) -> Chunk:
        """The posts numbered from `start` on, `rows` of them."""
        part = self._posts.filter((self._posts.number >= start) & (self._posts.number < start + rows))
        return Chunk(part, self.snapshot.engine.fetch(part).combine_chunks())

    def said_before(self, chunk: Chunk) -> pa.Table:
        """What code says, before this reading, of posts that are read again: subject_uri, label, value, source."""
        labels = self.snapshot.current("labels")
        known = chunk.expression.filter(chunk.expression.again)
        old = labels.semi_join(known, labels.subject_uri == known.uri)
        old = old.filter(~old.by_person & ~old.label.isin([READ, LANGUAGE_LABEL]))
        return self.snapshot.engine.fetch(effective(old).drop("score"))

    def readers_of(self, known: str) -> frozenset[str]:
        """Names of the labellers that still have to read posts that a reading with mark `known` has read."""
        before = self._sources(known)
        if str(language_source()) not in before:
            return frozenset(one.name for one in self.chosen)
        return frozenset(one.name for one in self.chosen if source_of(one) not in before)

    def has_language(self, known: str) -> bool:
        """Whether that reading wrote down the language as it would be now."""
        return str(language_source()) in self._sources(known)

    def _sources(self, known: str) -> frozenset[str]:
        for batch in self.snapshot.batches:
            if known and batch.step == "label" and batch.source_version == known:
                return frozenset(json.loads(batch.details)["labellers"])
        return frozenset()


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some of the posts that wait: as an expression, and fetched."""

    expression: Any
    posts: pa.Table

    def parts(self, rows: int) -> Iterator[tuple[str, pa.RecordBatch]]:
        """Posts with the same earlier mark, at most `rows` at a time: the mark, then uri, text, version, context."""
        posts = self.posts.sort_by([("known", "ascending"), ("uri", "ascending")])
        for known in sorted(set(posts["known"].to_pylist())):
            alike = posts.filter(pc.equal(posts["known"], known)).select(
                ["uri", "text", "version", *known_of(posts.column_names)]
            )
            for start in range(0, alike.num_rows, rows):
                yield known, alike.slice(start, rows).combine_chunks().to_batches()[0]

    @property
    def reads_again(self) -> bool:
        """Whether any of its posts was read before."""
        return bool(pc.any(self.posts["again"]).as_py())
