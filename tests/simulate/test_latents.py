"""truth.jsonl: every hidden thing under the uri that a source gives it, and counted as truth.json counts it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from seguito.kit.progress import SILENT
from seguito.simulate.community import Community, simulate
from seguito.simulate.files import Form, creator_key, write
from seguito.simulate.plan import Plan
from seguito.simulate.planted import Adverts, Launch, Loyal, Market, Observation, Pod, Silence, Storm
from seguito.simulate.truth import truth
from seguito.sources.contract import Options, Rows
from seguito.sources.targets import open_targets

PLAN = Plan(
    comments=500,
    days=90,
    posts=40,
    fans=60,
    casuals=100,
    silent=150,
    bought_share=0.2,
    bought_day=40,
    silences=(Silence(start_day=60, days=8, announced=True),),
    loyal=Loyal(superfans=4),
    pod=Pod(size=5, where="all", participation=0.7, minutes=10, generic=0.8, spaces=2),
    storm=Storm(base=0.05, day=30, times=20, support=0.3),
    market=Market(launches=(Launch(day=50, lift=0.5),), peers=2),
    adverts=Adverts(share=0.3, disclosed=0.5),
    observation=Observation(comments=0.6, hate_removed=0.7, days=0.8, sensitivity=0.8, specificity=0.95),
)


@pytest.fixture(scope="module")
def world() -> Community:
    return simulate(PLAN)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("form", get_args(Form))
def test_the_uris_are_those_that_the_source_reads(world: Community, tmp_path: Path, form: Form) -> None:
    paths = [str(path) for path in write(world, tmp_path, form=form) if path.name != "sales.csv"]
    read: dict[str, set[str]] = {"posts": set(), "accounts": set()}
    for reading in open_targets(paths, Options(creator=creator_key(world, form))):
        for found in reading.read(SILENT):
            if isinstance(found, Rows) and found.table in read:
                read[found.table].update(found.rows["uri"].to_pylist())
    told = lines(tmp_path)
    written = {one["uri"] for one in told if one["of"] in ("comment", "post")}
    accounts = {one["uri"] for one in told if one["of"] == "account"} | {creator_key(world, form)}
    assert written == read["posts"]
    assert read["accounts"] <= accounts
    assert {one["by"] for one in told if one["of"] == "comment"} <= accounts


def test_lines_and_summary_count_the_same(world: Community, tmp_path: Path) -> None:
    write(world, tmp_path)
    told, summary = lines(tmp_path), truth(world)
    assert json.loads((tmp_path / "truth.json").read_text("utf-8")) == summary
    by = Counter(one["of"] for one in told)
    observed = summary["observed"]
    elsewhere = sum(len(space.comments) for space in world.neighbours)
    assert by["comment"] == observed["comments_shown"] + elsewhere
    assert by["unseen"] == observed["comments_removed"] + observed["comments_not_shown"]
    assert by["comment"] + by["unseen"] == len(world.comments) + elsewhere
    groups = Counter(one["is"] for one in told if one["of"] == "account")
    assert groups == {name: n for name, n in summary["members"].items() if n}
    hateful = [one for one in told if one.get("intent") == "hate"]
    assert len(hateful) == summary["hate"]["comments"]
    assert sum(one.get("why") == "removed" for one in hateful) == observed["hate_comments_removed"]
    gone = Counter(one["came_by"] for one in told if one["of"] == "gone")
    assert gone == {name: n for name, n in summary["left_again"].items() if n}
    paid = [one for one in told if one["of"] == "post" and one["paid"]]
    assert (len(paid), sum(one["disclosed"] for one in paid)) == (
        summary["sponsored_posts"],
        summary["disclosed_posts"],
    )


def test_what_the_creator_changed_is_dated(world: Community, tmp_path: Path) -> None:
    write(world, tmp_path)
    told = lines(tmp_path)
    assert told[0]["of"] == "plan"
    assert told[0]["pod"]["size"] == 5
    changes = [one["what"] for one in told if one["of"] == "change"]
    assert changes == ["silence", "launch", "purchase", "crisis"]
    (launch,) = (one for one in told if one.get("what") == "launch")
    lifted = [one for one in told if one["of"] == "day" and one["lift_log"] > 0]
    assert (len(lifted), lifted[0]["day"], lifted[0]["lift_log"]) == (14, launch["from"][:10], 0.5)
