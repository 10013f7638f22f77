"""Messages of one space that one answer could serve: gathered by wording or by what they want, the odd ones first."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.clusters import Clusters
from seguito.labels.effective import effective
from seguito.labels.shown import shown_pairs
from seguito.measures.space import Space
from seguito.measures.texts import newest_with_texts

# One row a message, largest cluster first, odd ones before others. `cluster` names it by its first message, or by label
# and value; `n` messages are in it; `alike` says how like the first one a message is, or how sure the label is (null
# where a rule gave it).
GATHERED = pa.schema(
    [
        ("cluster", pa.string()),
        ("n", pa.int64()),
        ("accounts", pa.int64()),
        ("uri", pa.string()),
        ("account_uri", pa.string()),
        ("created_s", pa.int64()),
        ("alike", pa.float64()),
        ("text", pa.string()),
    ]
)
# What says nothing of what a message wants.
NO_INTENT = ("language", "read", "wording", "low_effort", "sentiment", "emotion")
# The newest so many comments are looked at: comparing a hundred thousand takes seconds, not minutes.
MOST = 100_000


def by_wording(space: Space, *, label: str | None = None, least: int = 3, most: int = MOST) -> pa.Table:
    """Comments in nearly the same words (schema `GATHERED`).

    Args:
        space: whose comments.
        label: only those with this label, such as `question`.
        least: leave out clusters of fewer messages.
        most: look at so many of the newest comments.
    """
    rows = _comments(space, label, most)
    clusters = Clusters()
    clusters.add(rows["uri"].combine_chunks(), rows["text"].combine_chunks())
    told = clusters.table()
    rows = rows.append_column("cluster", told["cluster"]).append_column("alike", told["alike"])
    return _ordered(rows.filter(pc.is_valid(rows["cluster"])), least)


def by_intent(space: Space, *, label: str | None = None, least: int = 3, most: int = MOST) -> pa.Table:
    """Comments that want the same, by the labels code or people gave them (schema `GATHERED`).

    A comment stands in as many clusters as it has labels; labels that are not right often enough to be shown on a
    message (see `labels/shown.py`) make none, unless a person gave them. Arguments as for `by_wording`.
    """
    rows = _comments(space, label, most)
    said = _labels(space, label)
    pair = said.label + "=" + said.value
    said = said.filter(pair.isin(shown_pairs()) | said.by_person)
    said = said.select("uri", alike="score", cluster=said.label + "=" + said.value)
    joined = space.fetch(said).join(rows, "uri", join_type="inner")
    return _ordered(joined, least)


def _labels(space: Space, label: str | None) -> Any:
    said = effective(space.snapshot.current("labels"))
    said = said.filter(~said.label.isin(NO_INTENT) & (said.value != "no"))
    said = said.filter(said.label == label) if label is not None else said
    return said.select("label", "value", "score", "by_person", uri="subject_uri")


def _comments(space: Space, label: str | None, most: int) -> pa.Table:
    """The newest comments with their texts, the oldest first."""
    comments = space.comments.select("uri", "account_uri", "created_s")
    if label is not None:
        comments = comments.semi_join(_labels(space, label), "uri")
    return space.fetch(newest_with_texts(space, comments, most).order_by(["created_s", "uri"]))


def _ordered(rows: pa.Table, least: int) -> pa.Table:
    sizes = rows.group_by("cluster").aggregate([("uri", "count"), ("account_uri", "count_distinct")])
    sizes = sizes.rename_columns(["cluster", "n", "accounts"])
    sizes = sizes.filter(pc.greater_equal(sizes["n"], least))
    joined = rows.join(sizes, "cluster", join_type="inner")
    order = [("n", "descending"), ("cluster", "ascending"), ("alike", "ascending"), ("uri", "ascending")]
    return joined.sort_by(order).select(GATHERED.names).cast(GATHERED)
