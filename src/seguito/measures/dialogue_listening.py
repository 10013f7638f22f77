"""Dialogue: do the creator's answers speak of what they answer?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.kit.intervals import effective_clusters, percentile, resampled_ratio, seed_of
from seguito.measures.contract import Measure
from seguito.measures.estimate import Draft, Part, Reason
from seguito.measures.graph.shared import likeness, vocabulary
from seguito.measures.space import Space
from seguito.measures.texts import newest_with_texts

NAME = "dialogue.listening"
# The newest so many answers and comments are read.
READ = 200_000
# With how many other comments under the same post each answer is compared.
OTHERS = 5


def listening(space: Space) -> Draft:
    """How much more an answer's words are those of what it answers than those of other comments under the post.

    Question: Does the creator answer what was asked, or say something that would fit anywhere?
    Definition: likeness is the cosine of the words of two texts, rare words weighing more. For each of the creator's
        answers to a member: its likeness to the comment it answers less its mean likeness to five other comments
        under the same post, drawn at random; the value is the mean. Parts give both.
    Interval: cluster bootstrap over threads.
    Reference: Salton & Buckley 1988; the control by other comments of the same post is our own.
    Needs: authors, creator, threads.
    Minimum: 50 answers with words, under posts with other comments.
    Not: an answer may be to the point in other words, or repeat words and miss the point; rows should be read.
    """
    answers = space.fetch(_answers(space))
    comments = space.fetch(_comments(space))
    if not answers.num_rows or comments.num_rows < 2:
        return Draft(value=None, n=0)
    to = pc.index_in(answers["target_uri"].combine_chunks(), value_set=comments["uri"].combine_chunks())
    answers, to = answers.filter(pc.is_valid(to)), to.drop_null().to_numpy().astype(np.int64)
    own, other = _alike(answers, comments, to)
    kept = ~np.isnan(own) & ~np.isnan(other)
    n = int(kept.sum())
    if not n:
        return Draft(value=None, n=0)
    apart = (own - other)[kept]
    thread = comments["root_uri"].combine_chunks().dictionary_encode().indices.to_numpy()[to][kept]
    top, bottom = np.bincount(thread, weights=apart), np.bincount(thread)
    there = bottom > 0
    times = np.ones(int(there.sum()), dtype=np.int64)
    draws = resampled_ratio(top[there], bottom[there], times, seed=seed_of(NAME))
    order = np.argsort(-apart, kind="stable")
    uris = answers["uri"].filter(pa.array(kept)).take(pa.array(order)).to_pylist()
    total = int(space.fetch(space.comments.aggregate(n=space.comments.count()))["n"][0].as_py())
    return Draft(
        value=float(apart.mean()),
        n=n,
        interval=percentile(draws, "cluster bootstrap", clusters=effective_clusters(bottom[there], times)),
        parts=(
            Part(key="to_what_it_answers", value=float(own[kept].mean()), n=n, unit="ratio"),
            Part(key="to_other_comments", value=float(other[kept].mean()), n=n, unit="ratio"),
        ),
        evidence_for=tuple(uris[:5]),
        evidence_against=tuple(uris[5:][::-1][:5]),
        notes=(Reason("newest_read", {"comments": READ, "of": total}),) if total > READ else (),
    )


def _answers(space: Space) -> Any:
    rows = space.answers.select("uri", "target_uri", "created_s")
    return newest_with_texts(space, rows, READ).order_by("uri")


def _comments(space: Space) -> Any:
    rows = space.signed.select("uri", "root_uri", "created_s")
    return newest_with_texts(space, rows, READ).order_by(["root_uri", "uri"])


def _alike(answers: pa.Table, comments: pa.Table, to: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Likeness of each answer to what it answers, and to other comments under the same post on average."""
    count = comments.num_rows
    texts = pa.concat_arrays([comments["text"].combine_chunks(), answers["text"].combine_chunks()])
    words = vocabulary(np.arange(len(texts), dtype=np.int64), texts)
    mine = count + np.arange(answers.num_rows, dtype=np.int64)
    own = likeness(words, len(texts), mine, to)
    # Comments stand in the order of their threads.
    roots = comments["root_uri"].combine_chunks().dictionary_encode().indices.to_numpy()
    first, last = np.searchsorted(roots, roots[to], "left"), np.searchsorted(roots, roots[to], "right")
    rng = np.random.default_rng(seed_of(NAME))
    rows = []
    for _ in range(OTHERS):
        # One of the others: what is answered is stepped over.
        drawn = first + (rng.random(len(to)) * np.maximum(last - first - 1, 1)).astype(np.int64)
        drawn = np.where(drawn >= to, drawn + 1, drawn)
        alone = drawn >= last
        rows.append(np.where(alone, np.nan, likeness(words, len(texts), mine, np.minimum(drawn, count - 1))))
    found = np.asarray(rows)
    read = ~np.isnan(found)
    sums = np.where(read, found, 0.0).sum(axis=0)
    return own, np.where(read.any(axis=0), sums / np.maximum(read.sum(axis=0), 1), np.nan)


LISTENING = Measure(
    name=NAME,
    unit="ratio",
    n_unit="answers",
    min_n=50,
    needs=frozenset({"authors", "creator", "threads"}),
    covers=("comments",),
    compute=listening,
)
