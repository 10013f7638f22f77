"""Whose space each row stands in: told by the file, by a file beside it, by the user, or by nobody."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from seguito.facts.keys import key
from seguito.kit.errors import UsageError
from seguito.sources.files.cells import Cells, account_natives, with_prefix
from seguito.sources.files.survey import Survey


@dataclass(frozen=True, slots=True)
class PostIndex:
    """What a file of posts tells the file of their comments.

    Attributes:
        author_of: key of the author by post.
        declared: how many comments the source declares, by post.
        names: handle or name by author key.
        by_id: whether authors are known by the platform's ids.
        sha256: of the file.
    """

    author_of: dict[str, str] = field(default_factory=dict)
    declared: dict[str, int] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    by_id: bool = False
    sha256: str = ""

    def __or__(self, other: PostIndex) -> PostIndex:
        return PostIndex(
            self.author_of | other.author_of,
            self.declared | other.declared,
            self.names | other.names,
            self.by_id or other.by_id,
            self.sha256 + other.sha256,
        )


def bare(name: str) -> str:
    """A name as people write it, ready to compare: no `@`, no platform, small letters."""
    return name.strip().removeprefix("@").casefold()


@dataclass(frozen=True, slots=True)
class Spaces:
    """Finds the space of each row.

    Attributes:
        platform: of all keys.
        by_post: key of the creator by post.
        names: handle or name by key of a creator, as far as told.
        default: key of the creator of rows that nothing else places.
        is_unnamed: whether `default` is only a stand-in for somebody unknown.
        chosen: key of the creator the user asked for, or of the only one there is.
        by_id: whether creators are known by the same kind of key as those who comment.
    """

    platform: str
    by_post: dict[str, str]
    names: dict[str, str | None]
    default: str
    is_unnamed: bool
    chosen: str | None
    by_id: bool

    def uris(self, told: Cells, posts: pa.Array) -> pa.Array:
        """The space of each row; `posts` are the natives of the posts they stand under."""
        import pyarrow.compute as pc

        found = [account_natives(told, "creator")] if told.has("creator_id") or told.has("creator_name") else []
        if self.by_post:
            words = posts.dictionary_encode()
            owners = pa.array([self.by_post.get(one) for one in words.dictionary.to_pylist()], pa.string())
            found.insert(0, owners.take(words.indices))
        natives = pc.coalesce(*found, self.default) if found else pa.repeat(self.default, len(told))
        return with_prefix(f"{self.platform}:account:", natives)

    def uri(self, native: str) -> str:
        """The key of one creator."""
        return key(self.platform, "account", native)


def place(
    platform: str, creator: str | None, found: Survey, beside: PostIndex, unnamed: str, *, authors_by_id: bool
) -> Spaces:
    """Decide whose spaces a file's rows stand in.

    Raises:
        UsageError: the user names a creator whom a file that tells its creators does not know.
    """
    by_post = beside.author_of | found.owner_of
    names = {**beside.names, **found.creators}
    told = set(names) | set(by_post.values())
    chosen = _chosen(creator, names, found) if creator else None
    if chosen is None and creator and len(told) > 1:
        some = ", ".join(sorted(names.get(one) or one for one in told)[:5])
        raise UsageError(f"The file tells of no creator '{creator}'.", f"It has, among others: {some}.")
    if chosen is None and len(told) == 1:
        chosen = next(iter(told))
    given = creator is not None and not told
    if given and chosen is None and creator is not None:
        chosen = _native(creator, platform)
    default = chosen if given and chosen else None
    if creator and chosen and found.owner_of and not beside.author_of:
        default = chosen  # the file marks only the posts whose creator answered; the user says whose all are
    is_id = chosen is not None and (not authors_by_id or _looks_like_id(chosen) or chosen in found.known_as.values())
    by_id = bool(found.owner_of) or (beside.by_id if by_post else given and is_id)
    return Spaces(platform, by_post, names, default or unnamed, default is None, chosen, by_id)


def _chosen(creator: str, names: dict[str, str | None], found: Survey) -> str | None:
    wanted = bare(creator.split(":account:")[-1])
    for native, name in names.items():
        if bare(native) == wanted or (name and bare(name) == wanted):
            return native
    return found.known_as.get(wanted)


def _native(creator: str, platform: str) -> str:
    text = creator.removeprefix(f"{platform}:account:").strip()
    return text if _looks_like_id(text) else bare(text)


def _looks_like_id(text: str) -> bool:
    return text.startswith(("UC", "did:")) or text.isdigit()
