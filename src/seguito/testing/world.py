"""Write a small community into a lake from a few lines of Python.

Names are short ("p1", "bea") and become uris; times are days and hours since a Monday ("5 09:30" is half past nine on
the Saturday of the first week). Labels are given as they should stand in the lake, so that no labeller is needed.

    world = World()
    world.post("p1", "0 09:00")
    world.comment("c1", "0 10:00", by="bea", under="p1", labels=["question"])
    world.answer("a1", "0 12:00", to="c1")
    with world.lake(tmp_path / "w") as lake:
        space = world.space(lake)
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from seguito.facts.account import Account, Profile
from seguito.facts.batch import Batch, Counted, Coverage
from seguito.facts.edge import Follow, Reaction
from seguito.facts.label import Label
from seguito.facts.metric import Metric
from seguito.facts.post import Post
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.sources.contract import Capability

if TYPE_CHECKING:
    from seguito.measures.space import Space
    from seguito.store.lake import Lake

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
EVERYTHING = frozenset(get_args(Capability))
Labels = Iterable[str] | Mapping[str, str]


def moment(text: str | None) -> datetime | None:
    """The time that "day hour:minute" names, counted from a Monday; `None` stays unknown."""
    if text is None:
        return None
    day, _, clock = text.partition(" ")
    hour, _, minute = (clock or "00:00").partition(":")
    return MONDAY + timedelta(days=int(day), hours=int(hour), minutes=int(minute or 0))


@dataclass
class World:
    """A community to be written into a lake.

    Attributes:
        creator: the creator's short name.
        platform: the first part of every uri.
        seen: when everything was observed.
        seen_until: up to when nothing is missing; `None` where the source does not tell.
        capabilities: what the source can show; everything by default.
        source: the name of the source, for the batch.
        details: the batch's details, as JSON text.
    """

    creator: str = "ada"
    platform: str = "known"
    seen: str = "180 12:00"
    seen_until: str | None = "180 12:00"
    capabilities: frozenset[str] = EVERYTHING
    source: str = "world"
    details: str = "{}"
    facts: dict[str, list[Any]] = field(default_factory=dict)
    _under: dict[str, str] = field(default_factory=dict)

    # -- names --------------------------------------------------------------------------------------------------

    def who(self, name: str) -> str:
        """The uri of an account."""
        return f"{self.platform}:account:{name}"

    def uri(self, name: str) -> str:
        """The uri of a post."""
        return f"{self.platform}:post:{name}"

    def named(self, uris: Iterable[str]) -> list[str]:
        """The short names of uris, in the same order."""
        return [uri.split(":", 2)[2] for uri in uris]

    @property
    def creator_uri(self) -> str:
        """The creator's uri."""
        return self.who(self.creator)

    # -- what people wrote --------------------------------------------------------------------------------------

    def post(self, name: str, at: str | None, *, by: str | None = "", labels: Labels = (), **fields: Any) -> str:
        """A post that opens a thread, by the creator unless `by` says otherwise. Returns its name.

        Args:
            name: its short name.
            at: when, or `None` for unknown.
            by: the author; `None` for unknown.
            labels: labels that code gave it: names, or names with values.
            fields: `lang` ("it"; `None` for none), `read` (True), and any field of a post.
        """
        author = self.creator if by == "" else by
        self._under[name] = name
        self._write(name, at, author, labels, {"space_uri": None if author is None else self.who(author), **fields})
        return name

    def comment(
        self,
        name: str,
        at: str | None,
        *,
        by: str | None,
        under: str,
        to: str | None = None,
        inferred: str | None = None,
        labels: Labels = (),
        **fields: Any,
    ) -> str:
        """A comment in the creator's space. Returns its name.

        Args:
            name: its short name.
            at: when, or `None` for unknown.
            by: the author; `None` for unknown.
            under: the post that opened the thread.
            to: the comment it answers, as the source says; the post itself by default.
            inferred: the comment it answers, as inferred where the source flattens threads.
            labels: labels that code gave it.
            fields: as for `post`.
        """
        placed = {
            "kind": "comment",
            "space_uri": self.creator_uri,
            "root_uri": self.uri(under),
            "parent_uri": self.uri(to or under),
            "inferred_parent_uri": None if inferred is None else self.uri(inferred),
        }
        self._under[name] = under
        self._write(name, at, by, labels, {**placed, **fields})
        return name

    def answer(self, name: str, at: str | None, *, to: str, labels: Labels = (), **fields: Any) -> str:
        """The creator's answer to the comment `to`. Returns its name."""
        return self.comment(name, at, by=self.creator, under=self._under[to], to=to, labels=labels, **fields)

    def _write(self, name: str, at: str | None, by: str | None, labels: Labels, fields: dict[str, Any]) -> None:
        lang, read = fields.pop("lang", "it"), fields.pop("read", True)
        fields = {"kind": "post", "text": f"words of {name}", "created_precision": "s", **fields}
        author = None if by is None else self.who(by)
        self._add(
            "posts",
            Post,
            uri=self.uri(name),
            platform=self.platform,
            account_uri=author,
            created_at=moment(at),
            **fields,
        )
        if not read:
            return
        self.label(name, "read", "known", source="labellers")
        if lang is not None:
            self.label(name, "language", lang, source="language@1")
        for label, value in dict.fromkeys(labels, "yes").items() if not isinstance(labels, Mapping) else labels.items():
            self.label(name, label, value)

    def label(self, name: str, label: str, value: str = "yes", *, source: str = "known@1", **fields: Any) -> None:
        """A label of the post `name`; `by_person=True` and `negated=True` for a person's contradiction."""
        self._add("labels", Label, subject_uri=self.uri(name), label=label, value=value, source=source, **fields)

    # -- what was seen around it --------------------------------------------------------------------------------

    def account(self, name: str, **fields: Any) -> None:
        """An account; those who write are added by themselves."""
        known = {"platform": self.platform, "native_id": name, "handle": name, **fields}
        self._add("accounts", Account, uri=self.who(name), **known)

    def profile(self, name: str, **fields: Any) -> None:
        """A profile of an account; counters that are given count as known."""
        for counter in ("followers", "following", "posts"):
            if fields.get(counter) is not None:
                fields.setdefault(f"{counter}_state", "known")
        self._add("profiles", Profile, account_uri=self.who(name), **fields)

    def counted(self, day: int, followers: int | None, **did: int) -> None:
        """The creator's followers at noon of a day, and what people did on it (`likes`, `comments`, ...)."""
        at = moment(f"{day} 12:00")
        if followers is not None:
            self.profile(self.creator, followers=followers, observed_at=at)
        for name, value in did.items():
            about = {"subject_uri": self.creator_uri, "metric": f"daily_{name}", "value": value, "state": "known"}
            self._add("metrics", Metric, **about, observed_at=at)

    def cause(self, day: int, kind: str) -> None:
        """A cause of growth that was logged for a day: `press`, `giveaway`, `purge`, ..."""
        for value, clock in ((1, "12:00"), (0, "12:01")):
            about = {"subject_uri": self.creator_uri, "metric": f"cause_{kind}", "value": value, "state": "known"}
            self._add("metrics", Metric, **about, observed_at=moment(f"{day} {clock}"))

    def follow(self, name: str, at: str | None = None) -> None:
        """An account that follows the creator."""
        edge = {"follower_uri": self.who(name), "followed_uri": self.creator_uri}
        self._add("follows", Follow, **edge, at=moment(at), at_precision="s" if at else None)

    def react(self, name: str, post: str, at: str | None = None, kind: str = "like") -> None:
        """An account's like or repost of a post."""
        edge = {"account_uri": self.who(name), "subject_uri": self.uri(post)}
        self._add("reactions", Reaction, **edge, kind=kind, at=moment(at), at_precision="s" if at else None)

    def metric(self, name: str, metric: str, value: int | None, **fields: Any) -> None:
        """A counter of the post `name`; without a value its state is "hidden" unless given."""
        state = fields.pop("state", "known" if value is not None else "hidden")
        self._add("metrics", Metric, subject_uri=self.uri(name), metric=metric, value=value, state=state, **fields)

    def covers(
        self, what: Counted, declared: int | None, collected: int, *, scope: str | None = None, **fields: Any
    ) -> None:
        """Coverage of one scope: the post `scope`, or the creator's whole space."""
        state = "known" if declared is not None else "unavailable"
        found = {"declared": declared, "declared_state": state, "collected": collected, "sampling": "all", **fields}
        uri = self.creator_uri if scope is None else self.uri(scope)
        self._add("coverage", Coverage, scope_uri=uri, space_uri=self.creator_uri, what=what, **found)

    def covers_all(self) -> None:
        """Coverage that says everything written so far is all there is."""
        posts = self.facts.get("posts", [])
        own = [post for post in posts if post.root_uri is None and post.account_uri == self.creator_uri]
        self.covers("posts", len(own), len(own))
        under = Counter(post.root_uri for post in posts)
        for post in own:
            self.covers("comments", under[post.uri], under[post.uri], scope=post.uri.split(":", 2)[2])
        follows = len(self.facts.get("follows", []))
        self.covers("followers", follows, follows)
        self.covers("profiles", follows, len(self.facts.get("profiles", [])))

    def _add(self, table: str, fact: Any, **fields: Any) -> None:
        fields.setdefault("observed_at", moment(self.seen))
        self.facts.setdefault(table, []).append(fact(batch_id="", **fields))

    # -- into a lake --------------------------------------------------------------------------------------------

    def lake(self, path: Path, **options: Any) -> Lake:
        """A new lake at `path` that holds this world; `options` as for `open_lake`."""
        from seguito.store.lake import open_lake

        lake = open_lake(path, **options)
        self.write(lake)
        return lake

    def space(self, lake: Lake) -> Space:
        """The creator's space in the newest snapshot of a lake."""
        from seguito.measures.space import Space

        return Space(lake.snapshot(), self.creator_uri)

    def write(self, lake: Lake, *, parts: int = 1, shuffle: int | None = None) -> None:
        """Append everything to a lake.

        Args:
            lake: where to.
            parts: over how many batches the rows are spread, one row here and the next there.
            shuffle: mix the rows' order by this seed first.
        """
        facts = {name: list(rows) for name, rows in self.facts.items()}
        written = {one.account_uri for one in facts.get("posts", []) if one.account_uri} | {self.creator_uri}
        missing = sorted(written - {one.uri for one in facts.get("accounts", [])})
        silent = World(self.creator, self.platform, self.seen)
        for uri in missing:
            silent.account(uri.split(":", 2)[2])
        facts["accounts"] = facts.get("accounts", []) + silent.facts.get("accounts", [])
        if shuffle is not None:
            for rows in facts.values():
                random.Random(shuffle).shuffle(rows)  # noqa: S311  (no secret here)
        labels = facts.pop("labels", [])
        for part in range(parts):
            self._commit(lake, f"collect-{self.platform}-{self.creator}-{part}", "collect", facts, part, parts)
        self._commit(lake, f"label-{self.platform}-{self.creator}", "label", {"labels": labels}, 0, 1)

    def _commit(
        self,
        lake: Lake,
        batch_id: str,
        step: Literal["collect", "label"],
        facts: dict[str, list[Any]],
        part: int,
        parts: int,
    ) -> None:
        seen = moment(self.seen)
        assert seen is not None, "a world is seen at some moment"
        staging = lake.stage(batch_id)
        for name, rows in facts.items():
            chosen = [replace(row, batch_id=batch_id) for row in rows[part::parts]]
            staging.add(name, to_batch(chosen, TABLES[name].schema))
        about: dict[str, Any] = {"source": self.source, "details": self.details} if step == "collect" else {}
        if step == "collect":
            about |= {"creator_uri": self.creator_uri, "capabilities": tuple(sorted(self.capabilities))}
            about |= {"seen_until": moment(self.seen_until)}
        batch = Batch(
            **{"source": "labellers", **about},
            batch_id=batch_id,
            sequence=0,
            step=step,
            started_at=seen,
            finished_at=seen,
        )
        lake.commit(staging, batch)
