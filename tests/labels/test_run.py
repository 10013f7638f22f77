"""The labelling step: what is read, what is read again, and that nothing depends on how the work was cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from seguito.facts.batch import Batch
from seguito.facts.label import Label
from seguito.facts.post import Post
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.kit.errors import Transient
from seguito.labels import pool
from seguito.labels.contract import Labeller, Row, found
from seguito.labels.effective import effective
from seguito.labels.pool import LEAST, PART, Readers
from seguito.labels.registry import labellers
from seguito.labels.run import run
from seguito.store.lake import Lake, open_lake

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXTS = (
    "qualcuno sa dove si compra quella lampada",
    "GRAZIEEE di cuore per questo video",
    "thank you so much for the recipe",
    "❤️❤️❤️",
    "das ist wirklich ein sehr schöner Film gewesen",
    "ci manchi tantissimo, torna presto",
    None,
)


def post(name: str, text: str | None, **fields: Any) -> Post:
    return Post(
        uri=f"x:post:{name}",
        platform="x",
        kind="comment",
        text=text,
        created_at=MONDAY,
        **{"observed_at": MONDAY, "batch_id": "posts", **fields},
    )


def append(lake: Lake, table: str, facts: Sequence[Any], batch_id: str) -> None:
    staging = lake.stage(batch_id)
    staging.add(table, to_batch(facts, TABLES[table].schema))
    lake.commit(
        staging,
        Batch(batch_id=batch_id, sequence=0, step="collect", source="test", started_at=MONDAY, finished_at=MONDAY),
    )


def written(lake: Lake) -> list[tuple[Any, ...]]:
    """Every row of the labels table, without when and in which batch it was written."""
    table = lake.snapshot().engine.fetch(lake.snapshot().table("labels"))
    names = ("subject_uri", "label", "value", "source", "by_person", "negated", "reason")
    return sorted(zip(*(table[name].to_pylist() for name in names), strict=True), key=str)


# What is looked at here; the reader says more of these texts, such as that thanks are kind.
LOOKED_AT = ("question", "thanks", "worry", "low_effort", "word", "second", "moon")


def standing(lake: Lake, *, labels: Iterable[str] = LOOKED_AT) -> set[tuple[str, str, str]]:
    """What counts now: short name, label, value."""
    snapshot = lake.snapshot()
    rows = snapshot.engine.fetch(effective(snapshot.current("labels"))).to_pylist()
    return {(row["subject_uri"].split(":")[2], row["label"], row["value"]) for row in rows if row["label"] in labels}


@dataclass(frozen=True)
class Contains:
    """Finds a word; what it looks for is not part of its source, its revision is."""

    word: str = "sole"
    revision: str = "1"
    name: str = "word"
    labels: dict[str, frozenset[str] | None] = field(default_factory=lambda: {"word": frozenset({"yes"})})
    languages: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()
    calls: list[int] = field(default_factory=list)

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        self.calls.append(posts.num_rows)
        hit = pc.match_substring(posts.column("plain"), self.word)
        return found(posts.column("uri").filter(hit), "word", "yes")


def test_what_is_found_stands_in_the_lake_with_its_source_and_reason(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post(str(n), text) for n, text in enumerate(TEXTS)], "posts")
        run(lake)
        assert standing(lake) == {
            ("0", "question", "genuine"),
            ("1", "thanks", "yes"),
            ("2", "thanks", "yes"),
            ("3", "low_effort", "yes"),
            ("5", "worry", "yes"),
        }
        rows = written(lake)
        languages = {row[0][-1]: row[2] for row in rows if row[1] == "language"}
        assert languages == {"0": "it", "1": "it", "2": "en", "3": "zxx", "4": "de", "5": "it"}
        assert sum(row[1] == "read" for row in rows) == 6, "a post without text is not read"
        (asked,) = [row for row in rows if row[1] == "question"]
        assert asked[3].startswith("reader@")
        assert asked[6] is None, "why is told by `seguito explain`"


def test_a_second_run_reads_only_what_is_new(tmp_path: Path) -> None:
    word = Contains()
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "il sole"), post("b", "la luna")], "posts")
        run(lake, chosen=[word])
        before = len(lake.batches())
        run(lake, chosen=[word])
        assert word.calls == [2]
        assert len(lake.batches()) == before, "nothing to read makes no batch"
        append(lake, "posts", [post("c", "ancora sole")], "more")
        run(lake, chosen=[word])
        assert word.calls == [2, 1]
        assert standing(lake) == {("a", "word", "yes"), ("c", "word", "yes")}


def test_processes_and_commits_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [post(f"{n}-{m}", text) for n in range(9) for m, text in enumerate(TEXTS)]
    rows = []
    for name, processes, commit, part in (("one", 1, 1_000, 10_000), ("two", 2, 1_000, 8), ("cut", 2, 11, 3)):
        monkeypatch.setattr("seguito.labels.pool.PART", part)
        monkeypatch.setattr("seguito.labels.pool.LEAST", 1)
        with open_lake(tmp_path / name) as lake:
            append(lake, "posts", posts, "posts")
            receipt = run(lake, processes=processes, commit=commit)
            rows.append(written(lake))
            assert receipt.added["labels"] == len(rows[-1])
            assert receipt.sequence == lake.snapshot().sequence
    assert rows[0] == rows[1] == rows[2]


def test_a_changed_text_is_read_again_and_its_old_labels_fall_away(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "grazie mille di cuore"), post("b", "grazie anche da me")], "posts")
        run(lake)
        assert standing(lake) == {("a", "thanks", "yes"), ("b", "thanks", "yes")}
        edited = post("a", "qualcuno sa dove si compra", observed_at=MONDAY + timedelta(days=1))
        append(lake, "posts", [edited], "later")
        run(lake)
        assert standing(lake) == {("a", "question", "genuine"), ("b", "thanks", "yes")}
        edited_back = post("a", "grazie mille di cuore", observed_at=MONDAY + timedelta(days=2))
        append(lake, "posts", [edited_back], "last")
        run(lake)
        assert standing(lake) == {("a", "thanks", "yes"), ("b", "thanks", "yes")}


def test_raising_one_revision_reads_again_with_that_one_only(tmp_path: Path) -> None:
    word, other = Contains(), Contains(word="luna", name="moon")
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "il sole"), post("b", "sale e sole"), post("c", "la luna")], "posts")
        run(lake, chosen=[word, other])
        raised = Contains(word="sale", revision="2")
        run(lake, chosen=[raised, other])
        assert other.calls == [3], "the labeller that did not change does not read again"
        assert raised.calls == [3]
        assert standing(lake) == {("b", "word", "yes"), ("c", "word", "yes")}
        assert sum(row[1] == "language" for row in written(lake)) == 3, "languages are not written again"


def test_a_new_labeller_reads_alone_and_a_removed_one_loses_its_word(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Second(Contains):
        name: str = "second"
        labels: dict[str, frozenset[str] | None] = field(default_factory=lambda: {"second": frozenset({"yes"})})

        def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
            self.calls.append(posts.num_rows)
            return found(posts.column("uri"), "second", "yes")

    word, second = Contains(), Second()
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "il sole")], "posts")
        run(lake, chosen=[word])
        run(lake, chosen=[word, second])
        assert (word.calls, second.calls) == ([1], [1])
        assert standing(lake) == {("a", "word", "yes"), ("a", "second", "yes")}
        run(lake, chosen=[second])
        assert standing(lake) == {("a", "second", "yes")}


def test_a_persons_word_stands_through_every_reading(tmp_path: Path) -> None:
    no = Label(
        subject_uri="x:post:a",
        label="thanks",
        value="yes",
        source="person",
        by_person=True,
        negated=True,
        observed_at=MONDAY,
        batch_id="hand",
    )
    yes = replace(no, subject_uri="x:post:b", label="worry", value="wellbeing", negated=False)
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "grazie mille al sindaco"), post("b", "la luna stasera")], "posts")
        append(lake, "labels", [no, yes], "hand")
        run(lake)
        assert standing(lake) == {("b", "worry", "wellbeing")}
        append(lake, "posts", [post("b", "la luna ieri", observed_at=MONDAY + timedelta(days=1))], "later")
        run(lake)
        assert standing(lake) == {("b", "worry", "wellbeing")}, "code never withdraws what a person said"


class Interrupts(Contains):
    """Is stopped by Ctrl-C at its third batch."""

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        if len(self.calls) == 2:
            self.calls.append(0)
            raise KeyboardInterrupt
        return super().label(posts)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    posts = [post(f"{n:02}", "il sole") for n in range(10)]
    word = Interrupts()
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", posts, "posts")
        with pytest.raises(KeyboardInterrupt):
            run(lake, chosen=[word], commit=3)
        assert len(standing(lake)) == 6, "two commits of three posts stand"
        assert not list(lake.layout.staging.glob("*")), "what was not committed leaves nothing behind"
        run(lake, chosen=[word], commit=3)
        assert word.calls == [3, 3, 0, 3, 1]
        assert len(standing(lake)) == 10
        assert len(written(lake)) == 30


@dataclass(frozen=True)
class Dies(Contains):
    """Ends its process, as the system does when memory runs out."""

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        import os

        os._exit(9)


def test_a_process_that_dies_is_told_in_a_sentence(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post("a", "il sole")], "posts")
        with pytest.raises(Transient, match="ended before its time"):
            run(lake, chosen=[Dies()], processes=2)
        assert standing(lake) == set()


def test_progress_counts_every_post(tmp_path: Path) -> None:
    class Counts:
        told: list[Any] = []  # noqa: RUF012

        def start(self, step: str, total: int | None = None) -> None:
            self.told.append((step, total))

        def advance(self, done: int = 1) -> None:
            self.told.append(done)

        def say(self, text: str) -> None: ...

        def finish(self) -> None:
            self.told.append("finish")

    with open_lake(tmp_path / "w") as lake:
        append(lake, "posts", [post(str(n), "il sole") for n in range(5)], "posts")
        run(lake, progress=Counts(), commit=2, chosen=[Contains()])
        assert Counts.told == [("label", 5), 2, 2, 1, "finish"]


def test_few_posts_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "ProcessPoolExecutor", None)
    chosen: list[Labeller] = [Contains()]
    with pool.readers(chosen, pool.FEW - 1) as reading:
        assert reading.pool is None


@pytest.mark.spark
def test_spark_reads_the_same(tmp_path: Path, spark_master: str) -> None:
    posts = [post(str(n), text) for n, text in enumerate(TEXTS)]
    edited = post("1", "qualcuno sa dove si compra", observed_at=MONDAY + timedelta(days=1))
    rows = []
    for name, options in (("here", {}), ("there", {"engine": "spark", "master": spark_master})):
        with open_lake(tmp_path / name, **options) as lake:  # type: ignore[arg-type]
            append(lake, "posts", posts, "posts")
            run(lake, commit=4)
            append(lake, "posts", [edited], "later")
            run(lake, commit=4)
        with open_lake(tmp_path / name) as lake:
            rows.append(written(lake))
    assert rows[0] == rows[1]
    assert ("x:post:1", "thanks") in {row[:2] for row in rows[0] if row[5]}, "what was edited away is withdrawn"


def test_a_comment_is_read_in_a_fraction_of_a_millisecond() -> None:
    """A guard against a pattern or a loop that makes a million comments a matter of hours; a fifth of it is usual."""
    import time

    text = "ma quando esce la seconda parte di questo video che mi hai fatto vedere ieri grazie mille davvero"
    words = text.split()
    texts = [" ".join(words[(n * 7 + m) % len(words)] for m in range(12)) + f" {n}" for n in range(20_000)]
    batch = pa.RecordBatch.from_pydict(
        {"uri": [str(n) for n in range(len(texts))], "text": texts, "version": ["v"] * len(texts)}
    )
    chosen = labellers()
    task = pool.Task(
        posts=pool.to_bytes(batch),
        rows=len(texts),
        names=frozenset(one.name for one in chosen),
        language=True,
        mark="m",
        at=MONDAY,
        batch_id="b",
    )
    pool.work(replace(task, posts=pool.to_bytes(batch.slice(0, 1))), chosen)
    started = time.process_time()
    labels = pool.work(task, chosen)
    assert labels.num_rows > 2 * len(texts)
    assert (time.process_time() - started) / len(texts) < 150e-6


def test_an_empty_lake_has_nothing_to_read(tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        receipt = run(lake)
        assert (receipt.sequence, receipt.changed) == (0, False)
        append(lake, "posts", [post("a", None)], "posts")
        assert run(lake).sequence == 1, "a post without text is nothing to read"
        assert written(lake) == []


def test_every_process_has_its_share_of_posts() -> None:
    assert Readers((), None).part(200_000) == PART
    assert Readers((), None, 8).part(200_000) == 25_000
    assert Readers((), None, 8).part(40_001) == LEAST
    assert Readers((), None, 2).part(0) == LEAST
