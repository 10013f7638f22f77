"""How often labels are right, measured on comments that people labelled by hand, and which of them may be shown.

    python -m training.rule_errors            write labels/errors.toml, labels/shown.toml and the table in the docs
    python -m training.rule_errors --check    fail when one of them is out of date
    python -m training.rule_errors --develop  print the table of the other half, on which rules may be changed

What is measured is what stands in a lake: what the reader and the rules come to together. Where the comments are from,
how they are split and weighted, tells `training/hand.py`; only the half that decided nothing is reported. Sensitivity
and specificity are written as whole counts of effective rows, so that an interval built on them is as wide as the
sample deserves. A label whose precision is below .7, or was measured on too few finds, may feed a corrected share and
is never shown on a message (`shown.toml`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from seguito.kit.intervals import Interval, wilson
from seguito.labels.contract import Labeller
from seguito.labels.reading import prepare
from seguito.labels.registry import labellers
from training.hand import ACTS, ENOUGH, Comment, context, effective, read, weight_of

ROOT = Path(__file__).parent.parent
ERRORS = ROOT / "src/seguito/labels/errors.toml"
SHOWN = ROOT / "src/seguito/labels/shown.toml"
PAGE = ROOT / "docs/concepts/labels.md"
BEGIN, END = "<!-- begin: measured by training.rule_errors -->", "<!-- end: measured -->"
FRAME = "# Written by `python -m training.rule_errors`, which tells what was measured and how. Not edited by hand."

# A label is shown on a message if at least this share of what gets it is right, and this many finds say so.
PRECISE = 0.7
FINDS = 10
# What a person means by a label with values when they ask for it without one.
ONLY = {"question": "genuine"}
# These are not decided by looking at meaning, so there is nothing to be wrong about.
ALWAYS = ("language", "wording", "explanation")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a label did on some comments.

    Attributes:
        label: the label, or `label=value`.
        language: the language; "" for all together.
        positives: comments that have it.
        negatives: comments that have it not.
        finds: effective number of comments that were given it.
        precision: share of these that are right, weighted, with its interval; `None` where nothing was given it.
        sensitivity: share of those with it that were given it; `None` where too few are known.
        specificity: share of those without it that were not given it, likewise.
        counts: true positives, false negatives, false positives, true negatives, as effective rows.
    """

    label: str
    language: str
    positives: int
    negatives: int
    finds: int
    precision: float | None
    interval: Interval | None
    sensitivity: float | None
    specificity: float | None
    counts: tuple[int, int, int, int] | None

    @property
    def is_shown(self) -> bool:
        """Whether it may be shown on a message."""
        return self.precision is not None and self.precision >= PRECISE and self.finds >= FINDS


def found_by(comments: Sequence[Comment], voices: Sequence[Labeller]) -> dict[str, set[int]]:
    """For every label and `label=value`, the numbers of the comments that were given it, as in real use."""
    uris = pa.array([str(number) for number in range(len(comments))])
    posts = prepare(uris, pa.array([one.text for one in comments], pa.string()), context=context(comments))
    hits: dict[str, set[int]] = {key: set() for key in ACTS}
    for labeller in voices:
        for row in labeller.label(posts).to_pylist():
            for key in (row["label"], f"{row['label']}={row['value']}"):
                if key in hits and row["value"] in (ONLY.get(key, row["value"]), "yes"):
                    hits[key].add(int(row["subject_uri"]))
    return hits


def measure(comments: Sequence[Comment], half: str, voices: Sequence[Labeller]) -> list[Measured]:
    """What labels did on one half, in each language and in both."""
    hits = found_by(comments, voices)
    given = {label: values or frozenset() for one in voices for label, values in one.labels.items()}
    out = []
    for label, acts in ACTS.items():
        name, _, value = label.partition("=")
        if name not in given or (value and value not in given[name]):
            continue
        chosen = [number for number, one in enumerate(comments) if one.half == half]
        if label.startswith("sentiment"):
            # Comments that judge both ways are neither.
            chosen = [number for number in chosen if "polarity:mixed" not in comments[number].acts]
        for language in ("it", "en", ""):
            rows = [number for number in chosen if comments[number].language == language or not language]
            out.append(_measured(label, language, comments, rows, acts, hits[label]))
    return out


