"""The scorer: a sum of points, each of which can be told and doubted."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from seguito.kit.errors import BadInput, NotFound
from seguito.labels.models.reader import folder
from seguito.measures.profiles.fields import FIELDS, UNKNOWN, Flags, Ints, Profiles

OPEN, RESEARCH = "open", "research"
LARGEST_FILE = 1_000_000
# Followers counted beside those there are, before following is set against them: a ratio of two handfuls says little.
FRIENDS = 10
# What a quantity is worked out from: the fields it needs. All others are a field of their own.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "following_per_follower": ("following", "followers"),
    "username_digits": ("username",),
    "username_length": ("username",),
}
QUANTITIES = (
    "followers",
    "following_per_follower",
    "following",
    "posts",
    "bio",
    "picture",
    "private",
    "username_digits",
    "username_length",
    "age",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quantity and the points it gives.

    Attributes:
        name: the quantity, one of `QUANTITIES`.
        of: what it counts, in words.
        starts: where each step begins, rising from 0.
        points: the points of each step, all rising or all falling.
        why: why it counts.
        cite: who found it.
    """

    name: str
    of: str
    starts: tuple[int, ...]
    points: tuple[int, ...]
    why: str
    cite: str

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields it is worked out from."""
        return _NEEDS.get(self.name, (self.name,))


@dataclass(frozen=True, slots=True)
class Told:
    """What one quantity of a profile gave, in the unit of its steps; both are `None` where it is unknown."""

    evidence: Evidence
    value: float | None
    points: int | None


@dataclass(frozen=True, slots=True)
class Scorer:
    """Points of many quantities, and from how many on a profile counts as fake-like.

    Attributes:
        name: `open`, `research`, or what the file calls itself.
        revision: changes whenever the same profile may get other points.
        licence: of the points.
        made_of: what they were made from.
        evidence: the quantities.
        threshold: from how many points on a profile counts, where all fields of `full` are known.
        least_reach: profiles whose known fields can reach a smaller share of all points are not scored.
        errors: how often it was wrong, by the fields known (see `errors.py`); as written in its file.
    """

    name: str
    revision: str
    licence: str
    made_of: str
    evidence: tuple[Evidence, ...]
    threshold: int
    least_reach: float
    errors: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def load(cls, which: str | Path = OPEN) -> Scorer:
        """The scorer `open` or `research`, or that of a file.

        Raises:
            NotFound: there is no such file.
            BadInput: it is no file of points, or its points do not all go one way.
        """
        place = place_of(which)
        try:
            content = place.read_bytes()
        except OSError as error:
            raise NotFound(f"The points in {place} cannot be read ({error.strerror}).", _advice(which)) from error
        return parse(content, place)

    def reach(self, fields: Iterable[str]) -> int:
        """The most points that profiles of which these fields are known can get."""
        known = set(fields)
        return sum(max(one.points) for one in self.evidence if known.issuperset(one.needs))

    def limit(self, fields: Iterable[str]) -> int | None:
        """From how many points on a profile of which these fields are known counts; `None` where it is not scored.

        The threshold shrinks with the points that can be reached, rounded up. An unknown age changes nothing: few
        sources tell it, and what it adds or takes where it is known is a bonus.
        """
        known, whole = set(fields) - {"age"}, self.reach(set(FIELDS) - {"age"})
        return None if self.reach(known) < self.least_reach * whole else self._scaled(known)

    def _scaled(self, fields: Iterable[str]) -> int | None:
        reach = self.reach(set(fields) - {"age"})
        return -(-self.threshold * reach // self.reach(set(FIELDS) - {"age"})) if reach else None

    def score(self, profiles: Profiles) -> Ints:
        """The points of every profile; what is unknown gives none."""
        total = np.zeros(profiles.rows, dtype=np.int64)
        for one in self.evidence:
            top, below = quantity(one.name, profiles)
            total += np.where(top == UNKNOWN, 0, _steps(one, top, below))
        return total

    def decide(self, profiles: Profiles) -> tuple[Flags, Flags]:
        """Which profiles count as fake-like, and which could be scored at all."""
        limits = self._limits(profiles, self.limit)
        scored: Flags = limits < _NEVER
        return scored & (self.score(profiles) >= limits), scored

    def margins(self, profiles: Profiles) -> tuple[Ints, Flags]:
        """By how many points each profile passes the threshold of the fields it tells, and which tell any at all.

        Profiles that tell different fields are put in one order by this; also those too little known to be decided on.
        """
        limits = self._limits(profiles, self._scaled)
        told: Flags = limits < _NEVER
        return np.where(told, self.score(profiles) - limits, 0), told

    def _limits(self, profiles: Profiles, limit: Callable[[list[str]], int | None]) -> Ints:
        table = np.array([_never(limit(_named(mask))) for mask in range(1 << len(FIELDS))], dtype=np.int64)
        found: Ints = table[_sets(profiles)]
        return found

    def explain(self, profiles: Profiles) -> list[tuple[Told, ...]]:
        """What every quantity gave, profile by profile; for a few profiles of one's own, never for a list of others."""
        columns = []
        for one in self.evidence:
            top, below = quantity(one.name, profiles)
            columns.append((one, top, below, _steps(one, top, below)))
        return [
            tuple(
                Told(one, None, None)
                if top[row] == UNKNOWN
                else Told(one, float(top[row] / below[row]), int(points[row]))
                for one, top, below, points in columns
            )
            for row in range(profiles.rows)
        ]


