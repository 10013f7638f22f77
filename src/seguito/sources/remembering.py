"""What a reading may remember for the next one of its kind: docs/decisions/0005 tells why and how far.

A source that can do it gives, besides its facts, what lets the next reading tell what is new. Others are read whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import pyarrow as pa


class Digests(Protocol):
    """Gives every row a number that tells it from others."""

    def of_rows(self, columns: Sequence[pa.Array]) -> npt.NDArray[np.uint64]:
        """Of what rows say; made with a secret, because from few words a number could be guessed back."""

    def of_keys(self, keys: pa.Array) -> npt.NDArray[np.uint64]:
        """Of keys."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of an earlier reading of the same lineage.

    Attributes:
        observed_us: the moment its rows were seen at, in microseconds since 1970.
        groups: what the reading itself wrote down.
        more: what else it wrote down, by name: what only spares work, and may be missing.
    """

    observed_us: int
    groups: pa.Table
    more: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What a reading saw again and gave no rows for, because an earlier one gave the same.

    Attributes:
        since_us: the moment the earlier one saw it at.
        posts: numbers of the posts' keys.
        threads: numbers of the keys of the comments whose answers were counted.
    """

    since_us: int
    posts: npt.NDArray[np.uint64]
    threads: npt.NDArray[np.uint64]


@runtime_checkable
class Remembering(Protocol):
    """A reading that need not give again what an earlier one of its lineage gave."""

    @property
    def lineage(self) -> str | None:
        """Names what is read again and again: kind of file, mapping, creator. `None`: nothing to remember."""

    @property
    def name(self) -> str:
        """Tells readings of one lineage apart."""

    @property
    def request(self) -> str:
        """Names this very reading, without looking into it: the same twice changes nothing."""

    def remember(self, memory: Memory | None, digests: Digests) -> None:
        """Read with what is remembered; before anything else is asked."""

    def memory(self) -> Memory | None:
        """After reading: what to remember; `None` where nothing can be."""

    def unchanged(self) -> Unchanged | None:
        """After reading: what gave no rows."""
