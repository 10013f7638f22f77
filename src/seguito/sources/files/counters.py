"""Files of daily counters: one row a day with followers or their change, what people did that day, and causes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from seguito.facts.keys import key
from seguito.kit.errors import BadInput, UsageError
from seguito.kit.progress import Progress
from seguito.sources.contract import About, Capability, Counted, Options, Reading, Reject, Rows, Sample
from seguito.sources.files.counter_columns import columns_of, counts_days, read_day
from seguito.sources.files.counter_days import History, counted_days, coverage, facts, histories, ranges
from seguito.sources.files.delimited import sniff
from seguito.sources.files.grid import Grid, shown
from seguito.sources.files.layout import grid_of, header_of, label, shape_of, text_head
from seguito.sources.files.opening import Digest, digest
from seguito.sources.files.spaces import PostIndex, bare
from seguito.sources.files.times import TimeColumn, plausible

NAME, VERSION = "counters", "1"
# A file is one of days when it has some, nearly all different, and most of them follow one another.
FEWEST = 5
_PLATFORMS = ("youtube", "instagram", "tiktok", "bluesky", "mastodon", "threads", "facebook", "twitter", "twitch")
_OF_YOUTUBE = ("subscriber", "iscritt", "subs")
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Counters:
    """The importer of daily counters: an entry of the registry."""

    name: str = NAME
    version: str = VERSION

    def recognise(self, sample: Sample) -> float:
        """0.8 where the columns are those of daily counters and the first rows are days in a row; else 0."""
        if shape_of(sample) != "delimited":
            return 0.0
        header = header_of(sample, "delimited")
        return 0.8 if counts_days(sorted(header)) and _are_days(sample) else 0.0

    def open(self, sample: Sample, options: Options) -> Reading:
        """Open a file of daily counters.

        Raises:
            BadInput: it has no column of days and of followers, or no row.
        """
        read = digest(sample.path)
        grid = grid_of(sample, read)
        if not counts_days(grid.header):
            raise BadInput(
                f"{sample.path.name} is no file of daily counters: it lacks a column of days or one of followers.",
                "Name columns such as 'date' and 'followers', or map them with --mapping.",
            )
        return CounterReading(grid, sample.path, read, options)


def _are_days(sample: Sample) -> bool:
    """Whether the first rows stand for different days, most of them one after the other."""
    head = text_head(sample)
    dialect = sniff(head)
    if dialect is None:
        return False
    rows = [row for row in dialect.reader(iter(head.splitlines()[:400])) if row]
    rows = [row for row in rows if not row[0].lower().startswith("sep=")]
    column = columns_of([cell.strip() for cell in rows[0]]).get("day") if rows else None
    if column is None:
        return False
    at = [cell.strip() for cell in rows[0]].index(column)
    texts = pa.array([read_day(row[at]) for row in rows[1:] if len(row) > at], pa.string())
    times = TimeColumn(zone="UTC")
    times.look(texts)
    days = sorted({moment.date() for moment in plausible(times.read(texts)[0]).to_pylist() if moment})
    gaps = [(after - before).days for before, after in pairwise(days)]
    return len(days) >= FEWEST and sorted(gaps)[len(gaps) // 2] == 1


@dataclass
class CounterReading:
    """A file of daily counters, opened for reading.

    Args:
        grid: the file as columns of text.
        path: the file.
        digest: what its bytes told.
        options: what the user said.
        beside: what files of posts named together with this one tell of their authors.
        platform_beside: the platform of those files.
    """

    grid: Grid
    path: Path
    digest: Digest
    options: Options
    beside: PostIndex = field(default_factory=PostIndex)
    platform_beside: str | None = None

    def knowing(self, beside: PostIndex, platform: str | None) -> CounterReading:
        """The same reading, knowing what files of posts tell."""
        return replace(self, beside=beside, platform_beside=platform)

    # -- before reading -----------------------------------------------------------------------------------------

    @cached_property
    def _found(self) -> tuple[list[History], list[Reject], int]:
        """The days of every account, the rows that are none, and how many rows there are."""
        columns = columns_of(self.grid.header)
        cells: dict[str, list[str | None]] = {target: [] for target in columns}
        places: list[int] = []
        rejects: list[Reject] = []
        for chunk in self.grid.chunks(frozenset(columns.values())):
            rejects += chunk.rejects
            places += chunk.places.tolist()
            for target, column in columns.items():
                cells[target] += chunk.columns[column].to_pylist()
        at, is_exact = self._times(cells["day"])
        found, wrong = histories(cells, at, is_exact)
        rows = len(places) + len(rejects)
        rejects += [Reject(f"{self.path.name}:{places[row]}", why, shown(_row(cells, row))) for row, why in wrong]
        if not any(day.followers is not None for one in found for day in one.days):
            raise BadInput(
                f"{self.path.name} holds no day with a number of followers.",
                "It must give the followers of every day, or their change and their number on one day.",
            )
        return found, rejects, rows

    def _times(self, texts: list[str | None]) -> tuple[list[datetime | None], list[bool]]:
        """When each row was counted, and whether its hour is told; a day without an hour is put at its noon."""
        column = pa.array([read_day(text) for text in texts], pa.string())
        self._column.look(column)
        at, precision, _ = self._column.read(column)
        exact = [one in ("us", "ms", "s", "min") for one in precision.to_pylist()]
        moments = plausible(at).to_pylist()
        # In every time zone that is the same day.
        return [one + _NOON if one and not told else one for one, told in zip(moments, exact, strict=True)], exact

    @cached_property
    def _column(self) -> TimeColumn:
        return TimeColumn(zone=self.options.timezone)

    @cached_property
    def _platform(self) -> str:
        names = {one.platform for one in self._found[0] if one.platform}
        told = [one for one in _PLATFORMS if one in " ".join(names).casefold()]
        told = told or [one for one in _PLATFORMS if (self.options.creator or "").startswith(f"{one}:")]
        told = told or [one for one in _PLATFORMS if one in label(self.path)]
        if told or self.platform_beside:
            return told[0] if told else str(self.platform_beside)
        columns = columns_of(self.grid.header).get("followers", "").casefold()
        return "youtube" if columns.startswith(_OF_YOUTUBE) or "subscriber" in columns else "other"

    @cached_property
    def _creator(self) -> str:
        """The creator's native id.

        Raises:
            UsageError: the file is of several accounts and nobody says which is the creator's, or not of that one.
        """
        named = [one.account for one in self._found[0] if one.account]
        wanted = self.options.creator
        if wanted is not None:
            native = self._native(wanted.split(":", 2)[-1] if wanted.count(":") > 1 else wanted.split(":")[-1])
            if named and native not in {self._native(one) for one in named}:
                some = ", ".join(sorted(set(named))[:5])
                raise UsageError(f"{self.path.name} has no account '{wanted}'.", f"It has: {some}.")
            return native
        if len(set(named)) > 1:
            some = ", ".join(sorted(set(named))[:5])
            raise UsageError(
                f"{self.path.name} is of {len(set(named))} accounts.", f"Say with --creator whose it is: {some}."
            )
        beside = set(self.beside.author_of.values())
        if named:
            return self._native(named[0])
        return beside.pop() if len(beside) == 1 else f"unnamed-{self.digest.sha256[:12]}"

    def _native(self, name: str) -> str:
        """The key of an account that is named: as the files of posts know it, else the name as a handle."""
        for native, told in self.beside.names.items():
            if bare(name) in (bare(native), bare(told or "")):
                return native
        return name.strip() if name.startswith(("UC", "did:")) else bare(name)

    @cached_property
    def _batch_id(self) -> str:
        parts = (NAME, VERSION, self.digest.sha256, self.beside.sha256, self._platform, self._creator)
        return "file-" + sha256("\x1f".join((*parts, self.options.timezone or "")).encode()).hexdigest()[:20]

    def _uri(self, history: History) -> str:
        native = self._native(history.account) if history.account else self._creator
        return key(self._platform, "account", native)

    @property
    def about(self) -> About:
        """What is known; nothing more is learned by reading."""
        found = self._found[0]
        uri = key(self._platform, "account", self._creator)
        mine = [day for one in found if self._uri(one) == uri for day in one.days]
        known: frozenset[Capability] = frozenset({"follower_counts"})
        return About(
            source=NAME,
            version=VERSION,
            batch_id=self._batch_id,
            observed_at=max(day.at for one in found for day in one.days),
            capabilities=known,
            policy="file_of_the_user",
            creator_uri=uri,
            locator=self.path.name,
            sha256=self.digest.sha256,
            notes=self._notes(found),
            details={
                "record": "counters",
                "columns": columns_of(self.grid.header),
                "platform": self._platform,
                "timezone": self.options.timezone,
                "days": ranges([day.at.date() for day in mine]),
                # A day that tells a number and left no row of its own said the same as the day before.
                "counted": counted_days(mine),
            },
        )

    def _notes(self, found: list[History]) -> tuple[str, ...]:
        notes = list(self.digest.notes)
        if self._column.slashed and self._column.is_day_first is None:
            notes.append("No date tells whether days or months come first; days were taken to come first.")
        if self._creator.startswith("unnamed-"):
            notes.append("The file does not tell whose followers it counts; give --creator.")
        if any(one.is_rebuilt for one in found):
            notes.append("Followers were added up from each day's change and one day's number.")
        silent = sum(one.notes_without_cause for one in found)
        if silent:
            notes.append(f"{silent} notes name no known cause and were left out.")
        return tuple(notes)

    # -- reading ------------------------------------------------------------------------------------------------

    def read(self, progress: Progress) -> Iterator[Rows | Reject | Counted]:
        """Facts: a profile for each day, counters of what people did, and causes; rows that are no day as rejects."""
        found, rejects, rows = self._found
        yield from rejects
        for history in found:
            yield from facts(history, self._uri(history), self._batch_id)
        yield coverage([(self._uri(one), one.days) for one in found], self._batch_id)
        yield Counted(rows)


def _row(cells: Mapping[str, list[str | None]], row: int) -> str:
    return "\t".join(f"{target}={(column[row] or '')[:200]}" for target, column in cells.items())


FORMAT = Counters()
