"""Where else shared wordings stand: within one hour, in other creators' spaces, and among what is called spam."""

from __future__ import annotations

from typing import Any

from seguito.labels.effective import effective
from seguito.measures.prepare import VISIBLE
from seguito.measures.space import Space

HALF_HOUR = 1_800


def within_an_hour(rows: Any, accounts: int) -> Any:
    """The comments of wordings that so many accounts wrote within one hour.

    Hours begin at every half hour, so that no border cuts a wave of half an hour in two.

    Args:
        rows: comments whose wording is shared: uri, wording, account_uri, exact_s (null where only the day is known).
        accounts: how many accounts make a wave.

    Returns:
        One column, `wave_uri`.
    """
    dated = rows.filter(rows.exact_s.notnull()).select("uri", "wording", "account_uri", half="exact_s")
    dated = dated.mutate(half=dated.half // HALF_HOUR)
    both = dated.union(dated.mutate(half=dated.half - 1))
    writers = both.select("wording", "half", "account_uri").distinct()
    counted = writers.group_by("wording", "half").aggregate(writers=writers.count())
    waves = counted.filter(counted.writers >= accounts).select("half", shared="wording")
    met = both.semi_join(waves, [both.wording == waves.shared, both.half == waves.half])
    return met.select(wave_uri="uri").distinct()


def beyond(space: Space, written: Any) -> Any | None:
    """Wordings of this space that stand in other creators' spaces too, with how many accounts use them in all.

    Only the same words are looked for there, not nearly the same ones.

    Args:
        space: the space at hand.
        written: its wordings, with who used them: wording, account_uri.

    Returns:
        Columns `far_wording` and `writers`; `None` where no other space of the lake holds a wording.
    """
    # Most lakes hold one space: then nothing need be looked up at all.
    seen = space.snapshot.table("posts")
    if not space.fetch(seen.filter(seen.space_uri != space.creator_uri).select("uri").limit(1)).num_rows:
        return None
    posts = space.snapshot.current("posts")
    others = posts.filter(posts.state.isin(VISIBLE) & posts.root_uri.notnull() & posts.account_uri.notnull())
    others = others.filter((others.space_uri != space.creator_uri) & (others.account_uri != others.space_uri))
    keys = effective(space.snapshot.current("labels", part="wording")).select("subject_uri", wording="value")
    there = others.inner_join(keys, others.uri == keys.subject_uri).select("wording", "account_uri").distinct()
    there = space.snapshot.engine.keep(there)
    if not space.fetch(there.limit(1)).num_rows:
        return None
    here = written.select("wording", "account_uri").distinct()
    both = here.select("wording").distinct().semi_join(there, "wording")
    every = here.union(there).distinct()
    every = every.semi_join(both, "wording")
    return every.group_by(far_wording="wording").aggregate(writers=every.count())


def called_spam(space: Space) -> Any:
    """The comments of the lake that are called spam: one column, `spam_uri`."""
    said = effective(space.snapshot.current("labels", part="spam"))
    return said.filter(said.value == "yes").select(spam_uri="subject_uri")


def marked(rows: Any, uris: Any, name: str) -> Any:
    """Rows with a boolean column that tells whether their uri is among those of a table of one column."""
    (key,) = uris.columns
    joined = rows.left_join(uris.distinct(), rows.uri == uris[key])
    return joined.mutate(**{name: joined[key].notnull()}).drop(key)
