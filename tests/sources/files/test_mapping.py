"""Mappings: proposed from names and values, saved, found again, and refused where they make no sense."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seguito.kit.errors import BadInput, NotFound, UsageError
from seguito.sources.contract import Options
from seguito.sources.files.mapping import Columns, Mapping, load, name_for, save
from seguito.sources.files.propose import is_damaged
from seguito.sources.files.recognise import open_files, proposal
from tests.sources.files.reading import posts, read, seen
from tests.sources.files.samples import BY_NAME

GIVEN = Mapping(
    record="comments",
    platform="instagram",
    columns={"text": Columns(("che dice",)), "post_id": Columns(("profilo", "n°"), "join")},
    timezone="Europe/Rome",
    day_first=True,
)


def test_italian_names_are_understood_and_five_rows_shown() -> None:
    found = proposal(BY_NAME["table.commenti.csv"].path, Options())
    assert found.mapping.record == "comments"
    assert {target: str(source) for target, source in found.mapping.columns.items()} == {
        "id": "ID commento",
        "post_id": "ID post",
        "parent_id": "Risposta a",
        "author_handle": "Autore",
        "created_at": "Data",
        "text": "Testo",
        "likes": "Mi piace",
    }
    assert len(found.preview) == 4
    assert found.preview[1]["likes"] == "12,5K"
    assert found.unused == ()


def test_values_of_the_italian_table() -> None:
    found = seen(BY_NAME["table.commenti.csv"].path, options=Options(timezone="Europe/Rome"))
    first = posts(found)[0]
    assert first["created_at"].isoformat() == "2024-04-03T08:15:00+00:00"  # day first: 13/04 stands below it
    assert first["created_raw"] == "03/04/2024 10:15"
    likes = {row["subject_uri"][-1]: (row["value"], row["state"]) for row in found.table("metrics").to_pylist()}
    assert likes == {"1": (1234, "known"), "2": (12500, "rounded"), "3": (None, "hidden")}


def test_a_running_number_is_a_key_only_with_its_account(tmp_path: Path) -> None:
    content = "account\tpost_no\ttext\n" + "".join(
        f"{account}\t{post}\tciao {n}\n" for account in ("uno", "due") for post in (0, 1) for n in range(3)
    )
    found = read(tmp_path / "instagram.tsv", content)
    assert {row["root_uri"] for row in posts(found)} == {
        f"instagram:post:{account}/{post}" for account in ("uno", "due") for post in (0, 1)
    }
    assert {row["space_uri"] for row in posts(found)} == {"instagram:account:uno", "instagram:account:due"}
    assert {row["account_uri"] for row in posts(found)} == {None}
    assert "authors" not in found.about.capabilities


def test_the_same_words_by_nobody_knows_whom_are_two_comments(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", "post_id,text\np1,🔥\np1,🔥\np2,🔥\n")
    assert len({row["uri"] for row in posts(found)}) == 3
    longer = read(tmp_path / "y.csv", "post_id,text\np1,🔥\np1,🔥\np2,🔥\np2,ciao\n")
    assert {row["uri"] for row in posts(found)} < {row["uri"] for row in posts(longer)}


def test_a_mapping_is_saved_and_found_again_by_its_columns(tmp_path: Path) -> None:
    folder, header = tmp_path / "mappings", ("n°", "profilo", "che dice")
    save(GIVEN, header, folder / name_for(header))
    assert load(folder / name_for(header)) == GIVEN
    path = tmp_path / "x.csv"
    path.write_text("profilo,n°,che dice\ncreatrice,7,ciao\n")
    with pytest.raises(BadInput, match="meaning"):
        read(tmp_path / "y.csv", "a,b,c\n1,2,3\n")
    found = seen(path, options=Options(mappings=folder))
    assert posts(found)[0]["root_uri"] == "instagram:post:creatrice/7"
    assert any("accepted earlier" in note for note in found.about.notes)
    assert found.about.batch_id == seen(path, options=Options(mapping=folder / name_for(header))).about.batch_id


def test_json_mappings_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text('{"record": "sales", "columns": {"created_at": "giorno", "product": "x", "units": "y"}}')
    assert load(path).columns["product"] == Columns(("x",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("record = ", BadInput),
        ("{not json", BadInput),
        ("platform = 'x'", BadInput),
        ("record = 'stars'\n[columns]\ntext='a'", BadInput),
        ("record = 'comments'\n[columns]\ntext = 3", BadInput),
        ("record = 'comments'\ntimezone = 3\n[columns]\ntext = 'a'", BadInput),
        ("record = 'comments'\n[columns]\ntext = { all = ['a'] }", BadInput),
        ("record = 'comments'\n[columns]\nid = 'a'", UsageError),
        ("record = 'comments'\n[columns]\ntext = 'a'\nstars = 'b'", UsageError),
        ("record = 'comments'\n[columns]\ntext = 'a'\nunits = 'b'", UsageError),
        ("record = 'comments'\n[columns]\ntext = 'nowhere'", UsageError),
    ],
)
def test_mappings_that_make_no_sense(tmp_path: Path, text: str, kind: type[Exception]) -> None:
    (tmp_path / "m.toml").write_text(text)
    (tmp_path / "x.csv").write_text("text,post_id\nciao,p\n")
    with pytest.raises(kind):
        open_files([tmp_path / "x.csv"], Options(mapping=tmp_path / "m.toml"))


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load(tmp_path / "none.toml")


def test_ids_rounded_by_a_spreadsheet_are_not_used(tmp_path: Path) -> None:
    assert is_damaged(["1,73E+17", "1,74E+17"])
    assert is_damaged(["173600000000000000", "173700000000000100"[:15] + "000", "173812345678901000"])
    assert not is_damaged(["17360000000000001", "17360000000000002", "17360000000000003"])
    assert not is_damaged(["1000000", "2000000"])
    found = read(tmp_path / "x.csv", "comment_id,post_id,text\n1.73E+17,p1,uno\n1.73E+17,p1,due\n")
    assert len(posts(found)) == 2
    assert any("rounded by a spreadsheet" in note for note in found.about.notes)


def test_a_fixed_mapping_says_what_a_known_file_is() -> None:
    found = proposal(BY_NAME["minet.youtube-comments.csv"].path, Options())
    assert (found.format, found.confidence) == ("minet", 0.95)
    assert found.unused == ("query", "updated_at")


def test_parquet_keeps_types_and_zones(tmp_path: Path) -> None:
    import datetime as dt

    at = dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC)
    table = pa.table(
        {
            "comment_id": pa.array([7360000000000000001, 7360000000000000002], pa.int64()),
            "post_id": pa.array(["p", "p"]).dictionary_encode(),
            "author": ["anna", None],
            "created_at": pa.array([at, None], pa.timestamp("ms", "Europe/Rome")),
            "text": ["ciao", "  ciao  "],
            "likes": pa.array([None, 3], pa.int32()),
            "nested": [{"a": 1}, None],
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    found = seen(tmp_path / "x.parquet")
    one, two = posts(found)
    assert one["uri"].endswith(":7360000000000000001")
    assert (one["created_at"], one["created_basis"]) == (at, "offset")
    assert (two["text"], two["account_uri"], two["created_at"]) == ("  ciao  ", None, None)
    assert [row["value"] for row in found.table("metrics").to_pylist()] == [3]


def test_other_kinds_of_rows() -> None:
    followers = seen(BY_NAME["table.follower_storico.csv"].path, options=Options(creator="@Creatrice"))
    rows = followers.table("profiles").to_pylist()
    assert [(row["followers"], row["followers_state"]) for row in rows] == [
        (10000, "known"),
        (10450, "known"),
        (None, "hidden"),
    ]
    assert rows[0]["observed_at"].isoformat() == "2024-01-01T00:00:00+00:00"
    assert rows[0]["account_uri"] == "other:account:creatrice"
    sales = seen(BY_NAME["table.sales.csv"].path).table("sales").to_pylist()
    assert [row["units"] for row in sales] == [12.0, 7.0, 1.0]
    people = seen(BY_NAME["table.accounts.csv"].path).table("profiles").to_pylist()
    assert [(row["followers"], row["bio"]) for row in people] == [(120, "Cucino"), (None, None)]


def test_addresses_of_posts_are_their_ids(tmp_path: Path) -> None:
    urls = [
        "https://www.youtube.com/watch?v=vidAAAAAAA1&t=3",
        "https://youtu.be/vidAAAAAAA1",
        "https://www.instagram.com/p/CodeAAAAAAA/",
        "https://www.tiktok.com/@creatrice/video/7360000000000000001?lang=it",
        "https://example.test/post/1",
    ]
    content = "post_url,text\n" + "".join(f"{url},ciao\n" for url in (*urls, urls[0]))
    found = {row["root_uri"].split(":", 2)[2] for row in posts(read(tmp_path / "x.csv", content))}
    assert found == {"vidAAAAAAA1", "CodeAAAAAAA", "7360000000000000001", "https://example.test/post/1"}


def test_a_first_line_of_a_spreadsheet_that_names_the_separator(tmp_path: Path) -> None:
    found = read(tmp_path / "x.csv", "sep=;\nID commento;ID post;Testo\n1;p;uno, due\n2;p\n")
    assert [row["text"] for row in posts(found)] == ["uno, due"]
    assert [one.locator for one in found.rejects] == ["x.csv:4"]
