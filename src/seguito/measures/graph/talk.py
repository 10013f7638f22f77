"""The talk between members of one space, looked at once for every measure that asks."""

from __future__ import annotations

from functools import cached_property

import pyarrow as pa

from seguito.measures.graph.groups import Groups, find
from seguito.measures.graph.pairs import Pairs, largest_component, pairs_of


class Talk:
    """Who talks with whom, the largest set of members joined by talk, and the groups within it."""

    def __init__(self, arcs: pa.Table) -> None:
        """Read who wrote to whom.

        Args:
            arcs: columns `start` and `end`, uris of members.
        """
        self.pairs: Pairs = pairs_of(arcs)

    @cached_property
    def _largest(self) -> tuple[Pairs, float]:
        return largest_component(self.pairs)

    @property
    def joined(self) -> Pairs:
        """The largest set of members joined by talk, numbered anew."""
        return self._largest[0]

    @property
    def joined_share(self) -> float:
        """Its share of all members who talk with somebody."""
        return self._largest[1]

    @cached_property
    def groups(self) -> Groups:
        """The groups of `joined`; asking for the first time takes a while."""
        return find(self.joined, "members who talk")
