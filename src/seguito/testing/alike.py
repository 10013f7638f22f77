"""Whether two records say the same, and where they do not."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

# Two engines add up in different orders; nobody reads the tenth digit.
TOLERANCE = 1e-9


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Every place in which two records (dataclasses, mappings, sequences, numbers, texts) differ."""
    return list(_differences(one, other, where or type(one).__name__))


def _differences(one: Any, other: Any, where: str) -> Iterator[str]:
    if is_dataclass(one) and type(one) is type(other):
        for field in fields(one):
            yield from _differences(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        for key in one:
            yield from _differences(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, list | tuple) and isinstance(other, list | tuple) and len(one) == len(other):
        for at, pair in enumerate(zip(one, other, strict=True)):
            yield from _differences(*pair, f"{where}[{at}]")
    elif not _equal(one, other):
        yield f"{where}: {one!r} and {other!r}"


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(one == other) and type(one) is type(other)
