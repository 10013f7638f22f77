"""A dossier with everything in it: every verdict, every status, every kind of chart, and texts that mean harm."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from seguito.dossier.contract import Answer, Dossier, LookedAt, Row, Survival, Verdict
from seguito.dossier.peers import Compared, compare
from seguito.kit.clock import Window
from seguito.kit.intervals import Interval
from seguito.measures.estimate import Covered, Estimate, Part, Reason, Sensitivity, Series, Status, Unit
from seguito.reports.canonical import to_document
from tests.dossier.cohorts import cohort, peer, told

WINDOW = Window(datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 8, 30, tzinfo=UTC))
COMMENTS = Covered(what="comments", declared=2300, collected=2104, share=0.9148, sampling="all")
FOLLOWERS = Covered(
    what="followers", declared=18_400, collected=2000, share=0.1087, sampling="newest", limited_by=("max_followers",)
)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202egnp.exe"


def estimate(
    measure: str,
    value: float | None,
    interval: tuple[float, float] | None,
    *,
    unit: Unit = "share",
    status: Status = "ok",
    n: int = 2104,
    n_unit: str = "comments",
    **given: Any,
) -> Estimate:
    method = given.pop("method", "cluster bootstrap")
    return Estimate(
        measure=measure,
        version=1,
        status=status,
        reasons=given.pop("reasons", ()),
        value=value,
        unit=unit,
        interval=Interval(interval[0], interval[1], method) if interval else None,
        n=n,
        n_unit=n_unit,
        n_required=given.pop("n_required", 100),
        window=WINDOW,
        coverage=given.pop("coverage", (COMMENTS,)),
        **given,
    )


def _answered() -> Estimate:
    return estimate(
        "dialogue.answered_share",
        0.412,
        (0.342, 0.483),
        parts=(
            Part(key="questions", value=0.55, interval=Interval(0.44, 0.66, "cluster bootstrap"), n=312, unit="share"),
            Part(key="newcomers", value=0.31, interval=Interval(0.2, 0.42, "cluster bootstrap"), n=640, unit="share"),
        ),
        series=Series(
            kind="bars",
            columns=("kind", "share", "lo", "hi"),
            rows=(("newcomers", 0.31, 0.2, 0.42), ("regulars", 0.5, 0.41, 0.58)),
        ),
        evidence_for=("uri:1", "uri:2"),
        evidence_against=("uri:3",),
        sensitivity=(
            Sensitivity(change="specificity_lower", value=0.39),
            Sensitivity(change="specificity_higher", value=0.43),
            Sensitivity(change="unsure_as_no", value=0.21, part="questions"),
            Sensitivity(change="unsure_as_yes", value=0.59, part="questions"),
            Sensitivity(change="sensitivity_lower", value=None, part="questions"),
        ),
        unseen=(Reason("few_followers_read", {"half_width": 0.05, "n": 385}), Reason("groups_on_every_post")),
        notes=(Reason("left_out_pinned", {"posts": 2}),),
    )


ESTIMATES = (
    _answered(),
    estimate(
        "dialogue.time_to_answer",
        5.4,
        (3.9, 7.2),
        unit="hours",
        n=866,
        n_unit="answers",
        series=Series(
            kind="steps", columns=("hours", "share"), rows=tuple((h, 1 - 0.5 ** (h / 5)) for h in range(0, 73, 4))
        ),
    ),
    estimate(
        "community.member_to_member",
        0.118,
        (0.09, 0.149),
        evidence_for=("uri:4",),
        evidence_against=("uri:5",),
    ),
    estimate("community.mutual_pairs", 37, None, unit="count", n=412, n_unit="pairs"),
    estimate(
        "community.concentration",
        0.61,
        (0.58, 0.66),
        status="weak",
        reasons=(
            Reason("coverage_low", {"what": "comments", "share": 0.41, "declared": 5100, "collected": 2104}),
            Reason("coverage_unknown", {"what": "comments", "collected": 2104}),
        ),
        series=Series(
            kind="line", columns=("members", "comments"), rows=tuple((x / 20, (x / 20) ** 0.3) for x in range(21))
        ),
    ),
    estimate(
        "community.hours",
        None,
        None,
        unit="count",
        n=2104,
        status="insufficient",
        n_required=5000,
        reasons=(Reason("too_few", {"n": 2104, "needed": 5000, "unit": "comments"}),),
    ),
    estimate(
        "authenticity.low_effort_share",
        0.004,
        (0.001, 0.011),
        series=Series(
            kind="heatmap",
            columns=("weekday", "hour", "comments"),
            rows=tuple((day, hour, (hour * day) % 17) for day in range(1, 8) for hour in range(24)),
        ),
    ),
    estimate(
        "authenticity.empty_profiles",
        None,
        None,
        status="not_identified",
        n=0,
        n_unit="followers",
        reasons=(Reason("source_lacks", {"capabilities": ["followers", "follower_profiles"]}),),
        coverage=(FOLLOWERS,),
    ),
    estimate(
        "climate.worry_per_silent_day",
        None,
        None,
        status="not_applicable",
        unit="per_day",
        n=0,
        n_unit="days",
        reasons=(Reason("no_silence", {"longest_days": 9, "limit_days": 14}),),
    ),
    estimate(
        "conduct.cadence",
        3.25,
        (2.9, 3.6),
        unit="posts_per_week",
        n=80,
        n_unit="posts",
        series=Series(
            kind="dots",
            columns=("day", "posts"),
            rows=tuple((f"2026-{3 + d // 28:02d}-{1 + d % 28:02d}", d % 3) for d in range(0, 140, 3)),
        ),
    ),
)


def _answer(question: str, verdict: Verdict, rule: Reason, *measures: str, **given: Any) -> Answer:
    return Answer(
        question=question,
        verdict=verdict,
        rule=rule,
        settle=given.pop("settle", ()),
        measures=measures,
        thresholds=given.pop("thresholds", {}),
        **given,
    )


ANSWERS = (
    _answer("enough_data", "yes", Reason("enough", {"comments": 2104, "coverage": 0.9148}), "dialogue.answered_share"),
    _answer(
        "dialogue",
        "yes",
        Reason(
            "above",
            {"measure": "dialogue.answered_share", "part": "questions", "lo": 0.44, "hi": 0.66, "threshold": 0.25},
        ),
        "dialogue.answered_share",
        "dialogue.time_to_answer",
        thresholds={"yes": 0.25, "no": 0.05},
        survival=(
            Survival(
                check="without_strongest_thread", measure="dialogue.answered_share", value=0.402, n=2010, holds=True
            ),
            Survival(check="without_strongest_day", measure="dialogue.answered_share", value=0.41, n=2080, holds=True),
            Survival(
                check="without_strongest_account", measure="dialogue.answered_share", value=0.409, n=2090, holds=True
            ),
            Survival(check="first_half", measure="dialogue.answered_share", value=0.44, n=1010, holds=True),
            Survival(check="second_half", measure="dialogue.answered_share", value=None, n=12, holds=None),
            Survival(
                check="one_step",
                measure="dialogue.answered_share",
                change="specificity_lower",
                value=0.39,
                n=2104,
                holds=True,
            ),
            Survival(
                check="without_strongest_day",
                measure="authenticity.empty_profiles",
                value=None,
                n=0,
                holds=None,
                untried="cannot_move",
            ),
        ),
        evidence_for=("R-1", "R-2"),
        evidence_against=("R-3",),
    ),
    _answer(
        "relate_and_return",
        "unclear",
        Reason("between", {"measure": "community.member_to_member", "lo": 0.09, "hi": 0.149, "yes": 0.1, "no": 0.03}),
        "community.member_to_member",
        "community.mutual_pairs",
        thresholds={"relate_yes": 0.1, "relate_no": 0.03},
        settle=(
            Reason(
                "more_rows",
                {"measure": "community.member_to_member", "unit": "comments", "n": 2104, "more": 900, "weeks": 11},
            ),
        ),
        evidence_for=("R-4",),
        evidence_against=("R-5",),
    ),
    _answer(
        "engagement_earned",
        "no",
        Reason("signals_agree", {"signals": ["low_effort", "copied"], "needed": 2}),
        "authenticity.low_effort_share",
        "authenticity.empty_profiles",
        thresholds={"low_effort_clear": 0.4, "low_effort_raised": 0.6, "signals": 2},
    ),
    _answer(
        "silence_with_care",
        "not_answerable",
        Reason("no_silence", {"longest_days": 9, "limit_days": 14}),
        "climate.worry_per_silent_day",
        settle=(Reason("a_silence", {"limit_days": 14}),),
    ),
)

ROWS = {
    "uri:1": Row(reference="R-1", author="M-1a2b3c4d", at="2026-05-02 18:20", text="Quanti grammi di farina? @[…]"),
    "uri:2": Row(reference="R-2", author="M-5e6f7a8b", at="2026-06-11 07:02", text="Does it freeze well?"),
    "uri:3": Row(reference="R-3", author="M-99aa00bb", at=None, text="Ho scritto due volte e nessuno risponde 😕"),
    "uri:4": Row(reference="R-4", author="M-0badcafe", at="2026-07-01 12:00", text=SCRIPT),
    "uri:5": Row(reference="R-5", author="M-deadbeef", at="2026-07-01 12:00", text="x" * 20_000),
}


def _compared() -> Compared:
    """The creator beside 36 peers, and beside some of whom little is known; one calls itself something that harms."""
    share, rate = "dialogue.answered_share", "conduct.cadence"
    peers = [
        peer(
            f"p{n}" if n else SCRIPT,
            told(share, n / 50, (max(0.0, n / 50 - 0.05), n / 50 + 0.05), status="weak" if n % 9 == 4 else "ok"),
            told(rate, 1 + n / 4, (0.8 + n / 4, 1.2 + n / 4), unit="posts_per_week", version=1 if n < 9 else 2),
            is_simulated=True,
        )
        for n in range(36)
    ]
    strangers = [
        peer("other", is_simulated=True, platform="youtube"),
        peer("big", followers=900_000, is_simulated=True),
    ]
    return compare(
        ESTIMATES,
        cohort([*peers, *strangers]),
        creator_uri="bluesky:account:did:plc:anna",
        platform="bluesky",
        followers=18_400,
        is_simulated=True,
        show_names=True,
    )


def dossier(**given: Any) -> Dossier:
    return Dossier(
        **{
            "creator": {
                "uri": "bluesky:account:did:plc:anna",
                "handle": "anna.example.org",
                "display_name": "Anna",
                "platform": "bluesky",
            },
            "sequence": 2,
            "versions": {"posts": 1, "labels": 0},
            "window": WINDOW,
            "sources": (
                {
                    "source": "bluesky",
                    "version": "1",
                    "locator": "anna.example.org",
                    "sha256": None,
                    "rows_read": 5300,
                    "rows_kept": 5298,
                    "rows_skipped": 2,
                    "capabilities": ["authors", "creator", "followers", "texts", "threads", "times"],
                    "notes": ["Reading stopped at 2,000 followers."],
                    "details": {},
                },
            ),
            "is_simulated": True,
            "answers": ANSWERS,
            "estimates": ESTIMATES,
            "rows": ROWS,
            "looked_at": LookedAt(
                posts=80,
                comments=2104,
                members=611,
                answers=866,
                comments_read=1980,
                followers_listed=2000,
                followers_declared=18_400,
                coverage=(COMMENTS, FOLLOWERS),
            ),
            "peers": _compared(),
            **given,
        }
    )


def document(**given: Any) -> dict[str, Any]:
    return to_document(dossier(**given))
