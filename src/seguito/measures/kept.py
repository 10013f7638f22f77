"""A space's prepared tables, kept from one report to the next: only what came since, and what hangs on it, is prepared.

What a comment says of itself depends on its own row and labels, on the post it answers and on the creator's answers to
it. So the comments to be prepared again are those that were read or labelled anew, those that answer a post that was,
and those that such a post answers (or answered).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seguito.labels.contract import LANGUAGES
from seguito.labels.effective import effective
from seguito.measures import prepare
from seguito.store.prepared import Prepared

if TYPE_CHECKING:
    from seguito.measures.space import Space

_READ = ("posts", "labels")


@cache
def code() -> str:
    """A digest of all the code that decides what prepared tables hold."""
    import hashlib

    import seguito

    root = Path(seguito.__file__).parent
    places = [
        "measures/prepare.py",
        "measures/kept.py",
        "labels/effective.py",
        "labels/contract.py",
        "store/snapshot.py",
    ]
    return hashlib.sha256(b"\0".join((root / place).read_bytes() for place in places)).hexdigest()[:16]


def bring_up(space: Space) -> tuple[Any, Any] | None:
    """The posts and comments of a space, as `prepare` makes them, from what is kept; `None` where nothing is."""
    prepared = Prepared.open(space.snapshot, space.creator_uri, code())
    if prepared is None:
        return None
    since = prepared.came_since(_READ)
    if since is None or any(since.values()):
        prepared.begin()
        if since is None:
            _anew(space, prepared)
        else:
            _amend(space, prepared, since)
        prepared.end(_READ)
    return prepared.table("posts"), prepared.table("comments")


def _anew(space: Space, prepared: Prepared) -> None:
    prepared.put("posts", prepare.space_posts(space.snapshot.current("posts"), space.creator_uri))
    posts = prepared.table("posts")
    labels = prepare.labelled(space.effective_labels(), LANGUAGES)
    prepared.put("comments", prepare.comments(_visible(posts), labels, space.threaded(posts)))


def _amend(space: Space, prepared: Prepared, since: dict[str, list[str]]) -> None:
    snapshot, engine = space.snapshot, space.snapshot.engine
    read, labelled = (snapshot.rows_of(name, since[name]) for name in _READ)
    changed = engine.keep(read.select("uri").distinct())
    kept = prepared.table("posts")
    now = engine.keep(prepare.space_posts(snapshot.current("posts", changed), space.creator_uri))
    before = kept.semi_join(changed, "uri")
    touched = changed.union(
        labelled.select(uri="subject_uri"),
        before.select(uri="target_uri"),
        now.select(uri="target_uri"),
        kept.semi_join(changed, kept.target_uri == changed.uri).select("uri"),
    )
    touched = engine.keep(touched.filter(touched.uri.notnull()).distinct())
    prepared.amend("posts", changed, now)
    posts = prepared.table("posts")
    # What the touched comments are prepared from: they, what they answer, and the creator's answers to them.
    mine = posts.semi_join(touched, "uri")
    needed = touched.union(
        mine.select(uri="target_uri"),
        posts.filter(posts.by_creator).semi_join(touched, posts.target_uri == touched.uri).select("uri"),
    )
    needed = engine.keep(needed.filter(needed.uri.notnull()).distinct())
    around = engine.keep(posts.semi_join(needed, "uri"))
    labels = prepare.labelled(effective(snapshot.current("labels", touched)), LANGUAGES)
    comments = prepare.comments(_visible(around), labels, space.threaded(posts))
    prepared.amend("comments", touched, comments.semi_join(touched, "uri"))


def _visible(posts: Any) -> Any:
    return posts.filter(posts.state.isin(prepare.VISIBLE))
