"""Which label counts where several labellers spoke of the same fact: one rule, in one place."""

from __future__ import annotations

from typing import Any

import ibis


def effective(labels: Any) -> Any:
    """One row per subject and label: a person's word before code's, then the newest; negated ones fall away.

    Args:
        labels: the current rows of the labels table.

    Returns:
        An Ibis table with subject_uri, label, value, score, source.
    """
    order = [ibis.desc("by_person"), ibis.desc("observed_at"), ibis.desc("source")]
    window = ibis.window(group_by=["subject_uri", "label"], order_by=order)
    ranked = labels.mutate(rank=ibis.row_number().over(window))
    chosen = ranked.filter((ranked["rank"] == 0) & ~ranked.negated)
    return chosen.select("subject_uri", "label", "value", "score", "source")
