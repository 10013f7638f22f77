"""The lakes on which measures are tried: the known worlds, and the crowd with one thing changed at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from seguito.facts.batch import Batch
from seguito.facts.message import Message
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Draft, Estimate
from seguito.measures.space import Space
from seguito.store.lake import Lake, open_lake
from seguito.store.snapshot import Snapshot
from seguito.testing.known_world import WORLDS, ada, crowd
from seguito.testing.world import World, moment


class Grounds:
    """Lakes made when first asked for, and kept until closed.

    Args:
        folder: where to make them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lakes: dict[str, Lake] = {}
        self._spaces: dict[str, Space] = {}
        self._opened: set[str] = set()
        self._drafts: dict[tuple[Callable[[Space], Draft], str], Draft] = {}

    def space(self, name: str) -> Space:
        """Ada's space in the world or variant `name`."""
        if name not in self._spaces:
            lake = open_lake(self._folder / name)
            self._lakes[name] = lake
            (_VARIANTS[name] if name in _VARIANTS else _plain(name))(lake)
            self._spaces[name] = World().space(lake)
        return self._spaces[name]

    def draft(self, measure: Measure, name: str) -> Draft:
        """What a measure works out in a world; worked out once."""
        key = (measure.compute, name)
        if key not in self._drafts:
            self._drafts[key] = measure.compute(self.space(name))
        return self._drafts[key]

    def estimate(self, measure: Measure, name: str) -> Estimate:
        """What a measure answers in a world."""
        return answer(replace(measure, compute=lambda _: self.draft(measure, name)), self.space(name))

    def path(self, name: str) -> Path:
        """The workspace of a world, made if need be; for opening it with another engine."""
        self.space(name)
        return self._folder / name

    def uris(self, name: str) -> set[str]:
        """The uris of all visible posts of a world's space."""
        space = self.space(name)
        return set(space.fetch(space.posts.select("uri"))["uri"].to_pylist())

    def without(self, capability: str) -> Space:
        """The crowd, read from a source that lacks one capability."""
        name = f"without {capability}"
        if name not in self._spaces:
            whole = self.space("crowd")
            self._spaces[name] = Space(whole.snapshot, whole.creator_uri)
            vars(self._spaces[name])["capabilities"] = whole.capabilities - {capability}
        return self._spaces[name]

    def private(self) -> tuple[Space, set[str]]:
        """The crowd in a lake that holds messages, with its private tables open; and those that anybody opened."""
        if "private" not in self._spaces:
            lake = open_lake(self._folder / "private", private=True)
            self._lakes["private"] = lake
            crowd().write(lake)
            _messages(lake)
            self._spaces["private"] = _listening(World().space(lake), self._opened)
        return self._spaces["private"], self._opened

    def close(self) -> None:
        """Close every lake."""
        for lake in self._lakes.values():
            lake.close()
        self._lakes, self._spaces = {}, {}

    def __enter__(self) -> Grounds:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _listening(space: Space, opened: set[str]) -> Space:
    """The same space again, noting in `opened` every private table that is asked for."""

    class Listening(Snapshot):
        def table(self, name: str) -> Any:
            if name in TABLES and TABLES[name].private:
                opened.add(name)
            return super().table(name)

    plain = {field.name: getattr(space.snapshot, field.name) for field in fields(Snapshot) if field.init}
    return Space(Listening(**{**plain, "_tables": {}}), space.creator_uri)


def _plain(name: str) -> Callable[[Lake], None]:
    return lambda lake: WORLDS[name]().write(lake)


def _shuffled(lake: Lake) -> None:
    crowd().write(lake, parts=3, shuffle=1)


def _unlabelled(lake: Lake) -> None:
    world = crowd()
    del world.facts["labels"]
    world.write(lake)


