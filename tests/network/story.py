"""One story laid down in a real network: who wrote to whom, who liked, followed, hid, blocked, deleted and left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.network.peers import GATE, POST, PROFILE, START, Network, Peer, Ref, iso, post_record

DEEP = 24


@dataclass(frozen=True)
class Written:
    """One post as it was written; `minute` is null where the author's clock is broken."""

    ref: Ref
    author: Peer
    text: str
    minute: float | None
    root: Ref | None = None
    parent: Ref | None = None


@dataclass
class Story:
    """What was written, by name."""

    network: Network
    people: dict[str, Peer]
    posts: dict[str, Written] = field(default_factory=dict)
    reposted_at: float = 70

    def __getitem__(self, name: str) -> Written:
        return self.posts[name]

    @property
    def creator(self) -> Peer:
        return self.people["vera"]

    def write(self, name: str, who: str, text: str, minute: float, to: str | None = None, **more: Any) -> Written:
        """Let somebody write; `to` names the post that is answered."""
        parent = self.posts[to] if to else None
        root = parent and (parent.root or parent.ref)
        author = self.people[who]
        ref = author.post(text, minute, to=(root, parent.ref) if root and parent else None, **more)
        self.posts[name] = Written(ref, author, text, minute, root, parent and parent.ref)
        return self.posts[name]


def facets(text: str, ann: Peer) -> list[dict[str, Any]]:
    """A mention, a link and a tag, placed by bytes; and one that lies outside the text."""

    def index(part: str) -> dict[str, int]:
        start = len(text[: text.index(part)].encode())
        return {"byteStart": start, "byteEnd": start + len(part.encode())}

    kind = "app.bsky.richtext.facet"
    return [
        {"index": index("@ann.test"), "features": [{"$type": f"{kind}#mention", "did": ann.did}]},
        {
            "index": index("corso.example"),
            "features": [{"$type": f"{kind}#link", "uri": "https://corso.example/città"}],
        },
        {"index": index("#corso"), "features": [{"$type": f"{kind}#tag", "tag": "corso"}]},
        {"index": {"byteStart": 900, "byteEnd": 910}, "features": [{"$type": f"{kind}#tag", "tag": "nowhere"}]},
    ]


def tell(network: Network) -> Story:
    """Write the whole story and wait until it can be read."""
    names = ("vera", "ann", "bob", "cleo", "dan", "eve", "finn", "robot")
    story = Story(network, {name: network.join(name) for name in names})
    _profiles(story)
    _posts(story)
    _talk(story)
    _depths(story)
    _around(story)
    network.settle()
    _undo(story)
    network.settle()
    return story


def _profiles(story: Story) -> None:
    def marked(value: str) -> dict[str, Any]:
        return {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": value}]}

    people = story.people
    people["ann"].put(PROFILE, "self", {"displayName": "Ann", "description": "Corro e leggo."})
    people["finn"].put(
        PROFILE, "self", {"displayName": "Finn", "description": "secret words", "labels": marked("!no-unauthenticated")}
    )
    people["robot"].put(PROFILE, "self", {"displayName": "Robot", "labels": marked("bot")})


def _posts(story: Story) -> None:
    text = "Ciao @ann.test 🎉 iscrivetevi su corso.example #corso"
    story.write("one", "vera", text, 0, facets=facets(text, story.people["ann"]), langs=["it"], tags=["nascosto"])
    story.write("two", "vera", "Long road", 1, langs=["en", "it"])
    story.write("three", "vera", "Who is there?", 2)
    story.write("four", "vera", "Nobody answers this one", 3)
    story.write("elsewhere", "ann", "My own thread", 4)
    pinned = story["four"].ref.json()
    story.creator.put(PROFILE, "self", {"displayName": "Vera", "description": "Runner.", "pinnedPost": pinned})


def _talk(story: Story) -> None:
    story.write("bob1", "bob", "Bello! Quanto costa?", 10, "one")
    story.write("ann1", "ann", "Lo chiedo anch'io", 11, "bob1")
    story.write("vera1", "vera", "Trenta euro", 12, "ann1")
    story.write("bob2", "bob", "Grazie", 13, "vera1")
    story.write("cleo1", "cleo", "I will delete this", 20, "three")
    story.write("ann2", "ann", "Under what will be deleted", 21, "cleo1")
    story.write("vera2", "vera", "Answer below the deleted", 22, "ann2")
    story.write("vera3", "vera", "Answer to the deleted", 23, "cleo1")
    story.write("rude", "bob", "Rude words", 24, "three")
    story.write("eve1", "eve", "From the blocked", 25, "three")
    story.write("dan1", "dan", "From one who leaves", 26, "three")
    story.write("finn1", "finn", "secret comment", 27, "three", langs=["en"])
    story.write("vera4", "vera", "In your space", 28, "elsewhere")
    _broken_clocks(story)


def _broken_clocks(story: Story) -> None:
    two = story["two"]
    for name, who, at in (("future", "bob", "2099-01-01T00:00:00.000Z"), ("past", "cleo", "1970-01-01T00:00:00.000Z")):
        record = {**post_record(f"from the {name}", to=(two.ref, two.ref)), "createdAt": at}
        ref = story.people[who].write(POST, [record])[0]
        story.posts[name] = Written(ref, story.people[who], f"from the {name}", None, two.ref, two.ref)


def _depths(story: Story) -> None:
    """A long conversation between two."""
    above = "two"
    for level in range(DEEP):
        name = f"deep{level}"
        story.write(name, "ann" if level % 2 else "bob", f"Level {level}", 100 + level, above)
        above = name


def _around(story: Story) -> None:
    people = story.people
    quote = {"$type": "app.bsky.embed.record", "record": story["one"].ref.json()}
    story.write("quote", "bob", "Look at this", 30, embed=quote)
    for minute, name in enumerate(("ann", "bob", "cleo", "dan", "eve"), start=40):
        people[name].like(story["one"].ref, minute=minute)
    people["cleo"].like(story["two"].ref, minute=50)
    people["ann"].repost(story["one"].ref, 60)
    story.creator.repost(story["elsewhere"].ref, story.reposted_at)
    # One minute apart: between pages, this server loses entries of one and the same time.
    for minute, name in enumerate(("ann", "bob", "cleo", "dan", "eve", "finn", "robot")):
        people[name].follow(story.creator, minute=minute)


def _undo(story: Story) -> None:
    people = story.people
    people["cleo"].delete(story["cleo1"].ref)
    gate = {"post": story["three"].ref.uri, "createdAt": iso(START + timedelta(minutes=80))}
    story.creator.put(GATE, story["three"].ref.rkey, {**gate, "hiddenReplies": [story["rude"].ref.uri]})
    story.creator.block(people["eve"])
    people["dan"].call("com.atproto.server.deactivateAccount", {})
