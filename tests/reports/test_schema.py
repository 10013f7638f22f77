"""Reports against the schema; and reports that are wrong, which it must refuse."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from seguito.dossier.contract import Verdict
from seguito.measures.estimate import Status, Unit
from seguito.reports.canonical import FORMAT, to_bytes
from tests.reports.sample import document

SCHEMA: dict[str, Any] = json.loads(files("seguito.reports").joinpath("schema.json").read_text())
CHECK = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def test_it_is_a_schema_and_every_field_is_described() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [path for path, part in fields(SCHEMA) if "$ref" not in part and not part.get("description")] == []


def fields(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, inner in {**part.get("properties", {}), **part.get("$defs", {})}.items():
        yield f"{path}/{name}", inner
        yield from fields(inner, f"{path}/{name}")
    if isinstance(part.get("items"), dict):
        yield from fields(part["items"], f"{path}[]")


def test_a_report_with_everything_in_it_fits() -> None:
    CHECK.validate(document())
    CHECK.validate(json.loads(to_bytes(document())))


def test_the_schema_knows_the_words_of_the_code() -> None:
    kinds = SCHEMA["$defs"]
    assert set(kinds["unit"]["enum"]) == set(get_args(Unit))
    assert set(kinds["estimate"]["properties"]["status"]["enum"]) == set(get_args(Status))
    assert set(kinds["answer"]["properties"]["verdict"]["enum"]) == set(get_args(Verdict))
    assert SCHEMA["properties"]["format"]["const"] == FORMAT


def _set(*path: Any, to: Any) -> Callable[[Any], None]:
    def change(report: Any) -> None:
        for step in path[:-1]:
            report = report[step]
        report[path[-1]] = to

    return change


WRONG: dict[str, Callable[[Any], None]] = {
    "a score": _set("score", to=87),
    "a verdict nobody knows": _set("answers", 0, "verdict", to="maybe"),
    "a score of an answer": _set("answers", 0, "grade", to="A"),
    "a negative n": _set("estimates", 0, "n", to=-1),
    "a value that is a word": _set("estimates", 0, "value", to="high"),
    "a coverage above all": _set("estimates", 0, "coverage", 0, "share", to=1.2),
    "no format": lambda report: report.pop("format"),
    "no status": lambda report: report["estimates"][0].pop("status"),
    "a window that is no time": _set("window", "start", to=5),
    "a hash that is none": _set("result_sha256", to="abc"),
    "a row with a handle": _set("rows", "R-1", "handle", to="@anna"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_reports_are_refused(wrong: str) -> None:
    report = copy.deepcopy(document())
    WRONG[wrong](report)
    assert not CHECK.is_valid(report)
