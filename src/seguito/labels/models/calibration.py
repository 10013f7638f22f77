"""Makes the probabilities of a model mean what they say: one temperature, fitted on texts that people labelled.

Dividing a model's sums by one number changes no decision between values and makes the certainty honest (Guo et al.
2017, "On calibration of modern neural networks"). The number is kept in `calibration.json` beside the model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from seguito.kit.errors import BadInput, UsageError
from seguito.labels.models.plan import exponential

LEAST_ROWS: Final = 100
LOWEST, HIGHEST = 0.05, 20.0

Floats = npt.NDArray[np.float64]


class Fitted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A calibration as it is kept.

    Attributes:
        model: revision of the model it was fitted for.
        label: the label it was fitted on.
        temperature: what the model's sums are divided by.
        rows: how many texts it was fitted on.
        loss_before: mean log loss of those texts without it, in nats.
        loss_after: the same with it.
    """

    model: str
    label: str
    temperature: float
    rows: int
    loss_before: float
    loss_after: float


def probabilities(sums: Floats, kind: str, temperature: float = 1.0) -> Floats:
    """Softmax or sigmoid of a model's sums divided by a temperature."""
    z = np.clip(sums / temperature, -1e6, 1e6)
    if kind == "sigmoid":
        power = exponential(-np.abs(z))
        return np.where(z >= 0, 1.0, power) / (1.0 + power)
    power = exponential(z - z.max(axis=1, keepdims=True))
    shares: Floats = power / power.sum(axis=1, keepdims=True)
    return shares


def of_values(shares: Floats, columns: tuple[int, ...], values: int, kind: str) -> Floats:
    """Probabilities of a label's values from those of a model's columns.

    Args:
        shares: of the columns.
        columns: the value each column stands for, -1 for none.
        values: how many values there are.
        kind: columns that exclude each other add up; those that may come together do not.
    """
    found = np.zeros((len(shares), values))
    for value in range(values):
        of = shares[:, [n for n, one in enumerate(columns) if one == value]]
        found[:, value] = of.sum(axis=1) if kind == "softmax" else 1 - np.prod(1 - of, axis=1)
    return np.clip(found, 0.0, 1.0)


def fit(
    sums: Floats, gold: npt.NDArray[np.int64], columns: tuple[int, ...], kind: str, *, model: str, label: str
) -> Fitted:
    """The temperature under which what people said is the likeliest.

    Args:
        sums: what the model gave, a row for each text, before softmax or sigmoid.
        gold: the number of the right value of each text; -1 for none of them.
        columns: the value each column stands for, -1 for none.
        kind: `softmax` or `sigmoid`.
        model: its revision.
        label: the label.

    Raises:
        UsageError: there are too few texts.
    """
    from scipy.optimize import minimize_scalar

    if len(gold) < LEAST_ROWS:
        raise UsageError(
            f"{len(gold)} texts are too few to fit a temperature on.", f"Label at least {LEAST_ROWS}, of all values."
        )

    def loss(log_temperature: float) -> float:
        return _loss(probabilities(sums, kind, float(np.exp(log_temperature))), gold, columns, kind)

    best = minimize_scalar(loss, bounds=(np.log(LOWEST), np.log(HIGHEST)), method="bounded", options={"xatol": 1e-4})
    temperature = round(float(np.exp(best.x)), 4)
    after = loss(float(np.log(temperature)))
    return Fitted(
        model=model,
        label=label,
        temperature=temperature,
        rows=len(gold),
        loss_before=round(loss(0.0), 6),
        loss_after=round(after, 6),
    )


def _loss(shares: Floats, gold: npt.NDArray[np.int64], columns: tuple[int, ...], kind: str) -> float:
    """Mean log loss in nats; of each value for itself where they may come together."""
    values = max(columns) + 1
    found = of_values(shares, columns, values, kind)
    if kind == "sigmoid":
        right = np.where(gold[:, None] == np.arange(values), found, 1 - found)
    else:
        rest = np.clip(1 - found.sum(axis=1, keepdims=True), 0, 1)
        right = np.take_along_axis(np.hstack([found, rest]), np.where(gold < 0, values, gold)[:, None], axis=1)
    return float(-np.log(np.maximum(right, 1e-6)).sum(axis=1).mean())


def write(path: Path, fitted: Fitted) -> None:
    """Keep a calibration."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")


def load(path: Path, model: str, label: str) -> Fitted | None:
    """The calibration of a model for a label, if one is kept; one for another label is none.

    Raises:
        BadInput: it is damaged, or was fitted for other files than these.
    """
    if not path.exists():
        return None
    try:
        fitted = msgspec.json.decode(path.read_bytes(), type=Fitted)
    except (msgspec.DecodeError, OSError) as error:
        raise BadInput(
            f"{path} cannot be read: {error}.", "Fit it anew with `seguito fit-model`, or take it away."
        ) from error
    if fitted.label != label:
        return None
    if fitted.model != model:
        raise BadInput(
            f"{path} was fitted for other files than those beside it.",
            "Fit it anew with `seguito fit-model`, or take it away.",
        )
    if not LOWEST <= fitted.temperature <= HIGHEST:
        raise BadInput(f"{path} says a temperature of {fitted.temperature}.", "Fit it anew with `seguito fit-model`.")
    return fitted
