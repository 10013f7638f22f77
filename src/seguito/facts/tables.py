"""The lake's tables: which fact each holds, what makes a row new, and how it is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from seguito.facts.account import Account, Profile
from seguito.facts.batch import Batch, Coverage
from seguito.facts.edge import Follow, Reaction
from seguito.facts.label import Label
from seguito.facts.message import Message
from seguito.facts.metric import Metric, Sale
from seguito.facts.post import Post
from seguito.facts.schema import arrow_schema, names

BOOKKEEPING = ("observed_at", "batch_id")


@dataclass(frozen=True)
class Table:
    """How one kind of fact is kept.

    Attributes:
        name: the table's name.
        fact: the dataclass of a row.
        key: columns that name the thing a row speaks of. With `changes`, the newest row per key is current.
        changes: whether the thing is seen again and again and may change (a post, an account, a counter).
        month_of: the time column whose month partitions the table, if any.
        part_of: another column that partitions the table, if any.
        private: kept in the private folder, closed to brand views.
    """

    name: str
    fact: type
    key: tuple[str, ...]
    changes: bool = False
    month_of: str | None = None
    part_of: str | None = None
    private: bool = False

    @cached_property
    def schema(self) -> pa.Schema:
        """The columns of a row, as Arrow."""
        return arrow_schema(self.fact)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The columns that say something; two rows that agree on them say the same."""
        return names(self.schema, BOOKKEEPING)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("accounts", Account, ("uri",), changes=True),
        Table("profiles", Profile, ("account_uri",), changes=True),
        Table("posts", Post, ("uri",), changes=True, month_of="created_at"),
        Table("reactions", Reaction, ("account_uri", "subject_uri", "kind"), month_of="at"),
        Table("follows", Follow, ("follower_uri", "followed_uri"), changes=True),
        Table("messages", Message, ("uri",), changes=True, private=True),
        Table("metrics", Metric, ("subject_uri", "metric"), changes=True, month_of="observed_at"),
        Table("sales", Sale, ("product", "at"), changes=True),
        Table("labels", Label, ("subject_uri", "label", "source"), changes=True, part_of="label"),
        Table("coverage", Coverage, ("scope_uri", "what"), changes=True),
        Table("batches", Batch, ("batch_id",)),
    )
}
