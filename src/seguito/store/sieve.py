"""Rows without those who asked to be forgotten: theirs are dropped, what others said of them is cleaned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seguito.facts.batch import Batch
from seguito.facts.keys import platform_of
from seguito.kit.errors import Refused
from seguito.kit.pseudonym import keep_key
from seguito.store.erased import Erased
from seguito.store.layout import Layout
from seguito.store.staging import write


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to the rows of one table.

    Attributes:
        by: accounts; a row goes when one of them is to be forgotten.
        about: keys; a row goes when one of them names such an account or something of theirs.
        refers: keys; replaced by a mark, the row stays.
        texts: texts and lists of texts; words that name somebody are replaced.
        of: the column that tells the platform of a row.
    """

    by: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    of: str | None = None


RULES = {
    "accounts": Rule(by=("uri",), texts=("display_name", "url"), of="uri"),
    "profiles": Rule(by=("account_uri",), texts=("bio", "labels"), of="account_uri"),
    "posts": Rule(
        by=("account_uri",),
        refers=("space_uri", "root_uri", "parent_uri", "inferred_parent_uri", "quoted_uri"),
        texts=("title", "text", "url", "hashtags", "mentions", "links"),
        of="uri",
    ),
    "reactions": Rule(by=("account_uri",), about=("subject_uri",)),
    "follows": Rule(by=("follower_uri", "followed_uri")),
    "messages": Rule(by=("sender_uri",), about=("exchange_uri",), texts=("text",), of="uri"),
    "metrics": Rule(about=("subject_uri",)),
    "sales": Rule(),
    "labels": Rule(about=("subject_uri",), texts=("value", "reason", "source"), of="subject_uri"),
    "coverage": Rule(about=("scope_uri",), refers=("space_uri",)),
    "batches": Rule(refers=("creator_uri",), texts=("locator", "details", "notes", "source_version")),
}


@dataclass
class Tally:
    """How many rows were dropped and how many were changed."""

    dropped: int = 0
    changed: int = 0
    by_table: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.dropped or self.changed)


def sieve(layout: Layout, staged: dict[str, list[str]], batch: Batch) -> int:
    """Take out of staged files what must not come back; returns how many rows were refused.

    Raises:
        Refused: the whole reading is of an account that was erased.
    """
    erased = Erased.load(layout.erased, keep_key(layout.key))
    if not erased:
        return 0
    if batch.creator_uri and erased.has_account(batch.creator_uri):
        raise Refused(
            "This account was erased from this workspace, and is not read again.",
            "Should the person agree now, use a new workspace.",
        )
    _also_by_handle(erased, staged.get("accounts", []))
    _also_their_posts(erased, staged.get("posts", []))
    tally = Tally()
    for name, files in staged.items():
        for file in files:
            rows = pq.read_table(file)
            kept = cleaned(rows, name, erased, tally)
            if kept is not rows:
                write(kept, Path(file))
    return tally.dropped


def cleaned(rows: pa.Table, name: str, erased: Erased, tally: Tally) -> pa.Table:
    """The rows of one table that may stay, cleaned; the very same object where nothing had to go."""
    rule = RULES[name]
    stays = pc.and_(_all_but(rows, rule.by, erased.has_account), _all_but(rows, rule.about, erased.speaks_of))
    left = rows if pc.all(stays, min_count=0).as_py() else rows.filter(stays)
    gone = rows.num_rows - left.num_rows
    tally.dropped += gone
    tally.by_table[name] = tally.by_table.get(name, 0) + gone
    touched = pa.repeat(pa.scalar(False), left.num_rows)
    for column in rule.refers:
        left, touched = _put(
            left, column, touched, lambda uri, _: erased.mark(uri) if erased.speaks_of(uri) else uri, None
        )
    platforms = None if rule.of is None else _platforms(left[rule.of])
    for column in rule.texts:
        left, touched = _put(left, column, touched, erased.clean, platforms)
    if "batch_id" in left.schema.names:
        left, touched = _put(left, "batch_id", touched, lambda one, _: batch_name(one, erased), None)
    tally.changed += int(pc.sum(touched).as_py() or 0)
    return left


def batch_name(batch_id: str, erased: Erased) -> str:
    """A batch's id, or a mark where it names somebody."""
    return "batch-" + erased.mark(batch_id).rsplit(":", 1)[1] if erased.is_in_name(batch_id) else batch_id


def _all_but(rows: pa.Table, columns: Iterable[str], test: Callable[[str], bool]) -> Any:
    stays: Any = pa.repeat(pa.scalar(True), rows.num_rows)
    for column in columns:
        values = rows[column].combine_chunks().dictionary_encode()
        found = pa.array([value is not None and test(value) for value in values.dictionary.to_pylist()], pa.bool_())
        hit = pc.fill_null(found.take(values.indices), False)
        stays = pc.and_(stays, pc.invert(hit))
    return stays


def _platforms(uris: Any) -> list[str]:
    values = uris.combine_chunks().dictionary_encode()
    found = [platform_of(uri) if uri else "" for uri in values.dictionary.to_pylist()]
    return [found[index] if index is not None else "" for index in values.indices.to_pylist()]


def _put(
    rows: pa.Table, column: str, touched: Any, clean: Callable[[str, str], str], platforms: list[str] | None
) -> tuple[pa.Table, Any]:
    """Replace the values of one column that `clean` changes, and mark their rows as touched."""
    field_ = rows.schema.field(column)
    values = rows[column].to_pylist()
    changed: list[bool] = []
    for at, value in enumerate(values):
        platform = platforms[at] if platforms else ""
        new = [clean(one, platform) for one in value] if isinstance(value, list) else value and clean(value, platform)
        changed.append(new != value)
        values[at] = new
    if not any(changed):
        return rows, touched
    place = rows.schema.get_field_index(column)
    rows = rows.set_column(place, field_, pa.array(values, field_.type))
    return rows, pc.or_(touched, pa.array(changed))


def _also_by_handle(erased: Erased, files: list[str]) -> None:
    """Other keys of the same person, known by a handle."""
    for file in files:
        rows = pq.read_table(file, columns=["uri", "platform", "handle"])
        for row in rows.to_pylist():
            if row["handle"] and erased.has_handle(row["platform"], row["handle"]):
                erased.add("account", row["uri"])


def _also_their_posts(erased: Erased, files: list[str]) -> None:
    """Posts of the person that are refused now: others may answer them."""
    for file in files:
        rows = pq.read_table(file, columns=["uri", "account_uri"])
        theirs = pc.invert(_all_but(rows, ("account_uri",), erased.has_account))
        for uri in rows["uri"].filter(theirs).to_pylist():
            erased.add("post", uri)


def cleaned_batches(batches: Iterable[Batch], erased: Erased) -> list[Batch]:
    """The batches with nothing left that names an erased account."""
    out = []
    for batch in batches:
        creator = batch.creator_uri
        out.append(
            replace(
                batch,
                batch_id=batch_name(batch.batch_id, erased),
                creator_uri=erased.mark(creator) if creator and erased.speaks_of(creator) else creator,
                locator=batch.locator and erased.clean(batch.locator),
                details=erased.clean(batch.details),
                notes=tuple(erased.clean(note) for note in batch.notes),
            )
        )
    return out
