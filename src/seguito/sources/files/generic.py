"""Any table: its meaning is the user's mapping file, a mapping accepted earlier, or a proposal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from seguito.kit.errors import BadInput
from seguito.sources.contract import Options, Reading, Sample
from seguito.sources.files.grid import Chunk, Grid
from seguito.sources.files.layout import grid_of, shape_of
from seguito.sources.files.mapping import Mapping, load, remembered
from seguito.sources.files.opening import digest
from seguito.sources.files.propose import Guess, Proposal, preview

NAME = "table"


@dataclass(frozen=True, slots=True)
class Table:
    """The importer that comes last: whatever splits into named columns."""

    name: str = NAME
    version: str = "1"

    def recognise(self, sample: Sample) -> float:
        """0.3: any table might be one that nobody described. Surer for a shape that is a table by itself."""
        return 0.4 if shape_of(sample) != "delimited" else 0.3

    def open(self, sample: Sample, options: Options) -> Reading:
        """Open the file through the mapping that is given, remembered or proposed."""
        from seguito.sources.files.reading import TableReading

        read = digest(sample.path)
        grid = grid_of(sample, read)
        mapping, notes = self.meaning(sample, grid, options)
        mapping.check(grid.header, sample.path.name)
        if options.timezone:
            mapping = replace(mapping, timezone=options.timezone)
        return TableReading(self.name, self.version, grid, mapping, sample.path, read, options, notes)

    def meaning(self, sample: Sample, grid: Grid, options: Options) -> tuple[Mapping, tuple[str, ...]]:
        """The mapping for a file, and what a person should know about where it comes from."""
        if options.mapping is not None:
            return load(options.mapping), ()
        earlier = remembered(grid.header, options.mappings)
        if earlier is not None:
            return earlier[0], (f"Its columns have the meaning accepted earlier, in {earlier[1].name}.",)
        guess = Guess(sample.path, grid.header, first_chunk(sample, grid))
        mapping = guess.mapping()
        return mapping, ("The meaning of its columns was guessed; see --show-mapping.", *guess.notes)

    def propose(self, sample: Sample, options: Options) -> Proposal:
        """What the columns are taken to mean, with the first rows."""
        grid = grid_of(sample, digest(sample.path))
        mapping, notes = self.meaning(sample, grid, options)
        mapping.check(grid.header, sample.path.name)
        return proposal_of(sample, grid, mapping, self.name, self.recognise(sample), notes)


def first_chunk(sample: Sample, grid: Grid) -> Chunk:
    """The first rows of a file.

    Raises:
        BadInput: there are none.
    """
    found = next((chunk for chunk in grid.chunks() if chunk.rows), None)
    if found is None:
        raise BadInput(
            f"{sample.path.name} holds a header and no rows.", "Check that the export is complete; nothing was read."
        )
    limit = 2_000
    return Chunk({name: column.slice(0, limit) for name, column in found.columns.items()}, found.places[:limit])


def proposal_of(
    sample: Sample, grid: Grid, mapping: Mapping, name: str, confidence: float, notes: tuple[str, ...]
) -> Proposal:
    """A mapping as something to look at."""
    used = mapping.names()
    unused = tuple(column for column in grid.header if column not in used)
    rows = preview(mapping, first_chunk(sample, grid))
    return Proposal(sample.path, name, confidence, mapping, grid.header, unused, rows, notes)


FORMAT = Table()
