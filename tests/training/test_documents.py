"""What may train which weights, and how copies and development parts are kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from training.corpus import is_development, merged
from training.documents import ALLOWED, Collection, Document, ForbiddenTier, documents_of, normal, share
from training.readers import open as free
from training.readers import research, written

from training import sets

ONE = Document(
    "Che bella giornata a Torino", "it", "mine", "voice-1", {"sentiment": 2.0}, development=False, tier="open"
)


def _collection(tier: str) -> Collection:
    def read(folder: Path) -> Iterator[Document]:
        yield replace(ONE, tier="")

    return Collection("mine", tier, "none", "nobody", "voice", read)


def test_a_set_for_research_cannot_train_what_ships(tmp_path: Path) -> None:
    with pytest.raises(ForbiddenTier, match="mine is of tier research"):
        list(documents_of([_collection("research")], tmp_path, "open"))
    assert [one.tier for one in documents_of([_collection("research")], tmp_path, "research")] == ["research"]


@pytest.mark.parametrize("weights", ["open", "research"])
@pytest.mark.parametrize("tier", ["evaluate", "intents"])
def test_what_measures_never_trains(tmp_path: Path, weights: str, tier: str) -> None:
    with pytest.raises(ForbiddenTier):
        list(documents_of([_collection(tier)], tmp_path, weights))


def test_the_lists_of_collections_hold_their_tiers_only() -> None:
    assert {"open": {"open", "written"}, "research": {"open", "written", "research"}} == ALLOWED
    assert {one.tier for one in free.COLLECTIONS} == {"open"}
    assert {one.tier for one in research.COLLECTIONS} == {"research"}
    assert {one.tier for one in written.COLLECTIONS} == {"written"}
    assert {one.tier for one in sets.collections("open")} == {"open", "written"}


def test_no_reader_of_training_names_a_folder_that_measures() -> None:
    for module in (free, research, written):
        source = Path(module.__file__ or "").read_text(encoding="utf-8")
        assert "evaluate" not in source
        assert "intents" not in source


def test_two_spellings_of_one_text_are_one() -> None:
    assert normal("CHE bella giornata, @user! http://t.co/x") == normal("che bellà   giornata…")
    assert normal("che brutta giornata") != normal("che bella giornata")


def test_a_text_with_a_copy_that_is_put_aside_does_not_train() -> None:
    copy = replace(ONE, text="che BELLA giornata a Torino!!", collection="other", development=True)
    corpus = merged([ONE, copy])
    assert not corpus.training
    assert [one.text for one in corpus.development] == [ONE.text]


def test_copies_know_together_what_each_knows_and_nothing_where_they_disagree() -> None:
    copy = replace(ONE, targets={"sentiment": 0.0, "irony": 1.0}, tier="research")
    (one,) = merged([ONE, copy]).training
    assert one.targets == {"irony": 1.0}
    assert one.tier == "research"


def test_texts_that_are_reported_on_are_left_out() -> None:
    corpus = merged([ONE, replace(ONE, text="Quando torni a trovarci?")], ["@user che bella giornata a torino"])
    assert [one.text for one in corpus.training] == ["Quando torni a trovarci?"]


def test_a_group_is_on_one_side() -> None:
    groups = [replace(ONE, group=f"voice-{n}", development=None) for n in range(400)]
    aside = [is_development(one) for one in groups]
    assert aside == [is_development(replace(one, text="another text")) for one in groups]
    # 12 % of 400, give or take three standard deviations.
    assert 28 <= sum(aside) <= 68


def test_a_share_depends_on_the_key_alone() -> None:
    assert share("it-07") == share("it-07")
    assert 0 <= share("it-07") < 1
    assert share("it-07") != share("it-08")
