"""What the names that a model gives mean for a label: by its own words where these leave no doubt, else as told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from seguito.kit.errors import UsageError
from seguito.kit.settings import nearest
from seguito.labels.catalogue import YES, Label

NOTHING: Final = "-"
# What stands for every name that is not told and does not speak for itself.
REST: Final = "*"
# Short forms that mean one thing only. `LABEL_0`, `0` or "2 stars" mean nothing by themselves.
_SHORT: Final = {"neg": "negative", "neu": "neutral", "pos": "positive"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the columns of a model mean.

    Attributes:
        values: the label's values that occur, in the label's order.
        columns: for each column of the model the number of its value, or -1 for none of them.
    """

    values: tuple[str, ...]
    columns: tuple[int, ...]


def meaning(label: Label, names: Sequence[str], told: Mapping[str, str], place: str) -> Meaning:
    """What every name of a model means for a label.

    Args:
        label: the label.
        names: the names the model gives, in the order of its columns.
        told: what the settings say of them: a value of the label, or `-`; of `*`, what all others mean.
        place: what to call the model in errors.

    Raises:
        UsageError: a name is not understood, or a name or value that was told does not exist.
    """
    for name, value in told.items():
        if name not in {*names, REST}:
            raise UsageError(f"{place} gives nothing called '{name}'.", nearest(name, names))
        if value != NOTHING and value not in label.values:
            raise UsageError(f"{label.name} has no value '{value}'.", nearest(value, (*label.values, NOTHING)))
    found = {name: told.get(name) or _understood(label, name) or told.get(REST) for name in names}
    unknown = [name for name, value in found.items() if value is None]
    if unknown:
        raise UsageError(
            f"{place} does not say what '{unknown[0]}' means for {label.name}.",
            f"Say what its names mean, for example: {_example(label, names)}",
        )
    values = tuple(value for value in label.values if value in found.values())
    missing = [value for value in label.values if value not in values]
    if not values or (missing and label.one_of and not told):
        raise UsageError(
            f"{place} never says '{missing[0]}' of {label.name}.",
            f"If that is meant, say so by naming all its names: {_example(label, names)}",
        )
    return Meaning(values, tuple(values.index(str(found[one])) if found[one] in values else -1 for one in names))


def _understood(label: Label, name: str) -> str | None:
    """The value that a name means by itself, `-` for none of them, `None` where that is a guess."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if label.values != YES:
        word = _SHORT.get(word, word)
        return word if word in label.values else None
    if word in {"yes", label.name}:
        return "yes"
    return NOTHING if word in {"no", *(f"{no}_{label.name}" for no in ("no", "non", "not"))} else None


def _example(label: Label, names: Sequence[str]) -> str:
    values = [NOTHING, *label.values] if label.values == YES else list(label.values)
    pairs = ", ".join(f'{_key(name)} = "{values[n % len(values)]}"' for n, name in enumerate(names[:4]))
    return f"labels = {{ {pairs}{', …' if len(names) > 4 else ''} }}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
