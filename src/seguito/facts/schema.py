"""From a fact's dataclass to its Arrow schema, and from facts to record batches."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Sequence
from dataclasses import Field, fields
from datetime import datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
DEFAULT = b"default"
_PLAIN = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: TIME}


def arrow_schema(fact: type) -> pa.Schema:
    """The Arrow schema of a fact: one column a field, in order; `X | None` makes the column nullable."""
    hints = get_type_hints(fact)
    return pa.schema([_column(field, hints[field.name]) for field in fields(fact)])


def _column(field: Field[Any], hint: Any) -> pa.Field:
    nullable = False
    if get_origin(hint) in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        nullable = len(inner) < len(get_args(hint))
        hint = inner[0]
    # What a row says where a source does not speak of it: null, or the fact's own default where null is not allowed.
    default = None if nullable or not isinstance(field.default, (str, bool)) else field.default
    metadata = None if default is None else {DEFAULT: json.dumps(default)}
    return pa.field(field.name, _arrow_type(hint), nullable=nullable, metadata=metadata)


def _arrow_type(hint: Any) -> pa.DataType:
    origin = get_origin(hint)
    if origin is Literal:
        return pa.string()
    if origin is tuple:
        return pa.list_(_arrow_type(get_args(hint)[0]))
    return _PLAIN[hint]


def to_batch(facts: Sequence[Any], schema: pa.Schema) -> pa.RecordBatch:
    """Turn facts of one kind into one record batch, column by column."""
    columns = [pa.array([getattr(fact, column.name) for fact in facts], type=column.type) for column in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def fill(columns: dict[str, Any], schema: pa.Schema, *, rows: int) -> pa.RecordBatch:
    """A record batch from some columns of a table; missing ones become unknown: null, or the fact's own word for it.

    Missing lists become empty.

    Args:
        columns: Arrow arrays, Python lists, or single values that repeat for every row.
        schema: the table's schema.
        rows: how many rows every array has.
    """
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise ValueError(f"no such columns: {sorted(unknown)}")
    return pa.RecordBatch.from_arrays(
        [_filled(columns.get(column.name), column, rows) for column in schema], schema=schema
    )


def _filled(value: Any, column: pa.Field, rows: int) -> pa.Array:
    if isinstance(value, pa.ChunkedArray):
        value = value.combine_chunks()
    if isinstance(value, pa.Array):
        return value if value.type == column.type else value.cast(column.type)
    if isinstance(value, list):
        return pa.array(value, type=column.type)
    if value is None and pa.types.is_list(column.type):
        return pa.array([[]] * rows, type=column.type)
    if value is None and column.metadata and DEFAULT in column.metadata:
        value = json.loads(column.metadata[DEFAULT])
    return pa.repeat(pa.scalar(value, type=column.type), rows)


def names(schema: pa.Schema, leaving: Iterable[str]) -> tuple[str, ...]:
    """The schema's column names without those in `leaving`."""
    out = set(leaving)
    return tuple(name for name in schema.names if name not in out)