_NEVER = 1 << 40


def _never(limit: int | None) -> int:
    return _NEVER if limit is None else limit


def quantity(name: str, profiles: Profiles) -> tuple[Ints, Ints]:
    """A quantity of every profile as a fraction of whole numbers; the upper one is `UNKNOWN` where it is not known."""
    ones = np.ones(profiles.rows, dtype=np.int64)
    if name != "following_per_follower":
        return profiles.column(name), ones
    following, followers = profiles.column("following"), profiles.column("followers")
    known = (following != UNKNOWN) & (followers != UNKNOWN)
    return np.where(known, 10 * following, UNKNOWN), np.where(known, followers + FRIENDS, 1)


def _steps(one: Evidence, top: Ints, below: Ints) -> Ints:
    points = np.full(len(top), one.points[0], dtype=np.int64)
    for start, given in zip(one.starts[1:], one.points[1:], strict=True):
        points[top >= start * below] = given
    return points


def _sets(profiles: Profiles) -> Ints:
    """Which fields every profile tells, as bits in the order of `FIELDS`."""
    found = np.zeros(profiles.rows, dtype=np.int64)
    for bit, field in enumerate(FIELDS):
        found |= profiles.known(field).astype(np.int64) << bit
    return found


def _named(mask: int) -> list[str]:
    return [field for bit, field in enumerate(FIELDS) if mask >> bit & 1]


def place_of(which: str | Path) -> Path:
    """Where the points of a name lie: in the package, in the folder of SEGUITO_MODELS, or with the user's files."""
    if which == OPEN:
        return Path(str(files("seguito.measures.profiles") / "points.toml"))
    if which != RESEARCH:
        return Path(which).expanduser()
    return folder() / "research.profiles.toml"


def _advice(which: str | Path) -> str:
    if which == OPEN:
        return "Install Seguito again."
    if which == RESEARCH:
        return "Make it with `make weights-research`, or say open."
    return "Say open, research, or the path of a file of points."


def parse(content: bytes, place: Path) -> Scorer:
    """The scorer that stands in a file.

    Raises:
        BadInput: it is no file of points, or its points do not all go one way.
    """
    if len(content) > LARGEST_FILE:
        raise BadInput(
            f"{place} is larger than {LARGEST_FILE:,} bytes.", "Points are a few lines: is this another file?"
        )
    return _parsed(content, place)


@cache
def _parsed(content: bytes, place: Path) -> Scorer:
    advice = "Take the file that ships with Seguito as a pattern, or make it anew."
    try:
        table = tomllib.loads(content.decode("utf-8"))
        evidence = tuple(_evidence(one) for one in table["evidence"])
        scorer = Scorer(
            name=str(table["name"]),
            revision=_revision(evidence, table["threshold"], table["least_reach"]),
            licence=str(table["licence"]),
            made_of=str(table["made_of"]),
            evidence=evidence,
            threshold=int(table["threshold"]),
            least_reach=float(table["least_reach"]),
            errors=tuple(table.get("errors", ())),
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{place} is no file of points: {error}.", advice) from error
    if scorer.threshold < 1 or not evidence:
        raise BadInput(f"{place}: a threshold below 1, or nothing to score.", advice)
    return scorer


def _revision(evidence: tuple[Evidence, ...], *more: object) -> str:
    said = [(one.name, one.starts, one.points) for one in evidence], more, FRIENDS
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8]


def _evidence(one: Mapping[str, Any]) -> Evidence:
    name, starts, points = str(one["name"]), tuple(map(int, one["from"])), tuple(map(int, one["points"]))
    if name not in QUANTITIES:
        raise ValueError(f"there is no quantity '{name}'; there are {', '.join(QUANTITIES)}")
    rising = list(points) in (sorted(points), sorted(points, reverse=True))
    if not starts or starts[0] != 0 or list(starts) != sorted(set(starts)) or len(starts) != len(points) or not rising:
        raise ValueError(f"'{name}' needs steps that rise from 0, with as many points, all going one way")
    if max(starts) > 10_000_000 or max(map(abs, points)) > 1_000_000:
        raise ValueError(f"'{name}' has steps or points beyond all measure")
    return Evidence(name, str(one["of"]), starts, points, str(one["why"]), str(one["cite"]))
