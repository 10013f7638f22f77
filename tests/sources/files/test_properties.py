"""Whatever stands in a file: texts and ids pass unchanged, rows add up, and nothing but a sentence is raised."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seguito.kit.errors import SeguitoError
from seguito.sources.contract import Options
from seguito.testing.sources import Observed, observe
from tests.sources.files.reading import read

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)
IDS = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\0"), min_size=1, max_size=20)
ROWS = st.lists(st.tuples(IDS, TEXT), min_size=1, max_size=12, unique_by=lambda row: row[0])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = ("comment_id", "video_id", "author_channel_id", "text", "parent_comment_id")


def as_csv(rows: list[tuple[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(NAMES)
    writer.writerows((name, "v", "UCa", text, "") for name, text in rows)
    return out.getvalue()


def as_ndjson(rows: list[tuple[str, str]]) -> str:
    return "".join(
        json.dumps(dict(zip(NAMES, (name, "v", "UCa", text, None), strict=True)), ensure_ascii=index % 2 == 0) + "\n"
        for index, (name, text) in enumerate(rows)
    )


@pytest.mark.parametrize("write", [as_csv, as_ndjson])
@given(rows=ROWS)
@QUICK
def test_texts_and_ids_pass_unchanged(
    write: Callable[[list[tuple[str, str]]], str], rows: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "youtube"
        mapping = Path(folder) / "m.toml"
        lines = ['record = "comments"', 'platform = "youtube"', "[columns]", 'id = "comment_id"', 'text = "text"']
        mapping.write_text("\n".join(lines))
        found = read(path, write(rows), Options(mapping=mapping))
        wanted = {(f"youtube:comment:{name}", text) for name, text in rows if not _is_rounded(name)}
        got = {(row["uri"], row["text"]) for row in found.comments().to_pylist()}
        assert got == wanted
        assert found.read == len(rows)


def _is_rounded(name: str) -> bool:
    import re

    return re.fullmatch(r"\d[.,]?\d*[eE]\+?\d+", name) is not None


@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"id,post_id,text\n", b'{"text":', b"PAR1", b"["]))
@QUICK
def test_any_bytes_give_facts_or_a_sentence(content: bytes, start: bytes) -> None:
    _whatever(start + content)


@given(
    cells=st.lists(st.lists(TEXT, min_size=3, max_size=7), max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    header=st.sampled_from([["id", "text", "date"], ["Autore", "Testo", "Mi piace"], ["comment", "video_id", "x"]]),
)
@QUICK
def test_any_table_gives_facts_or_a_sentence(cells: list[list[str]], delimiter: str, header: list[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(cells)
    _whatever(out.getvalue().encode())


def _whatever(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read(Path(folder) / "x", content)
        except SeguitoError as error:
            tells(error)
            return
        adds_up(found)


def tells(error: SeguitoError) -> None:
    """An error is a sentence and says what to do."""
    assert error.what.endswith(".")
    assert error.advice


def adds_up(found: Observed) -> None:
    """Kept and set aside are all there is."""
    from seguito.testing import sources

    sources.check_schema(found)
    sources.check_keys(found)
    sources.check_rows_add_up(found, None)
    sources.check_unknowns(found)
    sources.check_times(found)
    if found.about.details["record"] == "comments":
        assert found.comments().num_rows == found.read - len(found.rejects)


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(as_csv([("c1", "uno"), ("c2", "due")]))
    from seguito.sources.files.recognise import open_files

    first, second = (observe(lambda: open_files([path], Options())[0]) for _ in range(2))
    assert first.about == second.about
