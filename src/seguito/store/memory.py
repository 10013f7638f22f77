"""What a workspace remembers of the files it has read: one small file a lineage, and nothing that is needed.

It spares the next export of the same space most of its work and changes no result; it is removed whenever facts are
erased or removed, and may be removed at any time. How it works is told in docs/decisions/0005.
"""

# ruff: noqa: S608 - the names in these queries are the data dictionary's, the files our own
from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seguito.facts.batch import Batch
from seguito.store import delta
from seguito.store.commit import named_versions
from seguito.store.duckdb import DuckDB
from seguito.store.layout import Layout
from seguito.store.novelty import parquet

# What rows say is told by a function of the engine's own, so its version counts.
VERSION = f"2 {version('duckdb')}"
_ABOUT = b"seguito"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of one reading.

    Attributes:
        request: names the reading; the same once more changes nothing.
        batch_id: what it was committed as.
        sequence: the newest snapshot when it was committed.
        chain: that batch and those before it of the same lineage.
        observed_us: the moment its rows were seen at, in microseconds since 1970.
        groups: what the source wrote down.
        more: what else it wrote down, by name; what only spares work, and may be missing.
    """

    request: str
    batch_id: str
    sequence: int
    chain: tuple[str, ...]
    observed_us: int
    groups: pa.Table
    more: Mapping[str, pa.Table] = field(default_factory=dict)


def save(layout: Layout, lineage: str, name: str, memory: Remembered) -> None:
    """Remember a reading that is committed; `name` tells files of one lineage apart."""
    # Names what belongs together, should another process write the same names at this moment.
    mark = secrets.token_hex(8)
    told = {"version": VERSION, "mark": mark, "more": sorted(memory.more)}
    told |= {one: getattr(memory, one) for one in _TOLD}
    layout.readings.mkdir(parents=True, exist_ok=True)
    place = _place(layout, lineage, name)
    for other in place.parent.glob(f"{place.stem}.*{_MORE}"):
        other.unlink(missing_ok=True)
    for each, table in memory.more.items():
        _write(table, {"mark": mark}, place.with_suffix(f".{each}{_MORE}"))
    _write(memory.groups, told, place)
    # An export under another name goes on where the one before it stopped, and takes its place.
    for other in _of_lineage(layout, lineage):
        if other != place and _told(other).get("batch_id") in memory.chain:
            for file in [other, *other.parent.glob(f"{other.stem}.*{_MORE}")]:
                file.unlink(missing_ok=True)


def _write(table: pa.Table, told: Mapping[str, Any], place: Path) -> None:
    half = place.with_suffix(".part")
    rows = table.replace_schema_metadata({_ABOUT: json.dumps(told)})
    pq.write_table(rows, half, compression="zstd", compression_level=1)
    half.replace(place)


_MORE = ".more"
_TOLD = ("request", "batch_id", "sequence", "chain", "observed_us")


def load(layout: Layout, lineage: str, name: str) -> Remembered | None:
    """What is remembered of the file called `name`, else of the newest of its lineage; `None` where nothing is."""
    places = sorted(_of_lineage(layout, lineage), key=lambda one: one.stat().st_mtime_ns, reverse=True)
    mine = _place(layout, lineage, name)
    for place in [mine, *places]:
        told = _told(place)
        if told.get("version") == VERSION:
            groups = pq.read_table(place).replace_schema_metadata(None)
            more = _more(place, told.get("mark"), told.get("more", []))
            known = {one: told[one] for one in _TOLD} | {"chain": tuple(told["chain"])}
            return Remembered(**known, groups=groups, more=more)
    return None


def _more(place: Path, mark: str | None, names: Sequence[str]) -> dict[str, pa.Table]:
    """What else was written down; nothing where any of it is missing, damaged or another reading's."""
    found = {}
    for name in names:
        file = place.with_suffix(f".{name}{_MORE}")
        try:
            if _told(file).get("mark") != mark:
                return {}
            found[name] = pq.read_table(file).replace_schema_metadata(None)
        except (OSError, pa.ArrowException):
            return {}
    return found


def void(layout: Layout) -> None:
    """Remember nothing any more. Only while holding the lock."""
    shutil.rmtree(layout.readings, ignore_errors=True)


