"""A creator's space at one snapshot: the tables measures read, prepared once and shared by all of them.

Everything is an Ibis expression over integers and texts, so that every engine gives the same rows. Times are whole
seconds since 1970 (`created_s`): hours and days are then plain integer arithmetic, free of any engine's calendar.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from seguito.kit.clock import Window, from_epoch
from seguito.kit.errors import NotFound, UsageError
from seguito.labels.contract import LANGUAGES
from seguito.labels.effective import effective, is_settled
from seguito.measures import prepare
from seguito.measures.estimate import Covered
from seguito.measures.prepare import DAY, FLAGS, VISIBLE
from seguito.measures.wordings import NearWordings, near_wordings
from seguito.measures.zones import offsets
from seguito.store.snapshot import Snapshot

if TYPE_CHECKING:
    from seguito.measures.graph.talk import Talk

# Capabilities that speak of those who comment.
OF_COMMENTS = frozenset({"authors", "creator", "threads"})
__all__ = ["DAY", "FLAGS", "VISIBLE", "Space", "creators", "details", "find_creator"]

# Scopes that declare their number must hold this share of what was collected to speak for the others.
_SPEAKS_FOR_ALL = 0.95


@dataclass
class Space:
    """What one creator's community wrote, as tables.

    Args:
        snapshot: the moment of the lake to read.
        creator_uri: whose space.
        zone: the time zone in which hours and days of the week are told.
        keeps: whether prepared tables are kept in the workspace for the next time, where the engine can.
        only_figures: whether values and their n are all that is asked for, without intervals and evidence.
    """

    snapshot: Snapshot
    creator_uri: str
    zone: str = "UTC"
    keeps: bool = False
    only_figures: bool = False

    def fetch(self, expression: Any) -> pa.Table:
        """Run an expression and return its rows."""
        return self.snapshot.engine.fetch(expression)

    def uris(self, expression: Any, limit: int = 5) -> tuple[str, ...]:
        """The `uri` column of the first rows of an ordered expression: evidence, where it is asked for."""
        if self.only_figures:
            return ()
        return tuple(self.fetch(expression.select("uri").limit(limit))["uri"].to_pylist())

    # -- what was collected -------------------------------------------------------------------------------------

    @cached_property
    def capabilities(self) -> frozenset[str]:
        """What the sources of this space can show, taken together.

        What is said of those who comment is asked of the sources of comments alone: a list of a creator's posts tells
        who the creator is, but not which comments are theirs.
        """
        of_comments = self._all_posts.filter(self._all_posts.root_uri.notnull()).select("batch_id").distinct()
        tell_comments = set(self.fetch(of_comments)["batch_id"].to_pylist())
        found: set[str] = set()
        for batch in self._batches:
            silent = tell_comments and batch.batch_id not in tell_comments
            found.update(set(batch.capabilities) - OF_COMMENTS if silent else batch.capabilities)
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
        """Declared against collected, over all scopes of this space.

        Where single posts tell their own number, the number told for the whole space is not counted beside it. More
        rows than declared in one scope do not make up for missing rows in another. The share is unknown (null) when
        scopes that declare nothing hold more than a twentieth of the rows.
        """
        rows = [row for row in self._scopes if row["what"] == what]
        inner = [row for row in rows if row["scope_uri"] != self.creator_uri]
        rows = inner or rows
        told = [row for row in rows if row["declared"] is not None]
        collected, declared = sum(row["collected"] for row in rows), sum(row["declared"] for row in told)
        known = sum(row["collected"] for row in told)
        share = None
        if told and known >= _SPEAKS_FOR_ALL * collected:
            matched = sum(min(row["collected"], row["declared"]) for row in told)
            share = matched / declared if declared else 1.0
        sampling = {row["sampling"] for row in rows}
        return Covered(
            what=what,
            declared=declared if told else None,
            collected=collected,
            share=share,
            sampling=sampling.pop() if len(sampling) == 1 else "unknown",
            limited_by=tuple(sorted({row["limited_by"] for row in rows if row["limited_by"]})),
        )

    @cached_property
    def _scopes(self) -> list[dict[str, Any]]:
        coverage = self.snapshot.current("coverage")
        here = (coverage.space_uri == self.creator_uri) | (coverage.scope_uri == self.creator_uri)
        wanted = ["scope_uri", "what", "declared", "collected", "sampling", "limited_by"]
        rows: list[dict[str, Any]] = self.fetch(coverage.filter(here.fill_null(False)).select(*wanted)).to_pylist()
        return rows

    # -- posts --------------------------------------------------------------------------------------------------

    @cached_property
    def _from_before(self) -> tuple[Any, Any] | None:
        from seguito.measures.kept import bring_up

        return bring_up(self) if self.keeps else None

    @cached_property
    def _all_posts(self) -> Any:
        if self._from_before is not None:
            return self._from_before[0]
        return self.snapshot.engine.keep(prepare.space_posts(self.snapshot.current("posts"), self.creator_uri))

    @cached_property
    def posts(self) -> Any:
        """Every visible post of the space, the creator's and the members'.

        Columns: those of the posts table without its texts and links, and target_uri (what it answers, inferred where
        the platform flattens), by_creator, created_s (seconds since 1970), exact_s (the same; null where only the day
        or month is known).
        """
        return self._all_posts.filter(self._all_posts.state.isin(VISIBLE))

    @cached_property
    def own(self) -> Any:
        """The creator's own posts that open a thread (reposts of others left out)."""
        return self.posts.filter(self.posts.by_creator & self.posts.root_uri.isnull() & (self.posts.kind != "repost"))

    @cached_property
    def comments(self) -> Any:
        """Visible comments by anybody but the creator; some may name no author (see `signed`).

        Columns of `posts` without its texts, and: language (null where not read), is_read, one boolean per label of
        `FLAGS` (null where not read, or in no language we read), wording (the key that near-identical texts share,
        null where too short), addressed_to (post, creator, member, self; null where unknown), target_account_uri,
        is_answered (by the creator), answered_s (first answer, seconds; null where its time is not exact).
        """
        if self._from_before is not None:
            return self._from_before[1]
        labels = prepare.labelled(self.effective_labels(), LANGUAGES)
        return self.snapshot.engine.keep(prepare.comments(self.posts, labels, self.threaded(self._all_posts)))

    def threaded(self, posts: Any) -> list[str]:
        """The batches, of those some posts came with, whose source shows which comment answers which."""
        used = set(self.fetch(posts.select("batch_id").distinct())["batch_id"].to_pylist())
        return [one.batch_id for one in self.snapshot.batches if one.batch_id in used and "threads" in one.capabilities]

    def effective_labels(self) -> Any:
        """One row for every post and label that counts."""
        labels = self.snapshot.current("labels")
        if self.snapshot.engine.asks_first and self.fetch(is_settled(labels))["settled"][0].as_py():
            return labels
        return effective(labels)

    @cached_property
    def signed(self) -> Any:
        """Comments whose author is known, and so known not to be the creator."""
        return self.comments.filter(self.comments.account_uri.notnull())

    @cached_property
    def near_wordings(self) -> NearWordings:
        """Which wordings of signed comments are nearly another one; asked of the whole space only."""
        return self._comparing()

    @cached_property
    def _comparing(self) -> Callable[[], NearWordings]:
        return near_wordings(self.snapshot, self.signed)

    def compare_wordings(self) -> None:
        """Begin to compare wordings; they are then compared while other things are worked out."""
        _ = self._comparing

    @cached_property
    def exchanges(self) -> Any:
        """Comments by one member to another."""
        return self.signed.filter((self.signed.addressed_to == "member").fill_null(False))

    @cached_property
    def talk(self) -> Talk:
        """Who talks with whom among the members, and in which groups."""
        from seguito.measures.graph.talk import Talk

        rows = self.exchanges
        return Talk(self.fetch(rows.select(start=rows.account_uri, end=rows.target_account_uri).distinct()))

    @cached_property
    def members(self) -> Any:
        """One row per commenter: account_uri, n, first_s, last_s, return_s (first comment a day or more later)."""
        return self.snapshot.engine.keep(prepare.members(self.signed))

    @cached_property
    def answers(self) -> Any:
        """The creator's comments that answer somebody."""
        return self.posts.filter(self.posts.by_creator & self.posts.target_uri.notnull())

    @cached_property
    def roots(self) -> Any:
        """One row per thread the creator opened: uri of the root and when it was opened."""
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
        """The newest counters of the creator's own posts."""
        return self.snapshot.current("metrics", self.own.select("uri"))

    # -- time ---------------------------------------------------------------------------------------------------

    @cached_property
    def window(self) -> Window:
        """From the first post to the moment up to which the sources are complete, or just after the last post."""
        times = self.fetch(
            self.posts.aggregate(first=self.posts.created_s.min(), last=self.posts.created_s.max())
        ).to_pylist()[0]
        if times["first"] is None:
            at = datetime.fromtimestamp(0, UTC)
            return Window(at, at)
        seen = [batch.seen_until for batch in self._batches if batch.seen_until is not None]
        return Window(_time(times["first"]), max([_time(times["last"] + 1), *seen]))

    def local(self, at_s: Any) -> Any:
        """Seconds since 1970 moved to the clocks of `zone`, so that plain arithmetic gives hours and weekdays."""
        return at_s + offsets(self.zone, at_s, self.start_s, self.end_s)

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


