"""A dossier as a whole: what it shows to a brand, what to its owner, and what it can never open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seguito.dossier import assemble as assembling
from seguito.dossier.assemble import assemble
from seguito.dossier.contract import Dossier
from seguito.dossier.questions import QUESTIONS
from seguito.facts.message import Message
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.kit.errors import Refused
from seguito.measures.registry import MEASURES
from seguito.reports.canonical import to_bytes, to_document
from seguito.store.lake import Lake, open_lake
from seguito.testing.known_world import WORLDS, ada
from seguito.testing.world import MONDAY, World


def secretive() -> World:
    """A world in which people write what must not be shown."""
    world = World()
    for post in range(30):
        world.post(f"p{post}", f"{post} 09:00", text="Ecco la ricetta")
        for n in range(4):
            world.comment(
                f"c{post}-{n}",
                f"{post} 10:0{n}",
                by=f"nome_vero{n}",
                under=f"p{post}",
                labels=["question"],
                text=f"Scrivimi a segreto{n}@posta.it o al 333 123456{n}, sono @nome_vero{n}",
            )
            if n % 2:
                world.answer(f"a{post}-{n}", f"{post} 11:0{n}", to=f"c{post}-{n}")
    world.covers_all()
    return world


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with secretive().lake(tmp_path / "w") as opened:
        yield opened


def made(world: World, lake: Lake, **options: Any) -> Dossier:
    return assemble(world.space(lake), b"k" * 32, **options)


def test_a_brand_sees_no_name_and_nothing_that_reaches_anybody(lake: Lake) -> None:
    dossier = made(secretive(), lake)
    assert dossier.rows
    shown = to_bytes(to_document(dossier)).decode()
    for secret in ("nome_vero", "segreto", "posta.it", "333 1234", "known:account:n", "known:post:c"):
        assert secret not in shown
    row = next(one for one in dossier.rows.values() if one.author != "creator")
    assert row.text == "Scrivimi a [e-mail] o al [number], sono @[…]"
    assert row.author.startswith("M-")


def test_the_owner_sees_who_wrote_and_what(lake: Lake) -> None:
    dossier = made(secretive(), lake, show_names=True)
    assert dossier.show_names
    row = next(one for one in dossier.rows.values() if one.author not in ("creator", "@ada"))
    assert row.author.startswith("@nome_vero")
    assert "segreto" in row.text


def test_the_creator_goes_by_that_name(lake: Lake) -> None:
    rows = made(secretive(), lake).rows
    assert {row.author for uri, row in rows.items() if ":post:p" in uri} == {"creator"}


def test_another_key_gives_other_pseudonyms(lake: Lake) -> None:
    one, other = (assemble(secretive().space(lake), key) for key in (b"a" * 32, b"b" * 32))
    assert not {row.author for row in one.rows.values()} & {row.author for row in other.rows.values()} - {"creator"}
    assert not {row.reference for row in one.rows.values()} & {row.reference for row in other.rows.values()}


def test_every_question_is_answered_with_evidence_both_ways(lake: Lake) -> None:
    dossier = made(secretive(), lake)
    assert [one.question for one in dossier.answers] == list(QUESTIONS)
    dialogue = next(one for one in dossier.answers if one.question == "dialogue")
    assert dialogue.verdict == "yes"
    references = {row.reference for row in dossier.rows.values()}
    assert dialogue.evidence_for
    assert dialogue.evidence_against
    assert {*dialogue.evidence_for, *dialogue.evidence_against} <= references
    assert len(dialogue.survival) == 6


def test_what_was_looked_at(lake: Lake) -> None:
    found = made(secretive(), lake).looked_at
    assert (found.posts, found.comments, found.members, found.answers) == (30, 120, 4, 60)
    assert (found.comments_read, found.followers_listed) == (120, 0)
    assert {one.what for one in found.coverage} >= {"comments", "followers"}


def test_the_creator_may_reply_and_is_not_edited(lake: Lake) -> None:
    assert to_document(made(secretive(), lake))["right_of_reply"] == ""
    words = "Il mio telefono era rotto: 333 1234567 @nessuno"
    assert json.loads(to_bytes(to_document(made(secretive(), lake, right_of_reply=words))))["right_of_reply"] == words


def test_the_same_lake_gives_the_same_bytes(lake: Lake) -> None:
    one, other = (to_bytes(to_document(made(secretive(), lake))) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_gives_a_dossier(tmp_path: Path, name: str) -> None:
    world = WORLDS[name]()
    with world.lake(tmp_path / "w") as lake:
        dossier = made(world, lake)
    assert [one.question for one in dossier.answers] == list(QUESTIONS)
    assert [one.measure for one in dossier.estimates] == list(MEASURES)
    to_bytes(to_document(dossier))


@pytest.mark.parametrize("name", ["empty", "one_person", "all_unknown", "all_hidden"])
def test_where_nothing_can_be_said_nothing_is(tmp_path: Path, name: str) -> None:
    world = WORLDS[name]()
    with world.lake(tmp_path / "w") as lake:
        verdicts = {one.question: one.verdict for one in made(world, lake).answers}
    assert verdicts.pop("enough_data") == "no"
    assert set(verdicts.values()) <= {"unclear", "not_answerable"}


# -- private tables -------------------------------------------------------------------------------------------------


def with_messages(path: Path) -> World:
    """Ada's world, and a message to her in the private folder."""
    world = ada()
    with open_lake(path, private=True) as lake:
        world.write(lake)
        message = Message(
            uri="known:message:1",
            exchange_uri="known:exchange:1",
            platform="known",
            sender_uri="known:account:bea",
            text="nobody else may read this",
            observed_at=MONDAY,
            batch_id="private",
        )
        staging = lake.stage("private")
        staging.add("messages", to_batch([message], TABLES["messages"].schema))
        batch = replace(lake.batches()[0], batch_id="private", sequence=0)
        lake.commit(staging, batch)
    return world


def test_a_dossier_is_made_where_messages_lie_and_never_opens_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = with_messages(tmp_path / "w")
    opened: list[str] = []
    with open_lake(tmp_path / "w") as lake:
        space = world.space(lake)
        read = lake.engine.read

        def watched(files: Any, base: str, schema: Any) -> Any:
            opened.extend([base, *files])
            return read(files, base, schema)

        monkeypatch.setattr(lake.engine, "read", watched)
        dossier = assemble(space, lake.key)
        with pytest.raises(Refused, match="private"):
            space.snapshot.table("messages")
    assert opened
    assert not [one for one in opened if "private" in one.removeprefix(str(tmp_path))]
    assert b"nobody else" not in to_bytes(to_document(dossier))


def test_a_lake_opened_with_its_private_tables_makes_no_dossier(tmp_path: Path) -> None:
    world = with_messages(tmp_path / "w")
    with open_lake(tmp_path / "w", private=True) as lake, pytest.raises(Refused, match="private"):
        assemble(world.space(lake), lake.key)


def test_no_module_of_the_dossier_names_a_private_table() -> None:
    folder = Path(assembling.__file__).parent
    private = [name for name, table in TABLES.items() if table.private]
    assert private
    for path in [*folder.glob("*.py"), *(folder.parent / "measures").glob("*.py")]:
        text = path.read_text()
        assert not [name for name in private if f'"{name}"' in text or f"'{name}'" in text], path
        assert "private=True" not in text