def _of_lineage(layout: Layout, lineage: str) -> list[Path]:
    return sorted(layout.readings.glob(f"{lineage}-*.parquet"))


def _place(layout: Layout, lineage: str, name: str) -> Path:
    import hashlib

    return layout.readings / f"{lineage}-{hashlib.sha256(name.encode()).hexdigest()[:16]}.parquet"


def _told(place: Path) -> dict[str, Any]:
    """What a file says of itself; nothing where it is damaged or gone, for then it is as if it had never been."""
    try:
        found: dict[str, Any] = json.loads((pq.read_schema(place).metadata or {})[_ABOUT])
    except (OSError, KeyError, ValueError, pa.ArrowException):
        return {}
    return found


def is_voided(memory: Remembered, batches: Sequence[Batch]) -> bool:
    """Whether facts were removed since: then it must be read anew."""
    return any(batch.voids_before is not None and batch.sequence > memory.sequence for batch in batches)


def committed(memory: Remembered | None, request: str, batches: Sequence[Batch]) -> Batch | None:
    """The batch that this very reading was committed as, where it was and nothing was removed since."""
    if memory is None or memory.request != request or is_voided(memory, batches):
        return None
    return next((batch for batch in batches if batch.batch_id == memory.batch_id), None)


def stands(layout: Layout, engine: DuckDB, memory: Remembered, batches: Sequence[Batch]) -> bool:
    """Whether what the reading gave is still the newest that the lake holds of its comments.

    Where another source has told of the same comments since that moment, it must be compared row by row.
    """
    if not batches or is_voided(memory, batches):
        return False
    versions = named_versions(batches[-1])
    files = {name: delta.files_of(layout.table(name), versions[name]) for name in _ABOUT_COMMENTS if name in versions}
    if "posts" not in files:
        return False
    roots = pc.unique(memory.groups["post"]).to_pylist()
    chain = ", ".join("'" + one.replace("'", "''") + "'" for one in memory.chain)
    others = f"batch_id not in ({chain}) and epoch_us(observed_at) >= {memory.observed_us}"
    run = engine.connection.execute
    run("create or replace temp table remembered as select unnest(?) as post", [roots])
    here = "substr(root_uri, instr(root_uri, ':post:') + 6) in (from remembered)"
    posts = parquet(files["posts"], parts=True)
    if run(f"select exists (from {posts} where {others} and root_uri is not null and {here})").fetchone()[0]:
        return False
    for name, column in _ABOUT_COMMENTS.items():
        if name in files and column:
            told = f"(select distinct {column} as uri from {parquet(files[name], parts=True)} where {others})"
            comments = f"(select uri from {posts} where root_uri is not null and {here})"
            if run(f"select exists (from {told} semi join {comments} using (uri))").fetchone()[0]:
                return False
    return True


_ABOUT_COMMENTS = {"posts": "", "metrics": "subject_uri", "coverage": "scope_uri"}


class Digests:
    """Numbers that tell rows apart: keyed ones of what rows say, plain ones of keys (as sightings have them).

    Args:
        key: the workspace's secret.
    """

    def __init__(self, key: bytes) -> None:
        self._engine = DuckDB()
        self._engine.connection.execute("set preserve_insertion_order = true")
        self._key = key.hex()

    def of_rows(self, columns: Sequence[pa.Array]) -> npt.NDArray[np.uint64]:
        """One number a row, of all that it says; from one version of the engine to the next it may be another."""
        return self._told(columns, f"hash('{self._key}', {{}})")

    def of_keys(self, keys: pa.Array) -> npt.NDArray[np.uint64]:
        """One number a key, always the same."""
        return self._told([keys], "md5_number_lower(coalesce({}, chr(29)))")

    def _told(self, columns: Sequence[pa.Array], of: str) -> npt.NDArray[np.uint64]:
        connection = self._engine.connection
        connection.register("rows_to_tell", pa.table({f"c{at}": column for at, column in enumerate(columns)}))
        query = f"select {of.format(', '.join(f'c{at}' for at in range(len(columns))))} as digest from rows_to_tell"
        numbers: npt.NDArray[np.uint64] = connection.execute(query).to_arrow_table()["digest"].to_numpy()
        return numbers

    def close(self) -> None:
        """Give back the engine."""
        self._engine.close()
