"""From the sums of a reader to probabilities: figures worked out once for a weight file, and the steps in numpy.

Only additions, multiplications, divisions and roundings of single numbers, in a fixed order: these give the same bits
on every machine, which the exponential of a mathematical library does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.models.header import Calibration, Head, Header

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int8]

# Groups of texts by language: not known, then those of the header in their order, then any other.
UNKNOWN: Final = 0
# What stands for "not known" beside null.
UNDETERMINED: Final = ("", "und", "zxx")

# The exponential function as powers of two and a polynomial; below LEAST it is 0 to four decimals.
LOG2E: Final = 1.4426950408889634
LN2_HIGH: Final = 0.693147180369123816490
LN2_LOW: Final = 1.90821492927058770002e-10
LEAST: Final = -700.0
TERMS: Final = tuple(
    1.0 / divisor for divisor in (3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1)
)  # 10! down to 0!
DECIMALS: Final = 10_000.0


@dataclass(frozen=True)
class Plan:
    """What is the same for all texts.

    Attributes:
        header: what the file says of itself.
        shift: added to the sums, a row for each group.
        rate: what they are multiplied with then, likewise.
        reads: whether a column is read, likewise.
        head: the number of the head of each column.
        softmax: whether the column belongs to a softmax head.
        linear: for each linear column its group and the column it is added to.
    """

    header: Header
    shift: Floats
    rate: Floats
    reads: npt.NDArray[np.uint8]
    head: npt.NDArray[np.int32]
    softmax: npt.NDArray[np.uint8]
    linear: npt.NDArray[np.int32]

    def spans(self) -> list[tuple[Head, int, int]]:
        """Every head with its first column and the one after its last."""
        ends = np.cumsum([head.columns for head in self.header.heads]).tolist()
        return [(head, end - head.columns, end) for head, end in zip(self.header.heads, ends, strict=True)]


def plan(header: Header) -> Plan:
    """Work out the plan of a header."""
    heads, languages = header.heads, header.languages
    groups = ("*", *languages, "other")
    rows = [[_calibration(head, group) for head in heads] for group in groups]
    shift = np.array([[one for head in row for one in head[0]] for row in rows])
    rate = np.array(
        [[1.0 / t for head, (_, t) in zip(heads, row, strict=True) for _ in range(head.columns)] for row in rows]
    )
    reads = np.array(
        [
            [
                not head.languages or group == "*" or group in head.languages
                for head in heads
                for _ in range(head.columns)
            ]
            for group in groups
        ]
    ).astype(np.uint8)
    linear = [
        (1 + languages.index(one.language), header.start(one.head) + n)
        for one in header.linear
        for n in range(header.head(one.head).columns)
    ]
    return Plan(
        header,
        shift,
        rate,
        reads,
        np.array([n for n, head in enumerate(heads) for _ in range(head.columns)], dtype=np.int32),
        np.array([head.kind == "softmax" for head in heads for _ in range(head.columns)]).astype(np.uint8),
        np.array(linear, dtype=np.int32).reshape(-1, 2),
    )


def _calibration(head: Head, group: str) -> tuple[tuple[float, ...], float]:
    found = head.calibration.get(group) or head.calibration.get("*") or Calibration()
    return found.shift or (0.0,) * head.columns, found.temperature


def groups(header: Header, languages: pa.Array | pa.ChunkedArray) -> Groups:
    """The groups of texts whose languages are given."""
    known = pa.array([*UNDETERMINED, *header.languages])
    places = pc.fill_null(pc.index_in(languages.cast(pa.string()), known), len(known)).to_numpy(zero_copy_only=False)
    of_place = [UNKNOWN] * len(UNDETERMINED) + list(range(1, len(header.languages) + 2))
    found: Groups = np.array(of_place, dtype=np.int8)[places]
    found[pc.is_null(languages).to_numpy(zero_copy_only=False)] = UNKNOWN
    return found


def group_of_values(header: Header) -> Groups:
    """The group that each value of the language head stands for."""
    last = len(header.languages) + 1
    return np.array(
        [
            1 + header.languages.index(value) if value in header.languages else last
            for value in header.head(header.language_head).values
        ],
        dtype=np.int8,
    )


def probabilities(of: Plan, sums: Floats, linear: Floats, chosen: Groups, read: npt.NDArray[np.bool_]) -> Floats:
    """Calibrated probabilities, rounded to four decimals; NaN where a text was not read.

    Args:
        of: the plan.
        sums: log odds of every column before calibration.
        linear: those of the linear columns.
        chosen: the group of each text.
        read: whether anything of it was read.
    """
    z = sums.copy()
    for n, (group, column) in enumerate(of.linear.tolist()):
        z[:, column] += np.where(chosen == group, linear[:, n], 0.0)
    z = (z + of.shift[chosen]) * of.rate[chosen]
    found = _shares(of, z)
    found[(of.reads[chosen] == 0) | ~read[:, None]] = np.nan
    return found


def _shares(of: Plan, z: Floats) -> Floats:
    """Sigmoid or softmax of each head."""
    below = -np.abs(z)
    softmax = [(begin, end) for head, begin, end in of.spans() if head.kind == "softmax"]
    for begin, end in softmax:
        top = z[:, begin]
        for column in range(begin + 1, end):
            top = np.maximum(top, z[:, column])
        below[:, begin:end] = z[:, begin:end] - top[:, None]
    power = exponential(below)
    shares = np.where(z >= 0, 1.0, power) / (1.0 + power)
    for begin, end in softmax:
        total = power[:, begin]
        for column in range(begin + 1, end):
            total = total + power[:, column]
        shares[:, begin:end] = power[:, begin:end] / total[:, None]
    rounded: Floats = np.rint(shares * DECIMALS) / DECIMALS
    return rounded


def exponential(x: Floats) -> Floats:
    """`e` to the power of numbers that are 0 or less, to eleven digits."""
    x = np.maximum(x, LEAST)
    n = np.rint(x * LOG2E)
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    total = np.full_like(r, TERMS[0])
    for term in TERMS[1:]:
        total = total * r + term
    two: Floats = ((n.astype(np.int64) + 1023) << 52).view(np.float64)
    return total * two
