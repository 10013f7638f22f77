"""The contract suite of sources: what any connector or importer must keep, and mutants that break it.

An outside author calls `check_source` with a function that opens the source afresh; it raises `AssertionError` with a
sentence about what is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.facts.tables import TABLES
from seguito.kit import clock
from seguito.kit.progress import SILENT
from seguito.sources.contract import About, Counted, Reading, Reject, Rows

Open = Callable[[], Reading]
_KEY = re.compile(r"[a-z][a-z0-9_]*:(account|post|comment|message|list):\S.*", re.DOTALL)
_EXACT = ("us", "ms", "s", "min")
_UNKNOWN = ("unknown", "hidden", "unavailable", "disabled")


@dataclass(frozen=True)
class Observed:
    """Everything one reading gave.

    Attributes:
        before: what was known before reading.
        about: what was known afterwards.
        items: facts, rejects and counts, in order.
    """

    before: About
    about: About
    items: tuple[Rows | Reject | Counted, ...]

    @property
    def read(self) -> int:
        """Rows of the input."""
        return sum(one.rows for one in self.items if isinstance(one, Counted))

    @property
    def rejects(self) -> list[Reject]:
        """Rows that could not be read."""
        return [one for one in self.items if isinstance(one, Reject)]

    def table(self, name: str) -> pa.Table:
        """All facts of one table."""
        return pa.Table.from_batches([one.rows for one in self._rows(name)], TABLES[name].schema)

    def _rows(self, name: str) -> Iterable[Rows]:
        return (one for one in self.items if isinstance(one, Rows) and one.table == name)

    @property
    def tables(self) -> list[str]:
        """The tables it has facts of."""
        return sorted({one.table for one in self.items if isinstance(one, Rows)})

    def comments(self) -> pa.Table:
        """The posts that stand under another."""
        posts = self.table("posts")
        return posts.filter(pc.is_valid(posts["root_uri"]))


def observe(open_reading: Open) -> Observed:
    """Read a source to the end."""
    reading = open_reading()
    before = reading.about
    items = tuple(reading.read(SILENT))
    return Observed(before, reading.about, items)


def check_source(open_reading: Open, *, rows: int | None = None, texts: frozenset[str] = frozenset()) -> None:
    """Hold a source against its contract.

    Args:
        open_reading: opens the same input afresh each time it is called.
        rows: how many rows the input has, where that is known.
        texts: texts that must come out exactly as they stand in the input, however hostile.
    """
    seen = observe(open_reading)
    check_schema(seen)
    check_stamps(seen)
    check_keys(seen)
    check_roots(seen)
    check_rows_add_up(seen, rows)
    check_unknowns(seen)
    check_times(seen)
    check_capabilities(seen)
    check_texts(seen, texts)
    check_same_again(seen, observe(open_reading))


def check_schema(seen: Observed) -> None:
    """Facts have their table's columns, and no null where a column must not be null."""
    for one in seen.items:
        if not isinstance(one, Rows):
            continue
        assert one.table in TABLES, f"there is no table '{one.table}'"
        schema = TABLES[one.table].schema
        assert one.rows.schema.equals(schema), f"rows of {one.table} do not have the columns of that table"
        for column in schema:
            if not column.nullable:
                assert one.rows.column(column.name).null_count == 0, f"{one.table}.{column.name} has nulls"


def check_stamps(seen: Observed) -> None:
    """Every fact carries the batch it belongs to."""
    assert seen.before.batch_id == seen.about.batch_id, "the batch's name changed while reading"
    for name in seen.tables:
        batches = seen.table(name)["batch_id"].unique().to_pylist()
        assert batches in ([], [seen.about.batch_id]), f"rows of {name} carry another batch: {batches}"


def check_keys(seen: Observed) -> None:
    """Keys are `platform:kind:native`, of the platform their row names."""
    for name in seen.tables:
        table = seen.table(name)
        for column in [one for one in table.column_names if one.endswith("uri") or one == "uri"]:
            for key in table[column].drop_null().unique().to_pylist():
                assert _KEY.fullmatch(key), f"{name}.{column} holds '{key}', which is no key"
        if {"uri", "platform"} <= set(table.column_names):
            own = [uri.split(":", 1)[0] == platform for uri, platform in _pairs(table, "uri", "platform")]
            assert all(own), f"{name} has keys of another platform than the row's"


