"""A cohort from reports: added, listed, shown, compared with, taken apart; and what is refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from seguito.simulate.community import simulate
from seguito.simulate.files import write
from seguito.simulate.plan import plan
from seguito.store.erase import forget
from seguito.store.layout import Layout
from tests.cli.command import assert_refused, seguito
from tests.reports.test_schema import CHECK


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One vetted creator, and reports of 31 others who are much like them."""
    made = tmp_path_factory.mktemp("cohort")
    files = write(simulate(plan(seed=4, comments=600)), made / "community")
    assert seguito("vet", *files, "-q", cwd=made).returncode == 0
    report = json.loads((made / "report.json").read_bytes())
    (made / "peers").mkdir()
    for n in range(31):
        (made / "peers" / f"{n:02d}.json").write_text(json.dumps(_like(report, n)))
    return made


def _like(report: dict[str, Any], n: int) -> dict[str, Any]:
    other = copy.deepcopy(report)
    other["creator"] |= {"uri": f"{report['creator']['platform']}:account:chef{n}", "handle": f"chef{n}.example"}
    for one in other["estimates"]:
        if one["value"] is not None:
            one["value"] *= 0.5 + n / 40
    return other


def test_a_cohort_from_a_folder_of_reports(folder: Path) -> None:
    (folder / "peers" / "note.json").write_text("{}")
    done = seguito("cohort", "add", "food-it", "peers", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "food-it: 31 creators, 31 of them new." in done.stderr
    assert "Passed over: note.json is no report" in done.stderr
    again = seguito("cohort", "add", "food-it", "peers/00.json", cwd=folder)
    assert "31 creators, 0 of them new" in again.stderr
    listed = json.loads(seguito("cohort", "list", "--json", cwd=folder).stdout)
    assert [(one["name"], one["creators"]) for one in listed] == [("food-it", 31)]


def test_it_shows_names_only_where_asked(folder: Path) -> None:
    seguito("cohort", "add", "food-it", "peers", "-q", cwd=folder)
    plain = seguito("cohort", "show", "food-it", cwd=folder)
    named = seguito("cohort", "show", "food-it", "--names", "--json", cwd=folder)
    assert plain.returncode == 0, plain.stderr
    assert "chef" not in plain.stdout
    assert "creator 31" in plain.stdout
    assert "chef3.example" in {one["creator"] for one in json.loads(named.stdout)["peers"]}


def test_a_report_beside_the_cohort(folder: Path) -> None:
    seguito("cohort", "add", "food-it", "peers", "-q", cwd=folder)
    done = seguito("report", "--cohort", "food-it", "-o", "beside.html", "-q", cwd=folder)
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "beside.json").read_bytes())
    CHECK.validate(report)
    peers = report["peers"]
    assert (peers["cohort"], peers["peers"], peers["left_out"]) == ("food-it", 31, {})
    usable = {one["measure"] for one in report["estimates"] if one["value"] is not None}
    assert {one["measure"] for one in peers["comparisons"]} == usable
    assert all(one["percentile_interval"] for one in peers["comparisons"])
    assert any(one["drawn"] for one in peers["comparisons"])
    page = (folder / "beside.html").read_text()
    assert "Beside peers" in page
    assert "chef" not in page + json.dumps(report)
    # Nothing else of the report changes.
    before = json.loads((folder / "report.json").read_bytes())
    assert [report["answers"], report["rows"]] == [before["answers"], before["rows"]]


def test_a_workspace_gives_all_its_creators(folder: Path) -> None:
    done = seguito("cohort", "add", "whole", "seguito-workspace", "-w", "other", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "whole: 1 creators, 1 of them new." in done.stderr
    # Vetted anew, it tells what its report told.
    seguito("cohort", "add", "report", "report.json", "-w", "other", "-q", cwd=folder)
    one, other = ((folder / "other" / "cohorts" / f"{name}.jsonl").read_text() for name in ("whole", "report"))
    assert one.split("\n")[1] == other.split("\n")[1]


def test_taking_creators_out(folder: Path) -> None:
    seguito("cohort", "add", "apart", "peers", "-q", cwd=folder)
    done = seguito("cohort", "remove", "apart", "@chef1.example", "chef2", cwd=folder)
    assert "apart: 29 creators, 2 taken out." in done.stderr
    assert_refused(seguito("cohort", "remove", "apart", "nobody", cwd=folder), 66, "no creator 'nobody'")
    assert_refused(seguito("cohort", "remove", "apart", cwd=folder), 2, "Add --yes")
    assert seguito("cohort", "remove", "apart", "--yes", cwd=folder).returncode == 0
    assert_refused(seguito("cohort", "show", "apart", cwd=folder), 66, "no cohort 'apart'")


def test_what_is_refused(folder: Path) -> None:
    (folder / "bad.json").write_bytes(b"\xff{")
    assert_refused(seguito("cohort", "add", "x", "bad.json", cwd=folder), 65, "bad.json is no report")
    assert_refused(seguito("cohort", "add", "x", "none.json", cwd=folder), 66, "There is no none.json")
    assert_refused(seguito("cohort", "add", "../x", "report.json", cwd=folder), 2, "no name for a cohort")
    (folder / "hollow").mkdir()
    assert_refused(seguito("cohort", "add", "x", "hollow", cwd=folder), 65, "holds no report")
    assert_refused(seguito("cohort", "list", "-w", "nowhere", cwd=folder), 66, "nowhere")
    # Asked for before anything is read.
    assert_refused(seguito("vet", "bluesky:nobody.example", "--cohort", "none", cwd=folder), 66, "no cohort 'none'")
    assert_refused(seguito("report", "--cohort", "none", cwd=folder), 66, "no cohort 'none'")


def test_who_is_forgotten_leaves_every_cohort(folder: Path) -> None:
    layout = Layout(folder / "seguito-workspace")
    seguito("cohort", "add", "mine", "report.json", "peers/00.json", "-q", cwd=folder)
    creator = json.loads((folder / "report.json").read_bytes())["creator"]["uri"]
    file = layout.cohorts / "mine.jsonl"
    assert creator in file.read_text()
    assert file in forget(layout, creator).files
    assert creator not in file.read_text()
    assert "chef0" in file.read_text()
