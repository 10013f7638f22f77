"""Readings that are wrong on purpose: the contract suite of sources must fail every one of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.progress import Progress
from seguito.sources.contract import About, Counted, Reading, Reject, Rows
from seguito.testing.sources import Open

Change = Callable[[pa.RecordBatch], pa.RecordBatch]
_TURN = itertools.count()


@dataclass
class Mutant:
    """A reading whose facts or whose word about itself is changed on the way.

    Args:
        reading: the true one.
        rows: what happens to each batch of facts, by table.
        says: what happens to what it says of itself.
        counts: what happens to its counts.
    """

    reading: Reading
    rows: dict[str, Change]
    says: Callable[[About], About] = lambda about: about
    counts: Callable[[int], int] = lambda rows: rows

    @property
    def about(self) -> About:
        """What it says of itself."""
        return self.says(self.reading.about)

    def read(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        """The true facts, changed."""
        for one in self.reading.read(progress):
            if isinstance(one, Rows):
                yield Rows(one.table, self.rows.get(one.table, lambda rows: rows)(one.rows))
            elif isinstance(one, Counted):
                yield Counted(self.counts(one.rows))
            else:
                yield one


def _set(name: str, make: Callable[[pa.RecordBatch], Any]) -> Change:
    def change(rows: pa.RecordBatch) -> pa.RecordBatch:
        at, column = rows.schema.get_field_index(name), rows.schema.field(name)
        value = make(rows)
        if not isinstance(value, (pa.Array, pa.ChunkedArray)):
            value = pa.repeat(pa.scalar(value, column.type), rows.num_rows)
        return rows.set_column(at, column, value.cast(column.type))

    return change


def mutants(open_reading: Open) -> dict[str, Open]:
    """Wrong openings of the same input, by what is wrong with them.

    The input must have comments with authors, exact times, texts with blanks at their ends, and counted likes.
    """
    late = datetime(2199, 1, 1, tzinfo=UTC)
    posts: dict[str, Change] = {
        "a column is missing": lambda rows: rows.drop_columns(["text"]),
        "keys have no platform": _set("uri", lambda rows: pc.replace_substring(rows["uri"], ":", "/")),
        "keys are of another platform": _set("platform", lambda _: "elsewhere"),
        "comments have no root": _set("root_uri", lambda _: None),
        "comments stand in no space": _set("space_uri", lambda _: None),
        "rows carry another batch": _set("batch_id", lambda _: "other"),
        "posts come from the future": _set("created_at", lambda _: late),
        "rows were seen in the future": _set("observed_at", lambda _: late),
        "times do not say what they rest on": _set("created_basis", lambda _: None),
        "texts are tidied": _set("text", lambda rows: pc.utf8_trim_whitespace(rows["text"])),
        "unknown texts are empty": _set("title", lambda rows: pc.fill_null(rows["title"], "")),
        "authors are lost": _set("account_uri", lambda _: None),
        "facts differ each time": _set("lang_source", lambda _: str(next(_TURN))),
    }
    wrong = {name: _by_table("posts", change, open_reading) for name, change in posts.items()}
    wrong["hidden likes are zero"] = _by_table("metrics", _set("state", lambda _: "hidden"), open_reading)
    wrong["unknown coverage is zero"] = _by_table(
        "coverage", _set("declared", lambda rows: pc.fill_null(rows["declared"], 0)), open_reading
    )
    says: dict[str, Callable[[About], About]] = {
        "claims followers it does not have": lambda one: replace(one, capabilities=one.capabilities | {"followers"}),
        "does not own up to its times": lambda one: replace(one, capabilities=one.capabilities - {"times"}),
        "is another batch each time": lambda one: replace(one, batch_id=f"batch-{next(_TURN)}"),
    }
    wrong |= {name: _saying(say, open_reading) for name, say in says.items()}
    wrong["counts fewer rows than there are"] = lambda: Mutant(open_reading(), {}, counts=lambda rows: rows - 1)
    wrong["keeps rows without a fact"] = lambda: Mutant(open_reading(), {}, counts=lambda rows: rows * 50)
    return wrong


def _by_table(table: str, change: Change, open_reading: Open) -> Open:
    return lambda: Mutant(open_reading(), {table: change})


def _saying(say: Callable[[About], About], open_reading: Open) -> Open:
    return lambda: Mutant(open_reading(), {}, says=say)
