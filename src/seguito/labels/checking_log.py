"""The file of a check, beside the lake's tables: what was drawn, then every mark as it was made. Lines of JSON.

The first line tells the design, then one line a drawn comment, then a line a mark; a line `written` says up to where
the marks stand in the lake, as labels by a person, and which snapshot that made. A reader of an older snapshot stops
there, so that a report of it stays the same. Nothing but keys stands in the file: no text and no name. Erasing a
person takes their lines out, and so does letting go of what was kept long enough.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from seguito.facts.batch import Batch
from seguito.facts.label import Label
from seguito.facts.schema import to_batch
from seguito.facts.tables import TABLES
from seguito.kit import clock
from seguito.kit.errors import BadInput, Transient
from seguito.kit.pseudonym import fingerprint, keep_key
from seguito.labels.checking import Mark, Sample, Sampled, Stratum
from seguito.store.disk import disk_errors
from seguito.store.lake import Lake
from seguito.store.layout import Layout

FORMAT = 1
SOURCE = "person:check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What a check is of.

    Attributes:
        creator_uri: in whose space.
        label: which label.
        value: which of its values; any where `None`.
        source: name and revision of the labeller it checks.
        sequence: the snapshot the comments were drawn from.
        drawn_at: when.
    """

    creator_uri: str
    label: str
    value: str | None
    source: str
    sequence: int
    drawn_at: datetime


@dataclass
class Check:
    """One check and its marks so far.

    Attributes:
        path: its file.
        design: what it is of.
        sample: the comments to be marked, in the order to be shown.
        marks: the newest mark of every comment that has one, in the order in which they were made.
        times: when each of them was made.
        settled: comments that the lake was told yes or no about, at any time.
        unwritten: whether the lake lacks some of the marks.
    """

    path: Path
    design: Design
    sample: Sample
    marks: dict[str, Mark] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    unwritten: bool = False

    def __post_init__(self) -> None:
        self._file = self.path.stat().st_ino

    @property
    def left(self) -> int:
        """How many comments are not marked yet."""
        return len(self.sample.rows) - len(self.marks)

    @property
    def last_day(self) -> date:
        """The day of the last mark, or of the drawing where there is none."""
        return max([self.design.drawn_at, *self.times.values()]).date()

    def mark(self, uri: str, mark: Mark) -> None:
        """Mark a comment; kept on the disk when this returns.

        Raises:
            DiskFull, Refused: the disk does not take it; marks made before are kept.
            Transient: the file is not there any more.
        """
        at = clock.now()
        self._append({"uri": uri, "mark": mark, "at": at.isoformat()})
        self._take(uri, mark, at)

    def _take(self, uri: str, mark: Mark, at: datetime) -> None:
        self.marks.pop(uri, None)
        self.marks[uri], self.times[uri] = mark, at
        self.unwritten = True

    def _append(self, line: dict[str, Any]) -> None:
        with disk_errors(self.path.parent.parent):
            _append(self.path, self._file, line)

    def write(self, lake: Lake) -> None:
        """Write the marks into the lake, as labels by a person; what stands there already is not added twice."""
        labels = [label for row in self.sample.rows if (label := self._label(row)) is not None]
        if labels:
            staging = lake.stage(labels[0].batch_id)
            try:
                staging.add("labels", to_batch(labels, TABLES["labels"].schema))
                receipt = lake.commit(staging, self._batch(labels))
            except BaseException:
                staging.discard()
                raise
            sequence = receipt.sequence
        else:
            sequence = lake.snapshot().sequence
        self._append({"written": sequence, "at": clock.now().isoformat()})
        self.settled |= {uri for uri, mark in self.marks.items() if mark != "?"}
        self.unwritten = False

    def _label(self, row: Sampled) -> Label | None:
        """A person's word on one comment; none where they were not sure, or where code says another value anyway."""
        mark, value = self.marks.get(row.uri), self.design.value
        if mark is None or (mark == "?" and row.uri not in self.settled):
            return None
        said = value or (row.code if row.has and row.code else "yes")
        other = row.code if row.code is not None and not row.has else "no"
        # Who is not sure any more leaves it at what code says, and who denies one value does not deny another.
        has = row.has if mark == "?" else mark == "y"
        return Label(
            subject_uri=row.uri,
            label=self.design.label,
            value=said if has else other,
            source=SOURCE,
            by_person=True,
            observed_at=self.times[row.uri],
            batch_id=self._batch_id,
        )

    @property
    def _batch_id(self) -> str:
        last = max(self.times.values())
        return f"check-{self.path.stem}-{len(self.marks)}-{last:%Y%m%dT%H%M%S%f}"

    def _batch(self, labels: list[Label]) -> Batch:
        counts = {"label": self.design.label, "marks": len(self.marks), "of": len(self.sample.rows)}
        return Batch(
            batch_id=self._batch_id,
            sequence=0,
            step="label",
            source="person",
            details=json.dumps(counts),
            rows_read=len(labels),
            rows_kept=len(labels),
            started_at=min(self.times.values()),
            finished_at=clock.now(),
        )


def begin(layout: Layout, design: Design, sample: Sample) -> Check:
    """Keep a sample that was drawn, with no mark yet."""
    folder = layout.checks
    with disk_errors(layout.root):
        folder.mkdir(exist_ok=True)
        path = _free(folder, _stem(layout, design.creator_uri, design.label, design.value))
        lines = [_first(design, sample), *(_row(row) for row in sample.rows)]
        draft = path.with_suffix(".part")
        draft.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        draft.replace(path)
    return Check(path, design, sample)


