"""The rules of the questions about authenticity: are the followers real, and is the engagement earned?

A high figure here speaks against the creator, so each rule asks for more than one thing before it says no, and for
nothing left open before it says yes. Who is asked about is a list of followers or a crowd of commenters, never one of
them.
"""

from __future__ import annotations

from collections.abc import Mapping

from seguito.dossier.contract import Decision, Estimates
from seguito.dossier.figure import Figure, Place, claim_of, figure
from seguito.dossier.settle import DAILY_COUNTS, JUDGED, followers_read, from_reasons, settle_one
from seguito.measures.estimate import Estimate, Reason

FAKE = "authenticity.fake_like_followers"
JUMPS = "authenticity.growth_jumps"
NEWBORN = "authenticity.newborn_profiles"
MASS = "authenticity.mass_followers"
EMPTY = "authenticity.empty_profiles"
COPIED = "authenticity.copied_comments"
LOW_EFFORT = "authenticity.low_effort_share"
COORDINATED = "authenticity.coordinated_comments"
BALANCE = "authenticity.like_comment_balance"
# The part that stands beside a figure where it was compared with a cohort.
AGAINST_PEERS = "against_peers"
Thresholds = Mapping[str, float]


# -- are the followers real? ----------------------------------------------------------------------------------------


def followers_real(estimates: Estimates, thresholds: Thresholds) -> Decision:
    """Yes when surely fewer than a fifth of the followers look like sold ones and no jump in number is unexplained.

    No when surely more than a fifth do and their number also jumped or rose without a cause, or when surely more than
    half do: an honest audience of people who only read looks like sold ones too, and no range of errors covers it.
    "Surely" is the whole range: the interval, and what the share becomes if the scorer errs otherwise here than where
    it was tested. A figure that is weakened, by a list read from its head, by
    fields the source does not give or by profiles that could not be read, decides nothing: it speaks of another crowd.
    Jumps alone never say no, because press and giveaways make them too; but while one is unexplained there is no yes.
    Profiles that are empty, newborn or follow masses are shown beside it and decide nothing: honest readers have them.
    """
    if FAKE not in estimates:
        return _not_measured(FAKE)
    limit = thresholds["fakes"]
    fakes, jumps = figure(estimates, FAKE), _jumps(estimates, thresholds["jumps"])
    place = fakes.place(lower=limit, upper=limit)
    growth = _growth_open(estimates)
    if place in ("unknown", "not_arisen", "too_little", "no_range"):
        return _without_fakes(fakes, place, jumps, growth)
    ranged = {"measure": FAKE, "part": "", **fakes.range(), "threshold": limit}
    if fakes.estimate.status == "weak":
        return Decision("unclear", Reason("weakened", ranged), (*from_reasons([fakes.estimate]), *growth))
    if place == "above":
        return _many_fakes(estimates, fakes, jumps, thresholds)
    if place == "between":
        return Decision("unclear", Reason("holds_threshold", ranged), (*followers_read(fakes, limit), *growth))
    if jumps:
        cause = Reason("cause_of_jumps", {"jumps": jumps})
        return Decision("unclear", Reason("few_fakes_but_jumps", {**ranged, "jumps": jumps}), (cause,))
    claims = [claim_of(fakes, "below", limit, rests_on="followers")]
    if jumps is None:
        return Decision("yes", Reason("few_fakes_growth_unknown", ranged), claims=tuple(claims))
    claims.append(claim_of(figure(estimates, JUMPS), "below", thresholds["jumps"], rests_on="follower_counts"))
    return Decision("yes", Reason("few_fakes", ranged), claims=tuple(claims))


def _many_fakes(estimates: Estimates, fakes: Figure, jumps: float | None, thresholds: Thresholds) -> Decision:
    """Surely many look like sold ones: no where growth agrees, or where they are so many that readers cannot be it."""
    limit, alone = thresholds["fakes"], thresholds["fakes_alone"]
    ranged = {"measure": FAKE, "part": "", **fakes.range(), "threshold": limit}
    rises = figure(estimates, JUMPS, "slow_changes").value if jumps is not None else None
    if jumps or rises:
        code, told = ("many_fakes_and_jumps", {"jumps": jumps}) if jumps else ("many_fakes_and_rises", {"rises": rises})
        claim = claim_of(fakes, "above", limit, rests_on="followers")
        return Decision("no", Reason(code, {**ranged, **told}), claims=(claim,))
    if fakes.place(lower=alone, upper=alone) == "above":
        claim = claim_of(fakes, "above", alone, rests_on="followers")
        return Decision("no", Reason("many_fakes", {**ranged, "threshold": alone}), claims=(claim,))
    growth = _growth_open(estimates) if JUMPS in estimates else (Reason("daily_counts", {"days": DAILY_COUNTS}),)
    settle = (Reason("judge_followers", {"rows": JUDGED}), *growth)
    return Decision("unclear", Reason("many_fakes_alone", {**ranged, "alone": alone}), settle)


