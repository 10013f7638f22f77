"""The public library: the stages as functions, with tables that Arrow, Polars and pandas read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from seguito import pipeline
from seguito.dossier.contract import Dossier
from seguito.kit.errors import UsageError
from seguito.kit.progress import SILENT, Progress
from seguito.measures.contract import answer
from seguito.measures.estimate import Estimate, Part
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space, find_creator
from seguito.pipeline import Collected
from seguito.sources.contract import Options
from seguito.sources.targets import open_targets
from seguito.store.lake import Lake, Receipt

# One row per estimate and per named part of it (`part` is empty for the headline).
ESTIMATES = pa.schema(
    [
        ("measure", pa.string()),
        ("part", pa.string()),
        ("status", pa.string()),
        ("value", pa.float64()),
        ("lo", pa.float64()),
        ("hi", pa.float64()),
        ("method", pa.string()),
        ("unit", pa.string()),
        ("n", pa.int64()),
        ("n_unit", pa.string()),
        ("n_required", pa.int64()),
        ("from", pa.timestamp("us", tz="UTC")),
        ("to", pa.timestamp("us", tz="UTC")),
        ("reasons", pa.string()),
    ]
)


def collect(
    lake: Lake, target: str | Path | Iterable[str | Path], *, progress: Progress = SILENT, **options: Any
) -> list[Collected]:
    """Read accounts or files into the lake; reading the same again changes nothing.

    Args:
        lake: where facts go.
        target: `platform:account`, a file, or several of them.
        progress: told how it goes.
        options: fields of `seguito.sources.contract.Options`, such as `creator=` or `max_posts=`.

    Raises:
        SeguitoError: a source cannot be read; the lake is then as it was.
    """
    targets = [target] if isinstance(target, (str, Path)) else list(target)
    chosen = Options(**{"spool": lake.layout.raw, "mappings": lake.layout.mappings, **options})
    readings = open_targets([str(one) for one in targets], chosen)
    return [pipeline.collect(lake, reading, progress=progress) for reading in readings]


def label(lake: Lake, *, progress: Progress = SILENT) -> Receipt:
    """Let every labeller read the posts it has not read yet."""
    return pipeline.label(lake, progress=progress)


def measure(lake: Lake, creator: str, *names: str, sequence: int | None = None) -> pa.Table:
    """Estimates as a table, one row per figure (schema `ESTIMATES`); all measures when none is named.

    Args:
        lake: the lake to read.
        creator: a handle or uri.
        names: names of measures, such as `community.concentration`.
        sequence: the snapshot; the newest by default.

    Returns:
        An Arrow table; `polars.from_arrow(table)` and `table.to_pandas()` read it as it is.

    Raises:
        UsageError: there is no such measure.
    """
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise UsageError(f"There is no measure '{unknown[0]}'.", "`seguito measures` lists them.")
    snapshot = lake.snapshot(sequence)
    space = Space(snapshot, find_creator(snapshot, creator))
    return tabulate(answer(MEASURES[name], space) for name in (names or MEASURES))


def tabulate(estimates: Iterable[Estimate]) -> pa.Table:
    """Estimates as an Arrow table (schema `ESTIMATES`)."""
    return pa.Table.from_pylist([row for one in estimates for row in _rows(one)], schema=ESTIMATES)


def _rows(one: Estimate) -> list[dict[str, Any]]:
    shared = {
        "measure": one.measure,
        "status": one.status,
        "n_unit": one.n_unit,
        "n_required": one.n_required,
        "from": one.window.start,
        "to": one.window.end,
        "reasons": json.dumps(
            {reason.code: dict(reason.values) for reason in one.reasons}, sort_keys=True, default=str
        ),
    }
    figures: list[tuple[str, Estimate | Part]] = [("", one), *((part.key, part) for part in one.parts)]
    return [
        {
            **shared,
            "part": key,
            "value": figure.value,
            "lo": figure.interval.lo if figure.interval else None,
            "hi": figure.interval.hi if figure.interval else None,
            "method": figure.interval.method if figure.interval else None,
            "unit": figure.unit,
            "n": figure.n,
        }
        for key, figure in figures
    ]


def vet(
    lake: Lake,
    creator: str,
    *,
    sequence: int | None = None,
    cohort: str | None = None,
    progress: Progress = SILENT,
) -> Dossier:
    """Answer the dossier's questions about one creator, from one snapshot of the lake.

    Args:
        lake: the lake to read.
        creator: a handle or uri.
        sequence: the snapshot; the newest by default.
        cohort: the name of a cohort of this workspace to compare with.
        progress: told of every measure.
    """
    return pipeline.vet(lake, creator, sequence=sequence, cohort=cohort, progress=progress)
