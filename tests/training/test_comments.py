"""The written comments: what the format refuses, how they are split, and the page that counts them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from training.comments import COLUMNS, BrokenComments, load, main, split
from training.coverage import BEGIN, END, FRAME, counts, placed, tables

Write = Callable[..., Path]
ROW = dict.fromkeys(COLUMNS, "") | {
    "id": "xx-1",
    "voice": "xx-01",
    "language": "en",
    "text": "lovely stitch, what needle is that",
    "polarity": "pos",
    "acts": "q_genuine",
    "irony": "0",
    "space": "creator",
    "to": "post",
    "silence": "0",
}


def line(**changes: str) -> str:
    return "\t".join((ROW | changes).values()) + "\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def writing(*lines: str, name: str = "en_x_1.tsv", head: str = "\t".join(COLUMNS) + "\n") -> Path:
        (tmp_path / name).write_bytes((head + "".join(lines)).encode())
        return tmp_path

    return writing


def test_a_sound_row_is_read_with_every_label(write: Write) -> None:
    (comment,) = load(write(line(acts="thanks;q_genuine", emotions="joy", silence="34", wording="mockery", irony="1")))
    assert comment.acts == {"thanks", "q_genuine"}
    assert (comment.wording, comment.emotions, comment.irony) == ({"mockery"}, {"joy"}, True)
    assert (comment.silence, comment.length) == (34, "medium")


def test_unknown_silence_is_not_zero_days(write: Write) -> None:
    (comment,) = load(write(line(space="", to="", silence="")))
    assert comment.silence is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"language": "xx"}, "language is 'xx'"),
        ({"polarity": ""}, "polarity is ''"),
        ({"acts": "thanks;hello"}, "acts names 'hello'"),
        ({"acts": "thanks;thanks"}, "acts names one value twice"),
        ({"acts": "thanks;"}, "acts names ''"),
        ({"wording": "rude"}, "wording names 'rude'"),
        ({"irony": "2"}, "irony is '2'"),
        ({"emotions": "pride"}, "emotions names 'pride'"),
        ({"space": "page"}, "space is 'page'"),
        ({"to": "all"}, "to is 'all'"),
        ({"silence": "-3"}, "silence is '-3'"),
        ({"silence": "\u00b2"}, "silence is '\u00b2'"),
        ({"text": ""}, "text is empty"),
        ({"voice": ""}, "voice is empty"),
        ({"text": " hi"}, "text has spaces around it"),
        ({"text": "a\u0007b"}, "control character"),
        ({"text": "a\rb"}, "control character"),
        ({"text": "a\tb"}, "14 columns, not 13"),
        ({"text": "a\nb"}, "4 columns, not 13"),
        ({"pair": "lonely"}, "the pair lonely has one member"),
    ],
)
def test_a_broken_row_is_named(write: Write, changes: dict[str, str], fault: str) -> None:
    with pytest.raises(BrokenComments, match=r"en_x_1\.tsv:2|xx-1") as broken:
        load(write(line(**changes)))
    assert fault in str(broken.value)


def test_a_wrong_header_is_named(write: Write) -> None:
    with pytest.raises(BrokenComments, match=r"en_x_1.tsv:1: the header"):
        load(write(line(), head="id\ttext\n"))


def test_ids_and_texts_are_used_once_over_all_files(write: Write) -> None:
    write(line())
    folder = write(line(text="another"), line(id="xx-2", text="LOVELY  stitch, what needle is that"), name="en_x_2.tsv")
    with pytest.raises(BrokenComments) as broken:
        load(folder)
    assert str(broken.value).splitlines() == ["xx-1: the id is used twice", "xx-2: the text of xx-1 again"]


def test_the_members_of_a_pair_may_share_a_text_where_they_stand_differs(write: Write) -> None:
    apart = {"id": "xx-2", "acts": "worry_absence", "pair": "p"}
    assert len(load(write(line(pair="p"), line(**apart, silence="34")))) == 2
    with pytest.raises(BrokenComments, match="xx-2: the text of xx-1 again"):
        load(write(line(pair="p"), line(**apart)))


def test_a_pair_differs_in_a_label(write: Write) -> None:
    with pytest.raises(BrokenComments, match="do not differ in a label"):
        load(write(line(pair="p"), line(id="xx-2", text="other", silence="9", pair="p")))


def test_many_faults_are_cut_short(write: Write) -> None:
    with pytest.raises(BrokenComments) as broken:
        load(write(*(line(id=f"xx-{n}", text=f"text {n}", irony="?") for n in range(25))))
    assert len(str(broken.value).splitlines()) == 21
    assert str(broken.value).endswith("… and 5 more")


def test_word_lists_beside_the_comments_are_left_alone(write: Write) -> None:
    assert load(write("bello\t2\n", name="polarity_words.tsv")) == []


def test_a_voice_is_on_one_side_and_about_one_in_seven_is_for_development(write: Write) -> None:
    rows = (line(id=f"xx-{n}", text=f"text {n}", voice=f"v-{n % 400}") for n in range(800))
    training, development = split(load(write(*rows)))
    assert not {one.voice for one in training} & {one.voice for one in development}
    assert 0.10 < len(development) / 800 < 0.20
    assert len(training) + len(development) == 800


@pytest.mark.parametrize(
    ("text", "register", "length"),
    [
        ("WHERE ARE YOU", "loud", "short"),
        ("OK", "loose", "short"),
        ("you made my day 🧡", "emoji", "short"),
        ("it is what it is i guess.", "loose", "medium"),
        ("I have never seen a better bread.", "careful", "medium"),
        ("word " * 14 + "word", "loose", "long"),
    ],
)
def test_register_and_length_are_read_off_the_typing(write: Write, text: str, register: str, length: str) -> None:
    (comment,) = load(write(line(text=text)))
    assert (comment.register, comment.length) == (register, length)


def test_a_comment_counts_in_every_class_it_holds(write: Write) -> None:
    comments = load(write(line(acts="thanks;support", emotions="love"), line(id="xx-2", text="hm", acts="")))
    found = counts(comments)
    assert found["polarity pos", "en", "loose", "medium"] == 1
    assert found["polarity pos", "en", "loose", "short"] == 1
    assert found["act thanks", "en", "loose", "medium"] == found["emotion love", "en", "loose", "medium"] == 1
    assert found["act none", "en", "loose", "short"] == 1
    assert "| act thanks | 0 | 1 | 0 | 0 | 0 | 0 | 1 |" in tables(comments)


def test_the_page_is_written_and_checked(write: Write, tmp_path: Path) -> None:
    folder, page = write(line()), tmp_path / "page.md"
    assert main(["--check"], folder, page) == 1
    assert main(["--write"], folder, page) == 0
    assert main(["--check"], folder, page) == 0
    page.write_text(page.read_text().replace("# The written comments", "# Our comments"))
    assert main(["--check"], folder, page) == 0, "prose around the tables is free"
    write(line(), line(id="xx-2", text="more"))
    assert main(["--check"], folder, page) == 1
    assert main(["--write"], folder, page) == 0
    assert "# Our comments" in page.read_text()


def test_a_broken_file_ends_with_its_faults_and_no_page(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    assert main(["--write"], write(line(irony="")), page) == 1
    assert capsys.readouterr().err == "en_x_1.tsv:2: irony is ''\n"
    assert not page.exists()


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="coverage: begin"):
        placed("nothing", "tables")
    assert placed(f"a{BEGIN}old{END}b", "new") == f"a{BEGIN}\nnew\n{END}b"
    assert BEGIN in FRAME


def test_two_languages_may_share_an_emoji(write: Write) -> None:
    assert len(load(write(line(text="❤"), line(id="xx-2", language="it", text="❤")))) == 2
