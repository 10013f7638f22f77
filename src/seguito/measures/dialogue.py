"""Dialogue: does the creator answer the people who write?"""

from __future__ import annotations

from typing import Any

import ibis

from seguito.kit.intervals import cluster_ratio, seed_of
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part
from seguito.measures.space import Space


def _answered(space: Space) -> Any:
    """Members' comments with the moment of the creator's first answer (null where there is none)."""
    answers = space.answers.group_by("target_uri").aggregate(answered_s=space.answers.created_s.min())
    comments = space.comments
    return comments.left_join(answers, comments.uri == answers.target_uri).drop("target_uri_right")


def answered_share(space: Space) -> Draft:
    """Share of members' comments that the creator answered.

    Question: Of the comments members left, what share did the creator answer?
    Definition: comments with at least one later post by the creator whose parent (inferred where the platform
        flattens threads) is that comment, over all visible comments by members. Parts give the same for comments
        that ask something.
    Interval: cluster bootstrap over threads, because comments under one post share its fate.
    Reference: Kooti et al. 2015 on load and answering.
    Needs: authors, creator, threads.
    Minimum: 100 comments.
    Not: an answer given by voice, in a later post, in a story or in private is not seen; a creator may choose not to
        answer most comments, and a low share is not rudeness.
    """
    rows = _answered(space)
    per_thread = rows.group_by("root_uri").aggregate(
        n=rows.count(),
        hits=rows.answered_s.notnull().sum(),
        asked=rows.question.sum(),
        asked_hits=(rows.question & rows.answered_s.notnull()).sum(),
    )
    alike = per_thread.group_by(["n", "hits", "asked", "asked_hits"]).aggregate(times=per_thread.count())
    table = space.fetch(alike.order_by(["n", "hits", "asked", "asked_hits"]))
    columns = {name: table[name].fill_null(0).to_numpy() for name in table.column_names}
    times = columns["times"]
    n, hits = int((columns["n"] * times).sum()), int((columns["hits"] * times).sum())
    asked, asked_hits = int((columns["asked"] * times).sum()), int((columns["asked_hits"] * times).sum())
    seed = seed_of("dialogue.answered_share")
    parts = (
        Part(
            key="questions",
            value=asked_hits / asked if asked else None,
            interval=cluster_ratio(columns["asked_hits"], columns["asked"], times, seed=seed) if asked else None,
            n=asked,
            unit="share",
        ),
    )
    newest = [ibis.desc("created_s"), "uri"]
    return Draft(
        value=hits / n if n else None,
        n=n,
        interval=cluster_ratio(columns["hits"], columns["n"], times, seed=seed),
        parts=parts,
        evidence_for=space.uris(rows.filter(rows.answered_s.notnull()).order_by(newest)),
        evidence_against=space.uris(rows.filter(rows.answered_s.isnull() & rows.question).order_by(newest)),
    )


ANSWERED_SHARE = Measure(
    name="dialogue.answered_share",
    unit="share",
    n_unit="comments",
    min_n=100,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    labels=frozenset({"question"}),
    compute=answered_share,
)