def _pairs(table: pa.Table, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def check_roots(seen: Observed) -> None:
    """A comment has a root and a space; a row without a root is no comment."""
    posts = seen.table("posts")
    for kind, root, space, uri in _pairs(posts, "kind", "root_uri", "space_uri", "uri"):
        assert (root is not None) == (kind == "comment") or kind in ("quote", "repost"), f"{uri}: a {kind}, root {root}"
        assert root is None or space is not None, f"{uri}: nobody knows whose space it stands in"
        assert root != uri, f"{uri} is its own root"


def check_rows_add_up(seen: Observed, rows: int | None) -> None:
    """Every row of the input is counted, and each was kept or has a reject with place and reason."""
    assert rows is None or seen.read == rows, f"{seen.read} rows were counted, the input has {rows}"
    kept = seen.read - len(seen.rejects)
    assert kept >= 0, f"{len(seen.rejects)} rejects of {seen.read} rows"
    facts = sum(seen.table(name).num_rows for name in seen.tables if name != "coverage")
    assert kept == 0 or facts > 0, "rows were kept, but no fact came of them"
    assert facts >= kept or "posts" not in seen.tables, f"{kept} rows were kept and gave only {facts} facts"
    for reject in seen.rejects:
        assert reject.reason, "a reject without a reason"
        assert reject.locator, "a reject without a place"
        assert len(reject.raw) <= 10_000, "a reject that keeps an unbounded row"


def check_unknowns(seen: Observed) -> None:
    """Unknown is null with a state, never 0; texts that are not there are null, never empty."""
    for value, state in _pairs(seen.table("metrics"), "value", "state"):
        assert (value is None) == (state in _UNKNOWN), f"a counter of {value} whose state is {state}"
    profiles = seen.table("profiles")
    for name in ("followers", "following", "posts"):
        for value, state in _pairs(profiles, name, f"{name}_state"):
            assert (value is None) == (state in _UNKNOWN), f"profiles.{name} is {value} and its state is {state}"
    for declared, state in _pairs(seen.table("coverage"), "declared", "declared_state"):
        assert (declared is None) == (state in _UNKNOWN), f"coverage declares {declared} and its state is {state}"
    for table, names in (("posts", ("text", "title", "account_uri")), ("accounts", ("handle", "display_name"))):
        for name in names:
            found = pc.any(pc.equal(seen.table(table)[name], "")).as_py()
            assert not found, f"{table}.{name} is empty where it should be unknown"


def check_times(seen: Observed) -> None:
    """Nothing was written or seen in the future, and nothing before there were networks."""
    latest = clock.now() + clock.TOLERATED_FUTURE
    for name in seen.tables:
        table = seen.table(name)
        for column in [one for one in ("created_at", "at", "observed_at") if one in table.column_names]:
            top, bottom = pc.max(table[column]).as_py(), pc.min(table[column]).as_py()
            assert top is None or top <= latest, f"{name}.{column} reaches {top}"
            assert bottom is None or bottom >= clock.EARLIEST, f"{name}.{column} begins {bottom}"
    posts = seen.table("posts")
    for at, precision, basis in _pairs(posts, "created_at", "created_precision", "created_basis"):
        assert at is None or (precision and basis), "a time that does not say how exact it is and what it rests on"


def check_capabilities(seen: Observed) -> None:
    """What is claimed is there in at least one row; what is not claimed is in none."""
    claimed = seen.about.capabilities
    for capability, there in _shown(seen).items():
        assert not (capability in claimed and not there), f"'{capability}' is claimed and nothing shows it"
        assert not (there and capability not in claimed), f"'{capability}' is shown and not claimed"
    assert seen.about.capabilities <= seen.before.capabilities | _shown(seen).keys() | {"creator"}


def _shown(seen: Observed) -> dict[str, bool]:
    comments, posts, metrics = seen.comments(), seen.table("posts"), seen.table("metrics")
    counted = metrics.filter(pc.is_valid(metrics["value"]))["metric"].unique().to_pylist()
    coverage = seen.table("coverage")
    declared = pc.and_(pc.equal(coverage["what"], "comments"), pc.is_valid(coverage["declared"]))
    exact = pc.is_in(posts["created_precision"], value_set=pa.array(_EXACT))
    return {
        "authors": _any(comments["account_uri"]),
        "texts": _any(posts["text"]),
        "threads": _any(comments["parent_uri"]),
        "times": bool(pc.any(exact).as_py()),
        "like_counts": "likes" in counted,
        "view_counts": "views" in counted,
        "comment_counts": "comments" in counted or bool(pc.any(declared).as_py()),
        "followers": seen.table("follows").num_rows > 0,
        "paid_flag": bool(pc.any(pc.not_equal(posts["paid_flag"], "unknown")).as_py()),
    }


def _any(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count < len(column))


def check_texts(seen: Observed, texts: frozenset[str]) -> None:
    """Texts come out exactly as they went in: nothing in them is a command, a tag or a formula."""
    found = set(seen.table("posts")["text"].drop_null().to_pylist())
    missing = sorted(texts - found)
    assert not missing, f"a text did not pass unchanged: {missing[0]!r}"


def check_same_again(first: Observed, second: Observed) -> None:
    """The same input gives the same batch and the same facts."""
    assert first.about.batch_id == second.about.batch_id, "the same input got another batch_id"
    assert first.tables == second.tables, "the same input gave facts of other tables"
    for name in first.tables:
        assert first.table(name).equals(second.table(name)), f"the same input gave other rows of {name}"
    assert first.rejects == second.rejects, "the same input gave other rejects"
