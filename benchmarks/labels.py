"""How fast comments are labelled, beside fastText and VADER on the same texts: `python -m benchmarks.labels --write`.

Every tool reads in a process of its own, on one thread; time is that of the processor, so that other programs on the
machine count little. FastText and VADER are handed Python texts and give one label; ours go from Arrow to Arrow and
give all labels.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import facts
from benchmarks.tables import Goal, markdown
from seguito.labels.models.reader import OPEN, Reader, place_of

HERE = Path(__file__).parent
CACHE = HERE.parent / "build" / "benchmarks"
COMMENTS = 100_000
# What is measured: the name in the table, the tool, and the surroundings it runs in.
RUNS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "all labels, compiled": ("labels", {}),
    "all labels, numpy": ("labels", {"SEGUITO_PURE": "1"}),
    "reader alone, compiled": ("reader", {}),
    "reader alone, numpy": ("reader", {"SEGUITO_PURE": "1"}),
    "fastText": ("fasttext", {}),
    "VADER": ("vader", {}),
}
SENTIMENT = {"reader alone, compiled": "reader, open weights", "fastText": "fastText, same rows", "VADER": "VADER"}
TIMES_VADER, COMPILED, NUMPY, ALONE_US, START_S = 20, 100_000, 40_000, 50.0, 0.3
ABOUT = """Written by `python -m benchmarks.labels --write`; do not edit. {comments:,} comments of a simulated
community and, where they are at hand, as many as there are of the public YouTube corpus of 2013. Comments a second of
processor time on one thread, the best of three passes. *All labels* is the whole of what `seguito label` does with a
text, from Arrow to Arrow: language, {labels} labels of the reader ({answers} probabilities), rules, and the key of its
wording. FastText and VADER give one label, and are handed Python texts."""
ABOUT_SENTIMENT = """Tweets of TweetEval's own development part, which trained none of them. FastText was trained in
this run, with its defaults and pairs of words, on the rows that taught the shipped weights sentiment."""

Told = Mapping[str, Mapping[str, Any]]


def measured(comments: int, cache: Path) -> dict[str, dict[str, Any]]:
    """What every tool told, by the names of RUNS."""
    told = {}
    for name, (tool, more) in RUNS.items():
        sys.stderr.write(f"{name}\n")
        command = [sys.executable, "-m", "benchmarks.tools", tool, "--comments", str(comments), "--cache", str(cache)]
        kept = {key: value for key, value in os.environ.items() if key != "SEGUITO_PURE"}
        done = subprocess.run(
            command, env={**kept, **more}, cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True
        )
        told[name] = json.loads(done.stdout.splitlines()[-1])
    return told


def goals(told: Told, start_s: float) -> list[Goal]:
    """The goals that these figures can speak to."""
    all_labels, fasttext, vader = (told[name] for name in ("all labels, compiled", "fastText", "VADER"))
    speed = {name: one["simulated"] for name, one in told.items()}
    many, slow = given()["labels"], vader["simulated"]
    found = [
        _at_least("all labels at fastText's speed, comments/s", all_labels["simulated"], fasttext["simulated"]),
        _at_least("the reader at fastText's speed, comments/s", speed["reader alone, compiled"], fasttext["simulated"]),
        _at_least("all labels, comments/s over VADER's", all_labels["simulated"] / slow, TIMES_VADER),
        _at_least("all labels, labels/s over VADER's", all_labels["simulated"] * many / slow, TIMES_VADER),
        _at_least("the compiled reader, comments/s", speed["reader alone, compiled"], COMPILED),
        _at_least("the reader by numpy, comments/s", speed["reader alone, numpy"], NUMPY),
        _at_most("one comment by itself, µs", told["reader alone, compiled"]["alone_us"], ALONE_US),
        _at_most("import and load, s", start_s, START_S),
    ]
    scored = {name: told[name]["scored"] for name in SENTIMENT}
    ours = scored.pop("reader alone, compiled")
    for name, theirs in scored.items() if ours else ():
        for figure in ("accuracy", "macro_recall"):
            goal = f"sentiment better than {name}'s, {figure.replace('macro_', 'mean ')}"
            found.append(_at_least(goal, ours[figure][0], theirs[figure][0]))
    return found


def _at_least(goal: str, figure: float, line: float) -> Goal:
    return Goal(f"{goal}: at least {_short(line)}", _short(figure), figure >= line)


def _at_most(goal: str, figure: float, line: float) -> Goal:
    return Goal(f"{goal}: at most {_short(line)}", _short(figure), figure <= line)


def _short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 1_000 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"


def given() -> dict[str, int]:
    """How many labels each tool gives."""
    from seguito.labels.registry import labellers

    every = {label for one in labellers() for label in one.labels}
    return {"labels": len(every), "reader": len(Reader.load(OPEN).heads), "fasttext": 1, "vader": 1}


def speeds(told: Told) -> str:
    """Comments a second of every tool."""
    labels = given()
    base = told["VADER"]
    rows = []
    for name, one in told.items():
        real = f"{one['real']:,.0f}" if one["real"] else "not measured"
        times = [one[kind] / base[kind] for kind in ("simulated", "real") if one[kind]]
        cells = [f"{one['simulated']:,.0f}", real, " / ".join(f"{x:.1f}" for x in times), f"{one['alone_us']:,.0f}"]
        rows.append([name, str(labels[RUNS[name][0]]), *cells])
    head = ["tool", "labels", "simulated comments/s", "real comments/s", "times VADER", "one alone, µs"]
    return markdown(head, rows)


def accuracies(told: Told) -> str:
    """How well English sentiment is told; a sentence where the set is not at hand."""
    if not told["VADER"]["scored"]:
        return "Not measured: SEGUITO_DATA does not name the public data sets."
    rows = []
    for name, shown in SENTIMENT.items():
        one = told[name]["scored"]
        rows.append(
            [
                shown,
                f"{one['n']:,}",
                *("{:.3f} ({:.3f} to {:.3f})".format(*one[key]) for key in ("accuracy", "macro_recall")),
            ]
        )
    return markdown(["tool", "n", "accuracy", "mean recall"], rows)


def page(told: Told, start_s: float, comments: int, machine: Mapping[str, str]) -> str:
    """The page benchmarks/LABELS.md."""
    heads = Reader.load(OPEN).heads.values()
    answers = sum(len(head.values) for head in heads)
    parts = [
        "# How fast comments are labelled",
        ABOUT.format(comments=comments, labels=len(heads), answers=answers),
        speeds(told),
        "## English sentiment",
        ABOUT_SENTIMENT,
        accuracies(told),
        "## Goals",
        markdown(
            ["goal", "measured", ""], [[o.goal, o.figure, "met" if o.met else "missed"] for o in goals(told, start_s)]
        ),
        "## Machine",
        markdown(["", ""], [[name, value] for name, value in machine.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def main(words: Sequence[str] | None = None) -> None:
    """Measure, and print the page; with --write, keep it beside the others."""
    from benchmarks.reader import start_up

    parser = argparse.ArgumentParser(prog="benchmarks.labels", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--comments", type=int, default=COMMENTS)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where simulated files are kept")
    parser.add_argument("--write", action="store_true", help="write benchmarks/LABELS.md")
    asked = parser.parse_args(words)
    machine = facts()
    told = measured(asked.comments, asked.cache)
    text = page(told, start_up(place_of(OPEN)), asked.comments, machine)
    if asked.write:
        (HERE / "LABELS.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
