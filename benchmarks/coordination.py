"""Times the search for groups that act together: `python -m benchmarks.coordination --write`.

A lake of five million comments, drawn and not written, with three pods planted among six hundred thousand accounts; the
measure is asked in a fresh process, from the files of the lake to the estimate. Beside it, in the same run, the
published coordination-network-toolkit counts pairs that answer the same post within a minute, and so do we with the
same definition, on one file: edges are compared one by one. The toolkit is installed into a folder of its own
that is thrown away. Processor seconds stand beside, which other work cannot stretch.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.machine import facts
from benchmarks.tables import markdown
from benchmarks.watch import watch

HERE = Path(__file__).parent
COMMENTS, POSTS, PEER_COMMENTS = 5_000_000, 1_200, 1_000_000
START = int(datetime(2025, 1, 6, tzinfo=UTC).timestamp())
CREATOR = "bench:account:creator"
GOAL_S, GOAL_MB, GOAL_RATIO = 240, 6 * 1024, 10
TOOLKIT = "coordination-network-toolkit==1.5.2"
WINDOW_S, LEAST = 60, 3
CHUNK = 250_000
Drawn = dict[str, np.ndarray[Any, Any]]


# -- what is searched -----------------------------------------------------------------------------------------------


def drawn(comments: int, posts: int, seed: int = 5) -> Drawn:
    """Comments by account (numbered), thread, seconds and kind of text; the last 120 accounts are three pods."""
    rng = np.random.default_rng(seed)
    popularity = rng.lognormal(0, 0.6, posts)
    accounts = max(1_000, comments // 8)
    weight = 1 + rng.pareto(1.3, accounts)
    account = rng.choice(accounts, comments, p=weight / weight.sum())
    thread = rng.choice(posts, comments, p=popularity / popularity.sum())
    delay = rng.lognormal(np.log(90), 1.4, comments) * 60
    generic = rng.random(comments) < 0.35
    parts = [(account, thread, delay, generic)]
    for pod, share in enumerate((0.1, 0.1, 1.0)):
        known = rng.choice(posts, max(12, round(posts * share)), replace=False)
        there = rng.random((40, len(known))) < 0.75
        who, where = np.nonzero(there)
        fits = rng.random(len(who)) < 0.8
        parts.append((accounts + 40 * pod + who, known[where], rng.lognormal(np.log(8), 1.0, len(who)) * 60, fits))
    account, thread, delay, generic = (np.concatenate(column) for column in zip(*parts, strict=True))
    at = START + thread * 21_600 + np.minimum(delay, 80 * 86_400).astype(np.int64)
    return {"account": account, "thread": thread, "at": at, "generic": generic}


def lay(folder: Path, comments: int, posts: int) -> None:
    """Write a lake that holds them, as if they had been read and labelled."""
    from seguito.facts.batch import Batch
    from seguito.store.lake import open_lake

    rows = drawn(comments, posts)
    seen = datetime.now(UTC)
    with open_lake(folder) as lake:
        for step in ("collect", "label"):
            staging = lake.stage(step)
            for begin in range(0, len(rows["at"]), CHUNK):
                part = {name: column[begin : begin + CHUNK] for name, column in rows.items()}
                for table, batch in _facts(step, part, begin, seen):
                    staging.add(table, batch)
            if step == "collect":
                staging.add("posts", _roots(posts, seen))
            about = {"creator_uri": CREATOR, "capabilities": ("authors", "creator", "texts", "times")}
            lake.commit(
                staging,
                Batch(
                    **(about if step == "collect" else {}),  # type: ignore[arg-type]
                    batch_id=step,
                    sequence=0,
                    step=step,  # type: ignore[arg-type]
                    source="bench",
                    started_at=seen,
                    finished_at=seen,
                ),
            )


def _filled(table: str, size: int, **columns: Any) -> pa.RecordBatch:
    """Rows of a table: the given columns, each an array or one value for all, and what the schema asks besides."""
    from seguito.facts.tables import TABLES

    arrays = []
    for field in TABLES[table].schema:
        value = columns.get(field.name)
        if isinstance(value, pa.Array):
            arrays.append(value.cast(field.type))
        elif value is None and pa.types.is_list(field.type):
            arrays.append(pa.array([[]] * size, field.type))
        else:
            arrays.append(pa.repeat(pa.scalar(value, field.type), size))
    return pa.RecordBatch.from_arrays(arrays, schema=TABLES[table].schema)


def _times(at: np.ndarray[Any, Any]) -> pa.Array:
    return pa.array(at * 1_000_000).cast(pa.timestamp("us", tz="UTC"))


def _named(prefix: str, numbers: np.ndarray[Any, Any]) -> pa.Array:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def _facts(step: str, part: Drawn, begin: int, seen: datetime) -> list[tuple[str, pa.RecordBatch]]:
    size = len(part["at"])
    uri = _named("bench:post:c", np.arange(begin, begin + size))
    common = {"observed_at": seen, "batch_id": step}
    if step == "collect":
        posts = _filled(
            "posts",
            size,
            uri=uri,
            platform="bench",
            kind="comment",
            account_uri=_named("bench:account:m", part["account"]),
            space_uri=CREATOR,
            root_uri=_named("bench:post:p", part["thread"]),
            created_at=_times(part["at"]),
            created_precision="s",
            text=_named("words of its own ", np.arange(begin, begin + size)),
            is_pinned="unknown",
            paid_flag="unknown",
            state="live",
            **common,
        )
        return [("posts", posts)]
    worded, generic = np.flatnonzero(~part["generic"]), np.flatnonzero(part["generic"])
    told = [("read", "bench", uri), ("language", "en", uri), ("low_effort", "yes", uri.take(pa.array(generic)))]
    found = [
        ("labels", _label(len(of), subject_uri=of, label=label, value=value, **common)) for label, value, of in told
    ]
    keys = _named("w", worded + begin)
    of = uri.take(pa.array(worded))
    return [*found, ("labels", _label(len(of), subject_uri=of, label="wording", value=keys, **common))]


def _label(size: int, **columns: Any) -> pa.RecordBatch:
    return _filled("labels", size, source="bench@1", by_person=False, negated=False, **columns)


def _roots(posts: int, seen: datetime) -> pa.RecordBatch:
    numbers = np.arange(posts)
    return _filled(
        "posts",
        posts,
        uri=_named("bench:post:p", numbers),
        platform="bench",
        kind="post",
        account_uri=CREATOR,
        space_uri=CREATOR,
        created_at=_times(START + numbers * 21_600),
        created_precision="s",
        text=_named("post ", numbers),
        is_pinned="unknown",
        paid_flag="unknown",
        state="live",
        observed_at=seen,
        batch_id="collect",
    )


# -- what is timed, each in a process of its own --------------------------------------------------------------------


def search(folder: Path) -> dict[str, Any]:
    """Ask the measure, from the files of the lake to the estimate."""
    from seguito.measures.contract import answer
    from seguito.measures.coordination.measure import COORDINATED_COMMENTS
    from seguito.measures.space import Space
    from seguito.store.lake import open_lake

    begun, spent = time.perf_counter(), time.process_time()
    with open_lake(folder) as lake:
        space = Space(lake.snapshot(), CREATOR)
        rows = int(space.fetch(space.signed.aggregate(n=space.signed.count()))["n"][0].as_py())
        prepared = time.process_time() - spent
        found = answer(COORDINATED_COMMENTS, space)
    bounded = next((dict(one.values) for one in found.notes if one.code == "pairs_bounded"), {})
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - spent,
        "prepared_cpu": prepared,
        "comments": rows,
        "value": found.value,
        "groups": [] if found.series is None else [row[1] for row in found.series.rows],
        "bounded": bounded,
        "peak_own_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def pairs(path: Path) -> dict[str, Any]:
    """Count pairs within a minute, from the CSV file to the edges."""
    import pyarrow.csv as pcsv

    from seguito.measures.coordination.windows import pairs_within

    begun, spent = time.perf_counter(), time.process_time()
    table = pcsv.read_csv(path)
    account, thread, at_s = (table[name].to_numpy() for name in ("user_id", "reply_id", "timestamp"))
    found = pairs_within(account, thread, at_s, seconds=WINDOW_S, least=LEAST)
    told = {"seconds": time.perf_counter() - begun, "cpu": time.process_time() - spent, "edges": len(found.left)}
    rows = np.column_stack([found.left, found.right, found.weight]).tolist()
    (path.parent / "ours.json").write_text(json.dumps(rows))
    return told


_PEER = """
import json, os, sqlite3, sys, time
from coordination_network_toolkit.compute_networks import compute_co_reply_network
from coordination_network_toolkit.preprocess import preprocess_csv_files
if __name__ == "__main__":
    path, db, window, least = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    begun = time.perf_counter()
    preprocess_csv_files(db, [path])
    compute_co_reply_network(db, window, least, n_threads=2)
    told = sqlite3.connect(db).execute("select user_1, user_2, weight from co_reply_network where user_1 != user_2")
    edges = told.fetchall()
    seconds, used = time.perf_counter() - begun, os.times()
    json.dump(sorted((int(a), int(b), w) for a, b, w in edges), open(sys.argv[5], "w"))
    print(json.dumps({"seconds": seconds, "cpu": sum(used[:4]), "edges": len(edges)}))
