"""Times the share of followers like sold ones, from a lake to the estimate: `python -m benchmarks.profiles`.

A space with made-up followers, one in ten of them like sold accounts, is written into a lake once; then a fresh process
opens it, reads every profile and works out the estimate. Peak memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.machine import facts
from benchmarks.tables import markdown
from benchmarks.watch import watch

HERE = Path(__file__).parent
CACHE = HERE.parent / "build" / "benchmarks"
SIZES = (10_000, 100_000, 1_000_000)
MEASURES = ("authenticity.fake_like_followers", "authenticity.newborn_profiles", "authenticity.mass_followers")
CREATOR = "known:account:ada"
SEEN = datetime(2026, 7, 1, tzinfo=UTC)
# Together with five million comments tested for coordination this is to take four minutes and 6 GiB.
GOAL_S, GOAL_MB = 60.0, 3_000.0


def lake_of(n: int) -> Path:
    """A workspace in which `n` followers of one creator were read, with their profiles."""
    place = CACHE / f"followers-{n}"
    if not (place / "whole").exists():
        shutil.rmtree(place, ignore_errors=True)
        _write(place, n)
        (place / "whole").touch()
    return place


def _write(place: Path, n: int) -> None:
    from seguito.facts.batch import Batch
    from seguito.facts.tables import TABLES
    from seguito.store.lake import open_lake

    with open_lake(place) as lake:
        staging = lake.stage("followers")
        for name, columns in _tables(n).items():
            rows = len(next(iter(columns.values())))
            schema = TABLES[name].schema
            columns |= {"batch_id": pa.array(["followers"] * rows), "observed_at": pa.array([SEEN] * rows)}
            filled = [_filled(field, columns.get(field.name), rows) for field in schema]
            staging.add(name, pa.RecordBatch.from_arrays(filled, schema=schema))
        batch = Batch(
            batch_id="followers", sequence=0, step="collect", source="made up", creator_uri=CREATOR,
            capabilities=("followers", "follower_profiles"), started_at=SEEN, finished_at=SEEN,
        )  # fmt: skip
        lake.commit(staging, batch)


def _filled(field: pa.Field, column: pa.Array | pa.ChunkedArray | None, rows: int) -> pa.Array:
    """A column as its schema wants it; what is not made up is unknown, and lists are empty."""
    if column is not None:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        return whole.cast(field.type)
    if field.nullable:
        return pa.nulls(rows, field.type)
    return pa.array([[]] * rows, field.type) if pa.types.is_list(field.type) else pa.array(["unknown"] * rows)


def _tables(n: int) -> dict[str, dict[str, pa.Array]]:
    rng = np.random.default_rng(1)
    sold = rng.random(n) < 0.1
    who = pa.array([f"known:account:f{at}" for at in range(n)])
    known = pa.array(["known"] * n)
    made = SEEN.timestamp() - rng.gamma(2.0, 400, n) * 86_400
    return {
        "accounts": {
            "uri": who, "platform": pa.array(["known"] * n), "native_id": pa.array([f"f{at}" for at in range(n)]),
            "handle": pa.array([f"name{at % 9973}.bsky.social" for at in range(n)]),
            "kind": pa.array(["unknown"] * n), "state": pa.array(["active"] * n),
            "created_at": pa.array((made * 1e6).astype(np.int64)).cast(pa.timestamp("us", "UTC")),
            "created_precision": pa.array(["s"] * n),
            "is_pseudonymous": pa.array([False] * n), "do_not_profile": pa.array([False] * n),
        },
        "profiles": {
            "account_uri": who,
            "followers": pa.array(np.where(sold, rng.poisson(8, n), rng.lognormal(5.5, 1.2, n).astype(np.int64))),
            "following": pa.array(np.where(sold, rng.poisson(1800, n), rng.lognormal(5.6, 1, n).astype(np.int64))),
            "posts": pa.array(np.where(sold, rng.poisson(1, n), rng.lognormal(3.5, 1.5, n).astype(np.int64))),
            "followers_state": known, "following_state": known, "posts_state": known,
            "bio": pa.array(np.where(sold | (rng.random(n) < 0.3), "", "Bread, pots and a garden in the hills.")),
            "has_avatar": pa.array(np.where(sold & (rng.random(n) < 0.5), "no", "yes")),
            "is_verified": pa.array(["no"] * n), "is_private": pa.array(["unknown"] * n),
        },
        "follows": {"follower_uri": who, "followed_uri": pa.array([CREATOR] * n)},
        "posts": {
            "uri": pa.array(["known:post:p1"]), "platform": pa.array(["known"]), "account_uri": pa.array([CREATOR]),
            "kind": pa.array(["post"]), "state": pa.array(["visible"]), "space_uri": pa.array([CREATOR]),
            "created_at": pa.array([SEEN]), "created_precision": pa.array(["s"]),
        },
        "coverage": {
            "scope_uri": pa.array([CREATOR]), "space_uri": pa.array([CREATOR]), "what": pa.array(["followers"]),
            "declared": pa.array([n]), "declared_state": pa.array(["known"]), "collected": pa.array([n]),
            "sampling": pa.array(["all"]),
        },
    }  # fmt: skip


def estimate(place: Path) -> dict[str, object]:
    """Work the measures out in this process, and say what each took."""
    from seguito.measures.contract import answer
    from seguito.measures.registry import MEASURES as KNOWN
    from seguito.measures.space import Space
    from seguito.store.lake import open_lake

    spent: dict[str, float] = {}
    values: dict[str, object] = {}
    with open_lake(place) as lake:
        space = Space(lake.snapshot(), CREATOR)
        for name in MEASURES:
            begun = time.process_time()
            found = answer(KNOWN[name], space)
            spent[name] = time.process_time() - begun
            values[name] = [found.n, found.value, found.status]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"cpu": spent, "values": values, "peak_own_kb": peak}


def main(arguments: list[str] | None = None) -> None:
    """Print the table; with --write, keep it beside the others."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--write", action="store_true", help="write benchmarks/PROFILES.md")
    parser.add_argument("--lake", type=Path, help="only work the measures out over this workspace, and print JSON")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many followers")
    asked = parser.parse_args(arguments)
    if asked.lake:
        print(json.dumps(estimate(asked.lake)))
        return
    machine, rows = facts(), []
    for size in asked.sizes:
        run = watch("benchmarks.profiles", "--lake", lake_of(size))
        cpu = run.result["cpu"]
        rows.append([
            f"{size:,}", *(f"{cpu[name]:.1f}" for name in MEASURES),
            f"{run.cpu_seconds:.1f}", f"{run.seconds:.1f}", f"{run.peak_mb:,.0f}",
        ])  # fmt: skip
        met = run.cpu_seconds <= GOAL_S and run.peak_mb <= GOAL_MB
    head = [
        "followers", "like sold ones, CPU", "new accounts, CPU", "masses, CPU",
        "whole process, CPU", "seconds", "peak MB",
    ]  # fmt: skip
    text = (
        "# Followers scored, from a lake to the estimate\n\nWritten by `python -m benchmarks.profiles --write`; do not "
        "edit. One in ten of the made-up followers is like sold accounts; starting Python, opening the lake and all "
        f"imports are in the whole process.\n\n{markdown(head, rows)}\n\n"
        f"Goal: {asked.sizes[-1]:,} followers in {GOAL_S:.0f} processor seconds and {GOAL_MB:,.0f} MB: "
        f"{'met' if met else 'missed'}.\n\n{markdown(['', ''], [[name, value] for name, value in machine.items()])}\n"
    )
    if asked.write:
        (HERE / "PROFILES.md").write_text(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())
