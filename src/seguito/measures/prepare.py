"""From the lake's tables to those measures read: which posts stand in a space, whom each comment answers, who wrote.

Pure functions of Ibis tables; `space.py` computes each once and keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

DAY = 86_400
VISIBLE = ("live", "edited")
COARSE = ("day", "month")
# Labels that become columns of `comments`; each is null where neither code read the post nor a person judged it.
FLAGS = ("question", "thanks", "support", "worry", "low_effort")
# Values that say a post does not do what the flag says: a rhetorical question wants no answer.
DENIES = ("no", "rhetorical")
# These need no language: a text of signs alone is still known to be of little effort.
_WITHOUT_LANGUAGE = ("low_effort",)
# What a space does not carry along: it is in the lake, heavy, and no figure is counted from it.
_HEAVY = ("title", "text", "url", "hashtags", "mentions", "links", "created_raw", "media_type", "month", "digest")


def seconds(moment: Any) -> Any:
    """A time as whole seconds since 1970."""
    return moment.truncate("s").epoch_seconds().cast("int64")


def space_posts(posts: Any, creator_uri: str) -> Any:
    """The posts of one creator's space, hidden ones too, with their times in seconds.

    A post stands in the space of whoever opened its thread: what the creator wrote elsewhere is left out, even where
    the source names no space. A time more than a day after the post was seen is a broken clock, so unknown.
    """
    opened_here = (posts.account_uri == creator_uri) & posts.root_uri.isnull() & posts.space_uri.isnull()
    mine = posts.filter((posts.space_uri == creator_uri).fill_null(False) | opened_here.fill_null(False))
    mine = mine.mutate(created_s=seconds(mine.created_at), observed_s=seconds(mine.observed_at))
    created_s = ibis.ifelse(mine.created_s <= mine.observed_s + DAY, mine.created_s, ibis.null("int64"))
    coarse = mine.created_precision.fill_null("").isin(COARSE)
    return mine.drop(*_HEAVY).mutate(
        created_s=created_s,
        exact_s=ibis.ifelse(coarse, ibis.null("int64"), created_s),
        by_creator=(mine.account_uri == creator_uri).fill_null(False),
        target_uri=ibis.coalesce(mine.inferred_parent_uri, mine.parent_uri),
    )


def labelled(labels: Any, readable: Sequence[str]) -> Any:
    """One row a labelled post: its language, whether it was read, and a number for every label of `FLAGS`.

    The number is 0 where nobody gave the label, 1 where code did, 2 where a person denied it, 3 where a person gave it.
    """
    word = ibis.ifelse(labels.value.isin(DENIES), 0, 1) + ibis.ifelse(labels.by_person, 2, 0)
    flags = {name: ibis.ifelse(labels.label == name, word, 0).max() for name in FLAGS}
    return labels.group_by("subject_uri").aggregate(
        language=labels.value.max(where=labels.label == "language"),
        is_readable=labels.value.isin(readable).max(where=labels.label == "language").fill_null(False),
        is_read=(labels.label == "read").max(),
        wording=labels.value.max(where=labels.label == "wording"),
        **flags,
    )


def comments(posts: Any, labels: Any, threaded: Sequence[str]) -> Any:
    """Visible comments by others than the creator: labels, whom they answer, whether and when the creator answered.

    Args:
        posts: the visible posts of the space.
        labels: as from `labelled`.
        threaded: the batches whose source shows which comment answers which.
    """
    written = posts.filter(~posts.by_creator & posts.root_uri.notnull())
    return _with_labels(_with_answers(_with_addressee(written, posts, threaded), posts), labels)


def _with_addressee(written: Any, posts: Any, threaded: Sequence[str]) -> Any:
    """Add `addressed_to` (post, creator, member, self, or null for unknown) and `target_account_uri`."""
    targets = posts.filter(posts.root_uri.notnull()).select(
        answered_uri="uri", target_account_uri="account_uri", target_by_creator="by_creator"
    )
    joined = written.left_join(targets, written.target_uri == targets.answered_uri).drop("answered_uri")
    # A source that shows threads and names nothing answered says that the post itself is.
    to_post = (joined.target_uri == joined.root_uri).fill_null(False) | (
        joined.target_uri.isnull() & joined.batch_id.isin(list(threaded))
    )
    known = joined.target_account_uri.notnull() & joined.account_uri.notnull()
    return joined.mutate(
        addressed_to=ibis.cases(
            (to_post, "post"),
            (joined.target_by_creator.fill_null(False), "creator"),
            (known & (joined.target_account_uri == joined.account_uri), "self"),
            (known, "member"),
            else_=ibis.null("string"),
        )
    ).drop("target_by_creator")


def _with_answers(written: Any, posts: Any) -> Any:
    """Add `is_answered` and `answered_s`, the first answer's time (null where there is none or it is not exact).

    The source's word on what was answered holds whatever the clocks say; an inferred answer cannot come before.
    """
    answers = posts.filter(posts.by_creator & posts.target_uri.notnull()).select(
        "target_uri", said_s="exact_s", is_inferred=posts.inferred_parent_uri.notnull()
    )
    asked = written.select(asked_uri="uri", asked_s="exact_s")
    pairs = answers.inner_join(asked, answers.target_uri == asked.asked_uri)
    in_order = (pairs.said_s >= pairs.asked_s).fill_null(False)
    backwards = (pairs.said_s < pairs.asked_s).fill_null(False)
    counted = pairs.filter(~(pairs.is_inferred & backwards)).mutate(in_order=in_order)
    first = counted.group_by("asked_uri").aggregate(
        answers=counted.count(), answered_s=counted.said_s.min(where=counted.in_order)
    )
    joined = written.left_join(first, written.uri == first.asked_uri)
    return joined.mutate(is_answered=joined.answers.notnull()).drop("asked_uri", "answers")


def _with_labels(written: Any, labels: Any) -> Any:
    joined = written.left_join(labels, written.uri == labels.subject_uri).drop("subject_uri")
    is_read = joined.is_read.fill_null(False)
    in_words = is_read & joined.is_readable.fill_null(False)
    flags = {
        name: _flag(joined[name].fill_null(0), is_read if name in _WITHOUT_LANGUAGE else in_words) for name in FLAGS
    }
    return joined.mutate(is_read=is_read, **flags).drop("is_readable")


def _flag(word: Any, is_read: Any) -> Any:
    """Whether a post has a label; null where neither code that read it nor a person can tell."""
    return ibis.ifelse(is_read | (word >= 2), word.isin([1, 3]), ibis.null("boolean"))


def members(signed: Any) -> Any:
    """One row a commenter: account_uri, n comments, first_s, last_s, return_s (first comment a day or more later)."""
    seen = signed.group_by("account_uri").aggregate(
        n=signed.count(), first_s=signed.created_s.min(), last_s=signed.created_s.max()
    )
    dated = signed.filter(signed.created_s.notnull()).select(who="account_uri", at_s="created_s")
    pairs = dated.inner_join(seen, dated.who == seen.account_uri)
    later = pairs.filter(pairs.at_s >= pairs.first_s + DAY)
    back = later.group_by("who").aggregate(return_s=later.at_s.min())
    return seen.left_join(back, seen.account_uri == back.who).drop("who")
