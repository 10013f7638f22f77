"""A check of a label: which comments people are asked to mark, drawn so that few marks tell much.

Comments are cut into strata by the label's score (the top 2 %, the next 6 %, the next 22 %, the rest), or, where its
labeller gives none, into those that have the label and those that have not. From each stratum some are drawn at random;
how many stand in it and how many were drawn is kept, because the marks are weighted with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mark = Literal["y", "n", "?"]
ROWS = 300
# Where strata by score end, as shares of all comments, and how a sample of 300 is spread over them; the same without.
ENDS = (0.02, 0.08, 0.30)
BY_SCORE = (90, 90, 70, 50)
BY_LABEL = (150, 150)

# The comments that may be drawn: `code` is what code said (null where it found nothing), `score` how sure it was.
FRAME = pa.schema([("uri", pa.string()), ("code", pa.string()), ("score", pa.float64())])


@dataclass(frozen=True, slots=True)
class Stratum:
    """One part of the comments: how many stand in it, and how many of them were drawn."""

    name: str
    size: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """One comment that was drawn.

    Attributes:
        uri: its key.
        stratum: the number of its stratum.
        code: what code said of it; `None` where it found nothing.
        has: whether that counts as having the label.
    """

    uri: str
    stratum: int
    code: str | None
    has: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """The comments that were drawn, in the order to be shown, and the strata they come from."""

    strata: tuple[Stratum, ...]
    rows: tuple[Sampled, ...]


def draw(frame: pa.Table, *, value: str | None = None, rows: int = ROWS, seed: int) -> Sample:
    """Draw a stratified sample.

    Args:
        frame: the comments (schema `FRAME`).
        value: the one value of the label that is asked about; any by default.
        rows: how many comments to draw; all where there are no more.
        seed: makes the draw repeatable.
    """
    frame = frame.sort_by("uri")
    has = _has(frame["code"], value)
    score = np.where(has, frame["score"].to_numpy(zero_copy_only=False).astype(np.float64), np.nan)
    rng = np.random.default_rng(seed)
    luck = rng.permutation(frame.num_rows)
    names, of = _by_score(score, luck) if np.isfinite(score).any() else _by_label(has)
    sizes = [int((of == number).sum()) for number in range(len(names))]
    counts = allot(sizes, rows, BY_SCORE if len(names) == len(BY_SCORE) else BY_LABEL)
    chosen = np.concatenate(
        [np.flatnonzero(of == k)[np.argsort(luck[of == k])][:drawn] for k, drawn in enumerate(counts)]
    )
    # Mixed, so that whoever marks cannot tell from the order what code thinks.
    chosen = np.sort(chosen)[rng.permutation(len(chosen))]
    uris, codes = frame["uri"].take(chosen).to_pylist(), frame["code"].take(chosen).to_pylist()
    return Sample(
        tuple(Stratum(*one) for one in zip(names, sizes, counts, strict=True)),
        tuple(
            Sampled(uri, int(of[at]), code, bool(has[at]))
            for uri, code, at in zip(uris, codes, chosen.tolist(), strict=True)
        ),
    )


def _has(codes: pa.ChunkedArray, value: str | None) -> npt.NDArray[np.bool_]:
    found = pc.not_equal(codes, "no") if value is None else pc.equal(codes, value)
    has: npt.NDArray[np.bool_] = pc.fill_null(found, False).to_numpy(zero_copy_only=False).astype(np.bool_)
    return has


def _by_score(
    score: npt.NDArray[np.float64], luck: npt.NDArray[np.int64]
) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Strata by rank of the score, equal scores in an order of chance; all that has none belongs to the rest."""
    scored = int(np.isfinite(score).sum())
    order = np.lexsort((luck, np.where(np.isfinite(score), -score, np.inf)))
    ends = [min(scored, round(end * len(score))) for end in ENDS]
    of = np.empty(len(score), dtype=np.int64)
    of[order] = np.searchsorted(ends, np.arange(len(score)), side="right")
    return ("top", "high", "middle", "rest"), of


def _by_label(has: npt.NDArray[np.bool_]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    return ("has", "has_not"), np.where(has, 0, 1)


def allot(sizes: Sequence[int], rows: int, shares: Sequence[int]) -> list[int]:
    """How many to draw from each stratum.

    What small strata cannot give is drawn from the others, by how many comments they have left.

    Args:
        sizes: how many stand in each.
        rows: how many to draw in all.
        shares: how a sample should be spread.
    """
    counts = [min(size, wanted) for size, wanted in zip(sizes, _spread(rows, shares), strict=True)]
    left = min(rows, sum(sizes)) - sum(counts)
    room = [size - count for size, count in zip(sizes, counts, strict=True)]
    return [count + more for count, more in zip(counts, _spread(left, room), strict=True)]


def _spread(total: int, shares: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to shares that add up to a total: the largest remainders are rounded up."""
    whole = sum(shares)
    if not whole:
        return [0] * len(shares)
    parts = [divmod(total * share, whole) for share in shares]
    up = sorted(range(len(shares)), key=lambda at: (-parts[at][1], at))[: total - sum(part for part, _ in parts)]
    return [part + (at in up) for at, (part, _) in enumerate(parts)]
