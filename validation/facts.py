"""Stylised facts: how simulated communities and real ones compare, figure by figure.

    SEGUITO_DATA=... python -m validation.facts --write

The same functions read both: who wrote when, under which post, answering whom. A real set tells only what it holds; one
that lacks times or authors says nothing of them. Bands of the simulated worlds are the 5th and 95th percentile over
seeds. Nothing of the real sets leaves this command but the figures.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seguito.simulate.community import Community, simulate
from seguito.simulate.scenarios import planned
from validation import facts_page, facts_sets
from validation.facts_log import FACTS, Log, facts, post_facts

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "stylised-facts.md"
SCENARIOS = ("S9", "S0", "S3")
SEEDS = range(20)
COMMENTS = 4_000


def simulated(name: str, seeds: Sequence[int] = SEEDS) -> dict[str, tuple[float, float, float]]:
    """The 5th, 50th and 95th percentile of every fact over the worlds of a scenario."""
    found = [of_world(simulate(planned(name, seed=seed, comments=COMMENTS))) for seed in seeds]
    bands = {}
    for fact in FACTS:
        values = [one[fact] for one in found if fact in one]
        if values:
            low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
            bands[fact] = float(low), float(middle), float(high)
    return bands


def of_world(world: Community) -> dict[str, float]:
    """Every fact of one simulated world."""
    comments, mine = world.comments, world.by_member
    log = Log(
        author=comments.author[mine],
        post=comments.post[mine],
        at=comments.at[mine],
        is_reply=comments.parent[mine] >= 0,
        published=world.posts.at[comments.post[mine]],
    )
    likes = np.array([len(one) for one in world.likes], dtype=float)
    written = np.bincount(comments.post[mine], minlength=len(world.posts)).astype(float)
    return facts(log) | post_facts([(likes, written, world.posts.at.astype(float))])


def main(words: Sequence[str] | None = None) -> int:
    """Print the comparison, or write it into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/reference/stylised-facts.md")
    asked = parser.parse_args(words)
    if "SEGUITO_DATA" not in os.environ:
        parser.error("set SEGUITO_DATA to the folder of the public data sets")
    real = facts_sets.real(Path(os.environ["SEGUITO_DATA"]))
    page = facts_page.written(real, {name: simulated(name) for name in SCENARIOS}, seeds=len(SEEDS), comments=COMMENTS)
    if asked.write:
        PAGE.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
