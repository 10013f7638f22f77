"""A larger model in place of a labeller or beside it: it speaks where it is asked, and its rows say so."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seguito.kit.errors import BadInput, UsageError
from seguito.kit.settings import ModelSettings, Settings
from seguito.labels.contract import Labeller, Row, found
from seguito.labels.effective import effective
from seguito.labels.models.classifier import Cascade, Scores, Unsure, certainty
from seguito.labels.models.header import Head
from seguito.labels.models.onnx import open_model
from seguito.labels.models.reader import Reader
from seguito.labels.pool import Task, readers, to_bytes, work
from seguito.labels.reading import prepare
from seguito.labels.registry import labellers
from seguito.labels.second import Asked, Second, Yielding
from seguito.labels.seconded import seconded
from seguito.testing import labellers as suite
from tests.labels.models import tiny

SENTIMENT = ("negative", "neutral", "positive")
BOTH = frozenset({"it", "en"})
ROWS = (
    Row("che BELLOOO, bello! bello", "it", "sentiment", "positive", "model:tiny"),
    Row("I hate this hate hate", "en", "sentiment", "negative"),
    # Neutral is what nobody writes down.
    Row("il tavolo", "it", "sentiment", None, "model:tiny"),
)


@dataclass(frozen=True)
class Stub:
    """A compact reader that is sure of what it was told, and knows nothing of any other text."""

    said: tuple[tuple[str, tuple[float, ...]], ...]
    revision: str = "stub1"

    @property
    def heads(self) -> MappingProxyType[str, Head]:
        head = Head(name="sentiment", values=SENTIMENT, kind="softmax", band=(0.4, 0.6))
        return MappingProxyType({"sentiment": head, "irony": Head(name="irony", values=("yes",))})

    def read(
        self,
        texts: pa.Array | pa.ChunkedArray,
        heads: Iterable[str] | None = None,
        languages: Any = None,
        context: Any = None,
    ) -> dict[str, Scores]:
        known = dict(self.said)
        rows = [known.get(text, (np.nan,) * 3) for text in texts.to_pylist()]
        return {"sentiment": np.array(rows, dtype=np.float64).reshape(-1, 3)}


@dataclass
class First:
    """A labeller that finds everything positive, and everything grateful."""

    name: str = "first"
    revision: str = "1"
    labels: dict[str, frozenset[str] | None] = field(
        default_factory=lambda: {"sentiment": frozenset(SENTIMENT), "thanks": frozenset({"yes"})}
    )
    languages: frozenset[str] = BOTH
    reasons: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = (Row("x", "it", "sentiment", "positive"), Row("x", "it", "thanks", "yes"))

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        here = posts.filter(pc.is_in(posts.column("language"), pa.array(sorted(self.languages))))
        parts = [
            found(here.column("uri"), label, "positive" if label == "sentiment" else "yes") for label in self.labels
        ]
        return pa.Table.from_batches(parts).combine_chunks().to_batches()[0]


SURE, TORN, LOST = "sicuro bello", "forse brutto", "brutto nuovo"
READER = Stub(((SURE, (0.02, 0.08, 0.9)), (TORN, (0.25, 0.2, 0.55))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write_model(tmp_path / "tiny")


def settings(folder: Path, **said: Any) -> Settings:
    return Settings(models={"sentiment": ModelSettings(model=str(folder), **said)})


def second(folder: Path, **said: Any) -> Second:
    (one,) = seconded([], settings(folder, **said))
    assert isinstance(one, Second)
    return dataclasses.replace(one, rows=ROWS)


def told(labellers: list[Labeller], texts: list[str], languages: list[str]) -> set[tuple[str, str, str, str]]:
    posts = suite.posts_of(texts, languages)
    return {
        (texts[int(row["subject_uri"].split(":")[1])], row["label"], row["value"], one.name)
        for one in labellers
        for row in one.label(posts).to_pylist()
    }


@pytest.mark.parametrize("check", suite.CHECKS, ids=lambda check: check.__name__)
def test_a_model_keeps_the_contract_of_a_labeller(folder: Path, check: suite.Check) -> None:
    check(second(folder))


class EveryLanguage(Second):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        return super().label(posts.set_column(2, "language", pa.repeat("it", posts.num_rows)))


class ScalesByBatch(Second):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        given = super().label(posts)
        best = pc.max(given.column("score")).as_py() or 1.0
        return given.set_column(3, "score", pc.divide(given.column("score"), best))


class ForgetsToTravel(Second):
    def __reduce__(self) -> tuple[Any, ...]:
        return _Other, ()


class _Other(First):
    pass


class OtherReason(Second):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        given = super().label(posts)
        return given.set_column(4, "reason", pa.repeat("because", given.num_rows))


class TakesAges(Second):
    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        end = time.process_time() + 0.02 * sum(len(text or "") > 50_000 for text in posts.column("text").to_pylist())
        while time.process_time() < end:
            pass
        return super().label(posts)


@pytest.mark.parametrize(
    ("mutant", "check"),
    [
        (EveryLanguage, suite.leaves_other_languages),
        (ScalesByBatch, suite.reads_each_post_alone),
        (ForgetsToTravel, suite.travels),
        (OtherReason, suite.gives_what_it_declares),
        (TakesAges, suite.takes_its_time_only),
    ],
)
def test_the_contract_notices_models_that_do_not_keep_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mutant: type[Second], check: suite.Check
) -> None:
    monkeypatch.setattr(suite, "PATIENCE", 0.05 if mutant is TakesAges else suite.PATIENCE)
    one = second(folder)
    with pytest.raises(AssertionError):
        check(mutant(one.label_name, one.title, one.model, one.asked, one.rows))


def test_a_model_takes_the_place_of_the_labellers_of_its_label(folder: Path) -> None:
    chosen = seconded([First()], settings(folder))
    texts = ["bello", "tavolo", "brutto"]
    assert told(chosen, texts, ["it"] * 3) == {
        ("bello", "sentiment", "positive", "sentiment.tiny"),
        ("brutto", "sentiment", "negative", "sentiment.tiny"),
        *((text, "thanks", "yes", "first") for text in texts),
    }


def test_a_labeller_of_that_label_alone_is_not_even_asked(folder: Path) -> None:
    only = First(labels={"sentiment": frozenset(SENTIMENT)})
    assert [one.name for one in seconded([only], settings(folder))] == ["sentiment.tiny"]


def test_other_languages_are_left_to_the_labellers(folder: Path) -> None:
    chosen = seconded([First()], settings(folder, languages=("it",)))
    assert told(chosen, ["brutto", "hate"], ["it", "en"]) == {
        ("brutto", "sentiment", "negative", "sentiment.tiny"),
        ("hate", "sentiment", "positive", "first"),
        ("brutto", "thanks", "yes", "first"),
        ("hate", "thanks", "yes", "first"),
    }


def test_only_where_the_reader_is_not_sure(folder: Path) -> None:
    chosen = seconded([First()], settings(folder, only="unsure"), reader=lambda: READER)
    found = told(chosen, [SURE, TORN, LOST], ["it"] * 3)
    assert {row for row in found if row[1] == "sentiment"} == {
        (SURE, "sentiment", "positive", "first"),
        # "forse" .5 .5, "brutto" 4: half of each.
        (TORN, "sentiment", "negative", "sentiment.tiny"),
        (LOST, "sentiment", "negative", "sentiment.tiny"),
    }
    assert {row[0] for row in found if row[1] == "thanks"} == {SURE, TORN, LOST}


def test_how_sure_it_must_be_can_be_set(folder: Path) -> None:
    chosen = seconded([First()], settings(folder, only="unsure", below=0.95), reader=lambda: READER)
    assert (SURE, "sentiment", "positive", "sentiment.tiny") in told(chosen, [SURE], ["it"])
    chosen = seconded([First()], settings(folder, only="unsure", below=0.5), reader=lambda: READER)
    assert (TORN, "sentiment", "positive", "first") in told(chosen, [TORN], ["it"])


def test_the_row_says_which_voice_spoke_and_why(folder: Path) -> None:
    (_, model) = seconded([First()], settings(folder, only="unsure"), reader=lambda: READER)
    (row,) = model.label(suite.posts_of([LOST], ["it"])).to_pylist()
    assert row["reason"] == "unsure:tiny"
    assert model.reasons == {"unsure:tiny"}
    # "nuovo" is nothing: half of 4 for negative.
    assert row["score"] == pytest.approx(np.exp(2) / (np.exp(2) + 2), abs=1e-4)


def test_revisions_change_with_whatever_may_change_an_answer(folder: Path) -> None:
    def revisions(reader: Stub = READER, **said: Any) -> tuple[str, ...]:
        return tuple(one.revision for one in seconded([First()], settings(folder, **said), reader=lambda: reader))

    seen = [
        revisions(only="unsure"),
        revisions(only="unsure", below=0.7),
        revisions(only="unsure", languages=("it",)),
        revisions(dataclasses.replace(READER, revision="stub2"), only="unsure"),
        revisions(),
    ]
    firsts, models = {one[0] for one in seen}, {one[1] for one in seen}
    assert len(firsts) == len(models) == len(seen)
    assert all(not set("@ \n") & set(revision) for revision in firsts | models)


def test_a_whole_reading_in_a_lake_says_who_spoke(folder: Path, tmp_path: Path) -> None:
    from seguito import collect, label, open_lake

    (tmp_path / "comments.csv").write_text(
        "id,author,text,created\n1,anna,che bello bello davvero bello,2024-01-01\n"
        "2,bea,brutto brutto davvero brutto,2024-01-02\n"
    )
    with open_lake(tmp_path / "w") as lake:
        collect(lake, tmp_path / "comments.csv", creator="marta")
        (tmp_path / "w" / "settings.toml").write_text(f'[models]\nsentiment = "{folder}"\n')
        label(lake)
        rows = sentiments(lake)
        assert [(value, source.rsplit("@")[0]) for value, source, negated in rows if not negated] == [
            ("negative", "sentiment.tiny"),
            ("positive", "sentiment.tiny"),
        ]
        # Nothing is read twice by the same model; another model reads all again, and the old word does not stand.
        assert label(lake).added.get("labels", 0) == 0
        tiny.write_model(folder, {word: tuple(reversed(said)) for word, said in tiny.WORDS.items()})
        label(lake)
        assert sorted(value for value, _, negated in sentiments(lake, newest=True) if not negated) == [
            "negative",
            "positive",
        ]
        assert {source for _, source, _ in sentiments(lake, newest=True)}.isdisjoint({source for _, source, _ in rows})
        (tmp_path / "w" / "settings.toml").unlink()
        label(lake)
        # Without the settings it speaks no more: what it said is withdrawn, or the reader's own word stands.
        snapshot = lake.snapshot()
        standing = snapshot.engine.fetch(effective(snapshot.current("labels"))).to_pylist()
        assert [row for row in standing if "tiny" in row["source"]] == []


def test_several_processes_find_the_same(folder: Path) -> None:
    """Reader and model travel to processes that were started anew, and find there what they find here."""
    chosen = seconded(labellers(), settings(folder, only="unsure", below=0.99))
    texts = ["che bello", "forse", "brutto brutto", "bello tavolo di casa mia", "fa schifo", "hate"] * 5
    posts = pa.RecordBatch.from_pydict(
        {"uri": [f"p{n}" for n in range(30)], "text": texts, "version": ["v"] * 30},
        pa.schema([(name, pa.string()) for name in ("uri", "text", "version")]),
    )
    names = frozenset(one.name for one in chosen)
    task = Task(to_bytes(posts), 30, names, True, "mark", datetime(2024, 1, 1, tzinfo=UTC), "batch")
    with readers(chosen, 30, 2) as pool:
        (there,) = pool.results(pool.submit([task]))
    assert there.to_pylist() == work(task, chosen).to_pylist()
    assert any(source.startswith("sentiment.tiny@") for source in there["source"].to_pylist())


def sentiments(lake: Any, *, newest: bool = False) -> list[tuple[str, str, bool]]:
    snapshot = lake.snapshot()
    rows = snapshot.engine.fetch(snapshot.table("labels")).to_pylist()
    rows = [row for row in rows if row["label"] == "sentiment"]
    last = max((row["observed_at"] for row in rows), default=None)
    picked = [row for row in rows if not newest or row["observed_at"] == last]
    return sorted((row["value"], row["source"], row["negated"]) for row in picked)


@pytest.mark.parametrize(
    ("models", "what", "advice"),
    [
        ({"sentimet": {}}, "no label", "Did you mean 'sentiment'?"),
        ({"sentiment": {"languages": ("nl",)}}, "not given", "en, it"),
        ({"offensive": {"only": "unsure"}}, "does not read offensive", "sentiment"),
    ],
)
def test_settings_that_do_not_fit_are_said(folder: Path, models: dict[str, Any], what: str, advice: str) -> None:
    ((name, said),) = models.items()
    if name == "offensive":
        said = {**said, "labels": {"negative": "yes", "neutral": "-", "positive": "-"}}
    chosen = Settings(models={name: ModelSettings(model=str(folder), **said)})
    with pytest.raises(UsageError) as caught:
        seconded([], chosen, reader=lambda: READER)
    assert what in caught.value.what
    assert advice in caught.value.advice


def test_it_is_told_who_reads_what(folder: Path) -> None:
    assert " reads every post in en, it; scores as it gives them." in second(folder).told()
    assert "is not sure, in it;" in _unsure(folder, languages=("it",)).told()


def _unsure(folder: Path, **said: Any) -> Second:
    chosen = seconded([], settings(folder, only="unsure", **said), reader=lambda: READER)
    (one,) = [one for one in chosen if isinstance(one, Second)]
    return one


def test_the_shipped_reader_and_a_model_behind_it(folder: Path) -> None:
    """The reader's own scores decide who speaks: those that posts bring with them, and those it gives when asked."""
    reader = Reader.load("open")
    texts = ["che bello, ti adoro, grazie mille!", "fa schifo, che vergogna", "forse domani", "bello", "brutto tavolo"]
    (*firsts, model) = seconded(labellers(), settings(folder, only="unsure", below=0.8))
    posts = prepare(pa.array([f"p{n}" for n in range(5)]), pa.array(texts), pa.array(["it"] * 5))
    scores = reader.read(pa.array(texts), ["sentiment"], pa.array(["it"] * 5))["sentiment"]
    unsure = {f"p{n}" for n in np.flatnonzero(certainty(reader.heads["sentiment"], scores) < 0.8)}
    assert isinstance(model, Second)
    assert set(posts["uri"].filter(model.asked.of(posts)).to_pylist()) == unsure
    assert 0 < len(unsure) < 5
    given = [row for one in firsts for row in one.label(posts).to_pylist() if row["label"] == "sentiment"]
    assert {row["subject_uri"] for row in given}.isdisjoint(unsure)
    assert {row["subject_uri"] for row in model.label(posts).to_pylist()} <= unsure


