"""A community large enough that every measure may answer, laid out by arithmetic: no draw of chance is in it.

Ninety-five posts in fourteen months, one silence of eleven weeks; sixty members who are always around, and four new
ones under every post, some of whom come back.
"""

from __future__ import annotations

from seguito.testing.world import World

REGULARS = 60
NEW_PER_POST = 4
LAST_BEFORE_SILENCE, SILENT_DAYS = 49, 77
# Forty-three weeks before the first day of the other worlds, so that all of it lies in the past.
BEGIN = -301
# What people write about: every third member of the same things.
TOPICS = (
    ("kiln", "glaze", "clay", "wheel", "bowl", "firing", "slip", "handle", "vase", "porcelain", "jug", "plate"),
    ("garden", "seed", "soil", "rain", "leaf", "tomato", "compost", "blossom", "hedge", "basil", "orchard", "rake"),
    (
        "train",
        "rail",
        "track",
        "station",
        "steam",
        "carriage",
        "signal",
        "tunnel",
        "ticket",
        "bridge",
        "line",
        "sleeper",
    ),
)


def _says(number: int, turn: int) -> str:
    """Six words of what a member cares about, others at every turn."""
    words = TOPICS[number % 3]
    return " ".join(words[(turn * 5 + at * (1 + turn % 3)) % 12] for at in range(6))


def crowd() -> World:
    """The crowd around Ada."""
    world = World(seen="159 00:00", seen_until="159 00:00")
    days = [BEGIN + (4 * i if i <= LAST_BEFORE_SILENCE else 4 * (i - 1) + SILENT_DAYS) for i in range(95)]
    for i, day in enumerate(days):
        world.post(f"p{i}", f"{day} 09:00")
        _regulars(world, i, day)
        _newcomers(world, i, day, days)
    _worry(world, days[LAST_BEFORE_SILENCE])
    _around(world, days)
    world.covers_all()
    _counted(world)
    return world


def _regulars(world: World, i: int, day: int) -> None:
    """Twelve comments by regulars; the first six get an answer from another regular, every second one answers back."""
    who = [f"r{(5 * i + 7 * k) % REGULARS}" for k in range(13)]
    for k in range(12):
        labels = {"question": "yes"} if (i + k) % 4 == 0 else {}
        labels |= {"support": "yes"} if (i + k) % 6 == 1 else {}
        labels |= {"low_effort": "yes", "wording": f"w{k % 3}"} if (i + 2 * k) % 5 == 0 else {"wording": f"own{i}-{k}"}
        name = f"c{i}-{k}"
        at, text = f"{day} {10 + k}:{(7 * i + 11 * k) % 60}", _says(5 * i + 7 * k, i + k)
        world.comment(name, at, by=who[k], under=f"p{i}", labels=labels, text=text)
        if k < 6:
            world.comment(f"b{i}-{k}", f"{day} {12 + k}:{(3 * i) % 60}", by=who[k + 1], under=f"p{i}", to=name)
            if (i + k) % 2 == 0:
                world.comment(f"d{i}-{k}", f"{day} {14 + k}:30", by=who[k], under=f"p{i}", inferred=f"b{i}-{k}")
        if i % 3 and (3 * i + k) % 5 == 0:
            hours = 10 + k + (i + k) % 30
            world.answer(f"a{i}-{k}", f"{day + 1 + hours // 24} {hours % 24}:17", to=name)


def _newcomers(world: World, i: int, day: int, days: list[int]) -> None:
    """Four people write for the first time; a third are back at the next post, a seventh after two months."""
    for j in range(NEW_PER_POST):
        number = NEW_PER_POST * i + j
        name, by = f"n{i}-{j}", f"n{number}"
        labels = ["question"] if number % 3 == 0 else []
        at, text = f"{day} {13 + j}:{(13 * number) % 60}", _says(number, i)
        world.comment(name, at, by=by, under=f"p{i}", labels=labels, text=text)
        world.comment(f"g{i}-{j}", f"{day} 19:{number % 60}", by=f"r{number % REGULARS}", under=f"p{i}", to=name)
        if number % 2 == 0:
            world.comment(f"h{i}-{j}", f"{day} 21:{number % 60}", by=by, under=f"p{i}", to=f"g{i}-{j}")
        if i % 3 and number % 4 == 0:
            world.answer(f"a{i}-n{j}", f"{day + 1} 08:{number % 60}", to=name)
        for every, later in ((3, 1), (7, 15)):
            if number % every == 0 and i + later < len(days):
                back = f"e{i}-{j}-{later}"
                world.comment(back, f"{days[i + later]} 18:{number % 60}", by=by, under=f"p{i + later}")


def _worry(world: World, day: int) -> None:
    """Twenty regulars worry through the silence, one every third day; half are answered when it is over."""
    for k in range(20):
        name = f"w{k}"
        by, under = f"r{k}", f"p{LAST_BEFORE_SILENCE}"
        world.comment(name, f"{day + 15 + 3 * k} 20:00", by=by, under=under, labels=["worry"])
        if k % 2:
            world.answer(f"a-w{k}", f"{day + SILENT_DAYS} 10:{k}", to=name)


def _counted(world: World) -> None:
    """Two hundred daily counts: five to eleven new followers a day, three hundred once, and as many after a podcast."""
    followers = 2790
    for n in range(200):
        followers += 5 + (3 * n) % 7
        followers += 300 if n in (90, 150) else 0
        world.counted(n - 41, followers)
    world.cause(150 - 41, "press")


def _around(world: World, days: list[int]) -> None:
    world.profile("ada", followers=5000, posts=95, bio="Pots.", has_avatar="yes")
    for i in range(len(days)):
        world.metric(f"p{i}", "likes", 50 + (37 * i) % 90)
        world.metric(f"p{i}", "comments", 30)
        world.metric(f"p{i}", "views", 1000 + (211 * i) % 700)
    people = [f"r{n}" for n in range(REGULARS)] + [f"n{n}" for n in range(NEW_PER_POST * len(days))]
    for n, name in enumerate(people):
        if n % 5 == 0:
            world.profile(name, followers=0, following=0, posts=0, bio="", has_avatar="no")
        else:
            world.profile(name, followers=40 + n, following=80, posts=12, bio="Hello.", has_avatar="yes")
        if n % 2 == 0:
            world.follow(name, f"{BEGIN + n % 200} 00:00")
