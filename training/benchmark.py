"""All development sets through the door that everybody has: `make benchmark-labels` writes the page.

    python -m training.benchmark            print the table
    python -m training.benchmark --write    write docs/reference/label-benchmarks.md
    python -m training.benchmark --research also with the weights for research, where they were built

Every set here was looked at while the weights were made, though no row of it trained what is measured on it; official
test sets, other domains and other years are for `seguito score-labeller`.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seguito.kit.errors import SeguitoError
from seguito.labels.models.reader import Reader
from seguito.labels.scored import ask, values_of
from seguito.labels.scoring import Figure, Said, Score, score
from training import sets
from training.documents import Document
from training.evaluate import contexts, gathered
from training.targets import CHOICES, COLUMNS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/reference/label-benchmarks.md"
FEWEST, POSITIVES = 100, 15
SENTIMENT = ("negative", "neutral", "positive")

Numbers = npt.NDArray[np.int64]

ABOUT = """# What the labels reach on sets that people labelled

Written by `make benchmark-labels`; do not edit. Every row is a development set: it was looked at while the weights were
made, and no row of it trained them, so figures are a little kind. Official tests are run with `seguito score-labeller`,
and kept apart from the making. *macro-F1* is the mean over the values that occur, *F1* that of the label itself; the
intervals are bootstraps over rows. *sure 80 %* is the macro-F1 when the least sure fifth is left unanswered. The
baselines: the most frequent value; a list of polarity words (ours, the very list that also trains); VADER in English.

"""


@dataclass(frozen=True, slots=True)
class Set:
    """Documents of one collection and language whose gold of one label is known."""

    label: str
    collection: str
    language: str
    documents: Sequence[Document]
    gold: Numbers


def benchmark_sets(documents: Sequence[Document]) -> Iterator[Set]:
    """Every label, collection and language with enough documents."""
    places: dict[tuple[str, str], list[Document]] = {}
    for one in documents:
        places.setdefault((one.collection, one.language), []).append(one)
    for label in (*CHOICES, *COLUMNS):
        for (collection, language), rows in sorted(places.items()):
            known = [one for one in rows if label in one.targets]
            gold = np.array([one.targets[label] for one in known])
            positives = int((gold > 0.5).sum())
            enough = label in CHOICES or min(positives, len(gold) - positives) >= POSITIVES
            if len(known) >= FEWEST and enough:
                yield Set(
                    label, collection, language, known, (gold if label in CHOICES else gold > 0.5).astype(np.int64)
                )


def asked(one: Set, weights: str) -> Score:
    """What a label scores on a set; languages are looked for by the reader itself, as in real use."""
    name = one.label.replace(":", "=")
    texts = pa.array([document.text for document in one.documents], pa.string())
    said = ask(name, texts, context=contexts(one.documents), weights=weights)
    order = CHOICES.get(one.label)
    gold = one.gold if order is None else np.array([values_of(name).index(order[at]) for at in one.gold])
    return score(gold, said)


def baselines(one: Set) -> dict[str, float]:
    """Macro-F1 of what needs no training: the most frequent value, and words for sentiment."""
    found = {"most frequent": _plain(one, np.full(len(one.gold), np.bincount(one.gold).argmax()))}
    if one.label == "sentiment":
        texts = [document.text for document in one.documents]
        found["word list"] = _plain(one, np.array([_listed(text, one.language) for text in texts]))
        if one.language == "en":
            found["VADER"] = _plain(one, _vader(texts))
    return found


def _plain(one: Set, decided: Numbers) -> float:
    values = CHOICES.get(one.label, ("no", "yes"))
    scores = np.eye(len(values))[decided]
    said = Said(tuple(values), scores, decided.astype(np.int64), np.zeros(len(decided), dtype=bool))
    return score(one.gold, said).macro_f1.value or 0.0


@cache
def _words() -> dict[tuple[str, str], float]:
    with (ROOT / "training/written/polarity_words.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["language"], row["entry"].casefold()): float(row["polarity"]) for row in rows}


def _listed(text: str, language: str) -> int:
    words = re.findall(r"\w+|[^\w\s]", text.casefold())
    runs = [" ".join(words[at : at + n]) for n in (1, 2, 3) for at in range(len(words) - n + 1)]
    total = sum(_words().get((language, run), 0.0) + _words().get(("any", run), 0.0) for run in runs)
    return 0 if total < 0 else 2 if total > 0 else 1


def _vader(texts: Sequence[str]) -> Numbers:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    judge = SentimentIntensityAnalyzer()
    compound = np.array([judge.polarity_scores(text)["compound"] for text in texts])
    return np.where(compound <= -0.05, 0, np.where(compound >= 0.05, 2, 1))


def table(found: Sequence[tuple[Set, Score, dict[str, float]]]) -> str:
    """The figures as a Markdown table."""
    head = [
        "label",
        "set",
        "language",
        "n",
        "macro-F1",
        "F1",
        "precision",
        "recall",
        "AUC",
        "ECE",
        "sure 80 %",
        "baselines",
    ]
    rows = [head, ["---"] * len(head)]
    for one, scored, plain in found:
        yes = next((value for value in scored.values if value.value == "yes"), None)
        curve = {point.coverage: point.macro_f1 for point in scored.curve}
        rows.append(
            [
                f"`{one.label.replace(':', '=')}`",
                one.collection,
                one.language or "any",
                f"{scored.n:,}" + (f" ({yes.positives:,} yes)" if yes else ""),
                _figure(scored.macro_f1),
                *(
                    [_figure(yes.f1), _figure(yes.precision), _figure(yes.recall), _bare(yes.auc)]
                    if yes
                    else ["", "", "", ""]
                ),
                _bare(scored.ece),
                f"{curve.get(0.8, float('nan')):.3f}",
                ", ".join(f"{name} {value:.2f}" for name, value in plain.items()),
            ]
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _bare(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.3f}"


def _figure(figure: Figure) -> str:
    if figure.value is None or figure.interval is None:
        return _bare(figure)
    return f"{figure.value:.3f} ({figure.interval.lo:.2f}–{figure.interval.hi:.2f})"


def section(weights: str, data: Path, say: Callable[[str], object]) -> str:
    """The table of some weights, with what made them."""
    found = []
    for one in benchmark_sets(gathered(weights, data)):
        say(f"{weights}: {one.label} on {one.collection} {one.language}\n")
        found.append((one, asked(one, weights), baselines(one)))
    revision = Reader.load(weights).revision
    return f"## Weights `{weights}` (revision {revision})\n\n{table(found)}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write the page."""
    parser = argparse.ArgumentParser(prog="python -m training.benchmark", description="Score labels on all sets.")
    parser.add_argument("--write", action="store_true", help="write the page")
    parser.add_argument("--research", action="store_true", help="the weights for research too, where they were built")
    given = parser.parse_args(arguments)
    data, parts = sets.data_folder(), []
    for weights in ("open", "research") if given.research else ("open",):
        try:
            Reader.load(weights)
        except SeguitoError as error:
            sys.stderr.write(f"{error.what} {error.advice}\n")
            continue
        parts.append(section(weights, data, sys.stderr.write))
    page = ABOUT + "\n".join(parts)
    if given.write:
        PAGE.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