def test_two_classifiers_as_one(folder: Path) -> None:
    model = open_model(str(folder), "sentiment")
    both = Cascade(Unsure(READER, "sentiment"), model)
    scores = both.read(pa.array([SURE, TORN, LOST, ""]))["sentiment"]
    assert scores[0].tolist() == [0.02, 0.08, 0.9]
    assert scores[1].tolist() == model.read(pa.array([TORN]))["sentiment"][0].tolist()
    assert scores[2].tolist() == model.read(pa.array([LOST]))["sentiment"][0].tolist()
    assert np.isnan(scores[3]).all()
    assert both.read(pa.array([SURE]), ["irony"]) == {}


def test_what_the_second_does_not_read_stays_as_the_first_said(folder: Path) -> None:
    torn = Stub((("@marta", (0.25, 0.2, 0.55)),))
    both = Cascade(Unsure(torn, "sentiment"), open_model(str(folder), "sentiment"))
    assert both.read(pa.array(["@marta"]))["sentiment"].tolist() == [[0.25, 0.2, 0.55]]


def test_certainty_by_hand() -> None:
    softmax = Head(name="a", values=("x", "y"), kind="softmax", none=True)
    assert certainty(softmax, np.array([[0.1, 0.2], [0.6, 0.1], [np.nan, np.nan]])).tolist() == pytest.approx(
        [0.7, 0.6, 0]
    )
    sigmoid = Head(name="b", values=("x", "y"))
    assert certainty(sigmoid, np.array([[0.9, 0.3], [0.05, 0.02]])).tolist() == pytest.approx([0.7, 0.95])


def test_a_labeller_that_yields_keeps_all_else_that_it_is(folder: Path) -> None:
    first = First()
    one = Yielding(first, "sentiment", Asked(frozenset({"it"})))
    assert (one.name, one.labels, one.languages, one.reasons) == ("first", first.labels, BOTH, frozenset())
    assert one.rows == first.rows[1:]
    assert one.languages_by_label == {"sentiment": BOTH, "thanks": BOTH}
    assert one.revision.startswith("1.")


def test_a_model_that_is_damaged_stops_before_anything_is_read(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no")
    with pytest.raises(BadInput):
        seconded([First()], settings(folder))
