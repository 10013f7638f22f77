"""What was planted in a community, counted on the world itself; and how it compares with what a report found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seguito.simulate.cadence import DAY, quiet_times
from seguito.simulate.comments import INTENTS, ROOT, WORRIES, Comments
from seguito.simulate.community import CREATOR_HANDLE, Community
from seguito.simulate.followers import REASONS, daily_followers, purchases
from seguito.simulate.people import BOUGHT, FAN, GROUPS
from seguito.simulate.subjects import Bools
from seguito.simulate.told import told

FORMAT = "seguito-truth-1"
WARNING = "Texts are put together from a few phrases: no text labeller may be scored on them."


def truth(community: Community) -> dict[str, Any]:
    """What was planted, counted on the world itself rather than found by any measure."""
    plan, comments, members = community.plan, community.comments, community.members
    by_member = community.by_member
    answered = np.zeros(len(comments), dtype=bool)
    has_parent = comments.parent != ROOT
    answered[comments.parent[~by_member & has_parent]] = True
    to_member = has_parent & by_member & by_member[comments.parent]
    follows = members.follows
    n = int(by_member.sum())
    silences = _silences(community)
    series = daily_followers(plan, members, community.passing)
    intents = np.bincount(comments.intent, minlength=len(INTENTS))
    return {
        "format": FORMAT,
        "scenario": plan.scenario,
        "seed": plan.seed,
        "is_simulated": True,
        "warning": WARNING,
        "creator": CREATOR_HANDLE,
        "posts": len(community.posts),
        "comments": n,
        "answers": int((~by_member).sum()),
        "answered_share": float(answered[by_member].mean()),
        "member_to_member_share": float(to_member.sum() / n),
        "mutual_pairs": _mutual_pairs(comments, to_member),
        "commenters": len(np.unique(comments.author[by_member])),
        "fans_who_wrote": int((members.group[np.unique(comments.author[by_member])] == FAN).sum()),
        "followers": int(follows.sum()),
        "bought_followers": int((follows & (members.group == BOUGHT)).sum()),
        "bought_share": float((members.group[follows] == BOUGHT).mean()),
        "purchases": purchases(plan, members, community.passing, community.bought),
        "daily_followers": {"first": int(series[0]), "last": int(series[-1])},
        "left_again": {name: int((community.passing.reason == number).sum()) for number, name in enumerate(REASONS)},
        "members": {name: int((members.group == number).sum()) for number, name in enumerate(GROUPS)},
        "comments_by_intent": {name: int(intents[number]) for number, name in enumerate(INTENTS)},
        "longest_silence_days": max((one["days"] for one in silences), default=0.0),
        "silences": silences,
        **told(community),
    }


def _mutual_pairs(comments: Comments, to_member: Bools) -> int:
    """Pairs of members of whom each answered the other at least once."""
    pairs = np.stack([comments.author[to_member], comments.author[comments.parent[to_member]]], axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    codes = pairs[:, 0] * (2**31) + pairs[:, 1]
    return int(np.isin(pairs[:, 1] * (2**31) + pairs[:, 0], codes).sum() // 2)


def _silences(community: Community) -> list[dict[str, Any]]:
    comments = community.comments
    found: list[dict[str, Any]] = []
    worried = np.isin(comments.intent, WORRIES)
    for silence, begun, ended in quiet_times(community.plan, community.posts):
        during = worried & (comments.at > begun) & (comments.at < ended)
        found.append(
            {
                "last_post_before": _iso(begun),
                "first_post_after": _iso(ended),
                "days": round((ended - begun) / DAY, 2),
                "announced": silence.announced,
                "worried_messages": int(during.sum()),
                "worried_authors": len(np.unique(comments.author[during])),
            }
        )
    return found


def _iso(seconds: int) -> str:
    return str(np.datetime64(seconds, "s")) + "Z"


@dataclass(frozen=True, slots=True)
class Compared:
    """One planted figure beside what a measure found.

    Attributes:
        measure: the measure's name in the report.
        what: the figure in words.
        planted: as it truly is in the simulated world.
        found: the measure's value; null where the report gives none.
        lo, hi: the measure's interval, where it has one.
        unit: "share", "count" or "days".
    """

    measure: str
    what: str
    planted: float
    found: float | None
    lo: float | None
    hi: float | None
    unit: str


# Figures that do not depend on reading texts (those that do would say nothing, see WARNING): the measure, the part of
# it (none for its value), the figure in words, and where the truth has it.
_COMPARABLE = (
    ("dialogue.answered_share", None, "comments the creator answered", "answered_share", "share"),
    ("community.member_to_member_share", None, "comments that answer a member", "member_to_member_share", "share"),
    ("community.mutual_pairs", "mutual_pairs", "pairs of members who answered each other", "mutual_pairs", "count"),
    ("conduct.cadence", "longest_gap", "longest silence", "longest_silence_days", "days"),
    ("authenticity.fake_like_followers", None, "followers that were bought", "bought_share", "share"),
)


def compare(planted: Mapping[str, Any], document: Mapping[str, Any]) -> list[Compared]:
    """Planted figures beside those of a report (its JSON document), for every measure that the report has."""
    estimates = {one["measure"]: one for one in document["estimates"]}
    found = []
    for measure, part, what, key, unit in _COMPARABLE:
        one = estimates.get(measure)
        if one is not None and part is not None:
            one = next((inner for inner in one["parts"] if inner["key"] == part), None)
        if one is not None:
            interval = one["interval"] or {}
            lo, hi = interval.get("lo"), interval.get("hi")
            found.append(Compared(measure, what, planted[key], one["value"], lo, hi, unit))
    return found
