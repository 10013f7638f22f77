"""A creator beside a cohort: who is a peer, what can be compared, and what is said of it."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seguito.dossier import peers as peers_module
from seguito.dossier.authenticity import AGAINST_PEERS, BALANCE
from seguito.dossier.cohort import Cohort, Peer, load, names_in, peer_of, save
from seguito.dossier.peers import Compared, compare, tier_of, times_of
from seguito.dossier.questions import QUESTIONS
from seguito.kit.clock import Window
from seguito.kit.errors import BadInput, NotFound, UsageError
from seguito.kit.intervals import Interval
from seguito.measures.estimate import Estimate, Part
from tests.dossier.cohorts import END, cohort, peer, told

SHARE, RATE = "dialogue.answered_share", BALANCE


def mine(measure: str, value: float | None, ends: tuple[float, float] | None = None, **given: Any) -> Estimate:
    return Estimate(
        **{
            "measure": measure,
            "version": 1,
            "status": "ok" if value is not None else "insufficient",
            "reasons": (),
            "value": value,
            "unit": "share" if measure == SHARE else "ratio",
            "interval": Interval(*ends, "made up") if ends else None,
            "n": 40,
            "n_unit": "posts",
            "n_required": 12,
            "window": Window(END - timedelta(days=180), END),
            "coverage": (),
            **given,
        }
    )


def compared(estimates: list[Estimate], peers: list[Peer], **given: Any) -> Compared:
    return compare(
        estimates,
        cohort(peers),
        **{
            "creator_uri": "bluesky:account:ada",
            "platform": "bluesky",
            "followers": 18_400,
            "is_simulated": False,
            **given,
        },
    )


def test_like_is_compared_with_like() -> None:
    peers = [
        peer("a"),
        peer("b", followers=99_999),
        peer("ada"),
        peer("c", platform="youtube"),
        peer("d", followers=100_000),
        peer("e", followers=None),
        peer("f", is_simulated=True),
    ]
    found = compared([], peers)
    assert (found.peers, found.tier, found.platform) == (2, "10k_100k", "bluesky")
    assert found.left_out == {
        "same_creator": 1,
        "other_platform": 1,
        "other_tier": 1,
        "tier_unknown": 1,
        "simulated": 1,
    }


def test_without_a_follower_count_the_tier_is_not_asked_for() -> None:
    found = compared([], [peer("a"), peer("b", followers=900_000), peer("c", followers=None)], followers=None)
    assert (found.peers, found.tier) == (3, None)


@pytest.mark.parametrize(
    ("followers", "tier"),
    [
        (0, "under_1k"),
        (999, "under_1k"),
        (1000, "1k_10k"),
        (10_000, "10k_100k"),
        (500_000, "500k_1m"),
        (1_000_000, "over_1m"),
        (None, None),
    ],
)
def test_tiers(followers: int | None, tier: str | None) -> None:
    assert tier_of(followers) == tier


def test_figures_that_cannot_be_compared_are_counted() -> None:
    peers = [
        peer("same", told(SHARE, 0.2)),
        peer("weak", told(SHARE, 0.1, status="weak")),
        peer("none", told(SHARE, None, status="insufficient")),
        peer("absent"),
        peer("unit", told(SHARE, 20.0, unit="per_100")),
        peer("version", told(SHARE, 0.2, version=2)),
        peer("long", told(SHARE, 0.2), days=361),
        peer("short", told(SHARE, 0.2), days=89),
        peer("half", told(SHARE, 0.3), days=90),
        peer("old", told(SHARE, 0.2), end=END - timedelta(days=367)),
    ]
    one = compared([mine(SHARE, 0.4, (0.3, 0.5))], peers).comparisons[0]
    assert [(dot.value, dot.is_weak, dot.name) for dot in one.dots] == [
        (0.1, True, None),
        (0.2, False, None),
        (0.3, False, None),
    ]
    assert one.not_compared == {"not_known": 2, "other_definition": 2, "other_window": 3}
    assert (one.percentile, one.drawn) == (None, None)


def test_a_percentile_takes_thirty_peers() -> None:
    many = [peer(f"p{n:02d}", told(SHARE, n / 100)) for n in range(30)]
    one = compared([mine(SHARE, 0.145)], many).comparisons[0]
    assert one.percentile == 0.5
    assert one.percentile_interval is not None
    # Wilson for 15 of 30.
    assert one.percentile_interval.lo == pytest.approx(0.3315, abs=1e-4)
    one = compared([mine(SHARE, 0.145)], many[1:]).comparisons[0]
    assert (one.percentile, one.percentile_interval, len(one.dots)) == (None, None, 29)


def rated(values: list[float], wide: float = 2.0) -> list[Peer]:
    return [peer(f"p{n}", told(RATE, v, (v / wide, v * wide), unit="ratio")) for n, v in enumerate(values)]


def test_drawn_on_logarithms_by_hand() -> None:
    values = [math.exp(n) for n in (1, 2, 3, 4, 5)]
    one = compared([mine(RATE, math.exp(6), (math.exp(6) / 2, math.exp(6) * 2))], rated(values)).comparisons[0]
    assert one.drawn is not None
    variance = (math.log(2) / 1.959964) ** 2
    # Errors all alike: spread 2.5 - variance, the middle off by 2.5 / 5; so the pull is variance / (3 variance-free).
    pull = variance / (variance + (2.5 - variance) + 0.5)
    assert (one.drawn.scale, one.drawn.peers) == ("log", 5)
    assert one.drawn.middle == pytest.approx(math.exp(3))
    assert one.drawn.pull == pytest.approx(pull)
    assert one.drawn.value == pytest.approx(math.exp(6 - 3 * pull))
    assert one.times == pytest.approx(math.exp(3 - 3 * pull))
    assert one.drawn.interval.lo < one.drawn.value < one.drawn.interval.hi
    assert one.times_interval is not None
    assert one.times_interval.lo < one.times < one.times_interval.hi


def test_shares_are_drawn_on_angles_and_stay_shares() -> None:
    peers = [peer(f"p{n}", told(SHARE, n / 40, (max(0.0, n / 40 - 0.05), n / 40 + 0.1))) for n in range(6)]
    one = compared([mine(SHARE, 0.0, (0.0, 0.2))], peers).comparisons[0]
    assert one.drawn is not None
    assert one.drawn.scale == "angle"
    assert 0 < one.drawn.value < 0.1
    assert 0 <= one.drawn.interval.lo < one.drawn.interval.hi < 0.3
    assert one.times is None


def test_a_zero_has_no_logarithm() -> None:
    peers = [*rated([1, 2, 3, 4]), peer("zero", told(RATE, 0.0, (0.0, 0.5), unit="ratio"))]
    one = compared([mine(RATE, 2.0, (1.0, 4.0))], peers).comparisons[0]
    assert (len(one.dots), one.drawn) == (5, None)  # four with a logarithm are too few
    one = compared([mine(RATE, 0.0, (0.0, 1.0))], rated([1, 2, 3, 4, 5])).comparisons[0]
    assert (len(one.dots), one.drawn) == (5, None)


def test_without_an_interval_nothing_is_drawn() -> None:
    assert compared([mine(RATE, 2.0)], rated([1, 2, 3, 4, 5])).comparisons[0].drawn is None


def test_nothing_is_compared_where_there_is_no_figure() -> None:
    assert compared([mine(RATE, None)], rated([1, 2, 3, 4, 5])).comparisons == ()


def test_names_are_shown_only_where_asked() -> None:
    peers, one = rated([1, 2]), [mine(RATE, 2.0)]
    assert {dot.name for dot in compared(one, peers).comparisons[0].dots} == {None}
    assert {dot.name for dot in compared(one, peers, show_names=True).comparisons[0].dots} == {"p0", "p1"}


def test_the_factor_is_told_from_thirty_peers_on() -> None:
    values = [3 + n % 7 for n in range(30)]
    one = [mine(RATE, 40.0, (30.0, 53.0))]
    found = times_of(compared(one, rated([float(v) for v in values], 1.1)), RATE)
    assert found is not None
    assert found[0] > 5
    assert times_of(compared(one, rated([float(v) for v in values[1:]], 1.1)), RATE) is None


# -- in a question --------------------------------------------------------------------------------------------------


def test_likes_for_a_comment_are_a_signal_only_beside_peers() -> None:
    thresholds = QUESTIONS["engagement_earned"].thresholds
    low = Interval(0.0, 0.01, "made up")
    calm = {
        name: mine(name, 0.005, unit="share", interval=low, n=400)
        for name in ("authenticity.copied_comments", "authenticity.low_effort_share")
    }
    calm |= {"authenticity.coordinated_comments": mine("authenticity.coordinated_comments", 0.001, interval=low)}
    alone = {**calm, BALANCE: mine(BALANCE, 900.0, (700.0, 1100.0))}
    assert QUESTIONS["engagement_earned"].decide(alone, thresholds).verdict == "yes"
    part = Part(key=AGAINST_PEERS, value=9.0, interval=Interval(7.0, 11.0, "made up"), n=40, unit="ratio")
    beside = {**calm, BALANCE: mine(BALANCE, 900.0, (700.0, 1100.0), parts=(part,))}
    decision = QUESTIONS["engagement_earned"].decide(beside, thresholds)
    assert (decision.verdict, decision.rule.values["raised"]) == ("unclear", ["balance"])


# -- the file -------------------------------------------------------------------------------------------------------


def test_a_cohort_comes_back_as_it_was_written(tmp_path: Path) -> None:
    made = cohort([peer("b", told(SHARE, 0.2, (0.1, 0.3))), peer("a", followers=None)])
    save(tmp_path / "cohorts", made)
    assert load(tmp_path / "cohorts", "food-it") == made
    assert names_in(tmp_path / "cohorts") == ["food-it"]
    assert load(tmp_path / "cohorts", "food-it").sha256 == made.sha256
    assert cohort([peer("a", followers=None)]).sha256 != made.sha256


def test_a_creator_is_in_it_once() -> None:
    made = cohort([peer("a", followers=10)]).with_peers([peer("a", followers=20)])
    assert [one.followers for one in made.peers] == [20]


@pytest.mark.parametrize("name", ["", "../up", "Food", "a b", "x" * 41, ".hidden"])
def test_names_that_are_no_file_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        load(tmp_path, name)


def test_what_is_no_cohort_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no cohort 'food'"):
        load(tmp_path, "food")
    for text in ("", "nonsense\n", '{"format": "other"}\n', '{"format": "seguito-cohort-1"}\n{"name": 3}\n', "[]\n"):
        (tmp_path / "food.jsonl").write_text(text)
        with pytest.raises(BadInput, match="is no cohort"):
            load(tmp_path, "food")


REPORT: dict[str, Any] = {
    "format": "seguito-report-1",
    "is_simulated": False,
    "creator": {"uri": "bluesky:account:a", "handle": "a.example", "display_name": None, "platform": "bluesky"},
    "window": {"start": "2026-03-02T09:00:00Z", "end": "2026-08-30T00:00:00Z"},
    "looked_at": {"followers_declared": 500},
    "estimates": [
        {
            "measure": SHARE,
            "version": 1,
            "status": "ok",
            "value": 0.4,
            "unit": "share",
            "n": 10,
            "interval": {"lo": 0.3, "hi": 0.5, "level": 0.95, "method": "wilson"},
            "notes": [{"code": "followers_at", "values": {"followers": 777, "date": "2026-08-01"}}],
        }
    ],
    "result_sha256": "0" * 64,
}


def test_a_peer_is_read_from_a_report() -> None:
    found = peer_of(REPORT)
    assert (found.name, found.followers, found.estimates[0].value) == ("a.example", 777, 0.4)
    assert peer_of({**REPORT, "estimates": []}).followers == 500
    assert peer_of({**REPORT, "estimates": [], "looked_at": {"followers_declared": None}}).followers is None


@pytest.mark.parametrize(
    "change",
    [
        {"format": "seguito-report-9"},
        {"creator": {}},
        {"window": {"start": 3, "end": 4}},
        {"estimates": [{**REPORT["estimates"][0], "value": "high"}]},
        {"estimates": [{**REPORT["estimates"][0], "measure": "<script>"}]},
        {"estimates": 3},
    ],
)
def test_what_is_no_report_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="is no report"):
        peer_of({**REPORT, **change})


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe", b"{", b"[" * 100_000, b'{"value": NaN}', b'{"a": 1e999}'])
def test_hostile_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"x\.json is no report"):
        peer_of(data, "x.json")


def test_a_huge_figure_is_refused() -> None:
    data = json.dumps(REPORT).replace("0.4", "1e999").encode()
    with pytest.raises(BadInput):
        peer_of(data)


# -- mutants --------------------------------------------------------------------------------------------------------


def test_a_comparison_that_forgets_tiers_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_module, "tier_of", lambda _: "one")
    with pytest.raises(AssertionError):
        test_like_is_compared_with_like()


def test_a_comparison_that_forgets_windows_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_module, "_alike", lambda *_: True)
    with pytest.raises(AssertionError):
        test_figures_that_cannot_be_compared_are_counted()


def test_a_percentile_of_few_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_module, "LEAST_FOR_PERCENTILE", 29)
    with pytest.raises(AssertionError):
        test_a_percentile_takes_thirty_peers()


def test_an_empty_cohort_has_a_digest_too() -> None:
    assert len(Cohort("none", ()).sha256) == 64
