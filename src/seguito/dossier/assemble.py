"""From a creator's space to a dossier: compute, answer, test, gather the rows behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import ibis

from seguito.dossier.authenticity import AGAINST_PEERS, BALANCE
from seguito.dossier.cohort import Cohort
from seguito.dossier.contract import Answer, Dossier, LookedAt, Question, Row
from seguito.dossier.gate import gate
from seguito.dossier.peers import Compared, compare, times_of
from seguito.dossier.questions import QUESTIONS
from seguito.dossier.redact import redact
from seguito.kit.errors import Refused
from seguito.kit.progress import SILENT, Progress
from seguito.kit.pseudonym import pseudonym, reference
from seguito.measures.contract import Measure, answer, begin
from seguito.measures.estimate import Estimate, Part
from seguito.measures.registry import MEASURES
from seguito.measures.space import Space, details

ROWS_PER_ANSWER = 3
# A figure is held against peers from so many posts on.
POSTS_AGAINST_PEERS = 20


def assemble(
    space: Space,
    key: bytes,
    *,
    measures: Iterable[Measure] | None = None,
    show_names: bool = False,
    right_of_reply: str = "",
    cohort: Cohort | None = None,
    name_peers: bool = False,
    progress: Progress = SILENT,
) -> Dossier:
    """Compute every measure, answer every question and gather the evidence.

    Args:
        space: the creator's space.
        key: the workspace's secret, for pseudonyms.
        measures: which measures; all of them by default. Questions that need another one are left out.
        show_names: show handles instead of pseudonyms and texts as written; only for the owner of the space.
        right_of_reply: what the creator answers to the report; their own words, carried along as they are.
        cohort: creators to compare with.
        name_peers: tell which of them is which; only for the owner of the cohort.
        progress: told of every measure.

    Raises:
        Refused: the lake was opened with its private tables; a dossier is made to be shown.
    """
    if space.snapshot.private:
        raise Refused(
            "This lake was opened with its private tables, and a dossier is made to be shown.",
            "Open it without them: open_lake(...) with private=False.",
        )
    chosen = list(MEASURES.values() if measures is None else measures)
    progress.start("measure", len(chosen))
    estimates: dict[str, Estimate] = {}
    begin(chosen, space)
    for measure in chosen:
        estimates[measure.name] = answer(measure, space)
        progress.advance()
    progress.finish()
    looked_at = _looked_at(space)
    peers = None if cohort is None else _compared(space, estimates, cohort, looked_at, show_names=name_peers)
    rows = _rows(space, estimates.values(), key, show_names=show_names)
    lacking = set(MEASURES) - set(estimates)
    asked = [one for one in QUESTIONS.values() if not lacking & set(one.measures)]
    return Dossier(
        creator=_creator(space),
        sequence=space.snapshot.sequence,
        versions=space.snapshot.versions,
        window=space.window,
        sources=tuple(_source(batch) for batch in space.sources),
        is_simulated=any(batch.is_simulated for batch in space.sources),
        answers=tuple(_answer(question, estimates, space, rows) for question in asked),
        estimates=tuple(estimates.values()),
        rows=rows,
        looked_at=looked_at,
        show_names=show_names,
        right_of_reply=right_of_reply,
        peers=peers,
    )


def _compared(
    space: Space, estimates: dict[str, Estimate], cohort: Cohort, looked_at: LookedAt, *, show_names: bool
) -> Compared:
    """The creator beside a cohort; what a question reads of that becomes a part of its estimate."""
    found = compare(
        estimates.values(),
        cohort,
        creator_uri=space.creator_uri,
        platform=str(_creator(space)["platform"]),
        followers=_followers(estimates.values(), looked_at),
        is_simulated=any(batch.is_simulated for batch in space.sources),
        show_names=show_names,
    )
    balance = estimates.get(BALANCE)
    against = times_of(found, BALANCE)
    if balance is not None and against is not None and balance.n >= POSTS_AGAINST_PEERS:
        times, interval, _ = against
        part = Part(key=AGAINST_PEERS, value=times, interval=interval, n=balance.n, unit="ratio")
        estimates[BALANCE] = replace(balance, parts=(*balance.parts, part))
    return found


def _followers(estimates: Iterable[Estimate], looked_at: LookedAt) -> int | None:
    """The count that figures were divided by, else what the source declares: as for peers."""
    told = [note.values["followers"] for one in estimates for note in one.notes if note.code == "followers_at"]
    return int(told[0]) if told else looked_at.followers_declared


def _answer(question: Question, estimates: Mapping[str, Estimate], space: Space, rows: Mapping[str, Row]) -> Answer:
    decision, survival = gate(question.decide(estimates, question.thresholds), space, estimates)
    used = [estimates[name] for name in question.measures if name in estimates]
    return Answer(
        question=question.key,
        verdict=decision.verdict,
        rule=decision.rule,
        settle=decision.settle,
        measures=tuple(one.measure for one in used),
        thresholds=question.thresholds,
        survival=survival,
        evidence_for=_references((uri for one in used for uri in one.evidence_for), rows),
        evidence_against=_references((uri for one in used for uri in one.evidence_against), rows),
    )


def _references(uris: Iterable[str], rows: Mapping[str, Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rows[uri].reference for uri in uris if uri in rows))[: 2 * ROWS_PER_ANSWER]


def _looked_at(space: Space) -> LookedAt:
    posts, comments = space.posts, space.comments
    said = space.fetch(
        comments.aggregate(
            comments=comments.count(), members=comments.account_uri.nunique(), read=comments.is_read.sum()
        )
    ).to_pylist()[0]
    counts = {
        "posts": space.own.count(),
        "answers": (posts.by_creator & posts.root_uri.notnull()).sum(),
        "followers": space.followers.count(),
    }
    found = {name: space.fetch(one.name("n").as_table())["n"][0].as_py() or 0 for name, one in counts.items()}
    covered = tuple(space.covered(what) for what in ("posts", "comments", "likes", "reposts", "followers", "profiles"))
    declared = next(one.declared for one in covered if one.what == "followers")
    shown = space.capabilities
    return LookedAt(
        posts=found["posts"],
        comments=said["comments"],
        members=said["members"] if "authors" in shown else None,
        answers=found["answers"] if {"authors", "creator"} <= shown else None,
        comments_read=said["read"] or 0,
        followers_listed=found["followers"] if "followers" in shown else None,
        followers_declared=declared,
        coverage=covered,
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
    posts = space.snapshot.current("posts", among=ibis.memtable({"uri": uris}))
    posts = space.snapshot.engine.keep(posts.select("uri", "account_uri", "created_at", "text"))
    names = _handles(space, posts) if show_names else {}
    found = {}
    for row in space.fetch(posts).to_pylist():
        text = row["text"] or ""
        author = row["account_uri"] or ""
        at = row["created_at"]
        found[row["uri"]] = Row(
            reference=reference(key, row["uri"]),
            author=names.get(author, author) if show_names else _author(space, key, author),
            at=at.strftime("%Y-%m-%d %H:%M") if at else None,
            text=text if show_names else redact(text),
        )
    return dict(sorted(found.items()))


def _author(space: Space, key: bytes, author: str) -> str:
    # The creator is who the dossier is about: a pseudonym would hide nothing and hinder reading.
    if author == space.creator_uri:
        return "creator"
    return pseudonym(key, author) if author else ""


def _handles(space: Space, posts: Any) -> dict[str, str]:
    wanted = space.fetch(posts.select("account_uri").distinct())["account_uri"].to_pylist()
    accounts = space.accounts.filter(space.accounts.uri.isin([uri for uri in wanted if uri]))
    rows = space.fetch(accounts.select("uri", "handle")).to_pylist()
    return {row["uri"]: "@" + row["handle"] for row in rows if row["handle"]}
