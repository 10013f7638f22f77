"""Erasure: take a person out of every table, past versions, logs and side files, and leave no way back.

The order is what makes it safe to be interrupted at any moment: first the list of fingerprints says whom to forget;
then every table gets a version without them; then one batch makes those versions the lake's and every older snapshot
void; last, everything older is removed from the disk. Whatever comes next in the workspace goes on where it stopped.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.facts.batch import Batch
from seguito.facts.keys import native_of
from seguito.facts.tables import TABLES
from seguito.kit import clock
from seguito.kit.errors import NotFound, Transient, UsageError
from seguito.kit.pseudonym import keep_key, pseudonym, reference
from seguito.store import again, delta, memory, prepared
from seguito.store.commit import batch_row, read_batches, with_versions, writing
from seguito.store.disk import disk_errors
from seguito.store.duckdb import DuckDB
from seguito.store.erased import ANYWHERE, Erased
from seguito.store.layout import Layout
from seguito.store.novelty import facts_of, known_pairs, rewritten
from seguito.store.sidefiles import clean_side_files
from seguito.store.sieve import Tally, batch_name, cleaned, cleaned_batches
from seguito.store.sightings import KEY, SAID, Sightings
from seguito.store.staging import abandoned, in_use, write


@dataclass
class Erasure:
    """What an erasure did.

    Attributes:
        removed: rows removed, by table.
        changed: rows of others in which a name or a reference was replaced.
        files: kept files (raw pages, reports, rejected rows) that were removed or cleaned.
        void_before: snapshots before this one can no longer be read.
    """

    removed: dict[str, int] = field(default_factory=dict)
    changed: int = 0
    files: list[Path] = field(default_factory=list)
    void_before: int = 0


def forget(layout: Layout, account: str) -> Erasure:
    """Erase the account that `account` names: its uri, native id or handle.

    Raises:
        NotFound: nobody is called so here.
        UsageError: several accounts are.
        Transient: a source is being read into the workspace at this moment.
    """
    with disk_errors(layout.root):
        before = complete(layout)
        if in_use(layout.staging):
            raise Transient(
                "A source is being read into this workspace just now.", "Wait for it to finish, then forget again."
            )
        key = keep_key(layout.key)
        erased = Erased.load(layout.erased, key)
        uri = _find(layout, account, erased)
        if uri is None:
            return before or Erasure()
        with writing(layout), _engine() as engine:
            _list(layout, engine, uri, erased, key)
            erased.save(layout.erased)
            layout.erasing.write_text(json.dumps({"erasure": secrets.token_hex(8)}))
        return complete(layout) or Erasure()


def complete(layout: Layout) -> Erasure | None:
    """Finish an erasure that was interrupted; `None` where there is none."""
    if not layout.erasing.exists():
        return None
    with writing(layout) as newest:
        if not layout.erasing.exists():  # another process has just finished it
            return None
        erased = Erased.load(layout.erased, keep_key(layout.key))
        batch_id = "erase-" + json.loads(layout.erasing.read_text())["erasure"]
        done = Erasure()
        if newest is not None:
            _rewrite(layout, batch_id, erased, done)
        done.files = clean_side_files(layout, erased)
        for folder in abandoned(layout.staging):
            shutil.rmtree(folder)
        layout.erasing.unlink()
    return done


def _rewrite(layout: Layout, batch_id: str, erased: Erased, done: Erasure) -> None:
    batches = read_batches(layout)
    already = next((batch for batch in batches if batch.batch_id == batch_id), None)
    with _engine() as engine:
        memory.void(layout)
        prepared.void(layout)
        again.settle(layout, engine.connection)
        if already is None:
            tally = Tally()
            for name in TABLES:
                if name != "batches":
                    _rewrite_table(layout, engine, name, erased, tally)
            done.removed = {name: rows for name, rows in tally.by_table.items() if rows}
            done.changed = tally.changed
            already = _record(layout, batch_id, batches, erased, done)
        done.void_before = already.sequence
        for name in TABLES:
            delta.purge(layout.table(name))
            _clean_sightings(layout, engine, name, erased)


def _rewrite_table(layout: Layout, engine: DuckDB, name: str, erased: Erased, tally: Tally) -> None:
    table, path = TABLES[name], layout.table(name)
    version = delta.version_of(path)
    if version is None:
        return
    kept = facts_of(engine.connection, delta.files_of(path, version), table)
    layout.staging.mkdir(exist_ok=True)
    before = (tally.dropped, tally.changed)
    with tempfile.TemporaryDirectory(dir=layout.staging, prefix="erase~") as folder:
        files: list[str] = []
        for rows in kept:
            left = cleaned(pa.Table.from_batches([rows]), name, erased, tally)
            if left.num_rows:
                files.append(f"{folder}/{len(files):06}.parquet")
                write(left, Path(files[-1]))
        if (tally.dropped, tally.changed) == before:
            return
        delta.overwrite(path, table, rewritten(engine.connection, files, table) if files else [])


def _record(layout: Layout, batch_id: str, batches: tuple[Batch, ...], erased: Erased, done: Erasure) -> Batch:
    """The commit point: all older batches cleaned and the erasure's own, in one version of their table."""
    at = clock.now()
    sequence = batches[-1].sequence + 1
    own = Batch(
        batch_id=batch_id,
        sequence=sequence,
        step="erase",
        source="forget",
        details=json.dumps({"removed": done.removed, "changed": done.changed}, sort_keys=True),
        notes=(f"an account was erased; snapshots before {sequence} are void",),
        started_at=at,
        finished_at=at,
        voids_before=sequence,
    )
    rows = batch_row([*cleaned_batches(batches, erased), with_versions(layout, own)])
    delta.overwrite(layout.table("batches"), TABLES["batches"], [rows])
    return own


