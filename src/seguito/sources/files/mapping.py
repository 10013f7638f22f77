"""What the columns of a table mean; fixed for known tools, proposed for any other file, kept in a small file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from seguito.facts.times import Basis
from seguito.kit.errors import BadInput, NotFound, Refused, UsageError

Record = Literal["comments", "posts", "accounts", "followers", "metrics", "sales"]
RECORDS: tuple[Record, ...] = get_args(Record)

# What a column can be, in the words of the facts; per kind of row, those without which it makes no sense.
TARGETS: dict[str, str] = {
    "id": "the platform's id of the row itself: a post, a comment or an account",
    "post_id": "the post a comment stands under",
    "parent_id": "the comment a comment answers",
    "answered_id": "the comment a tool says was answered, where the platform tells only the top of the thread",
    "author_id": "the platform's id of who wrote",
    "author_handle": "the handle of who wrote",
    "author_name": "the displayed name of who wrote",
    "is_creator": "whether the writer is the creator",
    "creator_id": "the id of the account under whose post it stands",
    "creator_name": "the handle or name of the account under whose post it stands",
    "created_at": "when it was written",
    "text": "what was written",
    "title": "the title of the post",
    "url": "its address",
    "lang": "its language, as the source says",
    "hashtags": "hashtags, separated",
    "mentions": "mentioned handles, separated",
    "media_type": "what kind of media",
    "duration_s": "length in seconds",
    "is_pinned": "whether it is pinned",
    "is_partial": "whether the row holds only part of what the platform shows",
    "paid_flag": "whether the platform marks it as paid",
    "likes": "likes",
    "counts_hidden": "whether its author hides its likes",
    "comments": "how many comments the source declares",
    "replies": "how many replies the source declares",
    "reposts": "reposts",
    "shares": "shares",
    "quotes": "quotes",
    "saves": "saves",
    "bookmarks": "bookmarks",
    "views": "views",
    "name": "the displayed name of an account",
    "bio": "what an account says of itself",
    "followers": "how many follow the account",
    "following": "how many the account follows",
    "posts": "how many posts the account has",
    "is_verified": "whether the platform verified the account",
    "is_private": "whether the account is private",
    "has_avatar": "whether the account has a picture",
    "has_no_avatar": "whether the account has the default picture",
    "joined_at": "when the account was made",
    "captured_at": "when the row was captured",
    "product": "the product that was sold",
    "units": "how many were sold",
    "rank": "the rank of the product",
}
NEEDS: dict[Record, tuple[tuple[str, ...], ...]] = {
    "comments": (("text",),),
    "posts": (("id", "text", "title"),),
    "accounts": (("id", "author_handle"),),
    "followers": (("id", "author_handle"),),
    "metrics": (
        ("created_at",),
        ("followers", "following", "posts", "likes", "comments", "views", "shares", "reposts"),
    ),
    "sales": (("created_at",), ("product",), ("units", "rank")),
}


_WRITTEN = frozenset(
    {"id", "author_id", "author_handle", "author_name", "created_at", "text", "title", "url", "lang", "hashtags",
     "mentions", "media_type", "is_pinned", "likes", "counts_hidden", "captured_at", "is_partial", "post_id",
     "parent_id", "shares", "reposts", "quotes", "saves", "bookmarks"}
)  # fmt: skip
_PERSON = frozenset(
    {"id", "author_handle", "name", "bio", "url", "followers", "following", "posts", "is_verified", "is_private",
     "has_avatar", "has_no_avatar", "joined_at", "captured_at"}
)  # fmt: skip
_COUNTED = frozenset({"likes", "comments", "reposts", "shares", "quotes", "saves", "bookmarks", "views"})
# What each kind of row can tell; a column that fits none of it has no meaning there.
FITS: dict[Record, frozenset[str]] = {
    "comments": _WRITTEN | {"answered_id", "is_creator", "creator_id", "creator_name", "replies"},
    "posts": _WRITTEN | _COUNTED | {"duration_s", "paid_flag", "followers", "bio", "is_verified", "is_private"},
    "accounts": _PERSON,
    "followers": _PERSON | {"created_at"},
    "metrics": _COUNTED | {"created_at", "followers", "following", "posts", "post_id"},
    "sales": frozenset({"created_at", "product", "units", "rank"}),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a value comes from: the first of several columns that has one, or several joined into one key."""

    names: tuple[str, ...]
    how: Literal["first", "join"] = "first"

    def __str__(self) -> str:
        return (" + " if self.how == "join" else " or ").join(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What the columns of a table mean.

    Attributes:
        record: what a row is.
        platform: the platform the keys belong to.
        columns: where each target of `TARGETS` comes from.
        post_id: the post all rows stand under, where no column tells.
        timezone: the zone of times without one; null reads them as UTC and says so.
        basis: what times without a zone rest on.
        day_first: whether 03/04 is the third of April; null decides over the whole column.
        pseudonymous: whether account ids were replaced by the maker of the file.
        html: whether texts are HTML and must be turned into plain text.
    """

    record: Record
    platform: str
    columns: dict[str, Columns]
    post_id: str | None = None
    timezone: str | None = None
    basis: Basis = "naive_assumed"
    day_first: bool | None = None
    pseudonymous: bool = False
    html: bool = False

    def __post_init__(self) -> None:
        unknown = sorted(set(self.columns) - set(TARGETS))
        if unknown:
            raise UsageError(
                f"The mapping names '{unknown[0]}', which is nothing a column can be.",
                f"A column can be: {', '.join(TARGETS)}.",
            )
        unfit = sorted(set(self.columns) - FITS[self.record])
        if unfit:
            raise UsageError(
                f"A table of {self.record} cannot tell '{unfit[0]}'.",
                f"It can tell: {', '.join(sorted(FITS[self.record]))}.",
            )
        for choice in NEEDS[self.record]:
            if not any(one in self.columns for one in choice):
                raise UsageError(
                    f"A table of {self.record} needs a column for {' or '.join(choice)}, and the mapping has none.",
                    "Add it under [columns] in the mapping file.",
                )

    def names(self, *targets: str) -> frozenset[str]:
        """The columns of the file that these targets (or all) come from."""
        wanted = targets or tuple(self.columns)
        return frozenset(name for one in wanted if one in self.columns for name in self.columns[one].names)

    def check(self, header: Iterable[str], name: str) -> None:
        """Refuse a mapping that does not fit the file.

        Raises:
            UsageError: a target would have no column in this file.
        """
        present = set(header)
        for target, source in self.columns.items():
            missing = [one for one in source.names if one not in present]
            if missing and (source.how == "join" or len(missing) == len(source.names)):
                raise UsageError(
                    f"The mapping takes '{target}' from the column '{missing[0]}', which {name} does not have.",
                    f"Its columns are: {', '.join(list(present)[:20])}.",
                )

    def fitting(self, header: Iterable[str]) -> Mapping:
        """The mapping without the targets that a file has no column for: tools leave columns out."""
        present = set(header)
        kept = {target: source for target, source in self.columns.items() if present & set(source.names)}
        return replace(self, columns=kept)

    def fingerprint(self) -> str:
        """Names the mapping: the same meaning gives the same text."""
        return sha256(as_toml(self, ()).encode()).hexdigest()[:12]


_SETTINGS = tuple(one.name for one in fields(Mapping) if one.name != "columns")


def as_toml(mapping: Mapping, header: Iterable[str]) -> str:
    """The mapping as the text of a mapping file; `header` names the columns of the files it is for."""
    lines = [
        f"{name} = {json.dumps(value)}" for name in _SETTINGS if (value := getattr(mapping, name)) not in (None, False)
    ]
    names = sorted(header)
    if names:
        lines.append(f"header = {json.dumps(names, ensure_ascii=False)}")
    lines += ["", "[columns]"]
    for target, source in sorted(mapping.columns.items()):
        one = source.names[0] if len(source.names) == 1 else {source.how: list(source.names)}
        text = json.dumps(one, ensure_ascii=False) if isinstance(one, str) else _inline(one)
        lines.append(f"{target} = {text}")
    return "\n".join(lines) + "\n"


def _inline(table: Dict[Any, list[str]]) -> str:
    inside = ", ".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in table.items())
    return f"{{ {inside} }}"


def save(mapping: Mapping, header: Iterable[str], path: Path) -> None:
    """Write a mapping file (TOML)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_toml(mapping, header), encoding="utf-8")
    except OSError as error:
        raise Refused(f"The mapping {path} cannot be written.", "Choose a folder you own.") from error