def checks(
    layout: Layout, creator_uri: str, label: str, value: str | None = None, upto: int | None = None
) -> list[Check]:
    """The checks of a label in a space, the oldest first.

    Args:
        layout: the workspace.
        creator_uri: whose space.
        label: the label.
        value: the value that was asked about; `None` for any.
        upto: leave out what was not in the lake at this snapshot.
    """
    folder = layout.checks
    if not folder.is_dir():
        return []
    stem = _stem(layout, creator_uri, label, value)
    found = [load(path, upto) for path in sorted(_files(folder)) if path.stem.rsplit("-", 1)[0] == stem]
    return sorted(found, key=lambda one: one.design.drawn_at)


def load(path: Path, upto: int | None = None) -> Check:
    """Read a check; marks that were written into the lake after snapshot `upto` are left out.

    Raises:
        BadInput: the file is damaged.
    """
    with disk_errors(path.parent.parent):
        lines = path.read_bytes().split(b"\n")
    # What follows the last line end was being written when the writer died.
    try:
        told = [json.loads(line) for line in lines[:-1]]
        check = _opened(path, told[0], [one for one in told[1:] if "stratum" in one])
        _replay(check, [one for one in told[1:] if "stratum" not in one], upto)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise BadInput(
            f"The check {path} is damaged.", "Restore the file from a copy, or remove it and check the label again."
        ) from error
    return check


def _opened(path: Path, first: dict[str, Any], rows: list[dict[str, Any]]) -> Check:
    if first["check"] != FORMAT:
        raise ValueError(first["check"])
    design = Design(
        creator_uri=first["creator_uri"],
        label=first["label"],
        value=first["value"],
        source=first["source"],
        sequence=first["sequence"],
        drawn_at=datetime.fromisoformat(first["drawn_at"]),
    )
    strata = tuple(Stratum(one["name"], one["size"], one["drawn"]) for one in first["strata"])
    sampled = tuple(Sampled(one["uri"], one["stratum"], one["code"], one["has"]) for one in rows)
    return Check(path, design, Sample(strata, sampled))


def _replay(check: Check, lines: list[dict[str, Any]], upto: int | None) -> None:
    """Take the marks in the order in which they were made; with `upto`, only those the lake held by then."""
    known = {row.uri for row in check.sample.rows}
    last = len(lines)
    if upto is not None:
        written = [at for at, one in enumerate(lines) if "written" in one and one["written"] <= upto]
        last = written[-1] + 1 if written else 0
    for one in lines[:last]:
        if "written" in one:
            check.settled |= {uri for uri, mark in check.marks.items() if mark != "?"}
            check.unwritten = False
        elif one["uri"] in known:
            if one["mark"] not in ("y", "n", "?"):
                raise ValueError(one["mark"])
            check._take(one["uri"], one["mark"], datetime.fromisoformat(one["at"]))


def _first(design: Design, sample: Sample) -> dict[str, Any]:
    strata = [{"name": one.name, "size": one.size, "drawn": one.drawn} for one in sample.strata]
    return {
        "check": FORMAT,
        "creator_uri": design.creator_uri,
        "label": design.label,
        "value": design.value,
        "source": design.source,
        "sequence": design.sequence,
        "drawn_at": design.drawn_at.isoformat(),
        "strata": strata,
    }


def _row(row: Sampled) -> dict[str, Any]:
    return {"uri": row.uri, "stratum": row.stratum, "code": row.code, "has": row.has}


def _append(path: Path, inode: int, line: dict[str, Any]) -> None:
    """Add a line and wait until the disk has it; a line that did not fit is taken back."""
    try:
        file = os.open(path, os.O_RDWR | os.O_APPEND)
    except FileNotFoundError as error:
        raise _changed() from error
    try:
        # An erasure puts another file in this one's place: what it took out must not come back.
        if os.fstat(file).st_ino != inode:
            raise _changed()
        size = _whole(file)
        try:
            data = (json.dumps(line) + "\n").encode()
            while data:
                data = data[os.write(file, data) :]
            os.fsync(file)
        except BaseException:
            os.ftruncate(file, size)
            raise
    finally:
        os.close(file)


def _changed() -> Transient:
    return Transient(
        "Somebody was erased from this workspace meanwhile, and their comments from this check.",
        "Run the same command again: it goes on with the others.",
    )


def _whole(file: int) -> int:
    """Cut off a last line that a killed writer left half written; the size of what is left."""
    size = os.fstat(file).st_size
    while size and os.pread(file, 1, size - 1) != b"\n":
        size -= 1
    os.ftruncate(file, size)
    return size


def _stem(layout: Layout, creator_uri: str, label: str, value: str | None) -> str:
    """The first part of the name of a check's file, which names nobody."""
    whose = fingerprint(keep_key(layout.key), f"check:{creator_uri}")[:12]
    return f"{whose}-{label}" + (f"={quote(value, safe='')}" if value else "")


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("*.ndjson"))


def _free(folder: Path, stem: str) -> Path:
    numbers = (folder / f"{stem}-{number:04}.ndjson" for number in range(1, 10_000))
    return next(path for path in numbers if not path.exists())
