"""A table of texts that people labelled: the columns that are needed of it, as one names them on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Rows:
    """The columns of a labelled set that are needed, by what they are."""

    columns: dict[str, pa.ChunkedArray]
    rows: int
    rejected: int


def read(file: Path, needed: set[str], where: list[str] | None, *, quoted: bool) -> Rows:
    """The needed columns of a table, the rows that --where asks for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from seguito.kit.errors import BadInput, UsageError
    from seguito.sources.files.layout import grid_of
    from seguito.sources.files.opening import digest, take_sample

    sample = take_sample(file)
    grid = grid_of(sample, digest(file), quoted=quoted)
    missing = sorted(needed - set(grid.header))
    if missing:
        raise UsageError(f"{file.name} has no column '{missing[0]}'.", f"It has {', '.join(grid.header[:30])}.")
    tables, rejected = [], 0
    for chunk in grid.chunks(frozenset(needed)):
        rejected += len(chunk.rejects)
        table = pa.table({name: chunk.columns[name].cast(pa.string()) for name in sorted(needed)})
        for name, value in filters(where):
            table = table.filter(pc.equal(pc.fill_null(table[name], ""), value))
        tables.append(table)
    whole = pa.concat_tables(tables) if tables else None
    if whole is None or not whole.num_rows:
        raise BadInput(f"{file.name} holds no rows to score.", "Check the file and --where.")
    return Rows({name: whole[name] for name in whole.column_names}, whole.num_rows, rejected)


def context_of(rows: Rows, context: dict[str, str], weights: str) -> pa.RecordBatch:
    """What is known beside the texts, as the weights name it; words for numbers are read as such."""
    import pyarrow as pa

    from seguito.kit.errors import UsageError
    from seguito.labels.models.reader import Reader

    known = [one.name for one in Reader.load(weights_of(weights)).weights.header.context]
    for name in context:
        if name not in known:
            raise UsageError(
                f"These weights know nothing of '{name}'.", f"They know {', '.join(known) or 'no context'}."
            )
    columns = {name: [_number(cell) for cell in rows.columns[column].to_pylist()] for name, column in context.items()}
    return pa.RecordBatch.from_pydict({name: pa.array(values, pa.float64()) for name, values in columns.items()})


def _number(cell: str | None) -> float | None:
    words = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}
    if cell is None:
        return None
    try:
        return words[cell.casefold()] if cell.casefold() in words else float(cell)
    except ValueError:
        return None


def first(texts: pa.Array, words: int) -> pa.Array:
    """The first words of every text."""
    import pyarrow as pa

    return pa.array([None if one is None else " ".join(one.split()[:words]) for one in texts.to_pylist()], pa.string())


def weights_of(name: str) -> str | Path:
    """The weights of a name, or the file of a path."""
    return name if name in ("open", "research") else Path(name)


def is_code(language: str | None) -> bool:
    """Whether a language is given for all rows, as a code of two letters, and not as a column."""
    return language is not None and len(language) == 2 and language.islower()


def filters(where: list[str] | None) -> list[tuple[str, str]]:
    """Columns and the values --where asks for."""
    return list(pairs(where, "--where").items())


def pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """NAME=VALUE as typed after an option."""
    from seguito.kit.errors import UsageError

    found = {}
    for one in given or []:
        name, sign, value = one.partition("=")
        if not sign:
            raise UsageError(f"'{one}' after {option} has no '='.", f"Write {option} NAME=VALUE.")
        found[name] = value
    return found
