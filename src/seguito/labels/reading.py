"""From texts to what labellers are given: their language and their plain form, worked out once for all of them."""

from __future__ import annotations

import pyarrow as pa

from seguito.labels import folding
from seguito.labels.contract import POSTS
from seguito.labels.language import LANGUAGE


def prepare(uris: pa.Array, texts: pa.Array, languages: pa.Array | None = None) -> pa.RecordBatch:
    """Posts as labellers read them (schema `POSTS`).

    Args:
        uris: the keys of the posts.
        texts: their texts; may hold nulls.
        languages: their languages, where they are known; otherwise they are identified.
    """
    bare = folding.bare(texts)
    if languages is None:
        languages = LANGUAGE.identify(bare)
    return pa.RecordBatch.from_arrays([uris, texts, languages, folding.plain(bare)], schema=POSTS)
