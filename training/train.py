"""Make the weights of the compact reader.

    python -m training.train open                    write src/seguito/labels/models/open.weights
    python -m training.train research                write research.weights among the user's files
    python -m training.train open --to FILE          write another file

Reads the data sets of SEGUITO_DATA (by default `../shared/data`). The same data give the same bytes on one kind of
machine: one thread, fixed seeds, no clock.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

# One thread: sums in another order would give other last digits.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

from seguito.labels.models import weights as files  # noqa: E402
from seguito.labels.models.reader import place_of  # noqa: E402
from training import sets  # noqa: E402
from training.calibrate import Part  # noqa: E402
from training.examples import examples  # noqa: E402
from training.fit import fit  # noqa: E402
from training.network import Plan  # noqa: E402
from training.weightfile import made  # noqa: E402

PLANS = {"open": Plan(width=36, hidden=64, epochs=7), "research": Plan(width=36, hidden=64, epochs=6)}
LICENCE = {
    "open": "Apache-2.0",
    "research": "for research only: parts of the data may not be used commercially (see the model card)",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, calibrate and write one weight file."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Make weights of the compact reader.")
    parser.add_argument("weights", choices=sorted(PLANS))
    parser.add_argument("--to", type=Path, help="where to write the file")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {what}\n")

    name: str = asked.weights
    corpus = sets.corpus(name, sets.data_folder())
    training = [*corpus.training, *sets.cut(corpus.training), *sets.dressed(corpus.training)]
    fitted = fit(training, PLANS[name], say)
    development = [*corpus.development, *sets.cut(corpus.development)]
    say(f"calibrating on {len(development):,} texts")
    part = Part(development, examples(development, balanced=False), fitted.logits(development))
    data = tuple(one.name for one in sets.collections(name))
    header, arrays = made(name, fitted, part, LICENCE[name], data)
    place = asked.to or place_of(name)
    revision = files.write(place, header, arrays)
    say(f"wrote {place} ({place.stat().st_size:,} bytes, revision {revision})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