def _without_fakes(fakes: Figure, place: Place, jumps: float | None, growth: tuple[Reason, ...]) -> Decision:
    """What can be said where no share of fakes is known: at most that a jump waits for its cause."""
    few = place in ("too_little", "no_range")
    settle = (*(settle_one(fakes, lower=0, upper=1) if few else from_reasons([fakes.estimate])), *growth)
    if jumps:
        rule = Reason("jumps_alone", {"measure": JUMPS, "jumps": jumps})
        return Decision("unclear", rule, (Reason("cause_of_jumps", {"jumps": jumps}), *settle))
    if few:
        return Decision("unclear", fakes.too_little(), settle)
    return Decision("not_answerable", Reason("cannot_know", {"measure": FAKE}), settle)


def _jumps(estimates: Estimates, threshold: float) -> float | None:
    """Unexplained jumps a year; 0 where there are none, unknown where the daily counts do not tell."""
    estimate = estimates.get(JUMPS)
    if estimate is None or not estimate.usable or estimate.value is None:
        return None
    return estimate.value if estimate.value > threshold else 0.0


def _growth_open(estimates: Estimates) -> tuple[Reason, ...]:
    estimate = estimates.get(JUMPS)
    return () if estimate is None or estimate.usable else (Reason("daily_counts", {"days": DAILY_COUNTS}),)


# -- is the engagement earned? --------------------------------------------------------------------------------------

# Each signal: the measure, the part that is read, and whether a yes needs it to be clear.
SIGNALS: Mapping[str, tuple[str, str, bool]] = {
    "copied": (COPIED, "", True),
    "low_effort": (LOW_EFFORT, "", True),
    "coordinated": (COORDINATED, "", True),
    "empty": (EMPTY, "commenters", False),
    # Likes for a comment say nothing by themselves: only beside peers.
    "balance": (BALANCE, AGAINST_PEERS, False),
}


def engagement_earned(estimates: Estimates, thresholds: Thresholds) -> Decision:
    """No when two signals are raised; yes when all that read the comments are clear and none is raised.

    Signals: wording shared by several accounts (thanks, support and worry apart), comments of little effort, comments
    by groups that write together, commenters whose profiles look empty, and, where there is a cohort to compare with,
    likes out of proportion to comments. They must agree, because each alone has an honest cause: fans repeat a slogan,
    hearts are cheap, friends arrive together, newcomers have empty profiles, and a photograph asks for no words. The
    thresholds are assumptions: no published norm holds across platforms.
    """
    signals = {name: figure(estimates, of, part) for name, (of, part, _) in SIGNALS.items() if of in estimates}
    if "copied" not in signals:
        return _not_measured(COPIED)
    clear = {name: thresholds[f"{name}_clear"] for name in signals}
    raised_at = {name: thresholds[f"{name}_raised"] for name in signals}
    places = {name: one.place(lower=clear[name], upper=raised_at[name]) for name, one in signals.items()}
    raised = [name for name, place in places.items() if place == "above"]
    needed = int(thresholds["signals"])
    if len(raised) >= needed:
        claims = tuple(claim_of(signals[name], "above", raised_at[name]) for name in raised)
        return Decision("no", Reason("signals_agree", {"signals": raised, "needed": needed}), claims=claims)
    read = [name for name in signals if SIGNALS[name][2]]
    if not raised and all(places[name] == "below" for name in read):
        claims = tuple(claim_of(signals[name], "below", clear[name]) for name in read)
        return Decision("yes", Reason("no_signal", {"signals": read}), claims=claims)
    if all(places[name] in ("unknown", "not_arisen") for name in read):
        cure = from_reasons(signals[name].estimate for name in read)
        return Decision("not_answerable", Reason("cannot_know", {"measure": COPIED}), cure)
    open_ones = [name for name in read if places[name] not in ("above", "below")]
    rule = Reason("signals_mixed", {"raised": raised, "open": open_ones, "needed": needed})
    settle = [
        cure for name in open_ones for cure in settle_one(signals[name], lower=clear[name], upper=raised_at[name])
    ]
    return Decision("unclear", rule, (*settle, *_read_by_people([signals[name].estimate for name in raised])))


def _read_by_people(raised: list[Estimate]) -> tuple[Reason, ...]:
    """One signal has honest causes, and no count tells them from others: people must read the rows behind it."""
    if not raised:
        return ()
    names = [one.measure for one in raised]
    elsewhere = (Reason("another_space"),) if COORDINATED in names else ()
    return (Reason("read_rows", {"measures": names}), *elsewhere)


def _not_measured(measure: str) -> Decision:
    rule = Reason("not_measured", {"measure": measure})
    return Decision("not_answerable", rule, (Reason("measure_first", {"measure": measure}),))
