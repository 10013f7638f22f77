"""Temperatures, shifts and thresholds, found on the development part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from seguito.labels.models.header import Calibration
from training.documents import Document
from training.examples import PLACES, Examples
from training.targets import ACTS

Floats = npt.NDArray[np.float32]

# A head is calibrated on the sets that are nearest to its use, where they have it; all sets otherwise.
NEAREST: Mapping[str, tuple[str, ...]] = {
    "gratitude": ("goemotions",),
    "love": ("goemotions",),
    "admiration": ("goemotions",),
    "joy": ("goemotions",),
    "fear": ("goemotions",),
    "optimism": ("goemotions",),
    "anger": ("goemotions",),
    "sadness": ("goemotions",),
    "emotion": ("tweeteval",),
    "offensive": ("tweeteval", "comments", "germeval2018_de", "hatebr_instagram_pt"),
    "irony": ("tweeteval",),
    "sentiment": ("umsab_xlmt", "sentipolc16", "multiemotions_it", "comments"),
    # Sets on general subjects hold so few acts that they would call every page's prevalence low.
    **dict.fromkeys(ACTS.values(), ("comments",)),
}
# Sets in which people judged real posts.
JUDGED = frozenset(["umsab_xlmt", "sentipolc16", "multiemotions_it", "semeval2017_4a_en"])
# How strongly a language keeps to what holds for all: as if so many of its documents said so.
KEPT = 10.0
# Fewer development documents than this, and nothing is calibrated; fewer positives, and thresholds stay cautious.
ENOUGH = 60
POSITIVES = 12
# Labels that blame people or make work: their threshold is set for precision, others' for F1.
CAUTIOUS = frozenset(
    [
        "identity_attack",
        "mockery",
        "threat",
        "hostility:creator",
        "hostility:member",
        "hostility:group",
        "hostility:nobody",
        "worry",
        "purchase_intent",
        "purchase_report",
        "service_request",
        "collaboration_offer",
        "demand",
        "closeness",
        "criticism:conduct",
    ]
)
PRECISION = 0.75


@dataclass(frozen=True, slots=True)
class Part:
    """Development documents with their logits and what is known of them."""

    documents: Sequence[Document]
    known: Examples
    logits: Floats

    def rows(self, column: str, language: str = "") -> npt.NDArray[np.int64]:
        """The documents of which a column is known, of the nearest sets where there are enough."""
        begin = PLACES[column][0]
        there = self.known.masses[:, begin] > 0
        if language:
            there &= np.array([one.language == language for one in self.documents])
        near = np.array([one.collection in NEAREST.get(column, ()) for one in self.documents])
        chosen = there & near if (there & near).sum() >= ENOUGH else there
        return np.flatnonzero(chosen)


def of_choice(part: Part, head: str, language: str = "", everywhere: Calibration | None = None) -> Calibration | None:
    """Temperature and shifts of a head that is a choice: those that make the answers most likely.

    Every class counts alike where the head is sentiment: how often people praise differs from page to page.

    Args:
        part: the development part.
        head: which head.
        language: only texts in it, if named.
        everywhere: what was found for all languages, from which one with few texts does not go far.
    """
    begin, end = PLACES[head]
    rows = part.rows(head, language)
    if len(rows) < ENOUGH:
        return None
    logits = part.logits[rows, begin:end].astype(np.float64)
    target = part.known.targets[rows, begin:end].argmax(axis=1)
    share = np.bincount(target, minlength=end - begin)
    mass = 1 / np.maximum(share, 1)[target] if head == "sentiment" else np.ones(len(rows))
    mass = mass / mass.sum()
    begun = np.zeros(end - begin)
    pull = 1e-3
    # Subtitles and invented comments tell how sure to be, not how often people judge: shifts stay as they were learnt.
    fixed = head == "sentiment" and not any(part.documents[at].collection in JUDGED for at in rows)
    if everywhere is not None:
        begun = np.array([np.log(everywhere.temperature), *everywhere.shift[:-1]])
        pull = KEPT / len(rows)

    def loss(free: npt.NDArray[np.float64]) -> float:
        at = np.append(free, begun[len(free) :])
        z = (logits + np.append(at[1:], 0.0)) / np.exp(at[0])
        z = z - z.max(axis=1, keepdims=True)
        log = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return float(-(mass * log[np.arange(len(rows)), target]).sum() + pull * ((at - begun) ** 2).sum())

    free = minimize(loss, begun[: 1 if fixed else None], method="BFGS").x
    found = np.append(free, begun[len(free) :])
    return Calibration(round(float(np.exp(found[0])), 4), tuple(round(float(one), 4) for one in (*found[1:], 0.0)))


def of_column(part: Part, column: str) -> Calibration:
    """Temperature and shift of a yes/no column."""
    rows = part.rows(column)
    target = part.known.targets[rows, PLACES[column][0]].astype(np.float64)
    if len(rows) < ENOUGH or min(target.sum(), len(rows) - target.sum()) < POSITIVES:
        return Calibration(1.0, (0.0,))
    logits = part.logits[rows, PLACES[column][0]].astype(np.float64)

    def loss(at: npt.NDArray[np.float64]) -> float:
        z = (logits + at[1]) / np.exp(at[0])
        return float((np.logaddexp(0, z) - target * z).mean() + 1e-3 * at[0] ** 2)

    found = minimize(loss, np.zeros(2), method="BFGS").x
    rate = float(np.clip(np.exp(found[0]), 0.2, 5.0))
    return Calibration(round(rate, 4), (round(float(found[1]), 4),))


def threshold(part: Part, column: str, scores: npt.NDArray[np.float64]) -> float:
    """From which calibrated probability on a column is given.

    Args:
        part: the development part.
        column: which.
        scores: its calibrated probabilities.
    """
    rows = part.rows(column)
    target = part.known.targets[rows, PLACES[column][0]] > 0.5
    if target.sum() < POSITIVES:
        return 0.7 if column in CAUTIOUS else 0.5
    order = np.argsort(-scores[rows], kind="stable")
    right = np.cumsum(target[order])
    given = np.arange(1, len(order) + 1)
    f1 = 2 * right / (given + target.sum())
    if column in CAUTIOUS:
        f1 = np.where((right / given >= PRECISION) & (given >= 5), f1, 0.0)
        if not f1.any():
            return 0.8
    at = int(f1.argmax())
    below = scores[rows][order][min(at + 1, len(order) - 1)]
    limit = (scores[rows][order][at] + below) / 2
    return round(float(np.clip(limit, 0.05, 0.95)), 3)