def _measured(
    label: str, language: str, comments: Sequence[Comment], rows: Sequence[int], acts: frozenset[str], hit: set[int]
) -> Measured:
    positive = [number for number in rows if comments[number].acts & acts]
    negative = [number for number in rows if not comments[number].acts & acts]
    given = [number for number in rows if number in hit]
    known = min(len(positive), len(negative)) >= ENOUGH
    right = weight_of(comments, (number for number in positive if number in hit))
    wrong = weight_of(comments, (number for number in negative if number in hit))
    sensitivity = right / weight_of(comments, positive) if known else None
    specificity = 1 - wrong / weight_of(comments, negative) if known else None
    counts = None
    if sensitivity is not None and specificity is not None:
        n_positive, n_negative = effective(comments, positive), effective(comments, negative)
        found, left = round(sensitivity * n_positive), round(specificity * n_negative)
        counts = (found, n_positive - found, n_negative - left, left)
    precision = right / (right + wrong) if given else None
    finds = effective(comments, given)
    interval = None if precision is None else wilson(round(precision * finds), finds)
    return Measured(
        label, language, len(positive), len(negative), finds, precision, interval, sensitivity, specificity, counts
    )


def as_toml(measured: Sequence[Measured], voices: Sequence[Labeller]) -> str:
    """The file that `labels/errors.py` reads."""
    revisions = {label: one.revision for one in voices for label in one.labels}
    lines = [FRAME, "# Counts are of effective rows; a label or language that is not here was not measured."]
    for one in measured:
        if one.counts is None:
            continue
        found, missed, false, left = one.counts
        lines += [
            "",
            "[[errors]]",
            f'label = "{one.label}"',
            f'language = "{one.language}"',
            f'revision = "{revisions[one.label.partition("=")[0]]}"',
            f"true_positive = {found}",
            f"false_negative = {missed}",
            f"false_positive = {false}",
            f"true_negative = {left}",
        ]
    return "\n".join(lines) + "\n"


def as_shown(measured: Sequence[Measured]) -> str:
    """The file that `labels/shown.py` reads: what may be shown on a message, and the precision that says so."""
    lines = [
        FRAME,
        f"# Shown is what is right {PRECISE:.0%} of the time or more, on {FINDS} finds or more; the rest feeds shares.",
        "",
        f"always = [{', '.join(f'{chr(34)}{one}{chr(34)}' for one in ALWAYS)}]",
    ]
    for one in measured:
        if one.language or one.precision is None:
            continue
        shown = "true" if one.is_shown else "false"
        lines += [
            "",
            "[[measured]]",
            f'label = "{one.label}"',
            f"precision = {one.precision:.2f}",
            f"finds = {one.finds}",
            f"shown = {shown}",
        ]
    return "\n".join(lines) + "\n"


def as_table(measured: Sequence[Measured]) -> str:
    """The figures as a Markdown table; what was too rare to measure in either language stands below in a sentence."""
    lines = [
        "| Label | Language | With it | Without | Precision (95 %) | Recall | Specificity | On a message |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    rare = []
    for label in dict.fromkeys(one.label for one in measured):
        own = [one for one in measured if one.label == label]
        if all(one.positives < ENOUGH for one in own):
            rare.append(f"`{label}` ({own[-1].positives})")
            continue
        for one in own:
            language = one.language or "both"
            precision = _share(one.precision)
            if one.interval is not None and one.precision is not None:
                precision += f" ({one.interval.lo:.2f}–{one.interval.hi:.2f})"
            cells = (precision, _share(one.sensitivity), _share(one.specificity))
            shown = "" if one.language else "shown" if one.is_shown else "shares only"
            figures = f"{one.positives} | {one.negatives} | {' | '.join(cells)} | {shown}"
            lines.append(f"| `{label}` | {language} | {figures} |")
    told = f"\nToo rare here to be measured, with how many comments have them: {', '.join(rare)}." if rare else ""
    return "\n".join(lines) + "\n" + told


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
    comments, voices = read(Path(folder)), labellers()
    if "--develop" in arguments:
        sys.stdout.write(as_table(measure(comments, "develop", voices)) + "\n")
        return 0
    measured = measure(comments, "report", voices)
    wanted = {ERRORS: as_toml(measured, voices), SHOWN: as_shown(measured), PAGE: _page(measured)}
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
