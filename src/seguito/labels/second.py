"""A larger model as a labeller of one label, and a labeller that keeps silent where the model is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.contract import Labeller, Row, found
from seguito.labels.models.classifier import Classifier, Scores, Unsure
from seguito.labels.models.onnx import OnnxModel
from seguito.labels.models.reader import Reader
from seguito.labels.models.voices import _SILENT as SILENT
from seguito.labels.reading import scores_of


def label_of(source: str) -> str | None:
    """The label that a source speaks of, where the source is a larger model; `None` for any other labeller."""
    name, _, _ = source.partition("@")
    label, dot, _ = name.partition(".")
    return label if dot else None


@dataclass(frozen=True)
class Asked:
    """Where a model is asked.

    Attributes:
        languages: in these languages.
        unsure: where the compact reader is not sure; everywhere if `None`.
    """

    languages: frozenset[str]
    unsure: Unsure | None = None

    @property
    def revision(self) -> str:
        """Changes whenever it may be asked of other posts."""
        return f"{','.join(sorted(self.languages))}:{self.unsure.revision if self.unsure else 'always'}"

    def of(self, posts: pa.RecordBatch) -> pa.Array:
        """Whether it is asked of each post."""
        here = pc.is_in(posts.column("language"), pa.array(sorted(self.languages), pa.string()))
        if self.unsure is None:
            return here
        places = np.flatnonzero(here.to_numpy(zero_copy_only=False))
        read = posts.take(pa.array(places))
        asked = np.zeros(posts.num_rows, dtype=np.bool_)
        asked[places] = self.unsure.within(_scores(read, self.unsure))
        return pa.array(asked)


def _scores(posts: pa.RecordBatch, unsure: Unsure) -> Scores:
    """What the reader says of posts: as they bring it with them, where they do."""
    first = unsure.first
    if isinstance(first, Reader):
        begin, end = first.spans[unsure.label]
        return scores_of(posts, first)[:, begin:end]
    return first.read(posts.column("text"), [unsure.label], posts.column("language"))[unsure.label]


@dataclass(frozen=True)
class Second:
    """A larger model as a labeller of one label.

    Attributes:
        label_name: the label.
        title: what the model is called.
        model: who reads.
        asked: where.
        rows: texts that show what it must do; nobody knows any of a model that somebody else made.
    """

    label_name: str
    title: str
    model: Classifier
    asked: Asked
    rows: tuple[Row, ...] = ()

    @property
    def name(self) -> str:
        """The label and the model, so that a row of the labels table says who spoke."""
        return f"{self.label_name}.{self.title}"

    @property
    def revision(self) -> str:
        """Digest of the model's files, of what was set and of where it is asked."""
        return _revision(self.model.revision, self.asked.revision)

    @property
    def labels(self) -> dict[str, frozenset[str] | None]:
        """Its one label, with the values that the model knows."""
        return {self.label_name: frozenset(self.model.heads[self.label_name].values)}

    @property
    def languages(self) -> frozenset[str]:
        """The languages it is asked in."""
        return self.asked.languages

    @property
    def reason(self) -> str:
        """Why it spoke: because it reads everything, or because the compact reader was not sure."""
        return f"{'model' if self.asked.unsure is None else 'unsure'}:{self.title}"

    @property
    def reasons(self) -> frozenset[str]:
        """Its one reason."""
        return frozenset({self.reason})

    def told(self) -> str:
        """One sentence: what it reads, where, and how its scores were made."""
        where = "every post" if self.asked.unsure is None else "posts of which the compact reader is not sure,"
        fitted = self.model.fitted if isinstance(self.model, OnnxModel) else None
        scores = (
            f"temperature {fitted.temperature:g} from {fitted.rows:,} texts" if fitted else "scores as it gives them"
        )
        who, languages = f"{self.title}@{self.revision}", ", ".join(sorted(self.languages))
        return f"{self.label_name}: {who} reads {where} in {languages}; {scores}."

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """The value of every post it is asked of, where the model is sure enough of one."""
        mine = posts.filter(self.asked.of(posts))
        head = self.model.heads[self.label_name]
        scores = self.model.read(mine.column("text"), [self.label_name], mine.column("language"))[self.label_name]
        decided, _ = head.decide(scores)
        silent = [n for n, value in enumerate(head.values) if value in SILENT.get(self.label_name, ())]
        rows = np.flatnonzero((decided >= 0) & ~np.isin(decided, silent))
        values = pa.array(head.values, pa.string()).take(pa.array(decided[rows]))
        uris = mine.column("uri").take(pa.array(rows))
        return found(uris, self.label_name, values, score=pa.array(scores[rows, decided[rows]]), reason=self.reason)


@dataclass(frozen=True)
class Yielding:
    """A labeller that keeps silent about one label where a model is asked.

    Attributes:
        first: the labeller.
        label_name: the label.
        asked: where the model is asked.
    """

    first: Labeller
    label_name: str
    asked: Asked

    @property
    def name(self) -> str:
        """That of the labeller: it is the same one."""
        return self.first.name

    @property
    def revision(self) -> str:
        """Changes with the labeller, and with where it keeps silent."""
        return f"{self.first.revision}.{_revision(self.label_name, self.asked.revision)}"

    @property
    def labels(self) -> dict[str, frozenset[str] | None]:
        """All labels of the labeller."""
        return dict(self.first.labels)

    @property
    def languages(self) -> frozenset[str]:
        """Those of the labeller."""
        return self.first.languages

    @property
    def languages_by_label(self) -> Mapping[str, frozenset[str]]:
        """Those of the labeller, label by label."""
        return {label: languages_of_label(self.first, label) for label in self.first.labels}

    @property
    def reasons(self) -> frozenset[str]:
        """Those of the labeller."""
        return self.first.reasons

    @property
    def rows(self) -> tuple[Row, ...]:
        """Those of the labeller that are about its other labels."""
        return tuple(row for row in self.first.rows if row.label != self.label_name)

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """What the labeller finds, without what is the model's to say."""
        given = self.first.label(posts)
        theirs = posts.column("uri").filter(self.asked.of(posts))
        withheld = pc.and_(
            pc.equal(given.column("label"), self.label_name), pc.is_in(given.column("subject_uri"), theirs)
        )
        return given.filter(pc.invert(withheld))


def _revision(*parts: str) -> str:
    return sha256(" ".join(parts).encode()).hexdigest()[:12]


def languages_of_label(one: Labeller, label: str) -> frozenset[str]:
    """The languages in which a labeller gives one of its labels."""
    by_label: Mapping[str, frozenset[str]] = getattr(one, "languages_by_label", {})
    return by_label.get(label, one.languages)
