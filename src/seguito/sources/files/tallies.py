"""What was collected under each post and comment, against what the source declares there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from seguito.facts.schema import fill
from seguito.facts.tables import TABLES
from seguito.sources.contract import Rows
from seguito.sources.files.cells import Cells

# What a column of counters shows.
COUNTED = (
    ("likes", "like_counts"),
    ("views", "view_counts"),
    ("followers", "follower_counts"),
    ("comments", "comment_counts"),
)


@dataclass
class Tallies:
    """Counts rows per post and per thread while a file is read; at the end they become coverage.

    Args:
        platform: of all keys.
        declared: how many comments a source declares, by post.
        known: posts that a file beside this one describes.
    """

    platform: str
    declared: dict[str, int] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    _roots: list[pa.Table] = field(default_factory=list)
    _replies: list[pa.Table] = field(default_factory=list)
    _promised: list[pa.Table] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def comments(self, columns: dict[str, Any], told: Cells, opens: pa.Array, answered: pa.Array, at: pa.Array) -> None:
        """Count a stretch of comments."""
        import pyarrow.compute as pc

        table = pa.table(
            {
                "root": columns["root_uri"],
                "space": columns["space_uri"],
                "title": told.text("title"),
                "at": at,
                "one": pa.repeat(1, len(told)),
            }
        )
        self._roots.append(_summed(table))
        if told.has("parent_id"):
            replies = pa.table({"thread": answered, "space": columns["space_uri"], "one": pa.repeat(1, len(told))})
            replies = replies.filter(pc.is_valid(replies["thread"]))
            self._replies.append(replies.group_by(["thread", "space"]).aggregate([("one", "sum")]))
        if told.has("replies"):
            count, _ = told.count("replies")
            some = pc.and_(opens, pc.fill_null(pc.greater(count, 0), False))
            promised = pa.table({"thread": columns["uri"], "space": columns["space_uri"], "declared": count})
            self._promised.append(promised.filter(some))
        self._note(columns, told)

    def posts(self, columns: dict[str, Any], told: Cells) -> None:
        """Remember what a stretch of posts showed."""
        self._note(columns, told)

    def _note(self, columns: dict[str, Any], told: Cells) -> None:
        import pyarrow.compute as pc

        for name, rows in shown(columns, told):
            if name not in self.seen and pc.any(rows).as_py():
                self.seen.add(name)

    def add(self, roots: pa.Table, seen: set[str]) -> None:
        """Count comments that were read before: columns root, space, title, at, one (how many)."""
        if roots.num_rows:
            self._roots.append(_summed(roots))
        self.seen |= seen

    def rows(self, observed_at: datetime, batch_id: str) -> Iterator[Rows]:
        """Coverage of all posts and threads, and the posts that only their comments tell of."""
        import pyarrow.compute as pc

        stamp = {"observed_at": observed_at, "batch_id": batch_id}
        if self._roots:
            roots = _merged(self._roots)
            at = len(f"{self.platform}:post:")
            natives = pc.utf8_slice_codeunits(roots["root"], at).to_pylist()
            declared = pa.array([self.declared.get(one) for one in natives], pa.int64())
            if declared.null_count < len(declared):
                self.seen.add("comment_counts")
            yield _coverage("comments", roots["root"], roots["space"], declared, roots["one"], stamp)
            yield from self._stubs(roots, natives, stamp)
        if self._replies or self._promised:
            yield self._threads(stamp)

    def _threads(self, stamp: dict[str, Any]) -> Rows:
        import pyarrow.compute as pc

        none = pa.table({"thread": pa.array([], pa.string()), "space": pa.array([], pa.string())})
        found = (
            pa.concat_tables(self._replies)
            if self._replies
            else none.append_column("one_sum", pa.array([], pa.int64()))
        )
        found = found.group_by(["thread"]).aggregate([("one_sum", "sum"), ("space", "min")])
        promised = (
            pa.concat_tables(self._promised)
            if self._promised
            else none.append_column("declared", pa.array([], pa.int64()))
        )
        joined = found.join(promised, "thread", join_type="full outer").combine_chunks().sort_by("thread")
        space = pc.coalesce(joined["space"], joined["space_min"])
        collected = pc.fill_null(joined["one_sum_sum"], 0)
        return _coverage("replies", joined["thread"], space, joined["declared"], collected, stamp)

    def _stubs(self, roots: pa.Table, natives: list[str], stamp: dict[str, Any]) -> Iterator[Rows]:
        """Posts nobody describes: that they exist, whose they are and perhaps their title is all that is known.

        They are dated by the oldest comment under them, so that any real observation is newer and wins.
        """
        import pyarrow.compute as pc

        mine = pa.array([one not in self.known for one in natives])
        roots = roots.filter(mine).combine_chunks()
        if not roots.num_rows:
            return
        yield Rows(
            "posts",
            fill(
                {
                    "uri": roots["root"],
                    "platform": self.platform,
                    "kind": "video" if self.platform in ("youtube", "tiktok") else "post",
                    "account_uri": roots["space"],
                    "space_uri": roots["space"],
                    "title": roots["title"],
                    "is_pinned": "unknown",
                    "paid_flag": "unknown",
                    "state": "live",
                    "observed_at": pc.fill_null(roots["at"], stamp["observed_at"]),
                    "batch_id": stamp["batch_id"],
                },
                TABLES["posts"].schema,
                rows=roots.num_rows,
            ),
        )


def shown(columns: dict[str, Any], told: Cells) -> Iterator[tuple[str, pa.Array]]:
    """For each capability that rows may show: which of them do."""
    import pyarrow.compute as pc

    for name, column in (
        ("authors", columns["account_uri"]),
        ("texts", columns["text"]),
        ("threads", columns["parent_uri"]),
    ):
        if isinstance(column, (pa.Array, pa.ChunkedArray)):
            yield name, pc.is_valid(column)
    yield "times", pc.is_in(columns["created_precision"], value_set=pa.array(["us", "ms", "s", "min"]))
    yield "creator", pc.fill_null(pc.equal(columns["account_uri"], columns["space_uri"]), False)
    for target, name in COUNTED:
        if told.has(target):
            yield name, pc.is_valid(told.count(target)[0])
    if told.has("paid_flag"):
        yield "paid_flag", pc.not_equal(columns["paid_flag"], "unknown")


def _summed(table: pa.Table) -> pa.Table:
    summed = table.group_by(["root"]).aggregate([("space", "min"), ("title", "min"), ("at", "min"), ("one", "sum")])
    return summed.rename_columns(["root", "space", "title", "at", "one"])


def _merged(parts: list[pa.Table]) -> pa.Table:
    return _summed(pa.concat_tables(parts)).combine_chunks().sort_by("root")


def _coverage(what: str, scope: Any, space: Any, declared: Any, collected: Any, stamp: dict[str, Any]) -> Rows:
    import pyarrow.compute as pc

    known = pc.is_valid(declared)
    columns = {
        "scope_uri": scope,
        "space_uri": space,
        "what": what,
        "declared": declared,
        "declared_state": pc.if_else(known, "known", "unknown"),
        "collected": collected,
        "sampling": "unknown",
        **stamp,
    }
    return Rows("coverage", fill(columns, TABLES["coverage"].schema, rows=len(scope)))