def _beside(lake: Lake) -> None:
    crowd().write(lake)
    other = World(creator="bob")
    for n in range(40):
        other.post(f"bob{n}", f"{n} 06:00")
        for name in ("r1", "r2", "n3", "stranger"):
            other.comment(f"bob{n}-{name}", f"{n} 07:00", by=name, under=f"bob{n}", labels=["question", "worry"])
        other.answer(f"bob{n}-b", f"{n} 08:00", to=f"bob{n}-r1")
        other.comment(f"bob{n}-back", f"{n} 09:00", by="r2", under=f"bob{n}", to=f"bob{n}-r1")
        # Ada is a guest there: the source names the space in one case, and does not in the other.
        other.comment(f"bob{n}-ada", f"{n} 09:30", by="ada", under=f"bob{n}", to=f"bob{n}-r1")
        other.comment(f"bob{n}-ada2", f"{n} 09:40", by="ada", under=f"bob{n}", to=f"bob{n}-r2", space_uri=None)
        other.metric(f"bob{n}", "likes", 9000)
    other.post("bob-wall", "3 05:00", by="ada", space_uri=other.who("bob"))
    other.follow("stranger", "2 00:00")
    other.profile("bob", followers=7)
    other.covers("comments", 10_000, 1)
    other.write(lake)


def _taken_down(lake: Lake) -> None:
    world = crowd()
    coverage = world.facts.pop("coverage")
    world.post("gone", "-300 09:00", state="deleted_by_author")
    for n in range(60):
        state = ("hidden_by_owner", "deleted_by_author", "removed_by_platform", "held", "blocked", "unknown_gone")[
            n % 6
        ]
        world.comment(f"gone{n}", f"{n} 05:00", by=f"gone{n}", under=f"p{n}", labels=["question"], state=state)
        world.comment(f"gone{n}-b", f"{n} 06:00", by="r1", under=f"p{n}", to=f"c{n}-0", labels=["worry"], state=state)
        world.answer(f"gone{n}-a", f"{n} 07:00", to=f"c{n}-1", state=state)
    world.facts["coverage"] = coverage
    world.write(lake)


def _monologue(lake: Lake) -> None:
    world = crowd()
    coverage = world.facts.pop("coverage")
    for n in range(90):
        world.comment(f"me{n}", f"{4 * n - 210} 22:00", by="ada", under=f"p{n}", labels=["question"])
        world.answer(f"me{n}-b", f"{4 * n - 210} 22:30", to=f"me{n}")
    world.facts["coverage"] = coverage
    world.write(lake)


def _late(*, dated: bool) -> Callable[[Lake], None]:
    def write(lake: Lake) -> None:
        world = crowd()
        coverage = world.facts.pop("coverage")
        for n in range(30):
            world.comment(f"late{n}", "4000 00:00" if dated else None, by=f"r{n}", under=f"p{n}", to=f"c{n}-1")
        world.facts["coverage"] = coverage
        world.write(lake)

    return write


def _mixed(lake: Lake) -> None:
    """The crowd, with every oddity of the known world among it: one world in which engines may disagree."""
    world, odd = crowd(), ada()
    for table in ("posts", "labels"):
        for row in odd.facts[table]:
            texts = {field.name: getattr(row, field.name) for field in fields(row)}
            apart = {
                name: text.replace("known:post:", "known:post:ada-")
                for name, text in texts.items()
                if isinstance(text, str)
            }
            world.facts[table].append(replace(row, **apart))
    world.write(lake)


_VARIANTS: dict[str, Callable[[Lake], None]] = {
    "mixed": _mixed,
    "shuffled": _shuffled,
    "unlabelled": _unlabelled,
    "beside": _beside,
    "taken_down": _taken_down,
    "monologue": _monologue,
    "undated": _late(dated=False),
    "future": _late(dated=True),
}


def _messages(lake: Lake) -> None:
    at = moment("3 12:00")
    assert at is not None, "a message has a time"
    staging = lake.stage("messages")
    rows = [
        Message(
            uri=f"known:message:{n}",
            exchange_uri=f"known:exchange:{n}",
            platform="known",
            sender_uri=f"known:account:r{n}",
            sent_at=at + timedelta(hours=n),
            text="between us",
            observed_at=at,
            batch_id="messages",
        )
        for n in range(3)
    ]
    staging.add("messages", to_batch(rows, TABLES["messages"].schema))
    batch = Batch(batch_id="messages", sequence=0, step="collect", source="world", started_at=at, finished_at=at)
    lake.commit(staging, batch)
