"""Authenticity: how many profiles show nothing?"""

from __future__ import annotations

from typing import Any

import ibis

from seguito.kit.intervals import wilson
from seguito.measures.contract import Measure
from seguito.measures.engagement_posts import COUNTED
from seguito.measures.estimate import Draft, Part, Reason
from seguito.measures.space import Space

# With fewer of the listed profiles known, the known ones may not be like the others.
KNOWN_ENOUGH = 0.9


def empty_profiles(space: Space) -> Draft:
    """Share of followers whose profile shows nothing: no picture, no words, no posts.

    Question: What share of the followers has a profile that looks empty?
    Definition: followers without a picture, without a self-description and with no posts, over followers of whom all
        three are known. A part gives the same for the accounts that commented.
    Interval: Wilson, because followers of a random or whole list are drawn one by one.
    Reference: Wilson 1927; the fields are those that public sets of labelled accounts have in common.
    Needs: followers and follower_profiles; for the part, profiles of those who commented.
    Minimum: 100 followers whose profiles are known.
    Not: an empty profile is not a fake account: many people only read. This describes a list and names nobody. A list
        that holds only the newest followers shows recent growth, not the audience, and is marked weak.
    """
    profiles = _emptiness(space)
    followers = space.followers
    listed = followers.left_join(profiles, followers.follower_uri == profiles.account_uri)
    commenters = space.signed.select(member_uri="account_uri").distinct()
    wrote = commenters.left_join(profiles, commenters.member_uri == profiles.account_uri)
    empty, known, everybody = _count(space, listed)
    part = _commenters(*_count(space, wrote))
    if not everybody:
        lacks = Reason("source_lacks", {"capabilities": ["followers"]})
        return Draft(value=None, n=0, parts=(part,), barred=lacks)
    if not known:
        unknown = Reason("profiles_unknown", {"known": 0, "listed": everybody})
        return Draft(value=None, n=0, parts=(part,), barred=unknown)
    return Draft(
        value=empty / known,
        n=known,
        interval=wilson(empty, known),
        parts=(part,),
        reasons=_list_doubts(space, known, everybody),
        notes=(Reason("profiles_known", {"known": known, "listed": everybody}),),
    )


def _emptiness(space: Space) -> Any:
    """One row a profile: is_empty, null unless picture, words and number of posts are all known."""
    profiles = space.profiles
    known = (
        profiles.has_avatar.isin(["yes", "no"])
        & profiles.bio.notnull()
        & profiles.posts.notnull()
        & profiles.posts_state.isin(COUNTED)
    )
    bare = (profiles.has_avatar == "no") & (profiles.bio.strip() == "") & (profiles.posts == 0)
    return profiles.select("account_uri", is_empty=ibis.ifelse(known, bare, ibis.null("boolean")))


def _count(space: Space, people: Any) -> tuple[int, int, int]:
    row = space.fetch(
        people.aggregate(empty=people.is_empty.sum(), known=people.is_empty.notnull().sum(), everybody=people.count())
    ).to_pylist()[0]
    return int(row["empty"] or 0), int(row["known"] or 0), int(row["everybody"])


def _commenters(empty: int, known: int, everybody: int) -> Part:
    del everybody  # most commenters' profiles are only read where the source gives them
    value = empty / known if known else None
    return Part(key="commenters", value=value, interval=wilson(empty, known), n=known, unit="share")


def _list_doubts(space: Space, known: int, everybody: int) -> tuple[Reason, ...]:
    found = []
    sampling = space.covered("followers").sampling
    if sampling not in ("all", "random"):
        found.append(Reason("head_sample", {"what": "followers", "sampling": sampling}))
    if known < KNOWN_ENOUGH * everybody:
        found.append(Reason("profiles_unknown", {"known": known, "listed": everybody}))
    return tuple(found)


EMPTY_PROFILES = Measure(
    name="authenticity.empty_profiles",
    unit="share",
    n_unit="followers",
    min_n=100,
    needs=frozenset(),
    covers=("followers",),
    compute=empty_profiles,
)
