"""A larger model outside a workspace: to score it, to compare it with the compact reader, to calibrate it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.kit.errors import Refused
from seguito.kit.settings import ModelSettings
from seguito.labels.catalogue import resolve
from seguito.labels.models import calibration
from seguito.labels.models.calibration import Fitted
from seguito.labels.models.classifier import Cascade, Classifier, Unsure
from seguito.labels.models.folder import CALIBRATION
from seguito.labels.models.onnx import OnnxModel, open_model
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.scored import values_of
from seguito.labels.seconded import cores, never_unsure


def classifier(
    label: str,
    model: str | Path,
    *,
    names: Mapping[str, str] | None = None,
    below: float | None = None,
    weights: str | Path = OPEN,
) -> Classifier:
    """A larger model outside a workspace, alone or behind the compact reader, for whoever scores or compares them.

    Args:
        label: the label, or an alias.
        model: the model's folder, or its `.onnx` file.
        names: what the model's names mean, where they do not say so themselves.
        below: ask it only where the compact reader's certainty is below this; always if `None`.
        weights: those of the compact reader then.

    Raises:
        SeguitoError: the model cannot be opened, or its names do not fit the label.
    """
    found, _ = resolve(label)
    second = _opened(found.name, model, names)
    if below is None:
        return second
    first = Reader.load(weights)
    if found.name not in first.heads:
        raise never_unsure(found.name, first)
    return Cascade(Unsure(first, found.name, below), second)


def calibrated(
    label: str,
    model: str | Path,
    texts: pa.Array,
    gold: npt.NDArray[np.int64],
    *,
    names: Mapping[str, str] | None = None,
) -> tuple[Fitted, Path]:
    """Fit the temperature of a model on labelled texts and keep it in the model's folder.

    Args:
        label: the label, or an alias.
        model: the model's folder, or its `.onnx` file.
        texts: the texts.
        gold: the number of the right value of each, as `scored.values_of` orders them; negative to leave it out.
        names: what the model's names mean, where they do not say so themselves.

    Returns:
        What was fitted, and where it is kept.

    Raises:
        UsageError: there are too few texts.
        Refused: the folder cannot be written to.
    """
    found, _ = resolve(label)
    one = _opened(found.name, model, names)
    sums = one.sums(texts)
    # "no" and "none" are no values of the model's: -1.
    number = {value: n for n, value in enumerate(one.meaning.values)}
    known = np.array([number.get(value, -1) for value in values_of(label)])
    used = (gold >= 0) & ~np.isnan(sums).any(axis=1)
    right = known[gold[used]]
    if found.one_of:
        used[used] = right >= 0
        right = right[right >= 0]
    fitted = calibration.fit(
        sums[used], right, one.meaning.columns, one.kind, model=one.folder.revision, label=found.name
    )
    place = one.folder.root / CALIBRATION
    try:
        calibration.write(place, fitted)
    except OSError as error:
        raise Refused(
            f"{place} cannot be written ({error.strerror}).", "Copy the model to a folder of yours."
        ) from error
    return fitted, place


def _opened(label: str, model: str | Path, names: Mapping[str, str] | None) -> OnnxModel:
    settings = ModelSettings(model=str(model), labels=dict(names or {}))
    return open_model(str(model), label, settings, threads=cores())
