"""Files of daily counters, against days worked out by hand: dates, separators, signs, gaps, causes and owners."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seguito.kit.errors import BadInput, UsageError
from seguito.sources.contract import Options
from seguito.sources.files.counter_columns import causes_of, read_change, read_day
from seguito.sources.files.recognise import open_files, recognise
from seguito.testing.sources import Observed, check_source
from tests.sources.files.reading import read, reasons, seen
from tests.sources.files.samples import BY_NAME

DAILY = BY_NAME["counters.instagram_daily.csv"]
ITALIAN = BY_NAME["counters.crescita.csv"]
HEADER = "date,followers\n"


def rows(*followers: object, start: str = "2024-05-01") -> str:
    first = date.fromisoformat(start)
    return "".join(f"{first + timedelta(days=n)},{value}\n" for n, value in enumerate(followers))


def counts(found: Observed) -> list[tuple[str, int | None, str]]:
    table = found.table("profiles").to_pylist()
    return [(row["observed_at"].strftime("%m-%d"), row["followers"], row["followers_state"]) for row in table]


def metrics(found: Observed, name: str) -> list[tuple[str, int]]:
    table = [row for row in found.table("metrics").to_pylist() if row["metric"] == name]
    return [(row["observed_at"].strftime("%m-%d %H:%M:%S"), row["value"]) for row in table]


def test_the_english_file_by_hand() -> None:
    found = seen(DAILY.path)
    assert counts(found) == [
        ("03-01", 10_000, "known"),
        ("03-02", 10_020, "known"),
        ("03-03", 10_020, "known"),
        ("03-04", 10_041, "known"),
        ("03-05", 10_410, "known"),
        ("03-06", None, "hidden"),
        ("03-09", 10_455, "known"),
        ("03-10", 10_470, "known"),
    ]
    assert metrics(found, "daily_impressions")[:2] == [("03-01 12:00:00", 3100), ("03-02 12:00:00", 2950)]
    # n/a is no number of likes, and is not 0.
    assert [at[:5] for at, _ in metrics(found, "daily_likes")] == [
        "03-01",
        "03-02",
        "03-03",
        "03-04",
        "03-05",
        "03-06",
        "03-10",
    ]
    # Two days of press in a row are two causes, each over before the next begins; markup names none.
    pressed = [("03-04 12:00:00", 1), ("03-04 12:00:01", 0), ("03-05 12:00:00", 1), ("03-05 12:00:01", 0)]
    assert metrics(found, "cause_press") == pressed
    assert metrics(found, "cause_giveaway") == [("03-05 12:00:00", 1), ("03-05 12:00:01", 0)]
    assert found.about.details["days"] == [["2024-03-01", "2024-03-06"], ["2024-03-09", "2024-03-10"]]
    coverage = found.table("coverage").to_pylist()
    assert [(row["what"], row["declared"], row["collected"]) for row in coverage] == [("days", 10, 8)]
    assert any("1 notes name no known cause" in note for note in found.about.notes)
    assert found.about.details["platform"] == "instagram"


def test_the_italian_file_by_hand() -> None:
    found = seen(ITALIAN.path)
    # Only the 2nd tells how many: 10450 - (41 - 9) the day before, + (40 - 8) and + (20 - 35) after; the 5th has no
    # loss beside its gain, so its change is unknown. The first row for the 3rd gives way to the later one.
    assert counts(found) == [
        ("03-01", 10_418, "known"),
        ("03-02", 10_450, "known"),
        ("03-03", 10_482, "known"),
        ("03-04", 10_467, "known"),
        ("03-31", 10_900, "known"),
    ]
    assert reasons(found) == [
        ("counters.crescita.csv:4", "the day stands twice in this file; the later row counts"),
        ("counters.crescita.csv:8", "the day cannot be read, or is in the future or before 1995"),
    ]
    # Running totals of likes become what each day added; over the missing days they tell nothing.
    assert [value for _, value in metrics(found, "daily_likes")] == [100, 160, 40, 10]
    assert metrics(found, "cause_collaboration")[0] == ("03-02 12:00:00", 1)
    assert metrics(found, "cause_purge")[0] == ("03-04 12:00:00", 1)
    assert found.about.creator_uri == "youtube:account:ada"


def test_two_readings_on_one_day_are_both_kept(tmp_path: Path) -> None:
    content = "timestamp,followers\n" + "".join(
        f"2024-05-0{day}T{hour}:00:00Z,{1000 + 10 * day + hour}\n" for day in range(1, 8) for hour in (10, 22)
    )
    found = read(tmp_path / "x.csv", content)
    assert found.read == 14
    assert counts(found)[:3] == [("05-01", 1020, "known"), ("05-01", 1032, "known"), ("05-02", 1030, "known")]
    assert reasons(found) == []


def test_the_creator_by_option_by_column_or_by_nobody(tmp_path: Path) -> None:
    plain = HEADER + rows(*range(100, 110))
    nobody = read(tmp_path / "x.csv", plain)
    assert (nobody.about.creator_uri or "").startswith("other:account:unnamed-")
    assert any("--creator" in note for note in nobody.about.notes)
    assert read(tmp_path / "x.csv", plain, Options(creator="@Ada")).about.creator_uri == "other:account:ada"
    named = read(tmp_path / "x.csv", plain, Options(creator="tiktok:account:77"))
    assert named.about.creator_uri == "tiktok:account:77"
    two = "date,handle,followers\n" + "".join(
        f"2024-05-{n:02},{who},{base + n}\n" for n in range(1, 9) for who, base in (("ada", 100), ("bea", 500))
    )
    with pytest.raises(UsageError, match="2 accounts"):
        read(tmp_path / "two.csv", two)
    with pytest.raises(UsageError, match="no account 'carla'"):
        read(tmp_path / "two.csv", two, Options(creator="carla"))
    both = read(tmp_path / "two.csv", two, Options(creator="bea"))
    assert both.about.creator_uri == "other:account:bea"
    assert set(both.table("profiles")["account_uri"].to_pylist()) == {"other:account:ada", "other:account:bea"}


def test_beside_a_file_of_posts_it_is_of_the_same_account(tmp_path: Path) -> None:
    posts = tmp_path / "instagram_posts.csv"
    posts.write_text("post_id,username,date,caption,likes,views\np1,Ada,2024-05-01T10:00:00Z,Ciao a tutti,3,9\n")
    series = tmp_path / "andamento.csv"
    series.write_text(HEADER + rows(*range(100, 110)))
    readings = open_files([series, posts], Options())
    assert {one.about.creator_uri for one in readings} == {"instagram:account:ada"}


@pytest.mark.parametrize(
    "content",
    [
        HEADER + rows(1, 2, 3),  # too few days to be sure
        HEADER + "2024-01-01,5\n2024-02-01,6\n2024-03-01,7\n2024-04-01,8\n2024-05-01,9\n",  # months
        "date,followers,text\n" + "".join(f"2024-05-{n:02},3,ciao\n" for n in range(1, 9)),  # rows of something else
        HEADER + "2024-05-01,3\n" * 9,  # one day again and again
    ],
)
def test_what_is_no_file_of_days_is_left_to_others(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    assert recognise(path).importer.name != "counters"


def test_changes_without_a_number_are_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no day with a number of followers") as caught:
        read(tmp_path / "x.csv", "date,net change\n" + rows(5, 6, 7, 8, 9))
    assert "on one day" in caught.value.advice


def test_a_change_over_a_missing_day_fills_nothing(tmp_path: Path) -> None:
    content = "date,followers,net change\n2024-05-01,100,\n2024-05-02,,5\n2024-05-03,,6\n2024-05-05,,7\n2024-05-06,,8\n"
    assert [value for _, value, _ in counts(read(tmp_path / "x.csv", content))] == [100, 105, 111]


def test_days_or_months_first_is_decided_over_the_whole_file(tmp_path: Path) -> None:
    american = "Date,Subscribers\n" + "".join(f"05/{n:02}/2024,{100 + n}\n" for n in range(8, 16))
    found = read(tmp_path / "x.csv", american)
    assert [at for at, *_ in counts(found)][:2] == ["05-08", "05-09"]
    assert found.about.creator_uri.startswith("youtube:")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 marzo 2024", "2024-03-03"),
        ("lun 3 giu 2024", "2024-06-03"),
        ("Mon, Jul 1, 2024", "2024-07-01"),
        ("March 3, 2024", "2024-03-03"),
        ("03-gen-2024", "2024-01-03"),
        ("2024-01-03", "2024-01-03"),
        ("3 brumaio 2024", "3 brumaio 2024"),
    ],
)
def test_months_by_name(text: str, day: str) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "value"),
    [("+1.234", 1234), ("-12", -12), ("−12", -12), ("(12)", -12), ("0", 0), ("", None), ("--3", None), ("molti", None)],
)
def test_changes_have_signs(text: str, value: int | None) -> None:
    assert read_change(text)[0] == value


@pytest.mark.parametrize(
    ("text", "causes"),
    [
        ("Intervista in TV", ("press",)),
        ("adesso basta", ()),
        ("Ads e concorso a premi", ("advert", "giveaway")),
        ("fusione con l'altra pagina, import", ("import",)),
        ("Duetto con Bea", ("collaboration",)),
        ("impressionante", ()),
        (None, ()),
    ],
)
def test_causes_in_two_languages(text: str | None, causes: tuple[str, ...]) -> None:
    assert causes_of(text) == causes


@given(
    values=st.lists(st.integers(0, 10**9), min_size=6, max_size=40),
    kept=st.lists(st.booleans(), min_size=40, max_size=40),
    style=st.sampled_from(["plain", "dots", "commas", "spaces"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_numbers_they_pass_unchanged(values: list[int], kept: list[bool], style: str) -> None:
    signs = {"plain": "", "dots": ".", "commas": ",", "spaces": "\u202f"}
    shown = [f"{value:,}".replace(",", signs[style]) for value in values]
    first = date(2024, 1, 1)
    lines = [f"{first + timedelta(days=n)};{text}" for n, text in enumerate(shown) if kept[n] or n < 6]
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder) / "x.csv", "data;follower\n" + "\n".join(lines) + "\n")
    wanted: list[Any] = [value for n, value in enumerate(values) if kept[n] or n < 6]
    assert [value for _, value, _ in counts(found)] == wanted
    assert (found.read, len(found.rejects)) == (len(wanted), 0)


def test_damaged_rows_are_set_aside_and_the_contract_holds(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    good = "".join(f"2024-05-{n:02},{100 + n},2,è\n" for n in range(5, 12)).encode()
    path.write_bytes(
        b"date,followers,likes,mood\n2024-05-01,100,4,\n2024-05-02,101\n2024-05-03,102,\xff,\n2199-01-01,5,5,\n"
        b",103,1,\n2024-05-04,,,\n" + good
    )
    check_source(lambda: open_files([path], Options())[0], rows=13)
    assert dict(reasons(seen(path))) == {
        "x.csv:3": "the row has fewer columns than the header",
        "x.csv:4": "the row is not valid text in the file's encoding",
        "x.csv:5": "the day cannot be read, or is in the future or before 1995",
        "x.csv:6": "the row has no day",
        "x.csv:7": "the row counts nothing",
    }
