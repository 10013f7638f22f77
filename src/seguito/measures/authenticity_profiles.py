"""Authenticity: how many profiles show nothing, are just made, or follow masses? Described; none is a verdict."""

from __future__ import annotations

from typing import Any

import ibis

from seguito.kit.intervals import wilson
from seguito.measures.contract import Measure
from seguito.measures.engagement_posts import COUNTED
from seguito.measures.estimate import Draft, Part, Reason, Sensitivity
from seguito.measures.profiles.counted import ages
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
        reasons=list_doubts(space, known, everybody),
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


def list_doubts(space: Space, known: int, everybody: int) -> tuple[Reason, ...]:
    """What weakens a share of followers: a list that is no fair sample of them, or profiles that could not be read."""
    known_enough = known >= KNOWN_ENOUGH * everybody
    unknown = () if known_enough else (Reason("profiles_unknown", {"known": known, "listed": everybody}),)
    return (*_sampled(space), *unknown)


def _sampled(space: Space) -> tuple[Reason, ...]:
    """That the list is no fair sample: read from its head, or nobody says how."""
    sampling = space.covered("followers").sampling
    fair = sampling in ("all", "random")
    return () if fair else (Reason("head_sample", {"what": "followers", "sampling": sampling}),)


# An account made within the last month: accounts for sale are made shortly before they are used.
NEWBORN_DAYS, NEWBORN_STEPS = 30, (14, 60)
# Nobody reads fifteen hundred accounts. An assumption: platforms allow up to 7,500, and no published norm exists.
MASS, MASS_STEPS = 1500, (1000, 2000)


def newborn_profiles(space: Space) -> Draft:
    """Share of followers whose account was less than a month old when it was read.

    Question: What share of the followers has an account that was only just made?
    Definition: followers whose account was made less than 30 days before its profile was read, over followers of whom
        both moments are known to the day. Sensitivities give it for 14 and 60 days. A part gives the share that
        followed within 30 days of making the account, over those of whom that is known.
    Interval: Wilson, because followers of a random or whole list are drawn one by one.
    Reference: Wilson 1927; Yang, Harkreader & Gu 2011, as restated by Cresci et al. 2015 (age among its features).
    Needs: followers; when accounts were made, which few sources tell.
    Minimum: 100 followers whose account's age is known.
    Not: a new account is not a fake account: whoever joined for this creator has one. Growing platforms have many. A
        list of the newest followers holds more of them than the audience does, and is marked weak.
    """
    row = _ages(space)
    listed, known, followed = row["listed"], row["read"], row["followed"]
    if not listed:
        return Draft(value=None, n=0, barred=Reason("source_lacks", {"capabilities": ["followers"]}))
    part = Part(
        key="when_they_followed",
        value=row[f"followed_{NEWBORN_DAYS}"] / followed if followed else None,
        interval=wilson(row[f"followed_{NEWBORN_DAYS}"], followed),
        n=followed,
        unit="share",
    )
    if not known:
        return Draft(value=None, n=0, parts=(part,), barred=Reason("ages_unknown", {"known": 0, "listed": listed}))
    unknown = Reason("ages_unknown", {"known": known, "listed": listed})
    return Draft(
        value=row[f"read_{NEWBORN_DAYS}"] / known,
        n=known,
        interval=wilson(row[f"read_{NEWBORN_DAYS}"], known),
        parts=(part,),
        sensitivity=tuple(
            Sensitivity(change=f"newborn_{days}_days", value=row[f"read_{days}"] / known) for days in NEWBORN_STEPS
        ),
        reasons=(*_sampled(space), *(() if known >= KNOWN_ENOUGH * listed else (unknown,))),
        notes=(Reason("ages_known", {"known": known, "listed": listed}),),
    )


def _ages(space: Space) -> dict[str, int]:
    """How many followers are listed, of how many each age is known, and how many are younger than each limit."""
    rows = ages(space)
    counts = {"listed": rows.count()}
    for name in ("read", "followed"):
        counts[name] = rows[name].count()
        counts |= {f"{name}_{days}": (rows[name] < days).sum() for days in (NEWBORN_DAYS, *NEWBORN_STEPS)}
    row = space.fetch(rows.aggregate(**counts)).to_pylist()[0]
    return {name: int(value or 0) for name, value in row.items()}


def mass_followers(space: Space) -> Draft:
    """Share of followers who follow so many accounts that they can hardly read any.

    Question: What share of the followers follows masses of accounts?
    Definition: followers who follow 1,500 accounts or more, over followers of whom that number is known. The limit is
        an assumption: nobody reads so many, platforms allow up to several thousand, and no published norm exists.
        Sensitivities give it for 1,000 and 2,000.
    Interval: Wilson, because followers of a random or whole list are drawn one by one.
    Reference: Wilson 1927; none for the limit.
    Needs: followers, and how many accounts each follows.
    Minimum: 100 followers of whom it is known.
    Not: who follows masses is no fake: people who follow back everybody do, and so do those who joined long ago. Such
        followers see little of any one creator; that is all this says.
    """
    followers, profiles = space.followers, space.profiles
    counted = profiles.filter(profiles.following.notnull() & profiles.following_state.isin(COUNTED))
    counted = counted.filter(counted.following >= 0).select("account_uri", "following")
    rows = followers.left_join(counted, followers.follower_uri == counted.account_uri)
    limits = {"hits": MASS, **{f"hits_{one}": one for one in MASS_STEPS}}
    row = space.fetch(
        rows.aggregate(
            listed=rows.count(),
            n=rows.following.count(),
            **{name: (rows.following >= one).sum() for name, one in limits.items()},
        )
    ).to_pylist()[0]
    listed, known = int(row["listed"]), int(row["n"])
    if not listed:
        return Draft(value=None, n=0, barred=Reason("source_lacks", {"capabilities": ["followers"]}))
    if not known:
        return Draft(value=None, n=0, barred=Reason("profiles_unknown", {"known": 0, "listed": listed}))
    return Draft(
        value=row["hits"] / known,
        n=known,
        interval=wilson(int(row["hits"]), known),
        sensitivity=tuple(
            Sensitivity(change=f"following_{limit}", value=row[f"hits_{limit}"] / known) for limit in MASS_STEPS
        ),
        reasons=list_doubts(space, known, listed),
        notes=(Reason("profiles_known", {"known": known, "listed": listed}),),
    )


EMPTY_PROFILES = Measure(
    name="authenticity.empty_profiles",
    unit="share",
    n_unit="followers",
    min_n=100,
    needs=frozenset(),
    covers=("followers",),
    compute=empty_profiles,
)

NEWBORN_PROFILES = Measure(
    name="authenticity.newborn_profiles",
    unit="share",
    n_unit="followers",
    min_n=100,
    needs=frozenset({"followers"}),
    covers=("followers",),
    compute=newborn_profiles,
)
MASS_FOLLOWERS = Measure(
    name="authenticity.mass_followers",
    unit="share",
    n_unit="followers",
    min_n=100,
    needs=frozenset({"followers"}),
    covers=("followers",),
    compute=mass_followers,
)
