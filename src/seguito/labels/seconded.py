"""Larger models among the labellers: which one reads what, as the settings say.

A model that is always asked takes the place of the labellers of its label. One that is asked only where the compact
reader is not sure stands beside them: they keep silent there, it speaks there, and each label carries the source of
the one that gave it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.errors import UsageError
from seguito.kit.settings import ModelSettings, Settings, nearest
from seguito.labels.catalogue import LABELS
from seguito.labels.contract import LANGUAGES, Labeller, Row, found
from seguito.labels.models.classifier import Classifier, Scores, Unsure
from seguito.labels.models.onnx import OnnxModel, open_model
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.models.voices import _SILENT as SILENT
from seguito.labels.reading import scores_of


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


def seconded(
    first: Sequence[Labeller],
    settings: Settings,
    *,
    reader: Callable[[], Classifier] | None = None,
) -> list[Labeller]:
    """The labellers with the models of the settings in place of some, or beside them.

    Args:
        first: the labellers that there are.
        settings: which models are set.
        reader: loads the compact reader, for models that are asked only where it is not sure; by default the one
            that ships.

    Raises:
        UsageError: a label or a language is not known, or the reader does not read it.
        SeguitoError: a model cannot be opened.
    """
    chosen = list(first)
    threads = settings.label.threads or max(1, cores() // (settings.label.processes or 1))
    for name, said in sorted(settings.models.items()):
        if name not in LABELS:
            raise UsageError(f"The settings name a model for '{name}', which is no label.", nearest(name, LABELS))
        model = open_model(said.model, name, said, threads=threads)
        asked = Asked(_languages(name, said, chosen), _unsure(name, said, reader))
        chosen = [after for one in chosen for after in _before(one, name, asked)]
        chosen.append(Second(name, model.name, model, asked))
    return chosen


def _before(one: Labeller, name: str, asked: Asked) -> list[Labeller]:
    """What remains of a labeller where a model is set for one of its labels: it, less of it, or nothing."""
    if name not in one.labels:
        return [one]
    languages = languages_of_label(one, name)
    replaced = asked.unsure is None and bool(languages) and languages <= asked.languages
    return [] if replaced and len(one.labels) == 1 else [Yielding(one, name, asked)]


def languages_of_label(one: Labeller, label: str) -> frozenset[str]:
    """The languages in which a labeller gives one of its labels."""
    by_label: Mapping[str, frozenset[str]] = getattr(one, "languages_by_label", {})
    return by_label.get(label, one.languages)


def _languages(name: str, said: ModelSettings, chosen: Iterable[Labeller]) -> frozenset[str]:
    """The languages a model is asked in: those set, or all in which the label is given."""
    reading = [languages_of_label(one, name) for one in chosen if name in one.labels]
    known = frozenset(LANGUAGES).union(*reading)
    for language in said.languages:
        if language not in known:
            raise UsageError(
                f"The model of {name} is set for '{language}', in which that label is not given.",
                f"Languages are {', '.join(sorted(known))}.",
            )
    return frozenset(said.languages) or known


def _unsure(name: str, said: ModelSettings, reader: Callable[[], Classifier] | None) -> Unsure | None:
    if said.only == "always":
        return None
    first = reader() if reader else _compact()
    if name not in first.heads:
        raise UsageError(
            f"The compact reader does not read {name}, so it can never be unsure of it.",
            f'Let the model read everything: take only = "unsure" out. The reader reads {", ".join(first.heads)}.',
        )
    return Unsure(first, name, said.below)


def _compact() -> Classifier:
    return Reader.load(OPEN)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
