"""Columns of a file that tell a profile's fields, by the names that platforms, tools and public sets give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from seguito.kit.errors import UsageError
from seguito.kit.settings import nearest

# What a column may hold, and its usual names: those that say the most first. Names are compared without case,
# underscores and blanks, and without a prefix such as `user.`.
NAMES: Mapping[str, tuple[str, ...]] = {
    "followers": (
        "followers_count", "userFollowerCount", "followersCount", "follower_count", "subscriberCount", "followers",
        "num_followers", "authorStats.followerCount", "fans", "edge_followed_by.count",
    ),
    "following": (
        "friends_count", "userFollowingCount", "followsCount", "following_count", "follow_count", "follows_count",
        "followingCount", "following", "follows", "friends", "followees", "num_following", "num_follows",
        "edge_follow.count", "authorStats.followingCount",
    ),
    "posts": (
        "statuses_count", "userMediaCount", "postsCount", "media_count", "video_count", "videoCount", "posts",
        "tweet_count", "num_posts", "posts_count", "statuses", "tweets", "edge_owner_to_timeline_media.count",
    ),
    "bio_length": ("userBiographyLength", "bio_length", "biography_length", "description_length"),
    "bio": ("description", "biography", "bio", "bio_description", "signature", "note", "summary"),
    "picture": ("userHasProfilPic", "has_avatar", "profile_pic", "has_profile_pic", "has_picture", "picture"),
    "no_picture": ("default_profile_image", "has_anonymous_profile_picture", "has_default_avatar"),
    "picture_url": ("avatar", "profile_pic_url", "avatar_url"),
    "private": ("userIsPrivate", "protected", "is_private", "private", "privateAccount", "locked"),
    "username_length": ("usernameLength", "username_length"),
    "username_digits": ("usernameDigitCount", "username_digits", "username_digit_count"),
    "username": ("screen_name", "handle", "username", "uniqueId", "acct", "user_name", "account_name", "login"),
    "created_at": ("created_at", "createdAt", "user_created_at", "account_created_at", "created"),
    "seen_at": ("crawled_at", "observed_at", "collection_time", "indexedAt", "fetched_at", "updated", "seen_at"),
    "age": ("age_days", "account_age_days", "account_age"),
}  # fmt: skip
_PREFIXES: Final = re.compile(r"^(?:user|author|account|profile|node|public_metrics|data|legacy)\.(?=.)")


def recognise(header: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """Which column of a file holds what.

    Args:
        header: the file's columns.
        told: what a person said: what a column holds (a key of `NAMES`) -> the column; `-` for none.

    Raises:
        UsageError: a name or a column does not exist, or nothing of a profile was found.
    """
    for name, column in told.items():
        if name not in NAMES:
            raise UsageError(f"A profile has no '{name}'.", nearest(name, NAMES))
        if column != "-" and column not in header:
            raise UsageError(f"There is no column '{column}'.", nearest(column, list(header)[:30]))
    by_key: dict[str, str] = {}
    for column in header:
        by_key.setdefault(_key(column), column)
    found = {}
    for name, names in NAMES.items():
        if name in told:
            if told[name] != "-":
                found[name] = told[name]
            continue
        usual = next((by_key[key] for key in map(_key, names) if key in by_key), None)
        if usual is not None and usual not in told.values():
            found[name] = usual
    if not set(found) - {"seen_at", "created_at", "picture_url"}:
        raise UsageError(
            f"No column tells anything of a profile: there are {', '.join(list(header)[:20])}.",
            f"Say what they hold with --columns NAME=COLUMN; names are {', '.join(NAMES)}.",
        )
    return found


def _key(column: str) -> str:
    bare, cut = column, ""
    while bare != cut:
        cut, bare = bare, _PREFIXES.sub("", bare)
    return re.sub(r"[\s_-]", "", bare).casefold()


def names_of(columns: Iterable[str]) -> set[str]:
    """The fields of a profile that columns of these names can tell."""
    held = set(columns)
    found = held & {"followers", "following", "posts", "private", "age"}
    for field, ways in (
        ("bio", {"bio", "bio_length"}),
        ("picture", {"picture", "no_picture", "picture_url"}),
        ("username", {"username"}),
    ):
        if held & ways:
            found.add(field)
    if {"username_length", "username_digits"} <= held:
        found.add("username")
    if {"created_at", "seen_at"} <= held:
        found.add("age")
    return found
