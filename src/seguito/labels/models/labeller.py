"""The compact reader as a labeller: what its probabilities come to, with the word of a rule where that helps.

A row is written only where a value holds. Its score is the reader's calibrated probability: where a rule decided it may
lie below the reader's own threshold, and inside the head's band the label is "not sure". Texts that got no row are not
kept with their probabilities: the reader of the same revision gives them again, to the same four decimals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.labels import folding
from seguito.labels.contract import FOUND, Row
from seguito.labels.language import LANGUAGE
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.models.voices import Voice, voices
from seguito.labels.patterns import Patterns
from seguito.labels.reading import REVISION, scores_of, shipped

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ReaderLabels:
    """Gives every label whose head the weights hold.

    Attributes:
        name: its name.
        given: the reader; by default the shipped one.
        said: how values are decided; by default as `voices.toml` says.
    """

    name: str = "reader"
    given: Reader | None = None
    said: tuple[Voice, ...] | None = None

    @property
    def reader(self) -> Reader:
        """The reader it speaks for."""
        reader = self.given or shipped()
        return Reader.load(OPEN) if reader is None else reader

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """How every value is decided."""
        return self.said if self.said is not None else voices(self.reader.heads)

    @cached_property
    def rules(self) -> dict[str, Patterns]:
        """The rules it asks, by their names."""
        return {one.rule: Patterns(one.rule) for one in self.voices if one.gate is not None}

    @cached_property
    def revision(self) -> str:
        """A digest of the weights, of how values are decided and of the rules: no answer changes without it."""
        said = [f"{one.label}={one.value} {one.threshold} {one.gate} {sorted(one.languages)}" for one in self.voices]
        rules = [f"{name}@{rule.revision}" for name, rule in sorted(self.rules.items())]
        parts = [self.reader.revision, REVISION, LANGUAGE.revision, folding.REVISION, *said, *rules]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]

    @cached_property
    def labels(self) -> Mapping[str, frozenset[str] | None]:
        """Every label that has a voice, with its values."""
        found: dict[str, set[str]] = {}
        for one in self.voices:
            found.setdefault(one.label, set()).add(one.value)
        return {label: frozenset(values) for label, values in found.items()}

    @property
    def languages(self) -> frozenset[str]:
        """Empty: each label has its own; see `languages_by_label`."""
        return frozenset()

    @cached_property
    def languages_by_label(self) -> dict[str, frozenset[str]]:
        """In which languages each label is given; empty where language does not matter."""
        return {one.label: one.languages for one in self.voices}

    @property
    def reasons(self) -> frozenset[str]:
        """None are written: `seguito explain` works them out for the texts somebody asks about."""
        return frozenset()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Plain cases of the commonest labels."""
        return tuple(row for row in _ROWS if row.label in self.labels)

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """Give every label that holds."""
        if not posts.num_rows:
            return _nothing()
        scores = scores_of(posts, self.reader)
        spoken = _Spoken(posts)
        parts = list(self._decided(posts, scores, spoken))
        rows = np.concatenate([rows for _, _, rows, _ in parts])
        sizes = [len(rows) for _, _, rows, _ in parts]
        kind = pa.array(np.repeat(np.arange(len(parts)), sizes))
        return pa.RecordBatch.from_arrays(
            [
                posts.column("uri").take(pa.array(rows)),
                pa.array([label for label, *_ in parts], pa.string()).take(kind),
                pa.array([value for _, value, *_ in parts], pa.string()).take(kind),
                pa.array(np.concatenate([score for *_, score in parts])),
                pa.nulls(len(rows), pa.string()),
            ],
            schema=FOUND,
        )

    def _decided(
        self, posts: pa.RecordBatch, scores: Scores, spoken: _Spoken
    ) -> Iterator[tuple[str, str, Numbers, Scores]]:
        """For every label and value the rows that have it, and their scores; one value a row and label."""
        for label, own in self._by_label.items():
            held = [self._holds(one, posts, scores, spoken) for one in own]
            if len(own) > 1:
                # Where several values hold, the likeliest is given.
                chance = np.where(np.stack(held), np.stack([self._score(one, scores) for one in own]), -1.0)
                best = chance.argmax(axis=0)
                held = [each & (best == number) for number, each in enumerate(held)]
            for one, each in zip(own, held, strict=True):
                rows = np.flatnonzero(each)
                yield label, one.value, rows, self._score(one, scores)[rows]

    @cached_property
    def _by_label(self) -> dict[str, list[Voice]]:
        return {label: [one for one in self.voices if one.label == label] for label in self.labels}

    def _score(self, voice: Voice, scores: Scores) -> Scores:
        """The probability of a value, 0 where the text was not read."""
        found: Scores = np.nan_to_num(scores[:, self._column(voice)])
        return found

    def _column(self, voice: Voice) -> int:
        return self.reader.spans[voice.label][0] + self.reader.heads[voice.label].values.index(voice.value)

    def _holds(self, voice: Voice, posts: pa.RecordBatch, scores: Scores, spoken: _Spoken) -> Mask:
        """Whether a value holds of each post."""
        in_words = spoken.any_of(voice.languages)
        held: Mask = (self._score(voice, scores) >= voice.threshold) & in_words
        if self.reader.heads[voice.label].kind == "softmax":
            # One of the values holds, written or not: this one only if it is the likeliest of all.
            begin, end = self.reader.spans[voice.label]
            held &= scores[:, self._column(voice)] >= scores[:, begin:end].max(axis=1)
        if voice.gate is None:
            return held
        # What the reader has settled need not be asked again. A text of which it knows no part is asked of the rule.
        asked = np.flatnonzero(~held & in_words & ~(scores[:, self._column(voice)] < voice.gate))
        held[self._by_rule(voice, posts, asked)] = True
        return held

    def _by_rule(self, voice: Voice, posts: pa.RecordBatch, asked: Numbers) -> Numbers:
        """Those of some posts to which the rule gives the label."""
        if not len(asked):
            return asked
        numbers, names = pa.array(asked), ("text", "language", "plain")
        columns = [numbers.cast(pa.string()), *(posts.column(name).take(numbers) for name in names)]
        given = self.rules[voice.rule].matching(pa.RecordBatch.from_arrays(columns, names=["uri", *names]))
        hits: Numbers = given.cast(pa.int64()).to_numpy(zero_copy_only=False)
        return hits


