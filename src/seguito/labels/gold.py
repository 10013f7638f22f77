"""What people said of texts, as written in a table's cells, in the values of a label."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.errors import BadInput, NotFound, UsageError

YES, NO = "yes", "no"
LEFT_OUT = -1
# What people write for yes and no; anything else in a yes-or-no column has to be said with --positive or --map.
_TRUE, _FALSE = frozenset({"yes", "y", "true", "1", "1.0"}), frozenset({"no", "n", "false", "0", "0.0"})
# A cell may hold several values: acts such as "thanks;support", numbers such as "0,15".
_SEVERAL = re.compile(r"\s*[;,|]\s*")
# A value of a map that takes its rows out of the score.
_LEAVE = frozenset({"", "-"})
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Gold:
    """The right value of every row.

    Attributes:
        numbers: the number of the value of each row; `LEFT_OUT` where the row is not to be scored.
        left_out: how many rows were left out, by what stood in the cell.
    """

    numbers: npt.NDArray[np.int64]
    left_out: Mapping[str, int]


def yes_or_no(cells: pa.Array, positive: Sequence[str]) -> Gold:
    """Rows whose cell is (or holds, among several) one of `positive` are yes, all others no; empty cells too.

    Raises:
        UsageError: no cell holds any of them, which is a slip rather than a set without positives.
    """
    wanted = {_key(one) for one in positive}
    seen = pc.value_counts(pc.fill_null(cells.cast(pa.string()), ""))
    of = {cell: bool(wanted & _held(cell)) for cell in seen.field("values").to_pylist()}
    if not any(of.values()):
        raise UsageError(
            f"No row has the value '{positive[0]}'.",
            f"The column holds {_shown(of)}: name one of these with --positive.",
        )
    return Gold(_numbered(cells, {cell: int(is_it) for cell, is_it in of.items()}), {})


def named(cells: pa.Array, values: Sequence[str], mapping: Mapping[str, str] | None = None) -> Gold:
    """Cells that name a value of the label, directly or by a map; rows mapped to nothing are left out.

    Args:
        cells: one cell a row.
        values: the values of the label, in the order of their numbers.
        mapping: what stands in a cell -> a value, or "" or "-" to leave the row out.

    Raises:
        UsageError: a cell, or the map, holds something that is no value of the label.
    """
    filled = pc.fill_null(cells.cast(pa.string()), "")
    counts = {str(one["values"]): int(one["counts"]) for one in pc.value_counts(filled).to_pylist()}
    number = {_key(value): index for index, value in enumerate(values)}
    known = {_key(cell): value for cell, value in mapping.items()} if mapping is not None else None
    of: dict[str, int] = {}
    strange: dict[str, int] = {}
    for cell, count in counts.items():
        value = _value(cell, values) if known is None else known.get(_key(cell))
        if value is None or (_key(value) not in number and _key(value) not in _LEAVE):
            strange[cell] = count
        else:
            of[cell] = number.get(_key(value), LEFT_OUT)
    if strange:
        raise UsageError(
            f"The gold column holds {_shown(strange)}, which the label does not know: it has {', '.join(values)}.",
            "Say what each means with --map FILE (two columns: cell, value; '-' leaves a row out), "
            "or name the one that counts with --positive.",
        )
    left = Counter({cell: counts[cell] for cell, index in of.items() if index == LEFT_OUT})
    return Gold(_numbered(cells, of), dict(left))


def read_map(path: Path) -> dict[str, str]:
    """A map of cells to values: two columns of CSV or TSV without a header, or one JSON object.

    Raises:
        NotFound: there is no such file.
        BadInput: it is neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check the name.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as text: {error}.", "Write the map as UTF-8.") from error
    advice = 'Write one pair a line (CELL,VALUE) or a JSON object such as {"0": "negative"}.'
    if text.lstrip().startswith("{"):
        try:
            pairs = json.loads(text)
        except ValueError as error:
            raise BadInput(f"{path.name} is no valid JSON: {error}.", advice) from error
        return {str(cell): str(value if value is not None else "") for cell, value in pairs.items()}
    delimiter = "\t" if "\t" in text else "=" if "=" in text and "," not in text else ","
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(cell.strip() for cell in row)]
    if not rows or any(len(row) != 2 for row in rows):
        raise BadInput(f"{path.name} is no map of cells to values.", advice)
    return {cell.strip(): value.strip() for cell, value in rows}


def _numbered(cells: pa.Array, of: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """The number of every cell, through the few different cells there are."""
    coded = pc.dictionary_encode(pc.fill_null(cells.cast(pa.string()), ""))
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    table = np.array([of[cell] for cell in coded.dictionary.to_pylist()], dtype=np.int64)
    numbers: npt.NDArray[np.int64] = table[coded.indices.to_numpy(zero_copy_only=False)] if len(coded) else table
    return numbers


def _value(cell: str, values: Sequence[str]) -> str | None:
    """The value a cell names; yes and no in their usual spellings where the label has just these."""
    key = _key(cell)
    if tuple(values) == (NO, YES):
        return YES if key in _TRUE else NO if key in _FALSE else None
    return cell if key in {_key(value) for value in values} else None


def _held(cell: str) -> set[str]:
    return {_key(cell), *(_key(part) for part in _SEVERAL.split(cell))}


def _key(cell: str) -> str:
    return cell.strip().casefold()


def _shown(cells: Mapping[str, object]) -> str:
    names = sorted(cells)
    return ", ".join(f"'{name[:40]}'" for name in names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
