"""Decide, on one half of the hand-labelled comments, who speaks for each label, and from which probability on.

    python -m training.voices            write src/seguito/labels/models/voices.toml
    python -m training.voices --print    print what would be written, with the figures behind it

For every label that at least 15 comments of that half have, the threshold of the reader is the one with the best F1
(weighted back to the sources) among those with a precision of .7 and a recall of .2 at least, or the best of all that
are right four times in ten. Where there
is a rule, it is tried alone, and beside the reader from several gates on: the reader's probability from which the rule
is asked and believed. A label of which
no threshold is right four times in ten is not given at all: it is unknown, not absent. Labels with fewer comments keep
the thresholds of the weights, and their rule, where there is one, speaks beside the reader.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.labels.catalogue import LABELS, resolve
from seguito.labels.models.reader import OPEN, Reader
from seguito.labels.models.voices import APART, NEVER, UNWRITTEN, rule_of
from seguito.labels.patterns import Patterns
from seguito.labels.reading import prepare, scores_of
from training.hand import ACTS, ENOUGH, Comment, context, read

PLACE = Path(__file__).parent.parent / "src/seguito/labels/models/voices.toml"
RULES = (
    *("question", "thanks", "support", "worry", "low_effort", "spam", "purchase_intent", "content_request"),
    *("counter_speech", "criticism_content", "criticism_conduct"),
)
THRESHOLDS = tuple(round(0.04 * step, 2) for step in range(1, 24))
GATES = (0.0, 0.02, 0.05, 0.1, 0.2)
# The few dozen advertisements of the deciding half are of one kind; the patterns know others, so they are always asked.
ALWAYS_ASKED = ("spam",)
# A gate above 0 silences a rule where the reader does not know what the rule knows: it must gain this much F1.
WORTH = 0.03
PRECISE, HEARD, ALLOWED = 0.7, 0.2, 0.4
# A label is given only in languages in which people have labelled it, so that somebody has seen how it does there.
SIX = ("it", "en", "es", "fr", "de", "pt")
SPOKEN: dict[str, tuple[str, ...]] = {
    "sentiment": SIX,
    "joy": SIX,
    "sadness": SIX,
    "anger": SIX,
    "fear": SIX,
    "offensive": ("it", "en", "de", "pt"),
    "low_effort": (),
    # Comments that are nothing but a link, or a word beside one, are in no language.
    "spam": ("it", "en", "und", "zxx"),
}
OTHERS = ("it", "en")
# Not tried out here, because too few comments have them: from where on the reader is believed is set for precision.
CAUTIOUS: dict[str, float] = {"identity_attack": 0.8, "mockery": 0.8, "threat": 0.8, "sentiment": 0.5}

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """How a value is decided, and how that did on the deciding half: weighted precision and recall."""

    threshold: float
    gate: float | None
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def tier(self) -> int:
        """2 if precise and heard often enough, 1 if right often enough to be given at all, else 0."""
        if self.recall < HEARD / 4 or self.precision < ALLOWED:
            return 0
        return 2 if self.precision >= PRECISE and self.recall >= HEARD else 1

    @property
    def rank(self) -> tuple[int, float, float]:
        """What makes one better than another."""
        return self.tier, round(self.f1 - (WORTH if self.gate else 0.0), 4), self.threshold


@dataclass(frozen=True)
class Tried:
    """The deciding half as arrays."""

    comments: Sequence[Comment]
    scores: Floats
    languages: Sequence[str]
    rules: dict[str, Mask]

    @property
    def weights(self) -> Floats:
        """How much each comment counts."""
        return np.array([one.weight for one in self.comments])


def tried(comments: Sequence[Comment], reader: Reader) -> Tried:
    """Read the comments once with the reader and all rules; languages are identified, as in real use."""
    uris = pa.array([str(number) for number in range(len(comments))])
    posts = prepare(
        uris, pa.array([one.text for one in comments], pa.string()), context=context(comments), reader=reader
    )
    rules = {}
    for name in RULES:
        rules[name] = np.zeros(len(comments), dtype=np.bool_)
        rules[name][[int(uri) for uri in Patterns(name).label(posts).column("subject_uri").to_pylist()]] = True
    return Tried(comments, scores_of(posts, reader), posts.column("language").to_pylist(), rules)


def decided(of: Tried, reader: Reader, key: str) -> Choice | None:
    """The best way to decide one value; `None` where too few comments have it."""
    label, value = resolve(key)
    head = reader.heads[label.name]
    value = value or head.values[0]
    gold = np.array([bool(one.acts & ACTS[key]) for one in of.comments])
    if min(gold.sum(), (~gold).sum()) < ENOUGH:
        return None
    column = reader.spans[label.name][0] + head.values.index(value)
    spoken = SPOKEN.get(label.name, OTHERS)
    here = np.array([not spoken or one in spoken for one in of.languages])
    chance = of.scores[:, column]
    rule = of.rules[rule_of(label.name, value)] if _ruled(label.name, value) else None
    found = _choices(of, gold, chance, here, rule)
    if key in ALWAYS_ASKED:
        found = (one for one in found if one.gate == 0.0 and one.threshold < NEVER)
    return max(found, key=lambda one: one.rank)


def _ruled(label: str, value: str) -> bool:
    """Whether a rule may speak for a value: that of a label means its only value, or the one its name means."""
    return rule_of(label, value) in RULES and (value in {"yes", "genuine"} or label in APART)


def _choices(of: Tried, gold: Mask, chance: Floats, here: Mask, rule: Mask | None) -> Iterator[Choice]:
    for threshold in (*THRESHOLDS, *((NEVER,) if rule is not None else ())):
        for gate in (None, *GATES) if rule is not None else (None,):
            found = (np.nan_to_num(chance) >= threshold) & here
            if gate is not None and rule is not None and gate < threshold:
                found |= rule & ~(chance < gate)
            right = float(of.weights[gold & found].sum())
            given, all_of_it = float(of.weights[found].sum()), float(of.weights[gold].sum())
            yield Choice(threshold, gate, right / given if given else 0.0, right / all_of_it)


def as_toml(reader: Reader, choices: dict[str, Choice | None]) -> str:
    """The file that `labels/models/voices.py` reads."""
    lines = ["# Written by `python -m training.voices`, which tells how. Not edited by hand."]
    for name in LABELS:
        if name not in reader.heads or name in UNWRITTEN:
            continue
        languages = ", ".join(f'"{one}"' for one in SPOKEN.get(name, OTHERS))
        lines += ["", f"[{name}]", f"languages = [{languages}]"]
        for value in reader.heads[name].values:
            one = choices.get(name if (name, value) == ("question", "genuine") or value == "yes" else f"{name}={value}")
            if one is not None and not one.tier and name not in CAUTIOUS:
                # Nothing that was tried is right often enough: better not said than said wrongly.
                lines.append(f"{value} = {{ given = false }}")
                continue
            limit = CAUTIOUS.get(name, one.threshold if one else None)
            gate = one.gate if one else 0.0 if _ruled(name, value) else None
            told = {"threshold": limit, "gate": gate} if value != "neutral" else {}
            parts = [f"{key} = {figure}" for key, figure in told.items() if figure is not None]
            if parts:
                lines.append(f"{value} = {{ {', '.join(parts)} }}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Decide, and write or print."""
    folder = os.environ.get("SEGUITO_DATA")
    if not folder:
        sys.stderr.write("Set SEGUITO_DATA to the folder that holds the public data sets.\n")
        return 2
    reader = Reader.load(OPEN)
    of = tried([one for one in read(Path(folder)) if one.half == "develop"], reader)
    choices = {key: decided(of, reader, key) for key in ACTS if resolve(key)[0].name in reader.heads}
    text = as_toml(reader, choices)
    if "--print" not in arguments:
        PLACE.write_text(text, encoding="utf-8")
        return 0
    for key, one in choices.items():
        told = (
            f"{one.threshold:5.2f} {one.gate!s:>5} {one.precision:.2f} {one.recall:.2f}"
            if one
            else "as the weights say"
        )
        sys.stdout.write(f"{key:22} {told}\n")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
