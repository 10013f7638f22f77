"""A report as the pipeline makes it: fits its schema, speaks in words, and can be computed again to the same bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from seguito import library
from seguito.measures.space import creators
from seguito.reports.canonical import to_bytes, to_document
from seguito.reports.html import render
from seguito.reports.words import LANGUAGES, words_in
from seguito.simulate.community import simulate
from seguito.simulate.files import write
from seguito.simulate.plan import plan
from seguito.store.lake import open_lake
from tests.reports.test_schema import CHECK


def test_it_fits_the_schema(real_report: dict[str, Any]) -> None:
    CHECK.validate(json.loads(to_bytes(real_report)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_part_and_column_has_words(real_report: dict[str, Any], lang: str) -> None:
    words = words_in(lang)
    lacking = [
        (one["measure"], part["key"])
        for one in real_report["estimates"]
        for part in one["parts"]
        if part["key"] not in words.table["measures"][one["measure"]].get("parts", {})
    ]
    columns = {name for one in real_report["estimates"] if one["series"] for name in one["series"]["columns"]}
    assert lacking == []
    assert columns - set(words.table["columns"]) == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_placeholder_and_no_code_is_left_on_the_page(real_report: dict[str, Any], lang: str) -> None:
    page = re.sub(r"<style>.*?</style>|<pre>.*?</pre>", "", render(real_report, lang), flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "\n", page)
    assert not re.search(r"\{[a-z_]+\}", text)
    codes = set(re.findall(r"\b[a-z]+_[a-z_]+\b", text)) - set(real_report["snapshot"]["versions"])
    assert codes == set()


def test_an_older_snapshot_gives_the_same_bytes_after_more_was_collected(simulated: list[Path], tmp_path: Path) -> None:
    with open_lake(tmp_path / "w") as lake:
        library.collect(lake, simulated)
        library.label(lake)
        creator = creators(lake.snapshot())[0]
        first = to_document(library.vet(lake, creator))
        more = write(simulate(plan(seed=8, comments=1_000)), tmp_path / "more")
        library.collect(lake, more)
        library.label(lake)
        sequence = first["snapshot"]["sequence"]
        assert lake.snapshot().sequence > sequence
        newest = to_document(library.vet(lake, creator))
    with open_lake(tmp_path / "w", create=False) as lake:
        again = to_document(library.vet(lake, creator, sequence=sequence))
    assert to_bytes(again) == to_bytes(first)
    assert render(again, "it") == render(first, "it")
    assert newest["snapshot"]["sequence"] > sequence


def test_pseudonyms_are_all_that_is_left_of_people(real_report: dict[str, Any]) -> None:
    authors = {row["author"] for row in real_report["rows"].values()}
    assert authors
    assert all(re.fullmatch(r"M-[0-9a-f]{8}|creator", one) for one in authors)
