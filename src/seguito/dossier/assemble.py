"""From a creator's space to a dossier: compute, answer, gather the rows behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seguito.dossier.contract import Answer, Dossier, Row
from seguito.dossier.questions import QUESTIONS
from seguito.dossier.redact import redact
from seguito.kit.progress import SILENT, Progress
from seguito.kit.pseudonym import pseudonym, reference
from seguito.measures.contract import Measure, answer
from seguito.measures.estimate import Estimate
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space, details


def assemble(
    space: Space,
    key: bytes,
    *,
    measures: Iterable[Measure] | None = None,
    show_names: bool = False,
    progress: Progress = SILENT,
) -> Dossier:
    """Compute every measure, answer every question and gather the evidence.

    Args:
        space: the creator's space.
        key: the workspace's secret, for pseudonyms.
        measures: which measures; all of them by default.
        show_names: show handles instead of pseudonyms and texts as written; only for the owner of the space.
        progress: told of every measure.
    """
    chosen = list(MEASURES.values() if measures is None else measures)
    progress.start("measure", len(chosen))
    estimates: dict[str, Estimate] = {}
    for measure in chosen:
        estimates[measure.name] = answer(measure, space)
        progress.advance()
    progress.finish()
    answers = tuple(
        Answer(
            question=question.key,
            verdict=decision.verdict,
            rule=decision.rule,
            settle=decision.settle,
            measures=question.measures,
            thresholds=question.thresholds,
        )
        for question in QUESTIONS.values()
        if all(name in estimates for name in question.measures)
        for decision in [question.decide(estimates, question.thresholds)]
    )
    return Dossier(
        creator=_creator(space),
        sequence=space.snapshot.sequence,
        versions=space.snapshot.versions,
        window=space.window,
        sources=tuple(_source(batch) for batch in space.sources),
        is_simulated=any(batch.is_simulated for batch in space.sources),
        answers=answers,
        estimates=tuple(estimates.values()),
        rows=_rows(space, estimates.values(), key, show_names=show_names),
    )


def _creator(space: Space) -> dict[str, Any]:
    accounts = space.accounts.filter(space.accounts.uri == space.creator_uri)
    rows = space.fetch(accounts.select("uri", "handle", "display_name", "platform")).to_pylist()
    platform = space.creator_uri.split(":", 1)[0]
    return rows[0] if rows else {"uri": space.creator_uri, "handle": None, "display_name": None, "platform": platform}


def _source(batch: Any) -> dict[str, Any]:
    return {
        "source": batch.source,
        "version": batch.source_version,
        "locator": batch.locator,
        "sha256": batch.sha256,
        "rows_read": batch.rows_read,
        "rows_kept": batch.rows_kept,
        "rows_skipped": batch.rows_skipped,
        "capabilities": sorted(batch.capabilities),
        "notes": list(batch.notes),
        "details": details(batch),
    }


def _rows(space: Space, estimates: Iterable[Estimate], key: bytes, *, show_names: bool) -> dict[str, Row]:
    uris = sorted({uri for one in estimates for uri in (*one.evidence_for, *one.evidence_against)})
    if not uris:
        return {}
    posts = space.posts.filter(space.posts.uri.isin(uris)).select("uri", "account_uri", "created_at", "text")
    found = {}
    for row in space.fetch(posts).to_pylist():
        text = row["text"] or ""
        author = row["account_uri"] or ""
        at = row["created_at"]
        found[row["uri"]] = Row(
            reference=reference(key, row["uri"]),
            author=author if show_names else pseudonym(key, author),
            at=at.strftime("%Y-%m-%d %H:%M") if at else None,
            text=text if show_names else redact(text),
        )
    return dict(sorted(found.items()))
