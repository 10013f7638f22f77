"""What would settle an open answer, worked out from the same formulas that left it open."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from seguito.dossier.figure import Figure
from seguito.measures.contract import ENOUGH_COVERAGE
from seguito.measures.estimate import Estimate, Reason

Figures = Mapping[str, Any]
# Beyond this many times the rows at hand, "more of the same" is no advice.
FAR = 1_000
# Below this many threads, resampling them says little of how far a share may be off.
ENOUGH_THREADS = 20
# A cohort of newcomers is gathered for as long as one waits for them to come back.
COHORT_DAYS = 28
# How exactly a share should be known from rows that people label: give or take five points.
LABEL_HALF_WIDTH = 0.05

# Growth is judged against its own weekdays over so many daily counts.
DAILY_COUNTS = 180
# So many of the followers, judged by two people who do not see the score, tell its errors on this list.
JUDGED = 200

# Which kinds of source show what (`seguito.sources.contract.Capability`).
SUPPLY: Mapping[str, tuple[str, ...]] = {
    "authors": ("public_network", "official_api", "file_with_columns"),
    "creator": ("public_network", "official_api", "file_with_columns"),
    "threads": ("public_network", "official_api", "file_with_columns"),
    "times": ("public_network", "official_api", "file_with_columns"),
    "texts": ("public_network", "official_api", "file_with_columns"),
    "comment_counts": ("public_network", "official_api"),
    "like_counts": ("public_network", "official_api", "own_export"),
    "view_counts": ("official_api", "own_export"),
    "likers": ("public_network",),
    "followers": ("public_network", "own_export"),
    "follower_counts": ("public_network", "official_api", "own_export"),
    "follower_profiles": ("public_network",),
    "paid_flag": ("official_api", "own_export"),
}


def more_rows(figure: Figure, *, lower: float, upper: float) -> Reason:
    """How many more units would move the whole interval to one side, if the figure stays what it is.

    The distance from the value to a bound shrinks with the square root of n, so a bound that now lies `reach` away
    from the value lies within `distance` of it once n has grown by (reach / distance)².
    """
    value, lo, hi = figure.value, figure.lo, figure.hi
    if value is None or lo is None or hi is None:
        return more_until_enough(figure)
    if value > upper:
        reach, distance = value - lo, value - upper
    elif value < lower:
        reach, distance = hi - value, lower - value
    else:
        reach = distance = 0.0
    growth = (reach / distance) ** 2 if distance > 0 else math.inf
    if growth > FAR:
        figures = {"measure": figure.estimate.measure, "value": value, "yes": upper, "no": lower}
        return Reason("value_between", figures)
    # One more than the formula gives: at the formula's own n the bound touches the threshold.
    return _more(figure, max(1, math.floor(figure.n * (growth - 1)) + 1))


def settle_one(one: Figure, *, lower: float, upper: float) -> tuple[Reason, ...]:
    """What would bring one figure wholly to one side of its thresholds."""
    place = one.place(lower=lower, upper=upper)
    if place == "between":
        return (more_rows(one, lower=lower, upper=upper),)
    return (more_until_enough(one),) if place in ("too_little", "no_range") else from_reasons([one.estimate])


def followers_read(share: Figure, threshold: float) -> tuple[Reason, ...]:
    """What would bring a share of followers to one side: more of them read, or the scorer's errors learnt on them.

    Reading more narrows the interval alone. Where the threshold lies among what the share becomes with other errors,
    only people who judge some of these very followers tell which errors hold here.
    """
    drawn = share.estimate.interval
    if drawn is None:
        return (more_until_enough(share),)
    found = []
    if drawn.lo <= threshold <= drawn.hi:
        found.append(more_rows(replace(share, lo=drawn.lo, hi=drawn.hi), lower=threshold, upper=threshold))
    if (share.lo, share.hi) != (drawn.lo, drawn.hi):
        found.append(Reason("judge_followers", {"rows": JUDGED}))
    return tuple(found)


def more_until_enough(figure: Figure) -> Reason:
    """How many units are lacking until the measure says anything at all; or threads, where all rows are in one."""
    if figure.n >= figure.needed:
        return more_threads(figure.estimate.measure, ENOUGH_THREADS)
    return _more(figure, max(1, figure.needed - figure.n))


def _more(figure: Figure, more: int) -> Reason:
    known_rate = figure.n > 0 and figure.weeks >= 1
    return Reason(
        "more_rows",
        {
            "measure": figure.estimate.measure,
            "unit": figure.estimate.n_unit,
            "n": figure.n,
            "more": more,
            "weeks": math.ceil(more * figure.weeks / figure.n) if known_rate else None,
        },
    )


def from_reasons(estimates: Iterable[Estimate]) -> tuple[Reason, ...]:
    """What would supply what these estimates say they lack, each thing once."""
    found: list[Reason] = []
    for estimate in estimates:
        for reason in estimate.reasons:
            cure = CURES[reason.code](estimate, reason.values)
            if cure not in found:
                found.append(cure)
    return tuple(found)


def source_with(capabilities: Iterable[str]) -> Reason:
    """A source that shows what is lacking, and the kinds of source that do."""
    lacking = sorted(capabilities)
    kinds = [set(SUPPLY[name]) for name in lacking if name in SUPPLY]
    suppliers = sorted(set.intersection(*kinds) or set.union(*kinds)) if kinds else []
    return Reason("source_with", {"capabilities": lacking, "suppliers": suppliers})


def more_threads(measure: str, needed: int) -> Reason:
    """Comments under as many threads as an interval takes."""
    return Reason("more_threads", {"measure": measure, "needed": needed})


def longer_window(days: float) -> Reason:
    """Another `days` days of the same."""
    return Reason("longer_window", {"days": max(1, math.ceil(days))})


def declared_counts(what: str) -> Reason:
    """A source that says how many there are, so that one can tell how many are missing."""
    suppliers = SUPPLY["comment_counts" if what == "comments" else "follower_counts"]
    return Reason("declared_counts", {"what": what, "suppliers": list(suppliers)})


def collect_more(what: str, collected: int, declared: int | None) -> Reason:
    """How many of the declared rows are still to be read until four in five are there."""
    missing = None if declared is None else max(1, math.ceil(ENOUGH_COVERAGE * declared) - collected)
    figures = {"what": what, "missing": missing, "collected": collected, "declared": declared}
    return Reason("collect_more", figures)


def label_rows(label: str) -> Reason:
    """How many comments people would have to label: n = z²·¼/h² where nothing is known of the share beforehand."""
    rows = math.ceil(1.96**2 * 0.25 / LABEL_HALF_WIDTH**2)
    return Reason("label_rows", {"label": label, "rows": rows})


def _too_few(estimate: Estimate, _: Figures) -> Reason:
    return more_until_enough(Figure(estimate, "", None, None, None, estimate.n, estimate.n_required))


def _rhythm(_: Estimate, values: Figures) -> Reason:
    posts = {"measure": "conduct.cadence", "unit": "posts", "n": values["posts"]}
    return Reason("more_rows", {**posts, "more": values["needed"] - values["posts"], "weeks": None})


def _from_labels(_: Estimate, values: Figures) -> Reason:
    return label_rows(values["label"])


# For every reason why a status is not ok, what would lift it.
CURES: Mapping[str, Callable[[Estimate, Figures], Reason]] = {
    "source_lacks": lambda _, values: source_with(values["capabilities"]),
    "too_few": _too_few,
    "coverage_unknown": lambda _, values: declared_counts(values["what"]),
    "coverage_low": lambda _, values: collect_more(values["what"], values["collected"], values["declared"]),
    "uncorrected": _from_labels,
    "labeller_blind": _from_labels,
    "errors_do_not_fit": _from_labels,
    "rare_class": _from_labels,
    "check_of_part": lambda _, values: Reason("check_again", {"label": values["label"]}),
    "creator_unknown": lambda *_: source_with(["creator"]),
    "head_sample": lambda _, values: Reason("full_list", {"what": values["what"]}),
    "no_follower_count": lambda *_: Reason("follower_count", {"suppliers": list(SUPPLY["follower_counts"])}),
    "no_counters": lambda *_: source_with(["like_counts"]),
    "no_view_counts": lambda *_: source_with(["view_counts"]),
    "profiles_unknown": lambda *_: source_with(["follower_profiles"]),
    "profile_fields_lacking": lambda *_: source_with(["follower_profiles"]),
    "ages_unknown": lambda *_: source_with(["follower_profiles"]),
    "times_unknown": lambda _, values: Reason("known_times", {"unknown": values["unknown"]}),
    "few_clusters": lambda one, values: more_threads(one.measure, values["needed"]),
    "threads_partly_known": lambda *_: source_with(["threads"]),
    "window_short": lambda _, values: longer_window(values["needed"] - values["days"]),
    "few_cohorts": lambda _, values: longer_window((values["needed"] - values["cohorts"]) * COHORT_DAYS),
    "rhythm_unknown": _rhythm,
    "signals_unread": lambda *_: source_with(["times", "texts"]),
    "few_partners": lambda *_: longer_window(90),
    "few_daily_counts": lambda _, values: Reason("daily_counts", {"days": values["needed"]}),
    "days_missing": lambda _, values: Reason("daily_counts", {"days": math.ceil(ENOUGH_COVERAGE * values["of"])}),
    "counts_rounded": lambda *_: Reason("daily_counts", {"days": DAILY_COUNTS}),
    "engagement_unknown": lambda *_: Reason("daily_engagement"),
    "no_silence": lambda _, values: Reason("a_silence", {"limit_days": values["limit_days"]}),
}
