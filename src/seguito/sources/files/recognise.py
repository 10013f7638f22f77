"""Which importer a file belongs to, told by its content; and the door through which files are opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seguito.kit.errors import BadInput, UsageError
from seguito.sources.contract import Importer, Options, Reading, Sample
from seguito.sources.files.counters import CounterReading
from seguito.sources.files.generic import FORMAT as TABLE
from seguito.sources.files.generic import proposal_of
from seguito.sources.files.layout import Format, Layout
from seguito.sources.files.opening import digest, take_sample
from seguito.sources.files.propose import Proposal
from seguito.sources.files.reading import TableReading
from seguito.sources.files.spaces import PostIndex

# Below this no importer is sure enough of a file.
SURE = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """Which importer reads a file, and how sure that is.

    Attributes:
        sample: the beginning of the file.
        importer: the format that claims it most.
        confidence: 0 to 1; 1 where the user named the format.
    """

    sample: Sample
    importer: Importer
    confidence: float

    def __str__(self) -> str:
        return f"{self.sample.path.name}: {self.importer.name} ({self.confidence:.0%} sure)"


def recognise(path: Path, options: Options | None = None) -> Decision:
    """Decide which importer reads a file.

    Raises:
        NotFound, Refused, UsageError, BadInput: it cannot be opened, or is nothing that is known here.
    """
    from seguito.sources.registry import IMPORTERS, importer

    options = options or Options()
    sample = take_sample(path)
    if options.format is not None:
        return Decision(sample, importer(options.format), 1.0)
    if options.mapping is not None:
        return Decision(sample, TABLE, 1.0)
    best: tuple[float, Importer] | None = None
    for name in IMPORTERS:
        found = importer(name)
        sure = found.recognise(sample)
        if best is None or sure > best[0]:
            best = (sure, found)
    if best is None or best[0] < SURE:
        raise BadInput(
            f"{path.name} is of no known format.",
            "Name a CSV, TSV, JSON, NDJSON or Parquet table, or say what it is with --format.",
        )
    return Decision(sample, best[1], best[0])


def open_files(paths: Sequence[Path], options: Options) -> list[Reading]:
    """Open files for reading; files of posts come first and tell the files of comments whose posts they are.

    Raises:
        SeguitoError: one of them cannot be read; none of them is then opened.
    """
    if not paths:
        raise UsageError("No file was named.", "Name one or more files.")
    readings = [
        decision.importer.open(decision.sample, options) for path in paths for decision in (recognise(path, options),)
    ]
    readings = _of_one_platform(readings, options)
    tables = [one for one in readings if isinstance(one, TableReading)]
    beside = PostIndex()
    for one in tables:
        beside = beside | one.index()
    platforms = {one.mapping.platform for one in tables} - {"other"}
    platform = platforms.pop() if len(platforms) == 1 else None
    informed = [
        one.knowing(beside, platform)
        if isinstance(one, CounterReading)
        else one.knowing(beside)
        if isinstance(one, TableReading)
        and one.mapping.record in ("comments", "followers", "metrics")
        and beside.sha256
        else one
        for one in readings
    ]
    return sorted(informed, key=lambda one: not (isinstance(one, TableReading) and one.mapping.record == "posts"))


def _of_one_platform(readings: list[Reading], options: Options) -> list[Reading]:
    """Files named together are of one platform: where the guess at one found none, it is that of the others."""
    found = {one.mapping.platform for one in readings if isinstance(one, TableReading)} - {"other"}
    if len(found) != 1 or options.mapping is not None:
        return readings
    platform = found.pop()
    return [
        replace(one, mapping=replace(one.mapping, platform=platform))
        if isinstance(one, TableReading) and one.source == TABLE.name and one.mapping.platform == "other"
        else one
        for one in readings
    ]


def proposal(path: Path, options: Options) -> Proposal:
    """What the columns of a file are taken to mean, to show before anything is read.

    Raises:
        UsageError: the file is of a format that is no table.
    """
    decision = recognise(path, options)
    importer, sample = decision.importer, decision.sample
    layout = importer.layout(sample) if isinstance(importer, Format) else None
    if isinstance(layout, Layout):
        grid = layout.grid(sample, digest(path))
        return proposal_of(
            sample, grid, layout.meaning(grid), importer.name, decision.confidence, (f"It is {layout.name}.",)
        )
    if importer.name != TABLE.name:
        raise UsageError(f"{path.name} is {importer.name}, which needs no mapping.", "Collect it as it is.")
    return TABLE.propose(sample, options)
