"""Which label counts where several labellers spoke of the same fact: one rule, in one place."""

from __future__ import annotations

from typing import Any

import ibis


def effective(labels: Any) -> Any:
    """One row per subject and label: a person's word before code's, then the newest; negated ones fall away.

    Args:
        labels: the current rows of the labels table.

    Returns:
        An Ibis table with subject_uri, label, value, score, source, by_person.
    """
    order = [ibis.desc("by_person"), ibis.desc("observed_at"), ibis.desc("source")]
    window = ibis.window(group_by=["subject_uri", "label"], order_by=order)
    ranked = labels.mutate(rank=ibis.row_number().over(window))
    chosen = ranked.filter((ranked["rank"] == 0) & ~ranked.negated)
    return chosen.select("subject_uri", "label", "value", "score", "source", "by_person")


def is_settled(labels: Any) -> Any:
    """A table of one boolean, `settled`: every label was given once and none taken back, so that all of them count.

    Where it holds, `effective` would only sort: its answer is the rows themselves.
    """
    once = labels.group_by(["subject_uri", "label"]).aggregate(n=labels.count(), negated=labels.negated.sum())
    return once.aggregate(settled=((once.n.max() == 1) & (once.negated.max() == 0)).fill_null(True))
