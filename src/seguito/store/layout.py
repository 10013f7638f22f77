"""What lies where in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from seguito.facts.tables import TABLES

FORMAT = "seguito-workspace-1\n"


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files of one workspace."""

    root: Path

    @property
    def mark(self) -> Path:
        """The file that says this folder is a workspace, and of which format."""
        return self.root / "SEGUITO"

    @property
    def key(self) -> Path:
        """The secret key of pseudonyms and fingerprints."""
        return self.root / "key"

    @property
    def lock(self) -> Path:
        """The file that writers hold while they commit."""
        return self.root / "lake" / ".lock"

    @property
    def staging(self) -> Path:
        """Rows read but not yet committed."""
        return self.root / "staging"

    @property
    def raw(self) -> Path:
        """Answers of platforms as they came, where their rules allow keeping them."""
        return self.root / "raw"

    @property
    def rejects(self) -> Path:
        """Rows that could not be read, one file per batch."""
        return self.root / "rejects"

    @property
    def mappings(self) -> Path:
        """Column mappings of generic files that the user accepted."""
        return self.root / "mappings"

    @property
    def checks(self) -> Path:
        """What people marked while checking labels, one file per check."""
        return self.root / "checks"

    @property
    def cohorts(self) -> Path:
        """Creators to compare with, one file per cohort and one line per creator."""
        return self.root / "cohorts"

    @property
    def reports(self) -> Path:
        """Reports kept with the workspace."""
        return self.root / "reports"

    @property
    def erased(self) -> Path:
        """Keyed fingerprints of accounts that asked to be forgotten."""
        return self.root / "erased.jsonl"

    @property
    def erasing(self) -> Path:
        """Whom an erasure under way is about; gone when it is complete."""
        return self.root / "erasing.json"

    def sightings(self, name: str) -> Path:
        """The folder that tells which unchanged rows of one table were seen again."""
        return self.table(name).parent / "sightings" / name

    @property
    def again(self) -> Path:
        """What readings saw again as a whole, until it is written out as sightings."""
        return self.root / "lake" / "again"

    @property
    def readings(self) -> Path:
        """What is remembered of files, so that the next export of the same space costs only what is new."""
        return self.root / "lake" / "readings"

    @property
    def prepared(self) -> Path:
        """Tables prepared for measures, kept so that the next report costs only what is new."""
        return self.root / "lake" / "prepared"

    @property
    def scratch(self) -> Path:
        """Where an engine may spill; empty between runs."""
        return self.root / "scratch"

    def table(self, name: str) -> Path:
        """The folder of one Delta table; private tables have a folder of their own."""
        return self.root / ("private" if TABLES[name].private else "lake") / name
