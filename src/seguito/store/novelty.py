"""Which staged rows the lake does not hold yet. Reading the same source twice must add nothing."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from seguito.facts.tables import Table
from seguito.store.delta import DIGEST, MONTH, kept_schema

_SEPARATOR = "\x1f"
_NULL = "\x1d"


def with_digest(rows: Any, table: Table) -> Any:
    """Add the digest of what a row says and, where the table is laid out by month, its month."""
    texts = [_as_text(rows[column.name], column.type) for column in table.schema if column.name in table.content]
    joined = ibis.literal(_SEPARATOR).join(texts)
    columns = {DIGEST: joined.hexdigest("md5")}
    if table.month_of:
        columns[MONTH] = rows[table.month_of].strftime("%Y-%m").fill_null("unknown")
    return rows.mutate(**columns)


def _as_text(column: Any, kind: pa.DataType) -> Any:
    if pa.types.is_list(kind):
        return column.join("\x1e").fill_null(_NULL)
    if pa.types.is_timestamp(kind):
        return column.epoch_seconds().cast("string").fill_null(_NULL) + column.microsecond().cast("string").fill_null(
            ""
        )
    return column.cast("string").fill_null(_NULL)


def new_rows(staged: Any, kept: Any, table: Table) -> Any:
    """The staged rows worth appending.

    Where things change, a row is new when the observation before it (in time) said something else. Elsewhere it is
    new when its key was never seen.

    Args:
        staged: the staged rows, with digests.
        kept: the rows the lake holds, with digests.
        table: the table both belong to.
    """
    key = list(table.key)
    narrow = [*key, "observed_at", DIGEST]
    seen = kept.select(*narrow).semi_join(staged.select(*key).distinct(), key).mutate(is_staged=False)
    wide = staged.mutate(is_staged=True)
    blank = {name: ibis.null(kind) for name, kind in wide.schema().items() if name not in seen.columns}
    both = wide.union(seen.mutate(**blank).select(*wide.columns), distinct=False)
    order = ["observed_at", DIGEST, "is_staged"] if table.changes else ["is_staged", "observed_at", DIGEST]
    window = ibis.window(group_by=key, order_by=order)
    before = both[DIGEST].lag().over(window)
    both = both.mutate(is_new=before.isnull() | (before != both[DIGEST]) if table.changes else before.isnull())
    kept_names = kept_schema(table).names
    return both.filter(both.is_staged & both.is_new).select(*kept_names)