def creators(snapshot: Snapshot, batch_ids: Sequence[str] | None = None) -> list[str]:
    """The creators whose spaces the lake holds, those with most posts first; or only what some batches brought.

    A reading of one creator may bring posts from spaces of others: those are not held. A file that names no creator
    may hold many.
    """
    read = [batch for batch in snapshot.batches if batch_ids is None or batch.batch_id in batch_ids]
    named = [batch.creator_uri for batch in read if batch.creator_uri]
    open_ = [batch.batch_id for batch in read if batch.step == "collect" and not batch.creator_uri]
    posts = snapshot.table("posts")
    wanted = posts.space_uri.isin(named or [""])
    if open_:
        wanted = wanted | posts.batch_id.isin(open_)
    placed = posts.filter(posts.space_uri.notnull() & wanted).select("space_uri", "uri").distinct()
    counted = placed.group_by("space_uri").aggregate(n=placed.count())
    rows = snapshot.engine.fetch(counted.order_by([ibis.desc("n"), "space_uri"]))
    found: list[str] = rows["space_uri"].to_pylist()
    return list(dict.fromkeys([*found, *named]))


def find_creator(snapshot: Snapshot, name: str) -> str:
    """The creator that a person means by `name`: a uri, a handle, `platform:handle`, or the end of a uri.

    Raises:
        NotFound: the lake holds no such space.
        UsageError: the name fits several.
    """
    known = creators(snapshot)
    wanted = name.strip().removeprefix("@").casefold()
    exact = [uri for uri in known if uri.casefold() == wanted]
    matches = exact or _fitting(snapshot, known, wanted)
    if not matches:
        held = ", ".join(known[:5]) or "none"
        raise NotFound(f"This workspace holds no creator called '{name}'.", f"It holds: {held}.")
    if len(matches) > 1:
        raise UsageError(
            f"'{name}' fits {len(matches)} creators of this workspace.", f"Name one: {', '.join(matches)}."
        )
    return matches[0]


def _fitting(snapshot: Snapshot, known: Sequence[str], wanted: str) -> list[str]:
    accounts = snapshot.current("accounts")
    here = accounts.filter(accounts.uri.isin(list(known) or [""]) & accounts.handle.notnull())
    handles = snapshot.engine.fetch(here.select("uri", "platform", "handle")).to_pylist()
    fits = {uri for uri in known if uri.casefold().endswith(":" + wanted)}
    for row in handles:
        handle = row["handle"].removeprefix("@").casefold()
        if wanted in (handle, f"{row['platform']}:{handle}".casefold()):
            fits.add(row["uri"])
    return [uri for uri in known if uri in fits]


def details(batch: Any) -> dict[str, Any]:
    """A batch's details as a dictionary."""
    found: dict[str, Any] = json.loads(batch.details)
    return found