def _clean_sightings(layout: Layout, engine: DuckDB, name: str, erased: Erased) -> None:
    """Keep only sightings of rows that are still there."""
    sightings, table, path = Sightings(layout, name), TABLES[name], layout.table(name)
    version = delta.version_of(path)
    if not sightings.files or version is None:
        return
    known = known_pairs(engine.connection, delta.files_of(path, version), table)

    def stays(rows: pa.Table) -> Any:
        named = [batch for batch in rows["batch_id"].unique().to_pylist() if batch_name(batch, erased) != batch]
        found = pc.is_in(pc.binary_join_element_wise(rows[KEY], rows[SAID], ""), value_set=known)
        return pc.and_not(found, pc.is_in(rows["batch_id"], value_set=pa.array(named, pa.string())))

    sightings.keep(stays)


# -- who ------------------------------------------------------------------------------------------------------------


def _find(layout: Layout, account: str, erased: Erased) -> str | None:
    """The uri of the account that is meant; `None` when it was erased before."""
    wanted = account.strip().removeprefix("@")
    found: set[str] = set()
    with _engine() as engine:
        for name, column in _ACCOUNTS:
            rows = _table(layout, engine, name)
            if rows is not None:
                uris = rows[column]
                ends = uris.lower().endswith(":" + wanted.lower()) | (uris == wanted)
                found.update(engine.fetch(rows.filter(ends).select(uri=uris).distinct())["uri"].to_pylist())
        accounts = _table(layout, engine, "accounts")
        if accounts is not None:
            same = (accounts.handle.lower() == wanted.lower()) | (accounts.native_id == wanted)
            same |= (accounts.platform + ":" + accounts.handle.lower()) == wanted.lower()
            found.update(engine.fetch(accounts.filter(same).select("uri").distinct())["uri"].to_pylist())
    if wanted in found:
        return wanted
    if len(found) > 1:
        raise UsageError(
            f"'{account}' may be any of {len(found)} accounts: {', '.join(sorted(found)[:5])}.",
            "Name one of them in full.",
        )
    if found:
        return found.pop()
    if erased.has_account(wanted) or erased.has_handle(ANYWHERE, wanted) or erased.is_in_key(wanted):
        return None
    if wanted.count(":") >= 2 and wanted.split(":")[1] == "account":
        return wanted  # not seen yet; never will be
    raise NotFound(
        f"Nobody called '{account}' is in this workspace.",
        "Name the account by its handle, its id or its full key (platform:account:id).",
    )


_ACCOUNTS = (
    ("accounts", "uri"),
    ("profiles", "account_uri"),
    ("posts", "account_uri"),
    ("posts", "space_uri"),
    ("reactions", "account_uri"),
    ("follows", "follower_uri"),
    ("follows", "followed_uri"),
    ("messages", "sender_uri"),
)


def _list(layout: Layout, engine: DuckDB, uri: str, erased: Erased, key: bytes) -> None:
    """Put on the list all that names the person: what they were ever called, their posts, their names in reports."""
    accounts = _table(layout, engine, "accounts")
    rows: list[dict[str, Any]] = []
    if accounts is not None:
        theirs = accounts.filter(accounts.uri == uri).select("native_id", "handle", "display_name").distinct()
        rows = engine.fetch(theirs).to_pylist()
    handles = {row["handle"] for row in rows if row["handle"]}
    names = {row["display_name"] for row in rows if row["display_name"]}
    native = rows[0]["native_id"] if rows else native_of(uri) if uri.count(":") >= 2 else uri
    erased.add_account(uri, native, handles, names)
    erased.add("word", pseudonym(key, uri).lower())
    posts = _table(layout, engine, "posts")
    if posts is not None:
        for post in engine.fetch(posts.filter(posts.account_uri == uri).select("uri").distinct())["uri"].to_pylist():
            erased.add_post(post, reference(key, post))
    messages = _table(layout, engine, "messages")
    if messages is not None:
        senders = messages.group_by("exchange_uri").aggregate(
            n=messages.sender_uri.nunique(), theirs=(messages.sender_uri == uri).any()
        )
        alone = senders.filter(senders.theirs & (senders.n <= 2)).select("exchange_uri")
        for exchange in engine.fetch(alone)["exchange_uri"].to_pylist():
            erased.add("exchange", exchange)


def _table(layout: Layout, engine: DuckDB, name: str) -> Any | None:
    path = layout.table(name)
    version = delta.version_of(path)
    if version is None:
        return None
    return engine.read(delta.files_of(path, version), str(path.absolute()), delta.kept_schema(TABLES[name]))


def _engine() -> Any:
    from contextlib import closing

    return closing(DuckDB())
