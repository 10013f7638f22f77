"""Who was answered, where a platform flattens threads: the leading @mention of a reply tells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

METHOD = "leading_mention@1"
# Marks that platforms put around mentions and that nobody sees.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\ufeff\u00ad"
_UNSEEN = dict.fromkeys(map(ord, _INVISIBLE))
_STARTS = rf"^[\s{_INVISIBLE}]*@"
_HANDLE_GOES_ON = re.compile(r"[\w.\-]")
_SHOWS = ("uri", "thread", "name", "at")


@dataclass
class Threads:
    """Remembers who took part in each thread, and resolves replies when the whole file was read.

    The answered post is the newest one before the reply by the participant whose handle the reply begins with; where
    several fit (one handle may begin like another), the longest. Time decides what is before; where a source tells no
    times, the order of the file does.
    """

    _posts: list[pa.RecordBatch] = field(default_factory=list)
    _held: list[pa.RecordBatch] = field(default_factory=list)
    _order: int = 0

    def hold(self, posts: pa.RecordBatch, threads: pa.Array, names: pa.Array, rows: pa.Array) -> pa.RecordBatch:
        """Remember a stretch of posts and return those that can go on at once; the others wait for `resolve`.

        Args:
            posts: rows of the posts table.
            threads: uri of the comment that opens the thread each stands in.
            names: handle or name of who wrote each.
            rows: which of them are replies.
        """
        import pyarrow.compute as pc

        size = posts.num_rows
        order = pa.array(range(self._order, self._order + size), pa.int64())
        self._order += size
        at = pc.coalesce(posts.column("created_at").cast(pa.int64()), order)
        told = pa.RecordBatch.from_arrays([posts.column("uri"), threads, names, at], names=list(_SHOWS))
        self._posts.append(told)
        mentions = pc.fill_null(pc.match_substring_regex(posts.column("text"), _STARTS), False)
        waits = pc.and_(pc.and_(rows, mentions), pc.is_null(posts.column("inferred_parent_uri")))
        if not pc.any(waits).as_py():
            return posts
        extra = pa.RecordBatch.from_arrays([*posts.columns, threads, at], names=[*posts.schema.names, "thread", "at"])
        self._held.append(extra.filter(waits))
        return posts.filter(pc.invert(waits))

    def resolve(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The posts that waited, with who was answered filled in where it can be told."""
        if not self._held:
            return
        taking_part = self._taking_part()
        for held in self._held:
            texts, threads, times = (held.column(name).to_pylist() for name in ("text", "thread", "at"))
            uris = held.column("uri").to_pylist()
            found = [
                _answered(text, taking_part.get(thread, {}), at, uri)
                for text, thread, at, uri in zip(texts, threads, times, uris, strict=True)
            ]
            columns: dict[str, Any] = {name: held.column(name) for name in schema.names}
            columns["inferred_parent_uri"] = pa.array(found, pa.string())
            columns["inferred_method"] = pa.array([METHOD if one else None for one in found], pa.string())
            yield pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)

    def _taking_part(self) -> dict[str, dict[str, list[tuple[int, str]]]]:
        """By thread and folded name, the posts (when, uri) of each participant, only of threads that wait."""
        import pyarrow.compute as pc

        waiting = pa.concat_arrays([held.column("thread") for held in self._held]).unique()
        found: dict[str, dict[str, list[tuple[int, str]]]] = {}
        for posts in self._posts:
            chosen = posts.filter(
                pc.and_(pc.is_in(posts.column("thread"), value_set=waiting), pc.is_valid(posts.column("name")))
            )
            columns = [chosen.column(name).to_pylist() for name in _SHOWS]
            folded = {name: _folded(name).removeprefix("@") for name in set(columns[2])}
            for uri, thread, name, at in zip(*columns, strict=True):
                found.setdefault(thread, {}).setdefault(folded[name], []).append((at, uri))
        return found


def _answered(text: str, people: dict[str, list[tuple[int, str]]], at: int, uri: str) -> str | None:
    """The uri of the post a reply answers, `None` where the mention names nobody who wrote before."""
    opening = _folded(text).lstrip().removeprefix("@")
    best = ""
    for name in people:
        if len(name) > len(best) and opening.startswith(name) and not _HANDLE_GOES_ON.match(opening[len(name) :]):
            best = name
    if not best:
        return None
    before = [post for post in people[best] if post[0] <= at and post[1] != uri]
    return max(before)[1] if before else None


def _folded(text: str) -> str:
    """Text as it is compared: no invisible marks, one form of accents, small letters."""
    return unicodedata.normalize("NFC", text[:300].translate(_UNSEEN)).casefold()
