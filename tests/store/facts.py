"""A small invented conversation, written by hand, and the shortest way to put it into a lake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from seguito.facts.account import Account, Profile
from seguito.facts.batch import Batch, Coverage
from seguito.facts.edge import Follow, Reaction
from seguito.facts.label import Label
from seguito.facts.message import Message
from seguito.facts.metric import Metric
from seguito.facts.post import Post
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.store.commit import Receipt
from seguito.store.lake import Lake

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TABLE_OF = {table.fact: name for name, table in TABLES.items()}


def commit(lake: Lake, *facts: Any, batch_id: str = "a", **about: Any) -> Receipt:
    """Append facts of any kind as one batch."""
    staging = lake.stage(batch_id)
    for name in dict.fromkeys(TABLE_OF[type(fact)] for fact in facts):
        rows = [fact for fact in facts if TABLE_OF[type(fact)] == name]
        staging.add(name, to_batch(rows, TABLES[name].schema))
    given = {"step": "collect", "source": "test", "started_at": MONDAY, "finished_at": MONDAY} | about
    return lake.commit(staging, Batch(batch_id=batch_id, sequence=0, **given))


def post(number: int, *, at: datetime = MONDAY, batch_id: str = "a", **columns: Any) -> Post:
    """One post of an invented network."""
    known: dict[str, Any] = {"text": f"text {number}", "created_at": MONDAY, "account_uri": f"net:account:{number % 7}"}
    return Post(
        uri=f"net:post:{number}",
        platform="net",
        kind="comment",
        observed_at=at,
        batch_id=batch_id,
        **(known | columns),
    )


def rows(lake: Lake, name: str, *, current: bool = False, sequence: int | None = None) -> list[dict[str, Any]]:
    """All rows (or the current ones) of a table, in a fixed order."""
    snapshot = lake.snapshot(sequence)
    table = snapshot.current(name) if current else snapshot.table(name)
    found = snapshot.engine.fetch(table.drop("digest")).to_pylist()
    return sorted(found, key=str)


SEEN = {"observed_at": MONDAY + DAY, "batch_id": "net-vera.rossi.example-1"}
VERA = "net:account:did:plc:vera77"
OTTO = "net:account:did:plc:otto42"
ADA = "net:account:did:plc:ada001"
VERAS_ROOT = "net:post:at://did:plc:vera77/post/3kroot"
VERAS_COMMENT = "net:post:at://did:plc:vera77/post/3kcomm"


def conversation() -> list[Any]:
    """Ada is the creator; Vera Rossi (later "Vera la Rossa") and Otto write under her post, and under one of Vera's."""

    def said(uri: str, who: str, text: str, **columns: Any) -> Post:
        known = {"platform": "net", "kind": "comment", "created_at": MONDAY, "space_uri": ADA}
        return Post(uri=uri, account_uri=who, text=text, **(known | SEEN | columns))

    ada_root = "net:post:at://did:plc:ada001/post/root"
    vera = Account(
        uri=VERA,
        platform="net",
        native_id="did:plc:vera77",
        handle="vera.rossi.example",
        display_name="Vera Rossi",
        **SEEN,
    )
    return [
        vera,
        replace(vera, display_name="Vera la Rossa", observed_at=SEEN["observed_at"] + DAY),
        Account(
            uri=OTTO,
            platform="net",
            native_id="did:plc:otto42",
            handle="otto.example",
            display_name="Otto, amico di Vera Rossi",
            **SEEN,
        ),
        Account(uri=ADA, platform="net", native_id="did:plc:ada001", handle="ada.example", display_name="Ada", **SEEN),
        Profile(account_uri=VERA, bio="ceramica e montagna", followers=12, followers_state="known", **SEEN),
        Profile(account_uri=OTTO, bio="marito di @vera.rossi.example, dal 2019", **SEEN),
        said(ada_root, ADA, "il nuovo vaso", kind="post"),
        said(VERAS_ROOT, VERA, "oggi ho rotto tutto, segreto segretissimo", kind="post", space_uri=VERA),
        said(VERAS_COMMENT, VERA, "bellissimo, parola di pettirosso", root_uri=ada_root, parent_uri=ada_root),
        said(
            "net:post:at://did:plc:otto42/post/1",
            OTTO,
            "brava @vera.rossi.example! VERA  ROSSI sa tutto, Vera la Rossa pure; vedi "
            "https://net.example/profile/vera.rossi.example/post/3kcomm e did:plc:vera77. Rossi no.",
            root_uri=ada_root,
            parent_uri=VERAS_COMMENT,
            inferred_parent_uri=VERAS_COMMENT,
            mentions=("vera.rossi.example", "ada.example"),
            links=("https://net.example/profile/vera.rossi.example",),
            hashtags=("vaso",),
        ),
        said(
            "net:post:at://did:plc:otto42/post/2",
            OTTO,
            "e qui?",
            root_uri=VERAS_ROOT,
            parent_uri=VERAS_ROOT,
            space_uri=VERA,
        ),
        Reaction(account_uri=VERA, subject_uri=ada_root, kind="like", **SEEN),
        Reaction(account_uri=OTTO, subject_uri=VERAS_COMMENT, kind="like", **SEEN),
        Reaction(account_uri=OTTO, subject_uri=ada_root, kind="like", **SEEN),
        Follow(follower_uri=VERA, followed_uri=ADA, **SEEN),
        Follow(follower_uri=OTTO, followed_uri=ADA, **SEEN),
        Metric(subject_uri=VERAS_COMMENT, metric="likes", value=3, **SEEN),
        Metric(subject_uri=ada_root, metric="likes", value=30, **SEEN),
        Label(subject_uri=VERAS_COMMENT, label="support", value="yes", source="rules@1", **SEEN),
        Label(subject_uri=VERA, label="read", value="x", source="rules@1", **SEEN),
        Label(
            subject_uri="net:post:at://did:plc:otto42/post/1",
            label="support",
            value="yes",
            source="rules@1",
            reason="brava @vera.rossi.example",
            **SEEN,
        ),
        Message(
            uri="net:message:1",
            exchange_uri="net:exchange:77",
            platform="net",
            sender_uri=VERA,
            text="in confidenza",
            **SEEN,
        ),
        Message(
            uri="net:message:2",
            exchange_uri="net:exchange:77",
            platform="net",
            sender_uri=ADA,
            direction="out",
            text="cara Vera, tranquilla",
            **SEEN,
        ),
        Message(
            uri="net:message:3",
            exchange_uri="net:exchange:42",
            platform="net",
            sender_uri=OTTO,
            text="ha scritto anche Vera Rossi?",
            **SEEN,
        ),
        Coverage(scope_uri=ada_root, space_uri=ADA, what="comments", declared=2, collected=2, **SEEN),
        Coverage(scope_uri=VERAS_ROOT, space_uri=VERA, what="comments", declared=1, collected=1, **SEEN),
    ]
