"""Whether the moments in a batch can be: a machine or file whose clock is wrong must not become history."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from seguito.facts.batch import Batch
from seguito.kit import clock
from seguito.kit.errors import BadInput


def checked(staged: dict[str, list[str]], batch: Batch) -> Batch:
    """The batch, if nothing in it was observed in the future; its own times are brought back to now, with a note.

    A simulated community may live at any time.

    Raises:
        BadInput: rows were observed later than tomorrow.
    """
    if batch.is_simulated:
        return batch
    limit = clock.now() + clock.TOLERATED_FUTURE
    for name, files in staged.items():
        latest = max((_latest(file) for file in files), default=None)
        if latest is not None and latest > limit:
            raise BadInput(
                f"The table '{name}' of this reading says it was observed on {latest:%Y-%m-%d %H:%M} UTC, "
                "which is in the future.",
                "Set this machine's clock (or the date of the file) right, then read again.",
            )
    if batch.finished_at <= limit:
        return batch
    note = f"the clock said {batch.finished_at:%Y-%m-%d %H:%M} UTC when this was read, which was in the future"
    at = clock.now()
    return replace(batch, started_at=min(batch.started_at, at), finished_at=at, notes=(*batch.notes, note))


def _latest(file: str) -> datetime:
    found: Any = pc.max(pq.read_table(file, columns=["observed_at"])["observed_at"]).as_py()
    return found if found is not None else clock.EARLIEST
