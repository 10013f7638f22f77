"""That an unchanged thing was seen again: when, by which batch, as digests. `novelty.py` tells what it is good for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seguito.facts.schema import TIME
from seguito.kit.clock import from_epoch
from seguito.store.layout import Layout

KEY, SAID = "key_digest", "said"
SCHEMA = pa.schema([("observed_at", TIME), ("batch_id", pa.string()), (SAID, pa.string()), (KEY, pa.string())])


class Sightings:
    """The sightings of one table: plain Parquet files beside it, one a commit.

    No snapshot names them: they never change what a snapshot shows, only what a later batch appends. So a file
    that a killed writer left behind says nothing untrue and does no harm.
    """

    def __init__(self, layout: Layout, table: str) -> None:
        self._folder = layout.sightings(table)

    @property
    def files(self) -> list[Path]:
        """The files, oldest first."""
        return sorted(self._folder.glob("*.parquet"))

    def later_than(self, at: datetime) -> list[str]:
        """The files with sightings after a moment."""
        return [str(file) for file in self.files if _newest(file) > at]

    def add(self, batches: Iterable[pa.RecordBatch], *, is_rest: bool = False) -> int:
        """Keep what a commit saw again; returns how many.

        Args:
            batches: rows of `SCHEMA`.
            is_rest: whether it is the rest of a reading that was kept in part before.
        """
        rows = pa.Table.from_batches(list(batches), SCHEMA)
        if rows.num_rows == 0 or (not is_rest and self._has(rows)):
            return 0
        self._folder.mkdir(parents=True, exist_ok=True)
        newest = int(pc.max(rows["observed_at"]).as_py().timestamp() * 1_000_000)
        number = len(self.files)
        place = self._folder / f"{number:06}-{newest}.parquet"
        half = place.with_suffix(".part")
        pq.write_table(rows, half, compression="zstd", compression_level=1)
        half.rename(place)
        return int(rows.num_rows)

    def _has(self, rows: pa.Table) -> bool:
        """Whether the very same reading was seen again before: one file has these rows already."""
        newest = int(pc.max(rows["observed_at"]).as_py().timestamp() * 1_000_000)
        wanted = set(rows["batch_id"].unique().to_pylist())
        for file in self.files:
            if file.stem.endswith(f"-{newest}") and pq.ParquetFile(file).metadata.num_rows == rows.num_rows:
                kept = set(pq.read_table(file, columns=["batch_id"])["batch_id"].unique().to_pylist())
                if wanted <= kept:
                    return True
        return False

    def keep(self, stays: Any) -> None:
        """Rewrite every file with the rows for which `stays(rows)`, a boolean array, is true.

        Args:
            stays: takes an Arrow table with the columns of `SCHEMA`.
        """
        for file in self.files:
            rows = pq.read_table(file)
            left = rows.filter(stays(rows))
            if left.num_rows == rows.num_rows:
                continue
            if left.num_rows:
                half = file.with_suffix(".part")
                pq.write_table(left, half, compression="zstd", compression_level=1)
                half.replace(file)
            else:
                file.unlink()


def _newest(file: Path) -> datetime:
    found = from_epoch(int(file.stem.split("-")[1]) / 1_000_000)
    assert found is not None  # noqa: S101 - the name was written by us from a time
    return found
