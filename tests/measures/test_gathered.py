from __future__ import annotations

from pathlib import Path

import pytest

from seguito.measures import gathered
from seguito.measures.gathered import GATHERED, by_intent, by_wording
from seguito.testing.world import World


def world() -> World:
    world = World()
    world.post("p", "0 09:00")
    asked = [
        ("q1", "ada", "quando esce il prossimo video?"),
        ("q2", "bea", "QUANDO ESCE il prossimo video??? 😍"),
        ("q3", "bea", "scusa ma quando esce il prossimo video?"),
        ("q4", "cid", "e il libro a quanto lo vendi?"),
    ]
    for number, (name, by, text) in enumerate(asked):
        by = "zoe" if by == "ada" else by
        world.comment(name, f"1 1{number}:00", by=by, under="p", labels=["question"], text=text)
    world.comment(
        "w", "2 10:00", by="dan", under="p", labels=["worry", "question"], text="tutto bene? non ti sento da giorni"
    )
    world.comment("e", "2 11:00", by="dan", under="p", text="👏👏")
    return world


def test_by_wording_the_odd_one_comes_first(tmp_path: Path) -> None:
    with world().lake(tmp_path / "w") as lake:
        found = by_wording(world().space(lake), least=2)
    assert found.schema == GATHERED
    assert found["uri"].to_pylist()[0] == "known:post:q3"
    assert set(found["uri"].to_pylist()) == {"known:post:q1", "known:post:q2", "known:post:q3"}
    assert set(found["cluster"].to_pylist()) == {"known:post:q1"}
    assert set(found["n"].to_pylist()) == {3}
    assert set(found["accounts"].to_pylist()) == {2}


def test_by_intent_whatever_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "shown_pairs", lambda: ("question=yes", "worry=yes"))
    with world().lake(tmp_path / "w") as lake:
        found = by_intent(world().space(lake), least=1)
    groups = {}
    for row in found.to_pylist():
        groups.setdefault(row["cluster"], []).append(row["uri"].rsplit(":", 1)[1])
    assert groups == {"question=yes": ["q1", "q2", "q3", "q4", "w"], "worry=yes": ["w"]}


def test_a_label_that_is_too_often_wrong_is_no_flag_on_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered, "shown_pairs", lambda: ("question=yes",))
    with world().lake(tmp_path / "w") as lake:
        found = by_intent(world().space(lake), least=1)
        assert set(found["cluster"].to_pylist()) == {"question=yes"}
        # Asked for by name it is still no flag; nearly the same words of those that have it may be looked at.
        assert by_intent(world().space(lake), label="worry", least=1).num_rows == 0


def test_only_what_has_a_label_and_only_clusters_that_are_large_enough(tmp_path: Path) -> None:
    with world().lake(tmp_path / "w") as lake:
        space = world().space(lake)
        assert by_wording(space, label="worry", least=1)["uri"].to_pylist() == ["known:post:w"]
        assert by_wording(space, least=4).num_rows == 0
        assert by_wording(space, least=1, most=1)["uri"].to_pylist() == []  # the newest has no words
