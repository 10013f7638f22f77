"""The steps that `vet`, `collect` and `report` share: open, read, answer, write. They only join the pipeline's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seguito.cli.console import Talk

if TYPE_CHECKING:
    from seguito.pipeline import Collected
    from seguito.sources.contract import Options, Reading
    from seguito.sources.files.propose import Proposal
    from seguito.store.lake import Lake


def read_all(lake: Lake, targets: list[str], options: Options, talk: Talk, *, yes: bool) -> list[Collected]:
    """Read every target into a lake that is open already, and tell what came of it."""
    opened = open_all(lake.layout.root, targets, options, talk, yes=yes)
    return collect_all(lake, opened, talk)


@dataclass(frozen=True, slots=True)
class Opened:
    """Sources opened for reading, and the mappings that were accepted for them."""

    readings: list[Reading]
    accepted: list[Proposal]


def open_all(workspace: Path, targets: list[str], options: Options, talk: Talk, *, yes: bool) -> Opened:
    """Open every target before anything is written: what cannot be read leaves no workspace behind."""
    from seguito.cli.mappings import accept, proposals
    from seguito.sources.targets import open_targets
    from seguito.store.layout import Layout

    layout = Layout(workspace.expanduser())
    placed = replace(options, spool=layout.raw, mappings=layout.mappings)
    found = proposals(targets, placed)
    accept(found, talk, yes=yes)
    return Opened(open_targets(targets, placed), found)


def collect_all(lake: Lake, opened: Opened, talk: Talk) -> list[Collected]:
    """Read opened sources into the lake, tell what came of each, and remember the mappings."""
    from seguito.cli.mappings import remember
    from seguito.pipeline import collect

    found = []
    for reading in opened.readings:
        collected = collect(lake, reading, progress=talk.progress())
        found.append(collected)
        for sentence in told_of(collected):
            talk.say(sentence)
    remember(opened.accepted, lake.layout.mappings)
    return found


def told_of(collected: Collected) -> list[str]:
    """What a reading brought, in sentences."""
    batch, added = collected.batch, collected.receipt.added
    new = ", ".join(f"{rows:,} {table}" for table, rows in added.items() if rows and table != "coverage")
    told = [f"{batch.locator or batch.source}: {batch.rows_read:,} rows read; new: {new or 'nothing'}."]
    if collected.rejects is not None:
        told.append(
            f"{batch.rows_skipped:,} rows could not be read; they are kept, with reasons, in {collected.rejects}."
        )
    told.extend(batch.notes)
    return told


def render_to(page: Path, document: dict[str, Any], lang: str, talk: Talk) -> None:
    """Write the page and its JSON and print the answers."""
    from seguito.cli.answers import print_answers, print_bytes
    from seguito.cli.written import write
    from seguito.reports.canonical import to_bytes
    from seguito.reports.html import render

    data = to_bytes(document)
    path = write(page, render(document, lang), data)
    if talk.json:
        print_bytes(data)
    else:
        print_answers(document, lang)
    talk.say(f"The report: {path}")


def check_cohort(workspace: Path, name: str | None) -> None:
    """Make sure that there is a cohort of this name before any long work.

    Raises:
        NotFound: there is none.
    """
    if name is not None:
        from seguito.dossier.cohort import load
        from seguito.store.layout import Layout

        load(Layout(workspace.expanduser()).cohorts, name)


def only_creator(lake: Lake, sequence: int | None = None) -> str:
    """The one creator a workspace holds.

    Raises:
        UsageError: it holds none, or several.
    """
    from seguito.facts.keys import native_of
    from seguito.kit.errors import UsageError
    from seguito.measures.space import creators

    held = creators(lake.snapshot(sequence))
    if not held:
        raise UsageError("This workspace holds no creator yet.", "Collect one first: seguito collect bluesky:HANDLE")
    if len(held) > 1:
        names = ", ".join(native_of(uri) for uri in held[:5]) + (" …" if len(held) > 5 else "")
        raise UsageError(f"This workspace holds {len(held)} creators: {names}.", "Name one of them.")
    return held[0]
