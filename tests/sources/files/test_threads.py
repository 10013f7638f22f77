"""Who was answered in a flattened thread, worked out by hand."""

from __future__ import annotations

from pathlib import Path

from seguito.sources.contract import Options
from seguito.sources.files.threads import METHOD
from tests.sources.files.reading import posts, read, seen
from tests.sources.files.samples import BY_NAME

HEADER = "comment_id,video_id,author_channel_id,author_name,text,published_at,parent_comment_id\n"


def answered(path: Path, *rows: tuple[str, str, str, int, str]) -> dict[str, str | None]:
    """Rows are id, author, text, minute, parent; the answer is who each answers, by id."""
    lines = [
        f'{name},v,UC{author.strip("@")},{author},"{text}",2024-05-01T10:{minute:02}:00Z,{parent}\n'
        for name, author, text, minute, parent in rows
    ]
    found = posts(read(path, HEADER + "".join(lines), Options(format="minet")))
    at = len("youtube:comment:")
    return {row["uri"][at:]: (row["inferred_parent_uri"] or "")[at:] or None for row in found}


def test_the_newest_earlier_post_of_the_mentioned_is_meant(tmp_path: Path) -> None:
    found = answered(
        tmp_path / "x.csv",
        ("t", "@anna", "prima", 0, ""),
        ("t.1", "@beppe", "uno", 1, "t"),
        ("t.2", "@beppe", "due", 2, "t"),
        ("t.3", "@anna", "@beppe quale?", 3, "t"),
        ("t.4", "@beppe", "tre", 4, "t"),
        ("t.5", "@carla", "@nobody ciao", 5, "t"),
        ("t.6", "@beppe", "ciao @anna", 6, "t"),
    )
    assert found == {"t": None, "t.1": None, "t.2": None, "t.3": "t.2", "t.4": None, "t.5": None, "t.6": None}


def test_the_longest_handle_wins_and_a_handle_must_end(tmp_path: Path) -> None:
    found = answered(
        tmp_path / "x.csv",
        ("t", "@ann", "ciao", 0, ""),
        ("t.1", "@anna", "ciao", 1, "t"),
        ("t.2", "@carla", "@anna: bello", 2, "t"),
        ("t.3", "@carla", "@annalisa bello", 3, "t"),
        ("t.4", "@carla", "@ann", 4, "t"),
    )
    assert (found["t.2"], found["t.3"], found["t.4"]) == ("t.1", None, "t")


def test_names_with_blanks_marks_nobody_sees_and_other_cases(tmp_path: Path) -> None:
    found = answered(
        tmp_path / "x.csv",
        ("t", "Anna Rossi", "ciao", 0, ""),
        ("t.1", "@beppe", "\u200b@\u2060Anna Rossi hai ragione", 1, "t"),
        ("t.2", "@carla", "@BEPPE no", 2, "t"),
    )
    assert (found["t.1"], found["t.2"]) == ("t", "t.1")


def test_order_of_the_file_does_not_matter_where_times_are_known(tmp_path: Path) -> None:
    found = answered(
        tmp_path / "x.csv",
        ("t.2", "@anna", "@beppe quale?", 3, "t"),
        ("t", "@anna", "prima", 0, ""),
        ("t.1", "@beppe", "uno", 1, "t"),
    )
    assert found["t.2"] == "t.1"


def test_other_threads_are_other_people(tmp_path: Path) -> None:
    found = answered(
        tmp_path / "x.csv",
        ("t", "@anna", "ciao", 0, ""),
        ("s", "@beppe", "ciao", 1, ""),
        ("t.1", "@carla", "@beppe ciao", 2, "t"),
    )
    assert found["t.1"] is None


def test_what_a_tool_worked_out_stands_and_the_rest_is_ours() -> None:
    rows = {row["uri"][-2:]: row for row in posts(seen(BY_NAME["youtube_data_tools.comments-2.csv"].path))}
    thread = "youtube:comment:Ugx0000000000000000001"
    assert (rows["r1"]["inferred_parent_uri"], rows["r1"]["inferred_method"]) == (thread, "youtube_data_tools")
    assert (rows["r2"]["inferred_parent_uri"], rows["r2"]["inferred_method"]) == (thread, METHOD)
    assert (rows["r3"]["inferred_parent_uri"], rows["r3"]["inferred_method"]) == (thread + ".r2", METHOD)
    assert {row["parent_uri"] for name, row in rows.items() if name[0] == "r"} == {thread}
    assert rows["02"]["parent_uri"] == rows["02"]["root_uri"] == "youtube:post:vidAAAAAAA1"
