"""What a weight file says of itself: its heads, and how their sums become probabilities."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt


class Calibration(msgspec.Struct, forbid_unknown_fields=True):
    """What turns the sum of a head into a probability: (sum + shift) / temperature."""

    temperature: float = 1.0
    shift: tuple[float, ...] = ()


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question that the reader answers.

    Attributes:
        name: the label it gives.
        values: its values, in the order of the columns.
        kind: `sigmoid` (each value for itself) or `softmax` (exactly one of them, or none).
        none: whether a softmax head has one more column that stands for "none of them"; it is not given out.
        languages: the languages it reads; empty when all.
        thresholds: from which probability on each value is given.
        band: probabilities between these two are "not sure".
        calibration: by language; the one under `*` where a language has none, or is not known.
    """

    name: str
    values: tuple[str, ...]
    kind: str = "sigmoid"
    none: bool = False
    languages: tuple[str, ...] = ()
    thresholds: tuple[float, ...] = ()
    band: tuple[float, float] = (0.4, 0.6)
    calibration: dict[str, Calibration] = {}

    @property
    def columns(self) -> int:
        """How many columns it has in the weights."""
        return len(self.values) + self.none

    def decide(self, scores: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """The number of the value each row gets (-1: none, or not read), and whether that is "not sure"."""
        known = np.nan_to_num(scores, nan=-1.0)
        best = known.argmax(axis=1)
        score = known[np.arange(len(known)), best]
        limits = np.array(self.thresholds or [0.5] * len(self.values))
        low, high = self.band
        return np.where(score >= limits[best], best, -1), (score >= low) & (score < high)


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something known of a post beside its text: a number, a truth value, or nothing.

    Attributes:
        name: the column it is read from.
        steps: its value becomes the share of these that it reaches; without steps it is cut to `low` and `high`.
        low: least value.
        high: greatest value.
    """

    name: str
    steps: tuple[float, ...] = ()
    low: float = 0.0
    high: float = 1.0


class Linear(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Columns of the table that are added to the sums of one head in one language, beside the hidden layer."""

    head: str
    language: str


class Header(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What must be known to use the arrays.

    Attributes:
        name: what the file is called in `models.toml`.
        features: `features.REVISION` of the n-grams it was made with.
        rows: n-grams it knows.
        width: columns of the table that lead to the hidden layer.
        hidden: units of the hidden layer.
        cap: an n-gram counts at most this often in one text.
        heads: in the order of their columns.
        languages: the languages of calibrations and linear columns.
        language_head: the head that says the language where it is not given.
        language_sure: from which probability on it is believed.
        linear: in the order of their columns.
        context: in the order of the rows of the array.
        licence: under which the file may be used.
        data: names of the data sets it was trained on.
    """

    name: str
    features: int
    rows: int
    width: int
    hidden: int
    cap: int = 1
    heads: tuple[Head, ...]
    languages: tuple[str, ...] = ()
    language_head: str = ""
    language_sure: float = 0.5
    linear: tuple[Linear, ...] = ()
    context: tuple[Context, ...] = ()
    licence: str = ""
    data: tuple[str, ...] = ()

    def head(self, name: str) -> Head:
        """The head of a name; `KeyError` where there is none."""
        return {head.name: head for head in self.heads}[name]

    def start(self, name: str) -> int:
        """The first column of a head."""
        names = [head.name for head in self.heads]
        return sum(head.columns for head in self.heads[: names.index(name)])

    @property
    def columns(self) -> int:
        """Columns of all heads."""
        return sum(head.columns for head in self.heads)

    @property
    def linear_columns(self) -> int:
        """Columns of all linear blocks."""
        return sum(self.head(one.head).columns for one in self.linear)

    def is_sound(self) -> bool:
        """Whether its parts fit together."""
        names = [head.name for head in self.heads]
        rates = [one.temperature for head in self.heads for one in head.calibration.values()]
        shifts = [shift for head in self.heads for one in head.calibration.values() for shift in one.shift]
        return (
            len(set(names)) == len(names) >= 1
            and self.language_head in {"", *names}
            and all(head.values and head.kind in {"sigmoid", "softmax"} for head in self.heads)
            and all(head.kind == "softmax" or not head.none for head in self.heads)
            and all(len(head.thresholds) in {0, len(head.values)} for head in self.heads)
            and all(
                len(one.shift) in {0, head.columns} and set(head.calibration) <= {"*", *self.languages}
                for head in self.heads
                for one in head.calibration.values()
            )
            and all(one.head in names and one.language in self.languages for one in self.linear)
            and all(1e-3 <= rate <= 1e3 for rate in rates)
            and all(abs(shift) <= 1e6 for shift in shifts)
            and len(self.languages) < 100
            and len(self.context) <= 100
            and 1 <= self.width <= 256
            and 1 <= self.hidden <= 512
            and self.columns <= 512
            and self.linear_columns <= 128
        )
