"""From what was learnt to a weight file that the package reads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from seguito.labels.catalogue import LABELS
from seguito.labels.models import features
from seguito.labels.models.header import Calibration, Context, Head, Header, Linear
from seguito.labels.models.plan import exponential
from seguito.labels.models.quantise import Learnt, quantise
from seguito.labels.models.weights import Arrays
from training import calibrate
from training.calibrate import Part
from training.examples import PLACES
from training.fit import Fitted
from training.grams import CAP
from training.targets import CHOICES, COLUMNS, CONTEXT, LANGUAGES

Floats = npt.NDArray[np.float64]

# Below this share of the way from the threshold to certainty, and above this share of the way to it from nothing,
# a head is not sure.
UNSURE = 0.25
LANGUAGE_SURE = 0.5


def heads() -> list[tuple[str, tuple[str, ...], list[int]]]:
    """Every head that is written, in order: its name, its values, and their places among the trained columns."""
    out = [(name, values, list(range(*PLACES[name]))) for name, values in CHOICES.items()]
    grouped: dict[str, list[tuple[str, int]]] = {}
    for column in COLUMNS:
        name, _, value = column.partition(":")
        grouped.setdefault(name, []).append((value or "yes", PLACES[column][0]))
    out += [
        (name, tuple(value for value, _ in parts), [place for _, place in parts]) for name, parts in grouped.items()
    ]
    return out


def made(name: str, fitted: Fitted, part: Part, licence: str, data: tuple[str, ...]) -> tuple[Header, Arrays]:
    """Header and arrays of a weight file, calibrated on a development part.

    Args:
        name: open or research.
        fitted: what was learnt.
        part: the development documents with their logits.
        licence: under which the file may be used.
        data: what it was trained on.
    """
    columns = [place for _, _, places in heads() for place in places]
    rate, shift = np.ones(len(columns)), np.zeros(len(columns))
    described = []
    for head, values, places in heads():
        if head in CHOICES:
            described.append(_choice(head, values, part))
            continue
        limits = []
        for value, place in zip(values, places, strict=True):
            column = head if value == "yes" else f"{head}:{value}"
            found = calibrate.of_column(part, column)
            at = columns.index(place)
            rate[at], shift[at] = found.temperature, found.shift[0]
            scores = _logistic((part.logits[:, place].astype(np.float64) + shift[at]) / rate[at])
            limits.append(calibrate.threshold(part, column, scores))
        described.append(Head(name=head, values=values, thresholds=tuple(limits), band=_band(limits)))
    header = Header(
        name=name,
        features=features.REVISION,
        rows=len(fitted.keys),
        width=fitted.weights.arrays["words"].shape[1],
        hidden=fitted.weights.arrays["hidden"].shape[1],
        cap=CAP,
        heads=tuple(described),
        languages=LANGUAGES,
        language_head="language",
        language_sure=LANGUAGE_SURE,
        linear=tuple(Linear(head="sentiment", language=language) for language in fitted.linear),
        context=tuple(Context(name=one, steps=tuple(float(step) for step in steps)) for one, steps in CONTEXT.items()),
        licence=licence,
        data=data,
    )
    return header, quantise(header, _learnt(fitted, columns, rate, shift))


def _learnt(fitted: Fitted, columns: list[int], rate: Floats, shift: Floats) -> Learnt:
    """The arrays as decimals; temperatures and shifts of yes/no columns are worked into them."""
    one = {key: array.astype(np.float64) for key, array in fitted.weights.arrays.items()}
    letter = (fitted.keys & 1).astype(np.bool_)
    table = np.zeros((len(fitted.keys), one["words"].shape[1]))
    table[~letter], table[letter] = one["words"], one["letters"]
    return Learnt(
        keys=fitted.keys,
        idf=fitted.idf.astype(np.float64),
        table=np.concatenate([table, *fitted.linear.values()], axis=1),
        hidden=one["hidden"],
        hidden_bias=one["hidden_bias"],
        out=one["head"][:, columns] / rate,
        out_bias=(one["head_bias"][columns] + shift) / rate,
        context=one["context"][:, columns] / rate,
        hidden_most=fitted.hidden_most.astype(np.float64),
    )


def _choice(head: str, values: tuple[str, ...], part: Part) -> Head:
    found: dict[str, Calibration] = {}
    everywhere = calibrate.of_choice(part, head)
    if everywhere is not None:
        found["*"] = everywhere
    if head == "sentiment":
        each = {language: calibrate.of_choice(part, head, language, everywhere) for language in LANGUAGES}
        found |= {language: one for language, one in each.items() if one is not None}
    even = 1 / len(values)
    return Head(
        name=head,
        values=values,
        kind="softmax",
        thresholds=(0.0,) * len(values),
        band=(0.0, round(even + (1 - even) * UNSURE, 3)),
        calibration=found,
    )


def _band(limits: list[float]) -> tuple[float, float]:
    low, high = min(limits), max(limits)
    return round(low * (1 - UNSURE), 3), round(high + (1 - high) * UNSURE, 3)


def _logistic(z: Floats) -> Floats:
    power: Floats = exponential(-np.abs(z))
    result: Floats = np.where(z >= 0, 1.0, power) / (1.0 + power)
    return result


def unknown(names: Mapping[str, object]) -> set[str]:
    """Heads that the catalogue of labels does not know."""
    return {name for name in names if name not in LABELS}
