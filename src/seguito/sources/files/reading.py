"""A file with a mapping, opened for reading: the `Reading` behind every file format of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.errors import BadInput
from seguito.kit.progress import Progress
from seguito.sources.contract import (
    About,
    Capability,
    Counted,
    Options,
    Reading,
    Reject,
    Rows,
)
from seguito.sources.files.cells import Cells, account_natives
from seguito.sources.files.grid import Grid
from seguito.sources.files.mapping import Mapping
from seguito.sources.files.opening import Digest
from seguito.sources.files.publish import comment_prefix
from seguito.sources.files.recall import Recall, can_recall, told_of
from seguito.sources.files.run import Names, Run
from seguito.sources.files.spaces import PostIndex, Spaces, bare, place
from seguito.sources.files.survey import Survey, meet, survey
from seguito.sources.remembering import Digests, Memory, Unchanged

_CLAIMS: tuple[tuple[Capability, tuple[str, ...]], ...] = (
    ("authors", ("author_id", "author_handle", "author_name")),
    ("texts", ("text",)),
    ("times", ("created_at",)),
    ("threads", ("parent_id",)),
    ("like_counts", ("likes",)),
    ("view_counts", ("views",)),
    ("paid_flag", ("paid_flag",)),
    ("follower_counts", ("followers",)),
)


@dataclass
class TableReading:
    """One file, read through one mapping.

    Args:
        source: the importer's name.
        version: of the importer's reading of this kind of file.
        grid: the file as columns of text.
        mapping: what they mean.
        path: the file.
        digest: what its bytes told.
        options: what the user said.
        notes: what a person should know, from recognition.
        beside: what files named together with this one tell of its posts.
    """

    source: str
    version: str
    grid: Grid
    mapping: Mapping
    path: Path
    digest: Digest
    options: Options
    notes: tuple[str, ...] = ()
    beside: PostIndex = field(default_factory=PostIndex)
    _done: frozenset[str] | None = None
    _recall: Recall | None = None
    _learned: Memory | None = None

    def knowing(self, beside: PostIndex) -> Reading:
        """The same reading, knowing what another file tells of its posts."""
        return replace(self, beside=beside)

    # -- what is remembered -------------------------------------------------------------------------------------

    @property
    def lineage(self) -> str | None:
        """Names files that are read again and again: of this kind, with this mapping, about this creator."""
        if not can_recall(self.mapping):
            return None
        return _digest(self.source, self.version, self.mapping.fingerprint(), self.options.creator or "")

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    @property
    def request(self) -> str:
        """Names this very reading: its bytes, and all that was said about them."""
        parts = (self.source, self.version, self.digest.sha256, self.mapping.fingerprint(), self.beside.sha256)
        return _digest(*parts, self.options.creator or "")

    def remember(self, memory: Memory | None, digests: Digests) -> None:
        """Read with what is remembered of the lineage; before anything else is asked."""
        if not can_recall(self.mapping):
            return
        comment = comment_prefix(self.mapping.platform)
        recall = Recall(self.grid, self.mapping, comment, self._post_id, memory, digests)
        self._recall = recall if recall.look() else None

    def memory(self) -> Memory | None:
        """After reading: what to remember; `None` where nothing can be."""
        return self._learned

    def unchanged(self) -> Unchanged | None:
        """After reading: what gave no rows because an earlier reading gave the same."""
        return self._recall.unchanged() if self._recall else None

    # -- before reading -----------------------------------------------------------------------------------------

    @cached_property
    def _survey(self) -> Survey:
        creator = self.options.creator
        wanted = {bare(one) for one in (creator, *self.beside.names, *self.beside.names.values()) if one}
        asked = frozenset(wanted) if creator or self.beside.names else frozenset()
        found = self._recalled(asked) if self._recall else survey(self.grid, self.mapping, asked)
        if found.rows == 0:
            raise BadInput(
                f"{self.path.name} holds no rows that can be read, only {self._what_it_holds()}.",
                "Check that the export is complete; nothing was read.",
            )
        return found

    def _recalled(self, asked: frozenset[str]) -> Survey:
        """The survey of a file of which only some rows are looked at closely."""
        recall = self._recall
        assert recall is not None  # noqa: S101 - asked only where there is one
        found = survey(recall.changed, self.mapping, frozenset())
        if found.times.slashed or not recall.complete(found):
            recall.forget()
            found = survey(recall.changed, self.mapping, frozenset())
        meet(found, Cells(recall.people, self.mapping), asked)
        return found

    def _what_it_holds(self) -> str:
        damaged = sum(len(chunk.rejects) for chunk in self.grid.chunks(frozenset()))
        return f"a header and {damaged} damaged rows" if damaged else "a header"

    @cached_property
    def _spaces(self) -> Spaces:
        unnamed = f"unnamed-{self.digest.sha256[:12]}"
        beside = self._same_keys(self.beside)
        by_id = "author_id" in self.mapping.columns
        found = place(self.mapping.platform, self.options.creator, self._survey, beside, unnamed, authors_by_id=by_id)
        if found.is_unnamed and found.chosen and self.mapping.record in ("followers", "metrics"):
            return replace(found, default=found.chosen, is_unnamed=False)  # a list of one account: whose is clear
        if self._recall:
            self._recall.check(found)
        return found

    @property
    def _post_id(self) -> str:
        """The post of rows that name none."""
        return self.mapping.post_id or f"unnamed-{self.digest.sha256[:12]}"

    def _same_keys(self, beside: PostIndex) -> PostIndex:
        """Creators known beside by handle, as this file's authors are known: by id, where a comment of theirs tells."""
        as_here = {
            theirs: here
            for theirs, name in beside.names.items()
            if (here := self._survey.known_as.get(bare(theirs)) or self._survey.known_as.get(bare(name or "")))
        }
        if not as_here or beside.by_id:
            return beside
        return replace(
            beside,
            author_of={post: as_here.get(author, author) for post, author in beside.author_of.items()},
            names={as_here.get(author, author): name or author for author, name in beside.names.items()},
        )

    @cached_property
    def _observed_at(self) -> datetime:
        found = self._survey.captured or self._survey.newest
        return found or datetime.fromtimestamp(int(self.path.stat().st_mtime), UTC)

    @cached_property
    def _batch_id(self) -> str:
        parts = (
            self.source,
            self.version,
            self.digest.sha256,
            self.mapping.fingerprint(),
            self.beside.sha256,
            self._spaces.default,
        )
        return "file-" + sha256("\x1f".join(parts).encode()).hexdigest()[:20]

    @property
    def about(self) -> About:
        """What is known; after the reading, capabilities are those that rows were really seen for."""
        spaces = self._spaces
        return About(
            source=self.source,
            version=self.version,
            batch_id=self._batch_id,
            observed_at=self._observed_at,
            seen_until=self._survey.captured,
            capabilities=self._capabilities(),
            policy="file_of_the_user",
            creator_uri=spaces.uri(spaces.chosen) if spaces.chosen else self._only_space(),
            locator=self.path.name,
            sha256=self.digest.sha256,
            notes=self._all_notes(),
            details={
                "record": self.mapping.record,
                "columns": {target: str(source) for target, source in self.mapping.columns.items()},
                "platform": self.mapping.platform,
                "timezone": self.mapping.timezone,
                "encoding": self.digest.encoding,
            },
        )

    def _only_space(self) -> str | None:
        spaces, survey_ = self._spaces, self._survey
        return None if survey_.creators or spaces.by_post else spaces.uri(spaces.default)

    def _capabilities(self) -> frozenset[Capability]:
        claimed = {name for name, targets in _CLAIMS if any(one in self.mapping.columns for one in targets)}
        record = self.mapping.record
        if record == "posts" and "post_id" not in self.mapping.columns:
            claimed.discard("authors")  # who wrote each comment is not told by a table of posts
        if record == "comments":
            claimed -= {"view_counts", "follower_counts", "paid_flag"}
        if record in ("accounts", "followers", "metrics", "sales"):
            claimed &= {"follower_counts", "like_counts", "view_counts"} if record == "metrics" else set()
        if "comments" in self.mapping.columns or self.beside.declared:
            claimed.add("comment_counts")
        if self._done is not None and record in ("comments", "posts"):
            claimed &= self._done
        if record == "followers":
            claimed.add("followers")
            if {"followers", "bio", "has_avatar", "has_no_avatar"} & set(self.mapping.columns):
                claimed.add("follower_profiles")
        if self._creator_is_told():
            claimed.add("creator")
        return frozenset(claimed)

    def _creator_is_told(self) -> bool:
        """Whether it is told who the creator is, as far as anything asked of these rows depends on it."""
        record, spaces = self.mapping.record, self._spaces
        if record == "posts":
            return any(one in self.mapping.columns for one in ("author_id", "author_handle")) or not spaces.is_unnamed
        if record != "comments":
            return not spaces.is_unnamed
        if "parent_id" not in self.mapping.columns and (self._survey.creators or spaces.by_post):
            return True  # without threads nothing is said of answers; who else wrote can still be asked
        return self._is_recognised()

    def _is_recognised(self) -> bool:
        spaces = self._spaces
        seen = self._done is not None and "creator" in self._done
        other_keys = (self.mapping.pseudonymous or self._survey.is_hashed) and not self._survey.owner_of
        return seen or (spaces.by_id and not other_keys)

    def _all_notes(self) -> tuple[str, ...]:
        notes = [*self.digest.notes, *self.notes]
        times = self._survey.times
        if times.naive and self.mapping.timezone is None and self.mapping.basis == "naive_assumed":
            notes.append("Its times name no zone; they were read as UTC. Give --timezone if they are local.")
        if times.slashed and times.is_day_first is None:
            notes.append("No date tells whether days or months come first; days were taken to come first.")
        if self.mapping.record == "comments" and not self._is_recognised():
            known = self._survey.creators or self._spaces.by_post or not self._spaces.is_unnamed
            notes.append(
                "The creator cannot be told from those who comment: their own comments count as anybody's."
                if known
                else "The file does not tell who the creator is; give --creator to tell answers from comments."
            )
        return tuple(notes)

    def index(self) -> PostIndex:
        """What this file of posts tells the file of their comments; empty for other files."""
        if self.mapping.record != "posts":
            return PostIndex()
        author_of: dict[str, str] = {}
        declared: dict[str, int] = {}
        names: dict[str, str | None] = {}
        wanted = self.mapping.names("id", "author_id", "author_handle", "author_name", "comments")
        for chunk in self.grid.chunks(wanted):
            told = Cells(chunk, self.mapping)
            columns = (
                told.post("id"),
                account_natives(told),
                pc.coalesce(told.word("author_handle"), told.word("author_name")),
                told.count("comments")[0],
            )
            for post, author, name, count in zip(*(column.to_pylist() for column in columns), strict=True):
                if post and author:
                    author_of[post], names[author] = author, name
                if post and count is not None:
                    declared[post] = count
        return PostIndex(author_of, declared, names, "author_id" in self.mapping.columns, self.digest.sha256)

    # -- reading ------------------------------------------------------------------------------------------------

    def read(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        """Facts in batches; every row of the file is counted, every row without facts is a `Reject`."""
        names = Names(self.path.name, self.source, self._batch_id, self._post_id)
        beside = self._same_keys(self.beside)
        run = Run(self.mapping, self._survey, self._spaces, beside, self._observed_at, names)
        if self._recall:
            yield from self._read_changed(run, self._recall)
        else:
            for chunk in self.grid.chunks(self.mapping.names()):
                yield from chunk.rejects
                yield from run.facts(chunk)
                yield Counted(chunk.rows + len(chunk.rejects))
        yield from run.finish()
        self._done = frozenset(run.tallies.seen)

    def _read_changed(self, run: Run, recall: Recall) -> Iterator[Rows | Reject | Counted]:
        """What the changed rows give, and what the file as a whole does."""
        read: list[pa.Table] = []
        run.publisher.told = lambda *some: read.append(told_of(*some))
        kept: list[Any] = []
        rejected: list[Any] = []
        for part, whole, numbers in recall.parts():
            yield from whole.rejects
            yield from run.facts(part)
            mask = np.ones(part.rows, dtype=bool) if run.kept is None else run.kept.to_numpy(zero_copy_only=False)
            kept.append(numbers[mask])
            rejected.append(numbers[~mask])
            yield Counted(whole.rows + len(whole.rejects))
        recall.count(run.tallies, f"{self.mapping.platform}:post:")
        gone = np.concatenate([np.empty(0, np.int64), *rejected])
        people_ = recall.people_of(gone) if len(gone) else recall.people
        yield from run.publisher.people(Cells(people_, self.mapping))
        if not self._survey.times.slashed:
            at = round(self._observed_at.timestamp() * 1_000_000)
            self._learned = recall.learned(at, np.concatenate([np.empty(0, np.int64), *kept]), read)


def _digest(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]
