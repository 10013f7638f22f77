"""What can be planted in a community beside its ordinary life, as data; the module named beside each brings it to life.

Days are counted from the world's first day; shares and probabilities lie between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A stretch without a word from the creator (`cadence.py`).

    Attributes:
        start_day: days after the world's first day.
        days: how long.
        announced: whether the creator said so before.
    """

    start_day: float
    days: float
    announced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Honest growth that looks bought (`followers.py`): a post goes round, or a prize is drawn.

    Attributes:
        day: when it begins; the post nearest to it is the one.
        share: new followers, as a share of those there were.
        lasts: days after which the inflow has fallen to about a third.
        kind: "viral" (people look, like and write) or "giveaway" (the same, and many leave again).
        logged: whether the creator's own log names the cause.
    """

    day: float
    share: float
    lasts: float
    kind: Literal["viral", "giveaway"]
    logged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loyal:
    """People who look like a pod and are none (`loyal.py`): the controls no measure may take for one.

    Attributes:
        superfans: write under nearly every post, and to each other.
        bells: are told of every post and write within minutes, in their own words.
        family: a few who write a heart under everything.
        moderators: answer other members, early and often.
        topic: write only under the posts of one subject, together.
        zone: live elsewhere and write in the same few hours.
        lurkers: share of silent followers with no post, no description and many followed.
    """

    superfans: int = 0
    bells: int = 0
    family: int = 0
    moderators: int = 0
    topic: int = 0
    zone: int = 0
    lurkers: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """A group that agreed to write under each other's posts (`pods.py`).

    Attributes:
        size: members, without the creator.
        where: under which of the creator's posts.
        participation: probability that a member writes under such a post.
        minutes: median delay.
        generic: share of its comments that say nothing in particular.
        spaces: members with a space of their own, where the others and the creator write in turn (at most `size`).
        paraphrased: the empty words are put differently each time.
    """

    size: int
    where: Literal["all", "sponsored"]
    participation: float
    minutes: float
    generic: float
    spaces: int
    paraphrased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Hate: a base level always, and a crisis that dies away (`storms.py`).

    Attributes:
        base: hateful comments as a share of those that open an exchange, in ordinary times.
        dispersion: of the daily base level (negative binomial; smaller varies more).
        day: when the crisis breaks, or null for none.
        times: daily hate at its height, in multiples of the base.
        half_life: days.
        organised: haters who write in the same short windows; 0 when the crowd is by chance.
        window_minutes: length of such a window.
        support: probability that a fan who sees a crisis takes the creator's side.
    """

    base: float = 0.01
    dispersion: float = 2.0
    day: float | None = None
    times: float = 1.0
    half_life: float = 2.0
    organised: int = 0
    window_minutes: float = 20.0
    support: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """A change of subject (`subjects.py`).

    Attributes:
        at: when, as a share of all posts.
        width: posts over which it happens (the scale of a logistic curve); 0 is from one post to the next.
        moved: share of posts on the new subject after it.
        announced: whether the creator said so before.
        leaving: by how much the hazard of leaving grows for fans when nobody told them.
    """

    at: float
    width: float
    moved: float
    announced: bool
    leaving: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A product goes on sale (`launches.py`).

    Attributes:
        day: when.
        lift: by how much daily sales rise at first, on the log scale.
        days: for how long; the lift decays with this scale.
    """

    day: float
    lift: float
    days: float = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Daily sales of the creator's product and of peers (`launches.py`).

    Attributes:
        launches: what the creator did.
        shock_day, shock: a shift of everybody's sales on the log scale from that day on for two weeks; 0 for none.
        peers: products of others, without a launch.
        sd: of the daily noise, log scale.
        memory: first-order autocorrelation of the noise.
        units: units a day in ordinary times.
    """

    launches: tuple[Launch, ...]
    shock_day: float = 0.0
    shock: float = 0.0
    peers: int = 12
    sd: float = 0.25
    memory: float = 0.45
    units: float = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """How the creator works through what came in (`answers.py`).

    Attributes:
        load: how many comments a day the creator would answer, beside how many there is time for.
        order: which waiting comment comes first.
        from_hour, to_hour: working hours.
        patience: days after which a comment is no longer answered.
    """

    load: float
    order: Literal["oldest", "newest"]
    from_hour: float = 9.0
    to_hour: float = 21.0
    patience: float = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Adverts:
    """Posts paid for by a brand (`subjects.py`).

    Attributes:
        share: of posts.
        disclosed: share of these that say so.
    """

    share: float
    disclosed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a reader gets to see of a world (`observation.py`); nothing is withheld by default.

    Attributes:
        comments: share of each post's comments that is shown.
        shown: which ones: the newest, or those with most answers.
        hate_removed: share of hateful comments that the creator removed.
        days: share of days on which followers were counted.
        zone_hours: hours by which the clock of the daily counters is wrong.
        edited: share of posts whose text was changed later.
        sensitivity, specificity: of an imagined labeller of hate, drawn for tests of corrections.
    """

    comments: float = 1.0
    shown: Literal["newest", "top"] = "newest"
    hate_removed: float = 0.0
    days: float = 1.0
    zone_hours: int = 0
    edited: float = 0.0
    sensitivity: float = 1.0
    specificity: float = 1.0
