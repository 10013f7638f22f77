"""What a reading saw again as a whole: kept as short as it was told, and written out as sightings when it matters.

A reading that skips what it knows says so in one file: which moment it repeats, and of which comments. Sightings matter
only when something older comes in late, or something is removed: then these files become sightings, in the order of
their moments, as if every row had been read.
"""

# ruff: noqa: S608 - the names in these queries are the data dictionary's, the files our own
from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from seguito.facts.tables import TABLES
from seguito.store import delta
from seguito.store.layout import Layout
from seguito.store.novelty import SHORT, key_digest, parquet
from seguito.store.sightings import SCHEMA, Sightings

_ABOUT = b"seguito"
# The key that tells which comment (or thread) a row of these tables is about.
_TABLES = {"posts": ("uri", "posts"), "metrics": ("subject_uri", "posts"), "coverage": ("scope_uri", "threads")}


@dataclass(frozen=True, slots=True)
class Again:
    """One reading's unchanged part.

    Attributes:
        batch_id: the reading's.
        observed_us: the moment it saw them at, in microseconds since 1970.
        since_us: the moment it repeats.
        chain: the batches of its lineage up to it.
        posts, threads: numbers of the keys of the comments, and of those whose answers were counted.
    """

    batch_id: str
    observed_us: int
    since_us: int
    chain: tuple[str, ...]
    posts: npt.NDArray[np.uint64]
    threads: npt.NDArray[np.uint64]


def add(layout: Layout, again: Again) -> None:
    """Keep what a committed reading saw again; nothing where it repeats the same moment."""
    if again.observed_us <= again.since_us:
        return
    told = {name: getattr(again, name) for name in ("batch_id", "observed_us", "since_us", "chain")}
    keys = np.concatenate([again.posts, again.threads])
    kinds = np.concatenate([np.zeros(len(again.posts), bool), np.ones(len(again.threads), bool)])
    rows = pa.table({"key": keys, "is_thread": kinds}).replace_schema_metadata({_ABOUT: json.dumps(told)})
    layout.again.mkdir(parents=True, exist_ok=True)
    place = layout.again / f"{again.observed_us:020}-{len(_files(layout)):06}.parquet"
    half = place.with_suffix(".part")
    pq.write_table(rows, half, compression="zstd", compression_level=1)
    half.rename(place)


def _files(layout: Layout) -> list[Path]:
    return sorted(layout.again.glob("*.parquet"))


def waiting(layout: Layout) -> tuple[int, int]:
    """How many readings wait here to be written out, and how many comments they saw again in all.

    Raises:
        BadInput: one of the files is damaged; what it saw again is lost.
    """
    files, keys = _files(layout), 0
    for file in files:
        with delta.damage_told(file):
            keys += sum(batch.num_rows for batch in pq.ParquetFile(file).iter_batches(columns=["key"]))
    return len(files), keys


def concerns(layout: Layout, connection: Any, staged: Mapping[str, Sequence[str]]) -> bool:
    """Whether staged rows tell of the same comments as what waits here, and not of a later moment."""
    files = _files(layout)
    if not files:
        return False
    newest = int(files[-1].stem.split("-")[0])
    for name, (column, kind) in _TABLES.items():
        if staged.get(name):
            early = f"select {column} as uri from {parquet(staged[name])} where epoch_us(observed_at) <= {newest}"
            keys = f"select key from {parquet([str(one) for one in files])} where is_thread = {kind == 'threads'}"
            query = f"select exists (from ({early}) where md5_number_lower(coalesce(uri, chr(29))) in ({keys}))"
            if connection.execute(query).fetchone()[0]:
                return True
    return False


def settle(layout: Layout, connection: Any) -> None:
    """Write all that waits out as sightings. Only while holding the lock."""
    files = _files(layout)
    for file in files:
        _write_out(layout, connection, file)
        file.unlink()
    if files:
        shutil.rmtree(layout.again, ignore_errors=True)


def _write_out(layout: Layout, connection: Any, file: Path) -> None:
    told = json.loads((pq.read_schema(file).metadata or {})[_ABOUT])
    chain = ", ".join("'" + one.replace("'", "''") + "'" for one in told["chain"])
    at = f"observed_at = make_timestamptz({told['since_us']}) and batch_id in ({chain})"
    for name, (column, kind) in _TABLES.items():
        table, sightings = TABLES[name], Sightings(layout, name)
        version = delta.version_of(layout.table(name))
        if version is None:
            continue
        wanted = f"(select key from {parquet([str(file)])} where is_thread = {kind == 'threads'})"
        of = parquet(delta.files_of(layout.table(name), version), parts=True)
        mine = f"md5_number_lower(coalesce({column}, chr(29))) in {wanted}"
        rows = f"(select {key_digest(table)} as key_digest, left({delta.DIGEST}, {SHORT}) as said, * from {of})"
        found = f"select key_digest, said from {rows} where {at} and {mine}"
        if sightings.files:
            # What that moment only saw again is told by its sightings; whose they are, by the rows.
            seen = f"(select key_digest, said from {parquet([str(one) for one in sightings.files])} where {at})"
            held = f"(select distinct key_digest, said from {rows} where {mine})"
            found += f" union select key_digest, said from {seen} semi join {held} using (key_digest, said)"
        query = (
            f"select make_timestamptz({told['observed_us']}) as observed_at, ? as batch_id, said, key_digest "
            f"from ({found})"
        )
        reader = connection.execute(query, [told["batch_id"]]).fetch_record_batch(50_000)
        sightings.add((batch.cast(SCHEMA) for batch in reader), is_rest=True)
