"""Rows of comments and posts become facts: posts, accounts, profiles and counters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from seguito.facts.schema import TIME, fill
from seguito.facts.tables import TABLES
from seguito.sources.contract import Rows
from seguito.sources.files.cells import Cells, account_natives, answered_natives, as_handle, with_prefix
from seguito.sources.files.plain_text import from_html
from seguito.sources.files.spaces import Spaces
from seguito.sources.files.tallies import Tallies
from seguito.sources.files.threads import Threads

# Platforms where a comment is a post like any other, in one space of ids.
_ONE_ID_SPACE = frozenset({"bluesky", "mastodon", "threads", "twitter"})
_COUNTERS = ("likes", "reposts", "shares", "quotes", "saves", "bookmarks", "views")
_BY_TOOL = "tool"


@dataclass
class Publisher:
    """Turns the kept rows of one file into facts.

    Args:
        platform: of all keys.
        spaces: finds whose space a row stands in.
        tallies: counts what was collected under each post.
        post_id: the post all rows stand under, where no column tells.
        tool: who made the file, for answers the tool inferred.
        observed_at: when the file was seen.
        batch_id: of the reading.
        pseudonymous: whether account ids were replaced by the maker of the file.
        html: whether texts are HTML.
    """

    platform: str
    spaces: Spaces
    tallies: Tallies
    post_id: str
    tool: str
    observed_at: datetime
    batch_id: str
    pseudonymous: bool
    html: bool
    threads: Threads = field(default_factory=Threads)
    # Where a reading remembers: told of every stretch of comments; people then come at the end, all at once.
    told: Callable[[dict[str, Any], Cells, pa.Array], None] | None = None
    _accounts: set[str] = field(default_factory=set)
    _same: dict[bytes, int] = field(default_factory=dict)

    # -- comments and posts -------------------------------------------------------------------------------------

    def comments(self, told: Cells, time: tuple[pa.Array, pa.Array, pa.Array], seen: pa.Array) -> Iterator[Rows]:
        """Facts of rows that are comments."""
        import pyarrow.compute as pc

        posts = pc.fill_null(told.post("post_id"), self.post_id)
        roots = self._post(posts)
        ids = told.native("id") if told.has("id") else self._made_ids(told, posts)
        answered_ids = answered_natives(told, ids, posts)
        opens, answered = pc.is_null(answered_ids), self._comment(answered_ids)
        uris = self._comment(ids)
        columns = self._columns(told, time, uris)
        columns |= {
            "kind": "comment",
            "space_uri": self.spaces.uris(told, posts),
            "root_uri": roots,
            "parent_uri": pc.coalesce(answered, roots) if told.has("parent_id") else None,
            "title": None,
            **self._answered(told),
        }
        names = pc.coalesce(told.word("author_handle"), told.word("author_name"))
        yield from self._rest(told, columns, seen, uris)
        self.tallies.comments(columns, told, opens, answered, time[0])
        if self.told is not None:
            self.told(columns, told, posts)
        rows = fill(columns | self._stamp(seen), TABLES["posts"].schema, rows=len(told))
        if told.has("parent_id"):
            rows = self.threads.hold(rows, pc.coalesce(answered, uris), names, pc.invert(opens))
        yield Rows("posts", rows)

    def posts(self, told: Cells, time: tuple[pa.Array, pa.Array, pa.Array], seen: pa.Array) -> Iterator[Rows]:
        """Facts of rows that are posts, of which some may answer others."""
        import pyarrow.compute as pc

        ids = told.post("id") if told.has("id") else self._made_ids(told, told.word("title"))
        uris = self._post(ids)
        columns = self._columns(told, time, uris)
        roots = told.native("post_id")
        is_comment = pc.fill_null(pc.not_equal(roots, ids), False)
        root_uris = self._post(pc.if_else(is_comment, roots, pa.scalar(None, pa.string())))
        owner = pc.coalesce(_did_of(roots), pa.scalar(self.spaces.default))
        elsewhere = with_prefix(f"{self.platform}:account:", owner)
        own = pc.coalesce(columns["account_uri"], pa.scalar(self.spaces.uri(self.spaces.default)))
        parents = self._post(told.native("parent_id"))
        columns |= {
            "kind": pc.if_else(is_comment, "comment", "video" if self.platform in ("youtube", "tiktok") else "post"),
            "account_uri": pc.if_else(is_comment, columns["account_uri"], own),
            "space_uri": pc.if_else(is_comment, elsewhere, own),
            "root_uri": root_uris,
            "parent_uri": pc.if_else(is_comment, pc.coalesce(parents, root_uris), pa.scalar(None, pa.string())),
        }
        yield from self._rest(told, columns, seen, uris)
        self.tallies.posts(columns, told)
        yield Rows("posts", fill(columns | self._stamp(seen), TABLES["posts"].schema, rows=len(told)))

    def _columns(self, told: Cells, time: tuple[pa.Array, pa.Array, pa.Array], uris: pa.Array) -> dict[str, Any]:
        import pyarrow.compute as pc

        at, precision, basis = time
        vague = pc.invert(pc.is_in(basis, value_set=pa.array(["epoch", "offset"])))
        text = told.text("text")
        duration, _ = told.count("duration_s")
        return {
            "uri": uris,
            "platform": self.platform,
            "account_uri": with_prefix(f"{self.platform}:account:", account_natives(told)),
            "created_at": at,
            "created_precision": precision,
            "created_basis": basis,
            "created_raw": pc.if_else(vague, told.text("created_at"), pa.scalar(None, pa.string())),
            "title": told.text("title"),
            "text": from_html(text) if self.html else text,
            "lang_source": told.word("lang"),
            "url": told.word("url"),
            "hashtags": told.list("hashtags") if told.has("hashtags") else None,
            "mentions": told.list("mentions") if told.has("mentions") else None,
            "media_type": told.word("media_type"),
            "duration_s": duration,
            "is_pinned": told.flag("is_pinned") if told.has("is_pinned") else "unknown",
            "paid_flag": told.flag("paid_flag") if told.has("paid_flag") else "unknown",
            "state": "live",
        }

    def _answered(self, told: Cells) -> dict[str, Any]:
        """Whom a reply answers, where the tool that made the file worked it out."""
        import pyarrow.compute as pc

        if not told.has("answered_id"):
            return {}
        found = self._comment(told.native("answered_id"))
        method = pc.if_else(pc.is_valid(found), self.tool, pa.scalar(None, pa.string()))
        return {"inferred_parent_uri": found, "inferred_method": method}

    def _made_ids(self, told: Cells, posts: pa.Array) -> pa.Array:
        """Ids for rows that have none: a digest of what they say, numbered where several say the same."""
        columns = [posts, account_natives(told), told.text("created_at"), told.text("text")]
        made: list[str] = []
        for row in zip(*(column.to_pylist() for column in columns), strict=True):
            name = blake2b("\x1f".join(cell or "" for cell in row).encode(), digest_size=10).digest()
            times = self._same.get(name, 0)
            self._same[name] = times + 1
            made.append(f"row-{name.hex()}" + (f"-{times + 1}" if times else ""))
        return pa.array(made, pa.string())

    def _post(self, natives: pa.Array) -> pa.Array:
        return with_prefix(f"{self.platform}:post:", natives)

    def _comment(self, natives: pa.Array) -> pa.Array:
        return with_prefix(comment_prefix(self.platform), natives)

    def _stamp(self, seen: pa.Array) -> dict[str, Any]:
        return {"observed_at": seen, "batch_id": self.batch_id}

    # -- accounts, profiles, counters ---------------------------------------------------------------------------

    def _rest(self, told: Cells, columns: dict[str, Any], seen: pa.Array, uris: pa.Array) -> Iterator[Rows]:
        accounts = None if self.told is not None else self._people(told, columns["account_uri"], seen)
        if accounts is not None:
            yield Rows("accounts", accounts)
        if told.has("followers"):
            yield from self._profiles(told, columns["account_uri"], seen)
        wanted = [one for one in (*_COUNTERS, "comments") if told.has(one)]
        for metric in wanted:
            rows = self._counters(told, metric, uris, seen)
            if rows is not None:
                yield Rows("metrics", rows)

    def people(self, told: Cells) -> Iterator[Rows]:
        """Accounts of all who wrote, each given once for every way they are named."""
        uris = with_prefix(f"{self.platform}:account:", account_natives(told))
        seen = pa.repeat(pa.scalar(self.observed_at, TIME), len(told))
        accounts = self._people(told, uris, seen)
        if accounts is not None:
            yield Rows("accounts", accounts)

    def _people(self, told: Cells, uris: pa.Array, seen: pa.Array) -> pa.RecordBatch | None:
        """Accounts not seen before in this file."""
        import pyarrow.compute as pc

        if uris.null_count == len(uris):
            return None
        handle, name = told.word("author_handle"), told.word("author_name")
        table = pa.table({"uri": uris, "handle": handle, "name": name, "seen": seen})
        people = table.group_by(["uri"], use_threads=False).aggregate(
            [("handle", "min"), ("name", "min"), ("seen", "max")]
        )
        known = self._accounts
        fresh = [uri is not None and uri not in known for uri in people["uri"].to_pylist()]
        people = people.filter(pa.array(fresh)).combine_chunks()
        known.update(people["uri"].to_pylist())
        if not people.num_rows:
            return None
        natives = pc.utf8_slice_codeunits(people["uri"], len(self.platform) + len(":account:"))
        hashed = pc.match_substring_regex(natives, r"^[0-9a-f]{40}$|^[0-9a-f]{64}$")
        return fill(
            {
                "uri": people["uri"],
                "platform": self.platform,
                "native_id": natives,
                "handle": as_handle(people["handle_min"]),
                "display_name": people["name_min"],
                "kind": "unknown",
                "state": "unknown",
                "is_pseudonymous": True if self.pseudonymous else hashed,
                "do_not_profile": False,
                "observed_at": people["seen_max"],
                "batch_id": self.batch_id,
            },
            TABLES["accounts"].schema,
            rows=people.num_rows,
        )

    def _profiles(self, told: Cells, uris: pa.Array, seen: pa.Array) -> Iterator[Rows]:
        """What captures of posts tell of their authors: a point of the follower count each."""
        import pyarrow.compute as pc

        followers, state = told.count("followers")
        columns = {
            "account_uri": uris,
            "followers": followers,
            "followers_state": state,
            "following_state": "unknown",
            "posts_state": "unknown",
            "bio": told.text("bio"),
            "has_avatar": "unknown",
            "is_verified": told.flag("is_verified"),
            "is_private": told.flag("is_private"),
            **self._stamp(seen),
        }
        rows = fill(columns, TABLES["profiles"].schema, rows=len(told))
        yield Rows("profiles", rows.filter(pc.and_(pc.is_valid(uris), pc.is_valid(followers))))

    def _counters(self, told: Cells, metric: str, uris: pa.Array, seen: pa.Array) -> pa.RecordBatch | None:
        import pyarrow.compute as pc

        value, state = told.count(metric)
        if metric == "likes" and told.has("counts_hidden"):
            hidden = pc.equal(told.flag("counts_hidden"), "yes")
            value = pc.if_else(hidden, pa.scalar(None, pa.int64()), value)
            state = pc.if_else(hidden, "hidden", state)
        rows = fill(
            {"subject_uri": uris, "metric": metric, "value": value, "state": state, **self._stamp(seen)},
            TABLES["metrics"].schema,
            rows=len(told),
        )
        told_something = pc.or_(pc.is_valid(value), pc.equal(state, "hidden"))
        return rows.filter(told_something)


def comment_prefix(platform: str) -> str:
    """How the keys of a platform's comments begin."""
    return f"{platform}:{'post' if platform in _ONE_ID_SPACE else 'comment'}:"


def _did_of(uris: pa.Array) -> pa.Array:
    """The account inside an at-uri; null for other ids."""
    import pyarrow.compute as pc

    did = pc.replace_substring_regex(uris, r"^at://([^/]+)/.*$", r"\1")
    return pc.if_else(pc.match_substring_regex(uris, "^at://did:"), did, pa.scalar(None, pa.string()))
