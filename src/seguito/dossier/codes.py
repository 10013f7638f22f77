"""Every code the dossier may speak in, with the names of the figures it carries; the reports put them into words."""

from __future__ import annotations

from typing import get_args

from seguito.dossier.contract import Check, Verdict
from seguito.measures.codes import CHANGE_CODES, NOTE_CODES, REASON_CODES, UNSEEN_CODES, Codes

__all__ = [
    "CHANGE_CODES",
    "CHECK_CODES",
    "NOTE_CODES",
    "REASON_CODES",
    "RULE_CODES",
    "SETTLE_CODES",
    "SUPPLIERS",
    "UNSEEN_CODES",
    "VERDICTS",
]

VERDICTS: tuple[str, ...] = get_args(Verdict)

# Which line of a question's rule decided.
RULE_CODES: Codes = {
    # One estimate, or a part of one (empty: the headline), against its thresholds.
    "above": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "below": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "between": frozenset({"measure", "part", "lo", "hi", "yes", "no"}),
    "too_little": frozenset({"measure", "part", "n", "needed", "unit"}),
    # Rows enough, but all in one thread: nothing tells how far the figure may be off.
    "no_range": frozenset({"measure", "part", "n", "unit"}),
    "cannot_know": frozenset({"measure"}),
    # It held on the whole, but not in the part that `check` names.
    "not_robust": frozenset({"measure", "part", "check", "value", "threshold", "was"}),
    # It held as worked out, but not with one default a step further: `change` names which.
    "not_robust_step": frozenset({"measure", "part", "change", "value", "threshold", "was"}),
    # Are there enough data?
    "enough": frozenset({"comments", "coverage"}),
    "nothing_collected": frozenset(),
    "holes": frozenset({"measures"}),
    "coverage_low": frozenset({"what", "share", "threshold"}),
    "coverage_unknown": frozenset({"what", "collected"}),
    # Do members relate and return?
    "relate_and_return": frozenset({"relate_lo", "relate_hi", "return_lo", "return_hi", "relate_yes", "return_yes"}),
    "do_not_relate": frozenset({"lo", "hi", "threshold"}),
    "do_not_return": frozenset({"lo", "hi", "threshold"}),
    # Are the followers real? The range is that of the share consistent with fakes; `jumps` are unexplained, a year.
    "many_fakes": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    # Beside them nothing speaks of a purchase, and people who only read look the same.
    "many_fakes_alone": frozenset({"measure", "part", "lo", "hi", "threshold", "alone"}),
    "many_fakes_and_rises": frozenset({"measure", "part", "lo", "hi", "threshold", "rises"}),
    "many_fakes_and_jumps": frozenset({"measure", "part", "lo", "hi", "threshold", "jumps"}),
    "few_fakes": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "few_fakes_growth_unknown": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "few_fakes_but_jumps": frozenset({"measure", "part", "lo", "hi", "threshold", "jumps"}),
    "jumps_alone": frozenset({"measure", "jumps"}),
    "holds_threshold": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    # The figure stands, but something weakens it, and then it decides nothing.
    "weakened": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "not_measured": frozenset({"measure"}),
    # Is the engagement earned?
    "no_signal": frozenset({"signals"}),
    "signals_agree": frozenset({"signals", "needed"}),
    "signals_mixed": frozenset({"raised", "open", "needed"}),
    # Was a silence met with care?
    "no_silence": frozenset({"longest_days", "limit_days"}),
    "few_worried": frozenset({"accounts", "needed"}),
    "worried_answered": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "explained": frozenset({"explained", "ended"}),
    "worried_ignored": frozenset({"measure", "part", "lo", "hi", "threshold"}),
    "worried_partly": frozenset({"measure", "part", "lo", "hi", "yes", "no"}),
}

# What would settle an open answer.
SETTLE_CODES: Codes = {
    # `more` units beyond the `n` at hand; `weeks` at the present rate, null when the rate is not known.
    "more_rows": frozenset({"measure", "unit", "n", "more", "weeks"}),
    "more_threads": frozenset({"measure", "needed"}),
    # The figure itself lies between the thresholds: more of the same would not settle it.
    "value_between": frozenset({"measure", "value", "yes", "no"}),
    # Another period as long, in which the part that disagreed can be looked at again.
    "another_period": frozenset({"weeks"}),
    # The step of a default that flips the answer must be decided by reading rows, not by a program.
    "decide_step": frozenset({"measure", "change"}),
    "longer_window": frozenset({"days"}),
    "source_with": frozenset({"capabilities", "suppliers"}),
    "collect_more": frozenset({"what", "missing", "collected", "declared"}),
    "declared_counts": frozenset({"what", "suppliers"}),
    # People label `rows` of this creator's comments, half of them picked where the labeller said yes.
    "label_rows": frozenset({"label", "rows"}),
    "check_again": frozenset({"label"}),
    # People read the rows of evidence behind these measures.
    "read_rows": frozenset({"measures"}),
    "full_list": frozenset({"what"}),
    # Two people judge `rows` of these followers without seeing their scores.
    "judge_followers": frozenset({"rows"}),
    # The creator says what happened when the followers jumped.
    "cause_of_jumps": frozenset({"jumps"}),
    # The number of followers, once a day.
    "daily_counts": frozenset({"days"}),
    # What people did each day, beside the number of followers.
    "daily_engagement": frozenset(),
    # The space of another creator among whose commenters are the same people.
    "another_space": frozenset(),
    "measure_first": frozenset({"measure"}),
    "follower_count": frozenset({"suppliers"}),
    "a_silence": frozenset({"limit_days"}),
    "known_times": frozenset({"unknown"}),
    # The silence must end, and the creator's posts after it be read.
    "silence_end": frozenset(),
}

# Where a capability that is lacking may come from.
SUPPLIERS = frozenset({"public_network", "own_export", "file_with_columns", "official_api"})

# The robustness gate: what the deciding figure must survive.
CHECK_CODES: tuple[str, ...] = get_args(Check)
