"""What is read of a profile: whole numbers, each of which may be unknown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# What a profile may tell, in the order it is named. The username gives its length and its digits at once.
FIELDS = ("followers", "following", "posts", "bio", "picture", "private", "username", "age")
UNKNOWN = -1
# Larger counts change no points; so bounded, products of counts fit into 64 bits on every engine.
LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Profiles:
    """Many profiles, a column each; `UNKNOWN` (-1) stands for what is not known, and is never a zero.

    Attributes:
        rows: how many profiles.
        columns: by name: followers, following, posts, bio (characters), picture, private (0 or 1), username_length,
            username_digits, age (days). A column that is not there is unknown for all.
    """

    rows: int
    columns: Mapping[str, Ints]

    def column(self, name: str) -> Ints:
        """A column, bounded; unknown where it is not there."""
        found = self.columns.get(name)
        if found is None:
            return np.full(self.rows, UNKNOWN, dtype=np.int64)
        return np.clip(found, UNKNOWN, LARGEST)

    def known(self, field: str) -> Flags:
        """Which profiles tell a field."""
        flags: Flags = self.column("username_length" if field == "username" else field) != UNKNOWN
        return flags

    def without(self, fields: Collection[str]) -> Profiles:
        """The same profiles, as a source that does not tell some fields would show them."""
        gone = {name for field in fields for name in columns_of(field)}
        return Profiles(self.rows, {name: column for name, column in self.columns.items() if name not in gone})

    def some(self, rows: npt.NDArray[np.intp] | Flags) -> Profiles:
        """Some of the profiles."""
        chosen = {name: column[rows] for name, column in self.columns.items()}
        return Profiles(len(np.arange(self.rows)[rows]), chosen)


def columns_of(field: str) -> tuple[str, ...]:
    """The columns that a field fills."""
    return ("username_length", "username_digits") if field == "username" else (field,)
