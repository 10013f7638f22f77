"""Posts with what they say: prepared rows carry no texts, and no figure needs more than the newest of them."""

from __future__ import annotations

from typing import Any

import ibis

from seguito.measures.space import Space


def newest_with_texts(space: Space, rows: Any, most: int) -> Any:
    """The newest `most` of some rows, each with its text; in no particular order.

    Args:
        space: whose posts.
        rows: a table with the columns `uri` and `created_s`.
        most: how many at the most.
    """
    newest = rows.order_by([ibis.desc("created_s"), "uri"]).limit(most)
    return newest.inner_join(space.snapshot.current("posts").select("uri", "text"), "uri")
