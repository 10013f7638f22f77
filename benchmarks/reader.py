"""How fast the compact reader reads: comments a second and core by both ways, one comment alone, import and load.

Reads the comments written for training, each as long as people write them. The weights are those that ship, or any
named; where there are none, a file of the same size drawn at random: speed does not depend on what was learnt.
Prints JSON. Time is that of the process, so that other programs on the machine count little.

    python -m benchmarks.reader [--weights FILE] [--seconds N]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# One core is measured: set before numpy is loaded, and for the processes started from here.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import pyarrow as pa

from seguito.labels.models import features
from seguito.labels.models.header import Head, Header, Linear
from seguito.labels.models.quantise import Learnt, quantise
from seguito.labels.models.reader import OPEN, Reader, place_of
from seguito.labels.models.weights import load, write

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("it", "en", "es", "fr", "de", "pt")
ROWS, WIDTH, HIDDEN, BINARY = 65_536, 32, 48, 25
COMMENTS = 50_000


def comments(n: int) -> pa.Array:
    """Comments as people write them, in a fixed order, each about as often."""
    written = []
    for place in sorted((ROOT / "training" / "written").glob("*.tsv")):
        with place.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            written += [row["text"] for row in rows if row.get("text")]
    order = np.random.default_rng(0).permutation(n) % len(written)
    return pa.array(written).take(pa.array(order))


def drawn(texts: pa.Array, place: Path) -> None:
    """Write weights of full size at random: 65,536 n-grams of 32 columns, 48 hidden units, 32 heads."""
    rng = np.random.default_rng(0)
    found = features.counts(texts)
    keys, often = np.unique(found.keys, return_counts=True)
    # As in training, n-grams that occur most are known.
    keys = np.sort(keys[np.argsort(-often, kind="stable")[:ROWS]])
    header = Header(
        name="drawn",
        features=features.REVISION,
        rows=len(keys),
        width=WIDTH,
        hidden=HIDDEN,
        heads=(
            Head(name="language", values=(*LANGUAGES, "other"), kind="softmax"),
            Head(name="sentiment", values=("negative", "neutral", "positive"), kind="softmax", languages=LANGUAGES),
            Head(name="emotion", values=("anger", "joy", "optimism", "sadness"), kind="softmax"),
            Head(name="question", values=("genuine", "rhetorical"), kind="softmax", none=True),
            Head(name="criticism", values=("content", "conduct")),
            Head(name="hostility", values=("creator", "member", "group", "nobody")),
            *(Head(name=f"label_{n}", values=("yes",)) for n in range(BINARY)),
        ),
        languages=LANGUAGES,
        language_head="language",
        linear=tuple(Linear(head="sentiment", language=language) for language in ("de", "es", "fr")),
    )
    wide, columns = WIDTH + header.linear_columns, header.columns
    learnt = Learnt(
        keys=keys,
        idf=rng.uniform(1, 8, len(keys)),
        table=rng.normal(size=(len(keys), wide)),
        hidden=rng.normal(size=(2 * WIDTH, HIDDEN)),
        hidden_bias=rng.normal(size=HIDDEN),
        out=rng.normal(size=(HIDDEN, columns)) * 0.1,
        out_bias=np.zeros(columns),
        context=np.zeros((0, columns)),
    )
    write(place, header, quantise(header, learnt))


def per_second(reader: Reader, texts: pa.Array, seconds: float) -> dict[str, float]:
    """Comments a second of process time: the best and the middle of several runs."""
    reader.read(texts.slice(0, 1_000))
    rates: list[float] = []
    begun = time.process_time()
    while len(rates) < 3 or time.process_time() - begun < seconds:
        start = time.process_time()
        reader.read(texts)
        rates.append(len(texts) / (time.process_time() - start))
    return {"best": round(max(rates)), "median": round(statistics.median(rates))}


def alone(reader: Reader, texts: pa.Array) -> float:
    """Microseconds for one comment by itself, from Python text to probabilities: the median."""
    times = []
    for text in texts.slice(0, 2_000).to_pylist():
        start = time.perf_counter_ns()
        reader.read(pa.array([text]))
        times.append(time.perf_counter_ns() - start)
    return round(statistics.median(times) / 1_000, 1)


def start_up(place: Path, **environment: str) -> float:
    """Seconds of process time from a bare interpreter to the first comment read; the least of five."""
    # The text comes as bytes: from a Python list pyarrow would load pandas first, which the base install does not have.
    code = (
        "import time; bare = time.process_time(); from pathlib import Path;"
        "from seguito.labels.models.reader import Reader; import pyarrow as pa;"
        "text = pa.py_buffer(b'ciao a tutti'); ends = pa.py_buffer(bytes((0, 0, 0, 0, 12, 0, 0, 0)));"
        f"Reader.load(Path({str(place)!r})).read(pa.StringArray.from_buffers(1, ends, text));"
        "print(time.process_time() - bare)"
    )
    taken = [
        float(subprocess.check_output([sys.executable, "-c", code], env={**os.environ, **environment}))
        for _ in range(5)
    ]
    return round(min(taken), 3)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=place_of(OPEN))
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    texts = comments(COMMENTS)
    letters = pa.compute.utf8_length(texts).to_numpy(zero_copy_only=False)
    with tempfile.TemporaryDirectory() as folder:
        place = asked.weights
        if not place.exists():
            place = Path(folder) / "drawn.weights"
            drawn(texts, place)
        weights = load(place)
        figures: dict[str, object] = {
            "weights": weights.header.name,
            "bytes": place.stat().st_size,
            "comments": len(texts),
            "letters a comment": round(float(letters.mean()), 1),
        }
        for name, compiled, environment in (("numpy", False, {"SEGUITO_PURE": "1"}), ("compiled", True, {})):
            reader = Reader(weights, compiled=compiled)
            figures[name] = {
                "comments a second and core": per_second(reader, texts, asked.seconds),
                "microseconds for one": alone(reader, texts),
                "seconds to import and load": start_up(place, **environment),
            }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
