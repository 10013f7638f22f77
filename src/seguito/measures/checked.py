"""Checks of labels, as measures meet them: which comments are drawn, what is shown of them, what the marks correct."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import ibis
import pyarrow as pa

from seguito.kit import clock
from seguito.kit.errors import BadInput, UsageError
from seguito.kit.intervals import seed_of
from seguito.labels.checking import FRAME, draw
from seguito.labels.checking_log import Check, Design, begin, checks
from seguito.labels.checking_result import Checked
from seguito.labels.effective import effective
from seguito.labels.errors import Known, newest_reading, source_in
from seguito.labels.registry import labellers, languages_of
from seguito.measures.estimate import Reason, Sensitivity
from seguito.measures.space import Space

# A check of fewer than this share of today's comments speaks of the others only with a reserve.
ENOUGH_OF_TODAY = 0.8


def open_check(space: Space, label: str, value: str | None, rows: int, *, again: bool = False) -> Check:
    """The check of a label as its labeller is now: the newest that was begun, or a new one.

    Args:
        space: whose comments.
        label: the label.
        value: the one value to ask about; any where `None`.
        rows: how many comments to draw, if none were drawn yet.
        again: draw others, even so.

    Raises:
        UsageError: nothing gives the label, or the comments were not read by the labeller as it is now.
        BadInput: no comment was read for the label.
    """
    source = source_in(space.snapshot, label)
    if not source:
        given = sorted({name for one in labellers() for name in one.labels})
        raise UsageError(f"Nothing gives the label '{label}' yet.", f"These can be checked: {', '.join(given)}.")
    known = checks(space.snapshot.layout, space.creator_uri, label, value)
    if known and known[-1].design.source == source and not again:
        return known[-1]
    _read_by(space, source)
    found = frame(space, label)
    if not found.num_rows:
        raise BadInput(f"No comment of this space was read for '{label}'.", "Run `seguito label` first.")
    design = Design(
        creator_uri=space.creator_uri,
        label=label,
        value=value,
        source=source,
        sequence=space.snapshot.sequence,
        drawn_at=clock.now(),
    )
    seed = seed_of(f"check {space.creator_uri} {label} {value} {source} {len(known)}")
    return begin(space.snapshot.layout, design, draw(found, value=value, rows=rows, seed=seed))


def _read_by(space: Space, source: str) -> None:
    """Make sure that the newest reading was by the labeller as it is now."""
    told = newest_reading(space.snapshot)
    if told is not None and not set(source.split("+")) <= told:
        raise UsageError("The comments were read by an earlier revision.", "Run `seguito label`, then check.")


def frame(space: Space, label: str) -> pa.Table:
    """The comments that may be drawn for a check: those that code has read for the label (schema `FRAME`)."""
    comments = space.comments.filter(space.comments.is_read)
    languages = languages_of(label)
    if languages:
        comments = comments.filter(comments.language.isin(sorted(languages)).fill_null(False))
    labels = space.snapshot.current("labels")
    said = effective(labels.filter((labels.label == label) & ~labels.by_person))
    said = said.select("subject_uri", "score", code="value")
    rows = comments.select("uri").left_join(said, comments.uri == said.subject_uri)
    return space.fetch(rows.select(*FRAME.names).order_by("uri")).cast(FRAME)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a comment: its text, what it answers where that is another comment, and the post above."""

    text: str
    answers: str
    post: str


def shown(space: Space, uris: Collection[str]) -> dict[str, Shown]:
    """Comments with what stands around them, as written; those that are not visible any more are left out."""
    posts = space.snapshot.current("posts")
    places = space.posts.select("uri", "root_uri", "target_uri")
    rows = space.fetch(places.filter(places.uri.isin(sorted(uris) or [""])).order_by("uri")).to_pylist()
    wanted = {uri for row in rows for uri in row.values() if uri}
    texts = posts.filter(posts.uri.isin(sorted(wanted) or [""])).select("uri", "title", "text")
    said = {row["uri"]: " – ".join(filter(None, (row["title"], row["text"]))) for row in space.fetch(texts).to_pylist()}
    return {
        row["uri"]: Shown(
            said.get(row["uri"], ""),
            "" if row["target_uri"] == row["root_uri"] else said.get(row["target_uri"] or "", ""),
            said.get(row["root_uri"] or "", ""),
        )
        for row in rows
    }


def by_code(flag: Any, uri: Any, check: Checked | None) -> Any:
    """A label's column as code alone would have it: errors measured by a check are errors of code, not of its owner."""
    if check is None or not (check.added or check.denied):
        return flag
    return ibis.cases((uri.isin(check.denied or [""]), True), (uri.isin(check.added or [""]), False), else_=flag)


def unsure(check: Checked, with_them: float | None, without: float | None) -> tuple[Sensitivity, ...]:
    """The share with every comment that was marked "not sure" counted, and with none."""
    if not check.unsure:
        return ()
    return Sensitivity(change="unsure_as_yes", value=with_them), Sensitivity(change="unsure_as_no", value=without)


def note(label: str, check: Checked) -> Reason:
    """What a report says of a check that a share rests on."""
    figures = {"label": label, "rows": check.rows, "unsure": check.unsure, "date": check.at.isoformat()}
    if check.direct:
        return Reason("own_check_share", {**figures, "comments": check.comments})
    return Reason("own_check", figures)


def outdated(label: str, known: Known) -> tuple[Reason, ...]:
    """That a check was made of another revision of the labeller, and so is not used."""
    if known.outdated is None:
        return ()
    return (Reason("check_outdated", {"label": label, "date": known.outdated.isoformat()}),)


def outgrown(label: str, check: Checked, n: int) -> tuple[Reason, ...]:
    """The reserve that many comments came after a check whose marks alone give the share."""
    if not check.direct or check.comments >= ENOUGH_OF_TODAY * n:
        return ()
    figures = {"label": label, "comments": check.comments, "of": n, "date": check.at.isoformat()}
    return (Reason("check_of_part", figures),)
