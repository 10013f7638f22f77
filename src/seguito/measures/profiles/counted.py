"""The profiles of a space's followers, in the numbers the scorer reads; worked out by whichever engine there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from seguito.measures.engagement_posts import COUNTED
from seguito.measures.prepare import DAY, seconds
from seguito.measures.profiles.fields import UNKNOWN, Profiles
from seguito.measures.space import Space

TO_THE_DAY = ("us", "ms", "s", "min", "day")
# "@", a server's name and the ending that a network gives are no choice of the owner's (as in `cells.bare`).
_NOT_CHOSEN = r"^@|@.*$|\.bsky\.social$|\.simulated\.example$"


@dataclass(frozen=True, slots=True)
class Read:
    """Followers that were listed, and the profiles of those that were read.

    Attributes:
        listed: followers seen.
        profiles: of those of whom anything but the name is known. Nobody is named.
    """

    listed: int
    profiles: Profiles


def followers_read(space: Space) -> Read:
    """The profiles of everybody who was seen following the creator."""
    followers, profiles, accounts = space.followers, space.profiles, space.accounts
    rows = followers.left_join(profiles, followers.follower_uri == profiles.account_uri)
    named = accounts.select(
        "uri", handle=ibis.ifelse(accounts.is_pseudonymous.fill_null(False), ibis.null("string"), accounts.handle)
    )
    rows = rows.left_join(named, rows.follower_uri == named.uri)
    listed = int(space.fetch(followers.aggregate(n=followers.count()))["n"][0].as_py())
    told = rows.select(**_columns(rows))
    held = told.filter(ibis.or_(*(told[name] >= 0 for name in _OF_PROFILES)))
    table = space.fetch(held)
    columns = {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}
    profiles = Profiles(table.num_rows, columns)
    # Where nobody is private the platform knows no such choice, or the source lists public accounts alone: that an
    # account is open then says nothing, and the errors are those of the other fields.
    has_choice = bool((profiles.column("private") == 1).any())
    return Read(listed, profiles if has_choice else profiles.without({"private"}))


_OF_PROFILES = ("followers", "following", "posts", "bio", "picture", "private")


def _columns(rows: Any) -> dict[str, Any]:
    chosen = rows.handle.strip().re_replace(_NOT_CHOSEN, "")
    length = chosen.length()
    return {
        **{name: _counter(rows[name], rows[f"{name}_state"]) for name in ("followers", "following", "posts")},
        "bio": _known(rows.bio.strip().length()),
        "picture": _flag(rows.has_avatar),
        "private": _flag(rows.is_private),
        "username_length": _known(length.nullif(0)),
        "username_digits": ibis.ifelse(length > 0, _known(chosen.re_replace("[^0-9]", "").length()), UNKNOWN),
    }


def _counter(value: Any, state: Any) -> Any:
    return ibis.ifelse((state.isin(COUNTED) & (value >= 0)).fill_null(False), _known(value), UNKNOWN)


def _flag(column: Any) -> Any:
    return ibis.cases((column == "yes", 1), (column == "no", 0), else_=UNKNOWN)


def _known(column: Any) -> Any:
    return column.fill_null(UNKNOWN).cast("int64")


def ages(space: Space) -> Any:
    """One row a follower: days, from when the account was made to when its profile was read, and to when it followed.

    Null where either moment is unknown, known to the month only, or in the wrong order.
    """
    follows, profiles, accounts = space.snapshot.current("follows"), space.profiles, space.accounts
    made = accounts.filter(accounts.created_precision.isin(TO_THE_DAY))
    made = made.select("uri", made_s=seconds(made.created_at))
    seen = profiles.select("account_uri", seen_s=seconds(profiles.observed_at))
    mine = follows.filter((follows.followed_uri == space.creator_uri) & follows.follower_uri.notnull())
    exact = mine.at_precision.isin(TO_THE_DAY)
    rows = mine.group_by("follower_uri").aggregate(followed_s=seconds(mine.at).min(where=exact.fill_null(False)))
    rows = rows.left_join(made, rows.follower_uri == made.uri)
    rows = rows.left_join(seen, rows.follower_uri == seen.account_uri)
    return rows.select(read=_days(rows.made_s, rows.seen_s), followed=_days(rows.made_s, rows.followed_s))


def _days(begin: Any, end: Any) -> Any:
    return ibis.ifelse((begin <= end).fill_null(False), (end - begin) // DAY, ibis.null("int64"))
