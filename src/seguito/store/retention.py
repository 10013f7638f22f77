"""What has been kept long enough: found by the policy of its source, told with its reason, removed for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from seguito.facts.batch import Batch
from seguito.facts.tables import TABLES
from seguito.kit import clock
from seguito.store import delta
from seguito.store.commit import record
from seguito.store.duckdb import DuckDB
from seguito.store.layout import Layout
from seguito.store.novelty import key_digest, parquet
from seguito.store.policy import MESSAGES, RETENTION, Retention
from seguito.store.sidefiles import clean_checks
from seguito.store.sightings import Sightings

# ruff: noqa: S608 - the names in these queries are the data dictionary's, the files our own

# Whose a row is; what hangs on a row goes with it.
_OWNER = {
    "posts": "account_uri",
    "accounts": "uri",
    "profiles": "account_uri",
    "reactions": "account_uri",
    "follows": "follower_uri",
}
_HANGS_ON = {"metrics": "subject_uri", "labels": "subject_uri"}


@dataclass(frozen=True, slots=True)
class Expired:
    """Rows of one table whose time is over.

    Attributes:
        table: the table's name.
        rows: how many.
        rule: the retention they fall under.
    """

    table: str
    rows: int
    rule: Retention

    def __str__(self) -> str:
        return f"{self.rows:,} rows of {self.table}: {self.rule.why}"


class Retained:
    """Works out, from one state of the tables, which rows stay.

    Args:
        layout: the workspace.
        engine: runs the queries; used for nothing else meanwhile.
        batches: all committed batches.
        at: the moment it is reckoned from.
    """

    def __init__(self, layout: Layout, engine: DuckDB, batches: tuple[Batch, ...], at: datetime) -> None:
        self._layout = layout
        self._run = engine.connection.execute
        self._batches = batches
        self._at = at
        self._run("create or replace temp table gone (uri varchar)")
        self._found = {name: self._find(name) for name in (*_OWNER, "messages")}
        for name in _HANGS_ON:
            self._found[name] = self._hanging(name)

    @property
    def expired(self) -> list[Expired]:
        """What is over, table by table."""
        messages = self._found["messages"]
        public = RETENTION["public_network"]
        rest = [Expired(name, rows, public) for name, rows in self._found.items() if rows and name != "messages"]
        return rest + ([Expired("messages", messages, MESSAGES)] if messages else [])

    @property
    def gone(self) -> frozenset[str]:
        """The keys of posts and accounts that are over."""
        return frozenset(row[0] for row in self._run("select uri from gone").fetchall())

    def _files(self, name: str) -> list[str]:
        path = self._layout.table(name)
        version = delta.version_of(path)
        return [] if version is None else delta.files_of(path, version)

    def _find(self, name: str) -> int:
        """Mark the keys of a table that are over; returns how many rows that is."""
        files = self._files(name)
        if not files:
            return 0
        rows = parquet(files, parts=True)
        if name == "messages":
            over = f"select uri from {rows} where exchange_uri in ({self._silent(rows)})"
        else:
            over = self._over(name, rows)
        self._run(f"create or replace temp table over_{name} as {over}")
        if name in ("posts", "accounts"):
            self._run(f"insert into gone select uri from over_{name}")
        return self._count(f"{rows} semi join over_{name} using ({_key(name)})")

    def _silent(self, rows: str) -> str:
        limit = self._at - timedelta(days=MESSAGES.days or 0)
        return (
            f"select exchange_uri from {rows} group by 1 having max(coalesce(sent_at, observed_at)) < {_moment(limit)}"
        )

    def _over(self, name: str, rows: str) -> str:
        table, owner = TABLES[name], _OWNER[name]
        limited = ", ".join(
            f"({_text(batch.batch_id)}, {_moment(self._at - timedelta(days=days))})"
            for batch in self._batches
            if (days := _days(batch)) is not None
        )
        creators = ", ".join(_text(batch.creator_uri) for batch in self._batches if batch.creator_uri) or "'-'"
        key = _key(name)
        members = f"{rows} where coalesce({owner}, '') not in ({creators})"
        seen = f"select {key}, {key_digest(table)} as key_digest, observed_at, batch_id from {members}"
        sightings = [str(file) for file in Sightings(self._layout, name).files]
        if sightings:
            again = (
                f"select k.* replace (s.observed_at as observed_at, s.batch_id as batch_id) from {parquet(sightings)} s"
            )
            seen = f"with k as ({seen}) select * from k union all {again} join k using (key_digest)"
        rules = f"(values {limited or '(null, null)'}) as rule (batch_id, oldest)"
        return (
            f"select {key} from ({seen}) left join {rules} using (batch_id) group by {key} "
            "having bool_and(oldest is not null and observed_at < oldest)"
        )

    def _hanging(self, name: str) -> int:
        files = self._files(name)
        on = _HANGS_ON[name]
        return self._count(f"{parquet(files, parts=True)} where {on} in (select uri from gone)") if files else 0

    def _count(self, rows: str) -> int:
        return int(self._run(f"select count(*) from {rows}").fetchone()[0])

    def left(self, name: str) -> Iterator[pa.RecordBatch]:
        """The rows of a table that stay."""
        rows = parquet(self._files(name), parts=True)
        names = ", ".join(f'"{column}"' for column in delta.kept_schema(TABLES[name]).names)
        if name in _HANGS_ON:
            query = f"select {names} from {rows} where {_HANGS_ON[name]} not in (select uri from gone)"
        else:
            query = f"select {names} from {rows} anti join over_{name} using ({_key(name)})"
        return self._stream(name, query)

    def _stream(self, name: str, query: str) -> Iterator[pa.RecordBatch]:
        # Runs inside the table library, so it must not call it.
        for batch in self._run(query).fetch_record_batch(50_000):
            yield batch.cast(delta.kept_schema(TABLES[name]))


def remove(layout: Layout, retained: Retained, newest: Batch) -> Batch:
    """Write every table without what is over; one batch makes older snapshots void. Only while holding the lock."""
    at = clock.now()
    clean_checks(layout, retained.gone)
    for one in retained.expired:
        delta.overwrite(layout.table(one.table), TABLES[one.table], retained.left(one.table))
    sequence = newest.sequence + 1
    batch = Batch(
        batch_id=f"upkeep-{sequence}",
        sequence=sequence,
        step="upkeep",
        source="retention",
        details=json.dumps({one.table: one.rows for one in retained.expired}, sort_keys=True),
        notes=tuple(str(one) for one in retained.expired),
        started_at=at,
        finished_at=clock.now(),
        voids_before=sequence,
    )
    record(layout, batch)
    return batch


def _days(batch: Batch) -> int | None:
    rule = RETENTION.get(batch.policy)
    return None if rule is None or batch.is_simulated or batch.step != "collect" else rule.days


def _key(name: str) -> str:
    return ", ".join(f'"{column}"' for column in TABLES[name].key)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _moment(at: datetime) -> str:
    return f"'{at.isoformat()}'::timestamptz"
