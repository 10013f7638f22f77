"""Columns of a file that tell a profile's fields, by the names that platforms, tools and public sets give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from seguito.kit.errors import UsageError
from seguito.kit.settings import nearest

# What a column may hold, and the words that its name is made of (see `words_of`): those that say the most first.
NAMES: Mapping[str, tuple[str, ...]] = {
    "followers": ("follower", "edge followed by", "followed by", "subscriber", "fan", "flw"),
    "following": ("friend", "following", "edge follow", "follow", "followee", "followed", "subscription", "flg"),
    "posts": (
        "statuse", "status", "tweet", "media", "mediacount", "video", "post", "edge owner to timeline media",
        "upload", "toot", "pos",
    ),
    "bio_length": (
        "biography length", "bio length", "description length", "length bio", "length description", "bio len",
        "description len", "length biography", "bl",
    ),
    "bio": ("biography", "bio", "bio description", "description", "signature", "note", "summary", "about"),
    "has_bio": ("has bio", "has biography", "has description"),
    "picture": (
        "has profil pic", "has profile pic", "has profile picture", "has profile image", "has avatar", "has picture",
        "has image", "profile pic", "profile picture", "pic", "picture",
    ),
    "no_picture": (
        "default profile image", "has anonymou profile picture", "has default avatar", "default avatar",
        "has default profile image", "no profile pic",
    ),
    "picture_url": (
        "avatar", "avatar url", "profile pic url", "profile image url", "profile picture url", "pic url", "image url",
        "profile image url http", "avatar larger", "avatar thumb", "profile image", "thumbnail default url",
        "thumbnail medium url", "thumbnail high url",
    ),
    "private": ("is private", "private", "protected", "is protected", "locked", "secret", "private account"),
    "username_length": ("username length", "length username", "username len", "screen name length"),
    "username_digits": (
        "username digit", "username digit count", "num username", "screen name digit", "digit username",
    ),
    "username_digit_share": ("num / length username", "ratio num username", "username digit ratio"),
    "username": (
        "screen name", "handle", "username", "unique id", "acct", "user name", "account name", "login", "custom url",
    ),
    "created_at": (
        "created at", "created", "create time", "published at", "joined at", "joined", "join date", "creation date",
        "date created", "registered at",
    ),
    "seen_at": (
        "crawled at", "observed at", "collection time", "fetched at", "updated", "seen at", "scraped at",
        "retrieved at", "captured at", "collected at",
    ),
    "age": ("age day", "account age day", "account age", "age in day"),
}  # fmt: skip
# Parts of a dotted name that say where a field stands rather than what it holds.
_PLACES: Final = frozenset(
    (
        "user", "author", "account", "profile", "node", "public_metrics", "metrics", "data", "legacy", "stats",
        "statistics", "snippet", "channel", "authormeta", "authorstats", "userinfo", "owner", "item", "raw", "fields",
    )
)  # fmt: skip
# Words that every tool adds to a counter's name.
_NOISE: Final = frozenset(("user", "author", "account", "profile", "channel", "number", "of", "total", "nb", "n"))
_COUNTS: Final = frozenset(("count", "counts", "num", "nr", "no"))
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|/")


def words_of(column: str) -> str:
    """The words of a column's name, in lower case and the singular: `userFollowerCount` and `#followers` are alike.

    A dotted name loses the parts that only say where the field stands; a counter loses its "count" or "num".
    """
    parts = column.strip().split(".")
    while len(parts) > 1 and parts[0].strip().casefold() in _PLACES:
        parts = parts[1:]
    words = [word.casefold() for word in _WORD.findall(" ".join(parts))]
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def _bare(words: str) -> str:
    """A counter's name without the words that every tool adds."""
    kept = [word for word in words.split() if word not in _NOISE and word not in _COUNTS]
    return " ".join(kept)


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
    found = {name: column for name, column in told.items() if column != "-"}
    taken = set(found.values())
    whole, bare = _by_words(header, words_of), _by_words(header, lambda column: _bare(words_of(column)))
    for name, usual in NAMES.items():
        ways = () if name in told else tuple(names[one] for one in usual for names in (whole, bare) if one in names)
        free = next((way for way in ways if way not in taken), None)
        if free is not None:
            found[name] = free
            taken.add(free)
    if not set(found) - {"seen_at", "created_at", "picture_url", "username"}:
        raise UsageError(
            f"No column tells anything of a profile: there are {', '.join(list(header)[:20])}.",
            f"Say what they hold with --column NAME=COLUMN; names are {', '.join(NAMES)}.",
        )
    return found


def _by_words(header: Sequence[str], words: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in header:
        found.setdefault(words(column), column)
    return found
