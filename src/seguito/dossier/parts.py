"""Parts of a space on which an answer is tried again: without what is strongest in it, and in its two halves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, get_args

import ibis

from seguito.dossier.contract import Check
from seguito.kit.clock import Window
from seguito.measures import prepare
from seguito.measures.space import DAY, Space
from seguito.measures.wordings import NearWordings

CHECKS: tuple[Check, ...] = get_args(Check)
# What is strongest is what holds the most comments: which thread, which day on the space's clocks, which account.
STRONGEST: Mapping[Check, str] = {
    "without_strongest_thread": "root_uri",
    "without_strongest_day": "day",
    "without_strongest_account": "account_uri",
}


@dataclass
class PartOfSpace(Space):
    """A space without one thread, one day's comments or one account's, or with the comments of one stretch of time.

    The creator's posts and answers stay whole: an answer given after the stretch still answers a comment in it.
    Tables the whole space has prepared are filtered, not worked out again.

    Attributes:
        whole: the space it is a part of.
        without: the column of `STRONGEST` and the value whose rows are left out.
        stretch: the time whose comments are kept.
    """

    whole: Space | None = None
    without: tuple[str, Any] | None = None
    stretch: Window | None = None

    def _kept(self, rows: Any) -> Any:
        if self.without is not None:
            rows = rows.filter(self._others(rows, *self.without))
        if self.stretch is not None:
            start_s, end_s = int(self.stretch.start.timestamp()), int(self.stretch.end.timestamp())
            inside = (rows.created_s >= start_s) & (rows.created_s < end_s)
            rows = rows.filter(rows.by_creator | inside.fill_null(False))
        return rows

    def _others(self, rows: Any, column: str, value: Any) -> Any:
        if column == "root_uri":
            return (rows.root_uri != value).fill_null(True) & (rows.uri != value)
        of_rows = day_of(self._of(), rows) if column == "day" else rows[column]
        return rows.by_creator | (of_rows != value).fill_null(True)

    def _of(self) -> Space:
        assert self.whole is not None, "a part belongs to a whole"  # noqa: S101
        return self.whole

    @cached_property
    def _batches(self) -> list[Any]:
        return self._of().sources

    @cached_property
    def capabilities(self) -> frozenset[str]:
        """Those of the whole space: the same sources tell of every part."""
        return self._of().capabilities

    @cached_property
    def posts(self) -> Any:
        """The visible posts that are kept."""
        return self._kept(self._of().posts)

    @cached_property
    def comments(self) -> Any:
        """The members' comments that are kept, with their labels."""
        return self._kept(self._of().comments)

    @cached_property
    def members(self) -> Any:
        """Those of the whole space; anew only for who wrote something that is left out."""
        engine, whole = self.snapshot.engine, self._of()
        if self.without is None:
            return engine.keep(prepare.members(self.signed))
        gone = whole.signed.filter(~self._others(whole.signed, *self.without))
        touched = engine.keep(gone.select("account_uri").distinct())
        counted = prepare.members(self.signed.semi_join(touched, "account_uri"))
        others = whole.members.anti_join(touched, "account_uri")
        return engine.keep(others.union(counted.select(*others.columns)))

    @cached_property
    def near_wordings(self) -> NearWordings:
        """Those of the whole space: what is nearly the same does not depend on the part."""
        return self._of().near_wordings

    @cached_property
    def window(self) -> Window:
        """The stretch, or the whole window."""
        return self.stretch or self._of().window


def day_of(space: Space, rows: Any) -> Any:
    """The day each row was written, counted from 1970 on the space's clocks."""
    return space.local(rows.created_s) // DAY


def parts(space: Space, checks: Collection[Check] = CHECKS) -> Iterator[tuple[Check, Space]]:
    """The space without its busiest thread, day and commenter, and its two halves (as many seconds each).

    Args:
        space: the whole space.
        checks: which parts are wanted; those that there are not, such as a busiest thread of none, are left out.
    """
    here = partial(
        PartOfSpace,
        snapshot=space.snapshot,
        creator_uri=space.creator_uri,
        zone=space.zone,
        whole=space,
        only_figures=True,
    )
    for check, column in STRONGEST.items():
        if check in checks and (value := _strongest(space, column)) is not None:
            yield check, here(without=(column, value))
    start, end = space.window.start, space.window.end
    middle = start + (end - start) / 2
    halves: tuple[tuple[Check, Window], ...] = (
        ("first_half", Window(start, middle)),
        ("second_half", Window(middle, end)),
    )
    yield from ((check, here(stretch=stretch)) for check, stretch in halves if check in checks)


def _strongest(space: Space, column: str) -> Any:
    rows = space.comments
    if column == "day":
        rows = rows.mutate(day=day_of(space, rows))
    rows = rows.filter(rows[column].notnull())
    sizes = rows.group_by(column).aggregate(n=rows.count()).order_by([ibis.desc("n"), column])
    found = space.fetch(sizes.limit(1))[column].to_pylist()
    return found[0] if found else None