def load(path: Path) -> Mapping:
    """Read a mapping file, TOML or JSON.

    Raises:
        NotFound, BadInput, UsageError: it is not there, is damaged, or makes no sense.
    """
    return _made(_read(path), path)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except FileNotFoundError as error:
        raise NotFound(
            f"There is no mapping file {path}.", "Make one with: seguito collect FILE --show-mapping."
        ) from error
    except (ValueError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is no mapping file: {error}.", "Write it anew from the proposed mapping.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be read.", "Check its name and who may read it.") from error
    if not isinstance(found, dict):
        raise BadInput(f"{path} is no mapping file.", "Write it anew from the proposed mapping.")
    return found


def _made(found: dict[str, Any], path: Path) -> Mapping:
    record, columns = found.get("record"), found.get("columns")
    if record not in RECORDS or not isinstance(columns, dict):
        raise BadInput(
            f"{path} does not say what a row is or what its columns mean.",
            f"It needs record = one of {', '.join(RECORDS)}, platform = a name, and a [columns] table.",
        )
    settings = {name: found[name] for name in _SETTINGS if name in found}
    basis = settings.get("basis", "naive_assumed")
    texts = all(isinstance(settings.get(name, ""), str) for name in ("platform", "post_id", "timezone"))
    flags = all(isinstance(settings.get(name, True), bool) for name in ("day_first", "pseudonymous", "html"))
    if basis not in get_args(Basis) or not texts or not flags:
        raise BadInput(f"A setting in {path} has a value it cannot have.", "Compare it with the proposed mapping.")
    settings.setdefault("platform", "other")
    return Mapping(columns={str(name): _columns(value, path) for name, value in columns.items()}, **settings)


def _columns(value: Any, path: Path) -> Columns:
    if isinstance(value, str):
        return Columns((value,))
    if isinstance(value, dict) and len(value) == 1:
        (how, names), *_ = value.items()
        if (
            how in ("first", "join")
            and isinstance(names, list)
            and names
            and all(isinstance(one, str) for one in names)
        ):
            return Columns(tuple(names), how)
    raise BadInput(
        f"A column in {path} is neither a name nor {{ first = [names] }} nor {{ join = [names] }}.",
        "Compare it with the proposed mapping.",
    )


def remembered(header: Iterable[str], folder: Path | None) -> tuple[Mapping, Path] | None:
    """The mapping accepted earlier for a table with the same columns, if there is one in `folder`."""
    wanted = sorted(header)
    for path in sorted(folder.glob("*.toml")) if folder is not None and folder.is_dir() else ():
        found = _read(path)
        if found.get("header") == wanted:
            return _made(found, path), path
    return None


def name_for(header: Iterable[str]) -> str:
    """The file name of the mapping for tables with these columns."""
    return sha256("\x1f".join(sorted(header)).encode()).hexdigest()[:12] + ".toml"


def columns(**targets: str | tuple[str, ...]) -> dict[str, Columns]:
    """Columns by target, in short: a name, or several of which the first that has a value counts."""
    return {target: Columns((names,) if isinstance(names, str) else names) for target, names in targets.items()}
