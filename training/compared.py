"""What changed when the reader took over from the rules: figures of both, on the same comments.

    python -m training.compared            write docs/concepts/labels-compared.md
    python -m training.compared --check    fail when it is out of date

Precision and recall are those of the half of the hand-labelled comments that decided nothing (`training/hand.py`).
Shares are of public comments with nobody's labels: they show how figures of a report move, not which is right.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from seguito.kit.intervals import Errors, corrected
from seguito.labels.contract import Labeller
from seguito.labels.errors import errors_of
from seguito.labels.patterns import Patterns
from seguito.labels.reading import prepare
from seguito.labels.registry import labellers
from training.hand import read
from training.rule_errors import Measured, measure

PAGE = Path(__file__).parent.parent / "docs/concepts/labels-compared.md"
RULES = ("question", "thanks", "support", "worry", "low_effort")
PART = 10_000


def _gzipped(path: Path, column: str) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def _gbv(folder: Path) -> list[str]:
    found = []
    for part in ("train", "valid"):
        with (folder / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            found += [row["text"] for row in csv.DictReader(file)]
    return found


# Public threads: what stands in them, and how they are read.
THREADS: Mapping[str, Callable[[Path], list[str]]] = {
    "YouTube 2013, under 96 videos": lambda data: _gzipped(
        data / "evaluate/youtube_corpus_2013/comments.tsv.gz", "content"
    ),
    "Instagram, under posts of two brands, 2018 to 2020": lambda data: _gzipped(
        data / "evaluate/instagram_brand_comments_2018_20/comments.tsv.gz", "text"
    ),
    "YouTube, Italian news of violence, 2022": lambda data: _gbv(data / "evaluate/gbv_maltesi"),
}


def rules() -> list[Labeller]:
    """The labellers as they were: one rule for each label."""
    return [Patterns(name) for name in RULES]


def shares(texts: Sequence[str], voices: Sequence[Labeller], labels: Iterable[str]) -> dict[str, float | None]:
    """The share of the comments that were read for a label and got it; `None` where none was read."""
    given, looked = dict.fromkeys(labels, 0), dict.fromkeys(labels, 0)
    for begin in range(0, len(texts), PART):
        part = list(texts[begin : begin + PART])
        posts = prepare(pa.array([str(n) for n in range(len(part))]), pa.array(part, pa.string()))
        spoken = np.array(posts.column("language").to_pylist())
        for voice in voices:
            rows = voice.label(posts).to_pylist()
            for label in given:
                if label.partition("=")[0] in voice.labels:
                    looked[label] += int(_read(voice, label, spoken).sum())
                    given[label] += sum(_is(row, label) for row in rows)
    return {label: given[label] / looked[label] if looked[label] else None for label in given}


def _read(voice: Labeller, label: str, spoken: np.ndarray) -> np.ndarray:
    by_label: Mapping[str, frozenset[str]] = getattr(voice, "languages_by_label", {})
    languages = by_label.get(label.partition("=")[0], voice.languages)
    return np.isin(spoken, list(languages)) if languages else np.ones(len(spoken), dtype=bool)


def _is(row: Mapping[str, str], label: str) -> bool:
    name, _, value = label.partition("=")
    return row["label"] == name and (row["value"] == value or (not value and row["value"] != "rhetorical"))


def page(data: Path) -> str:
    """The page."""
    comments = read(data)
    before = {(one.label, one.language): one for one in measure(comments, "report", rules())}
    after = {(one.label, one.language): one for one in measure(comments, "report", labellers(["reader"]))}
    lines = [HEAD, *_figures(before, after), "", MIDDLE]
    labels = [*RULES, "service_request", "sentiment=positive", "sentiment=negative"]
    for name, texts_of in THREADS.items():
        texts = texts_of(data)
        old, new = shares(texts, rules(), RULES), shares(texts, labellers(["reader"]), labels)
        lines += ["", f"**{name}** ({len(texts):,} comments)", "", *_moved(labels, old, new)]
    return "\n".join(lines) + "\n"


def _figures(before: Mapping[tuple[str, str], Measured], after: Mapping[tuple[str, str], Measured]) -> list[str]:
    lines = [
        "| Label | Language | Comments with it | Precision before | now | Recall before | now |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for key, now in after.items():
        if now.sensitivity is None:
            continue
        old = before.get(key)
        pair = [
            _told(old and old.precision),
            _told(now.precision),
            _told(old and old.sensitivity),
            _told(now.sensitivity),
        ]
        lines.append(f"| `{now.label}` | {now.language or 'both'} | {now.positives} | {' | '.join(pair)} |")
    return lines


def _moved(labels: Iterable[str], old: Mapping[str, float | None], new: Mapping[str, float | None]) -> list[str]:
    rows = (
        f"| `{label}` | {_percent(old.get(label))} | {_percent(new[label])} | {_corrected(label, new[label])} |"
        for label in labels
    )
    return ["| Label | Share before | Share now | Corrected now |", "|---|---:|---:|---:|", *rows]


def _corrected(label: str, share: float | None) -> str:
    errors: Errors | None = errors_of(label)
    if share is None or errors is None or not errors.informative:
        return "not known"
    return _percent(corrected(share, errors))


def _told(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


HEAD = """# Labels before and after the reader

<!-- Written by `python -m training.compared`. Not edited by hand. -->

Until the compact reader came, five labels were given by word patterns alone. Now a label is given by the reader, by the
patterns, or by either, whichever did best on one half of the comments that people labelled by hand (see
[labels](labels.md)). These are the figures of the other half, for the patterns alone (before) and for what is given
now; a dash: there was no such label, or nothing was found. Labels too rare to be measured are left out, and so are
those that the deciding half showed to be wrong too often to be given. Both sides tell languages by the means of today.
"""
MIDDLE = """## How shares move

Shares of public comments that nobody labelled: they show how the figures of a report move, not which are right. The
corrected share takes the measured errors into account; it carries the assumption that a label errs here as it did where
it was measured. A share is of the comments in a language the label is read in."""


def main(arguments: Sequence[str]) -> int:
    """Write or compare."""
    folder = os.environ.get("SEGUITO_DATA")
    if not folder:
        sys.stderr.write("Set SEGUITO_DATA to the folder that holds the public data sets.\n")
        return 2
    text = page(Path(folder))
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write(f"{PAGE} is out of date: run python -m training.compared\n")
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
