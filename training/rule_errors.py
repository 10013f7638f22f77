"""How often the rules are right, measured on comments that people labelled by hand.

    python -m training.rule_errors            write labels/errors.toml and the table in docs/concepts/labels.md
    python -m training.rule_errors --check    fail when either is out of date
    python -m training.rule_errors --develop  print the table of the other half, on which rules may be changed

Reads `intents/labels.tsv` under SEGUITO_DATA: 1,680 comments of 2013 to 2020 (Italian under music videos and adverts on
YouTube, English under YouTube videos, tobacco brands on Instagram and tweets to customer services). The comments are
split by what they stand under (a video, a brand, a company): rules were changed while looking at one half, and only
the other half is reported. No video or brand is in both.

The sample is stratified: of every source, half to 60 % was drawn among rows that match a broad word pattern. Rows are
weighted back to their source (rows of the stratum / rows drawn from it), and the weights of a source scaled so that it
counts for as many rows as were read. Sensitivity and specificity are these weighted shares; what is written are whole
counts of the effective number of rows (Kish: the square of the summed weights over the sum of their squares), so that
an interval built on them is as wide as the sample deserves.
"""

from __future__ import annotations

import csv
import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from seguito.labels.reading import prepare
from seguito.labels.registry import labellers

ROOT = Path(__file__).parent.parent
ERRORS = ROOT / "src/seguito/labels/errors.toml"
PAGE = ROOT / "docs/concepts/labels.md"
BEGIN, END = "<!-- begin: measured by training.rule_errors -->", "<!-- end: measured -->"

# What people were asked, for what a rule answers.
ACTS = {
    "question": {"q_genuine"},
    "thanks": {"thanks"},
    "support": {"support", "support_hard"},
    "worry": {"worry_absence"},
    "low_effort": {"low_effort"},
}
# Fewer than this many comments that have the label, or that have it not, and nothing is known of its errors.
ENOUGH = 15


@dataclass(frozen=True, slots=True)
class Comment:
    """One hand-labelled comment.

    Attributes:
        half: "develop" or "report".
        weight: how many comments of its source it stands for, scaled.
        unsure: whether the people who read it were.
    """

    text: str
    language: str
    source: str
    half: str
    acts: frozenset[str]
    weight: float
    unsure: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """What a label's rule did on some comments: weighted shares, and effective whole counts."""

    label: str
    language: str
    positives: int
    negatives: int
    precision: float | None
    sensitivity: float | None
    specificity: float | None
    counts: tuple[int, int, int, int] | None


def half_of(source: str, context: str) -> str:
    """Which half the comments under one video, brand or company belong to."""
    digest = hashlib.sha256(f"{source}\t{context}".encode()).digest()
    return "report" if digest[0] % 2 else "develop"


