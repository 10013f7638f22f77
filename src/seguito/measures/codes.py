"""Every code a measure may speak in, with the names of the figures it carries; the reports put them into words."""

from __future__ import annotations

from collections.abc import Mapping

Codes = Mapping[str, frozenset[str]]

# Why a status is not "ok".
REASON_CODES: Codes = {
    "source_lacks": frozenset({"capabilities"}),
    "too_few": frozenset({"n", "needed", "unit"}),
    "coverage_unknown": frozenset({"what", "collected"}),
    "coverage_low": frozenset({"what", "share", "declared", "collected"}),
    # A share of what a labeller said, whose errors nobody measured: not shown.
    "uncorrected": frozenset({"label"}),
    # The labeller's measured errors are so large that its word says nothing.
    "labeller_blind": frozenset({"label", "sensitivity", "specificity"}),
    # Fewer were found than false alarms alone would give: errors measured on other texts do not hold here.
    "errors_do_not_fit": frozenset({"label", "share", "false_alarms"}),
    # Below this share, errors measured on other texts decide the figure more than the texts do.
    "rare_class": frozenset({"label", "share", "limit"}),
    # The owner's marks alone give the share, and many comments came after them.
    "check_of_part": frozenset({"label", "comments", "of", "date"}),
    # Nobody says which account is the creator's: their own comments count as anybody's.
    "creator_unknown": frozenset(),
    "head_sample": frozenset({"what", "sampling"}),
    "no_follower_count": frozenset(),
    "no_counters": frozenset({"posts"}),
    "no_view_counts": frozenset({"posts"}),
    "profiles_unknown": frozenset({"known", "listed"}),
    # What tells most of a profile is not shown by the source, or so little that nothing can be said.
    "profile_fields_lacking": frozenset({"fields"}),
    "ages_unknown": frozenset({"known", "listed"}),
    "times_unknown": frozenset({"posts", "unknown"}),
    "few_clusters": frozenset({"clusters", "needed", "unit"}),
    "no_silence": frozenset({"longest_days", "limit_days"}),
    "threads_partly_known": frozenset({"known", "of"}),
    "window_short": frozenset({"days", "needed"}),
    "few_cohorts": frozenset({"cohorts", "needed", "members"}),
    "rhythm_unknown": frozenset({"posts", "needed"}),
    # Of the signals of coordination only some could be looked for.
    "signals_unread": frozenset({"read", "of"}),
    # Members talk with too few others each for groups that mix to be found.
    "few_partners": frozenset({"partners", "needed"}),
    "few_daily_counts": frozenset({"days", "needed"}),
    "days_missing": frozenset({"counted", "of"}),
    # The platform shows round figures: growth then comes in steps.
    "counts_rounded": frozenset({"days"}),
    # Of the unexplained jumps, so many lie on days of which nobody knows what people did.
    "engagement_unknown": frozenset({"silent", "of"}),
}

