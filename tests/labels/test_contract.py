"""Every registered labeller keeps the contract, and the suite notices those that do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seguito.labels.contract import Labeller, Row, found
from seguito.labels.models.labeller import READER
from seguito.labels.registry import LABELLERS, labellers
from seguito.testing import labellers as suite


def test_the_reader_asks_these_rules() -> None:
    assert set(READER.rules) == {
        *("question", "thanks", "support", "worry", "low_effort", "spam", "purchase_intent", "content_request"),
        *("counter_speech", "criticism_content", "criticism_conduct"),
    }


@pytest.mark.parametrize("check", suite.CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("labeller", [*labellers(), *READER.rules.values()], ids=[*LABELLERS, *READER.rules])
def test_contract(labeller: Labeller, check: suite.Check) -> None:
    check(labeller)


@dataclass
class Good:
    """Finds the word "sole" in Italian; the mutants below each break one thing."""

    name: str = "sun"
    revision: str = "1"
    labels: dict[str, frozenset[str] | None] = field(default_factory=lambda: {"sun": frozenset({"yes"})})
    languages: frozenset[str] = frozenset({"it"})
    reasons: frozenset[str] = frozenset({"sun.it"})
    rows: tuple[Row, ...] = (
        Row("che SOLEEE ☀️", "it", "sun", "yes", "sun.it"),
        Row("che solenne", "it", "sun", None, "sun.it"),
    )

    def hits(self, posts: pa.RecordBatch) -> pa.Array:
        word = pc.match_substring_regex(pc.fill_null(posts.column("plain"), ""), r"\bsole\b")
        return pc.and_(word, pc.fill_null(pc.equal(posts.column("language"), "it"), False))

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        return self.give(posts.column("uri").filter(self.hits(posts)))

    def give(self, uris: pa.Array, value: Any = "yes", score: Any = None, reason: Any = "sun.it") -> pa.RecordBatch:
        return found(uris, "sun", value, score=score, reason=reason)


class LabelsEverything(Good):
    def hits(self, posts: pa.RecordBatch) -> pa.Array:
        return pa.repeat(True, posts.num_rows)


class LabelsNoText(Good):
    def hits(self, posts: pa.RecordBatch) -> pa.Array:
        return pc.or_(super().hits(posts), pc.and_(pc.equal(pc.fill_null(posts.column("text"), ""), ""), True))


class DependsOnNeighbours(Good):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        hits = super().hits(posts)
        return self.give(posts.column("uri").filter(hits) if pc.sum(hits).as_py() == 1 else pa.array([], pa.string()))


class DependsOnOrder(Good):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        return self.give(posts.column("uri").filter(self.hits(posts)).slice(0, 1) if posts.num_rows < 8 else _none())


class GuessesLanguages(Good):
    def hits(self, posts: pa.RecordBatch) -> pa.Array:
        return pc.match_substring_regex(pc.fill_null(posts.column("plain"), ""), r"\bsole\b")


class ForgetsNulls(Good):
    def hits(self, posts: pa.RecordBatch) -> pa.Array:
        return pa.array(["sole" in text.lower().split() for text in posts.column("text").to_pylist()], pa.bool_())


class UndeclaredValue(Good):
    def give(self, uris: pa.Array, value: Any = "yes", score: Any = None, reason: Any = "sun.it") -> pa.RecordBatch:
        return super().give(uris, "maybe")


class UndeclaredReason(Good):
    def give(self, uris: pa.Array, value: Any = "yes", score: Any = None, reason: Any = "sun.it") -> pa.RecordBatch:
        return super().give(uris, reason="sun.de")


class UndeclaredLabel(Good):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        return found(posts.column("uri").filter(self.hits(posts)), "moon", "yes", reason="sun.it")


class SureBeyondReason(Good):
    def give(self, uris: pa.Array, value: Any = "yes", score: Any = None, reason: Any = "sun.it") -> pa.RecordBatch:
        return super().give(uris, score=1.2)


class SaysItTwice(Good):
    def give(self, uris: pa.Array, value: Any = "yes", score: Any = None, reason: Any = "sun.it") -> pa.RecordBatch:
        return super().give(pa.concat_arrays([uris, uris]))


class OtherColumns(Good):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        return super().label(posts).drop_columns(["score"])


class MissesItsRow(Good):
    def __init__(self) -> None:
        super().__init__(rows=(*Good().rows, Row("il solito sole", "it", "sun", None, "sun.it")))


class SparesNothing(Good):
    def __init__(self) -> None:
        super().__init__(rows=(Row("sole", "it", "sun", "yes", "sun.it"), Row("luna", "it", "sun", None)))


class ShowsNoPattern(Good):
    def __init__(self) -> None:
        super().__init__(reasons=frozenset({"sun.it", "sun.it.dead"}))


class CannotTravel(Good):
    def __init__(self) -> None:
        super().__init__()
        self.hook = lambda: None


class Slow(Good):
    def hits(self, posts: pa.RecordBatch) -> pa.Array:
        for text in posts.column("text").to_pylist():
            sum(1 for _ in range(min(len(text or "") ** 2, 60_000_000)))
        return super().hits(posts)


class NamesSpaces(Good):
    def __init__(self) -> None:
        super().__init__(name="sun @noon")


def _none() -> pa.Array:
    return pa.array([], pa.string())


MUTANTS: dict[type[Good], suite.Check] = {
    LabelsEverything: suite.proves_itself,
    LabelsNoText: suite.finds_nothing_in_nothing,
    DependsOnNeighbours: suite.reads_each_post_alone,
    DependsOnOrder: suite.reads_each_post_alone,
    GuessesLanguages: suite.leaves_other_languages,
    ForgetsNulls: suite.finds_nothing_in_nothing,
    UndeclaredValue: suite.gives_what_it_declares,
    UndeclaredReason: suite.gives_what_it_declares,
    UndeclaredLabel: suite.gives_what_it_declares,
    SureBeyondReason: suite.gives_what_it_declares,
    SaysItTwice: suite.gives_what_it_declares,
    OtherColumns: suite.gives_what_it_declares,
    MissesItsRow: suite.proves_itself,
    SparesNothing: suite.proves_itself,
    ShowsNoPattern: suite.proves_itself,
    CannotTravel: suite.travels,
    Slow: suite.takes_its_time_only,
    NamesSpaces: suite.names_itself,
}


# These break outright.
BREAKS: dict[type[Good], type[Exception]] = {ForgetsNulls: AttributeError, CannotTravel: AttributeError}


@pytest.mark.parametrize("check", suite.CHECKS, ids=lambda check: check.__name__)
def test_the_suite_lets_a_good_one_pass(check: suite.Check) -> None:
    check(Good())


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_suite_notices(mutant: type[Good]) -> None:
    with pytest.raises(BREAKS.get(mutant, AssertionError)):
        MUTANTS[mutant](mutant())
