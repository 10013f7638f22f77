"""Times the gathering of near-identical messages: `python -m benchmarks.clusters`.

Simulated comments, with campaigns planted among them: eight accounts' worth of one long text each, a word or two
changed in every copy. Beside it, in the same run, what a plain script does: every pair compared by rapidfuzz, on as
many messages as that can bear. Processor seconds stand beside, which other work cannot stretch.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
from rapidfuzz import fuzz, process

from benchmarks import world
from benchmarks.machine import facts
from benchmarks.tables import markdown
from seguito.labels.clusters import Clusters, normalised

HERE = Path(__file__).parent
CACHE = HERE.parent / "build" / "benchmarks"
SIZES = (10_000, 30_000, 100_000)
PLAIN = 5_000
COPIES = 8
GOAL_S = 20.0


def messages(n: int) -> list[str]:
    """Comments of a simulated community; one in twenty is a copy of a campaign, changed by a word or two."""
    first, _ = world.files(max(SIZES), CACHE)
    texts = pcsv.read_csv(first / "comments.csv")["text"].slice(0, n).to_pylist()
    rng = np.random.default_rng(6)
    words = sorted({word for text in texts[:2_000] for word in text.split()})
    for begin in range(0, n // 20, COPIES):
        base = rng.choice(words, 14)
        for copy in range(COPIES):
            changed = base.copy()
            changed[rng.integers(14, size=rng.integers(1, 3))] = rng.choice(words)
            texts[(begin + copy) * 20 % n] = " ".join(changed)
    return texts


def gathered(texts: list[str]) -> tuple[float, float, int]:
    """Wall and processor seconds to gather messages, and how many stand in a cluster of three or more."""
    wall, cpu = time.perf_counter(), time.process_time()
    clusters = Clusters()
    clusters.add(pa.array([str(number) for number in range(len(texts))]), pa.array(texts))
    table = clusters.table()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sizes = table["cluster"].combine_chunks().value_counts().field("counts").to_numpy()
    return wall, cpu, int(sizes[sizes >= 3].sum())


def one_more(texts: list[str]) -> float:
    """Wall seconds for one message that arrives after all others."""
    clusters = Clusters()
    clusters.add(pa.array([str(number) for number in range(len(texts))]), pa.array(texts))
    begun = time.perf_counter()
    clusters.add(pa.array(["new"]), pa.array(["when is the next video about the rye loaf coming out?"]))
    return time.perf_counter() - begun


def plainly(texts: list[str]) -> float:
    """Processor seconds to compare every pair of messages."""
    ready = normalised(pa.array(texts)).to_pylist()
    begun = time.process_time()
    for scorer in (fuzz.ratio, fuzz.token_set_ratio):
        process.cdist(ready, ready, scorer=scorer, score_cutoff=85, workers=-1, dtype=np.uint8)
    return time.process_time() - begun


def main() -> None:
    """Print the table; with --write, keep it beside the others."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="write benchmarks/CLUSTERS.md")
    asked = parser.parse_args()
    rows, per_pair = [], plainly(messages(PLAIN)) / PLAIN**2
    for size in SIZES:
        texts = messages(size)
        wall, cpu, found = gathered(texts)
        plain = per_pair * size**2
        rows.append(
            [
                f"{size:,}",
                f"{wall:.1f}",
                f"{cpu:.1f}",
                f"{found:,}",
                f"{one_more(texts):.2f}",
                f"{plain:,.0f}",
                f"{plain / cpu:,.0f}",
            ]
        )
    head = ["messages", "seconds", "CPU", "in clusters", "one more, s", "all pairs, CPU (scaled up)", "times faster"]
    met = float(rows[-1][1]) <= GOAL_S
    text = (
        "# Gathering near-identical messages\n\nWritten by `python -m benchmarks.clusters --write`; do not edit. All "
        f"pairs were timed on {PLAIN:,} messages and scaled by the square.\n\n{markdown(head, rows)}\n\n"
        f"Goal: {SIZES[-1]:,} messages in {GOAL_S:.0f} s on two cores: {'met' if met else 'missed'}.\n\n"
        f"{markdown(['', ''], [[name, value] for name, value in facts().items()])}\n"
    )
    if asked.write:
        (HERE / "CLUSTERS.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
