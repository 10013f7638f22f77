"""Damaged files: a clear error, or good rows kept and bad ones set aside with their line; nothing lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from seguito.kit.errors import BadInput, NotFound, Refused, SeguitoError, UsageError
from seguito.sources.contract import Options
from seguito.sources.files.opening import BLOCK, digest
from seguito.sources.files.recognise import open_files, recognise
from tests.sources.files.reading import posts, read, reasons

HEADER = "comment_id,post_id,author,created_at,text\n"
GOOD = "c1,p1,anna,2024-05-01T10:00:00Z,ciao\n"


def texts(found: object) -> list[str]:
    return [row["text"] for row in posts(found)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty"),
        (b"PK\x03\x04rest of it", "zip archive or an Excel"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"  <!DOCTYPE html><html><body>x", "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "image"),
        (bytes(range(32)) * 100, "binary"),
        (b"just a sentence that is no table at all\nand another", "no table"),
        (HEADER.encode(), "holds a header and no rows"),
        (b"PAR1 but not really", "damaged Parquet"),
        (b'{"comments": [{"text": "cut', "damaged or cut off"),
        (b"\x1f\x8b\x08garbage", "damaged compressed"),
        (b"\x28\xb5\x2f\xfdgarbage", "damaged compressed"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "download.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=word) as caught:
        open_files([path], Options())
    assert caught.value.advice


def test_folders_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="folder"):
        recognise(tmp_path)
    with pytest.raises(NotFound):
        recognise(tmp_path / "nowhere.csv")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(HEADER + GOOD)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Refused, match="permission denied"):
        recognise(path)


def test_rows_of_the_wrong_width_are_set_aside_with_their_line(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", HEADER + GOOD + "c2,p1\n" + GOOD.replace("c1", "c3") + "c4,p1,a,,t,more\n")
    assert texts(found) == ["ciao", "ciao"]
    assert reasons(found) == [
        ("x.csv:3", "the row has fewer columns than the header"),
        ("x.csv:5", "the row has more columns than the header"),
    ]
    assert found.read == 4


def test_empty_cells_too_many_do_no_harm(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", HEADER + GOOD.strip() + ",,\n" + GOOD.replace("c1", "c2"))
    assert (found.read, reasons(found)) == (2, [])


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = [GOOD.replace("c1", f"c{n}") for n in range(3, 6)]
    found = read(tmp_path / "x.csv", HEADER + GOOD + 'c2,p1,beppe,2024-05-01T10:00:00Z,"open\n' + "".join(rows))
    assert reasons(found) == [("x.csv:3", "a quote is not closed")]
    assert len(texts(found)) == 4
    assert found.read == 5


def test_a_quote_left_open_in_the_last_row(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", HEADER + GOOD + 'c2,p1,beppe,2024-05-01T10:00:00Z,"cut of')
    assert reasons(found) == [("x.csv:3", "a quote is not closed")]
    assert texts(found) == ["ciao"]


def test_lines_inside_quotes_keep_later_line_numbers_right(tmp_path: Path) -> None:
    two_lines = 'c2,p1,beppe,2024-05-01T10:00:00Z,"uno\ndue ""e"" tre"\n'
    found = read(tmp_path / "x.csv", HEADER + two_lines + GOOD + "c4,p1,carla,never,ciao\n")
    assert texts(found) == ["ciao", 'uno\ndue "e" tre']
    assert reasons(found) == [("x.csv:5", "the time cannot be read")]


def test_a_quote_that_closes_after_a_comma_is_closed(tmp_path: Path) -> None:
    rows = 'c2,p1,beppe,2024-05-01T10:00:00Z,"uno,\ndue,"\n\n' + GOOD
    found = read(tmp_path / "x.csv", HEADER + rows)
    assert texts(found) == ["ciao", "uno,\ndue,"]
    assert reasons(found) == []


def test_blank_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", HEADER + "\n\n" + GOOD + "\n" + "c2,p1\n")
    assert found.read == 2
    assert reasons(found) == [("x.csv:6", "the row has fewer columns than the header")]


def test_nul_and_enormous_fields(tmp_path: Path) -> None:
    huge = "x" * (1 << 20) + "x"
    found = read(tmp_path / "x.csv", HEADER + GOOD + f"c2,p1,a,,{huge}\nc3,p1,a,,nu\0l\n" + GOOD.replace("c1", "c4"))
    assert [place for place, _ in reasons(found)] == ["x.csv:3", "x.csv:4"]
    assert all(len(one.raw) <= 2000 for one in found.rejects)
    assert len(texts(found)) == 2


def test_bytes_that_are_no_text_cost_their_row_only(tmp_path: Path) -> None:
    good = "".join(GOOD.replace("c1", f"g{n}").replace("ciao", "è così") for n in range(5))
    bad = b"c2,p1,anna,2024-05-01T10:00:00Z,\xff\xfe\n"
    found = read(tmp_path / "x.csv", HEADER.encode() + good.encode() + bad)
    assert reasons(found) == [("x.csv:7", "the row is not valid text in the file's encoding")]
    assert texts(found) == ["è così"] * 5


def test_some_broken_lines_among_many_do_not_change_the_encoding(tmp_path: Path) -> None:
    """However the file falls into blocks: the good lines here lie in one, the broken ones in another."""
    good = "".join(f"è la riga {number} di un testo qualsiasi, così com'è\n" for number in range(30_000)).encode()
    path = tmp_path / "a.csv"
    path.write_bytes(good + b"grazi\xc3\n" * 5)
    assert len(good) > BLOCK
    assert digest(path).encoding == "utf-8"
    path.write_bytes(b"perch\xe9\n" * 5 + "sì\n".encode() * 2)
    assert digest(path).encoding == "cp1252"


def test_windows_1252_and_utf_16(tmp_path: Path) -> None:
    text = HEADER + GOOD.replace("ciao", "perché costa 5€")
    old = read(tmp_path / "old.csv", text.encode("cp1252"))
    assert texts(old) == ["perché costa 5€"]
    assert any("Windows-1252" in note for note in old.about.notes)
    wide = read(tmp_path / "wide.csv", text.encode("utf-16"))
    assert texts(wide) == ["perché costa 5€"]
    marked = read(tmp_path / "marked.csv", b"\xef\xbb\xbf" + text.encode())
    assert texts(marked) == ["perché costa 5€"]


def test_text_that_was_encoded_twice_is_kept_and_noted(tmp_path: Path) -> None:
    twice = "così è perché".encode().decode("cp1252")
    found = read(tmp_path / "x.csv", HEADER + GOOD.replace("ciao", twice))
    assert texts(found) == [twice]
    assert any("twice" in note for note in found.about.notes)


def test_repeated_ids_and_impossible_times(tmp_path: Path) -> None:
    rows = [
        GOOD,
        GOOD.replace("ciao", "again"),
        "c2,p1,a,2199-01-01T00:00:00Z,from the future\n",
        "c3,p1,a,1970-01-01T00:00:00Z,from the past\n",
        "c4,p1,a,2024-13-45T00:00:00Z,month 13\n",
        ",p1,a,2024-05-01T10:00:00Z,no id\n",
        "c6,,a,2024-05-01T10:00:00Z,no post\n",
        "1.7E+18,p1,a,2024-05-01T10:00:00Z,rounded\n",
        "c8,p1,a,,no time\n",
    ]
    found = read(tmp_path / "x.csv", HEADER + "".join(rows))
    assert reasons(found) == [
        ("x.csv:3", "the id occurred before in this file"),
        ("x.csv:4", "the time is in the future or before 1995"),
        ("x.csv:5", "the time is in the future or before 1995"),
        ("x.csv:6", "the time cannot be read"),
        ("x.csv:7", "the row has no id"),
        ("x.csv:8", "the row has no post id"),
        ("x.csv:9", "an id was rounded by a spreadsheet"),
    ]
    assert texts(found) == ["ciao", "no time"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_packed_files_and_those_cut_off(tmp_path: Path, pack: object) -> None:
    import random

    draw = random.Random(5)
    rows = "".join(GOOD.replace("c1", f"c{n}").replace("ciao", draw.randbytes(30).hex()) for n in range(20_000))
    packed = pack((HEADER + rows).encode())  # type: ignore[operator]
    assert read(tmp_path / "x.csv.packed", packed).read == 20_000
    cut = read(tmp_path / "cut.csv.packed", packed[: len(packed) * 2 // 3])
    kept = cut.comments().num_rows
    assert 10_000 < kept < 20_000
    assert kept + len(cut.rejects) == cut.read
    assert len(cut.rejects) >= 1


def test_ndjson_with_damaged_lines(tmp_path: Path) -> None:
    good = '{"comment_id":"c%d","post_id":"p","text":"ciao","created_at":"2024-05-01T10:00:00Z"}\n'
    deep = "[" * 100_000 + "\n"
    content = good % 1 + '{"comment_id": "c2", "te\n' + deep + "[1,2]\n" + "\n" + good % 3
    found = read(tmp_path / "x.ndjson", content)
    assert reasons(found) == [
        ("x.ndjson:2", "the JSON is damaged or cut off"),
        ("x.ndjson:3", "the JSON is nested too deeply"),
        ("x.ndjson:4", "the row is not a JSON object"),
    ]
    assert len(texts(found)) == 2
    assert found.read == 5


def test_nothing_but_bad_rows_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "c1\nc2\n")
    with pytest.raises(SeguitoError):
        open_files([path], Options())[0].about  # noqa: B018
