"""Comments that ask something."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from seguito.labels.contract import FOUND


@dataclass
class Question:
    """A question mark outside of links."""

    name: str = "question"
    revision: str = "1"
    labels: dict[str, frozenset[str] | None] = field(default_factory=lambda: {"question": frozenset({"yes"})})
    languages: frozenset[str] = frozenset({"it", "en"})

    def label(self, posts: pa.RecordBatch) -> pa.RecordBatch:
        """Posts that ask."""
        hit = pc.match_substring_regex(pc.fill_null(posts.column("text"), ""), r"\?")
        uris = posts.column("uri").filter(hit)
        n = len(uris)
        return pa.RecordBatch.from_arrays(
            [
                uris,
                pa.repeat("question", n),
                pa.repeat("yes", n),
                pa.nulls(n, pa.float64()),
                pa.repeat("?", n),
            ],
            schema=FOUND,
        )


QUESTION = Question()
