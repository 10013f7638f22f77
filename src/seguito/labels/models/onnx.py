"""A Hugging Face or ONNX text classifier at the boundary of labels: texts in, probabilities of a label's values out.

A model is a folder with an ONNX file, `tokenizer.json` and `config.json`. It is read where it lies; nothing is fetched
and nothing in it is executed beside the operations of the runtime. Answers depend on each text alone: texts are padded
to lengths and batches of fixed sizes, and models that scale by the whole batch get one text at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.errors import BadInput, UsageError
from seguito.kit.settings import ModelSettings
from seguito.labels import folding
from seguito.labels.catalogue import Label, resolve
from seguito.labels.models import calibration, runtime
from seguito.labels.models.classifier import Scores
from seguito.labels.models.folder import CALIBRATION, CONFIG, Folder, digest, open_folder
from seguito.labels.models.header import Head
from seguito.labels.models.names import Meaning, meaning
from seguito.labels.models.plan import DECIMALS
from seguito.labels.models.stream import sound

# Texts run together: few enough that padding a last batch costs little, enough to keep a core busy.
ROWS: Final = 8
LENGTHS: Final = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096)
# Texts whose tokens are held at a time.
HELD: Final = 4_096
# What a model was most likely trained on: people and links are words like any other.
_LINK: Final = r"(?i)\bhttps?://\S+"
_MENTION: Final = r"(^|[^\w@])@[\w.\-]+"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """What makes a model: the same of these is the same model.

    Attributes:
        label: the name of the label it reads.
        settings: as in `settings.toml`.
        threads: on how many threads it runs.
    """

    label: str
    settings: ModelSettings
    threads: int = 1


class OnnxModel:
    """A text classifier for one label; see `open_model`."""

    def __init__(self, asked: Asked) -> None:
        label, value = resolve(asked.label)
        if value is not None or not label.values or label.name == "language":
            raise UsageError(
                f"'{asked.label}' is not read by a model.", "Name a label that has values, such as sentiment."
            )
        self.asked = asked
        self.label: Label = label
        self.folder: Folder = open_folder(asked.settings.model)
        config = self.folder.config
        self.kind = asked.settings.kind or _kind(self.folder)
        self.meaning: Meaning = meaning(label, self.folder.names, asked.settings.labels, self.folder.name)
        place = self.folder.root / CALIBRATION
        self.fitted = calibration.load(place, self.folder.revision, label.name)
        self.tokens = min(asked.settings.tokens, _positions(config))
        self._tokenizer = runtime.tokenizer(self.folder, self.tokens)
        self._pad = runtime.pad(config, self._tokenizer)
        self._session = runtime.session(self.folder, asked.threads)
        self._shape = runtime.shape(self._session, self.folder, len(self.folder.names), self.tokens)
        self._rows = self._shape.rows or (1 if self.folder.graph.by_batch else ROWS)
        self._tried()

    def __reduce__(self) -> tuple[object, ...]:
        return _opened, (self.asked,)

    @property
    def name(self) -> str:
        """What to call it."""
        return self.folder.name

    @property
    def revision(self) -> str:
        """Digest of its files and of what was set; changes whenever its answers may change."""
        said = self.asked.settings
        parts = (self.label.name, self.meaning, self.kind, self.tokens, self.fitted, said.threshold, folding.REVISION)
        return f"{self.folder.revision}.{_short(repr(parts))}"

    @property
    def heads(self) -> Mapping[str, Head]:
        """The one label it reads."""
        said = self.asked.settings.threshold
        head = Head(
            name=self.label.name,
            values=self.meaning.values,
            kind=self.kind,
            none=self.kind == "softmax" and -1 in self.meaning.columns,
            thresholds=() if said is None else (said,) * len(self.meaning.values),
        )
        return MappingProxyType({head.name: head})

    def read(
        self,
        texts: pa.Array | pa.ChunkedArray,
        heads: Iterable[str] | None = None,
        languages: pa.Array | pa.ChunkedArray | None = None,
        context: pa.RecordBatch | None = None,
    ) -> dict[str, Scores]:
        """Probabilities, a row for each text and a column for each value; NaN where there was nothing to read."""
        if heads is not None and self.label.name not in set(heads):
            return {}
        sums = self.sums(texts)
        read = ~np.isnan(sums).any(axis=1)
        shares = calibration.probabilities(sums[read], self.kind, self.fitted.temperature if self.fitted else 1.0)
        found = np.full((len(sums), len(self.meaning.values)), np.nan)
        found[read] = calibration.of_values(shares, self.meaning.columns, found.shape[1], self.kind)
        return {self.label.name: np.rint(found * DECIMALS) / DECIMALS}

    def sums(self, texts: pa.Array | pa.ChunkedArray) -> Scores:
        """What the model gives before softmax or sigmoid, in its own columns; NaN where there was nothing to read."""
        ready = sound(texts)
        # Equal texts are read once.
        encoded = _masked(ready).dictionary_encode()
        different = encoded.dictionary
        worth = pc.greater(pc.utf8_length(folding.bare(different)), 0).to_numpy(zero_copy_only=False)
        found = np.full((len(different), len(self.folder.names)), np.nan)
        places = np.flatnonzero(worth)
        for start in range(0, len(places), HELD):
            part = places[start : start + HELD]
            found[part] = self._sums(different.take(pa.array(part)).to_pylist())
        picked: Scores = found[encoded.indices.to_numpy()] if len(different) else found[:0]
        return picked

    def _sums(self, texts: list[str]) -> Scores:
        tokens = runtime.encoded(self._tokenizer, texts, self.folder)
        lengths = np.array([len(one) for one in tokens])
        found = np.full((len(texts), len(self.folder.names)), np.nan)
        if self._shape.length:
            padded = np.full(len(tokens), self._shape.length)
        else:
            padded = np.array(LENGTHS)[np.searchsorted(LENGTHS, np.maximum(lengths, 1))].clip(max=self.tokens)
        for length in np.unique(padded):
            of_length = np.flatnonzero(padded == length)
            for start in range(0, len(of_length), self._rows):
                rows = of_length[start : start + self._rows]
                found[rows] = self._run([tokens[row] for row in rows], int(length))[: len(rows)]
        found[~np.isfinite(found).all(axis=1)] = np.nan
        return found

    def _run(self, tokens: list[list[int]], length: int) -> Scores:
        """One batch, always of the same number of rows: a last one is filled up with its first text."""
        tokens = tokens + tokens[:1] * (self._rows - len(tokens))
        ids = np.full((self._rows, length), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one[:length]
            mask[row, : len(one)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: given[name].astype(kind) for name, kind in self._shape.inputs.items()}
        try:
            (sums,) = self._session.run([self._shape.output], feed)
        except Exception as error:  # the runtime's errors share no class; whatever it meets, the model cannot read
            raise BadInput(
                f"{self.folder.path} fails on a text: {runtime.first_line(error)}",
                "Export it again, or use another model.",
            ) from error
        if np.shape(sums) != (self._rows, len(self.folder.names)):
            raise BadInput(
                f"{self.folder.path} gives numbers of shape {np.shape(sums)}, "
                f"where {CONFIG} names {len(self.folder.names)} things.",
                "The files do not belong together: copy them again.",
            )
        return np.asarray(sums, dtype=np.float64)

    def _tried(self) -> None:
        """Read one word, so that what does not work is known before thousands of posts wait for it."""
        if not np.isfinite(self.sums(pa.array(["ciao"]))).all():
            raise BadInput(f"{self.folder.path} gives no numbers for a plain word.", "Export it again.")


def open_model(folder: str, label: str, settings: ModelSettings | None = None, *, threads: int = 1) -> OnnxModel:
    """A text classifier for one label; the same one is opened once.

    Args:
        folder: where it lies, or its `.onnx` file.
        label: the label it is to read.
        settings: what else is set of it.
        threads: on how many threads it runs.

    Raises:
        MissingExtra: `seguito[models]` is not installed.
        SeguitoError: the folder is missing, damaged or unsafe, or its names do not fit the label.
    """
    return _opened(Asked(label, settings or ModelSettings(model=str(folder)), threads))


def _opened(asked: Asked) -> OnnxModel:
    # Files that changed make another model, so that a long-lived process never answers with an old one.
    folder = open_folder(asked.settings.model)
    kept = folder.root / CALIBRATION
    return _kept(_Key(asked, f"{folder.path}@{folder.revision}", digest([kept]) if kept.exists() else ""))


class _Key:
    """Equal where asked and files are; settings hold tables, which have no hash of their own."""

    def __init__(self, asked: Asked, revision: str, fitted: str) -> None:
        self.asked = asked
        self.told = (repr(asked), revision, fitted)

    def __hash__(self) -> int:
        return hash(self.told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.told == other.told


@lru_cache(maxsize=8)
def _kept(key: _Key) -> OnnxModel:
    return OnnxModel(key.asked)


def _kind(folder: Folder) -> str:
    """Softmax or sigmoid, as the configuration says; by default softmax where there is more than one column."""
    said = folder.config.get("problem_type")
    kinds = {"single_label_classification": "softmax", "multi_label_classification": "sigmoid"}
    if said in kinds and not (said == "single_label_classification" and len(folder.names) == 1):
        return kinds[said]
    if said is None or said in kinds:
        return "sigmoid" if len(folder.names) == 1 else "softmax"
    raise BadInput(
        f"{folder.root / CONFIG} says the model is for '{str(said)[:60]}'.", "Use a model that tells classes apart."
    )


def _positions(config: dict[str, Any]) -> int:
    """How many tokens it can place; families that count positions from after the padding can place fewer."""
    most = config.get("max_position_embeddings")
    if not isinstance(most, int) or most < 4:
        return LENGTHS[-1]
    offset = (
        2 if "roberta" in str(config.get("model_type", "")).lower() or config.get("model_type") == "camembert" else 0
    )
    return min(most - offset, LENGTHS[-1])


def _masked(texts: pa.Array) -> pa.Array:
    """Texts with `http` for links and `@user` for people, as models of social text were trained on."""
    links = pc.replace_substring_regex(texts, _LINK, "http")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(links, _MENTION, r"\1@user")).cast(pa.string())


def _short(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:6]