class _Spoken:
    """The languages of some posts, looked up once for every set of languages."""

    def __init__(self, posts: pa.RecordBatch) -> None:
        encoded = posts.column("language").fill_null("").dictionary_encode()
        self._names: list[str] = encoded.dictionary.to_pylist()
        self._codes = encoded.indices.to_numpy(zero_copy_only=False)
        self._known: dict[frozenset[str], Mask] = {}

    def any_of(self, languages: frozenset[str]) -> Mask:
        """Which posts are in one of the languages; all, where none is named."""
        if languages not in self._known:
            inside = np.array([not languages or name in languages for name in self._names], dtype=np.bool_)
            self._known[languages] = inside[self._codes]
        return self._known[languages]


def _nothing() -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], column.type) for column in FOUND], schema=FOUND)


_ROWS = (
    Row("Grazie mille di cuore per questo video", "it", "thanks", "yes"),
    Row("Thank you so much for this", "en", "thanks", "yes"),
    Row("Il treno parte alle nove da Bologna", "it", "thanks", None),
    Row("The train leaves at nine", "en", "thanks", None),
    Row("Where did you buy that lamp?", "en", "question", "genuine"),
    Row("The train leaves at nine", "en", "question", None),
    Row("❤️❤️❤️", "it", "low_effort", "yes"),
    Row("Ho provato la tua ricetta con le zucchine e ho messo meno sale", "it", "low_effort", None),
)

READER = ReaderLabels()
