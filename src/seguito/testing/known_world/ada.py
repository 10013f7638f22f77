"""Ada makes pots and shows them; nine people talk under her posts, with her and with each other.

Day 0 is Monday 5 January 2026; days 0-26 are January, 27-54 February, 55-85 March, 86-115 April.
What stands in the last column of the tables is what a person checking an estimate wants to see at a glance.
"""

from __future__ import annotations

from seguito.testing.world import World

# name, when
_POSTS = (
    ("p1", "0 09:00"),
    ("p2", "7 09:00"),
    ("p3", "30 09:00"),
    ("p4", "37 09:00"),  # then six weeks of silence
    ("p5", "79 09:00"),
    ("p6", "84 09:00"),
    ("p7", "100 09:00"),  # nobody comments
)

# name, when, author, thread, what it answers (None: the post), labels
_COMMENTS: tuple[tuple[str, str, str, str, str | None, tuple[str, ...]], ...] = (
    ("c1", "0 10:00", "bea", "p1", None, ("question",)),  # answered after 2 h
    ("c2", "0 11:00", "cho", "p1", None, ()),
    ("c3", "0 12:30", "bea", "p1", "c2", ()),  # bea → cho
    ("c4", "0 13:00", "cho", "p1", "c3", ()),  # cho → bea
    ("c5", "1 10:00", "dan", "p1", None, ("thanks",)),  # answered after 48 h
    ("c7", "7 10:00", "bea", "p2", None, ("question",)),
    ("c8", "7 11:00", "eli", "p2", None, ("low_effort",)),
    ("c11", "7 14:00", "cho", "p2", "c7", ()),  # cho → bea
    ("c12", "8 09:00", "dan", "p2", None, ("question",)),  # answered after 1 h
    ("c13", "8 09:30", "dan", "p2", "c12", ()),  # dan to himself
    ("c19", "30 14:00", "eli", "p3", None, ("question",)),
    ("c21", "37 10:00", "bea", "p4", None, ()),
    ("c22", "37 11:00", "cho", "p4", None, ("question",)),  # answered after half an hour
    ("c23", "50 10:00", "dan", "p4", None, ("worry",)),
    ("c24", "60 10:00", "bea", "p4", None, ("worry", "question")),
    ("c25", "60 11:00", "cho", "p4", "c24", ("support",)),  # cho → bea
    ("c26", "70 10:00", "fay", "p4", None, ("worry",)),
    ("c27", "79 10:00", "bea", "p5", None, ("support",)),  # answered after 1 h
    ("c28", "79 11:00", "jon", "p5", None, ("question",)),  # the newcomer; answered after 1 h
    ("c29", "79 12:00", "cho", "p5", None, ("thanks",)),
    ("c31", "79 14:00", "bea", "p5", "c28", ()),  # bea → jon
    ("c32", "79 15:00", "jon", "p5", "c31", ()),  # jon → bea
    ("c33", "84 10:00", "bea", "p6", None, ()),
    ("c34", "84 11:00", "dan", "p6", None, ("question",)),  # the answer was hidden again
)


def ada() -> World:
    """The known world: seven posts, 37 visible comments by members, seven visible answers to them."""
    world = World(creator="ada", seen="120 00:00", seen_until="120 00:00")
    for name, at in _POSTS:
        world.post(name, at)
    world.post("p8", "101 09:00", kind="repost")
    for name, at, by, under, to, labels in _COMMENTS:
        world.comment(name, at, by=by, under=under, to=to, labels=labels)
    _odd_comments(world)
    _answers(world)
    _around(world)
    return world


def _odd_comments(world: World) -> None:
    same = {"low_effort": "yes", "wording": "bellissimo"}
    world.comment("c9", "7 12:00", by="fay", under="p2", labels=same, text="Bellissimo!")
    world.comment("c10", "7 13:00", by="gus", under="p2", labels=same, text="bellissimo")
    world.comment("c20", "30 15:00", by="ivy", under="p3", labels=same, text="Bellissimo")
    world.comment("c14", "8 11:00", by="hal", under="p2", state="deleted_by_author")
    world.comment("c15", "30 10:00", by="bea", under="p3", read=False)  # answered after 96 h
    world.comment("c16", "30 11:00", by="cho", under="p3", lang="ja")  # read, but in no language we can read
    world.comment("c17", "30 12:00", by="dan", under="p3", to="c15")  # dan → bea
    world.comment("c18", "30 13:00", by="bea", under="p3", to="c17")  # bea → dan
    world.comment("c35", "84 12:00", by=None, under="p6")  # nobody knows who
    world.comment("c36", "84 13:00", by="cho", under="p6", inferred="c33")  # cho → bea, read off an "@bea"
    world.comment("c37", None, by="eli", under="p6")  # nobody knows when
    world.comment("c38", "2 10:00", by="gus", under="p0")  # its thread was not collected


def _answers(world: World) -> None:
    world.answer("a1", "0 12:00", to="c1")
    world.answer("a2", "3 10:00", to="c5")
    world.answer("a3", "8 10:00", to="c12")
    world.answer("a4", "34 10:00", to="c15")
    world.answer("a5", "37 11:30", to="c22")
    world.answer("a6", "79 11:00", to="c27")
    world.answer("a7", "79 12:00", to="c28")
    world.answer("a8", "84 12:00", to="c34", state="hidden_by_owner")
    world.comment("c6", "0 14:00", by="bea", under="p1", to="a1", labels=["thanks"])  # bea → Ada
    world.comment("c30", "79 13:00", by="jon", under="p5", to="a7")  # jon → Ada
    # Ada talking to herself is neither a comment by a member nor an answer to one.
    world.comment("x1", "84 09:05", by="ada", under="p6")
    world.answer("x2", "84 09:10", to="x1")


def _around(world: World) -> None:
    world.profile("ada", followers=1000, posts=8, bio="Pots.", has_avatar="yes")
    for name, likes in (("p1", 40), ("p2", 20), ("p3", 30), ("p4", 50), ("p5", 90), ("p6", 10), ("p7", None)):
        world.metric(name, "likes", likes)
    for name in ("bea", "cho", "dan", "eli"):
        world.follow(name, "0 00:00")
        world.profile(name, followers=50, following=80, posts=12, bio="Hello.", has_avatar="yes")
    for name in ("f1", "f2"):  # nothing on show
        world.follow(name, "3 00:00")
        world.profile(name, followers=0, following=900, posts=0, bio="", has_avatar="no")
    world.follow("f3")
    world.profile("f3")  # nothing known
    world.covers_all()
