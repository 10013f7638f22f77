"""Writing to a network through its own interface, as its members' apps do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
FOLLOW = "app.bsky.graph.follow"
BLOCK = "app.bsky.graph.block"
GATE = "app.bsky.feed.threadgate"
PROFILE = "app.bsky.actor.profile"

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def iso(at: datetime) -> str:
    """A time as apps write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


@dataclass(frozen=True)
class Ref:
    """A record: its address and its content's digest."""

    uri: str
    cid: str

    @property
    def rkey(self) -> str:
        return self.uri.rsplit("/", 1)[1]

    def json(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


@dataclass
class Network:
    """The addresses of a running network."""

    pds: str
    appview: str
    control: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60, trust_env=False))

    def join(self, name: str) -> Peer:
        """Create an account."""
        handle = f"{name}.test"
        answer = self.http.post(
            f"{self.pds}/xrpc/com.atproto.server.createAccount",
            json={"handle": handle, "email": f"{name}@mail.test", "password": "a password"},
        )
        answer.raise_for_status()
        body = answer.json()
        return Peer(self, handle, body["did"], body["accessJwt"])

    def settle(self) -> None:
        """Wait until everything written can be read."""
        self.http.post(f"{self.control}/settle").raise_for_status()

    def read(self, endpoint: str, **params: Any) -> Any:
        """Ask the public side."""
        return self.http.get(f"{self.appview}/xrpc/{endpoint}", params=params).json()


@dataclass
class Peer:
    """A member of the network, signed in."""

    network: Network
    handle: str
    did: str
    token: str

    def call(self, procedure: str, body: dict[str, Any]) -> Any:
        answer = self.network.http.post(
            f"{self.network.pds}/xrpc/{procedure}", json=body, headers={"authorization": f"Bearer {self.token}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else {}

    def write(self, collection: str, records: Iterable[dict[str, Any]]) -> list[Ref]:
        """Create records, 200 in one call."""
        waiting = list(records)
        found: list[Ref] = []
        for start in range(0, len(waiting), 200):
            writes = [
                {"$type": "com.atproto.repo.applyWrites#create", "collection": collection, "value": record}
                for record in waiting[start : start + 200]
            ]
            done = self.call("com.atproto.repo.applyWrites", {"repo": self.did, "writes": writes})
            found += [Ref(one["uri"], one["cid"]) for one in done["results"]]
        return found

    def put(self, collection: str, rkey: str, record: dict[str, Any]) -> Ref:
        done = self.call(
            "com.atproto.repo.putRecord",
            {"repo": self.did, "collection": collection, "rkey": rkey, "record": {"$type": collection, **record}},
        )
        return Ref(done["uri"], done["cid"])

    def delete(self, ref: Ref) -> None:
        collection = ref.uri.split("/")[3]
        self.call("com.atproto.repo.deleteRecord", {"repo": self.did, "collection": collection, "rkey": ref.rkey})

    def post(self, text: str, minute: float = 0, *, to: tuple[Ref, Ref] | None = None, **more: Any) -> Ref:
        """Write a post, `minute` minutes into the story; `to` is the root and the parent it answers."""
        return self.write(POST, [post_record(text, minute, to=to, **more)])[0]

    def like(self, *subjects: Ref, minute: float = 0) -> list[Ref]:
        return self.write(LIKE, [edge(LIKE, one.json(), minute) for one in subjects])

    def repost(self, subject: Ref, minute: float = 0) -> Ref:
        return self.write(REPOST, [edge(REPOST, subject.json(), minute)])[0]

    def follow(self, *others: Peer, minute: float = 0) -> None:
        self.write(FOLLOW, [edge(FOLLOW, one.did, minute) for one in others])

    def block(self, other: Peer) -> None:
        self.write(BLOCK, [edge(BLOCK, other.did, 0)])


def post_record(text: str, minute: float = 0, *, to: tuple[Ref, Ref] | None = None, **more: Any) -> dict[str, Any]:
    """A post as it stands in its author's repository."""
    record = {"$type": POST, "text": text, "createdAt": iso(START + timedelta(minutes=minute)), **more}
    if to is not None:
        record["reply"] = {"root": to[0].json(), "parent": to[1].json()}
    return record


def edge(collection: str, subject: Any, minute: float) -> dict[str, Any]:
    """A like, repost, follow or block."""
    return {"$type": collection, "subject": subject, "createdAt": iso(START + timedelta(minutes=minute))}
