"""truth.jsonl: what is hidden in a world, one JSON line a thing, under the very uris that sources give it.

Every line has `of`: "plan" (all settings), "account" (what it is, when it followed and when it left), "post" (paid for,
disclosed, about the new subject, what kind), "comment" (who wrote it and what for), "unseen" (a comment no reader was
shown, and why), "gone" (a follower who came and left, without a name), "day" (what launches add to the logarithm of its
sales), "change" (a dated change of what the creator does). Whole columns are joined at once, for a million comments.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seguito.simulate.cadence import DAY, NOTICE, launch_days, quiet_times, start_of
from seguito.simulate.comments import CREATOR, INTENTS
from seguito.simulate.community import Community
from seguito.simulate.followers import REASONS
from seguito.simulate.launches import lift
from seguito.simulate.observation import noisy, seen
from seguito.simulate.people import GROUPS
from seguito.simulate.scramble import Ints
from seguito.simulate.subjects import SUBJECTS, turning_post

LATENTS = "truth.jsonl"
BLOCK = 200_000
KINDS = ("ordinary", "pause", "back", "late", "notice", "launch")


@dataclass(frozen=True, slots=True)
class Names:
    """The uris under which a source knows the things of one space.

    Attributes:
        posts: of every post.
        comments: of every comment that is shown.
    """

    posts: pa.Array
    comments: pa.Array


def write(community: Community, accounts: pa.Array, names: list[Names], folder: Path) -> Path:
    """Write truth.jsonl into `folder`; returns its path.

    Args:
        community: the whole world.
        accounts: uris of every member, in order; the creator's is the last.
        names: of its own space as it is shown, then of every neighbour's.
        folder: where.
    """
    with (folder / LATENTS).open("wb") as file:
        for column in lines(community, accounts, names):
            for start in range(0, len(column), BLOCK):
                file.write(_text(column.slice(start, BLOCK)))
    return folder / LATENTS


def lines(community: Community, accounts: pa.Array, names: list[Names]) -> Iterator[pa.Array]:
    """All lines, in columns of text."""
    plan = asdict(community.plan) | {"end": str(community.plan.end), "of": "plan"}
    yield pa.array([json.dumps(plan, sort_keys=True)])
    yield pa.array([json.dumps({"of": "change", **one}) for one in changes(community)], pa.string())
    yield _accounts(community, accounts)
    told = seen(community)
    spaces = [(community, told.kept, noisy(community)), *((one, None, None) for one in community.neighbours)]
    for (space, kept, labelled), name in zip(spaces, names, strict=True):
        yield _posts(space, name)
        yield _comments(space, accounts, name, kept, labelled)
    fate = np.where(told.removed, "removed", "not shown")
    hidden = np.flatnonzero(told.removed | told.cut)
    yield _joined({"of": "unseen", "why": fate[hidden], **_written(community, accounts, hidden)}, len(hidden))
    yield _gone(community)
    yield _days(community)


def _text(column: pa.Array) -> bytes:
    ended = pc.binary_join_element_wise(column, "\n", "")
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(ended)], ended), "")
    return whole[0].as_py().encode() if len(column) else b""


def changes(community: Community) -> Iterator[dict[str, Any]]:
    """Dated changes of what the creator does."""
    plan, posts = community.plan, community.posts
    for silence, begun, ended in quiet_times(plan, posts):
        yield {"what": "silence", "from": _iso(begun), "until": _iso(ended), "announced": silence.announced}
    for one in np.flatnonzero(posts.kind == NOTICE):
        yield {"what": "pivot announced", "from": _iso(int(posts.at[one]))}
    if plan.pivot is not None:
        at = int(posts.at[min(turning_post(plan, len(posts)), len(posts) - 1)])
        yield {"what": "pivot", "from": _iso(at), "width_posts": plan.pivot.width, "announced": plan.pivot.announced}
    for launch, begun in zip(plan.market.launches if plan.market else (), launch_days(plan), strict=True):
        yield {"what": "launch", "from": _iso(begun), "lift_log": launch.lift, "days": launch.days}
    if len(community.bought):
        begun = start_of(plan) + int(plan.bought_day * DAY)
        yield {"what": "purchase", "from": _iso(begun), "until": _iso(begun + plan.bought_days * DAY)}
    if plan.storm is not None and plan.storm.day is not None:
        yield {"what": "crisis", "from": _iso(start_of(plan) + int(plan.storm.day * DAY)), "times": plan.storm.times}


def _accounts(community: Community, accounts: pa.Array) -> pa.Array:
    members = community.members
    columns = {
        "of": "account",
        "uri": accounts.slice(0, len(members)),
        "is": _words(GROUPS, members.group),
        "follows": members.follows,
        "joined": _times(members.joined),
        "left": _times(members.left),
        "circle": members.circle,
    }
    return _joined(columns, len(members))


def _posts(space: Community, names: Names) -> pa.Array:
    posts = space.posts
    columns = {
        "of": "post",
        "uri": names.posts,
        "kind": _words(KINDS, posts.kind),
        "paid": posts.paid,
        "disclosed": posts.disclosed,
        "new_subject": posts.subject >= SUBJECTS,
        "appeal": np.round(posts.appeal, 4),
    }
    return _joined(columns, len(posts))


def _comments(space: Community, accounts: pa.Array, names: Names, kept: Ints | None, labelled: Any) -> pa.Array:
    rows = np.arange(len(space.comments)) if kept is None else kept
    columns: dict[str, Any] = {"of": "comment", "uri": names.comments, **_written(space, accounts, rows)}
    if labelled is not None and space.plan.observation.sensitivity < 1:
        columns["labelled_hate"] = labelled[rows]
    return _joined(columns, len(rows))


def _written(space: Community, accounts: pa.Array, rows: Ints) -> dict[str, Any]:
    author, group = space.comments.author[rows], space.members.group
    is_creator = author == CREATOR
    wrote = _words(GROUPS, group[np.where(is_creator, 0, author)])
    return {
        "by": accounts.take(pa.array(np.where(is_creator, len(group), author))),
        "is": pc.if_else(pa.array(is_creator), "creator", wrote),
        "intent": _words(INTENTS, space.comments.intent[rows]),
    }


def _gone(community: Community) -> pa.Array:
    gone = community.passing
    columns = {
        "of": "gone",
        "came_by": _words(REASONS, gone.reason),
        "joined": _times(gone.joined),
        "left": _times(gone.left),
    }
    return _joined(columns, len(gone))


def _days(community: Community) -> pa.Array:
    plan = community.plan
    if plan.market is None:
        return pa.array([], pa.string())
    day = np.arange(plan.days)
    columns = {
        "of": "day",
        "day": pc.utf8_slice_codeunits(_times(start_of(plan) + day * DAY), 0, 10),
        "lift_log": np.round(lift(plan.market, plan.days), 6),
    }
    return _joined(columns, plan.days)


def _joined(columns: Mapping[str, Any], rows: int) -> pa.Array:
    """Columns as JSON objects: texts in quotation marks (none of ours needs escaping), numbers and flags bare."""
    parts: list[Any] = []
    for number, (name, column) in enumerate(columns.items()):
        before = "{" if number == 0 else ", "
        if isinstance(column, str):
            parts.append(f'{before}"{name}": "{column}"')
            continue
        told = pa.array(column) if isinstance(column, np.ndarray) else column
        is_text = pa.types.is_string(told.type) or pa.types.is_large_string(told.type)
        parts.extend([f'{before}"{name}": ' + ('"' if is_text else ""), told.cast(pa.string()), '"' if is_text else ""])
    if rows == 0:
        return pa.array([], pa.string())
    return pc.binary_join_element_wise(*parts, "}", "")


def _words(words: tuple[str, ...], numbers: Ints) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(numbers))


def _times(seconds: Ints) -> pa.Array:
    return pc.strftime(pa.array(seconds, pa.int64()).cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ")


def _iso(seconds: int) -> str:
    return str(np.datetime64(seconds, "s")) + "Z"
