"""A creator's space at one snapshot: the tables measures read, prepared once and shared by all of them.

Everything is an Ibis expression over integers and texts, so that every engine gives the same rows. Times are whole
seconds since 1970 (`created_s`): hours and days are then plain integer arithmetic, free of any engine's calendar.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import ibis
import pyarrow as pa

from seguito.kit.clock import Window, from_epoch
from seguito.kit.errors import NotFound
from seguito.labels.effective import effective
from seguito.measures.estimate import Covered
from seguito.store.snapshot import Snapshot

DAY = 86_400
VISIBLE = ("live", "edited")
# Labels that become columns of `comments`; each is null where the post was not read.
FLAGS = ("question", "thanks", "support", "worry", "low_effort")


@dataclass
class Space:
    """What one creator's community wrote, as tables.

    Args:
        snapshot: the moment of the lake to read.
        creator_uri: whose space.
    """

    snapshot: Snapshot
    creator_uri: str

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression and return its rows."""
        return self.snapshot.engine.fetch(expression)

    def uris(self, expression: Any, limit: int = 5) -> tuple[str, ...]:
        """The `uri` column of the first rows of an ordered expression: evidence."""
        return tuple(self.fetch(expression.select("uri").limit(limit))["uri"].to_pylist())

    # -- what was collected -------------------------------------------------------------------------------------

    @cached_property
    def capabilities(self) -> frozenset[str]:
        """What the sources of this space can show, taken together."""
        found: set[str] = set()
        for batch in self._batches:
            found.update(batch.capabilities)
        return frozenset(found)

    @cached_property
    def _batches(self) -> list[Any]:
        used = set(self.fetch(self._all_posts.select("batch_id").distinct())["batch_id"].to_pylist())
        return [
            batch
            for batch in self.snapshot.batches
            if batch.step == "collect" and (batch.creator_uri == self.creator_uri or batch.batch_id in used)
        ]

    @property
    def sources(self) -> list[Any]:
        """The batches this space was read from, oldest first."""
        return self._batches

    def covered(self, what: str) -> Covered:
        """Declared against collected, over all scopes of this space."""
        rows = self._coverage.filter(self._coverage["what"] == what)
        known = rows.declared.notnull()
        totals = self.fetch(
            rows.aggregate(
                scopes=rows.count(),
                declared=rows.declared.sum(where=known),
                collected=rows.collected.sum(),
                # More rows than declared in one scope must not hide missing rows in another.
                matched=ibis.least(rows.collected, rows.declared).sum(where=known),
                silent=(~known).sum(),
            )
        ).to_pylist()[0]
        kinds = self.fetch(rows.select("sampling", "limited_by").distinct()).to_pylist()
        sampling = {row["sampling"] for row in kinds}
        limits = tuple(sorted({row["limited_by"] for row in kinds if row["limited_by"]}))
        collected, declared = int(totals["collected"] or 0), totals["declared"]
        share = None
        if totals["scopes"] and not totals["silent"]:
            share = 1.0 if not declared else int(totals["matched"]) / int(declared)
        return Covered(
            what=what,
            declared=None if declared is None else int(declared),
            collected=collected,
            share=share,
            sampling=sampling.pop() if len(sampling) == 1 else "unknown",
            limited_by=limits,
        )

    @cached_property
    def _coverage(self) -> Any:
        coverage = self.snapshot.current("coverage")
        return coverage.filter((coverage.space_uri == self.creator_uri) | (coverage.scope_uri == self.creator_uri))

    # -- posts --------------------------------------------------------------------------------------------------

    @cached_property
    def _all_posts(self) -> Any:
        posts = self.snapshot.current("posts")
        mine = posts.filter(
            (posts.space_uri == self.creator_uri) | ((posts.account_uri == self.creator_uri) & posts.root_uri.isnull())
        )
        by_creator = (mine.account_uri == self.creator_uri).fill_null(False)
        prepared = mine.mutate(
            created_s=mine.created_at.truncate("s").epoch_seconds().cast("int64"),
            observed_s=mine.observed_at.truncate("s").epoch_seconds().cast("int64"),
            by_creator=by_creator,
            target_uri=ibis.coalesce(mine.inferred_parent_uri, mine.parent_uri),
        )
        return self.snapshot.engine.keep(prepared)

    @cached_property
    def posts(self) -> Any:
        """Every visible post of the space, the creator's and the members'.

        Columns: uri, account_uri, root_uri, parent_uri, target_uri (what it answers, inferred where the platform
        flattens), created_s, kind, text, by_creator, and the others of the posts table.
        """
        return self._all_posts.filter(self._all_posts.state.isin(VISIBLE))

    @cached_property
    def own(self) -> Any:
        """The creator's own posts that open a thread (reposts of others left out)."""
        return self.posts.filter(self.posts.by_creator & self.posts.root_uri.isnull() & (self.posts.kind != "repost"))

    @cached_property
    def comments(self) -> Any:
        """Members' comments, with their labels as columns.

        Columns of `posts`, and: language (null where not read), is_read, and one boolean per label of `FLAGS`
        (null where not read), wording (the key that near-identical texts share, null where too short).
        """
        comments = self.posts.filter(~self.posts.by_creator & self.posts.root_uri.notnull())
        pivot = self._labels_by_subject
        joined = comments.left_join(pivot, comments.uri == pivot.subject_uri).drop("subject_uri")
        is_read = joined.is_read.fill_null(False)
        flags = {
            name: ibis.ifelse(is_read & joined.is_readable, joined[name].fill_null(False), ibis.null("boolean"))
            for name in FLAGS
            if name != "low_effort"
        }
        flags["low_effort"] = ibis.ifelse(is_read, joined.low_effort.fill_null(False), ibis.null("boolean"))
        return self.snapshot.engine.keep(joined.mutate(is_read=is_read, **flags))

    @cached_property
    def _labels_by_subject(self) -> Any:
        from seguito.labels.contract import LANGUAGES

        labels = effective(self.snapshot.current("labels"))
        columns = {name: (labels.label == name).max() for name in FLAGS}
        language = labels.value.max(where=labels.label == "language")
        return labels.group_by("subject_uri").aggregate(
            language=language,
            is_readable=labels.value.isin(LANGUAGES).max(where=labels.label == "language").fill_null(False),
            is_read=(labels.label == "read").max(),
            wording=labels.value.max(where=labels.label == "wording"),
            **columns,
        )

    @cached_property
    def answers(self) -> Any:
        """The creator's comments that answer somebody."""
        return self.posts.filter(self.posts.by_creator & self.posts.target_uri.notnull())

    @cached_property
    def roots(self) -> Any:
        """One row per thread: uri of the root and when it was opened (null where the root was not collected)."""
        return self.own.select("uri", "created_s")

    # -- people -------------------------------------------------------------------------------------------------

    @cached_property
    def profiles(self) -> Any:
        """The newest profile of every account."""
        return self.snapshot.current("profiles")

    @cached_property
    def accounts(self) -> Any:
        """The newest observation of every account."""
        return self.snapshot.current("accounts")

    @cached_property
    def followers(self) -> Any:
        """Accounts seen following the creator: column follower_uri."""
        follows = self.snapshot.current("follows")
        return follows.filter(follows.followed_uri == self.creator_uri).select("follower_uri").distinct()

    @cached_property
    def metrics(self) -> Any:
        """The newest counters of every post and account."""
        return self.snapshot.current("metrics")

    # -- time ---------------------------------------------------------------------------------------------------

    @cached_property
    def window(self) -> Window:
        """From the first post to the moment up to which the sources are complete."""
        times = self.fetch(
            self.posts.aggregate(first=self.posts.created_s.min(), last=self.posts.created_s.max())
        ).to_pylist()[0]
        if times["first"] is None:
            at = datetime.fromtimestamp(0, UTC)
            return Window(at, at)
        last = _time(times["last"])
        seen = [batch.seen_until for batch in self._batches if batch.seen_until is not None]
        return Window(_time(times["first"]), max([last, *seen]))

    @property
    def start_s(self) -> int:
        """The window's start, in seconds since 1970."""
        return int(self.window.start.timestamp())

    @property
    def end_s(self) -> int:
        """The window's end, in seconds since 1970."""
        return int(self.window.end.timestamp())