def read(folder: Path) -> list[Comment]:
    """The hand-labelled comments, with their weights."""
    with (folder / "intents" / "labels.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    drawn: dict[tuple[str, str, str], int] = {}
    for row in rows:
        stratum = (row["set"], row["stratum"], row["stratum_pool"])
        drawn[stratum] = drawn.get(stratum, 0) + 1
    weights = [int(row["stratum_pool"]) / drawn[row["set"], row["stratum"], row["stratum_pool"]] for row in rows]
    mass: dict[str, float] = {}
    size: dict[str, int] = {}
    for row, weight in zip(rows, weights, strict=True):
        mass[row["set"]] = mass.get(row["set"], 0) + weight
        size[row["set"]] = size.get(row["set"], 0) + 1
    return [
        Comment(
            text=row["text"],
            language=row["language"],
            source=row["set"],
            half=half_of(row["set"], row["context"]),
            acts=frozenset(row["acts"].split(";")),
            weight=weight * size[row["set"]] / mass[row["set"]],
            unsure=row["unsure"] == "1",
        )
        for row, weight in zip(rows, weights, strict=True)
    ]


def found_in(comments: Sequence[Comment]) -> dict[str, set[int]]:
    """For every label, the numbers of the comments that code gave it; languages are identified, as in real use."""
    uris = pa.array([str(number) for number in range(len(comments))])
    posts = prepare(uris, pa.array([one.text for one in comments], pa.string()))
    hits: dict[str, set[int]] = {label: set() for label in ACTS}
    for labeller in labellers(ACTS):
        for row in labeller.label(posts).to_pylist():
            hits[row["label"]].add(int(row["subject_uri"]))
    return hits


def measure(comments: Sequence[Comment], half: str) -> list[Measured]:
    """What the rules did on one half, per label, in each language and in both."""
    hits = found_in(comments)
    chosen = [number for number, one in enumerate(comments) if one.half == half]
    out = []
    for label, acts in ACTS.items():
        for language in ("it", "en", ""):
            rows = [number for number in chosen if comments[number].language == language or not language]
            out.append(_measured(label, language, comments, rows, acts, hits[label]))
    return out


def _measured(
    label: str, language: str, comments: Sequence[Comment], rows: Sequence[int], acts: set[str], hit: set[int]
) -> Measured:
    positive = [number for number in rows if comments[number].acts & acts]
    negative = [number for number in rows if not comments[number].acts & acts]
    known = min(len(positive), len(negative)) >= ENOUGH
    right = _weight(comments, (number for number in positive if number in hit))
    wrong = _weight(comments, (number for number in negative if number in hit))
    sensitivity = right / _weight(comments, positive) if known else None
    specificity = 1 - wrong / _weight(comments, negative) if known else None
    counts = None
    if sensitivity is not None and specificity is not None:
        n_positive, n_negative = _effective(comments, positive), _effective(comments, negative)
        found, left = round(sensitivity * n_positive), round(specificity * n_negative)
        counts = (found, n_positive - found, n_negative - left, left)
    precision = right / (right + wrong) if known and right + wrong else None
    return Measured(label, language, len(positive), len(negative), precision, sensitivity, specificity, counts)


def _weight(comments: Sequence[Comment], rows: Iterable[int]) -> float:
    return sum(comments[number].weight for number in rows)


def _effective(comments: Sequence[Comment], rows: Sequence[int]) -> int:
    squares = sum(comments[number].weight ** 2 for number in rows)
    return round(_weight(comments, rows) ** 2 / squares)


def as_toml(measured: Sequence[Measured]) -> str:
    """The file that `labels/errors.py` reads."""
    revisions = {one.name: one.revision for one in labellers(ACTS)}
    lines = [
        "# Written by `python -m training.rule_errors`, which tells what was measured and how. Not edited by hand.",
        "# Counts are of effective rows; a label or language that is not here was not measured.",
    ]
    for one in measured:
        if one.counts is None:
            continue
        found, missed, false, left = one.counts
        lines += [
            "",
            "[[errors]]",
            f'label = "{one.label}"',
            f'language = "{one.language}"',
            f'revision = "{revisions[one.label]}"',
            f"true_positive = {found}",
            f"false_negative = {missed}",
            f"false_positive = {false}",
            f"true_negative = {left}",
        ]
    return "\n".join(lines) + "\n"


def as_table(measured: Sequence[Measured]) -> str:
    """The figures as a Markdown table."""
    lines = [
        "| Label | Language | With it | Without | Precision | Recall | Specificity |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in measured:
        shares = [_share(one.precision), _share(one.sensitivity), _share(one.specificity)]
        language = one.language or "both"
        lines.append(f"| `{one.label}` | {language} | {one.positives} | {one.negatives} | {' | '.join(shares)} |")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f}"


def _page(measured: Sequence[Measured]) -> str:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}\n{as_table(measured)}\n{END}{after}"


def main(arguments: Sequence[str]) -> int:
    """Measure, and write or compare."""
    folder = os.environ.get("SEGUITO_DATA")
    if not folder:
        sys.stderr.write("Set SEGUITO_DATA to the folder that holds the public data sets.\n")
        return 2
    comments = read(Path(folder))
    if "--develop" in arguments:
        sys.stdout.write(as_table(measure(comments, "develop")) + "\n")
        return 0
    measured = measure(comments, "report")
    wanted = {ERRORS: as_toml(measured), PAGE: _page(measured)}
    if "--check" in arguments:
        stale = [str(path) for path, text in wanted.items() if path.read_text(encoding="utf-8") != text]
        sys.stderr.writelines(f"{path} is out of date: run python -m training.rule_errors\n" for path in stale)
        return int(bool(stale))
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    sys.stdout.write(as_table(measured) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
