"""From texts to what labellers are given: language, plain form and scores, worked out once for all of them."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels import folding
from seguito.labels.contract import CONTEXT, POSTS, Source
from seguito.labels.language import LANGUAGE, UNKNOWN
from seguito.labels.models.plan import groups
from seguito.labels.models.reader import OPEN, Reader, place_of

# From this probability on the reader's word on the language stands; below it the n-grams of py3langid are asked, as
# they are where it says "other", to know which other.
SURE = 0.95
# Changes whenever languages or scores may change for another reason than the weights and the n-grams.
REVISION = "2"
OTHER = "other"

Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@cache
def shipped() -> Reader | None:
    """The reader whose scores labellers are given; `None` in sources whose weights were not made yet."""
    return Reader.load(OPEN) if place_of(OPEN).exists() else None


def language_source() -> Source:
    """Name and revision of what tells languages: it rests on the reader, and so do its answers."""
    reader = shipped()
    return Source(LANGUAGE.name, f"{LANGUAGE.revision}.{REVISION}.{reader.revision}" if reader else LANGUAGE.revision)


def context_wanted() -> tuple[str, ...]:
    """The columns of `CONTEXT` that the weights of the shipped reader name; no others need to be worked out."""
    reader = shipped()
    return tuple(one.name for one in reader.weights.header.context) if reader else ()


def prepare(
    uris: pa.Array,
    texts: pa.Array,
    languages: pa.Array | None = None,
    context: pa.RecordBatch | None = None,
    *,
    reader: Reader | None = None,
) -> pa.RecordBatch:
    """Posts as labellers read them (schema `POSTS`).

    Args:
        uris: the keys of the posts.
        texts: their texts; may hold nulls.
        languages: their languages, where they are known; otherwise they are identified.
        context: columns of `CONTEXT`, those that are known.
        reader: who gives the scores; by default the shipped one.
    """
    reader = reader or shipped()
    bare = folding.bare(texts)
    if reader is None:
        languages, scores = LANGUAGE.identify(bare) if languages is None else languages, None
    elif languages is None:
        languages, scores = _identified(reader, texts, bare, context)
    else:
        scores = reader.columns(texts, languages, context)
    known = {} if context is None else dict(zip(context.schema.names, context.columns, strict=True))
    beside = [
        known[column.name].cast(column.type) if column.name in known else pa.nulls(len(texts), column.type)
        for column in CONTEXT
    ]
    return pa.RecordBatch.from_arrays(
        [uris, texts, languages, folding.plain(bare), *beside, _listed(scores, len(texts))], schema=POSTS
    )


def scores_of(posts: pa.RecordBatch, reader: Reader) -> Scores:
    """The scores of posts as a matrix; read now where nobody read before."""
    given = posts.column("scores")
    if given.null_count or not len(given):
        context = posts.select([column.name for column in CONTEXT])
        return reader.columns(posts.column("text"), posts.column("language"), context)
    scores: Scores = given.flatten().to_numpy(zero_copy_only=True).reshape(len(given), -1)
    return scores


def _listed(scores: Scores | None, rows: int) -> pa.Array:
    if scores is None:
        return pa.nulls(rows, POSTS.field("scores").type)
    columns = scores.shape[1]
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * np.int32(columns))
    return pa.ListArray.from_arrays(offsets, pa.array(np.ascontiguousarray(scores).ravel()))


def _identified(
    reader: Reader, texts: pa.Array, bare: pa.Array, context: pa.RecordBatch | None
) -> tuple[pa.Array, Scores]:
    """Languages and scores: one reading for most texts, a second one where the language was found by other means."""
    scores = reader.columns(texts, None, context)
    chance, sure, named = _named(reader, scores)
    sure &= pc.match_substring_regex(bare, r"\pL").to_numpy(zero_copy_only=False)
    if sure.all():
        return named, scores
    open_ones = pa.array(~sure)
    found = LANGUAGE.identify(bare.filter(open_ones))
    header = reader.weights.header
    before = pc.if_else(pa.array(chance >= header.language_sure), named, UNKNOWN).filter(open_ones)
    # Read as another language than it was: again, and as that one.
    again = np.flatnonzero(~sure)[groups(header, before) != groups(header, found)]
    spoken = pc.replace_with_mask(named, open_ones, found)
    if len(again):
        rows = pa.array(again)
        rest = None if context is None else context.take(rows)
        scores[again] = reader.columns(texts.take(rows), spoken.take(rows), rest)
    return spoken, scores


def _named(reader: Reader, scores: Scores) -> tuple[Scores, Mask, pa.Array]:
    """The probability of the likeliest language, where the reader is sure of it, and which it is."""
    name = reader.weights.header.language_head
    if not name:
        nobody = np.zeros(len(scores))
        return nobody, nobody > 0, pa.nulls(len(scores), pa.string())
    begin, end = reader.spans[name]
    values = reader.heads[name].values
    of_head = np.nan_to_num(scores[:, begin:end])
    best = of_head.argmax(axis=1)
    others = np.array([value == OTHER for value in values])
    chance: Scores = of_head.max(axis=1, initial=0)
    sure: Mask = (chance >= SURE) & ~others[best]
    return chance, sure, pa.array(values, pa.string()).take(pa.array(best))
