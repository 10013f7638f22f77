"""How often the labels of rules are wrong, as measured on comments that people labelled by hand."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from seguito.kit.intervals import Errors

BOTH = ""


def errors_of(label: str, language: str | None = None) -> Errors | None:
    """What was right and wrong among comments with and without a label.

    The counts come from `errors.toml`, which `python -m training.rule_errors` writes: other comments than those a
    measure reads, so a share corrected by them carries the assumption that rules err there as they do here.

    Args:
        label: the label.
        language: "it", "en", or `None` for both together.

    Returns:
        The counts; `None` where they were not measured, or on too few comments to say anything.
    """
    return _measured().get((label, BOTH if language is None else language))


@cache
def _measured() -> dict[tuple[str, str], Errors]:
    text = (files("seguito.labels") / "errors.toml").read_text(encoding="utf-8")
    return {
        (row["label"], row["language"]): Errors(
            true_positive=row["true_positive"],
            false_negative=row["false_negative"],
            false_positive=row["false_positive"],
            true_negative=row["true_negative"],
        )
        for row in tomllib.loads(text).get("errors", [])
    }
