"""Every measure, one line each, in the order reports show them."""

from __future__ import annotations

from seguito.measures.authenticity import LOW_EFFORT_SHARE
from seguito.measures.authenticity_balance import LIKE_COMMENT_BALANCE
from seguito.measures.authenticity_copies import COPIED_COMMENTS
from seguito.measures.authenticity_engagement import ENGAGEMENT_PER_POST
from seguito.measures.authenticity_fakes import FAKE_LIKE_FOLLOWERS
from seguito.measures.authenticity_growth import GROWTH_JUMPS
from seguito.measures.authenticity_profiles import EMPTY_PROFILES, MASS_FOLLOWERS, NEWBORN_PROFILES
from seguito.measures.authenticity_reach import ENGAGEMENT_BY_VIEWS, ENGAGEMENT_PER_ACTIVE_MEMBER
from seguito.measures.climate import WORRY_PER_SILENT_DAY
from seguito.measures.community import MEMBER_TO_MEMBER_SHARE, THREADS_ALIVE_WITHOUT_CREATOR
from seguito.measures.community_groups import GROUPS
from seguito.measures.community_hours import ACTIVITY_HOURS
from seguito.measures.community_interests import SHARED_INTERESTS
from seguito.measures.community_members import COMMENTER_KINDS, CONCENTRATION, RETURN_28D
from seguito.measures.community_pairs import MUTUAL_PAIRS
from seguito.measures.conduct import CADENCE
from seguito.measures.conduct_presence import PRESENCE
from seguito.measures.contract import Measure
from seguito.measures.coordination.measure import COORDINATED_COMMENTS
from seguito.measures.dialogue import ANSWERED_SHARE, TIME_TO_ANSWER, WHO_IS_ANSWERED
from seguito.measures.dialogue_depth import DEPTH
from seguito.measures.dialogue_listening import LISTENING
from seguito.measures.influence import BREADTH

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        ANSWERED_SHARE,
        TIME_TO_ANSWER,
        WHO_IS_ANSWERED,
        DEPTH,
        LISTENING,
        MEMBER_TO_MEMBER_SHARE,
        MUTUAL_PAIRS,
        GROUPS,
        SHARED_INTERESTS,
        THREADS_ALIVE_WITHOUT_CREATOR,
        COMMENTER_KINDS,
        RETURN_28D,
        CONCENTRATION,
        ACTIVITY_HOURS,
        ENGAGEMENT_PER_POST,
        ENGAGEMENT_BY_VIEWS,
        ENGAGEMENT_PER_ACTIVE_MEMBER,
        LIKE_COMMENT_BALANCE,
        LOW_EFFORT_SHARE,
        COPIED_COMMENTS,
        COORDINATED_COMMENTS,
        FAKE_LIKE_FOLLOWERS,
        EMPTY_PROFILES,
        NEWBORN_PROFILES,
        MASS_FOLLOWERS,
        GROWTH_JUMPS,
        BREADTH,
        CADENCE,
        PRESENCE,
        WORRY_PER_SILENT_DAY,
    )
}
