"""The comments that were written for this project: read, checked, split by voice and counted.

python -m training.comments            check every file and print the coverage
python -m training.comments --write    also write the coverage into docs/reference/written-data.md
python -m training.comments --check    fail when that page is out of date
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.documents import share
from training.targets import ACTS, FEELINGS, LANGUAGES, WORDING

FOLDER = Path(__file__).parent / "written"
# One file per writer and sitting: the language first, so that word lists beside them are not taken for comments.
FILES = "[a-z][a-z]_*.tsv"
COLUMNS = (
    "id",
    "voice",
    "language",
    "text",
    "polarity",
    "acts",
    "wording",
    "irony",
    "emotions",
    "space",
    "to",
    "silence",
    "pair",
)
POLARITIES = ("pos", "neg", "neu", "mixed")
ALL_ACTS = (*ACTS, "threat")
ONE_OF: Mapping[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "polarity": POLARITIES,
    "irony": ("0", "1"),
    "space": ("", "creator", "brand", "company"),
    "to": ("", "post", "creator", "member"),
}
ANY_OF: Mapping[str, tuple[str, ...]] = {"acts": ALL_ACTS, "wording": WORDING, "emotions": FEELINGS}
# What a pair may differ in: everything but who wrote it and what it is called.
LABELS = ("polarity", "acts", "wording", "irony", "emotions")
DEVELOPMENT = 0.15
MOST_FAULTS = 20


class BrokenComments(Exception):
    """Files of comments that break the format; the message names file, line and fault."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One invented comment with all its labels.

    Attributes:
        id: unique over all files.
        voice: the invented person who writes it; a voice is never on both sides of a split.
        language: main language.
        text: as a person would type it, on one line.
        polarity: pos, neg, neu or mixed.
        acts: what it does, in the words of the codebook.
        wording: offensive, identity_attack, mockery, threat.
        irony: whether it means something else than it says.
        emotions: feelings it shows.
        space: whose page: creator, brand or company; empty for a post on no one's page.
        to: what it answers: post, creator or member; empty when it answers nothing.
        silence: days since that creator last posted; None when it is on no one's page or not known.
        pair: name of the minimal pair it belongs to, or empty.
    """

    id: str
    voice: str
    language: str
    text: str
    polarity: str
    acts: frozenset[str]
    wording: frozenset[str]
    irony: bool
    emotions: frozenset[str]
    space: str
    to: str
    silence: int | None
    pair: str

    @property
    def length(self) -> str:
        """short (up to 5 words), medium (6 to 14) or long."""
        words = len(self.text.split())
        return "short" if words <= 5 else "medium" if words <= 14 else "long"

    @property
    def register(self) -> str:
        """How it is typed, as a stand-in for its register: loud, emoji, careful or loose."""
        letters = [sign for sign in self.text if sign.isalpha()]
        if len(letters) >= 6 and sum(sign.isupper() for sign in letters) * 2 > len(letters):
            return "loud"
        if any(unicodedata.category(sign) == "So" for sign in self.text):
            return "emoji"
        first = next(iter(letters), "")
        return "careful" if first.isupper() and self.text[-1] in '.!?…»"”' else "loose"

    @property
    def labels(self) -> tuple[object, ...]:
        """What the members of a minimal pair may differ in."""
        return tuple(getattr(self, name) for name in LABELS)


def load(folder: Path = FOLDER) -> list[Comment]:
    """Every written comment, in the order of its file's name and its line.

    Args:
        folder: where the files are.

    Raises:
        BrokenComments: a file breaks the format; at most 20 faults are named.
    """
    faults: list[str] = []
    comments: list[Comment] = []
    for path in sorted(folder.glob(FILES)):
        comments += _read(path, faults)
    faults += _repeated(comments) + _pairs(comments)
    if faults:
        more = [f"… and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
        raise BrokenComments("\n".join(faults[:MOST_FAULTS] + more))
    return comments


def split(comments: Iterable[Comment]) -> tuple[list[Comment], list[Comment]]:
    """The comments for training and those for development; all of one voice are on one side."""
    sides: tuple[list[Comment], list[Comment]] = ([], [])
    for comment in comments:
        sides[share(comment.voice, "voice") < DEVELOPMENT].append(comment)
    return sides


def _read(path: Path, faults: list[str]) -> list[Comment]:
    """The sound rows of one file; what is wrong with the others is added to the faults."""
    lines = path.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        faults.append(f"{path.name}:1: the header is not {' '.join(COLUMNS)}")
        return []
    comments = []
    for number, line in enumerate(lines[1:], start=2):
        fields = line.split("\t")
        wrong = _wrong(fields)
        faults += [f"{path.name}:{number}: {fault}" for fault in wrong]
        if not wrong:
            comments.append(_comment(dict(zip(COLUMNS, fields, strict=True))))
    return comments


def _wrong(fields: Sequence[str]) -> list[str]:
    """What is wrong with one row."""
    if len(fields) != len(COLUMNS):
        return [f"{len(fields)} columns, not {len(COLUMNS)}"]
    row = dict(zip(COLUMNS, fields, strict=True))
    wrong = [f"{name} is empty" for name in ("id", "voice", "text") if not row[name].strip()]
    wrong += [f"{name} has spaces around it" for name in COLUMNS if row[name] != row[name].strip()]
    if any(unicodedata.category(sign) == "Cc" for field in fields for sign in field):
        wrong.append("it holds a control character")
    wrong += [f"{name} is {row[name]!r}" for name, allowed in ONE_OF.items() if row[name] not in allowed]
    for name, allowed in ANY_OF.items():
        values = row[name].split(";") if row[name] else []
        wrong += [f"{name} names {value!r}" for value in values if value not in allowed]
        wrong += [f"{name} names one value twice"] if len(set(values)) < len(values) else []
    if row["silence"] and not (row["silence"].isascii() and row["silence"].isdigit()):
        wrong.append(f"silence is {row['silence']!r}, not a number of days")
    return wrong


def _comment(row: Mapping[str, str]) -> Comment:
    acts, wording, emotions = (frozenset(filter(None, row[name].split(";"))) for name in ANY_OF)
    return Comment(
        id=row["id"],
        voice=row["voice"],
        language=row["language"],
        text=row["text"],
        polarity=row["polarity"],
        acts=acts,
        wording=wording,
        irony=row["irony"] == "1",
        emotions=emotions,
        space=row["space"],
        to=row["to"],
        silence=int(row["silence"]) if row["silence"] else None,
        pair=row["pair"],
    )


def _repeated(comments: Iterable[Comment]) -> list[str]:
    """Ids used twice and texts written twice in one language (an emoji is everyone's).

    Members of one pair may share a text, if where they stand differs.
    """
    faults = []
    ids: dict[str, Comment] = {}
    texts: dict[tuple[str, str], list[Comment]] = defaultdict(list)
    for comment in comments:
        if ids.setdefault(comment.id, comment) is not comment:
            faults.append(f"{comment.id}: the id is used twice")
        folded = comment.language, " ".join(comment.text.casefold().split())
        for other in texts[folded]:
            one_pair = comment.pair != "" and comment.pair == other.pair
            if not one_pair or _place(comment) == _place(other):
                faults.append(f"{comment.id}: the text of {other.id} again")
                break
        texts[folded].append(comment)
    return faults


def _place(comment: Comment) -> tuple[str, str, int | None]:
    return comment.space, comment.to, comment.silence


def _pairs(comments: Iterable[Comment]) -> list[str]:
    """Pairs with one member, and pairs whose members all have the same labels."""
    members: dict[str, list[Comment]] = defaultdict(list)
    for comment in comments:
        if comment.pair:
            members[comment.pair].append(comment)
    faults = []
    for name, rows in members.items():
        if len(rows) < 2:
            faults.append(f"{rows[0].id}: the pair {name} has one member")
        elif len({row.labels for row in rows}) < 2:
            faults.append(f"{rows[0].id}: the members of the pair {name} do not differ in a label")
    return faults


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER, page: Path | None = None) -> int:
    """Check the files; print, write or compare the coverage.

    Returns:
        0 when all is well, 1 when a file is broken or the page is out of date.
    """
    from training import coverage

    page = page or coverage.PAGE
    parser = argparse.ArgumentParser(prog="python -m training.comments", description="Check the written comments.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--write", action="store_true", help=f"write the coverage into {coverage.PAGE.name}")
    choice.add_argument("--check", action="store_true", help="fail when that page is out of date")
    asked = parser.parse_args(arguments)
    try:
        comments = load(folder)
    except BrokenComments as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    current = page.read_text(encoding="utf-8") if page.exists() else coverage.FRAME
    wanted = coverage.placed(current, coverage.tables(comments))
    if asked.check:
        if not page.exists() or current != wanted:
            sys.stderr.write(f"{page.name} is out of date: run `python -m training.comments --write`.\n")
            return 1
        return 0
    if asked.write:
        page.write_text(wanted, encoding="utf-8")
    else:
        sys.stdout.write(coverage.tables(comments) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
