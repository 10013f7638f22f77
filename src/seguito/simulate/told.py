"""What was planted beside the ordinary life of a community, counted on the world itself: part of truth.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from seguito.simulate.answers import capacity_a_day
from seguito.simulate.cadence import DAY, NOTICE, launch_days, pulse_posts, start_of
from seguito.simulate.comments import CODE, CREATOR, INTENTS
from seguito.simulate.community import Community
from seguito.simulate.launches import SHOCK_DAYS
from seguito.simulate.observation import edited, noisy, seen
from seguito.simulate.people import FAN, POD
from seguito.simulate.scramble import Ints
from seguito.simulate.subjects import SUBJECTS, turning_post

CRISIS_DAYS = 14
# Later or slower than any pod or purchase that does not hide.
LATE_MINUTES, SLOW_DAYS = 60, 30


def told(community: Community) -> dict[str, Any]:
    """The keys that scenarios add to truth.json; null where a world has nothing of it."""
    posts = community.posts
    paid, disclosed = int(posts.paid.sum()), int(posts.disclosed.sum())
    return {
        "waves": _waves(community),
        "sponsored_posts": paid,
        "disclosed_posts": disclosed,
        "disclosed_share": disclosed / paid if paid else None,
        "pod": _pod(community),
        "other_spaces": len(community.neighbours),
        "bought_dressed": community.plan.bought_dressed,
        "evasions": _evasions(community),
        "hate": _hate(community),
        "crisis": _crisis(community),
        "pivot": _pivot(community),
        "launches": _launches(community),
        "market": _market(community),
        "desk": _desk(community),
        "observed": _observed(community),
    }


def day_of(seconds: int) -> str:
    """The day of a moment, in UTC."""
    return str(np.datetime64(int(seconds) // DAY, "D"))


def _waves(community: Community) -> list[dict[str, Any]]:
    """Honest growth: when each wave came, how large, and whether the creator logged its cause."""
    posts = pulse_posts(community.plan, community.posts.at)
    return [
        {
            "kind": one.kind,
            "day": day_of(community.posts.at[post]),
            "share_of_followers_before": one.share,
            "lasts_days": one.lasts,
            "logged": one.logged,
        }
        for one, post in zip(community.plan.pulses, posts, strict=True)
    ]


def _pod(community: Community) -> dict[str, Any] | None:
    """The pod: its rules as planned, and what it wrote here, counted."""
    pod, comments = community.plan.pod, community.comments
    if pod is None:
        return None
    mine = community.by_member & (community.members.group[comments.author] == POD)
    return {
        **asdict(pod),
        "comments": int(mine.sum()),
        "share_of_comments": float(mine.sum() / community.by_member.sum()),
        "posts": len(np.unique(comments.post[mine])),
    }


def _evasions(community: Community) -> list[str]:
    """How a pod or a purchase hides from those who look for it."""
    plan, pod = community.plan, community.plan.pod
    ways = {
        "late": pod is not None and pod.minutes > LATE_MINUTES,
        "paraphrased": pod is not None and pod.paraphrased,
        "slow": plan.bought_days > SLOW_DAYS,
        "dressed": plan.bought_dressed > 0,
    }
    return [name for name, used in ways.items() if used]


def _hate(community: Community) -> dict[str, Any] | None:
    storm, comments = community.plan.storm, community.comments
    if storm is None:
        return None
    hateful = comments.intent == CODE["hate"]
    return {
        "comments": int(hateful.sum()),
        "share_of_comments": float(hateful.sum() / community.by_member.sum()),
        "authors": len(np.unique(comments.author[hateful])),
        "base_share": storm.base,
        "dispersion": storm.dispersion,
        "supportive_comments": int((comments.intent == CODE["support"]).sum()),
    }


def _crisis(community: Community) -> dict[str, Any] | None:
    """The crisis over its first two weeks: hate, who wrote it, and those who took the creator's side."""
    storm, comments = community.plan.storm, community.comments
    if storm is None or storm.day is None:
        return None
    begun = start_of(community.plan) + int(storm.day * DAY)
    inside = (comments.at >= begun) & (comments.at < begun + CRISIS_DAYS * DAY)
    hateful, kind = inside & (comments.intent == CODE["hate"]), inside & (comments.intent == CODE["support"])
    _, each = np.unique(comments.author[hateful], return_counts=True)
    top = np.sort(each)[::-1][: max(1, -(-len(each) // 10))].sum()
    return {
        "day": day_of(begun),
        "times": storm.times,
        "half_life_days": storm.half_life,
        "organised": storm.organised > 0,
        "organised_accounts": storm.organised,
        "window_minutes": storm.window_minutes if storm.organised else None,
        "hateful_comments": int(hateful.sum()),
        "hateful_authors": len(each),
        "share_of_the_busiest_tenth": float(top / hateful.sum()) if hateful.any() else None,
        "supporters": len(np.unique(comments.author[kind])),
        "supportive_comments": int(kind.sum()),
    }


def _pivot(community: Community) -> dict[str, Any] | None:
    pivot, posts = community.plan.pivot, community.posts
    if pivot is None:
        return None
    turn = turning_post(community.plan, len(posts))
    is_new = posts.subject >= SUBJECTS
    notice = np.flatnonzero(posts.kind == NOTICE)
    at = int(posts.at[min(turn, len(posts) - 1)])
    return {
        "post": turn,
        "day": day_of(at),
        "width_posts": pivot.width,
        "abrupt": pivot.width == 0,
        "announced": pivot.announced,
        "announced_on": day_of(posts.at[notice[0]]) if len(notice) else None,
        "new_share_before": float(is_new[:turn].mean()),
        "new_share_after": float(is_new[turn:].mean()),
        "fans_who_left_in_60_days_before": _leaving(community, at - 60 * DAY, at),
        "fans_who_left_in_60_days_after": _leaving(community, at, at + 60 * DAY),
    }


def _leaving(community: Community, begin: int, end: int) -> int:
    members = community.members
    fans = members.group == FAN
    return int((fans & (members.joined < begin) & (members.left >= begin) & (members.left < end)).sum())


def _launches(community: Community) -> list[dict[str, Any]]:
    market = community.plan.market
    if market is None:
        return []
    comments = community.comments
    found = []
    for one, begun in zip(market.launches, launch_days(community.plan), strict=True):
        inside = (comments.at >= begun) & (comments.at < begun + one.days * DAY)
        said = {name: int((inside & (comments.intent == CODE[name])).sum()) for name in ("order", "complaint")}
        found.append({"day": day_of(begun), "lift_log": one.lift, "days": one.days, **said})
    return found


def _market(community: Community) -> dict[str, Any] | None:
    market = community.plan.market
    if market is None:
        return None
    day = start_of(community.plan) + int(market.shock_day * DAY)
    return {
        "peers": market.peers,
        "shock_log": market.shock,
        "shock_day": day_of(day) if market.shock else None,
        "shock_days": SHOCK_DAYS if market.shock else 0,
        "noise_sd_log": market.sd,
        "autocorrelation": market.memory,
    }


def _desk(community: Community) -> dict[str, Any] | None:
    """Whether choice or time limits the answers; the load is what would be answered over what there is time for."""
    plan, comments = community.plan, community.comments
    if plan.desk is None:
        return None
    answers = int((comments.author == CREATOR).sum())
    return {
        **asdict(plan.desk),
        "limited_by": "time" if plan.desk.load >= 1 else "choice",
        "chosen_share": float(np.dot(_wanted(plan.answers), _seen_intents(community)) / len(comments)),
        "answers": answers,
        "capacity_a_day": round(capacity_a_day(plan, plan.desk, _would(community)), 3),
    }


def _wanted(answers: dict[str, float]) -> list[float]:
    return [answers.get("worry" if name == "worry_same" else name, 0.0) for name in INTENTS]


def _seen_intents(community: Community) -> Ints:
    return np.bincount(community.comments.intent[community.by_member], minlength=len(INTENTS))


def _would(community: Community) -> int:
    return round(float(np.dot(_wanted(community.plan.answers), _seen_intents(community))))


def _observed(community: Community) -> dict[str, Any] | None:
    """What was withheld from a reader, and an imagined labeller of hate."""
    observation = community.plan.observation
    if observation == type(observation)():
        return None
    fate = seen(community)
    hateful = community.comments.intent == CODE["hate"]
    labelled = noisy(community)
    return {
        **asdict(observation),
        "comments_removed": int(fate.removed.sum()),
        "hate_comments_removed": int((fate.removed & hateful).sum()),
        "comments_not_shown": int(fate.cut.sum()),
        "comments_shown": len(fate.kept),
        "captions_edited": int(edited(community).sum()),
        "labelled_hate_share": float(labelled[community.by_member].mean()),
    }