"""


def peer(path: Path) -> dict[str, Any]:
    """Count the same with the published toolkit, in an environment of its own beside the file."""
    place = path.parent / "toolkit"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    python = place / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", TOOLKIT], check=True)
    script = place / "peer.py"
    script.write_text(_PEER)
    command = [str(python), str(script), str(path), str(place / "db"), str(WINDOW_S), str(LEAST)]
    done = subprocess.run([*command, str(path.parent / "peer.json")], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def write_file(path: Path, comments: int) -> None:
    """Comments as the toolkit reads them."""
    rows = drawn(comments, max(20, POSTS * comments // COMMENTS), seed=6)
    head = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(head)
        for number, (account, thread, at) in enumerate(
            zip(rows["account"].tolist(), rows["thread"].tolist(), rows["at"].tolist(), strict=True)
        ):
            out.writerow((number, account, account, "", thread, "words", at, ""))


# -- the page -------------------------------------------------------------------------------------------------------


def main() -> None:
    """Print the tables; with --write, keep them beside the others."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("step", nargs="?", choices=["search", "pairs"], help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--comments", type=int, default=COMMENTS, help="how many comments the lake holds")
    parser.add_argument("--peer-comments", type=int, default=PEER_COMMENTS, help="how many both count pairs of")
    parser.add_argument("--write", action="store_true", help="write benchmarks/COORDINATION.md")
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps({"search": search, "pairs": pairs}[asked.step](asked.path)))
        return
    told = facts()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay(folder / "lake", asked.comments, max(60, POSTS * asked.comments // COMMENTS))
        ours = watch("benchmarks.coordination", "search", folder / "lake")
        write_file(folder / "comments.csv", asked.peer_comments)
        same = watch("benchmarks.coordination", "pairs", folder / "comments.csv")
        other = peer(folder / "comments.csv")
        agree = (folder / "ours.json").read_text() == (folder / "peer.json").read_text()
    text = page(asked, ours, same, other, agree=agree, told=told)
    if asked.write:
        (HERE / "COORDINATION.md").write_text(text)
    print(text)


def page(asked: Any, ours: Any, same: Any, other: dict[str, Any], *, agree: bool, told: dict[str, str]) -> str:
    """The figures as a page."""
    found, bound = ours.result, ours.result["bounded"]
    whole = [
        [
            f"{found['comments']:,}",
            f"{ours.seconds:.0f}",
            f"{ours.cpu_seconds:.0f}",
            f"{found['prepared_cpu']:.0f}",
            f"{ours.peak_mb:,.0f}",
            ", ".join(map(str, found["groups"])) or "none",
            f"{found['value']:.2%}",
        ]
    ]
    ratio = other["cpu"] / same.result["cpu"]
    beside = [
        ["Seguito", f"{same.result['seconds']:.1f}", f"{same.result['cpu']:.1f}", f"{same.result['edges']:,}"],
        [TOOLKIT, f"{other['seconds']:.1f}", f"{other['cpu']:.1f}", f"{other['edges']:,}"],
    ]
    met = ours.cpu_seconds / 2 <= GOAL_S and ours.peak_mb <= GOAL_MB
    limits = "No thread was bounded."
    if bound:
        limits = (
            f"Under {bound['threads']:,} of {bound['of']:,} posts only the {bound['most']} most regular accounts were "
            f"paired: {bound['share']:.1%} of all meetings of regular accounts were counted."
        )
    head = ["comments", "seconds", "CPU", "of it preparing", "peak MB", "groups found (accounts)", "share of comments"]
    return (
        "# Searching for groups that act together\n\nWritten by `python -m benchmarks.coordination --write`; do not "
        "edit. Three pods of forty accounts were planted: two on a tenth of the posts each, one on all.\n\n"
        f"{markdown(head, whole)}\n\n{limits}\n\nGoal: {GOAL_S} s on two cores (by processor seconds, of which a busy "
        f"machine gives fewer) and {GOAL_MB:,} MB: {'met' if met else 'missed'}.\n\n"
        f"## Beside the published toolkit\n\nPairs that answered the same post within {WINDOW_S} s of each other at "
        f"least {LEAST} times, among {asked.peer_comments:,} comments, from the CSV file to the edges.\n\n"
        f"{markdown(['', 'seconds', 'CPU', 'edges'], beside)}\n\nThe edges and their weights are "
        f"{'the same' if agree else 'NOT the same'}. Ratio of processor seconds: {ratio:.0f} (goal: {GOAL_RATIO} or "
        f"more, {'met' if ratio >= GOAL_RATIO and agree else 'missed'}).\n\n"
        f"{markdown(['', ''], [[name, value] for name, value in told.items()])}\n"
    )


if __name__ == "__main__":
    main()