# What a reader should know of a figure that stands.
NOTE_CODES: Codes = {
    "followers_at": frozenset({"followers", "date"}),
    "left_out_pinned": frozenset({"posts"}),
    "left_out_young": frozenset({"posts", "days"}),
    "left_out_uncounted": frozenset({"posts"}),
    # A rate needs something to divide by.
    "left_out_unviewed": frozenset({"posts"}),
    # The days before them are not known whole, or nobody commented in them.
    "left_out_early": frozenset({"posts", "days"}),
    "left_out_alone": frozenset({"posts", "days"}),
    # Posts with neither a like nor a comment.
    "left_out_silent": frozenset({"posts"}),
    "counted": frozenset({"metrics"}),
    "silence_limit": frozenset({"days", "median_days", "percentile_days"}),
    "labeller_errors": frozenset({"label", "sensitivity", "specificity", "raters_rows"}),
    # Corrected with the owner's own marks on this space; or given by them alone.
    "own_check": frozenset({"label", "rows", "unsure", "date"}),
    "own_check_share": frozenset({"label", "rows", "unsure", "date", "comments"}),
    # The owner's marks are of another revision of the labeller, and are not used.
    "check_outdated": frozenset({"label", "date"}),
    "not_read": frozenset({"comments", "of"}),
    "without_wording": frozenset({"comments", "of"}),
    "wordings_compared": frozenset({"newest", "of"}),
    "profiles_known": frozenset({"known", "listed"}),
    # Comments that are copied, called spam by the program, both, or neither.
    "copies_and_spam": frozenset({"both", "copied_only", "spam_only", "neither"}),
    # Coordination: who was compared, how far, and whether others' spaces were there to look for what comes back.
    "regulars_compared": frozenset({"accounts", "threads"}),
    "pairs_bounded": frozenset({"most", "threads", "of", "share"}),
    "reciprocity_not_collected": frozenset(),
    "creators_read": frozenset({"spaces"}),
    "newest_read": frozenset({"comments", "of"}),
    # Chance makes groups like these, or other samples of the same talk do not show them.
    "groups_not_told": frozenset({"z", "stable"}),
    "ages_known": frozenset({"known", "listed"}),
    # Errors of the scorer of profiles, with the fields that could be read here.
    "scorer_errors": frozenset({"sensitivity", "specificity", "fakes", "others", "fields"}),
    "profile_fields_left_out": frozenset({"fields"}),
    "counted_days": frozenset({"counted", "of", "first", "last"}),
    # The newest few of the dates on which an unexplained jump, or a slow change, begins; of how many.
    "jumps_on": frozenset({"dates", "of"}),
    "slow_from": frozenset({"dates", "of"}),
    # Falls in followers, and how many of them are the platform's own: logged, or shared by most other accounts here.
    "drops_seen": frozenset({"drops", "purges"}),
}

# What could not have been seen, were it there.
UNSEEN_CODES: Codes = {
    # Fewer followers than `share` of all, bought within `days`, are found in `recall` of such cases or fewer.
    "smallest_jump": frozenset({"share", "days", "recall"}),
    # As many followers as `share` of all, bought a few a day over `days`, look like growth.
    "slow_purchase": frozenset({"share", "days"}),
    # Who comments on every post together with others looks like the most loyal.
    "groups_on_every_post": frozenset(),
    # A group of ten that acts under fewer threads than these (unknown: under any number) meets as chance would have it.
    "group_on_few_threads": frozenset({"threads", "of"}),
    # Groups of fewer accounts are not shown.
    "small_groups": frozenset({"accounts"}),
    # The share is known to within `half_width` at best: less than that would not show.
    "few_followers_read": frozenset({"half_width", "n"}),
    # Groups that also talk much with others, where members have few partners each.
    "mixed_groups": frozenset({"partners"}),
    # A smaller share could not have been told from none, with the errors that the scorer may have here.
    "smallest_share": frozenset({"share", "n"}),
    # A kind of post that is less than `share` of all may be missing among `n` posts, however much it would bring.
    "rare_posts": frozenset({"share", "n"}),
}

# What was done differently in a `Sensitivity`.
CHANGE_CODES = frozenset(
    {
        "specificity_lower",
        "specificity_higher",
        "sensitivity_lower",
        "sensitivity_higher",
        "unsure_as_yes",
        "unsure_as_no",
        "copies_by_5_accounts",
        "copies_by_10_accounts",
        "without_reposts",
        "young_1_day",
        "young_7_days",
        "with_pinned",
        "likes_alone",
        "without_strongest_post",
        "active_14_days",
        "active_56_days",
        "one_added",
        "without_zero_counts",
        "meetings_partners_4",
        "meetings_partners_8",
        "meetings_at_0_1_percent",
        "meetings_at_5_percent",
        "early_within_15_minutes",
        "early_within_60_minutes",
        "odds_1_5",
        "odds_3",
        "tails_10_times_wider",
        "tails_10_times_narrower",
        "lent_by_2_partners",
        "lent_by_5_partners",
        "together_on_a_quarter",
        "together_on_half",
        "copies_not_generic",
        "groups_from_4",
        "groups_from_10",
        "returned_6_of_25",
        "returned_10_of_25",
        "points_one_lower",
        "points_one_higher",
        "newborn_14_days",
        "newborn_60_days",
        "following_1000",
        "following_2000",
        "jumps_from_3_deviations",
        "jumps_from_4_deviations",
        "explained_from_1_25_times",
        "explained_from_1_75_times",
        "explained_up_to_10_times",
        "explained_up_to_40_times",
    }
)