def _time(seconds: int) -> datetime:
    at = from_epoch(seconds)
    if at is None:
        raise ValueError(f"{seconds} is no time")
    return at


def creators(snapshot: Snapshot) -> list[str]:
    """The creators whose spaces the lake holds, those with most posts first."""
    posts = snapshot.table("posts")
    placed = posts.filter(posts.space_uri.notnull())
    counted = placed.group_by("space_uri").aggregate(n=placed.count())
    rows = snapshot.engine.fetch(counted.order_by([ibis.desc("n"), "space_uri"]))
    found: list[str] = rows["space_uri"].to_pylist()
    named = [batch.creator_uri for batch in snapshot.batches if batch.creator_uri]
    return list(dict.fromkeys([*found, *named]))


def find_creator(snapshot: Snapshot, name: str) -> str:
    """The creator that a person means by `name`: a uri, a handle, or the end of a uri.

    Raises:
        NotFound: the lake holds no such space.
    """
    known = creators(snapshot)
    wanted = name.removeprefix("@").casefold()
    matches: Sequence[str] = [uri for uri in known if uri.casefold() == wanted or uri.casefold().endswith(":" + wanted)]
    if not matches:
        accounts = snapshot.current("accounts")
        rows = snapshot.engine.fetch(accounts.filter(accounts.handle.lower() == wanted).select("uri"))
        matches = [uri for uri in rows["uri"].to_pylist() if uri in known]
    if not matches:
        held = ", ".join(known[:5]) or "none"
        raise NotFound(f"This workspace holds no creator called '{name}'.", f"It holds: {held}.")
    return matches[0]


def details(batch: Any) -> dict[str, Any]:
    """A batch's details as a dictionary."""
    found: dict[str, Any] = json.loads(batch.details)
    return found
