"""The worlds at the edges: where there is nothing, nobody, nothing known or nothing on show."""

from __future__ import annotations

from typing import Any

from seguito.testing.world import World


def empty() -> World:
    """A creator without a post."""
    world = World()
    world.account("ada")
    world.covers("posts", 0, 0)
    return world


def one_person() -> World:
    """A creator who talks to herself: one post, one comment under it, one answer to that."""
    world = World()
    world.post("p1", "0 09:00")
    world.comment("x1", "0 10:00", by="ada", under="p1")
    world.answer("x2", "0 11:00", to="x1")
    world.covers_all()
    return world


def all_unknown() -> World:
    """Two hundred comments of which the source says nothing: no author, no time, no text, no counters."""
    world = World(seen_until=None)
    for n in range(20):
        world.post(f"p{n}", None, text=None, read=False, created_precision=None)
        world.metric(f"p{n}", "likes", None)
        world.covers("comments", None, 10, scope=f"p{n}", sampling="unknown")
        for m in range(10):
            nothing: dict[str, Any] = {"text": None, "read": False, "created_precision": None, "parent_uri": None}
            world.comment(f"c{n}-{m}", None, by=None, under=f"p{n}", **nothing)
    for n in range(120):
        world.follow(f"f{n}")
        world.profile(f"f{n}")
    world.profile("ada", followers_state="hidden")
    return world


def all_hidden() -> World:
    """Two hundred comments, answered every one, all of them hidden or deleted again."""
    world = World()
    states = ("hidden_by_owner", "deleted_by_author", "removed_by_platform", "held")
    for n in range(20):
        state = states[n % 4]
        world.post(f"p{n}", f"{n} 09:00", state=state)
        for m in range(10):
            world.comment(f"c{n}-{m}", f"{n} 10:{m}", by=f"m{m}", under=f"p{n}", labels=["question"], state=state)
            world.answer(f"a{n}-{m}", f"{n} 11:{m}", to=f"c{n}-{m}", state=state)
    world.covers_all()
    return world


def no_answers() -> World:
    """A creator who posts on twenty days and never answers; twenty members comment each time."""
    world = World(seen_until="40 00:00", seen="40 00:00")
    for n in range(20):
        world.post(f"p{n}", f"{n} 09:00")
        for m in range(20):
            world.comment(f"c{n}-{m}", f"{n} 10:{m}", by=f"m{m}", under=f"p{n}", labels=["question"] if m == 0 else [])
    world.covers_all()
    return world
