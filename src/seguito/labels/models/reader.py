"""The compact reader: texts in, a calibrated probability for every value of every label out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.kit.errors import BadInput, NotFound, UsageError
from seguito.labels.models import fast, features
from seguito.labels.models.context import additions
from seguito.labels.models.header import Head
from seguito.labels.models.plan import Floats, Groups, groups, plan
from seguito.labels.models.portable import Portable
from seguito.labels.models.stream import sound
from seguito.labels.models.weights import Weights, load

FOLDER: Final = "SEGUITO_MODELS"
SUFFIX: Final = ".weights"
OPEN, RESEARCH = "open", "research"

Scores = npt.NDArray[np.float64]


class Way(Protocol):
    """One of the two ways from texts to probabilities; both give the same."""

    def read(self, texts: pa.Array, groups: Groups | None, extra: Floats | None) -> Floats:
        """The probability of every column."""


class Reader:
    """Reads texts with one weight file.

    Args:
        weights: what `weights.load` gave.
        compiled: read by the compiled way; by default, where it is there.
    """

    def __init__(self, weights: Weights, *, compiled: bool | None = None) -> None:
        self.weights = weights
        self._plan = plan(weights.header)
        self._compiled = fast.usable() if compiled is None else compiled
        self._way: Way = fast.Fast(weights, self._plan) if self._compiled else Portable(weights, self._plan)
        self._spans = {head.name: (begin, begin + len(head.values)) for head, begin, _ in self._plan.spans()}
        self.heads: Mapping[str, Head] = MappingProxyType({head.name: head for head in weights.header.heads})

    def __reduce__(self) -> tuple[object, ...]:
        # Each process builds its own: pointers do not travel.
        return _again, (self.weights, self._compiled)

    @classmethod
    def load(cls, which: str | Path) -> Reader:
        """The reader of the weights `open` or `research`, or of a file; each is loaded once.

        Raises:
            NotFound: there is no such file.
            BadInput: it is damaged, of another version, or no weight file.
        """
        place = place_of(which) if isinstance(which, str) else which
        try:
            state = place.stat()
        except OSError as error:
            raise NotFound(f"The weight file {place} cannot be read ({error.strerror}).", _advice(which)) from error
        return _loaded(place, state.st_mtime_ns, state.st_size)

    @property
    def revision(self) -> str:
        """Changes with every change of the weights or of what is read in texts."""
        return self.weights.revision

    @property
    def compiled(self) -> bool:
        """Whether it reads by the compiled way."""
        return self._compiled

    def read(
        self,
        texts: pa.Array | pa.ChunkedArray,
        heads: Iterable[str] | None = None,
        languages: pa.Array | pa.ChunkedArray | None = None,
        context: pa.RecordBatch | None = None,
    ) -> dict[str, Scores]:
        """Calibrated probabilities: for each head a row for each text and a column for each value.

        A row of NaN was not read: no n-gram of it is known, or the head does not read its language. Only the first
        2,000 characters of a text count.

        Args:
            texts: the texts; null is empty.
            heads: names of heads; all where `None`.
            languages: their languages, null or `und` where unknown; where `None`, the reader looks for itself.
            context: what else is known of them (see `Header.context`), a row for each text.
        """
        chosen = self._chosen(heads)
        found = self.columns(texts, languages, context)
        return {name: found[:, begin:end] for name, (begin, end) in chosen.items()}

    @property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """For each head its first column in `columns`, and the one after its last."""
        return self._spans

    def columns(
        self,
        texts: pa.Array | pa.ChunkedArray,
        languages: pa.Array | pa.ChunkedArray | None = None,
        context: pa.RecordBatch | None = None,
    ) -> Scores:
        """The probabilities of all heads side by side, as `read` gives them one by one; where, is told by `spans`."""
        ready = sound(texts)
        for name, other in (("languages", languages), ("context", context)):
            if other is not None and len(other) != len(ready):
                raise UsageError(
                    f"There are {len(ready)} texts but {len(other)} rows of {name}.", "Give one for each text."
                )
        of = None if languages is None else groups(self.weights.header, languages)
        return self._way.read(ready, of, None if context is None else additions(self.weights, context))

    def explain(self, text: str, head: str, value: str, n: int = 5) -> list[tuple[str, float]]:
        """The words and pairs of words that spoke most for or against a value, with their shares of its log odds.

        Args:
            text: the text.
            head: the head asked.
            value: one of its values.
            n: how many are named, the weightiest first.
        """
        from seguito.labels.models.explain import contributions

        self._chosen([head])
        if value not in self.heads[head].values:
            raise UsageError(f"{head} has no value {value}.", f"Its values are {', '.join(self.heads[head].values)}.")
        return contributions(self.weights, self._plan, text, head, value)[:n]

    def _chosen(self, heads: Iterable[str] | None) -> dict[str, tuple[int, int]]:
        names = list(self.heads) if heads is None else list(heads)
        for name in names:
            if name not in self.heads:
                raise UsageError(f"These weights have no head {name}.", f"They have {', '.join(self.heads)}.")
        return {name: self._spans[name] for name in names}


def place_of(which: str) -> Path:
    """Where the weights of a name lie: in the package, in the folder of SEGUITO_MODELS, or with the user's files."""
    if which == OPEN:
        return Path(__file__).with_name(OPEN + SUFFIX)
    if which != RESEARCH:
        raise UsageError(f"There are no weights called {which}.", f"Say {OPEN}, {RESEARCH}, or the path of a file.")
    return folder() / (RESEARCH + SUFFIX)


def folder() -> Path:
    """Where weights that the user has built are kept."""
    named = os.environ.get(FOLDER)
    if named:
        return Path(named).expanduser()
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "seguito" / "models"


def _advice(which: str | Path) -> str:
    if which == RESEARCH:
        return (
            f"Build it with `make weights-research` in the sources of Seguito, or set {FOLDER} to the folder it is in."
        )
    return "Install Seguito again." if which == OPEN else "Name a file that was made by the training."


@cache
def _loaded(place: Path, changed: int, size: int) -> Reader:
    # A file that changed since is another file: `changed` and `size` are part of what is remembered.
    weights = load(place)
    if weights.header.features != features.REVISION:
        raise BadInput(
            f"{place} was made for n-grams of version {weights.header.features}; "
            f"this version of Seguito reads version {features.REVISION}.",
            "Make it anew with the training of this version, or install the version it was made for.",
        )
    return Reader(weights)


def _again(weights: Weights, compiled: bool) -> Reader:  # noqa: FBT001, called by pickle alone
    return Reader(weights, compiled=compiled and fast.usable())
