"""Which labels may be shown on a message, and which only feed shares that are corrected for their errors.

One wrong flag on a person's words is a wrong done to them; a share of which the errors are known is not. So a label is
shown only where people found it right often enough; where nobody measured, it is not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from seguito.labels.catalogue import LABELS


def is_shown(label: str, value: str = "") -> bool:
    """Whether a label may be shown on a message.

    Args:
        label: the label.
        value: the value it has; a label with several values may be shown with one of them and not with another.
    """
    told = _told()
    if label in told["always"]:
        return True
    measured: dict[str, bool] = told["measured"]
    return measured.get(f"{label}={value}", measured.get(label, False) if _is_plain(label, value) else False)


def hidden(labels: Iterable[str] = LABELS) -> frozenset[str]:
    """The labels of which no value may be shown."""
    return frozenset(name for name in labels if not any(is_shown(name, one) for one in _values(name)))


def shown_pairs() -> tuple[str, ...]:
    """Every `label=value` that may be shown, sorted; labels of any value by their name alone."""
    found = [f"{name}={one}" if one else name for name in LABELS for one in _values(name) if is_shown(name, one)]
    return tuple(sorted(found))


def _values(name: str) -> tuple[str, ...]:
    return LABELS[name].values if name in LABELS and LABELS[name].values else ("",)


def _is_plain(label: str, value: str) -> bool:
    """Whether what was measured of a label holds for the value: its only one, or the one that is meant by its name."""
    return value in {"", "yes"} or (label, value) == ("question", "genuine")


@cache
def _told() -> dict[str, Any]:
    text = (files("seguito.labels") / "shown.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return {
        "always": frozenset(read.get("always", ())),
        "measured": {row["label"]: bool(row["shown"]) for row in read.get("measured", ())},
    }
