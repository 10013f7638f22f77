"""What is planted: how large the community is and how its people behave. The scenario a seed fills with life."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from seguito.kit.errors import UsageError
from seguito.simulate.planted import Adverts, Desk, Loyal, Market, Observation, Pivot, Pod, Pulse, Silence, Storm

# A fixed last moment, so that the same seed gives the same bytes on any day.
END = datetime(2026, 6, 28, 18, 0, tzinfo=UTC)
MOST_COMMENTS = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One scenario. Shares and probabilities lie between 0 and 1; defaults are a mid-sized, talkative community.

    Attributes:
        seed: one seed, one world.
        comments: how many comments are written, about; the creator's answers are among them.
        days: length of the world, ending at `end`.
        posts: how many posts the creator publishes, about.
        rhythm: shape of the gamma-distributed gaps between posts: 4 is regular, 1 by chance, less comes in bursts.
        fans: members who come back, write and talk to each other.
        casuals: members who write once or a few times.
        silent: genuine followers who never write.
        bare_share: of genuine people, how many have next to nothing on their profile.
        bought_share: share of followers that were bought from `bought_day` on, empty-looking and mute.
        bought_of_base: instead of that share, how many are bought, as a share of the followers there were by then.
        bought_days: over how many days they come.
        bought_churn: share of all who were bought that is gone within 60 days.
        bought_dressed: share of bought accounts with a description, a picture and posts of their own.
        growth_a_day: how much faster than it loses followers the account grows, as a share a day.
        growth_sd: of the daily gain, on the log scale.
        churn_a_day: share of followers who leave on a day.
        fan_share: share of comments that open an exchange and come from fans.
        english_share: members who write English; the others write Italian.
        circles: groups of fans who mostly talk among themselves; `mixing` is how often they do not.
        member_replies: replies by other members per comment, on average.
        reply_back: probability that the person answered writes back, at each turn.
        answers: probability that the creator answers, by what the comment is.
        answers_a_day: the most answers the creator writes in a day.
        leaving_a_month: probability that a fan leaves, per month.
        worried_share: share of fans who write when the creator falls silent without a word.
        worried_alike: share of worried messages in nearly the same words.
        silences: when the creator says nothing.
        explains: whether the creator says where they were, once back from a silence that nobody was told of.
        scenario: the name this plan was made under; empty for the standard one.
        pulses: honest waves of new followers.
        loyal: people who look like a pod and are none.
        pod: people who agreed to write.
        storm, pivot, market, desk, adverts: see `planted.py`; null where there is nothing of it.
        observation: what a reader gets to see.
    """

    seed: int = 0
    comments: int = 4_000
    days: int = 224
    end: datetime = END
    posts: int = 120
    rhythm: float = 4.0
    fans: int = 260
    casuals: int = 900
    silent: int = 1_600
    bare_share: float = 0.07
    bought_share: float = 0.18
    bought_day: float = 137.0
    bought_of_base: float = 0.0
    bought_days: int = 1
    bought_churn: float = 0.2
    bought_dressed: float = 0.0
    growth_a_day: float = 0.0015
    growth_sd: float = 0.5
    churn_a_day: float = 0.0004
    fan_share: float = 0.78
    english_share: float = 0.25
    circles: int = 4
    mixing: float = 0.25
    member_replies: float = 0.26
    reply_back: float = 0.45
    answers: dict[str, float] = field(
        default_factory=lambda: {
            "question": 0.85,
            "thanks": 0.5,
            "story": 0.55,
            "opinion": 0.42,
            "low": 0.06,
            "worry": 0.5,
            "reply": 0.08,
            "reply_back": 0.04,
            "reply_creator": 0.1,
            "calm": 0.1,
        }
    )
    answers_a_day: int = 60
    leaving_a_month: float = 0.03
    worried_share: float = 0.3
    worried_alike: float = 0.4
    silences: tuple[Silence, ...] = (
        Silence(start_day=69.0, days=11.0, announced=True),
        Silence(start_day=148.0, days=19.0, announced=False),
    )
    explains: bool = True
    scenario: str = ""
    pulses: tuple[Pulse, ...] = ()
    loyal: Loyal = field(default_factory=Loyal)
    pod: Pod | None = None
    storm: Storm | None = None
    pivot: Pivot | None = None
    market: Market | None = None
    desk: Desk | None = None
    adverts: Adverts | None = None
    observation: Observation = field(default_factory=Observation)


def plan(*, seed: int = 0, comments: int = 4_000) -> Plan:
    """The standard scenario at a size: more comments mean more people, more posts and a longer history.

    Raises:
        UsageError: the size is out of range.
    """
    if not 100 <= comments <= MOST_COMMENTS:
        raise UsageError(
            f"A community of {comments:,} comments cannot be simulated.",
            f"Ask for a number between 100 and {MOST_COMMENTS:,}.",
        )
    if seed < 0:
        raise UsageError(f"{seed} is no seed.", "Use a whole number from 0 on.")
    growth = comments / 4_000
    posts = max(40, round(120 * growth**0.5))
    people = max(0.2, growth**0.85)
    days = max(84, round(posts * 224 / 120))
    return Plan(
        seed=seed,
        comments=comments,
        days=days,
        posts=posts,
        fans=round(260 * people),
        casuals=round(900 * people),
        silent=round(1_600 * people),
        bought_day=days * 0.61,
        answers_a_day=max(10, round(60 * growth**0.35)),
        silences=_silences(days),
    )


def demo_plan() -> Plan:
    """The community of `seguito demo`: a lively one, whose creator bought followers and left worried fans waiting."""
    standard = plan(seed=1, comments=4_000)
    unheard = {**standard.answers, "worry": 0.0}
    return replace(standard, bought_share=0.6, worried_share=0.45, answers=unheard, explains=False)


def _silences(days: int) -> tuple[Silence, ...]:
    """An announced and an unannounced silence in every world, and one more of each every two years."""
    rounds = max(1, days // 730)
    span = days / rounds
    scale = min(1.0, span / 224)
    return tuple(
        Silence(start_day=number * span + span * at, days=length * scale, announced=announced)
        for number in range(rounds)
        for at, length, announced in ((0.31, 11.0, True), (0.66, 19.0, False))
    )
